/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guides.h - what to tell whoever is on duty about a list's hit, by the kind of the list:
 * content/guides.yaml.
 */
#ifndef PROC_GUIDES_H
#define PROC_GUIDES_H

#include "base/arena.h"
#include "base/err.h"
#include "detect/hit.h"

/* NULL where the file says nothing of a kind. In the arena it was read into. */
struct list_guides {
	const struct rule_guide *vi[LIST_KIND_N], *en[LIST_KIND_N];
};
/* why->at is the line. */
MUST_USE bool guides_parse(struct arena *a, struct str yaml, struct list_guides *out,
			   struct err *why);

#endif
