/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness.h - heads of the ledger kept where this machine cannot change them afterwards.
 *
 * A witness file is text, one head a line (state/head.h), newest last; other lines are left alone.
 */
#ifndef STATE_WITNESS_H
#define STATE_WITNESS_H

#include "state/ledger.h"

/* The heads in `text`, in `a`; *skipped lines were neither heads nor empty. Fails on a line that
 * begins like a head and is none; why->at is the line. */
MUST_USE bool witness_parse(struct arena *a, struct str text, struct head **out, size_t *nout,
			    size_t *skipped, struct err *why);

/* Append one head to the file `path`, synced. */
MUST_USE bool witness_append(const char *path, const struct head *h, struct err *why);
/* Append the newest head to the file `path`, synced; remember the attempt in the state. Not inside a
 * transaction. ERR_ABSENT while there is no head. */
MUST_USE bool witness_write(struct db *db, const char *path, struct err *why);
/* `target` asked for the newest head while it held the one of `size`: remembered once a minute,
 * for a week. */
MUST_USE bool witness_heard(struct db *db, const char *target, int64_t size, struct err *why);
/* When a head was last handed to any witness; TIME_NONE: never. */
MUST_USE bool witness_last(struct db *db, int64_t *at, struct err *why);

#endif
