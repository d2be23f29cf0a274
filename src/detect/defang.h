/* SPDX-License-Identifier: Apache-2.0 */
/*
 * defang.h - indicators made harmless for reading (`hxxp`, `[.]`, `(dot)`, `[at]`) made whole again.
 *
 * Input is hostile. Undone are a bracketed dot, colon, slash, "://", at sign, "dot" or "at" in (), []
 * or {}; schemes are judged where a URL is read, not here. Pure.
 */
#ifndef DETECT_DEFANG_H
#define DETECT_DEFANG_H

#include "base/arena.h"

/* The length of the defanged mark that begins at `at`, 0 when there is none; *out what it means. */
size_t defang_mark(struct str s, size_t at, struct str *out);
/* `s` itself where nothing is defanged, else a copy in `a` that is never longer; p is NULL when `a`
 * is full. */
struct str defang_undo(struct arena *a, struct str s);

#endif
