/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaml.h - YAML text (rules, content, settings) as a read-only tree, by libyaml.
 *
 * Input is hostile: size, depth and number of nodes are capped; aliases, foreign tags, keys that are
 * not scalars and duplicate keys are refused. Never logs. The tree and all its text live in the arena
 * that was given; the input may go. Errors carry the line (from 1) in why->at.
 * Getters take NULL and wrong kinds and answer NULL, empty or false, so that paths can be chained:
 * yml_str(yml_get(yml_get(doc, "logsource"), "category")). A tree is immutable: safe from any thread.
 */
#ifndef BASE_YAML_H
#define BASE_YAML_H

#include "base/arena.h"
#include "base/err.h"

enum {
	YML_MAX_BYTES = 8 << 20, /* of one text */
	YML_MAX_DEPTH = 32,
	YML_MAX_NODES = 1 << 19, /* of one text, all documents together */
	YML_MAX_DOCS = 4096,
};

enum yml_kind { YML_SCALAR, YML_SEQ, YML_MAP };

struct yml {
	enum yml_kind kind;
	bool quoted;             /* a scalar in quotes, as a block or tagged !!str: always text */
	uint32_t line, column;   /* where it begins, from 1 */
	uint32_t n;              /* children of a seq or map */
	struct str text;         /* of a scalar, decoded UTF-8 */
	struct str key;          /* of a child of a map; p == NULL for others */
	uint32_t key_line;       /* of a child of a map */
	const struct yml *first; /* first child of a seq or map */
	const struct yml *next;  /* next child of the same parent, or next document */
};

/*
 * Parse all documents of `text`; *out is the first (follow ->next), NULL when there is none.
 * An empty document is a scalar that is null.
 */
MUST_USE bool yml_parse(struct arena *a, struct str text, const struct yml **out, struct err *why);

const struct yml *yml_get(const struct yml *map, const char *key);
const struct yml *yml_at(const struct yml *seq, size_t i);
/* The text of a scalar that is not null, whatever it looks like; p == NULL for others. */
struct str yml_str(const struct yml *v);
/* Plain empty, ~, null, Null, NULL (core schema of YAML 1.2); false when v is NULL. */
bool yml_is_null(const struct yml *v);
/* Plain true, True, TRUE, false, ...; false when it is no such thing. */
bool yml_bool(const struct yml *v, bool *out);
/* Plain decimal; false when it is no such thing. */
bool yml_int(const struct yml *v, int64_t *out);
/* yml_str(yml_get(map, key)). */
struct str yml_get_str(const struct yml *map, const char *key);

/* for (const struct yml *c = yml_first(v); c != NULL; c = c->next): children, none for a scalar. */
const struct yml *yml_first(const struct yml *v);
/* Does every key of `map` stand in keys[n]? Else *why names the first that does not, with its line. */
MUST_USE bool yml_only(const struct yml *map, const char *const *keys, size_t n, struct err *why);

#endif
