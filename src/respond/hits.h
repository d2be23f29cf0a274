/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hits.h - copy hits from the store's day files into alerts, each exactly once.
 *
 * A hit is named (day, batch, n); how far was copied stands in the state and moves in the same
 * transaction as the alerts, so that neither a crash nor a second call loses or doubles one.
 *
 * One rule over many hosts is one alert. An open alert takes further hits of its key while they come
 * within clocks.gather; a new host on an alert that already has its verdict opens a new alert. Medium
 * gathers by rule and day. Low and informational, and what an exception hides, is counted and makes no
 * alert. A canary that answers a control test passes it (control.h); what an exercise made is marked.
 * An event that merely says it is a canary or an exercise is believed only with the number of an open
 * test or of the running exercise, so that an attacker cannot hide behind the word.
 */
#ifndef RESPOND_HITS_H
#define RESPOND_HITS_H

#include "respond/respond.h"
#include "store/reader.h"

enum { HITS_PER_CALL = 256 };

/* The id under which watch notes that a record holds the word of a sender's heartbeat (the hit's text).
 * It passes a test of the very source it came from, and never makes an alert. */
#define HEARTBEAT_RULE "canh.heartbeat"

struct hits_taken {
	size_t hits; /* copied by this call; HITS_PER_CALL: call again at once */
	size_t controls, hidden, counted;
	size_t unread; /* hits whose event could not be read (damaged, gone): alerts all the same */
	const struct str *changed; /* ids of alerts made or changed, each once */
	size_t n_changed;
	int32_t n_gaps; /* days whose hits could not be read, and why the last could not: say it */
	struct err gap;
};
/* The next hits after what was copied; results in `a`. */
MUST_USE bool hits_take(struct db *db, struct store_reader *store, struct arena *a, int64_t now,
			struct hits_taken *out, struct err *why);

#endif
