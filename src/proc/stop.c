/* SPDX-License-Identifier: Apache-2.0 */
/* stop.c - a signalfd polled beside the link; SIGINT goes to the whole terminal group and is left to
 * the parent, which then sends SIGTERM. */
#include "proc/stop.h"

#include "base/log.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

static int signals = -1;

void stop_prepare(void)
{
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	signal(SIGINT, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &mask, NULL) == -1 ||
	    (signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK)) == -1)
		die("cannot take signals");
}

bool stop_wait(int link)
{
	for (;;) {
		struct pollfd fds[] = { { .fd = signals, .events = POLLIN },
					{ .fd = link, .events = POLLIN } };

		if (poll(fds, 2, -1) == -1) {
			if (errno == EINTR)
				continue;
			die("cannot wait for messages");
		}
		if (fds[0].revents != 0)
			return false;
		if (fds[1].revents != 0)
			return true;
	}
}
