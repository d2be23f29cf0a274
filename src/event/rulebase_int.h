/* SPDX-License-Identifier: Apache-2.0 */
/* rulebase_int.h - the rules of a file with its types put in their place, and the tree made of them. */
#ifndef EVENT_RULEBASE_INT_H
#define EVENT_RULEBASE_INT_H

#include "base/arena.h"
#include "event/rulebase.h"

enum {
	RULES_MAX = 8192,
	RULES_MAX_BYTES = 4 << 20,
	TYPES_MAX = 128,
	RULE_NAMES_MAX = 1024,
	RULE_MAX_DEPTH = 256, /* literals and fields of one rule, each a step down the tree */
};

struct rules {
	char *text; /* rules, a line each, NUL behind; in the arena */
	size_t len, n;
	uint32_t line[RULES_MAX]; /* of the file, from 1 */
};

/*
 * A rule with %.:@x% becomes a rule for each row "type=@x:..." of that type, so that a type that fits in
 * one way and not in another is no matter of the tree. A type may use those above it. why->at is the line.
 */
MUST_USE bool rules_expand(struct arena *a, struct str text, const char *name, struct rules *out,
			   struct err *why);

enum rule_type {
	RULE_CHAR_TO,
	RULE_CHAR_SEP,
	RULE_FLOAT,
	RULE_IPV4,
	RULE_NUMBER,
	RULE_QUOTED,
	RULE_REST,
	RULE_STRING_TO,
	RULE_WHITESPACE,
	RULE_WORD,
	RULE_TYPES,
};

struct rule_node;

struct rule_field {
	struct str extra; /* of RULE_CHAR_*: bytes that end it; of RULE_STRING_TO: what ends it */
	struct rule_node *to;    /* never NULL */
	struct rule_field *next; /* tried after this one fails */
	uint32_t priority;
	uint16_t name; /* index, or RULE_NAMES_MAX: not kept */
	uint8_t type;
};

enum { RULE_MANY = 3, RULE_BYTES = 256 };

struct rule_literal {
	struct str text; /* at least a byte; no two of a node begin alike */
	struct rule_node *to;
	struct rule_literal *next;
	char first; /* of the text: to walk past without looking there */
};

struct rule_node {
	struct rule_literal *literals;
	/* of a node with many: by its first byte; NULL: the list is as fast */
	struct rule_literal **by_byte;
	struct rule_field *fields;
	struct str *tags; /* n_tags of them */
	uint16_t n_tags;
	bool ends; /* a rule */
};

struct rulebase {
	struct arena whole; /* owned: all of it */
	struct rule_node root;
	size_t n_names;
	struct rule_name names[RULE_NAMES_MAX];
};

/* Once all rules stand in the tree: make it quick to walk. False: no memory. */
MUST_USE bool rulebase_index(struct rule_node *node, struct arena *a);
/* Put the rule "rule=TAGS:..." into the tree. False: *why without the line. */
MUST_USE bool rulebase_add(struct rulebase *r, struct arena *a, struct str rule, struct err *why);

#endif
