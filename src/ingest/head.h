/* SPDX-License-Identifier: Apache-2.0 */
/* head.h - the first bytes of a file, as a short text: is it still the file that was read before? */
#ifndef INGEST_HEAD_H
#define INGEST_HEAD_H

#include "base/str.h"

enum { HEAD_TEXT = 40 };

/* Of the file's first bytes, of at most `len` of them. False when they cannot be read. */
bool head_of(int fd, uint64_t len, char out[HEAD_TEXT]);
/* Does the file still begin with what `kept` is of? True where that is nothing. */
bool head_same(int fd, struct str kept);

#endif
