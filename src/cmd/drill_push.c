/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drill_push.c - one HTTP request to our own server on loopback, written out: for that much a library
 * would be more than the thing itself. Over HTTPS it says that it cannot.
 */
#include "base/buf.h"
#include "base/file.h"
#include "cmd/drill_int.h"
#include "proc/address.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

enum { ADDRESS_MAX = 256, ANSWER_MAX = 4096, WAIT_S = 30 };

static bool read_address(const char *data, struct address *out, struct err *why)
{
	unsigned char mem[1024];
	struct arena a = { mem, mem + sizeof mem };
	char path[4096];
	struct str url;

	snprintf(path, sizeof path, "%s/run/address", data);
	if (!file_load(&a, AT_FDCWD, path, ADDRESS_MAX, &url, NULL))
		return err_set(why, ERR_IO, 0, "no server runs on '%s'", data);
	url = str_trim(url);
	if (!str_starts(url, STR("http://")))
		return err_set(why, ERR_IO, 0,
			       "the exercise speaks plain HTTP only; the server is at %.*s",
			       STR_ARG(url));
	url = str_skip(url, 7);
	return address_parse(str_sub(url, 0, str_find_char(url, '/')), out, why);
}

static bool talk(int fd, struct str request, char answer[ANSWER_MAX], struct err *why)
{
	struct timeval wait = { .tv_sec = WAIT_S };
	size_t n = 0;
	ssize_t got;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
	if (!fd_write_all(fd, request, why))
		return false;
	while (n < ANSWER_MAX - 1 && (got = read(fd, answer + n, ANSWER_MAX - 1 - n)) > 0)
		n += (size_t)got;
	answer[n] = '\0';
	if (strncmp(answer, "HTTP/1.1 200", 12) == 0)
		return true;
	answer[strcspn(answer, "\r\n")] = '\0';
	return err_set(why, ERR_IO, 0, "the server did not take the events: %s", answer);
}

bool drill_push(const char *data, const char *token, struct str body, struct err *why)
{
	struct buf request = BUF(body.n + 4096);
	struct address to = { 0 };
	char answer[ANSWER_MAX] = "";
	int fd;

	if (!read_address(data, &to, why))
		return false;
	fd = socket(to.sa.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1 || connect(fd, (struct sockaddr *)&to.sa, to.len) == -1) {
		if (fd != -1)
			close(fd);
		return err_set(why, ERR_IO, 0, "no server runs on '%s'", data);
	}
	buf_printf(&request,
		   "POST /api/v1/ingest HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
		   "Authorization: Bearer %s\r\nContent-Type: application/x-ndjson\r\n"
		   "Content-Length: %zu\r\n\r\n",
		   token, body.n);
	buf_add(&request, body);
	bool ok = talk(fd, buf_str(&request), answer, why);
	close(fd);
	buf_free(&request);
	return ok;
}
