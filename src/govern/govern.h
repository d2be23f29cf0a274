/* SPDX-License-Identifier: Apache-2.0 */
/*
 * govern.h - evaluate the measures of the directives, keep the results, attest what no machine sees.
 *
 * A measure is met only when every check of it is; failed when one is; unknown when one is and none
 * failed. Never met by default: without data, with old data, with a failed control test, without a
 * known denominator a check is unknown. A person may attest a measure whose checks are unknown; that
 * shows as attested, never as met, does not cover a failed check, and ends. Changes of state are
 * ledger entries.
 */
#ifndef GOVERN_GOVERN_H
#define GOVERN_GOVERN_H

#include "base/json.h"
#include "govern/directive.h"
#include "state/db.h"

/* Evaluate all and keep what changed. Called about once a minute by the one process that writes the
 * state; a transaction of its own. *changed (may be NULL): how many measures changed their state. */
MUST_USE bool govern_tick(const struct govern_view *v, const struct directives *all,
			  const struct live_facts *live, size_t *changed, struct err *why);

/* Attest a measure until `expires` (at most 92 days). ERR_ABSENT: no such measure; ERR_INPUT: no
 * statement or a bad end. Body of POST .../attest: {"statement","expires"}. */
MUST_USE bool govern_attest(const struct govern_view *v, const struct directive *d,
			    struct str measure, const struct json *body, const char *actor,
			    struct err *why);

/*
 * Minutes in which canh saw nothing although it should have. Called once a minute with NULL when all
 * is well, else with the reason (a stable word). The minutes since the last call are blind too, with
 * the reason "stopped". Its own transaction.
 */
MUST_USE bool blind_beat(struct db *db, int64_t now, const char *reason, struct err *why);
/*
 * Minutes in which nothing was taken in (since 1970, both included), to be hunted afterwards: what came
 * in later of that time was judged as it came, and is counted. Minutes in which records were taken in
 * but not judged, or by rules that failed their control test, are none of these.
 */
struct blind_span {
	int64_t from, to;
};
/* The oldest span not hunted yet that ended before `until`; false in *found: there is none. */
MUST_USE bool blind_pending(struct db *db, int64_t until, struct blind_span *out, bool *found,
			    struct err *why);
/* It was hunted now: so many records of that time came in, and were judged. */
MUST_USE bool blind_hunted(struct db *db, const struct blind_span *span, int64_t records,
			   int64_t now, struct err *why);

/*
 * Own public ranges against one list of kind infected, after an import or a change of the ranges:
 * what of the list lies in them. An address that is gone from a newer list stays open until a sweep
 * closes it; one that the same list no longer gives is withdrawn.
 */
struct own_check {
	struct str list;         /* its id */
	size_t ranges;           /* how many were declared; 0 is noted as "not declared" */
	const struct str *found; /* the addresses of the list that are ours */
	size_t n;
	int64_t now;
};
MUST_USE bool own_addresses_put(struct db *db, const struct own_check *check, struct err *why);

#endif
