/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look.h - a file that somebody holds out: what it is, when it was, what rules and lists say of it. Nothing is
 * kept.
 *
 * The records of look_feed.h go through the reader and the detector that the live stream goes through. What
 * is told is capped, what is counted is not.
 */
#ifndef PROC_LOOK_H
#define PROC_LOOK_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum {
	LOOK_FILES = 200,  /* of an archive, told one by one */
	LOOK_BAD = 50,     /* records that were not understood */
	LOOK_HOSTS = 50,   /* told; */
	LOOK_GROUPS = 300, /* rules and lists that hit */
	LOOK_SAMPLES = 10, /* hits of one of these */
	LOOK_TEXT = 4096,  /* bytes of a record */
	LOOK_PARTS = 120   /* of the timeline */
};

struct wits; /* proc/pipeline.h */
struct look;
/* `w` is borrowed. `limit_s`: after so many seconds it ends, and says so; 0: never. NULL: no memory. */
struct look *look_new(const struct wits *w, int limit_s);
void look_free(struct look *l);
/* All of an upload, once. What could not be read is part of what is told. */
void look_at(struct look *l, struct arena scratch, struct str upload);

struct look_counts {
	uint64_t records, bad, timed, hits;
	uint64_t loose; /* records of formats that a list could be taken for */
};
struct look_counts look_counts(const struct look *l);

/* The members that docs/openapi.yaml has of Look, but "kind", "bytes" and "list", into an open object. */
struct jsonw;
void look_write(struct look *l, struct jsonw *w);

#endif
