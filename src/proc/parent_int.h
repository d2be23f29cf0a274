/* SPDX-License-Identifier: Apache-2.0 */
/* parent_int.h - what the files of the parent share: processes, listeners, connections, what a watch
 * leaves behind. */
#ifndef PROC_PARENT_INT_H
#define PROC_PARENT_INT_H

#include "base/buf.h"
#include "proc/address.h"
#include "proc/procs.h"
#include "proc/shared.h"

#include <poll.h>
#include <sys/types.h>

enum { MAX_TCP = 4096, MAX_TLS = 2048, MAX_CONNECTIONS = MAX_TCP + MAX_TLS };
_Static_assert((int)MAX_CONNECTIONS == (int)SHARED_CONNECTIONS, "each has its mark");
/* of what is set aside; the oldest go */
enum { ASIDE_RECORDS = 256, ASIDE_BYTES = 8 << 20 };

enum ending { ENDED_FROM_OUTSIDE, ENDED_BY_ITSELF, ENDED_STALLED };

struct kid {
	pid_t pid; /* 0: not running */
	int link;
	bool ready, mute; /* mute: its link is broken, wait for its end */
	bool stalled;     /* it was killed because it did not get on */
	bool leaving;     /* it was asked to end, and is started again at once */
	unsigned restarts;
	unsigned young;                        /* how many in a row died soon after their start */
	int64_t started, start_at, backoff_ms; /* monotonic µs; ms */
	int64_t down_since;                    /* wall clock; TIME_NONE: it runs */
	int64_t last_ended;                    /* wall clock; TIME_NONE: never */
	char how[64];                          /* ... it ended: "signal 11", "status 70" */
};

/* A TCP connection, kept open here while watch may come and go; what comes over one with TLS is lost
 * with the watch that has begun to read it. */
struct connection {
	int fd;           /* -1: free slot */
	bool tls, handed; /* handed: to the watch of now */
	char id[33];
	char peer[ADDRESS_TEXT_MAX];
	int64_t accepted; /* wall clock */
};

struct parent {
	struct config *config;
	const struct settings_again *again; /* NULL: there is nothing to read anew */
	/* reload.c: the configuration that was read last, and where its strings and the certificate of
	 * the one that runs live */
	struct config kept;
	struct arena room, cert_room;
	struct buf walls; /* folders of files that this watch may follow, NUL-ended each */
	bool announced, stopping;
	int64_t stop_by;
	int signals;
	struct kid kids[PROC_COUNT];
	int listeners[CONFIG_MAX_LISTENERS];
	int local;                      /* the Unix socket of desk: proc/local.h */
	struct connection *connections; /* MAX_CONNECTIONS, owned */
	size_t n_tcp, n_tls;
	int64_t accept_at; /* monotonic: not before */
	int shared_fd;     /* handed to watch */
	struct shared *shared;
	uint64_t skips[POISON_SKIPS]; /* what the page must say */
	size_t n_skips;               /* ever */
	struct {
		uint64_t turn;
		unsigned looks;
	} stall[1 + POISON_PUSHERS]; /* as page_at() numbers them */
	size_t stalled;              /* which of them */
	int64_t look_at;             /* monotonic: the next look at what watch is reading */
	struct arena scratch;
};

bool parent_tell(struct parent *p, enum proc role, enum wire_type type, uint64_t number,
		 const struct buf *json, int fd);
/* Ask it to end once it has read all that it was told; it is started again at once. */
void process_leave(struct parent *p, enum proc role);
/* desk serves for the first time: print address and one-time link. */
void announce(struct str json);

MUST_USE bool listeners_open(struct parent *p, struct err *why);
MUST_USE bool listener_bind(const struct listener *l, int *out, struct err *why);
void listeners_hand_out(struct parent *p, enum proc role);
/* One of them, when it is of a kind that this process serves. */
void listener_hand_out(struct parent *p, enum proc role, size_t i);
size_t listeners_poll(const struct parent *p, struct pollfd *fds);
void listeners_accept(struct parent *p, const struct pollfd *fds, size_t n);
void connections_hand_over(struct parent *p);
void connection_closed(struct parent *p, struct str json);
/* doors.c: connect to one of our own listeners, as a sender would, for a control test of desk. */
void door_give(struct parent *p, uint64_t number, struct str json);
/* The address that a listener really has. */
void listener_address(const struct parent *p, size_t i, char out[ADDRESS_PORT_TEXT_MAX]);

/* Let go of one that watch does not read any more. */
void connection_end(struct parent *p, struct connection *c);

/* Read the settings anew; desk is told what came of it under that number. */
void parent_reload(struct parent *p, uint64_t number);
/* Have the own CA make a certificate if need be, and hand it out. */
void parent_renew(struct parent *p);
/* What stands in the files of certificate and key, when they fit; *room is what it lives in. The other
 * processes cannot read these files. */
MUST_USE bool certificate_read(struct config *c, struct arena *room, struct err *why);
/* watch is being started: which folders it is walled off with. */
void walls_note(struct parent *p);

/* watch has ended: when it was reading a record, and did not end from outside, set that aside. */
void poison_note(struct parent *p, enum ending ending, const char *how);
/* Asked once a second while watch runs: it has been reading one record for POISON_STALL_S. */
bool poison_stalled(struct parent *p);

/* watch has ended: end the TLS connections that it read, note what of them may be lost. */
void gaps_note(struct parent *p);
/* At most so many bytes of a connection are lost; `came`: all that the kernel took in for it. */
uint64_t gap_bytes(const struct tls_mark *m, uint64_t came);

#endif
