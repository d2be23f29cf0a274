/* SPDX-License-Identifier: Apache-2.0 */
/* demo_mail.c - one conversation after the other; what is said in it is not looked at. */
#include "cmd/demo_mail.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* Below those that the kernel gives out by itself, so that it is free again the next time. */
enum { FIRST_PORT = 2525, LAST_PORT = 2625, QUEUE = 16, PATIENCE_S = 10, LINE_MAX_BYTES = 2048 };

static bool say(int fd, const char *text)
{
	size_t n = strlen(text);

	return send(fd, text, n, MSG_NOSIGNAL) == (ssize_t)n;
}

static const struct {
	const char *verb, *answer;
} answers[] = {
	{ "EHLO", "250-demo.example.vn\r\n250 8BITMIME\r\n" },
	{ "DATA", "354 go on\r\n" },
	{ "QUIT", "221 bye\r\n" },
	{ "", "250 2.0.0 ok\r\n" }, /* any other */
};
enum { EHLO, DATA, QUIT };

static size_t verb_of(const char *line)
{
	size_t i = 0;

	while (strncasecmp(line, answers[i].verb, strlen(answers[i].verb)) != 0)
		i++;
	return i;
}

/* A mail, up to its end; false: it has none. */
static bool take_mail(FILE *in)
{
	char line[LINE_MAX_BYTES];
	bool begins = true; /* of a line */

	while (fgets(line, sizeof line, in) != NULL) {
		if (begins && strcmp(line, ".\r\n") == 0)
			return true;
		begins = strchr(line, '\n') != NULL;
	}
	return false;
}

static void converse(int fd)
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	char line[LINE_MAX_BYTES];
	FILE *in = fdopen(fd, "r");

	if (in == NULL) {
		close(fd);
		return;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	bool goes_on = say(fd, "220 demo.example.vn ESMTP\r\n");
	while (goes_on && fgets(line, sizeof line, in) != NULL) {
		size_t verb = verb_of(line);

		goes_on = say(fd, answers[verb].answer) && verb != QUIT;
		if (goes_on && verb == DATA)
			goes_on = take_mail(in) &&
				  say(fd, "250 2.0.0 taken by the demonstration's own mailbox\r\n");
	}
	fclose(in);
}

static int door;

static void *serve(void *arg)
{
	(void)arg;
	for (;;) {
		int fd = accept(door, NULL, NULL);

		if (fd != -1)
			converse(fd);
		else if (errno != EINTR && errno != ECONNABORTED)
			return NULL;
	}
}

static bool listen_at(unsigned port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int on = 1;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	door = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (door == -1)
		return false;
	setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(door, (struct sockaddr *)&at, sizeof at) == 0 && listen(door, QUEUE) == 0)
		return true;
	close(door);
	return false;
}

bool demo_mail_begin(unsigned *port, struct err *why)
{
	unsigned first = *port == 0 ? FIRST_PORT : *port, last = *port == 0 ? LAST_PORT : *port;
	pthread_t thread;

	while (first <= last && !listen_at(first))
		first++;
	if (first > last)
		return err_set(why, ERR_IO, 0,
			       "the demonstration's mailbox cannot listen on 127.0.0.1:%u: %s",
			       last, strerror(errno));
	if (pthread_create(&thread, NULL, serve, NULL) != 0)
		return err_set(why, ERR_IO, 0, "cannot start a thread");
	*port = first;
	return true;
}
