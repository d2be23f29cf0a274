/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notes.h - what the parent saw and desk must keep: small JSON files in run/notes of the data folder.
 *
 * The parent writes each whole and synced; desk takes it into the state, with an entry of the ledger,
 * and then removes it. So nothing is forgotten when desk is away, or when both end at once. A note is
 * one object; "note" says which: "gap" (proc/gaps.c), "aside" (proc/aside.c).
 */
#ifndef PROC_NOTES_H
#define PROC_NOTES_H

#include "base/arena.h"
#include "base/err.h"

enum { NOTES_MAX = 1000, NOTE_BYTES = 1 << 20 };

/* Write one; beyond NOTES_MAX that nobody took the oldest is given up, *gone then says so. */
MUST_USE bool note_put(struct str data, struct str json, bool *gone, struct err *why);
/* The oldest note: its name (the same until it is removed) and text, in `a`. ERR_ABSENT: there is none. */
MUST_USE bool note_first(struct arena *a, struct str data, struct str *name, struct str *json,
			 struct err *why);
MUST_USE bool note_remove(struct str data, struct str name, struct err *why);

#endif
