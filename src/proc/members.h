/* SPDX-License-Identifier: Apache-2.0 */
/*
 * members.h - files, and files of archives, sent to another process as they are read: WIRE_MEMBER with
 * the name, WIRE_BYTES, WIRE_MEMBER_END. Who takes them may be slow: what waits is what the socket
 * holds. Event logs of Windows go as the lines of event/evtx_lines.h, all else as it is.
 */
#ifndef PROC_MEMBERS_H
#define PROC_MEMBERS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/unpack.h"
#include "proc/wire.h"

struct members {
	int link;
	struct str prefix; /* before the name of each member: that of its archive; may be empty */
	struct err *why;   /* why it could not be sent */
	/* its own, zero at first */
	struct evtx_lines *log; /* owned */
	struct buf lines;
	bool fresh, is_log; /* of the member at hand: no byte has come; it is an event log */
};
void members_fini(struct members *m);

MUST_USE bool members_begin(struct members *m, struct str name);
/* Of any length. */
MUST_USE bool members_bytes(struct members *m, struct str bytes);
/* `lost`: the rest of it could not be read; or NULL. */
MUST_USE bool members_end(struct members *m, const struct err *lost);
/* One that cannot be read at all. */
MUST_USE bool members_bad(struct members *m, struct str name, const struct err *lost);
/* How far an archive of somebody's files is opened: so many files, so many bytes of them in all. */
struct unpack_caps members_caps(uint64_t bytes, size_t members);
/* All files of an archive; the scratch as unpack_stream() wants it. False: *why says what is wrong with
 * the archive; ERR_NONE: it could not be sent. */
MUST_USE bool members_unpack(struct members *m, struct arena scratch, struct str archive,
			     struct err *why);

#endif
