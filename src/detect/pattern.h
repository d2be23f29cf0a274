/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pattern.h - a Sigma string: text with wildcards, its transformations, and matching it to a value.
 *
 * Sigma 2.1, "String Wildcard" and "Escape Character": '*' is any text, '?' one character; '\' escapes
 * only '*', '?' and '\' and stands for itself everywhere else. A pattern is an immutable list of pieces
 * in an arena. Rule text and values are hostile; matching never allocates, and its time is bounded by
 * the product of the lengths. Functions that take an arena return false when it is full.
 */
#ifndef DETECT_PATTERN_H
#define DETECT_PATTERN_H

#include "base/arena.h"

enum piece_kind {
	PIECE_TEXT,
	PIECE_ANY,  /* '*' */
	PIECE_ONE,  /* '?': one code point, or one byte that is none */
	PIECE_DASH, /* of `windash`: - / U+2013 U+2014 U+2015 */
};

struct piece {
	enum piece_kind kind;
	struct str text; /* PIECE_TEXT */
};

struct pattern {
	const struct piece *piece;
	size_t n;
};

/* Strings of a rule: unescape and find the wildcards. Pieces are copies in `a`. */
MUST_USE bool pattern_parse(struct arena *a, struct str text, struct pattern *out);
/* No wildcards: `text` as it is; a view. */
MUST_USE bool pattern_literal(struct arena *a, struct str text, struct pattern *out);
/* Put PIECE_ANY before and behind, where there is none yet. */
MUST_USE bool pattern_open(struct arena *a, const struct pattern *p, bool front, bool back,
			   struct pattern *out);
/* The modifier `windash`: a '-' or '/' at the start of a flag (\B[-/]\b) becomes PIECE_DASH. */
MUST_USE bool pattern_windash(struct arena *a, const struct pattern *p, struct pattern *out);
/* Fold the case of all text (base/utf8.h). */
MUST_USE bool pattern_fold(struct arena *a, const struct pattern *p, struct pattern *out);

bool pattern_has_wildcard(const struct pattern *p); /* '*' or '?' */
/* The number of bytes that any match must hold. */
size_t pattern_weight(const struct pattern *p);
/* Does the whole value match? For a folded pattern hand in the folded value. */
bool pattern_match(const struct pattern *p, struct str value);

#endif
