/* SPDX-License-Identifier: Apache-2.0 */
/* result_int.h - what a measure came to, and how it is kept; shared by the files of this room. */
#ifndef GOVERN_RESULT_INT_H
#define GOVERN_RESULT_INT_H

#include "base/uuid.h"
#include "govern/evaluate.h"
#include "govern/govern.h"

/* An evaluation that was not repeated for so long says nothing any more. */
#define RESULT_LASTS (10 * TIME_MINUTE)

struct result {
	enum verdict verdict;
	int64_t n, of;       /* checks that are met, that are judged */
	int64_t age;         /* µs, of the oldest data judged; TIME_NONE: none */
	struct both reason;  /* in the arena */
	struct str evidence; /* JSON array */
	int64_t at, checked; /* since when, last looked at */
	int64_t ledger;      /* of the last change; 0: none */
};

struct attestation {
	struct str statement, by; /* by: shown to people */
	int64_t at, expires;      /* TIME_NONE: there is none */
	int64_t ledger;
};

struct look; /* look_int.h */

/* One measure of one directive for one unit, at a moment. */
struct subject {
	struct db *db;
	const char *unit;
	const struct directive *d;
	const struct measure *m;
	int64_t now;
	const struct look *part; /* of a part: looked at now; NULL: what is kept of the whole */
};
/* Whose measures one sees: those of our own unit; for a role over a part, that part's. */
MUST_USE bool result_unit(struct db *db, const struct scope *scope, char unit[UUID_MAX],
			  struct err *why);
/* The newest kept result; ERR_ABSENT: never evaluated. */
MUST_USE bool result_get(const struct subject *s, struct arena *a, struct result *out,
			 struct err *why);
/* Keep it: a new row when verdict or counts changed, with a ledger entry when the verdict did.
 * *changed: it did. */
MUST_USE bool result_put(const struct subject *s, struct arena scratch, const struct result *r,
			 bool *changed, struct err *why);
/* The newest one that holds now; expires TIME_NONE: there is none. */
MUST_USE bool attestation_get(const struct subject *s, struct arena *a, struct attestation *out,
			      struct err *why);

/* As it may be shown: an old evaluation and an ended attestation are unknown. */
MUST_USE bool result_shown(const struct subject *s, struct arena *a, struct result *out,
			   struct attestation *by, struct err *why);

/* That a person's word holds until then, the day as it is written in Vietnam. */
void reason_attested(int64_t expires, struct err *out);
/* A reason in both languages, in `a`. */
struct both reason_both(struct arena *a, const struct err *reason);
/* A message id without conversions, in both languages. */
struct both both_of(const char *id);
void both_put(struct jsonw *w, const char *key, struct both b);
/* {"state":"unknown","reason":{..}} */
void unknown_put(struct jsonw *w, const char *key, const char *reason);

/* One measure as the API has it; evidence left out for the board. */
void measure_put(struct jsonw *w, const struct measure *m, const struct result *r,
		 const struct attestation *by, int64_t now, bool with_evidence);

#endif
