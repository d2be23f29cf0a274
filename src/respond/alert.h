/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alert.h - alerts as people see and work them: lists, one alert, triage, by hand, many at once.
 *
 * States: new -> acknowledged -> verified_true or verified_false -> handled. A step may be skipped
 * forwards, what it implies is done with it (a verdict acknowledges); back only from a verdict to the
 * other one, and by undoing one's own last step within ten minutes. A verdict needs a reason, on high and critical an action too. Times are µs UTC.
 * The JSON written here is that of docs/openapi.yaml.
 */
#ifndef RESPOND_ALERT_H
#define RESPOND_ALERT_H

#include "base/json.h"
#include "respond/respond.h"

enum { ALERT_PAGE_MAX = 1000, ALERT_CURSOR_MAX = 96, ALERT_BULK_MAX = 500 };

struct alert_wish {
	struct str state, severity; /* one or several with commas; empty: all */
	struct str assignee;        /* a user's id, "none"; empty: all */
	struct str q;       /* words, all of which must begin a word of the alert; empty: all */
	int64_t from, to;   /* last_seen, both included; TIME_NONE: open */
	int exercise;       /* 0 no exercises, 1 only exercises, -1 both */
	bool by_clock;      /* the most urgent first; else the newest last_seen first */
	uint32_t limit;     /* 1..ALERT_PAGE_MAX; 0: 100 */
	struct str cursor;  /* empty, or `next` of the page before of the same wish */
	struct scope scope; /* only alerts that it reaches; zero: all */
};
/* {"items":[...],"next":..,"counts":{"state":{},"severity":{}}}; counts are of all alerts in the scope
 * that are no exercise, `severity` of the open ones. ERR_INPUT: a bad filter or cursor. */
MUST_USE bool alert_list_put(struct db *db, struct arena a, const struct alert_wish *wish,
			     struct jsonw *w, struct err *why);
/* The same counts: all by state, the open ones by severity. */
enum { ALERT_TOTALS = 5 };
struct alert_totals {
	struct alert_total {
		struct str name;
		int64_t n;
	} state[ALERT_TOTALS], open[ALERT_TOTALS];
};
MUST_USE bool alert_totals(struct db *db, const struct scope *scope, struct alert_totals *out,
			   struct err *why);
/* One item as in the list (for the stream). */
MUST_USE bool alert_item_put(struct db *db, struct arena a, struct str id, struct jsonw *w,
			     struct err *why);
/* The item with guide, history, events, exception and etag; *version is what If-Match names.
 * ERR_ABSENT: no such alert in the scope. */
struct alert_ask {
	struct str id;
	struct scope scope; /* zero: everything */
};
MUST_USE bool alert_detail_put(struct db *db, struct arena a, const struct alert_ask *ask,
			       struct jsonw *w, int64_t *version, struct err *why);
/* How many alerts in the scope each rule opened or fed since `since`. */
struct rule_taker {
	void (*fn)(void *ctx, struct str rule, int64_t n);
	void *ctx;
};
MUST_USE bool alert_rule_counts(struct db *db, const struct scope *scope, int64_t since,
				const struct rule_taker *taker, struct err *why);
/* How often a list hit in alerts of the scope. */
MUST_USE bool alert_list_hits(struct db *db, const struct scope *scope, const char *list,
			      int64_t *out, struct err *why);

/* --- triage --- */

/* p == NULL: not asked for. Several may come at once; they are one step each, one transaction. */
struct alert_patch {
	struct str state; /* "acknowledged", "handled", "new" is refused */
	bool has_assignee;
	struct str assignee; /* a user's id; empty: nobody */
	struct str comment;
	struct str verdict; /* "true", "false" */
	struct str reason, action;
	bool undo;          /* take back one's own last step; nothing else may come with it */
	int64_t if_version; /* what If-Match names; < 0: whatever it is */
};
/* From the body of PATCH; unknown members are refused, if_version is -1. Views live as long as
 * `body`. */
MUST_USE bool alert_patch_parse(const struct json *body, struct alert_patch *out, struct err *why);

struct alert_changed {
	int64_t version;
	bool stale; /* refused (ERR_STATE) because if_version is not the alert's: 412 */
};
/* *out is set also on failure. */
MUST_USE bool alert_change(struct db *db, const struct actor *who, struct str id,
			   const struct alert_patch *patch, struct alert_changed *out,
			   struct err *why);
/* Body of POST /alerts/bulk {"ids":[],"patch":{}}: each alert its own transaction. Writes
 * {"done":[],"failed":[{"id","code"}]}; codes not_found, invalid, conflict, busy. */
MUST_USE bool alert_bulk_put(struct db *db, struct arena a, const struct actor *who,
			     const struct json *body, struct jsonw *w, struct err *why);

/* --- by hand --- */

struct alert_draft {
	struct str title, severity, channel; /* "telephone", "letter", "soc" */
	struct str host, description;        /* may be empty */
	int64_t observed;                    /* when it was seen; TIME_NONE: now */
	struct str unit, site;               /* ids; empty: where its maker's role is held */
};
/* From the body of POST /alerts. */
MUST_USE bool alert_draft_parse(const struct json *body, struct alert_draft *out, struct err *why);
MUST_USE bool alert_make(struct db *db, const struct actor *who, const struct alert_draft *draft,
			 char id[UUID_MAX], struct err *why);

#endif
