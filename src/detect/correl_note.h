/* SPDX-License-Identifier: Apache-2.0 */
/*
 * correl_note.h - sightings as bytes, so that the state of correlations can be made again after a restart.
 *
 * Rules and fields stand by name: what is read later may be read with other rules. The bytes are our own
 * and still taken as hostile. Pure.
 */
#ifndef DETECT_CORREL_NOTE_H
#define DETECT_CORREL_NOTE_H

#include "base/buf.h"
#include "detect/correl.h"

/* Behind what stands in `out` already. */
void correl_note(const struct rule_set *rs, const struct sighting *s, struct buf *out);
/* Windows were decided up to then. */
void correl_note_clock(int64_t now, struct buf *out);

/* Feed what is noted, in its order, to `c`, which is of `rs`; what rules that are gone saw is passed over.
 * `a` is scratch. *place becomes the greatest place seen, if it is greater. False and *why at the first
 * byte that is no note; what stands before it was fed. */
MUST_USE bool correl_note_feed(const struct rule_set *rs, struct arena a, struct str notes,
			       struct correl *c, uint64_t *place, struct err *why);

#endif
