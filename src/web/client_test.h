/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client_test.h - an HTTP client for tests: one request, one answer, byte for byte.
 */
#ifndef WEB_CLIENT_TEST_H
#define WEB_CLIENT_TEST_H

#include "base/buf.h"
#include "base/num.h"
#include "base/test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { CLIENT_PATIENCE_S = 20 };

struct answer {
	int status;
	struct str head, body; /* views into bytes */
	struct buf bytes;
};

UNUSED static int client_open(unsigned port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	struct timeval patience = { .tv_sec = CLIENT_PATIENCE_S };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (connect(fd, (const struct sockaddr *)&at, sizeof at) == 0)
		return fd;
	close(fd);
	return -1;
}

UNUSED static bool client_send(int fd, struct str s)
{
	while (s.n > 0) {
		ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		s = str_skip(s, (size_t)n);
	}
	return true;
}

/* The value of a header of an answer; p is NULL when it is not there. */
UNUSED static struct str client_header(const struct answer *a, const char *name)
{
	struct str rest = a->head, line;

	while (str_line(&rest, &line)) {
		size_t colon = str_find_char(line, ':');

		if (colon < line.n && str_eq_nocase(str_sub(line, 0, colon), str_of(name)))
			return str_trim(str_skip(line, colon + 1));
	}
	return (struct str){ NULL, 0 };
}

/* Is the whole answer there? `closed`: nothing more will come. */
static bool client_whole(struct answer *a, bool no_body, bool closed)
{
	struct str all = buf_str(&a->bytes), status, length;
	size_t end = str_find(all, STR("\r\n\r\n"));
	uint64_t n = 0;

	if (end == all.n)
		return closed;
	a->head = str_sub(all, 0, end + 2);
	a->body = str_skip(all, end + 4);
	status = str_sub(a->head, 9, 12);
	if (!num_parse(status, 100, 599, &n))
		return true;
	a->status = (int)n;
	if (no_body || n == 204 || n == 304)
		return true;
	length = client_header(a, "Content-Length");
	if (length.p == NULL || !num_parse(length, 0, 1 << 28, &n))
		return closed;
	return a->body.n >= n;
}

/* Read one answer into *a (zero it before, buf_free(&a->bytes) after); interim 100s are skipped. */
UNUSED static bool client_read(int fd, bool no_body, struct answer *a)
{
	bool whole = false;

	a->bytes.max = 1 << 28;
	while (!whole) {
		char *room = buf_room(&a->bytes, 65536);
		ssize_t n = room == NULL ? -1 : recv(fd, room, 65536, 0);

		if (n < 0)
			return false;
		a->bytes.n += (size_t)n;
		whole = client_whole(a, no_body, n == 0);
		if (whole && a->status == 100) {
			buf_eat(&a->bytes, a->head.n + 2);
			whole = client_whole(a, no_body, n == 0);
		}
		if (n == 0)
			break;
	}
	return a->status != 0;
}

/* "GET /path" or "POST /path", header lines (each ended by \r\n) and a body; a fresh connection. */
UNUSED static struct answer client_ask(unsigned port, const char *what, const char *headers,
				       struct str body)
{
	struct answer a = { 0 };
	struct buf out = BUF(1 << 28);
	int fd = client_open(port);

	buf_printf(&out, "%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s", what,
		   headers);
	if (body.p != NULL)
		buf_printf(&out, "Content-Length: %zu\r\n", body.n);
	buf_add(&out, STR("\r\n"));
	buf_add(&out, body);
	/* A refusal may come before the body is through. */
	bool sent = fd != -1 && client_send(fd, buf_str(&out));
	if (fd != -1 && !client_read(fd, str_starts(str_of(what), STR("HEAD ")), &a))
		a.status = sent ? -2 : -3;
	if (fd != -1)
		close(fd);
	buf_free(&out);
	return a;
}

#endif
