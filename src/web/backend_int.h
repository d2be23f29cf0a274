/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backend_int.h - asking the process we run in.
 */
#ifndef WEB_BACKEND_INT_H
#define WEB_BACKEND_INT_H

#include "web/backend.h"
#include "web/web_int.h"

/* After a backend function returned false: ERR_STATE means "not now" there, 429. Returns false. */
bool backend_failed(struct call *c, const struct err *why);
/* The answer of live(), parsed; NULL when it gave none. The caller frees it. */
struct json *live_state(struct call *c);
struct json *web_live(struct web *web);

/* Rules, lists or ranges changed. */
MUST_USE bool backend_reload(struct call *c, struct err *why);
/* Hand the uploaded file to the clerk; its answer, JSON, is added to *answer. */
MUST_USE bool clerk_answer(struct call *c, const struct buf *request, struct buf *answer,
			   struct err *why);
/* Reply with JSON that tells texts in both languages. */
MUST_USE bool answer_in_language(struct call *c, const struct buf *answer, int status,
				 struct err *why);
/* Both: the clerk's answer is the reply. */
MUST_USE bool ask_clerk(struct call *c, const struct buf *request, int status, struct err *why);
/* "actor" and "lang" of whoever asks. */
void write_actor(struct call *c, struct jsonw *w);
/* A parsed value written again; _in: {"vi","en"} as one text in the reader's language. */
void write_json(struct jsonw *w, const struct json *v);
void write_json_in(struct call *c, struct jsonw *w, const struct json *v);
/* "user:ID" as the user's display name, "token:ID" as the token's name; else as it is. */
struct str actor_name(struct call *c, struct str actor);
#endif
