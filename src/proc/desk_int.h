/* SPDX-License-Identifier: Apache-2.0 */
/* desk_int.h - what the files of desk share: the state and its lock, links to the others, the server. */
#ifndef PROC_DESK_INT_H
#define PROC_DESK_INT_H

#include "access/access.h"
#include "govern/directive.h"
#include "proc/configure_int.h"
#include "proc/gone_days.h"
#include "proc/mail_path.h"
#include "proc/pending.h"
#include "proc/procs.h"
#include "proc/quiet.h"
#include "proc/rpc.h"
#include "proc/told_rules.h"
#include "state/ledger.h"
#include "state/state.h"
#include "store/reader.h"
#include "web/web.h"

#include <pthread.h>

enum {
	CLERK_WAITS = 16,
	SEEN_MAX = 1024,
	DOORS_MAX = CONFIG_MAX_LISTENERS + 4,
	DOOR_NAME = 160,
	CAME_MAX = 64
};

/* A door of this server as control tests name it: "udp 127.0.0.1:5514", "tls ..", "push", "drop". */
struct door_seen {
	char subject[DOOR_NAME];
	int listener; /* the parent's number of it; -1: none */
};

struct desk {
	const struct config *config;
	int parent;
	char state[4096], keys[4096], aside[4096]; /* folders */
	struct db *db; /* desk's own connection, under the lock; the server has others */
	pthread_mutex_t lock;
	struct ledger_key *key;
	struct access *access;
	char first_link[ACCESS_SECRET_MAX];  /* empty: there are users */
	const struct directives *directives; /* NULL: none could be loaded */
	const struct techniques *techniques; /* the same */
	struct str snippets;                 /* JSON of what is pasted on a sender */
	struct rpc *watch, *seek, *courier;
	struct web *web;
	char address[96];
	int local; /* a Unix socket for the server to listen on, too; 0: none */

	pthread_mutex_t holding; /* held while watch is told of holds */
	uint64_t held_sum;       /* of what it was told; 0: of nothing */

	/* held while watch loads: what is told later must also be loaded later */
	pthread_mutex_t reloading;
	int64_t loaded; /* atomic; loads.c: of what the last load was; -1: of none */

	struct quiet quiet;

	char control_secret[2 * 32 + 1]; /* by which the server knows our own control events */

	/* what others told last, under `told` */
	struct door_seen doors[DOORS_MAX]; /* that are open now */
	size_t n_doors;
	struct buf open; /* JSON {"addresses", "doors"}: where senders reach us */
	pthread_mutex_t told;
	pthread_cond_t told_changed;
	struct buf processes; /* JSON object: state of the processes */
	bool hits_wait;       /* watch has stored hits that are not copied yet */
	int64_t unloaded;     /* monotonic: since when watch is without rules; 0: it has them */
	bool reload_wait;     /* watch is new: rules and lists are to be loaded */
	bool seal_wait;       /* a day has left the store */
	struct gone_days gone;
	uint64_t post_turn; /* grows when there is something to send */
	struct mail_path mail_path;
	bool judge_wait; /* settings or lists changed: the measures are to be looked at */
	bool stop;
	pthread_rwlock_t rules_lock;
	struct told_rules *rules; /* watch's last answer to a reload; owned; NULL: nothing yet */

	/* log sources of rules, and when an event of each was last seen; under `told` */
	struct seen {
		char key[200];
		int64_t at;
	} seen[SEEN_MAX];
	size_t n_seen;

	bool controls_wanted;          /* somebody asked for control tests now */
	char came[CAME_MAX][UUID_MAX]; /* control events that watch has stored */
	size_t n_came;

	bool exercising; /* an exercise of the page runs */
	struct configure configure;
	/* a connection to a door that the parent was asked for, one at a time */
	pthread_mutex_t door_lock;
	uint64_t door_last;
	struct door_wait {
		uint64_t number; /* 0: none is waited for */
		bool came;
		int fd;
		struct buf json;
	} door_wait;

	struct pending *pending;   /* owned */
	struct counters_lost lost; /* by correlations of the watch that runs; under `told` */
	/* links to clerks that the parent has started, by the number of the request */
	uint64_t clerk_last;
	struct clerk_wait {
		uint64_t number; /* 0: free */
		int link;        /* -1: not there yet */
	} clerks[CLERK_WAITS];
};

/* The functions that the web room is handed (web/backend.h). */
void desk_backend(struct desk *d, struct web_backend *out);
/* Ask seek (web/backend.h, seek). */
bool desk_seek(void *desk, struct str request, struct buf *answer, struct err *why);
/* Have watch load rules, lists and ranges as they stand; its answer is kept for the page. */
MUST_USE bool desk_reload(struct desk *d, struct buf *answer, struct err *why);
/* The work that is not asked for: hits to alerts, evaluation, seals, canaries. Its thread ends when
 * d->stop is set and told_changed signalled. */
void *desk_jobs(void *desk);
/* loads.c: a thread that has watch load when told so; ends like desk_jobs(). */
void *desk_loads(void *desk);
/* Whether lists or exceptions changed since the last load; then they are loaded. */
bool desk_load_due(struct desk *d);
/* {"ready", "processes", "sources", "self"} (web/backend.h, live). */
bool desk_live(void *desk, struct buf *answer);
/* rules.c: what is told of the rules. With desk's rules_lock held, to be read as long as it is. The times
 * of their log sources, in `a`; NULL: no room. */
const int64_t *desk_rules_seen(struct desk *d, struct arena *a);
/* A page of them (web/backend.h, rules). */
bool desk_rules(void *desk, struct str request, struct buf *answer, struct err *why);
/* web/backend.h: rule_known, list_fault, rule_imports, rule_import_remove */
bool desk_rule_known(void *desk, struct str id, bool *known, struct err *why);
struct str desk_list_fault(void *desk, struct arena *a, struct str id, enum lang lang, bool *kept);
bool desk_rule_imports(void *desk, struct buf *answer, struct err *why);
bool desk_rule_import_remove(void *desk, struct str id, struct str actor, struct err *why);
MUST_USE bool desk_rules_keep(struct desk *d, struct str told, struct err *why);
/* holds.c: tell watch which days must not go, where that differs from what it was told, or anew. */
MUST_USE bool desk_hold(struct desk *d, bool anew, struct err *why);
/* A clerk's link for one upload, or -1. */
int desk_clerk(struct desk *d, struct err *why);
/* The settings that watch and seek read with, as JSON: ranges. In `a`. */
MUST_USE bool desk_ranges(struct desk *d, struct arena *a, struct str *out, struct err *why);

#endif
