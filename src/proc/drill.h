/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drill.h - an exercise, step by step: what the command and the page share.
 *
 * Every event carries the number of the exercise, which only this data folder knows; so all it makes is
 * marked, shown apart, and counts as a control test of the rules, never as an attack. The scenario is a
 * file of content/drills/. Whoever plays it pushes the events and waits; begun is what must be ended.
 */
#ifndef PROC_DRILL_H
#define PROC_DRILL_H

#include "base/buf.h"
#include "base/yaml.h"
#include "respond/control.h"

#include <pthread.h>

enum { DRILL_EXPECT_MAX = 64, DRILL_BODY_MAX = 16 << 20, DRILL_FOUND_WAIT_S = 25 };

struct drill {
	/* whose it is: set before drill_load() */
	struct db *db;
	pthread_mutex_t *lock; /* of db; NULL: nobody else uses it */
	const char *data;      /* the data folder */
	struct actor who;
	struct arena a; /* the caller's to release */

	const struct yml *scenario;
	char id[UUID_MAX], list[UUID_MAX]; /* "": not begun */
	int64_t begin;
	struct exercise_result result;
	int64_t before[DRILL_EXPECT_MAX]; /* hits of what must be found, from earlier exercises */
	bool found[DRILL_EXPECT_MAX];
};

MUST_USE bool drill_load(struct drill *d, const char *path, struct err *why);
/* "" where the scenario has none. */
struct str drill_title(const struct drill *d, enum lang lang);
/* Begin it and put the list of its invented control servers, which watch must load next. */
MUST_USE bool drill_begin(struct drill *d, struct err *why);
/* The events, as the body of a push of JSON lines. */
MUST_USE bool drill_events(struct drill *d, struct buf *body, struct err *why);
/* Look what of it was found by now; true when all was. */
MUST_USE bool drill_look(struct drill *d, struct err *why);
struct str drill_expected(const struct drill *d, size_t i, enum lang lang);
/* Whatever happened: it ends, its list goes, how it came out is kept. `played`: its events were taken. */
MUST_USE bool drill_end(struct drill *d, bool played, struct err *why);
/* How the last one came out, as JSON in `a`; empty: there was none. */
MUST_USE bool drill_last(struct db *db, struct arena *a, struct str *out, struct err *why);

#endif
