/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exception.h - what a rule shall no longer alert on: a rule, values of fields, a reason, an end.
 *
 * An exception holds when every field it names has that value (case aside); it hides alerts, never
 * events, and what it hides is counted. It always ends.
 */
#ifndef RESPOND_EXCEPTION_H
#define RESPOND_EXCEPTION_H

#include "base/json.h"
#include "respond/respond.h"

enum { EXCEPTION_FIELDS_MAX = 16, EXCEPTION_MAX_DAYS = 366 };

struct exception_draft {
	struct str rule;   /* the rule's or list's id */
	struct str reason; /* may be empty in a preview */
	int64_t expires;   /* TIME_NONE in a preview */
	size_t n;
	struct exception_field {
		struct str name, value;
	} field[EXCEPTION_FIELDS_MAX];
};
/* From the body of POST /exceptions and /exceptions/preview. Views live as long as `body`. */
MUST_USE bool exception_draft_parse(const struct json *body, bool preview,
				    struct exception_draft *out, struct err *why);
/* {"would_hide":n,"sample":[alert ids],"of":n}: of the hits kept of the last 30 days in the scope. */
MUST_USE bool exception_preview_put(struct db *db, struct arena a, const struct scope *scope,
				    const struct exception_draft *draft, struct jsonw *w,
				    struct err *why);
/* It holds for what the role of `who` reaches, and for nothing else. */
MUST_USE bool exception_make(struct db *db, const struct actor *who,
			     const struct exception_draft *draft, char id[UUID_MAX],
			     struct err *why);
MUST_USE bool exception_remove(struct db *db, const struct actor *who, struct str id,
			       struct err *why);
/* {"items":[{id,rule,fields,reason,owner,created,expires,hidden,active,unit,site}],"next":null}: of
 * those in the scope. */
MUST_USE bool exception_list_put(struct db *db, struct arena a, const struct scope *scope,
				 struct jsonw *w, struct err *why);
/* One of these items. */
MUST_USE bool exception_item_put(struct db *db, struct arena a, struct str id, struct jsonw *w,
				 struct err *why);
/* Those that hold now and for everything, for the detector: fn(ctx, id, rule, fields as JSON object, expires). */
MUST_USE bool exception_each(struct db *db, int64_t now,
			     bool (*fn)(void *ctx, struct str id, struct str rule,
					struct str fields_json, int64_t expires),
			     void *ctx, struct err *why);

#endif
