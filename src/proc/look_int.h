/* SPDX-License-Identifier: Apache-2.0 */
/* look_int.h - what look.c counts and look_write.c tells. */
#ifndef PROC_LOOK_INT_H
#define PROC_LOOK_INT_H

#include "detect/correl_batch.h"
#include "detect/detector.h"
#include "event/formats.h"
#include "proc/look.h"
#include "proc/look_feed.h"
#include "proc/look_times.h"
#include "proc/pipeline.h"

enum { LOOK_GROUP_MAX = 4096, LOOK_HOST_MAX = 4096, LOOK_HOST_SLOTS = 2 * LOOK_HOST_MAX };

struct look_lost {
	bool any;
	struct err why;
};

struct look_told_file {
	struct look_file file;
	uint64_t bad;
	struct look_lost lost;
};

enum look_fault { LOOK_UNKNOWN, LOOK_PART, LOOK_CUT };

struct look_bad {
	uint32_t file;
	enum look_fault fault;
	uint64_t record, line;
	struct str text;
};

/* One hit; views in the arena. */
struct look_hit {
	uint32_t file;
	uint64_t record, line;
	int64_t time; /* TIME_NONE: it tells none */
	struct str host, text, field, matched, indicator, note;
	bool window; /* of a correlation */
	int64_t from, to;
	uint64_t events;
};

/* All hits of one rule or list that are for the same use. */
struct look_group {
	const struct rule_info *rule; /* or */
	const struct list_info *list;
	uint8_t severity, use;
	bool excepted;
	uint64_t count;
	int64_t first, last; /* TIME_NONE: none tells its time */
	struct look_hit hit[LOOK_SAMPLES];
	size_t n;
};

struct look_host {
	struct str name;
	uint64_t records;
};

struct look {
	const struct wits *wits;
	struct reader *reader;          /* owned; of the file at hand */
	struct detect_scratch *scratch; /* owned */
	struct correl_batch *batch;     /* owned; NULL: no rule is a correlation */
	struct arena kept_whole, kept;  /* what is told */
	struct arena events;            /* of one record */
	int64_t until;                  /* monotonic; 0: no limit */
	bool stopped, no_room;

	struct look_told_file *file; /* [LOOK_FILES] in kept */
	uint64_t files, bytes;
	uint64_t file_bad; /* of the file at hand */
	struct look_lost lost;
	uint64_t records, bad, timed, hits, correlated, hosts, nameless;
	int64_t first, last;
	uint64_t format[FORMATS_MAX];
	struct look_bad *told_bad; /* [LOOK_BAD] in kept */
	size_t n_bad;
	struct look_times times;
	struct look_host *host;   /* slots in kept, by hash */
	struct look_group *group; /* [LOOK_GROUP_MAX] in kept */
	size_t n_groups;
	uint16_t *group_at; /* slots in kept, by hash: place + 1 in `group`; 0: free */
	uint64_t more_hits; /* of groups beyond LOOK_GROUP_MAX */
	uint64_t correl_lost;
};

#endif
