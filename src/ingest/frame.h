/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frame.h - syslog messages out of a byte stream: octet counting and newlines, mixed (RFC 6587).
 *
 * Input is hostile. Pure, no state: the same bytes give the same frames, so that a stream can be cut
 * again from the last committed offset. "LEN SP <" begins an octet-counted message (RFC 6587, 3.4.1;
 * RFC 5425, 4.3), everything else ends at LF (or NUL, as some senders do). A message longer than
 * RECORD_MAX is cut there and the rest of it passed over.
 *
 * Neither RFC sets an upper limit to LEN, and both leave one to the receiver. A count up to
 * FRAME_COUNT_MAX is believed, whatever it costs; a greater one is no message that anybody sends, and
 * believing it would let one forged line swallow all that follows it on the connection. What stands
 * there is then read as a line, and where no line ends it, the next frame is looked for.
 */
#ifndef INGEST_FRAME_H
#define INGEST_FRAME_H

#include "base/str.h"

enum { FRAME_COUNT_MAX = 16 << 20 };

enum frame_end {
	FRAME_GOES_ON, /* more bytes may come */
	FRAME_ENDED,   /* the sender has closed the stream, in order */
	FRAME_BROKEN,  /* it broke: what has no end was cut by that */
};

enum frame_kind {
	FRAME_MORE,   /* not whole yet */
	FRAME_RECORD, /* *out is one message, not empty */
	FRAME_CUT,    /* *out is the beginning of one whose rest never comes */
	FRAME_LONG,   /* *out is the beginning of one that is too long; its rest follows */
	FRAME_EMPTY,  /* a blank line, passed over */
};

/* What of the stream is still to be passed over: that many bytes, or up to behind the next newline, or
 * up to the next frame. */
#define FRAME_TO_NEWLINE UINT64_MAX
#define FRAME_TO_FRAME (UINT64_MAX - 1)

/*
 * Look at the stream `s`, taken from the beginning of a frame; *used is what the frame takes of it.
 * Never FRAME_MORE when the stream has ended and s is not empty. For FRAME_LONG, *skip is the rest.
 */
enum frame_kind frame_next(struct str s, enum frame_end end, struct str *out, size_t *used,
			   uint64_t *skip);

/* How much of `s` belongs to what is passed over; *skip becomes what is left of it. Less than s.n with
 * *skip left: the bytes behind may be a beginning, and more must tell. */
size_t frame_rest(uint64_t *skip, struct str s, enum frame_end end);

struct chunk;
/* Fill `c` with the records of `s`, which begins with *skip to be passed over; what is too long is
 * counted, what is not whole marked (chunk_cut). How many bytes of `s` that takes; *skip goes along. */
size_t frame_fill(struct str s, enum frame_end end, uint64_t *skip, struct chunk *c);

#endif
