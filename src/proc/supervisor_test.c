/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/supervisor.h"

#include "base/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int listener;

static void listen_at(const char *name)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	snprintf(at.sun_path, sizeof at.sun_path, "%s", name);
	listener = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	socklen_t n = (socklen_t)(sizeof at.sun_family + strlen(name));
	if (name[0] == '@')
		at.sun_path[0] = '\0';
	if (listener == -1 || bind(listener, (struct sockaddr *)&at, n) != 0)
		abort();
}

static bool heard(const char *want)
{
	char got[64] = "";

	ssize_t n = recv(listener, got, sizeof got - 1, 0);
	return want == NULL ? n == -1 : n == (ssize_t)strlen(want) && strcmp(got, want) == 0;
}

int main(void)
{
	char name[64], pid[16];

	supervisor_open();
	supervisor_tell("READY=1");
	CHECK("nobody listens: it sleeps as it likes", supervisor_alive(-1) == -1);

	snprintf(name, sizeof name, "@canh-supervisor-test-%d", getpid());
	listen_at(name);
	setenv("NOTIFY_SOCKET", name, 1);
	setenv("WATCHDOG_USEC", "2000000", 1);
	setenv("WATCHDOG_PID", "1", 1);
	supervisor_open();
	CHECK("variables are gone", getenv("NOTIFY_SOCKET") == NULL &&
					    getenv("WATCHDOG_USEC") == NULL &&
					    getenv("WATCHDOG_PID") == NULL);
	supervisor_tell("READY=1");
	CHECK("ready is heard", heard("READY=1"));
	CHECK("a watchdog for another process is none", supervisor_alive(5000) == 5000);

	snprintf(pid, sizeof pid, "%d", getpid());
	setenv("NOTIFY_SOCKET", name, 1);
	setenv("WATCHDOG_USEC", "2000000", 1);
	setenv("WATCHDOG_PID", pid, 1);
	supervisor_open();
	int wait = supervisor_alive(-1);
	CHECK("alive at once", heard("WATCHDOG=1"));
	CHECK("wakes before half the time is over", wait > 0 && wait <= 1001);
	supervisor_alive(-1);
	CHECK("not again before that", heard(NULL));
	usleep(1010000);
	CHECK("a shorter sleep stays", supervisor_alive(7) == 7);
	CHECK("and again after it", heard("WATCHDOG=1"));
	return TEST_REPORT();
}
