/* SPDX-License-Identifier: Apache-2.0 */
/*
 * metrics.h - everything a measure can be held to: one table in metrics.c.
 *
 * A query looks and says what it found, with where its denominator comes from and how old it is; it
 * judges nothing (evaluate.h does). What it cannot know it says with its reason: a metric never
 * invents a number.
 */
#ifndef GOVERN_METRICS_H
#define GOVERN_METRICS_H

#include "base/json.h"
#include "govern/directive.h"
#include "state/db.h"

/* Where a query looks. */
struct metric_look {
	struct db *db;
	struct arena scratch; /* copy it before use */
	const struct directive *directive;
	const struct check *check;
	const struct json *live; /* NULL: the processes did not tell */
	int64_t live_at, now;
	const char *unit;   /* our own */
	struct scope scope; /* of a part: `live` has its sources only; zero: everything */
};

enum { METRIC_LEDGER_MAX = 4 };

struct metric_found {
	bool known;         /* else `unknown` says why not */
	struct err unknown; /* a reason, to be rendered in the reader's language */
	const char *todo;   /* what to do about just that: a message id; NULL: the metric's own */
	double value;
	int64_t n, of;   /* n of so many; of: -1 where that cannot be told */
	int64_t at;      /* when it was so; TIME_NONE: it does not age (a document's fact) */
	int64_t list_at; /* age of the list behind it; TIME_NONE: no list is */
	/* What was looked at is less than was asked for: a bad result stands, a good one does not. */
	bool partial;
	struct err partly; /* why */
	bool has_detail;
	struct err detail;                 /* more about a result: which ones */
	int64_t ledger[METRIC_LEDGER_MAX]; /* entries that show it */
	size_t n_ledger;
};

/* What it says of a part of the units: nothing; the same as of the whole; by its scope. */
enum metric_parts { PARTS_NONE, PARTS_SAME, PARTS_OWN };
enum metric_unit { UNIT_SHARE, UNIT_COUNT, UNIT_MINUTES, UNIT_DAYS, UNIT_HOURS };

struct metric {
	const char *name;
	const char *title; /* a message id */
	enum metric_unit unit;
	int64_t fresh;      /* µs; where the check gives none */
	const char *source; /* what `of` counts: a message id; NULL: there is no such number */
	bool needs_control; /* worth nothing unless the rules' control test came back */
	bool empty_ok;      /* nothing to count is a fine answer (no alert was due) */
	enum { OF_NONE, OF_SEVERITY, OF_LIST } of;
	bool (*query)(const struct metric_look *look, struct metric_found *out, struct err *why);
	const char *todo,
		*link; /* what to do while it is unknown: a message id, a page; may be NULL */
	enum metric_parts parts;
	bool limited; /* a check may name the limit that it is held to: limit: PT15M */
};

extern const struct metric metrics[];
extern const size_t n_metrics;

/* NULL: there is no such metric. */
const struct metric *metric_find(struct str name);
/* Does the check name what this metric asks for (a severity, a list)? why->at is the line. */
MUST_USE bool metric_fits(const struct metric *m, const struct check *c, struct err *why);
/* "%", "minutes" ... as a message id. */
const char *metric_unit_name(enum metric_unit u);

#endif
