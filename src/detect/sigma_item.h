/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sigma_item.h - the detections of a Sigma rule: `field|modifier: value`, maps, lists, keywords.
 *
 * Sigma 2.1, "Detection" and "Modifiers". Input is a parsed YAML tree, hostile; never logs; all that is
 * made lives in the arena. why->at is the line of the fault.
 */
#ifndef DETECT_SIGMA_ITEM_H
#define DETECT_SIGMA_ITEM_H

#include "base/err.h"
#include "base/yaml.h"
#include "detect/names.h"
#include "detect/sigma_ast.h"
#include "detect/sigma_value.h"

struct sigma_ctx {
	struct arena *a;
	struct names *names;             /* field names, shared by all rules of a set */
	const struct placeholder *lists; /* for `expand` */
	size_t n_lists;
};

/* A search identifier: a map, a list of maps or keywords, or one keyword. NULL and *why. */
const struct node *sigma_detection(const struct sigma_ctx *c, const struct yml *v, struct err *why);

#endif
