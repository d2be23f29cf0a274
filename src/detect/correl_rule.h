/* SPDX-License-Identifier: Apache-2.0 */
/*
 * correl_rule.h - one YAML document to a Sigma correlation rule.
 *
 * Sigma 2.1, "Sigma Correlation Rules"; value_median, extended conditions (an expression over the rules)
 * and spans of weeks, months and years as pySigma has them. Input is hostile; never logs; all that is
 * made lives in the arena of the context. The rules it names are found by rule_set_link().
 */
#ifndef DETECT_CORREL_RULE_H
#define DETECT_CORREL_RULE_H

#include "detect/sigma_rule.h"

enum {
	CORREL_MAX_RULES = 64, /* bits of a mask */
	CORREL_MAX_GROUP = 16,
	CORREL_MAX_FIELDS = 8,
	CORREL_MAX_ALIASES = 256,
	CORREL_MAX_TESTS = 6,
};

enum correl_type {
	CORREL_EVENT_COUNT,
	CORREL_VALUE_COUNT,
	CORREL_TEMPORAL,
	CORREL_ORDERED,
	CORREL_SUM,
	CORREL_AVG,
	CORREL_PERCENTILE,
	CORREL_MEDIAN,
	CORREL_TYPES,
};

enum correl_op { CORREL_GT, CORREL_GTE, CORREL_LT, CORREL_LTE, CORREL_EQ, CORREL_NEQ };
struct correl_test {
	uint8_t op; /* enum correl_op */
	double than;
};

/* In events of `rule`, what the correlation calls `alias` is `field`. */
struct correl_alias {
	struct str alias, rule, field;
};

struct sigma_correlation {
	struct rule_info info;
	uint8_t type;  /* enum correl_type */
	bool generate; /* the rules it names are told by themselves, too */
	bool at_end;   /* its condition can be false again: decided when the window has passed */
	bool share; /* CORREL_PERCENTILE without `percentile`: how much of all a value is, in percent */
	const struct str *rules, *group, *field; /* ids or names; fields of events, or aliases */
	size_t n_rules, n_group, n_fields;
	const struct correl_alias *alias;
	size_t n_aliases;
	int64_t span; /* µs */
	struct correl_test test[CORREL_MAX_TESTS];
	size_t n_tests; /* all must hold */
	double percentile;
	const struct node
		*expr; /* extended condition: atom.field is the number of the rule; or NULL */
};

/* On failure *out is untouched; why->at is the line. */
MUST_USE bool sigma_correlation_parse(const struct sigma_ctx *c, const struct yml *doc,
				      struct sigma_correlation *out, struct err *why);
/* Does the number satisfy all tests? */
bool correl_tests_hold(const struct sigma_correlation *x, double v);

#endif
