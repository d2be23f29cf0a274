/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outbox.h - notices on their way: taken one by one, tried until they go or a day is over, with the
 * receipt of each.
 *
 * A notice is marked as being sent before it is handed over. Whoever is stopped in between cannot know
 * whether it went: it is sent once more under the same id and marked as in doubt. So is one whose end
 * could not be recorded, OUTBOX_LEASE after it was taken. Each call is a transaction of its own.
 */
#ifndef EXCHANGE_OUTBOX_H
#define EXCHANGE_OUTBOX_H

#include "base/jsonw.h"
#include "base/msg.h"
#include "base/uuid.h"
#include "state/db.h"

enum { OUTBOX_PAGE_MAX = 1000 };
#define OUTBOX_TRIED_FOR TIME_DAY
#define OUTBOX_LEASE (5 * TIME_MINUTE) /* longer than any try lasts */

enum channel { BY_MAIL, BY_WEBHOOK };
const char *channel_name(enum channel c);

struct outgoing {
	bool found; /* else nothing is due */
	char id[UUID_MAX];
	int64_t number, count, attempts; /* attempts: with this one */
	struct str kind, severity;       /* severity: empty for a test */
	struct str target, lang;         /* an address, or a webhook's id */
	bool exercise;
	int64_t alert, opened; /* the first alert that nobody has acknowledged */
};
/* The next one that is due, marked as being sent; what was acknowledged meanwhile is dropped. */
MUST_USE bool outbox_take(struct db *db, struct arena *a, enum channel channel, int64_t now,
			  struct outgoing *out, struct err *why);

struct delivery {
	bool sent;
	bool doubt;         /* not sent, as far as is known; it may have gone */
	struct str receipt; /* sent: the last answer */
	struct err why;     /* else */
};
/* *state is static text: what became of it. */
MUST_USE bool outbox_settle(struct db *db, struct str id, const struct delivery *o, int64_t now,
			    const char **state, struct err *why);
/* How long after the nth attempt comes the next. */
int64_t outbox_wait(int64_t attempts);
/* At start: what was being sent is in doubt. *n: so many. */
MUST_USE bool outbox_restart(struct db *db, int64_t now, int64_t *n, struct err *why);

struct test_draft {
	enum channel channel;
	struct str target, name, contact, lang; /* contact: empty, none */
};
MUST_USE bool outbox_test(struct db *db, const struct test_draft *t, const char *actor,
			  char id[UUID_MAX], struct err *why);

/* --- for people --- */

struct notice_wish {
	struct str state; /* one or several with commas; empty: all */
	struct str alert; /* id; empty: all */
	struct str cursor;
	uint32_t limit;
};
struct notice_view {
	bool masked; /* addresses only as far as their host */
	enum lang lang;
};
/* {"items":[...],"next":..}, newest first. ERR_INPUT: no such state, bad cursor. */
MUST_USE bool notice_list_put(struct db *db, struct arena a, const struct notice_wish *wish,
			      struct notice_view view, struct jsonw *w, struct err *why);
/* ERR_ABSENT. */
MUST_USE bool notice_put(struct db *db, struct arena a, struct str id, struct notice_view view,
			 struct jsonw *w, struct err *why);

#endif
