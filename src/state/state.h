/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state.h - state.db of a data folder: opened in its newest form, our own unit, settings.
 *
 * One process writes it (desk, or a command when nothing serves the folder).
 */
#ifndef STATE_STATE_H
#define STATE_STATE_H

#include "base/uuid.h"
#include "state/db.h"

/* DIR/state.db. DB_CREATE makes it, brings it to the newest form and makes our own unit; the others
 * fail with ERR_STATE unless it has that form. A newer form is always refused. crypt_init() first.
 * NULL and *why on failure. */
struct db *state_open(const char *dir, enum db_access access, struct err *why);

/* The unit this installation belongs to: the one without a parent. */
MUST_USE bool state_unit(struct db *db, char out[UUID_MAX], struct err *why);

/* A setting of our own unit: its JSON in `a`, or the empty view when it was never set. */
MUST_USE bool state_setting(struct db *db, struct arena *a, const char *name, struct str *out,
			    struct err *why);
MUST_USE bool state_setting_put(struct db *db, const char *name, struct str json, const char *actor,
				struct err *why);

#endif
