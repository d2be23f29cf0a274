/* SPDX-License-Identifier: Apache-2.0 */
/*
 * links.h - the links to desk that live now, named by numbers that never come again.
 *
 * An answer may be ready long after the link that asked has ended and its descriptor stands for
 * something else: who answers later keeps the number, not the descriptor. Safe from any thread.
 */
#ifndef PROC_LINKS_H
#define PROC_LINKS_H

#include "base/err.h"
#include "proc/wire.h"

struct links;
struct links *links_new(void); /* NULL when out of memory */
void links_free(struct links *l);
/* The number of `fd`, which stays the caller's until links_end(); 0 when there are too many. */
uint64_t links_begin(struct links *l, int fd);
/* Nothing is sent on it any more when this returns. */
void links_end(struct links *l, uint64_t link);

/* Answer request `number` of a link with `json`, or with `reason` where it is not NULL; an answer to a
 * link that has ended is dropped. A failure is logged. */
void links_answer(struct links *l, uint64_t link, uint64_t number, struct str json,
		  const struct err *reason);
/* A message that was not asked for, to the newest link, if there is one; never waits: a desk that is
 * slow does not hold up who tells, and misses it: false. */
bool links_tell(struct links *l, enum wire_type type, struct str json);

#endif
