/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ways.h - what canh.yaml says of single sources: the format and the zone of their records.
 *
 * A source is named by what stands for it: the address of the sender, the path or name of a followed
 * file, the name of a dropped file or of a token. Made aside with the rest of what watch reads with;
 * immutable then.
 */
#ifndef PROC_WAYS_H
#define PROC_WAYS_H

#include "base/time.h"
#include "proc/config.h"

struct way {
	struct str from;   /* in the arena */
	uint16_t format;   /* FORMAT_UNPARSED: as it looks */
	struct zone *zone; /* owned; NULL: that of the settings */
};

struct ways {
	struct way *all; /* in the arena */
	size_t n;
};

/* From settings that config_read() has checked. False and *why on failure; *out can be freed then, too. */
MUST_USE bool ways_make(struct arena *a, const struct config *c, struct ways *out, struct err *why);
void ways_free(struct ways *w);
/* What is said of the source of that name or, else, peer; NULL: nothing. */
const struct way *ways_find(const struct ways *w, struct str name, struct str peer);

#endif
