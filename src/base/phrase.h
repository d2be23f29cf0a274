/* SPDX-License-Identifier: Apache-2.0 */
/*
 * phrase.h - is a phrase said in a short text, whatever its case and marks: for headers of columns and the
 * few words of a cell.
 *
 * Input is hostile. Phrases stand folded as utf8_fold_search() folds ("dia chi ip"); they match whole
 * words only, anything but letters and digits parts words.
 */
#ifndef BASE_PHRASE_H
#define BASE_PHRASE_H

#include "base/arena.h"

enum { PHRASE_TEXT_MAX = 256 }; /* what stands behind it is not looked at */

/* The words of a text, folded, one blank before, between and behind: " dia chi ip "; p is NULL when `a`
 * is full. */
struct str phrase_words(struct arena *a, struct str text);
/* Does the phrase stand in these words? */
bool phrase_in(struct str words, struct str phrase);

#endif
