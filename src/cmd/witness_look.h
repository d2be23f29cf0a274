/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness_look.h - one look of the witness at canh: what it says, and whether its ledger only grew.
 *
 * What canh answers is read as hostile: the witness is there for the day when canh is not to be trusted.
 */
#ifndef CMD_WITNESS_LOOK_H
#define CMD_WITNESS_LOOK_H

#include "state/head.h"

enum witness_state {
	WITNESS_WELL,
	/* no answer: told when it lasts */
	WITNESS_STOPPED, /* the machine answers, nothing listens there */
	WITNESS_CUT,     /* no way to the machine, or no word from it */
	/* an answer, told at once */
	WITNESS_FOREIGN,   /* not canh's certificate, not its key, or not its words */
	WITNESS_DENIED,    /* our token is not taken any more */
	WITNESS_DOWN,      /* one of its processes does not run */
	WITNESS_DISK,      /* less free than it must keep */
	WITNESS_CLOCK,     /* its clock and ours differ */
	WITNESS_REWRITTEN, /* its ledger did not grow out of what we hold */
	WITNESS_STATES
};

struct witness_ask {
	const char *url; /* of canh, without a path */
	const char *token, *ca_file;
	int64_t skew; /* µs that the clocks may differ */
};

struct witness_seen {
	enum witness_state state;
	int64_t skew;     /* theirs - ours, µs; 0 without an answer */
	bool grown;       /* `head` is newer than the one held, and was proved to grow out of it */
	struct head head; /* of use only when `grown` */
	struct err why;   /* what stood in the way, where there is more to say */
};

/* `held` NULL: no head is held yet; the first one is believed. `held->key` is the only key believed. */
void witness_look(const struct witness_ask *ask, const struct head *held, struct witness_seen *out);
/* The answer alone, for tests and the fuzzer: `body` as canh sent it when our clock said `now`. */
void witness_judge(struct str body, const struct head *held, int64_t now, int64_t skew,
		   struct witness_seen *out);

#endif
