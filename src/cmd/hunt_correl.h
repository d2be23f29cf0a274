/* SPDX-License-Identifier: Apache-2.0 */
/* hunt_correl.h - correlations of a hunt: what rules see is collected, and judged by time at the end. */
#ifndef CMD_HUNT_CORREL_H
#define CMD_HUNT_CORREL_H

#include "cmd/hit_out.h"
#include "detect/correl_batch.h"

struct jsonw;

struct hunt_correl;
/* For as many threads. NULL: no memory. `rs` outlives it. */
struct hunt_correl *hunt_correl_new(const struct rule_set *rs, size_t threads);
void hunt_correl_free(struct hunt_correl *h);
/* The number of another file; `path` is copied. */
uint64_t hunt_correl_file(struct hunt_correl *h, const char *path);
/* An event of that file, judged by thread `thread`; each may tell its own at once. */
void hunt_correl_event(struct hunt_correl *h, size_t thread, uint64_t file, const struct event *ev,
		       const struct hits *hits);

/* What fired, in the order of time; the path and the record are those of its last event. */
typedef void hunt_correl_fn(void *ctx, const struct hit_place *p);
MUST_USE bool hunt_correl_run(struct hunt_correl *h, hunt_correl_fn *fn, void *ctx);

/* "correlation": {..} of the coverage; the same for people, where something was not whole. */
void hunt_correl_json(const struct hunt_correl *h, struct jsonw *w);
void hunt_correl_say(const struct hunt_correl *h);
/* What could not be looked at as a whole. */
uint64_t hunt_correl_lost(const struct hunt_correl *h);

#endif
