/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wide.h - what is read of a file as text: UTF-16 becomes UTF-8, while places stay those of the file.
 */
#ifndef INGEST_WIDE_H
#define INGEST_WIDE_H

#include "base/utf8.h"

/* `bytes` as UTF-8: itself, or made in *room, where `full` says that there was no memory. */
struct str wide_text(struct buf *room, struct str bytes, enum wide wide, bool last);
/* How many of `bytes` the first `used` bytes of that text were made of. */
size_t wide_used(struct str bytes, struct str text, enum wide wide, size_t used, bool last);

#endif
