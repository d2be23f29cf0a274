/* SPDX-License-Identifier: Apache-2.0 */
/* undo_int.h - taking back one's own last act on an alert, within ten minutes. */
#ifndef RESPOND_UNDO_INT_H
#define RESPOND_UNDO_INT_H

#include "respond/alert_int.h"

/* Sets what triage sets of `row` as it was before, and adds the step "undone". ERR_STATE: there is
 * nothing, or it is somebody else's or too old. Inside a transaction. */
MUST_USE bool alert_undo(struct db *db, struct alert_row *row, const char *actor, int64_t now,
			 struct err *why);

#endif
