/* SPDX-License-Identifier: Apache-2.0 */
/*
 * push.c - bodies of events: POST /api/v1/ingest and the Elasticsearch face's _bulk; files by hand.
 *
 * Invariant: an answer with status 200 goes out only after backend.push() returned, which is after
 * the events are durable.
 */
#include "base/time.h"
#include "event/formats.h"
#include "web/backend_int.h"
#include "web/elastic_int.h"
#include "web/handlers_int.h"

#include <unistd.h>

enum { ANSWER_ARENA = 128 << 20, NAME_MAX_BYTES = 512, KEY_MAX_BYTES = 256 };

static bool encoding_of(struct call *c, enum push_encoding *out, struct err *why)
{
	struct str name = str_trim(c->header[H_CONTENT_ENCODING]);

	if (name.n == 0 || str_eq_nocase(name, STR("identity")))
		*out = ENC_NONE;
	else if (str_eq_nocase(name, STR("gzip")) || str_eq_nocase(name, STR("x-gzip")))
		*out = ENC_GZIP;
	else if (str_eq_nocase(name, STR("zstd")))
		*out = ENC_ZSTD;
	else {
		refuse_as(c, 415, "invalid");
		return err_set(why, ERR_INPUT, 0,
			       "Content-Encoding '%.*s': gzip and zstd are taken", STR_ARG(name));
	}
	return true;
}

static bool kind_of(struct call *c, enum push_kind *out, struct err *why)
{
	struct str type = c->header[H_CONTENT_TYPE];

	type = str_trim(str_sub(type, 0, str_find_char(type, ';')));
	if (str_eq_nocase(type, STR("text/plain"))) {
		*out = PUSH_PLAIN;
		return true;
	}
	if (str_eq_nocase(type, STR("application/x-ndjson")) ||
	    str_eq_nocase(type, STR("application/ndjson")) ||
	    str_eq_nocase(type, STR("application/jsonl"))) {
		*out = PUSH_NDJSON;
		return true;
	}
	refuse_as(c, 415, "invalid");
	return err_set(why, ERR_INPUT, 0,
		       "Content-Type must be application/x-ndjson (JSON lines) or text/plain");
}

/* A name or key from outside: short, printable. */
static bool plain_word(struct str s, size_t max)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F)
			return false;
	return s.n <= max;
}

/* What the sender says of old logs that are handed in: that they are, their format, their zone. */
static bool manner(struct call *c, struct push_request *r, struct err *why)
{
	struct zone *zone;

	r->import = str_eq(request_param(&c->params, "import"), STR("1"));
	r->format = request_param(&c->params, "format");
	r->zone = request_param(&c->params, "tz");
	if (r->format.n > 0 && format_find(r->format) == FORMAT_UNPARSED)
		return err_set(why, ERR_INPUT, 0, "no log format '%.*s'", STR_ARG(r->format));
	if (r->zone.n == 0)
		return true;
	zone = zone_load(r->zone, why);
	zone_free(zone);
	return zone != NULL;
}

/* What is common to both ways in. */
static bool fill(struct call *c, struct push_request *r, struct err *why)
{
	struct str name = request_param(&c->params, "source");

	*r = (struct push_request){
		.body_fd = c->body_fd,
		.len = c->body_len,
		.token_id = str_of(c->who.id),
		.token_name = str_of(c->who.name),
		.source_name = name.n > 0 ? name : c->header[H_SOURCE],
		.peer = str_of(c->peer),
		.idempotency_key = c->header[H_IDEMPOTENCY_KEY],
	};
	if (!plain_word(r->source_name, NAME_MAX_BYTES) ||
	    !plain_word(r->idempotency_key, KEY_MAX_BYTES))
		return err_set(why, ERR_INPUT, 0,
			       "source name or Idempotency-Key too long or not printable");
	if (c->body_fd != -1 && lseek(c->body_fd, 0, SEEK_SET) == -1)
		return err_set(why, ERR_IO, 0, "cannot read the body");
	return encoding_of(c, &r->encoding, why);
}

void push_answer_put(struct jsonw *w, const struct push_answer *got)
{
	jsonw_kv_int(w, "received", (int64_t)got->received);
	jsonw_kv_int(w, "stored", (int64_t)got->stored);
	jsonw_key(w, "dropped");
	jsonw_open(w, '{');
	for (size_t i = 0; i < got->n_dropped; i++) {
		jsonw_key_str(w, got->dropped[i].reason);
		jsonw_int(w, (int64_t)got->dropped[i].n);
	}
	jsonw_close(w, '}');
}

static void counts(struct call *c, const struct push_answer *got)
{
	struct jsonw w = reply_json(c, 200);

	jsonw_open(&w, '{');
	push_answer_put(&w, got);
	jsonw_close(&w, '}');
	if (got->replay)
		reply_header(c, "Idempotent-Replayed", STR("true"));
}

/* An empty body has no memfd and nothing to store. */
static bool deliver(struct call *c, struct arena *a, const struct push_request *r,
		    struct push_answer *got, struct err *why)
{
	const struct web_backend *b = &c->web->backend;

	*got = (struct push_answer){ 0 };
	if (r->body_fd == -1)
		return true;
	return b->push(b->ctx, a, r, got, why) || backend_failed(c, why);
}

bool push_ingest(struct call *c, struct err *why)
{
	struct push_request r;
	struct push_answer got;
	struct arena a;

	if (!fill(c, &r, why) || !kind_of(c, &r.kind, why) || !manner(c, &r, why))
		return false;
	if (!arena_reserve(&a, ANSWER_ARENA))
		return err_set(why, ERR_IO, 0, "no memory");
	struct arena whole = a;
	bool ok = deliver(c, &a, &r, &got, why);
	if (ok)
		counts(c, &got);
	arena_release(whole);
	return ok;
}

bool push_bulk(struct call *c, struct err *why)
{
	struct push_request r;
	struct push_answer got = { 0 };
	struct arena a;

	if (!fill(c, &r, why))
		return false;
	r.kind = PUSH_BULK;
	r.index = c->args[0];
	if (!arena_reserve(&a, ANSWER_ARENA))
		return err_set(why, ERR_IO, 0, "no memory");
	struct arena whole = a;
	bool ok = r.body_fd == -1 ? err_set(why, ERR_INPUT, 0, "a _bulk request needs a body")
				  : deliver(c, &a, &r, &got, why);
	if (ok)
		elastic_items(c, got.bulk_items);
	else if (why->kind == ERR_INPUT && c->reply.code == NULL)
		refuse_as(c, 400, "invalid");
	arena_release(whole);
	return ok;
}

/* --- a file that somebody holds out --- */

enum { LOOK_ASK = 4096 };

bool look_post(struct call *c, struct err *why)
{
	struct buf request = BUF(LOOK_ASK);
	struct jsonw w = { .out = &request };

	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "op", STR("look"));
	jsonw_close(&w, '}');
	bool ok = ask_clerk(c, &request, 200, why);
	buf_free(&request);
	return ok;
}

bool look_keep(struct call *c, struct err *why)
{
	const struct web_backend *b = &c->web->backend;
	struct str name = request_param(&c->params, "name");
	struct push_request r;
	struct buf answer = BUF(ANSWER_MAX);

	if (!fill(c, &r, why) || !manner(c, &r, why))
		return false;
	if (c->body_fd == -1)
		return err_set(why, ERR_INPUT, 0, "the file is empty");
	if (str_trim(r.source_name).n == 0)
		return err_set(why, ERR_INPUT, 0, "name the source that it is kept under");
	if (!plain_word(name, NAME_MAX_BYTES))
		return err_set(why, ERR_INPUT, 0, "the name of the file is too long");
	r.import = true;
	r.encoding = ENC_NONE; /* the file comes as it is */
	bool ok = (b->keep(b->ctx, &r, name, str_of(c->who.actor), &answer, why) ||
		   backend_failed(c, why)) &&
		  answer_in_language(c, &answer, 200, why);
	buf_free(&answer);
	return ok;
}
