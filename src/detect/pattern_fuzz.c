/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pattern_fuzz.c - the match says what a slow definition says, over any pattern and value. The first
 * line of the input is the pattern, the rest the value.
 */
#include "detect/pattern.h"

#include "base/fuzz.h"
#include "base/utf8.h"

#include <assert.h>

enum { VALUE_MAX = 48, PIECES_MAX = 24 };

static bool one_piece(const struct piece *piece, struct str v, size_t *at)
{
	uint32_t cp;

	if (piece->kind == PIECE_TEXT) {
		bool ok = str_starts(str_skip(v, *at), piece->text);

		*at += piece->text.n;
		return ok;
	}
	if (*at == v.n)
		return false;
	*at = utf8_next(v, *at, &cp);
	return piece->kind == PIECE_ONE || cp == '-' || cp == '/' || (cp >= 0x2013 && cp <= 0x2015);
}

/* reach[k]: the pieces so far can end at byte k. */
static bool slow(const struct pattern *p, struct str v)
{
	bool reach[VALUE_MAX + 1] = { true };

	for (size_t i = 0; i < p->n; i++) {
		bool next[VALUE_MAX + 1] = { false };
		bool from = false; /* a place before this one is reached */

		for (size_t k = 0; k <= v.n; k++) {
			size_t at = k;

			if (k < v.n && ((unsigned char)v.p[k] & 0xc0) == 0x80)
				continue; /* inside a code point */
			if (p->piece[i].kind == PIECE_ANY)
				next[k] = reach[k] || from;
			else if (reach[k] && one_piece(&p->piece[i], v, &at))
				next[at] = true;
			from = from || reach[k];
		}
		memcpy(reach, next, sizeof reach);
	}
	return reach[v.n];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[1 << 20];
	struct arena a = { mem, mem + sizeof mem };
	struct str all = { (const char *)data, size }, text, value;
	struct pattern p, dash;

	if (size > 4096 || !utf8_valid(all))
		return 0;
	text = str_sub(all, 0, str_find_char(all, '\n'));
	value = str_skip(all, text.n + 1);
	if (value.n > VALUE_MAX)
		return 0;
	assert(pattern_parse(&a, text, &p) && pattern_windash(&a, &p, &dash));
	if (dash.n > PIECES_MAX)
		return 0;
	assert(pattern_match(&p, value) == slow(&p, value));
	assert(pattern_match(&dash, value) == slow(&dash, value));
	assert(!pattern_match(&p, value) || pattern_match(&dash, value));
	return 0;
}
