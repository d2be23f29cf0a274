/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo_world.h - an agency that does not exist, and the log lines that its machines write.
 *
 * Pure: the same seed, source and hour give the same bytes. 800 machines: 780 workstations, 20 servers.
 * All names are invented; all addresses are of the documentation ranges (RFC 5737, RFC 3849), names
 * end in example.vn.
 */
#ifndef CMD_DEMO_WORLD_H
#define CMD_DEMO_WORLD_H

#include "base/buf.h"

enum { DEMO_WORKSTATIONS = 780, DEMO_SERVERS = 20, DEMO_STAFF = 640 };

enum demo_source { DEMO_FIREWALL, DEMO_WINDOWS, DEMO_MAIL, DEMO_PORTAL, DEMO_LINUX, DEMO_SOURCES };
const char *demo_source_name(enum demo_source s); /* as the token is called */
const char *demo_source_type(enum demo_source s); /* content type of its lines */

/* What happens beside the every-day: each a few lines of one source at one moment. */
enum demo_act {
	DEMO_NOISE,      /* a contractor logs in with a password from outside, every hour */
	DEMO_GUESSED,    /* a password guessed from a listed address, 40 times wrong, then right */
	DEMO_WEBSHELL,   /* a page that Zimbra does not have is called, and runs commands */
	DEMO_CONTROL,    /* a workstation reaches a listed control server */
	DEMO_PROTECTION, /* anti-malware is switched off on a workstation */
	DEMO_MALWARE,    /* anti-malware finds something */
	DEMO_CLEARED,    /* an event log is cleared */
	DEMO_UPLOAD,     /* nine gigabytes leave by night */
	DEMO_ACTS
};
enum demo_source demo_act_source(enum demo_act act);

/* What source `s` writes from `from` until before `to` (µs UTC) on an ordinary day; less by night, on
 * Saturday and Sunday. */
void demo_lines(uint64_t seed, enum demo_source s, int64_t from, int64_t to, struct buf *out);
/* The heartbeat of a sender: `word` in one line by its own way. */
void demo_beat(enum demo_source s, int64_t at, const char *word, struct buf *out);
/* The lines of one act at `at`; how many. */
size_t demo_act(enum demo_act act, int64_t at, struct buf *out);

/* Addresses that the acts and the lists speak of. */
extern const char demo_guesser[], demo_control[], demo_own_listed[], demo_own_ranges[];

#endif
