/* SPDX-License-Identifier: Apache-2.0 */
/* ansi.h - text in one of the code pages of Windows that have a byte a character. */
#ifndef BASE_ANSI_H
#define BASE_ANSI_H

#include "base/arena.h"
#include "base/str.h"

/* What the bytes from 0x80 on mean in code page 874 or 1250 to 1258; NULL for others. */
const unsigned short *ansi_page(unsigned page);
/* In UTF-8, in `a`; p NULL when `a` is full. */
struct str ansi_to_utf8(struct arena *a, struct str s, const unsigned short *page);

#endif
