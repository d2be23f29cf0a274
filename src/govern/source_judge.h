/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source_judge.h - how a source stands: heard or silent by its class, its way in proved or not. Pure.
 *
 * Two halves of the way are tested apart: canh's own control event goes through the door, and the
 * sender's heartbeat comes by the sender's way. Only where the door is the whole way (senders of this
 * machine, the drop folder) a passed door proves the source; else, without a heartbeat, it is unknown.
 */
#ifndef GOVERN_SOURCE_JUDGE_H
#define GOVERN_SOURCE_JUDGE_H

#include "govern/silence.h"
#include "state/control_row.h"

enum source_state {
	SOURCE_LIVE,
	SOURCE_SILENT,
	SOURCE_LOST,    /* its control test failed */
	SOURCE_NEVER,   /* has sent nothing yet */
	SOURCE_OFF,     /* switched off as planned */
	SOURCE_UNKNOWN, /* it cannot be judged */
	SOURCE_STATES,
};
extern const char *const source_state_names[SOURCE_STATES];

enum proof { PROOF_PASSED, PROOF_FAILED, PROOF_UNKNOWN, PROOFS };
extern const char *const proof_names[PROOFS];

struct source_facts {
	enum source_class class;
	bool expected; /* it is to send again: not a file that was taken in once */
	bool no_door;  /* nothing that can be tested stays open for it */
	bool whole;    /* the door is the whole way */
	int64_t last_seen;
	int64_t off_until;
	struct str off_by;
	struct control_past door;
	int64_t beat_since; /* a heartbeat is expected since then; TIME_NONE: none is */
	struct control_past beat;
};

/* A sentence may be empty (id NULL): nothing is to be said. */
struct source_judged {
	enum source_state state;
	struct err reason, next; /* why, and what to do */
	enum proof proof;
	struct err proof_reason, proof_next;
	int64_t passed,
		failed; /* the last proof of the whole way; the last failure of a part of it */
	const struct control_past *part; /* that failed, in the facts; NULL: none did */
};

/* `policy` NULL: none could be loaded. */
void source_judge(const struct silence *policy, const struct zone *zone,
		  const struct source_facts *f, int64_t now, struct source_judged *out);

/* How the tests of the rules or of one door stand. */
struct control_judged {
	enum proof proof;
	struct err reason, next; /* empty where it passed */
};
void control_judge(const struct silence *policy, enum control_kind kind,
		   const struct control_past *past, int64_t now, struct control_judged *out);

#endif
