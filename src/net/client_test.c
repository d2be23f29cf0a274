/* SPDX-License-Identifier: Apache-2.0 */
/* The other side is a thread that plays a script: it waits for a word, then says the next line. */
#include "net/client.h"

#include "base/test.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct line {
	/* until `wait` came ("": at once), then say this; NULL: nothing ever */
	const char *wait, *say;
};

struct peer {
	int listener;
	unsigned port;
	const struct line *script;
	size_t n;
	pthread_t thread;
	char heard[65536];
	size_t n_heard;
};

static void *play(void *ctx)
{
	struct peer *p = ctx;
	int fd = accept(p->listener, NULL, NULL);
	size_t from = 0;

	for (size_t i = 0; i < p->n; i++) {
		const char *at;

		while ((at = strstr(p->heard + from, p->script[i].wait)) == NULL) {
			ssize_t got = read(fd, p->heard + p->n_heard,
					   sizeof p->heard - 1 - p->n_heard);
			if (got <= 0)
				goto end;
			p->n_heard += (size_t)got;
		}
		from = (size_t)(at - p->heard) + strlen(p->script[i].wait);
		if (p->script[i].say == NULL)
			goto deaf;
		if (write(fd, p->script[i].say, strlen(p->script[i].say)) < 0)
			goto end;
	}
deaf:
	while (read(fd, p->heard, sizeof p->heard - 1) > 0)
		;
end:
	close(fd);
	return NULL;
}

static void open_peer(struct peer *p, const struct line *script, size_t n)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof at;

	*p = (struct peer){ .script = script, .n = n };
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	p->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(p->listener, (struct sockaddr *)&at, sizeof at) != 0 ||
	    listen(p->listener, 4) != 0 ||
	    getsockname(p->listener, (struct sockaddr *)&at, &len) != 0)
		abort();
	p->port = ntohs(at.sin_port);
	if (pthread_create(&p->thread, NULL, play, p) != 0)
		abort();
}

static void close_peer(struct peer *p)
{
	pthread_join(p->thread, NULL);
	close(p->listener);
}

static void one_request(void)
{
	static const struct line script[] = {
		{ "{\"a\":1}", "HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nxin c" },
	};
	static struct peer p;
	struct buf body = BUF(1024);
	struct err why = { 0 };
	char url[64];
	unsigned status = 0;

	open_peer(&p, script, COUNT(script));
	snprintf(url, sizeof url, "http://127.0.0.1:%u/hook", p.port);
	struct http_ask ask = { .method = "POST",
				.url = url,
				.token = "t0",
				.type = "application/json",
				.body = STR("{\"a\":1}") };
	CHECK("answered", http_ask(&ask, &status, &body, NULL, &why));
	close_peer(&p);
	CHECK("status and body", status == 201 && str_eq(buf_str(&body), STR("xin c")));
	CHECK("sent", strstr(p.heard, "POST /hook HTTP/1.1\r\n") == p.heard &&
			      strstr(p.heard, "Authorization: Bearer t0\r\n") != NULL &&
			      strstr(p.heard, "Content-Type: application/json\r\n") != NULL &&
			      strstr(p.heard, "Expect") == NULL);
	buf_free(&body);
}

/* An answer longer than its buffer fills it and no more; a redirect is told, not followed. */
static void hostile_answers(void)
{
	static const struct line script[] = {
		{ "\r\n\r\n", "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
			      "Content-Length: 10\r\n\r\n0123456789" },
	};
	static struct peer p;
	struct buf body = BUF(4);
	char url[64];
	unsigned status = 0;

	open_peer(&p, script, COUNT(script));
	snprintf(url, sizeof url, "http://127.0.0.1:%u/", p.port);
	struct http_ask ask = { .method = "GET", .url = url };
	CHECK("told", http_ask(&ask, &status, &body, NULL, NULL) && status == 302);
	close_peer(&p);
	CHECK("full", body.full && body.n <= 4);
	buf_free(&body);
}

static void no_answer(void)
{
	static const struct line script[] = { { "\r\n\r\n", NULL } };
	static struct peer p;
	struct buf body = BUF(64);
	struct err why = { 0 };
	enum client_fault fault = CLIENT_NONE;
	char url[64];
	unsigned status = 0;

	open_peer(&p, script, COUNT(script));
	snprintf(url, sizeof url, "http://127.0.0.1:%u/a-token", p.port);
	struct http_ask ask = { .method = "GET", .url = url, .timeout_s = 1 };
	CHECK("silent", !http_ask(&ask, &status, &body, &fault, &why) && fault == CLIENT_TIMEOUT);
	close_peer(&p);
	CHECK("refused", !http_ask(&ask, &status, &body, &fault, &why) && fault == CLIENT_REFUSED &&
				 why.kind == ERR_IO);
	CHECK("no secret of an address is told",
	      strstr(why.text, "127.0.0.1") != NULL && strstr(why.text, "a-token") == NULL);
	ask.url = "file:///etc/passwd";
	CHECK("no other protocol", !http_ask(&ask, &status, &body, &fault, &why) &&
					   fault == CLIENT_OTHER && body.n == 0);
	buf_free(&body);
}

static const char *const people[] = { "lan@example.vn", "minh@example.vn" };
#define MESSAGE "Subject: a\r\n\r\nxin chào\r\n.một dấu chấm\r\n"

static void one_mail(void)
{
	static const struct line script[] = {
		{ "", "220 mail.example.vn\r\n" },
		{ "EHLO", "250-mail.example.vn\r\n250 8BITMIME\r\n" },
		{ "MAIL FROM:<canh@example.vn>", "250 ok\r\n" },
		{ "RCPT TO:<lan@example.vn>", "250 ok\r\n" },
		{ "RCPT TO:<minh@example.vn>", "250 ok\r\n" },
		{ "DATA\r\n", "354 go on\r\n" },
		{ "\r\n.\r\n", "250 2.0.0 queued as 4A1\r\n" },
		{ "QUIT", "221 bye\r\n" },
	};
	static struct peer p;
	struct buf receipt = BUF(1024);
	struct err why = { 0 };
	char url[64];

	open_peer(&p, script, COUNT(script));
	snprintf(url, sizeof url, "smtp://127.0.0.1:%u", p.port);
	struct mail m = { .server = url,
			  .plain = true,
			  .from = "canh@example.vn",
			  .to = people,
			  .n = COUNT(people),
			  .message = STR(MESSAGE) };
	CHECK("taken", mail_send(&m, &receipt, NULL, &why));
	close_peer(&p);
	CHECK("receipt", str_eq(buf_str(&receipt), STR("250 2.0.0 queued as 4A1")));
	CHECK("a dot at the beginning is doubled",
	      strstr(p.heard, "xin chào\r\n..một dấu chấm\r\n") != NULL);
	buf_free(&receipt);
}

/* One address that is refused refuses the mail; a server without TLS is refused unless allowed. */
static void mails_refused(void)
{
	static const struct line no_rcpt[] = {
		{ "", "220 mail\r\n" },
		{ "EHLO", "250 mail\r\n" },
		{ "MAIL", "250 ok\r\n" },
		{ "RCPT", "250 ok\r\n" },
		{ "RCPT", "550 nobody of that name\r\n" },
		{ "QUIT", "221 bye\r\n" },
	};
	static struct peer p;
	struct buf receipt = BUF(1024);
	struct err why = { 0 };
	enum client_fault fault = CLIENT_NONE;
	char url[64];

	for (int plain = 0; plain < 2; plain++) {
		open_peer(&p, no_rcpt, COUNT(no_rcpt));
		snprintf(url, sizeof url, "smtp://127.0.0.1:%u", p.port);
		struct mail m = { .server = url,
				  .plain = plain == 1,
				  .from = "canh@example.vn",
				  .to = people,
				  .n = COUNT(people),
				  .message = STR(MESSAGE) };
		CHECK("refused", !mail_send(&m, &receipt, &fault, &why));
		CHECK("why", plain == 1 ? fault == CLIENT_OTHER : fault == CLIENT_TLS);
		close_peer(&p);
		CHECK("nothing was told in clear", plain == 1 || strstr(p.heard, "MAIL") == NULL);
	}
	buf_free(&receipt);
}

int main(void)
{
	one_request();
	hostile_answers();
	no_answer();
	one_mail();
	mails_refused();
	return TEST_REPORT();
}
