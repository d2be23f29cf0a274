/* SPDX-License-Identifier: Apache-2.0 */
/*
 * duty.h - what a roster comes to: gaps in which nobody watches, overlaps, who watches now, and the
 * JSON of docs/openapi.yaml for it.
 *
 * Covered is a moment in which a shift of the post "watch" stands. Pure but for the calls with a `db`.
 */
#ifndef GOVERN_DUTY_H
#define GOVERN_DUTY_H

#include "base/jsonw.h"
#include "state/duty_row.h"

struct duty_span {
	int64_t from, to;
};
/* Parts of `in` in which nobody watches; `s` by its begin. At most `most` are told. */
size_t duty_gaps(const struct shift *s, size_t n, struct duty_span in, struct duty_span *out,
		 size_t most);

struct duty_overlap {
	struct duty_span at;
	bool same_person; /* else: two on the same post */
	const struct shift *a, *b;
};
/* `s` by its begin. */
size_t duty_overlaps(const struct shift *s, size_t n, struct duty_overlap *out, size_t most);

/* As it may be counted: a shift counts from the moment it was entered, since nobody is put on duty for
 * what has passed. Changes `s`, leaves out what does not count; returns how many are left. */
size_t duty_as_entered(struct shift *s, size_t n);

void duty_shift_put(struct jsonw *w, const struct shift *s);
/* The overlaps of one shift with others. */
MUST_USE bool duty_shift_overlaps_put(struct db *db, struct arena a, const struct shift *s,
				      struct jsonw *w, struct err *why);
/* The body of GET /duty. */
MUST_USE bool duty_put(struct db *db, struct arena a, struct duty_span in, struct jsonw *w,
		       struct err *why);

/* The roster around a moment, by begin: the last 7 days and 35 to come. */
MUST_USE bool duty_around(struct db *db, struct arena *a, int64_t now, struct shifts *out,
			  struct err *why);
/* When the next one of the post "watch" begins or ends; TIME_NONE: never. */
int64_t duty_handover(const struct shift *s, size_t n, int64_t now);
bool duty_stands(const struct shift *s, int64_t now);
/* The body of GET /duty/now. */
MUST_USE bool duty_now_put(struct db *db, struct arena a, int64_t now, struct jsonw *w,
			   struct err *why);

#endif
