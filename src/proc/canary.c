/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canary.c - the positive control of the rules: an event that the shipped rule content/rules/canh/
 * control.yml must find, sent by the door that pushed events take. Zero alerts must not look like calm.
 */
#include "base/jsonw.h"
#include "proc/jobs_int.h"
#include "respond/control.h"

#include <sys/mman.h>
#include <unistd.h>

enum { COMES_BACK_S = 60, PUSH_WAIT_MS = 30000 };

static int event_fd(const char *id, struct err *why)
{
	struct buf b = BUF(4096);
	struct jsonw w = { .out = &b };
	int fd = memfd_create("canh-canary", MFD_CLOEXEC);

	jsonw_open(&w, '{');
	jsonw_kv_time(&w, "@timestamp", time_now());
	jsonw_kv_str(&w, "canh.canary", str_of(id));
	jsonw_kv_str(&w, "message", STR("control event of canh"));
	jsonw_close(&w, '}');
	buf_char(&b, '\n');
	if (fd == -1 || write(fd, b.p, b.n) != (ssize_t)b.n) {
		err_set(why, ERR_IO, 0, "cannot make the control event");
		if (fd != -1)
			close(fd);
		fd = -1;
	}
	buf_free(&b);
	return fd;
}

bool canary_send(struct desk *d, struct err *why)
{
	struct str ask = STR(
		"{\"kind\":\"ndjson\",\"encoding\":\"none\",\"token\":\"canh\",\"name\":\"canh\"}");
	int64_t now = time_now();
	const struct control_plan plan = { CONTROL_RULES, STR(""), now,
					   now + COMES_BACK_S * TIME_SECOND };
	struct buf answer = BUF(1 << 16);
	char id[UUID_MAX];
	bool ok;

	pthread_mutex_lock(&d->lock);
	ok = control_begin(d->db, &plan, id, why);
	pthread_mutex_unlock(&d->lock);
	int fd = ok ? event_fd(id, why) : -1;
	if (fd == -1)
		return false;
	struct rpc_call call = { .type = WIRE_PUSH,
				 .payload = ask,
				 .fd = fd,
				 .timeout_ms = PUSH_WAIT_MS,
				 .again = false };
	ok = rpc_call(d->watch, &call, &answer, NULL, why);
	close(fd);
	buf_free(&answer);
	return ok;
}
