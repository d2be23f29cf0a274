/* SPDX-License-Identifier: Apache-2.0 */
/*
 * utf8.h - Unicode text in bytes: validity, code points, folding of case and of marks, UTF-16.
 *
 * Input is hostile. UTF-8 is strict (no overlong form, no surrogate, nothing above U+10FFFF); bytes
 * that are not UTF-8 are passed on as they are, one at a time. Pure; tables of Unicode 14.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#define UTF8_BAD UINT32_MAX

bool utf8_valid(struct str s);

/* The code point at `at` (which must be below s.n) in *cp and where the next one begins; a byte
 * that begins no code point gives UTF8_BAD and at + 1. */
size_t utf8_next(struct str s, size_t at, uint32_t *cp);
/* Write cp (at most U+10FFFF) to out; returns how many bytes, 1..4. */
size_t utf8_put(uint32_t cp, char out[4]);
/* How many characters (code points; a byte that begins none counts as one): never less than n / 4. */
size_t utf8_count(struct str s);

/*
 * Simple case folding (CaseFolding.txt, C and S). Returns `s` itself when nothing changes, else a
 * copy in `a`; p is NULL when `a` is full.
 */
struct str utf8_fold_case(struct arena *a, struct str s);
/*
 * Folding for search: case, and marks of Latin, Greek and Cyrillic letters whether composed or
 * combining (NFC and NFD give the same); d with stroke becomes d. Result as above.
 */
struct str utf8_fold_search(struct arena *a, struct str s);
/* The same for one code point; UTF8_BAD from _search for a mark that is dropped. */
uint32_t utf8_fold_case_cp(uint32_t cp);
uint32_t utf8_fold_search_cp(uint32_t cp);

/* A lower-case Vietnamese letter and the combining mark behind it as one letter; 0 when there is none.
 * Applied along a text it makes NFC of NFD. */
uint32_t utf8_compose_vi(uint32_t base, uint32_t mark);

/* UTF-16 (after its byte order mark, if any) to UTF-8 in `a`; what is no code point becomes U+FFFD.
 * p is NULL when `a` is full. */
struct str utf8_from_utf16(struct arena *a, struct str s, bool big_endian);
/* Is the text whose first bytes these are UTF-16? By its byte order mark, or because eight characters of
 * ASCII stand first. */
enum wide { WIDE_NONE, WIDE_LE, WIDE_BE };
enum wide utf16_told(struct str head);
/*
 * A stream of it, piece by piece: append what `s` says in UTF-8 to *out, the byte order mark as U+FEFF.
 * Returns how many bytes it took; half a character at the end is left for the next piece unless it is
 * the `last`. Where *out is full it took nothing.
 */
size_t utf16_take(struct str s, enum wide wide, bool last, struct buf *out);
/* How many bytes of the stream gave the text `s` that came out. */
size_t utf16_taken(struct str s);
/* The other way; a byte that is not UTF-8 becomes U+FFFD. */
struct str utf8_to_utf16(struct arena *a, struct str s, bool big_endian);

#endif
