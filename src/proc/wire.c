/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire.c - invariant: what leaves wire_recv was allowed to its sender and is whole.
 *
 * On the wire: type u32, flags u32 (1: the payload is in the last descriptor), number u64, length u64,
 * then the payload. One or two descriptors ride along: the message's own first.
 */
#include "proc/wire.h"

#include "base/num.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEADER = 24, FLAG_MEMFD = 1, FLAG_FD = 2, SEND_WAIT_MS = 10000, TURN_MS = 100 };

#define BIT(r) (1u << (r))

/* clang-format off */
static const unsigned may_send[WIRE_COUNT] = {
	[WIRE_CONFIG]     = BIT(PROC_PARENT),
	[WIRE_READY]      = BIT(PROC_WATCH) | BIT(PROC_DESK) | BIT(PROC_SEEK) |
			    BIT(PROC_COURIER),
	[WIRE_LISTENER]   = BIT(PROC_PARENT),
	[WIRE_CONNECTION] = BIT(PROC_PARENT),
	[WIRE_CLOSED]     = BIT(PROC_WATCH),
	[WIRE_PEER]       = BIT(PROC_PARENT),
	[WIRE_STATUS]     = BIT(PROC_PARENT),
	[WIRE_NEED_CLERK] = BIT(PROC_DESK) | BIT(PROC_WATCH),
	[WIRE_PUSH]       = BIT(PROC_DESK),
	[WIRE_RELOAD]     = BIT(PROC_DESK),
	[WIRE_HITS]       = BIT(PROC_WATCH),
	[WIRE_GONE]       = BIT(PROC_WATCH),
	[WIRE_STORED]     = BIT(PROC_WATCH),
	[WIRE_SEEK]       = BIT(PROC_DESK),
	[WIRE_PARSE]      = BIT(PROC_DESK) | BIT(PROC_WATCH),
	[WIRE_MEMBER]     = BIT(PROC_CLERK),
	[WIRE_BYTES]      = BIT(PROC_CLERK),
	[WIRE_MEMBER_END] = BIT(PROC_CLERK),
	[WIRE_DONE]       = BIT(PROC_WATCH) | BIT(PROC_SEEK) | BIT(PROC_CLERK) |
			    BIT(PROC_COURIER),
	[WIRE_FAILED]     = BIT(PROC_WATCH) | BIT(PROC_SEEK) | BIT(PROC_CLERK) |
			    BIT(PROC_COURIER),
	[WIRE_NEED_DOOR]  = BIT(PROC_DESK),
	[WIRE_DOOR]       = BIT(PROC_PARENT),
	[WIRE_EXPECT]     = BIT(PROC_DESK),
	[WIRE_SEND]       = BIT(PROC_DESK),
	[WIRE_REFUSED]    = BIT(PROC_WATCH),
	[WIRE_HOLD]       = BIT(PROC_DESK),
	[WIRE_CONFIGURE]  = BIT(PROC_DESK),
	[WIRE_CONFIGURED] = BIT(PROC_PARENT),
	[WIRE_RENEW]      = BIT(PROC_DESK),
	[WIRE_UNLISTEN]   = BIT(PROC_PARENT),
};
/* clang-format on */

const char *proc_name(enum proc role)
{
	static const char *const names[PROC_COUNT] = { "parent", "watch", "desk",
						       "seek",   "clerk", "courier" };

	return role < PROC_COUNT ? names[role] : "?";
}

bool wire_pair(int out[2], struct err *why)
{
	int size = 4 << 20;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, out) == -1)
		return err_set(why, ERR_IO, 0, "cannot make a socket pair: %s", strerror(errno));
	for (int i = 0; i < 2; i++)
		setsockopt(out[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
	return true;
}

static bool send_packet(int link, struct msghdr *m, int64_t until, struct err *why)
{
	struct pollfd p = { .fd = link, .events = POLLOUT };

	for (;;) {
		if (sendmsg(link, m, MSG_NOSIGNAL | MSG_DONTWAIT) != -1)
			return true;
		int failed = errno;
		int64_t left = failed == EINTR ? 1 : (until - time_monotonic()) / 1000;
		if (failed == EAGAIN && left > 0)
			poll(&p, 1, left < TURN_MS ? (int)left : TURN_MS);
		else if (failed != EINTR)
			return err_set(why, ERR_IO, 0, "cannot send to another process: %s",
				       strerror(failed));
	}
}

/* `payload` in a sealed memfd, or -1. */
static int to_memfd(struct str payload, struct err *why)
{
	int fd = memfd_create("canh-wire", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	for (size_t done = 0; fd != -1 && done < payload.n;) {
		ssize_t n = write(fd, payload.p + done, payload.n - done);

		if (n <= 0) {
			close(fd);
			fd = -1;
			break;
		}
		done += (size_t)n;
	}
	if (fd == -1)
		err_set(why, ERR_IO, 0, "cannot hold %zu bytes for another process: %s", payload.n,
			strerror(errno));
	else
		fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
	return fd;
}

struct letter {
	unsigned char head[HEADER];
	struct str body;
	int fds[2], n_fds;
	int64_t until; /* monotonic; the past: do not wait */
};

static bool send_letter(int link, const struct letter *l, struct err *why)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(2 * sizeof(int))];
	} control = { 0 };
	union {
		const void *c;
		void *v;
	} h = { l->head }, b = { l->body.p };
	struct iovec iov[2] = { { h.v, HEADER }, { b.v, l->body.n } };
	struct msghdr m = { .msg_iov = iov, .msg_iovlen = l->body.n > 0 ? 2 : 1 };

	if (l->n_fds > 0) {
		size_t len = (size_t)l->n_fds * sizeof(int);

		m.msg_control = control.space;
		m.msg_controllen = CMSG_SPACE(len);
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(len);
		memcpy(CMSG_DATA(c), l->fds, len);
	}
	return send_packet(link, &m, l->until, why);
}

static bool send_new(int link, enum wire_type type, uint64_t number, struct letter *l,
		     struct err *why)
{
	struct str payload = l->body;
	uint32_t flags = l->n_fds > 0 ? FLAG_FD : 0;
	int mem = -1;

	if (payload.n > WIRE_MAX)
		return err_set(why, ERR_LIMIT, 0, "message of %zu bytes is too long", payload.n);
	if (payload.n > WIRE_INLINE) {
		mem = to_memfd(payload, why);
		if (mem == -1)
			return false;
		l->fds[l->n_fds++] = mem;
		l->body = STR("");
		flags |= FLAG_MEMFD;
	}
	store_le32(l->head, type);
	store_le32(l->head + 4, flags);
	store_le64(l->head + 8, number);
	store_le64(l->head + 16, payload.n);
	bool ok = send_letter(link, l, why);
	if (mem != -1)
		close(mem);
	return ok;
}

bool wire_send(int link, enum wire_type type, uint64_t number, struct str payload, int fd,
	       struct err *why)
{
	struct letter l = { .body = payload,
			    .fds = { fd },
			    .n_fds = fd != -1,
			    .until = time_monotonic() + SEND_WAIT_MS * 1000 };

	return send_new(link, type, number, &l, why);
}

bool wire_tell(int link, enum wire_type type, struct str payload, struct err *why)
{
	struct letter l = { .body = payload };

	return send_new(link, type, 0, &l, why);
}

/* Take the descriptors that rode along; returns how many, at most 2. */
static int take_fds(struct msghdr *m, int fds[2])
{
	int n = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		size_t k = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < k; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof fd);
			if (n < 2)
				fds[n++] = fd;
			else
				close(fd);
		}
	}
	return n;
}

/* Map the payload of `len` bytes in `fd`; only a sealed memfd cannot change under us. */
static bool map_payload(int fd, uint64_t len, struct wire_msg *out)
{
	struct stat st;
	int seals = fcntl(fd, F_GET_SEALS);
	void *p;

	if (seals == -1 ||
	    (seals & (F_SEAL_SHRINK | F_SEAL_WRITE)) != (F_SEAL_SHRINK | F_SEAL_WRITE) ||
	    fstat(fd, &st) == -1 || (uint64_t)st.st_size != len || len == 0)
		return false;
	p = mmap(NULL, (size_t)len, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return false;
	out->map = out->payload = (struct str){ p, (size_t)len };
	return true;
}

struct packet {
	unsigned char head[HEADER];
	char *body;
	size_t n;
	int fds[2], n_fds;
	bool cut;
};

static ssize_t recv_packet(int link, struct packet *p)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(4 * sizeof(int))];
	} control;
	struct iovec iov[2] = { { p->head, HEADER }, { p->body, WIRE_INLINE } };
	struct msghdr m = { .msg_iov = iov,
			    .msg_iovlen = 2,
			    .msg_control = control.space,
			    .msg_controllen = sizeof control.space };
	ssize_t n;

	do
		n = recvmsg(link, &m, MSG_CMSG_CLOEXEC);
	while (n == -1 && errno == EINTR);
	if (n < 0)
		return n;
	p->n_fds = take_fds(&m, p->fds);
	p->cut = (m.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0;
	p->n = n < HEADER ? 0 : (size_t)n - HEADER;
	return n;
}

/* Check the packet against its header and the table, and fill *out; false leaves all to close. */
static bool open_packet(struct packet *p, enum proc from, struct wire_msg *out)
{
	uint32_t type = load_le32(p->head), flags = load_le32(p->head + 4);
	uint64_t len = load_le64(p->head + 16);
	int want = ((flags & FLAG_FD) != 0) + ((flags & FLAG_MEMFD) != 0);

	if (p->cut || type >= WIRE_COUNT || (may_send[type] & BIT(from)) == 0 || p->n_fds != want ||
	    len > WIRE_MAX)
		return false;
	*out = (struct wire_msg){ .type = type, .number = load_le64(p->head + 8), .fd = -1 };
	if ((flags & FLAG_MEMFD) != 0) {
		if (!map_payload(p->fds[p->n_fds - 1], len, out))
			return false;
		close(p->fds[--p->n_fds]);
	} else if (p->n != len) {
		return false;
	} else {
		out->payload = (struct str){ p->body, p->n };
	}
	if ((flags & FLAG_FD) != 0)
		out->fd = p->fds[0];
	return true;
}

static void close_fds(const struct packet *p)
{
	for (int i = 0; i < p->n_fds; i++)
		close(p->fds[i]);
}

bool wire_recv(int link, enum proc from, struct arena *a, struct wire_msg *out, struct err *why)
{
	struct packet p = { .body = arena_bytes(a, WIRE_INLINE) };
	ssize_t n;

	if (p.body == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for a message");
	n = recv_packet(link, &p);
	if (n == 0) /* or a packet of nothing, which is no message */
		close_fds(&p);
	if (n == 0 || (n < 0 && (errno == ECONNRESET || errno == EPIPE)))
		return err_set(why, ERR_ABSENT, 0, "process %s has closed its link",
			       proc_name(from));
	if (n < 0)
		return err_set(why, ERR_IO, 0, "cannot read from process %s: %s", proc_name(from),
			       strerror(errno));
	if (n < HEADER || !open_packet(&p, from, out)) {
		close_fds(&p);
		return err_set(why, ERR_INPUT, 0, "process %s sent what it may not send",
			       proc_name(from));
	}
	return true;
}

void wire_drop(struct wire_msg *m)
{
	if (m->fd != -1)
		close(m->fd);
	m->fd = -1;
	if (m->map.n > 0) {
		union {
			const void *c;
			void *v;
		} p = { m->map.p };
		munmap(p.v, m->map.n);
	}
	m->map = m->payload = (struct str){ NULL, 0 };
}
