/* SPDX-License-Identifier: Apache-2.0 */
/* supervisor.c - sd_notify(3) without its library: one datagram a message. */
#include "proc/supervisor.h"

#include "base/log.h"
#include "base/num.h"
#include "base/time.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct {
	int fd; /* 0: nobody listens */
	struct sockaddr_un to;
	socklen_t to_len;
	int64_t every, next; /* monotonic µs; every 0: no watchdog */
} supervisor;

/* A path, or after '@' a name in the abstract namespace. */
static bool read_address(const char *name)
{
	size_t n = strlen(name);

	if ((name[0] != '/' && name[0] != '@') || n >= sizeof supervisor.to.sun_path)
		return false;
	supervisor.to.sun_family = AF_UNIX;
	memcpy(supervisor.to.sun_path, name, n);
	if (name[0] == '@')
		supervisor.to.sun_path[0] = '\0';
	supervisor.to_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
	return true;
}

void supervisor_open(void)
{
	const char *name = getenv("NOTIFY_SOCKET"), *every = getenv("WATCHDOG_USEC");
	const char *whose = getenv("WATCHDOG_PID");
	uint64_t us = 0, pid = 0;

	if (name != NULL && read_address(name)) {
		int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

		if (fd > 0)
			supervisor.fd = fd;
		if (every != NULL && num_parse(str_of(every), 1, INT64_MAX, &us) &&
		    (whose == NULL ||
		     (num_parse(str_of(whose), 1, INT32_MAX, &pid) && (pid_t)pid == getpid())))
			supervisor.every = (int64_t)us / 2; /* as sd_watchdog_enabled(3) advises */
	}
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
}

void supervisor_tell(const char *state)
{
	if (supervisor.fd <= 0)
		return;
	if (sendto(supervisor.fd, state, strlen(state), MSG_NOSIGNAL,
		   (const struct sockaddr *)&supervisor.to, supervisor.to_len) == -1)
		log_warn("the supervisor cannot be told '%s': %s", state, strerror(errno));
}

int supervisor_alive(int wait)
{
	if (supervisor.every == 0)
		return wait;
	int64_t now = time_monotonic();
	if (now >= supervisor.next) {
		supervisor_tell("WATCHDOG=1");
		supervisor.next = now + supervisor.every;
	}
	int ms = (int)((supervisor.next - now) / 1000) + 1;
	return wait == -1 || ms < wait ? ms : wait;
}
