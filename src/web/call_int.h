/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call_int.h - one request on its way: what came, who asks, what is answered.
 *
 * Owned by the socket thread while bytes move and by one worker while a handler runs, never by both.
 * Everything a handler allocates goes into `a` and is dropped with the call.
 */
#ifndef WEB_CALL_INT_H
#define WEB_CALL_INT_H

#include "access/access.h"
#include "base/json.h"
#include "base/jsonw.h"
#include "web/lanes.h"
#include "web/request.h"
#include "web/routes.h"

struct MHD_Connection;
struct reach;
struct web;

enum header {
	H_ACCEPT,
	H_ACCEPT_ENCODING,
	H_ACCEPT_LANGUAGE,
	H_AUTHORIZATION,
	H_CONTENT_ENCODING,
	H_CONTENT_LENGTH,
	H_CONTENT_TYPE,
	H_COOKIE,
	H_CSRF,
	H_EXPECT,
	H_IDEMPOTENCY_KEY,
	H_IF_MATCH,
	H_IF_NONE_MATCH,
	H_LAST_EVENT_ID,
	H_SOURCE,
	H_USER_AGENT,
	HEADERS
};

enum { REPLY_HEADERS_MAX = 16, FIELD_ERRORS_MAX = 16, ANSWER_MAX = 64 << 20 };

struct reply {
	int status;
	const char *type; /* Content-Type, static */
	struct buf body;  /* owned */
	struct str fixed; /* instead of body: bytes that outlive the server */
	bool stream;      /* instead of both: server-sent events */
	const char *code; /* of a problem, when the status alone does not give it */
	struct {
		const char *name;
		struct str value; /* in the call's arena, NUL behind */
	} headers[REPLY_HEADERS_MAX];
	size_t n_headers;
};

enum stage { CALL_NEW, CALL_ADMITTING, CALL_BODY, CALL_RUNNING, CALL_ANSWERED };

struct call {
	struct job job; /* first: a job is its call */
	struct web *web;
	struct MHD_Connection *conn;
	enum stage stage;
	const struct route *route;
	struct arena whole, a;

	enum method method;
	struct str path, query; /* as sent */
	struct str header[HEADERS];
	char peer[64];
	enum lang lang;
	struct params params;
	struct str args[ROUTE_ARGS_MAX]; /* what stood at the {names} of the route's path */

	struct str text;    /* the body, of routes that take JSON */
	struct json *json;  /* the same, parsed; owned */
	int body_fd;        /* of routes that take a file; owned, -1: none */
	uint64_t body_len;  /* bytes received */
	uint64_t body_held; /* of these, counted in web->bodies */
	int64_t begun;      /* monotonic */
	struct buf body;    /* owned; collects text */

	bool known;     /* `who` is set */
	bool by_cookie; /* ... by the browser's cookie */
	struct who who;
	struct str secret;   /* what told us who: for streams, which outlive this call */
	struct reach *reach; /* owned; of a stream for a part, until it is taken over */
	struct reply reply;
	struct {
		const char *field;
		char reason[200];
	} field_errors[FIELD_ERRORS_MAX];
	size_t n_field_errors;
	unsigned worker;
};

struct call *call_new(struct web *web, struct MHD_Connection *conn, struct str uri);
void call_free(struct call *c);

/* reply.c: what handlers answer with */

/* Start a JSON answer; close it with what was opened. */
struct jsonw reply_json(struct call *c, int status);
void reply_header(struct call *c, const char *name, struct str value);
void reply_etag(struct call *c, struct str tag);
/* An answer that is JSON already; takes the bytes over. */
void reply_take(struct call *c, int status, struct buf *json);
void reply_empty(struct call *c, int status);
/* Once the answer stands: as gzip, when it is long and the reader takes that. */
void reply_pack(struct call *c);
/* {"items":[ ... ],"next":cursor or null} */
void list_begin(struct jsonw *w);
void list_end(struct jsonw *w, struct str next);
/* Make the answer out of an error: application/problem+json in the reader's language. */
void reply_problem(struct call *c, const struct err *why);
/* Before `return err_set(...)`: status and code other than those of the error's kind. */
void refuse_as(struct call *c, int status, const char *code);
/* Note that `field` of the request is wrong, for "errors" of the problem; false, as err_set(). */
bool field_error(struct call *c, const char *field, const struct err *reason);

/* Parameters of the query and members of the body. Missing: *out is left as it is. */
MUST_USE bool param_int(struct call *c, const char *name, int64_t min, int64_t max, int64_t *out,
			struct err *why);
MUST_USE bool param_time(struct call *c, const char *name, int64_t *out, struct err *why);
/* A text member of 0..max characters; `need`: missing or empty is an error. */
MUST_USE bool body_text(struct call *c, const char *name, size_t max, bool need, struct str *out,
			struct err *why);

#endif
