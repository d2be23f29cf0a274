/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look_int.h - one look at the measures of a directive: of the whole house, which is kept, or of a part of
 * it for a role over that part, which is not.
 */
#ifndef GOVERN_LOOK_INT_H
#define GOVERN_LOOK_INT_H

#include "govern/result_int.h"

struct look {
	struct db *db;
	const struct directive *d;
	const struct json *live; /* NULL: the processes did not tell; of a part, what it reaches */
	int64_t live_at, now;
	const char *unit;
	struct scope scope; /* zero: everything */
	struct err *why;
	/* by look_ready() */
	unsigned kind; /* BIND_ bits of our own unit; 0: not declared */
	struct control_state control;
};

/* What it must know beforehand; `d` may be NULL. */
MUST_USE bool look_ready(struct look *io);
/* Every check of a measure; texts of *out lie in `a`. */
MUST_USE bool look_measure(const struct look *t, struct arena *a, const struct measure *m,
			   const struct attestation *by, struct result *out);

/* Whose measures a view shows, and for a role over a part the look at them; end it in any case. */
struct view_look {
	char unit[UUID_MAX];
	const struct look *part; /* NULL: what is kept of the whole */
	struct look look;
	struct json *facts; /* owned */
};
MUST_USE bool view_look_begin(struct view_look *l, const struct govern_view *v,
			      const struct directive *d, struct err *why);
void view_look_end(struct view_look *l);

#endif
