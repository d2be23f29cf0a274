/* SPDX-License-Identifier: Apache-2.0 */
/*
 * duty_row.h - the duty roster: who stands on which post from when to when.
 *
 * A shift is never changed, but made, taken back before it begins, or ended while it runs. Each
 * change is a transaction of its own with its ledger entry; shift_add_in() is made inside the caller's.
 */
#ifndef STATE_DUTY_ROW_H
#define STATE_DUTY_ROW_H

#include "base/uuid.h"
#include "state/db.h"

enum { SHIFTS_MAX = 20000, SHIFT_NOTE_MAX = 500 };
#define SHIFT_LONGEST (7 * TIME_DAY)

enum post { POST_WATCH, POST_SECOND, POST_LEAD, POSTS };
const char *post_name(enum post p);
MUST_USE bool post_parse(struct str name, enum post *out);

struct shift {
	char id[UUID_MAX], person[UUID_MAX];
	bool user; /* the person has an account */
	enum post post;
	int64_t from, to, entered;
	struct str name, phone, note; /* p == NULL: none */
};

/* Those of [from, to), by their begin, in `a`. ERR_LIMIT: more than SHIFTS_MAX. */
struct shifts {
	struct shift *at;
	size_t n;
};
MUST_USE bool shift_list(struct db *db, struct arena *a, int64_t from, int64_t to,
			 struct shifts *out, struct err *why);
MUST_USE bool shift_get(struct db *db, struct arena *a, struct str id, struct shift *out,
			struct err *why);

struct shift_draft {
	struct str person; /* id of a contact or an account */
	enum post post;
	int64_t from, to;
	struct str note; /* may be empty */
};
/* ERR_INPUT: it ends before it begins, or lasts too long. */
MUST_USE bool shift_times_check(int64_t from, int64_t to, struct err *why);
/* ERR_ABSENT: no such person; ERR_STATE: he stands on that post at that time already. */
MUST_USE bool shift_add(struct db *db, const struct shift_draft *is, const char *actor,
			char id[UUID_MAX], struct err *why);
MUST_USE bool shift_add_in(struct db *db, const struct shift_draft *is, const char *actor,
			   char id[UUID_MAX], struct err *why);
/* ERR_ABSENT; ERR_STATE: it is over. */
MUST_USE bool shift_remove(struct db *db, struct str id, int64_t now, const char *actor,
			   struct err *why);
/* Since when a roster is kept: when the first shift was entered. TIME_NONE: never. */
MUST_USE bool shift_since(struct db *db, int64_t *out, struct err *why);

#endif
