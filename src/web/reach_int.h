/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reach_int.h - which sources a caller reaches, and which live events. `source`: an item of what
 * web_backend.live() tells.
 */
#ifndef WEB_REACH_INT_H
#define WEB_REACH_INT_H

#include "base/json.h"
#include "state/scope.h"
#include "web/call_int.h"

MUST_USE bool reach_home(struct db *db, const struct json *source, struct home *out,
			 struct err *why);
MUST_USE bool reach_source(struct db *db, const struct scope *scope, const struct json *source,
			   bool *out, struct err *why);
/* ["1","7"]: the ids of those that are reached. */
MUST_USE bool reach_write_ids(struct db *db, const struct scope *scope, const struct json *live,
			      struct jsonw *w, struct err *why);
/* What live() tells, with the sources that the caller reaches; empty when it tells nothing. The
 * caller frees it, also on failure. */
MUST_USE bool reach_live(struct call *c, struct buf *out, struct err *why);

/* The same as it is now, for what lasts longer than a call. NULL and *why on failure. */
struct reach;
struct reach *reach_new(struct db *db, const struct scope *scope, const struct json *live,
			struct err *why);
void reach_free(struct reach *r); /* NULL is fine */
/* May the event be told, and as what? NULL as reach: everything may, as it is. */
bool reach_passes(const struct reach *r, struct str kind, struct str json, struct buf *out);

#endif
