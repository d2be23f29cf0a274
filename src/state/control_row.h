/* SPDX-License-Identifier: Apache-2.0 */
/*
 * control_row.h - what became of control tests: of the rules, of a door, of a source.
 *
 * Made and judged by respond/control.h; read here by whoever shows or counts them.
 */
#ifndef STATE_CONTROL_ROW_H
#define STATE_CONTROL_ROW_H

#include "base/time.h"
#include "state/db.h"

/* Of the rules; of a door, by canh's own event; of a source, by its sender's heartbeat. */
enum control_kind { CONTROL_RULES, CONTROL_DOOR, CONTROL_SOURCE, CONTROL_KINDS };
extern const char *const control_kind_names[CONTROL_KINDS];

/* How tests of one subject went. TIME_NONE: never. */
struct control_past {
	int64_t sent, passed, failed;
	char reason[16]; /* of the last failure: "unsent" "lost" "unfound" "no_beat"; or empty */
	char vi[200], en[200]; /* and more about it; may be empty */
};
extern const struct control_past control_never;

MUST_USE bool control_last(struct db *db, enum control_kind kind, struct str subject,
			   struct control_past *out, struct err *why);
/* Has failed, and not passed since? */
bool control_failed(const struct control_past *p);
/* When the next one is due after one that was sent: `again` after a failure, and after the try that still runs. */
int64_t control_next(const struct control_past *p, int64_t every, int64_t again);

#endif
