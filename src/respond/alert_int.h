/* SPDX-License-Identifier: Apache-2.0 */
/* alert_int.h - one alert's row, and the steps that change it; shared by the files of this room. */
#ifndef RESPOND_ALERT_INT_H
#define RESPOND_ALERT_INT_H

#include "respond/respond.h"
#include "state/ledger.h"

enum alert_state { AS_NEW, AS_ACKNOWLEDGED, AS_TRUE, AS_FALSE, AS_HANDLED, ALERT_STATES };
extern const struct str alert_state_names[ALERT_STATES];
extern const struct str severity_names[SEVERITIES]; /* by rank */
int alert_state_find(struct str name);              /* -1: none */

/* What triage and gathering look at and change. */
struct alert_row {
	char id[UUID_MAX];
	struct home home;
	int64_t number, version;
	enum alert_state state;
	int severity; /* rank */
	bool exercise;
	char assignee[UUID_MAX]; /* "": nobody */
	int64_t opened, first_seen, last_seen, count;
	int64_t ack_due, ack_done, handle_due, handle_done; /* TIME_NONE: none */
	char verdict[8];                                    /* "", "true", "false" */
};

/* ERR_ABSENT: no such alert. */
MUST_USE bool alert_row_get(struct db *db, struct str id, struct alert_row *out, struct err *why);
/* The newest alert of that key; ERR_ABSENT: none. */
MUST_USE bool alert_row_newest(struct db *db, struct str group_key, struct alert_row *out,
			       struct err *why);
/* Write what may change, a version further; `before` is the state that the counts know, -1: new. */
MUST_USE bool alert_row_put(struct db *db, struct alert_row *row, int before, int64_t now,
			    struct err *why);

/* A step in the history and in the ledger. `detail` is a JSON object; `fields` go to the ledger. */
struct alert_step {
	const char *act; /* "acknowledged": the ledger's kind is "alert.acknowledged" */
	const char *actor;
	int64_t at;
	struct str detail;
	const struct ledger_field *fields;
	size_t n_fields;
};
MUST_USE bool alert_step_put(struct db *db, const struct alert_row *row,
			     const struct alert_step *step, struct err *why);

/* A new row; everything that does not change later. */
struct alert_new {
	struct str group_key, title_vi, title_en;
	struct str rule, rule_title, rule_level, rule_kind; /* "sigma", "indicator", "manual" */
	struct str tags_json, matched, indicator, indicator_type, list, about_json, event_json;
	struct str channel, description;
	const struct home *home;
	int severity;
	bool exercise;
	int64_t first_seen, last_seen, now;
	const char *actor;
	const struct clocks *clocks; /* NULL: none are known */
};
/* Number, clocks, row, counts, words and the step "opened". */
MUST_USE bool alert_open(struct db *db, struct arena scratch, const struct alert_new *in,
			 struct alert_row *out, struct err *why);
/* A host or address of an alert; *fresh when it was not known to it. Also makes it a word. */
struct place {
	const char *alert, *kind; /* "host", "address" */
	struct str value;
	int64_t at;
};
MUST_USE bool alert_place(struct db *db, struct arena scratch, const struct place *p, bool *fresh,
			  struct err *why);

/* words.c: the words of `text`, folded; fn false stops. */
typedef bool word_fn(void *ctx, struct str word);
bool words_each(struct arena scratch, struct str text, word_fn *fn, void *ctx);
MUST_USE bool words_add(struct db *db, struct arena scratch, const char *alert, struct str text,
			struct err *why);

/* exception.c: does an active exception of the rule hold for these fields? Counts what it hides. */
struct json;
struct exception_try {
	struct str rule;
	const struct json *fields;
	const struct home *home; /* where the event comes from */
	int64_t now;
};
MUST_USE bool exception_hides(struct db *db, struct arena scratch, const struct exception_try *t,
			      bool *out, struct err *why);
/* Does the object hold all the values (case aside)? */
bool fields_hold(const struct json *fields, const struct json *want);

/* noisy.c: "exception" of the detail: {"rule","fields","would_hide"} or null; of what is in the scope. */
MUST_USE bool noisy_put(struct db *db, struct arena a, const struct scope *scope, struct str rule,
			struct jsonw *w, struct err *why);

/* control.c: pass the open test of that number; false in *out when there is none such. */
MUST_USE bool control_pass(struct db *db, struct str id, int64_t at, bool *out, struct err *why);
/* A heartbeat came from the sender of `source` at that time: a passed test, at most one in four hours. */
MUST_USE bool control_beat(struct db *db, struct str source, int64_t at, struct err *why);
/* Is that the running exercise? */
MUST_USE bool exercise_is(struct db *db, struct str id, int64_t at, bool *out, struct err *why);

#endif
