/* SPDX-License-Identifier: Apache-2.0 */
/*
 * snippets.h - what is pasted on a sender so that its log comes here: content/snippets.yaml.
 *
 * The loader never logs and names the line of a fault (why->at). A text may hold {{host}}, {{port}},
 * {{url}}, {{name}} and {{token}}, which the page fills in; any other name in such brackets is a fault.
 */
#ifndef WEB_SNIPPETS_H
#define WEB_SNIPPETS_H

#include "base/arena.h"
#include "base/err.h"

/* *out: the body of GET /snippets, in `a`. */
MUST_USE bool snippets_parse(struct arena *a, struct str yaml, struct str *out, struct err *why);

#endif
