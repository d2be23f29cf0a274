/* SPDX-License-Identifier: Apache-2.0 */
/* wire_fuzz.c - the first byte says who sends and how many descriptors ride along, the rest is the packet. */
#include "proc/wire.h"

#include "base/fuzz.h"

#include <assert.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

static bool send_raw(int link, const uint8_t *data, size_t size, int n_fds)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(3 * sizeof(int))];
	} control = { 0 };
	union {
		const void *c;
		void *v;
	} p = { data };
	int fds[3] = { link, link, link };
	struct iovec iov = { p.v, size };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (n_fds > 0) {
		size_t len = (size_t)n_fds * sizeof(int);

		m.msg_control = control.space;
		m.msg_controllen = CMSG_SPACE(len);
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(len);
		memcpy(CMSG_DATA(c), fds, len);
	}
	return sendmsg(link, &m, MSG_NOSIGNAL | MSG_DONTWAIT) != -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena whole;
	struct wire_msg m;
	struct err why = { 0 };
	int link[2];

	if (size == 0 || (whole.beg == NULL && !arena_reserve(&whole, 1 << 20)) ||
	    !wire_pair(link, NULL))
		return 0;
	int before = dup(link[0]);
	struct arena a = whole;

	if (before != -1 && send_raw(link[0], data + 1, size - 1, data[0] >> 6)) {
		if (wire_recv(link[1], (enum proc)(data[0] % PROC_COUNT), &a, &m, &why))
			wire_drop(&m);
		else
			assert(why.kind == ERR_INPUT || why.kind == ERR_ABSENT);
		/* whatever rode along was closed */
		int after = dup(link[0]);
		assert(after == before + 1);
		close(after);
	}
	close(before);
	close(link[0]);
	close(link[1]);
	return 0;
}
