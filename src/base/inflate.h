/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inflate.h - gzip both ways, by libdeflate, with a cap on what comes out.
 *
 * Input is hostile: a bomb ends at the cap with ERR_LIMIT. Several members one after another are one
 * text (RFC 1952, 2.2). No state; safe from any thread.
 */
#ifndef BASE_INFLATE_H
#define BASE_INFLATE_H

#include "base/buf.h"
#include "base/err.h"

/* Append the text of `gz` to *out, whose own maximum is the cap. On failure *out is undefined. */
MUST_USE bool inflate_gzip(struct str gz, struct buf *out, struct err *why);

/* Append `text` as one member; its maximum is the cap. False when it does not fit or there is no
 * memory: *out is then as it was. */
MUST_USE bool deflate_gzip(struct str text, struct buf *out);

/* CRC-32 as gzip has it, going on from that of what stood before, 0 at first. */
uint32_t inflate_crc32(uint32_t crc, struct str bytes);

#endif
