/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source.h - who sends: a listener with its peer or token, and what became of what it sent.
 *
 * Totals are cumulative over the life of the store and stand whole in the newest day's file.
 * received = stored + dropped holds in every committed state because received is that sum. There
 * are at most SOURCES_PER_KIND sources of a kind; what comes from further ones is counted under one
 * overflow source of the kind, so that forged senders make no endless rows. The table belongs to the
 * writer's thread.
 */
#ifndef STORE_SOURCE_H
#define STORE_SOURCE_H

#include "base/err.h"
#include "base/time.h"
#include "event/event.h"

enum source_kind {
	SOURCE_UDP,
	SOURCE_TCP,
	SOURCE_TLS,
	SOURCE_PUSH,
	SOURCE_BULK,
	SOURCE_FILE,
	SOURCE_DROP,
	SOURCE_IMPORT,
	SOURCE_CANARY,
	SOURCE_KINDS,
};

enum {
	SOURCES_PER_KIND = 1024,
	SOURCE_MAX_HOSTS = 256,
	SOURCE_MAX_COUNTERS = 64,
	SOURCE_MAX_TEXT = 1000, /* of peer and of name; what is longer is cut */
	SOURCE_MAX_WORD = 64,   /* of a reason or a format */
};

/* "udp", "push" ...: stored and sent as text, never as numbers. */
const char *source_kind_name(enum source_kind k);
MUST_USE bool source_kind_find(struct str name, enum source_kind *out);

struct source_count {
	struct str name;
	uint64_t n;
};

/* A source as it stands; views live as the function that gave it says. */
struct source_info {
	uint32_t id;
	uint8_t kind;     /* enum source_kind */
	bool overflow;    /* gathers what came after the last free place of its kind */
	struct str peer;  /* address or token; empty for files */
	struct str name;  /* listener, path or the name given by the sender */
	struct str given; /* how people call it (state/source_row.h); n == 0: not told */
	int64_t first_seen, last_seen; /* TIME_NONE: never */
	uint64_t stored, dropped;      /* received is their sum */
	uint64_t unparsed;             /* of stored */
	uint64_t hosts; /* distinct host names, SOURCE_MAX_HOSTS: that many or more */
	/* The same at the beginning of the newest day. */
	uint64_t before_stored, before_dropped, before_unparsed;
	const struct source_count *drops, *formats; /* by reason; by format name */
	size_t n_drops, n_formats;
};

/* How a source is called wherever it is shown: as people named it; else by who sends, where its name is
 * that of our listener; else by its name. */
struct str source_shown(const struct source_info *s);
/* A name that people gave. */
struct source_given {
	uint32_t id;
	struct str name;
};

struct db;
struct sources;
struct sources *sources_new(void); /* NULL when the system has no memory */
void sources_free(struct sources *s);
/* Take over what the day's file says; the table must be fresh. */
MUST_USE bool sources_load(struct sources *s, struct db *db, struct err *why);

/* The number of a source, found or made. `now` counts as seen for the first time. */
MUST_USE bool sources_id(struct sources *s, enum source_kind kind, struct str peer, struct str name,
			 uint32_t *out, struct err *why);
/* The same where it is known already, else 0. */
uint32_t sources_find(const struct sources *s, enum source_kind kind, struct str peer,
		      struct str name);
bool sources_has(const struct sources *s, uint32_t id);
/* The directive lines (`#Fields ...`) that hold for what the source sends next, one a line; usually
 * empty. Lives until the source sends another. */
struct str sources_context(const struct sources *s, uint32_t id);
/* Records stored and dropped so far, what is not yet committed among them. */
struct source_totals {
	uint64_t stored, dropped;
};
struct source_totals sources_totals(const struct sources *s, uint32_t id);
/* Count, not yet committed, and note directives. `id` must exist (assert). */
MUST_USE bool sources_stored(struct sources *s, const struct event *ev, struct str format,
			     struct err *why);
MUST_USE bool sources_dropped(struct sources *s, uint32_t id, struct str reason, uint64_t n,
			      int64_t now, struct err *why);
bool sources_waiting(const struct sources *s); /* anything not yet committed? */

/* Write what changed, inside a transaction; once it is committed, settle. */
MUST_USE bool sources_save(struct sources *s, struct db *db, struct err *why);
void sources_settle(struct sources *s);
/* Write the committed totals as the beginning of a new day, but for hosts, which are copied. */
MUST_USE bool sources_carry(const struct sources *s, struct db *db, struct err *why);
void sources_carried(struct sources *s); /* that has been committed */

#endif
