/* SPDX-License-Identifier: Apache-2.0 */
/*
 * respond.h - what the calls of this room share: who acts, and the clocks that alerts run against.
 *
 * Every call that changes something is one transaction of its own and writes the ledger; none may be
 * made inside a transaction. ERR_ABSENT: no such thing; ERR_INPUT: bad text or a missing part;
 * ERR_STATE: not from this state, or changed by another. `db` has its ledger attached. One thread a
 * connection.
 */
#ifndef RESPOND_RESPOND_H
#define RESPOND_RESPOND_H

#include "base/jsonw.h"
#include "base/time.h"
#include "base/uuid.h"
#include "state/scope.h"

/* Who acts. Views must live as long as the call. */
struct actor {
	const char *actor;  /* "user:ID", "token:ID" or "canh" */
	struct str user;    /* the user's id; empty for a token and for canh */
	struct str name;    /* shown to people; may be empty */
	struct scope scope; /* what he reaches; zero: everything */
};

enum { SEVERITIES = 5 }; /* informational, low, medium, high, critical */
/* "critical" ... as detect/ names them; -1 for anything else. */
int severity_rank(struct str name);

/* "12/2026": the number of an alert as people know it. */
enum { ALERT_NUMBER_MAX = 32 };
const char *alert_number_text(int64_t number, char out[ALERT_NUMBER_MAX]);

/*
 * Thresholds of alerts, from content/clocks.yaml; kept as the setting "clocks", so that every
 * connection sees the same. TIME_NONE: no such clock for that severity.
 */
struct clocks {
	int64_t acknowledge[SEVERITIES], handle[SEVERITIES]; /* µs from opening */
	int64_t gather; /* an open alert takes hits that come no later than this after its last */
	int64_t noisy_n,
		noisy_within; /* so many hits of one rule on the same values in that time */
};
/* Read the YAML text; why->at is the line. */
MUST_USE bool clocks_parse(struct arena scratch, struct str yaml, struct clocks *out,
			   struct err *why);
/* Keep them in the state, with a ledger entry when they changed. */
MUST_USE bool clocks_put(struct db *db, const struct clocks *c, const char *actor, struct err *why);
/* ERR_ABSENT when none were ever kept. */
MUST_USE bool clocks_get(struct db *db, struct clocks *out, struct err *why);

#endif
