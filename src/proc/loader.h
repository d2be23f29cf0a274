/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loader.h - make what watch judges with: rules of content/ and of rules/, lists of lists/,
 * exceptions, ranges, text decoders. Made aside, then handed to the pipeline whole; on failure the
 * old ones stay.
 */
#ifndef PROC_LOADER_H
#define PROC_LOADER_H

#include "base/buf.h"
#include "proc/config.h"
#include "proc/pipeline.h"

#include <pthread.h>

struct loader {
	const struct config *config;
	pthread_mutex_t lock;
	struct pipeline *pipeline; /* under the lock; NULL: it has ended */
	const struct list_set
		*lists; /* of what was handed over last, which lasts until the next; or NULL */
};

/* The pipeline is about to end: what is loaded from now on is dropped. */
void loader_stop(struct loader *l);
void loader_start(struct loader *l, const struct config *c, struct pipeline *p);
/* Zones and ways are those of `c` from the next load on; not during one. `c` outlives the loader, or the
 * next call. */
void loader_config(struct loader *l, const struct config *c);
/*
 * `inventory` as uploads.h writes it. *answer: {"rules": [items of GET /rules without what moves],
 * "counts": {"loaded", "refused"}, "lists": [{"id", "kind", "error", "kept"}], "own": [{"list", "line",
 * "address"}], "decoders": true|false}. A list whose file cannot be read keeps what was read of it before
 * (kept: true), where there was such a load. One load at a time.
 */
MUST_USE bool loader_load(struct loader *l, struct str inventory, struct buf *answer,
			  struct err *why);
/* The same, for whoever judges by himself: the caller's, to wits_free(). */
MUST_USE bool loader_make(const struct config *c, struct str inventory, struct buf *answer,
			  struct wits **out, struct err *why);

#endif
