/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reply.c - what a call is answered with: JSON, nothing, or a problem (RFC 9457).
 *
 * Invariant: a reply has exactly one of a body of its own, a fixed body, a stream.
 */
#include "web/call_int.h"

#include "base/inflate.h"
#include "base/num.h"
#include "base/time.h"
#include "base/utf8.h"

enum { PACK_FROM = 1024 };

static void start(struct call *c, int status, const char *type)
{
	buf_free(&c->reply.body);
	c->reply.body = BUF(ANSWER_MAX);
	c->reply.fixed = (struct str){ NULL, 0 };
	c->reply.stream = false;
	c->reply.status = status;
	c->reply.type = type;
}

struct jsonw reply_json(struct call *c, int status)
{
	start(c, status, "application/json");
	return (struct jsonw){ .out = &c->reply.body };
}

void reply_take(struct call *c, int status, struct buf *json)
{
	start(c, status, "application/json");
	c->reply.body = *json;
	*json = (struct buf){ 0 };
}

void reply_empty(struct call *c, int status)
{
	start(c, status, NULL);
}

/*
 * Secrets in an answer beside words of the asker's would show in its length (BREACH); only pages of our
 * own origin make a browser ask with its cookie, and they need no guessing.
 */
void reply_pack(struct call *c)
{
	struct reply *r = &c->reply;

	if (r->body.n < PACK_FROM || r->body.full || r->stream)
		return;
	reply_header(c, "Vary", STR("Accept-Encoding"));
	struct buf packed = BUF(r->body.n - 1); /* longer is of no use */
	if (!request_accepts(c->header[H_ACCEPT_ENCODING], STR("gzip")) ||
	    !deflate_gzip(buf_str(&r->body), &packed)) {
		buf_free(&packed);
		return;
	}
	buf_free(&r->body);
	r->body = packed;
	reply_header(c, "Content-Encoding", STR("gzip"));
}

void list_begin(struct jsonw *w)
{
	jsonw_open(w, '{');
	jsonw_key(w, "items");
	jsonw_open(w, '[');
}

void list_end(struct jsonw *w, struct str next)
{
	jsonw_close(w, ']');
	jsonw_kv_str(w, "next", next);
	jsonw_close(w, '}');
}

void reply_header(struct call *c, const char *name, struct str value)
{
	struct reply *r = &c->reply;
	struct str kept = arena_str(&c->a, value);

	if (kept.p == NULL || r->n_headers == REPLY_HEADERS_MAX)
		return;
	r->headers[r->n_headers].name = name;
	r->headers[r->n_headers++].value = kept;
}

static bool has_header(const struct reply *r, const char *name)
{
	for (size_t i = 0; i < r->n_headers; i++)
		if (strcmp(r->headers[i].name, name) == 0)
			return true;
	return false;
}

void reply_etag(struct call *c, struct str tag)
{
	reply_header(c, "ETag", arena_printf(&c->a, "\"%.*s\"", STR_ARG(tag)));
}

void refuse_as(struct call *c, int status, const char *code)
{
	c->reply.status = status;
	c->reply.code = code;
}

bool field_error(struct call *c, const char *field, const struct err *reason)
{
	if (c->n_field_errors < FIELD_ERRORS_MAX) {
		c->field_errors[c->n_field_errors].field = field;
		err_text(reason, c->lang, c->field_errors[c->n_field_errors].reason,
			 sizeof c->field_errors[0].reason);
		c->n_field_errors++;
	}
	return false;
}

static const struct {
	enum err_kind kind;
	int status;
	const char *code;
} kinds[] = {
	{ ERR_INPUT, 422, "invalid" },    { ERR_LIMIT, 413, "too_large" },
	{ ERR_IO, 503, "unavailable" },   { ERR_ABSENT, 404, "not_found" },
	{ ERR_DENIED, 403, "forbidden" }, { ERR_STATE, 409, "conflict" },
};

static const struct {
	int status;
	const char *title;
} titles[] = {
	{ 400, MSG_ID("Malformed request") },   { 401, MSG_ID("Not signed in") },
	{ 403, MSG_ID("Not allowed") },         { 404, MSG_ID("Not found") },
	{ 405, MSG_ID("Method not allowed") },  { 409, MSG_ID("Conflict") },
	{ 412, MSG_ID("Changed meanwhile") },   { 413, MSG_ID("Too large") },
	{ 415, MSG_ID("Unsupported content") }, { 422, MSG_ID("Invalid content") },
	{ 429, MSG_ID("Busy, try again") },     { 503, MSG_ID("Unavailable") },
};

static struct str title_of(int status, enum lang lang)
{
	for (size_t i = 0; i < COUNT(titles); i++)
		if (titles[i].status == status)
			return str_of(msg_in(lang, titles[i].title));
	return str_of(msg_in(lang, "Internal error"));
}

/* Status and code from the error's kind, where refuse_as() has not said otherwise. */
static void settle(struct call *c, const struct err *why)
{
	struct reply *r = &c->reply;

	if (r->code != NULL)
		return;
	r->status = 500;
	r->code = "internal";
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (kinds[i].kind == why->kind) {
			r->status = kinds[i].status;
			r->code = kinds[i].code;
		}
	}
}

void reply_problem(struct call *c, const struct err *why)
{
	char detail[ERR_TEXT_MAX];

	settle(c, why);
	int status = c->reply.status;
	const char *code = c->reply.code;

	start(c, status, "application/problem+json");
	struct jsonw w = { .out = &c->reply.body };
	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "type", STR("about:blank"));
	jsonw_kv_str(&w, "title", title_of(status, c->lang));
	jsonw_kv_int(&w, "status", status);
	jsonw_kv_str(&w, "detail", str_of(err_text(why, c->lang, detail, sizeof detail)));
	jsonw_kv_str(&w, "code", str_of(code));
	if (c->n_field_errors > 0) {
		jsonw_key(&w, "errors");
		jsonw_open(&w, '{');
		for (size_t i = 0; i < c->n_field_errors; i++)
			jsonw_kv_str(&w, c->field_errors[i].field,
				     str_of(c->field_errors[i].reason));
		jsonw_close(&w, '}');
	}
	jsonw_close(&w, '}');
	reply_header(c, "Content-Language", c->lang == LANG_EN ? STR("en") : STR("vi"));
	if (status == 401)
		reply_header(c, "WWW-Authenticate", STR("Bearer realm=\"canh\""));
	else if ((status == 429 || status == 503) && !has_header(&c->reply, "Retry-After"))
		reply_header(c, "Retry-After", STR("1"));
}

bool param_int(struct call *c, const char *name, int64_t min, int64_t max, int64_t *out,
	       struct err *why)
{
	struct str s = request_param(&c->params, name);

	if (s.p == NULL || s.n == 0)
		return true;
	if (!num_parse_i64(s, min, max, out))
		return err_set(why, ERR_INPUT, 0, "'%s' is not a number from %lld to %lld", name,
			       (long long)min, (long long)max);
	return true;
}

bool param_time(struct call *c, const char *name, int64_t *out, struct err *why)
{
	struct str s = request_param(&c->params, name);
	bool zoned;

	if (s.p == NULL || s.n == 0)
		return true;
	if (!time_parse_rfc3339(s, out, &zoned) && !time_parse_date(s, out))
		return err_set(why, ERR_INPUT, 0, "'%s' is not a time like 2026-01-31T08:00:00Z",
			       name);
	return true;
}

bool body_text(struct call *c, const char *name, size_t max, bool need, struct str *out,
	       struct err *why)
{
	const struct json *v = json_get(c->json, name);
	struct str s = json_str(v);
	struct err reason;

	if (s.p == NULL && v != NULL && !json_is_null(v))
		err_set(&reason, ERR_INPUT, 0, "expected text");
	else if (need && (s.p == NULL || str_trim(s).n == 0))
		err_set(&reason, ERR_INPUT, 0, "must not be empty");
	else if (utf8_count(s) > max)
		err_set(&reason, ERR_INPUT, 0, "longer than %zu characters", max);
	else {
		if (s.p != NULL)
			*out = s;
		return true;
	}
	field_error(c, name, &reason);
	return err_set(why, ERR_INPUT, 0, "some fields are not valid");
}
