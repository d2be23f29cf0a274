/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire.h - messages between the processes of `canh serve`, over SOCK_SEQPACKET pairs.
 *
 * A message has a type, a number that its answer repeats, a payload and at most one descriptor.
 * Payloads above WIRE_INLINE travel in a sealed memfd. What may be sent by whom stands in one table
 * (wire.c); a message that its sender may not send, or that is malformed, closes the link: the
 * sender is then taken for broken. Sending is atomic and safe from any thread.
 */
#ifndef PROC_WIRE_H
#define PROC_WIRE_H

#include "base/arena.h"
#include "base/err.h"

enum proc { PROC_PARENT, PROC_WATCH, PROC_DESK, PROC_SEEK, PROC_CLERK, PROC_COURIER, PROC_COUNT };

enum wire_type {
	WIRE_CONFIG,     /* parent -> each: JSON, first; anew to watch and desk when it changed */
	WIRE_READY,      /* each -> parent: it serves now */
	WIRE_LISTENER,   /* parent -> watch, desk: a bound socket; JSON {kind, address} */
	WIRE_CONNECTION, /* parent -> watch: an accepted TCP connection; JSON {id, peer, listener} */
	WIRE_CLOSED,     /* watch -> parent: that connection has ended; JSON {id} */
	WIRE_PEER,       /* parent -> desk, watch, seek: a link to another process; JSON {role} */
	WIRE_STATUS,     /* parent -> desk: JSON {processes: {...}} */
	WIRE_NEED_CLERK, /* desk, watch -> parent: answered by WIRE_PEER {role: clerk} with the same number */
	WIRE_PUSH,       /* desk -> watch: JSON request + memfd; answered by WIRE_DONE */
	WIRE_RELOAD,     /* desk -> watch: rules, lists, ranges changed; answered by WIRE_DONE */
	WIRE_HITS,       /* watch -> desk: hits were stored; no payload */
	WIRE_GONE,       /* watch -> desk: a day left the store; JSON {day, why} */
	WIRE_STORED,     /* watch -> desk: counters of sources; JSON */
	WIRE_SEEK,       /* desk -> seek: JSON request; answered by WIRE_DONE */
	WIRE_PARSE,      /* desk, watch -> clerk: JSON request + upload; answered by WIRE_DONE */
	WIRE_MEMBER,     /* clerk -> watch: a file of an archive begins; its name */
	WIRE_BYTES,      /* clerk -> watch: bytes of it */
	WIRE_MEMBER_END, /* clerk -> watch: its end; empty, or as WIRE_FAILED: the rest is lost */
	WIRE_DONE,       /* the answer; JSON */
	WIRE_FAILED, /* the answer when it could not be done; JSON {id, kind, text...} of an err */
	WIRE_NEED_DOOR, /* desk -> parent: a connection to one of our own listeners; JSON {listener} */
	WIRE_DOOR, /* parent -> desk: that one; JSON {doors: [{kind, address}], addresses, error} */
	WIRE_EXPECT,  /* desk -> watch: control events, heartbeats to come; answered by WIRE_DONE */
	WIRE_REFUSED, /* watch -> desk: a sender was not let in; its address, NUL, as WIRE_FAILED */
	WIRE_HOLD, /* desk -> watch: days that must not leave the store (held.h); answered by WIRE_DONE */
	WIRE_CONFIGURE,  /* desk -> parent: read the settings anew; answered by WIRE_CONFIGURED */
	WIRE_CONFIGURED, /* parent -> desk: what came of it; JSON; the number, or 0: unasked */
	WIRE_RENEW,      /* desk -> parent: the own certificate is about to end */
	WIRE_UNLISTEN,   /* parent -> watch: that listener is gone; JSON {kind, address} */
	WIRE_SEND,       /* desk -> courier: one thing to bring out; answered by WIRE_DONE */
	WIRE_COUNT
};

enum { WIRE_INLINE = 60000, WIRE_MAX = 256 << 20 };

struct wire_msg {
	enum wire_type type;
	uint64_t number;
	struct str payload; /* in the arena given to wire_recv, or in `map` */
	int fd;             /* -1, or the receiver's to close */
	struct str map;     /* a mapping to drop with wire_drop(); empty for inline payloads */
};

/* Make a pair of links, both close-on-exec. */
MUST_USE bool wire_pair(int out[2], struct err *why);
/* `fd` (or -1) stays the sender's. Blocks while the other side is slow, 10 s at most. */
MUST_USE bool wire_send(int link, enum wire_type type, uint64_t number, struct str payload, int fd,
			struct err *why);
/* The same without a descriptor and without waiting: false at once when the other side is slow. */
MUST_USE bool wire_tell(int link, enum wire_type type, struct str payload, struct err *why);
/* Wait for one message from `from`. False at the end of the link (ERR_ABSENT) or on a fault. */
MUST_USE bool wire_recv(int link, enum proc from, struct arena *a, struct wire_msg *out,
			struct err *why);
/* Close the descriptor and drop the mapping of a message. */
void wire_drop(struct wire_msg *m);

const char *proc_name(enum proc role);

#endif
