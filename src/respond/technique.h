/* SPDX-License-Identifier: Apache-2.0 */
/*
 * technique.h - attack techniques by number, in our own words: content/techniques.yaml.
 *
 * The loader never logs and names the line of a fault (why->at). What it gives is immutable and lives
 * in the arena that was given: safe from any thread.
 */
#ifndef RESPOND_TECHNIQUE_H
#define RESPOND_TECHNIQUE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/jsonw.h"

struct technique {
	struct str id; /* "T1059", "T1059.001" */
	struct str name_vi, name_en, text_vi, text_en;
};
struct techniques {
	const struct technique *items; /* by id */
	size_t n;
};

MUST_USE bool techniques_parse(struct arena *a, struct str yaml, struct techniques *out,
			       struct err *why);
/* GET /techniques: {"items":[{id,name,text}],"next":null}; NULL: none. */
void techniques_put(const struct techniques *all, struct jsonw *w);

#endif
