/* SPDX-License-Identifier: Apache-2.0 */
/* board_int.h - what the files that put the board share. */
#ifndef GOVERN_BOARD_INT_H
#define GOVERN_BOARD_INT_H

#include "govern/board.h"
#include "govern/result_int.h"

enum { BOARD_TASKS = 3 };

struct board {
	struct db *db;
	struct arena a;
	const struct directive *d; /* NULL: none is loaded */
	const struct json *live;   /* NULL: nothing is known */
	int64_t now;
	char unit[UUID_MAX];
	struct scope scope;
	const struct look *part; /* for a role over a part: measures are looked at now */
	struct jsonw *w;
	struct err *why;
	/* of the measures, once they were put */
	size_t n_failed;
	const struct measure *failed[BOARD_TASKS];
	struct both failed_why[BOARD_TASKS];
};

/* Open alerts whose clocks end first: id, urgency, title_vi, title_en, assignee's name, severity,
 * matched text, first host. */
struct db_rows *board_urgent(struct board *b, int64_t limit);
/* The last control test, of the rules or of the doors, under `key`; null when there was none. */
MUST_USE bool board_put_control(struct board *b, const char *key, bool rules);
/* The tile "duty". */
MUST_USE bool board_duty(struct board *b);
/* "notices": how alerts reach people; what was given up today is the first thing to do. */
MUST_USE bool board_notices(struct board *b);
MUST_USE bool board_given_up(struct board *b, int64_t *n);
/* The tile "machines". */
MUST_USE bool board_machines(struct board *b);
/* The tile "sources". */
MUST_USE bool board_sources(struct board *b);
/* Three things to do now; the measures were put before. */
MUST_USE bool board_put_tasks(struct board *b);

#endif
