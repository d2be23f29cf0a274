/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk_backend.c - what the web room asks for, passed on to the process that does it.
 *
 * Called from the server's threads, several at once.
 */
#include "base/json.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "base/num.h"
#include "base/time.h"
#include "ingest/chunk.h"
#include "proc/controls_int.h"
#include "proc/desk_int.h"
#include "proc/given.h"
#include "proc/keep.h"
#include "proc/post.h"
#include "proc/ranges.h"
#include "proc/seek_answer.h"
#include "proc/uploads.h"

#include <poll.h>
#include <stdio.h>
#include <unistd.h>

enum {
	PUSH_WAIT_MS = 60000,
	SEEK_WAIT_MS = 120000,
	RELOAD_WAIT_MS = 60000,
	CLERK_WAIT_MS = 180000,
	ANSWER_MAX = 64 << 20
};

static void write_push(const struct push_request *r, struct buf *out)
{
	static const char *const kinds[] = { "ndjson", "plain", "bulk" };
	static const char *const encodings[] = { "none", "gzip", "zstd" };
	struct jsonw w = { .out = out };

	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "kind", str_of(kinds[r->kind]));
	jsonw_kv_str(&w, "encoding", str_of(encodings[r->encoding]));
	jsonw_kv_str(&w, "token", r->token_id);
	jsonw_kv_bool(&w, "import", r->import);
	jsonw_kv_str(&w, "format", r->format);
	jsonw_kv_str(&w, "zone", r->zone);
	jsonw_kv_str(&w, "name", r->source_name.n > 0 ? r->source_name : r->token_name);
	jsonw_kv_str(&w, "peer", r->peer);
	jsonw_kv_str(&w, "index", r->index);
	jsonw_kv_str(&w, "idempotency_key", r->idempotency_key);
	jsonw_close(&w, '}');
}

/* watch is believed only in words of ours. */
static bool is_reason(struct str word)
{
	for (int i = 0; i < DROP_COUNT; i++)
		if (str_eq(word, str_of(drop_name((enum drop_reason)i))))
			return true;
	return false;
}

static bool read_counts(const struct json *j, struct arena *a, struct push_answer *out,
			struct err *why)
{
	const struct json *dropped = json_get(j, "dropped"), *v;
	const void *it = NULL;
	struct str key;
	int64_t n, stored;

	if (!json_int(json_get(j, "received"), &n) || n < 0 ||
	    !json_int(json_get(j, "stored"), &stored) || stored < 0)
		return err_set(why, ERR_IO, 0, "watch gave an unreadable answer");
	out->received = (uint64_t)n;
	out->stored = (uint64_t)stored;
	out->replay = json_bool(json_get(j, "replay"), false);
	while ((it = json_next(dropped, it, &key, &v)) != NULL && out->n_dropped < PUSH_DROPS_MAX)
		if (json_int(v, &n) && n > 0 && is_reason(key))
			out->dropped[out->n_dropped++] = (struct push_drop){ arena_str(a, key),
									     (uint64_t)n };
	return true;
}

/* JSON, and behind a NUL the items of a _bulk request. */
static bool read_push_answer(struct str answer, struct arena *a, struct push_answer *out,
			     struct err *why)
{
	size_t nul = str_find_char(answer, '\0');
	struct push_answer got = { 0 };
	struct json *j = NULL;

	if (!json_parse(str_sub(answer, 0, nul), ANSWER_MAX, &j, why))
		return false;
	bool ok = read_counts(j, a, &got, why);
	json_free(j);
	got.bulk_items = arena_str(a, str_skip(answer, nul + 1));
	if (ok && got.bulk_items.p == NULL)
		ok = err_set(why, ERR_LIMIT, 0, "the answer is too long");
	if (ok)
		*out = got;
	return ok;
}

bool desk_push(void *ctx, struct arena *a, const struct push_request *request,
	       struct push_answer *out, struct err *why)
{
	struct desk *d = ctx;
	struct buf ask = BUF(1 << 16), answer = BUF(ANSWER_MAX);

	write_push(request, &ask);
	struct rpc_call call = {
		.type = WIRE_PUSH,
		.payload = buf_str(&ask),
		.fd = request->body_fd,
		.timeout_ms = PUSH_WAIT_MS,
		/* sent again only where storing it twice is known to the store */
		.again = request->idempotency_key.n > 0,
	};
	bool ok = rpc_call(d->watch, &call, &answer, NULL, why) &&
		  read_push_answer(buf_str(&answer), a, out, why);
	buf_free(&ask);
	buf_free(&answer);
	return ok;
}

/* {"id","name"} of the sources that people named; in `a`. */
static bool names(struct desk *d, struct arena *a, struct buf *out, struct err *why)
{
	struct jsonw w = { .out = out };
	struct source_given *given;
	size_t n;

	pthread_mutex_lock(&d->lock);
	bool ok = given_load(a, d->db, &given, &n, why);
	pthread_mutex_unlock(&d->lock);
	if (ok)
		given_write(&w, given, n);
	return ok;
}

/* The request with the ranges that seek reads with, and the names, put in front. */
static bool with_ranges(struct desk *d, struct str request, struct buf *out, struct err *why)
{
	struct arena whole;
	struct str ranges;
	bool ok;

	if (!arena_reserve(&whole, 4 << 20))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct arena a = whole;
	ok = desk_ranges(d, &a, &ranges, why);
	if (ok) {
		buf_add(out, STR("{\"ranges\":"));
		buf_add(out, ranges);
		buf_add(out, STR(",\"names\":"));
		ok = names(d, &a, out, why);
		buf_add(out, STR(",\"request\":"));
		buf_add(out, request);
		buf_char(out, '}');
	}
	arena_release(whole);
	return ok;
}

/* Nothing of seek's goes on to a client but what was asked for. */
static bool as_asked(struct str request, struct str answer, struct err *why)
{
	struct json *j = NULL;
	int64_t most;

	if (!json_parse(request, 1 << 20, &j, why))
		return false;
	struct str op = json_get_str(j, "op");
	if (!json_int(json_get(j, str_eq(op, STR("histogram")) ? "buckets" : "limit"), &most))
		most = 0;
	bool ok = seek_answer_check(op, most, answer, why);
	json_free(j);
	return ok;
}

bool desk_seek(void *desk, struct str request, struct buf *answer, struct err *why)
{
	struct desk *d = desk;
	struct buf ask = BUF(1 << 20);
	bool ok = with_ranges(d, request, &ask, why);

	if (ok) {
		struct rpc_call call = { .type = WIRE_SEEK,
					 .payload = buf_str(&ask),
					 .fd = -1,
					 .timeout_ms = SEEK_WAIT_MS,
					 .again = true };
		ok = rpc_call(d->seek, &call, answer, NULL, why) &&
		     as_asked(request, buf_str(answer), why);
	}
	buf_free(&ask);
	return ok;
}

/* A clerk that parses for ever is ended by its limit of CPU time; one that hangs is let go here. */
static bool answers(int link, struct err *why)
{
	struct pollfd p = { .fd = link, .events = POLLIN };
	int64_t until = time_monotonic() + CLERK_WAIT_MS * 1000;

	for (;;) {
		int64_t left = (until - time_monotonic()) / 1000;

		if (left > 0 && poll(&p, 1, (int)left) > 0)
			return true;
		if (left <= 0)
			return err_set(why, ERR_STATE, 0, "process %s does not answer",
				       proc_name(PROC_CLERK));
	}
}

bool desk_clerk_says(int link, struct arena *a, struct wire_msg *out, struct err *why)
{
	if (!answers(link, why))
		return false;
	if (wire_recv(link, PROC_CLERK, a, out, why))
		return true;
	/* killed, by what it read or by its limits */
	return err_set(why, ERR_INPUT, 0,
		       "the process that read it was ended; the file may be made to do that");
}

/* One question to a clerk of its own. */
static bool ask_clerk(struct desk *d, struct str request, int upload_fd, struct buf *answer,
		      struct err *why)
{
	struct arena whole;
	struct wire_msg m = { .fd = -1 };
	int link = desk_clerk(d, why);

	if (link == -1)
		return false;
	if (!arena_reserve(&whole, 1 << 20)) {
		close(link);
		return err_set(why, ERR_LIMIT, 0, "no memory");
	}
	struct arena a = whole;
	bool ok = wire_send(link, WIRE_PARSE, 1, request, upload_fd, why) &&
		  desk_clerk_says(link, &a, &m, why);
	if (ok && m.type == WIRE_FAILED)
		ok = rpc_read_failure(m.payload, why);
	else if (ok)
		buf_add(answer, m.payload);
	wire_drop(&m);
	arena_release(whole);
	close(link);
	return ok && (!answer->full || err_set(why, ERR_LIMIT, 0, "the answer is too long"));
}

/* What a clerk judges with goes along, behind a NUL, where it is asked to judge. */
static bool with_inventory(struct desk *d, const struct json *j, struct buf *ask, struct err *why)
{
	if (!str_eq(json_get_str(j, "op"), STR("look")))
		return true;
	buf_char(ask, '\0');
	return upload_inventory(d, ask, why);
}

static bool clerk(void *ctx, struct str request, int upload_fd, struct buf *answer, struct err *why)
{
	struct desk *d = ctx;
	struct buf parsed = BUF(WIRE_MAX), ask = BUF(32 << 20);
	struct json *j = NULL;

	buf_add(&ask, request);
	bool ok = json_parse(request, 1 << 16, &j, why) && with_inventory(d, j, &ask, why) &&
		  ask_clerk(d, buf_str(&ask), upload_fd, &parsed, why) &&
		  upload_keep(d, j, upload_fd, buf_str(&parsed), answer, why);

	json_free(j);
	buf_free(&parsed);
	buf_free(&ask);
	return ok;
}

bool desk_ranges(struct desk *d, struct arena *a, struct str *out, struct err *why)
{
	pthread_mutex_lock(&d->lock);
	bool ok = ranges_text(a, d->db, out, why);
	pthread_mutex_unlock(&d->lock);
	return ok;
}

/* Somebody changed something and looks at the board next. */
static bool reload(void *ctx, struct buf *answer, struct err *why)
{
	struct desk *d = ctx;
	bool ok = desk_reload(d, answer, why);

	pthread_mutex_lock(&d->told);
	d->judge_wait = true;
	pthread_cond_broadcast(&d->told_changed);
	pthread_mutex_unlock(&d->told);
	return ok;
}

/* With `reloading` held. */
static bool load_now(struct desk *d, struct buf *told, struct err *why)
{
	struct buf ask = BUF(16 << 20);
	/* before it takes anything in: what comes may be a control event, or a heartbeat */
	bool ok = desk_expect(d, why) && upload_inventory(d, &ask, why);

	struct err unheld = { 0 };

	if (!desk_hold(d, true, &unheld)) /* is told again by the clock */
		log_error("watch could not be told which days are held: %s", unheld.text);
	if (ok) {
		struct rpc_call call = { .type = WIRE_RELOAD,
					 .payload = buf_str(&ask),
					 .fd = -1,
					 .timeout_ms = RELOAD_WAIT_MS,
					 .again = true };
		ok = rpc_call(d->watch, &call, told, NULL, why);
	}
	buf_free(&ask);
	return ok;
}

bool desk_reload(struct desk *d, struct buf *answer, struct err *why)
{
	struct buf told = BUF(32 << 20);

	pthread_mutex_lock(&d->reloading);
	desk_loading(d);
	bool ok = load_now(d, &told, why) && desk_rules_keep(d, buf_str(&told), why);
	desk_loaded(d, ok, buf_str(&told)); /* before another loads: what is told later is newer */
	pthread_mutex_unlock(&d->reloading);
	if (ok) {
		buf_add(answer, buf_str(&told));
		if (d->web != NULL)
			web_publish(d->web, "rules", STR("{}"));
	}
	buf_free(&told);
	return ok;
}

static bool hold(void *ctx, struct err *why)
{
	return desk_hold(ctx, false, why);
}

void desk_backend(struct desk *d, struct web_backend *out)
{
	*out = (struct web_backend){ .ctx = d,
				     .push = desk_push,
				     .seek = desk_seek,
				     .clerk = clerk,
				     .keep = desk_keep,
				     .reload = reload,
				     .live = desk_live,
				     .rules = desk_rules,
				     .rule_known = desk_rule_known,
				     .list_fault = desk_list_fault,
				     .rule_imports = desk_rule_imports,
				     .rule_import_remove = desk_rule_import_remove,
				     .control = desk_control,
				     .notify = post_wake,
				     .exercises = desk_exercises,
				     .exercise = desk_exercise,
				     .hold = hold,
				     .configure = desk_configure,
				     .configured = desk_configured };
}
