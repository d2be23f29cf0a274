/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words.c - the folded words by which alerts are found.
 *
 * Text parts at anything that is no letter, digit, or one of . - _ : @ /; what holds such a sign is a
 * word as a whole and by its parts, so that "web-01.example.vn" is found by "web" and "example" too.
 */
#include "base/utf8.h"
#include "respond/alert_int.h"

enum { WORD_MAX = 64, WORDS_MAX = 96 };

static bool inner(char c)
{
	return c == '.' || c == '-' || c == '_' || c == ':' || c == '@' || c == '/';
}

static bool letter(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || (unsigned char)c >= 0x80;
}

static struct str strip(struct str s)
{
	while (s.n > 0 && inner(s.p[0]))
		s = str_skip(s, 1);
	while (s.n > 0 && inner(s.p[s.n - 1]))
		s.n--;
	return s;
}

/* The parts of a word between its inner signs. */
static bool parts(struct str word, word_fn *fn, void *ctx)
{
	size_t beg = 0;

	for (size_t i = 0; i <= word.n; i++) {
		if (i < word.n && !inner(word.p[i]))
			continue;
		if (i > beg && i - beg < word.n && !fn(ctx, str_sub(word, beg, i)))
			return false;
		beg = i + 1;
	}
	return true;
}

bool words_each(struct arena scratch, struct str text, word_fn *fn, void *ctx)
{
	struct str s = utf8_fold_search(&scratch, text);
	size_t at = 0;

	while (at < s.n) {
		size_t beg = at;

		while (at < s.n && (letter(s.p[at]) || inner(s.p[at])))
			at++;
		struct str word = strip(str_sub(s, beg, at));

		if (word.n > 0 && word.n <= WORD_MAX && !fn(ctx, word))
			return false;
		if (word.n > 0 && !parts(word, fn, ctx))
			return false;
		at += at == beg;
	}
	return true;
}

struct adding {
	struct db *db;
	const char *alert;
	size_t n;
	bool ok;
	struct err *why;
};

static bool add(void *ctx, struct str word)
{
	struct adding *a = ctx;

	if (word.n > WORD_MAX)
		return true;
	a->ok = db_run(
		a->db,
		"INSERT INTO alert_words (word, alert) VALUES ($1, $2) ON CONFLICT DO NOTHING",
		DB_VALS(V_TEXT(word), V_Z(a->alert)), a->why);
	return a->ok && ++a->n < WORDS_MAX;
}

bool words_add(struct db *db, struct arena scratch, const char *alert, struct str text,
	       struct err *why)
{
	struct adding a = { db, alert, 0, true, why };

	words_each(scratch, text, add, &a);
	return a.ok;
}
