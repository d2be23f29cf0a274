/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refused.h - who was not let in by a door of watch, told to desk: for whoever looks why nothing comes.
 *
 * A flood of them must not hold up the door: at most so many a second are told, the rest is in the log.
 */
#ifndef PROC_REFUSED_H
#define PROC_REFUSED_H

#include "base/err.h"
#include "proc/links.h"

struct desk;

/* Zero to begin with; of one thread. */
struct refused {
	int64_t since; /* monotonic: this second began */
	unsigned told; /* in it */
};

void refused_tell(struct links *links, struct refused *r, const char *peer, const struct err *why);
/* desk's side; watch is believed in nothing but an address and a text. */
void refused_take(struct desk *d, struct str payload);

#endif
