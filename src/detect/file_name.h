/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file_name.h - names and paths of files as indicators.
 *
 * The comparable form: ASCII in lower case, '/' between folders. A name means files of that name
 * anywhere; a path from a root ("c:/x/a.exe", "/tmp/a") that file alone; the end of a path
 * ("temp/a.exe"; "%temp%\a.exe" is "a.exe") what ends so. Input is hostile. Pure.
 */
#ifndef DETECT_FILE_NAME_H
#define DETECT_FILE_NAME_H

#include "base/arena.h"
#include "base/err.h"

enum { FILE_NAME_MAX = 1024 };

/*
 * Does the text say by its form that it is a file? "file:" in front, a path from a root or a
 * variable, or a name whose extension is no top-level domain. *name: without "file:".
 */
bool file_claims(struct str s, struct str *name);
/* False when nothing could be named so; *out in the arena, untouched then. */
MUST_USE bool file_normal(struct arena *a, struct str name, struct str *out, struct err *why);

/* The comparable form of one byte. */
char file_byte(char c);
/* What stands behind the last '/' of a comparable form. */
struct str file_base(struct str path);
/* The part of a base name that text is searched for: its end, of bytes of names only. */
struct str file_key(struct str base);

#endif
