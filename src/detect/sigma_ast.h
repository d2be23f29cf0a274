/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sigma_ast.h - a parsed Sigma condition: a tree of and, or, not over atoms; immutable, in an arena.
 *
 * What the parser makes and the reference evaluator and the compiler read. A detection that is named
 * twice in a condition is one node with two parents, so the tree is a DAG: never written through.
 */
#ifndef DETECT_SIGMA_AST_H
#define DETECT_SIGMA_AST_H

#include "detect/pattern.h"
#include "event/ranges.h"

struct regex; /* detect/regex.h */

enum { FIELD_ANY = UINT32_MAX }; /* keywords: any value, or the record as a whole */

enum atom_kind {
	ATOM_PATTERN,  /* the value matches `pattern`; keywords: holds it */
	ATOM_REGEX,    /* the value matches `regex` somewhere */
	ATOM_CIDR,     /* the value is an address within `range` */
	ATOM_COMPARE,  /* the value, or `part` of the time it tells, is `op` `number` */
	ATOM_EXISTS,   /* the field is there, whatever it holds */
	ATOM_NULL,     /* the field is not there or holds null */
	ATOM_FIELDREF, /* the value is (begins with, ends with, holds) that of `other` */
};

enum compare_op { CMP_EQ, CMP_LT, CMP_LTE, CMP_GT, CMP_GTE };
enum time_part { PART_NONE, PART_MINUTE, PART_HOUR, PART_DAY, PART_WEEK, PART_MONTH, PART_YEAR };

struct atom {
	uint8_t kind;     /* enum atom_kind */
	bool cased;       /* ATOM_PATTERN, ATOM_FIELDREF: case matters; else text is folded */
	bool front, back; /* ATOM_FIELDREF: anything may stand before, behind the other's value */
	uint8_t op, part; /* ATOM_COMPARE: enum compare_op, enum time_part */
	uint32_t field;   /* number in the rule set's names, or FIELD_ANY */
	uint32_t other;   /* ATOM_FIELDREF */
	union {
		struct pattern pattern;
		struct {
			const struct regex *regex;
			const struct str *need; /* detect/regex_needs.h */
			size_t n_needs;
			struct str expression; /* as it is written, for people */
		};
		struct range range;
		double number;
	};
};

enum node_kind { NODE_AND, NODE_OR, NODE_NOT, NODE_ATOM };

struct node {
	enum node_kind kind;
	uint32_t n; /* of `kid`; 1 for NODE_NOT */
	union {
		const struct node *const *kid;
		const struct atom *atom;
	};
};

#endif
