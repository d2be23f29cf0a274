/* SPDX-License-Identifier: Apache-2.0 */
/*
 * directive.h - dispatches as content/directives/ holds them: the document, its slip, letters,
 * contacts, and the measures with their checks.
 *
 * The loader reads YAML as hostile text, never logs, and names the line of a fault (why->at). What it
 * gives is immutable and lives in the arena that was given: safe from any thread.
 */
#ifndef GOVERN_DIRECTIVE_H
#define GOVERN_DIRECTIVE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/jsonw.h"
#include "base/time.h"
#include "state/scope.h"

struct metric; /* govern/metrics.h */

struct both { /* one text in two languages */
	struct str vi, en;
};

enum compare { IS_GE, IS_LE, IS_EQ, IS_SHOWN /* shown, not judged */ };

struct check {
	struct str name; /* of the metric */
	const struct metric
		*metric;          /* NULL: this program has no such metric, `lacks` says what for */
	struct both title, lacks; /* of the file; where metric is NULL both are given */
	struct str is;            /* ">= 1.0" as written */
	enum compare compare;
	double bound;
	int64_t within, fresh, list_age; /* µs; TIME_NONE: not given, the metric's own */
	int64_t limit;                   /* µs, what is counted must be done in; TIME_NONE: none */
	struct str severity, list;       /* of: {severity: .., list: ..}; may be empty */
	uint32_t line;
};

enum { BIND_AGENCY = 1, BIND_PROVIDER = 2 };

struct measure {
	struct str id; /* "1.c" */
	struct both text;
	struct both brief; /* its name in a few words; the text where none is given */
	unsigned binds;    /* BIND_ bits */
	const struct check *checks;
	size_t n_checks;
};

struct contact {
	struct both name, note;
	struct str phone, hotline, email;
	int64_t verified_on; /* TIME_NONE: never */
	bool dialable;
};

struct letter {
	struct str number; /* empty: not numbered */
	struct str issuer;
	int64_t issued; /* TIME_NONE: not told */
	struct both subject, note;
};

struct slip_field {
	struct str name, value; /* names of Decree 30/2020, annex VI; empty: not filled */
};

struct directive {
	struct str id, number, symbol, type, issuer, place, signer, signer_post;
	struct str number_read; /* what character recognition made of the number; may be empty */
	struct both subject, number_note;
	int64_t issued, arrived; /* midnight UTC of the day; arrived may be TIME_NONE */
	int64_t control;         /* how old the rules' last passed control test may be */
	const struct str *addressees, *copies;
	size_t n_addressees, n_copies;
	const struct slip_field *slip;
	size_t n_slip;
	const struct letter *letters;
	size_t n_letters;
	const struct contact *contacts;
	size_t n_contacts;
	const struct measure *measures;
	size_t n_measures;
	char sha256[65]; /* of the file, hexadecimal */
};

struct directives {
	const struct directive *items; /* by id */
	size_t n;
};

enum { DIRECTIVE_MAX_BYTES = 1 << 20, DIRECTIVES_MAX = 256, MEASURE_CHECKS_MAX = 32 };

/* One file's text. */
MUST_USE bool directive_parse(struct arena *a, struct str yaml, struct directive *out,
			      struct err *why);
/* All *.yaml of a folder; on failure the message names the file and the line. */
MUST_USE bool directives_load(struct arena *a, const char *folder, struct directives *out,
			      struct err *why);
const struct directive *directive_find(const struct directives *all, struct str id);
const struct measure *measure_find(const struct directive *d, struct str id);
/* The value of a field of the slip; empty when it is not filled. */
struct str slip_value(const struct directive *d, const char *name);
/* Note in the state which files are in force, with a ledger entry for each that is new or changed. */
MUST_USE bool directives_note(struct db *db, const struct directives *all, struct err *why);

/*
 * What the state does not hold: the moving figures of the processes, as the JSON of the web room's
 * `live` ({"sources":[...],"self":{...},"processes":{}}, docs/openapi.yaml), and when they were taken.
 * Empty text: nothing is known.
 */
struct live_facts {
	struct str json;
	int64_t at;
};

/* Where and for when it is looked; a call takes what it needs of `a` and gives it back. */
struct govern_view {
	struct db *db;
	struct arena a;
	int64_t now;
	/* Zero: everything, as it was evaluated last. Of a part: looked at now, by `live`, which tells of
	 * its sources only; what no metric can tell of a part is unknown. */
	struct scope scope;
	struct live_facts live;
};

/* {"items":[{id,number,symbol,issuer,issued,subject}],"next":null}. */
void directive_list_put(const struct directives *all, struct jsonw *w);
/* GET /directives/{id}: measures as last evaluated. */
MUST_USE bool directive_put(const struct govern_view *v, const struct directive *d, struct jsonw *w,
			    struct err *why);
/* One measure of it. ERR_ABSENT: no such measure. */
MUST_USE bool directive_measure_put(const struct govern_view *v, const struct directive *d,
				    struct str measure, struct jsonw *w, struct err *why);

enum { HISTORY_DAYS_MAX = 40 };
struct span_wish {
	int64_t from, to;
};
/* GET /directives/{id}/history: {from,to,measures:[{id,spells:[{from,to,state,reason}]}]}. Between two
 * spells nothing is known. */
MUST_USE bool directive_history_put(const struct govern_view *v, const struct directive *d,
				    const struct span_wish *wish, struct jsonw *w, struct err *why);

#endif
