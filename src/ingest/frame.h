/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frame.h - syslog messages out of a byte stream: octet counting and newlines, mixed (RFC 6587).
 *
 * Input is hostile. Pure, no state: the same bytes give the same frames, so that a stream can be cut
 * again from the last committed offset. "LEN SP <" begins an octet-counted message, everything else
 * ends at LF (or NUL, as some senders do). A message longer than RECORD_MAX is cut there; the rest of
 * it is passed over as one frame of FRAME_REST.
 */
#ifndef INGEST_FRAME_H
#define INGEST_FRAME_H

#include "base/str.h"

enum frame_kind {
	FRAME_MORE,   /* not whole yet */
	FRAME_RECORD, /* *out is one message, not empty */
	FRAME_CUT,    /* *out is the beginning of one that is too long; its rest follows */
	FRAME_EMPTY,  /* a blank line, passed over */
};

/*
 * Look at the stream `s`, taken from the beginning of a frame; *used is what the frame takes of it.
 * `last`: no more bytes will come, so what is there is the message. For FRAME_CUT, *skip is how many
 * bytes behind *used still belong to it, or FRAME_TO_NEWLINE.
 */
#define FRAME_TO_NEWLINE UINT64_MAX
enum frame_kind frame_next(struct str s, bool last, struct str *out, size_t *used, uint64_t *skip);

/* In a stream whose beginning is the rest of a lost record: where the next frame begins, behind a
 * newline or at "LEN SP <"; s.n where that cannot be seen yet. */
size_t frame_resync(struct str s);

#endif
