/* SPDX-License-Identifier: Apache-2.0 */
/*
 * visit.h - many events by their names, one after another: the day's file, its block and the names of
 * the sources stay open between them. Cheapest when those of one block follow each other.
 *
 * While a visit lasts its reader does nothing else, and the day it is in is kept from being closed:
 * end it within the call that began it.
 */
#ifndef STORE_VISIT_H
#define STORE_VISIT_H

#include "store/reader.h"

struct store_visit;
/* `a` holds the visit and the names of the sources. NULL when there is no room. */
struct store_visit *store_visit_begin(struct store_reader *r, struct arena *a);
void store_visit_end(struct store_visit *v); /* NULL: nothing */
/*
 * The event in `a`, its source where the visit is. ERR_ABSENT: no such event; ERR_INPUT: its block
 * is damaged. The next one can be asked for all the same.
 */
MUST_USE bool store_visit_event(struct store_visit *v, struct arena *a, const struct store_id *id,
				struct store_found *out, struct err *why);

#endif
