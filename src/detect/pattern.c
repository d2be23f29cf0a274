/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pattern.c - matching goes segment by segment, a segment being what stands between two '*'.
 *
 * Invariant of the match: all segments before the current one match at the earliest places possible,
 * so that only the last '*' ever needs to be tried again further right.
 */
#include "detect/pattern.h"

#include "base/utf8.h"

/* Pieces of one pattern as they come; the array is as long as the text at most. */
struct maker {
	struct arena *a;
	struct piece *piece;
	size_t n;
	char *text; /* of the piece being made */
	size_t text_n, text_from;
};

static void end_text(struct maker *m)
{
	if (m->text_n > m->text_from)
		m->piece[m->n++] = (struct piece){
			PIECE_TEXT, { m->text + m->text_from, m->text_n - m->text_from }
		};
	m->text_from = m->text_n;
}

static void put_special(struct maker *m, enum piece_kind kind)
{
	end_text(m);
	m->piece[m->n++] = (struct piece){ .kind = kind };
}

bool pattern_parse(struct arena *a, struct str text, struct pattern *out)
{
	size_t stars = 0;

	for (size_t i = 0; i < text.n; i++)
		stars += text.p[i] == '*' || text.p[i] == '?';
	struct maker m = { .a = a,
			   .piece = NEW(a, struct piece, 2 * stars + 1),
			   .text = arena_bytes(a, text.n + 1) };
	if (m.piece == NULL || m.text == NULL)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		char next = i + 1 < text.n ? text.p[i + 1] : '\0';

		if (c == '\\' && (next == '*' || next == '?' || next == '\\'))
			m.text[m.text_n++] = text.p[++i];
		else if (c == '*' || c == '?')
			put_special(&m, c == '*' ? PIECE_ANY : PIECE_ONE);
		else
			m.text[m.text_n++] = c;
	}
	end_text(&m);
	*out = (struct pattern){ m.piece, m.n };
	return true;
}

bool pattern_literal(struct arena *a, struct str text, struct pattern *out)
{
	struct piece *one = NEW(a, struct piece, 1);

	if (one == NULL)
		return false;
	*one = (struct piece){ PIECE_TEXT, text };
	*out = (struct pattern){ one, text.n > 0 };
	return true;
}

bool pattern_open(struct arena *a, const struct pattern *p, bool front, bool back,
		  struct pattern *out)
{
	struct piece *all = NEW(a, struct piece, p->n + 2);
	size_t n = 0;

	if (all == NULL)
		return false;
	if (front && (p->n == 0 || p->piece[0].kind != PIECE_ANY))
		all[n++].kind = PIECE_ANY;
	for (size_t i = 0; i < p->n; i++)
		all[n++] = p->piece[i];
	if (back && (n == 0 || all[n - 1].kind != PIECE_ANY))
		all[n++].kind = PIECE_ANY;
	*out = (struct pattern){ all, n };
	return true;
}

/* A word character of the regular expression \b: letter, digit, underscore; beyond ASCII all count. */
static bool is_word(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || c == '_' || (unsigned char)c >= 0x80;
}

/* Is the byte at `i` the dash of a flag: not behind a word, and before one? */
static bool is_flag_dash(struct str s, size_t i)
{
	return (s.p[i] == '-' || s.p[i] == '/') && (i == 0 || !is_word(s.p[i - 1])) &&
	       i + 1 < s.n && is_word(s.p[i + 1]);
}

static size_t count_dashes(const struct pattern *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; p->piece[i].kind == PIECE_TEXT && k < p->piece[i].text.n; k++)
			n += is_flag_dash(p->piece[i].text, k);
	return n;
}

static size_t split_dashes(struct str text, struct piece *out)
{
	size_t n = 0, from = 0;

	for (size_t k = 0; k < text.n; k++) {
		if (!is_flag_dash(text, k))
			continue;
		if (k > from)
			out[n++] = (struct piece){ PIECE_TEXT, str_sub(text, from, k) };
		out[n++] = (struct piece){ .kind = PIECE_DASH };
		from = k + 1;
	}
	if (from < text.n)
		out[n++] = (struct piece){ PIECE_TEXT, str_skip(text, from) };
	return n;
}

bool pattern_windash(struct arena *a, const struct pattern *p, struct pattern *out)
{
	struct piece *all = NEW(a, struct piece, p->n + 2 * count_dashes(p));
	size_t n = 0;

	if (all == NULL)
		return false;
	for (size_t i = 0; i < p->n; i++) {
		if (p->piece[i].kind == PIECE_TEXT)
			n += split_dashes(p->piece[i].text, all + n);
		else
			all[n++] = p->piece[i];
	}
	*out = (struct pattern){ all, n };
	return true;
}

bool pattern_fold(struct arena *a, const struct pattern *p, struct pattern *out)
{
	struct piece *all = NEW(a, struct piece, p->n);

	if (all == NULL)
		return false;
	for (size_t i = 0; i < p->n; i++) {
		all[i] = p->piece[i];
		if (all[i].kind != PIECE_TEXT)
			continue;
		all[i].text = utf8_fold_case(a, p->piece[i].text);
		if (all[i].text.p == NULL)
			return false;
	}
	*out = (struct pattern){ all, p->n };
	return true;
}

bool pattern_has_wildcard(const struct pattern *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->piece[i].kind == PIECE_ANY || p->piece[i].kind == PIECE_ONE)
			return true;
	return false;
}

size_t pattern_weight(const struct pattern *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += p->piece[i].kind == PIECE_TEXT ? p->piece[i].text.n
						    : p->piece[i].kind != PIECE_ANY;
	return n;
}

static bool is_dash(uint32_t cp)
{
	return cp == '-' || cp == '/' || (cp >= 0x2013 && cp <= 0x2015);
}

/* Where one piece that is no '*' ends when it begins at `at`; false when it does not match there. */
static bool step(const struct piece *piece, struct str value, size_t *at)
{
	uint32_t cp;

	if (piece->kind == PIECE_TEXT) {
		if (!str_starts(str_skip(value, *at), piece->text))
			return false;
		*at += piece->text.n;
		return true;
	}
	if (*at >= value.n)
		return false;
	*at = utf8_next(value, *at, &cp);
	return piece->kind == PIECE_ONE || is_dash(cp);
}

/* The next place from `at` on where a piece may begin; value.n + 1 when there is none. */
static size_t seek(const struct piece *piece, struct str value, size_t at)
{
	if (piece->kind != PIECE_TEXT || at > value.n)
		return at;
	size_t off = str_find(str_skip(value, at), piece->text);

	return at + off <= value.n && off + piece->text.n <= value.n - at ? at + off : value.n + 1;
}

/* The next place behind `at` where a code point begins. */
static size_t advance(struct str value, size_t at)
{
	uint32_t cp;

	return at < value.n ? utf8_next(value, at, &cp) : at + 1;
}

bool pattern_match(const struct pattern *p, struct str value)
{
	size_t i = 0, at = 0;
	size_t star = p->n, retry = 0; /* the piece behind the last '*' and where to try it next */

	if (p->n == 2 && p->piece[0].kind == PIECE_ANY && p->piece[1].kind == PIECE_TEXT)
		return str_ends(value, p->piece[1].text);
	if (p->n == 3 && p->piece[0].kind == PIECE_ANY && p->piece[1].kind == PIECE_TEXT &&
	    p->piece[2].kind == PIECE_ANY)
		return p->piece[1].text.n <= value.n && str_find(value, p->piece[1].text) < value.n;
	for (;;) {
		if (i < p->n && p->piece[i].kind == PIECE_ANY) {
			star = ++i;
			if (i == p->n)
				return true;
			retry = at;
		} else if (i < p->n && step(&p->piece[i], value, &at)) {
			i++;
			continue;
		} else if (i == p->n && at == value.n) {
			return true;
		} else if (star == p->n) {
			return false;
		}
		at = seek(&p->piece[star], value, retry);
		if (at > value.n)
			return false;
		i = star;
		retry = advance(value, at);
	}
}
