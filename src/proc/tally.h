/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tally.h - hits that are only counted: watch adds them up by list and by exception and tells desk,
 * which keeps the sums with the list and the exception.
 *
 * A connection to a control server that was refused, a knock of a known attacker, what an exception
 * hides: none of it is an alert, and none of it may vanish. Counted is what was committed; what was
 * not told yet when watch is killed is not told twice, but missing from the sums.
 */
#ifndef PROC_TALLY_H
#define PROC_TALLY_H

#include "base/json.h"
#include "base/jsonw.h"
#include "detect/hit.h"
#include "state/db.h"

struct tally;
struct tally *tally_new(void); /* NULL: no memory */
void tally_free(struct tally *t);

/* A hit of use HIT_COUNT in an event that is staged. */
void tally_hit(struct tally *t, const struct hit *h);
/* What was staged is committed. */
void tally_commit(struct tally *t);
/* "lists": {id: n}, "exceptions": {id: n} of what was committed; false: nothing to tell. */
bool tally_put(const struct tally *t, struct jsonw *w);
/* It arrived. */
void tally_told(struct tally *t);

/* desk's side: add what tally_put() wrote to the sums. An id that is not there (any more) is passed
 * over. */
MUST_USE bool tally_keep(struct db *db, const struct json *told, struct err *why);

#endif
