/* SPDX-License-Identifier: Apache-2.0 */
/* find_int.h - which alerts a page of a list shows, in order. */
#ifndef RESPOND_FIND_INT_H
#define RESPOND_FIND_INT_H

#include "respond/alert.h"

struct found {
	int64_t key; /* last_seen, or urgency */
	char id[UUID_MAX];
};

struct found_page {
	struct found *items;
	size_t n;
	char next[ALERT_CURSOR_MAX]; /* "" on the last page */
};
/* Up to wish->limit (0: 100) of them in `a`. A search by common words may give fewer, even none, and a
 * cursor to go on from. */
MUST_USE bool alerts_find(struct db *db, struct arena *a, const struct alert_wish *wish,
			  struct found_page *out, struct err *why);

#endif
