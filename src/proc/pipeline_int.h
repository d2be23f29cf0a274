/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline_int.h - the pipeline's own state, shared by its files. All of it belongs to its one thread. */
#ifndef PROC_PIPELINE_INT_H
#define PROC_PIPELINE_INT_H

#include "base/buf.h"
#include "ingest/chunk.h"
#include "proc/counts.h"
#include "proc/pipeline.h"

enum {
	MAX_SOURCES = SOURCE_KINDS * (SOURCES_PER_KIND + 1) + 1,
	MAX_WAITING = 512,
	COMMIT_BYTES = 8 << 20,
	COMMIT_EVENTS = 16384,
	BATCH_ARENA = 256 << 20,
	TELL_MS = 250,
	TALLY_MS = 2000,
	SEEN_SOURCES = 1024,
	STAGED_RECORD = 64, /* what the store counts for a record beside its bytes */
};

struct seat {
	struct reader *reader; /* owned; NULL until the source's first record */
};

struct waiting {
	struct chunk *chunk;
	struct chunk_result result;
};

struct pipeline {
	struct store *store;     /* owned */
	struct streams *streams; /* owned */
	struct queue *intake;
	struct poison_page *poison;
	struct pipeline_calls calls;
	struct arena whole;    /* one chunk's events */
	struct seat *seats;    /* MAX_SOURCES, owned, by source number */
	struct counts *counts; /* owned */
	struct wits *wits;     /* owned, in use */
	struct wits *next;     /* owned, atomic: to be used from the next chunk on */
	struct detect_scratch *scratch;
	struct shapes *shapes;      /* owned; of all readers: strangers decide how many there are */
	struct pipe_correl *correl; /* owned; NULL: no rule is a correlation */
	struct correl_journal *journal; /* owned; NULL: correlations begin anew after a restart */
	struct buf notes;               /* what correlations saw since the last commit */
	struct zone *lent;              /* owned: of the last chunk that brought one */
	char lent_name[64];
	struct tally *tally;         /* owned */
	uint64_t seen[SEEN_SOURCES]; /* events of each log source of the rules when last told */
	struct waiting waiting[MAX_WAITING];
	size_t n_waiting, staged_bytes, staged_events;
	int64_t told, tallied, ticked; /* monotonic */
};

/* Where the records of a chunk go: canh's own control events are none of the sender's. */
enum { SIDE_CONTROLS = 16 };
struct sides {
	uint32_t source;               /* 0: the chunk holds nothing of the sender's */
	uint32_t canary;               /* 0: it holds none */
	size_t control[SIDE_CONTROLS]; /* which records are control events */
	size_t n;
};

/* pipeline.c: the numbers of a source go on from what the store has of it. */
void pipeline_begin_count(struct pipeline *p, uint32_t source);

/* pipeline_control.c */
MUST_USE bool sides_find(struct pipeline *p, const struct chunk *c, struct sides *out);
uint32_t sides_of(const struct sides *s, size_t record);
/* Where the record holds the word of an expected heartbeat, note it for desk. */
void pipeline_beat(struct pipeline *p, struct str record, const struct store_ref *ref);

/* pipeline_correl.c */
struct detector;
struct hits;
/* Correlate by the rules of `d` from here on; what goes on keeps its state. */
void pipeline_correl_swap(struct pipeline *p, const struct detector *d);
/* Opens the journal; without one it is said in the log, and a restart forgets. */
void pipeline_correl_open(struct pipeline *p, const char *store_folder);
/* Before a commit: what its records were to correlations. */
void pipeline_correl_note(struct pipeline *p);
void pipeline_correl_event(struct pipeline *p, const struct event *ev, const struct hits *hits,
			   const struct store_ref *ref);
/* Windows that have passed; about once a second. */
/* "correlation": what was let go for want of room since the start; false: no more than was told. */
bool pipeline_correl_tell(struct pipeline *p, struct jsonw *w);
void pipeline_correl_clock(struct pipeline *p, int64_t now);
void pipe_correl_free(struct pipe_correl *x);

/* pipeline_tell.c: {"at": .., "sources": {"3": {"received": n, "stored": n}}, "seen", "controls"} of what
 * changed since the last time; with `tally` also the hits that are only counted. */
void pipeline_tell(struct pipeline *p, bool tally);

#endif
