/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify.h - read a whole ledger and say whether it holds, without its secret key.
 *
 * Whoever rules the machine can sign anything anew that no witness has seen: only heads kept
 * elsewhere (state/witness.h) prove that nothing is missing at the end.
 */
#ifndef STATE_VERIFY_H
#define STATE_VERIFY_H

#include "base/msg.h"
#include "state/ledger.h"

struct verify_wish {
	struct str fingerprint;     /* of the key that must have signed; empty: any one key */
	const struct head *witness; /* heads that a witness has kept, any order */
	size_t nwitness;
};

struct verify_report {
	int64_t entries, last_recorded;   /* TIME_NONE when there is none */
	int64_t heads, personal;          /* heads checked; personal values that are still there */
	int64_t witnessed, witnessed_at;  /* the largest witness head; 0 and TIME_NONE without */
	char fingerprint[HEAD_PRINT_MAX]; /* of the key; "" while nothing is signed */
};

/* False and *why for the first fault in the order of entries; why->at is the number of the entry,
 * or of the entry at whose size a head or witness does not fit. */
MUST_USE bool verify_ledger(struct db *db, const struct verify_wish *wish,
			    struct verify_report *out, struct err *why);
/* What was proved and what not, in one or two sentences; returns out. */
const char *verify_text(const struct verify_report *r, enum lang lang, char *out, size_t cap);

#endif
