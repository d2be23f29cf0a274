/* SPDX-License-Identifier: Apache-2.0 */
/* parent_int.h - what the files of the parent share: processes, listeners, connections, poison. */
#ifndef PROC_PARENT_INT_H
#define PROC_PARENT_INT_H

#include "base/buf.h"
#include "proc/address.h"
#include "proc/procs.h"

#include <poll.h>
#include <sys/types.h>

enum { MAX_CONNECTIONS = 4096 };

struct kid {
	pid_t pid; /* 0: not running */
	int link;
	bool ready, mute; /* mute: its link is broken, wait for its end */
	unsigned restarts;
	int64_t started, start_at, backoff_ms; /* monotonic µs; ms */
	int64_t down_since;                    /* wall clock; TIME_NONE: it runs */
};

/* A plain TCP connection, kept open here while watch may come and go. */
struct connection {
	int fd; /* -1: free slot */
	char id[33];
	char peer[ADDRESS_TEXT_MAX];
	size_t listener;
};

struct parent {
	struct config *config;
	bool want_link, announced, stopping;
	int64_t stop_by;
	int signals;
	struct kid kids[PROC_COUNT];
	int listeners[CONFIG_MAX_LISTENERS];
	int local; /* the Unix socket of desk: proc/local.h */
	struct connection *connections; /* MAX_CONNECTIONS, owned */
	size_t n_connections;
	int64_t accept_at; /* monotonic: not before */
	int poison;        /* memfd shared with watch: proc/poison.h */
	struct arena scratch;
};

bool parent_tell(struct parent *p, enum proc role, enum wire_type type, uint64_t number,
		 const struct buf *json, int fd);
/* desk serves for the first time: print address and one-time link. */
void announce(struct parent *p, struct str json);

MUST_USE bool listeners_open(struct parent *p, struct err *why);
void listeners_hand_out(struct parent *p, enum proc role);
size_t listeners_poll(const struct parent *p, struct pollfd *fds);
void listeners_accept(struct parent *p, const struct pollfd *fds, size_t n);
void connections_hand_over(struct parent *p);
void connection_closed(struct parent *p, struct str json);
/* doors.c: connect to one of our own listeners, as a sender would, for a control test of desk. */
void door_give(struct parent *p, uint64_t number, struct str json);
/* The address that a listener really has. */
void listener_address(const struct parent *p, size_t i, char out[ADDRESS_PORT_TEXT_MAX]);

MUST_USE bool poison_open(struct parent *p, struct err *why);
/* watch has ended; when it did so by itself and was reading a record, set that aside. */
void poison_note(struct parent *p, bool by_itself);

#endif
