/* SPDX-License-Identifier: Apache-2.0 */
/*
 * version_apk.c - number{.number}{letter}{_suffix{number}}{~hash}{-r{number}}, in the order of
 * apk-tools 3.
 *
 * apk itself disagrees with its earlier selves over versions that break this grammar. Here what
 * breaks it is older than where the version just ends; of two such the bytes decide, but not
 * where both stand in the place of the release.
 */
#include "vuln/version_int.h"

/* The sooner a kind may stand, the newer the version that has it, where the other has a later one. */
enum kind { NUMBER, LETTER, SUFFIX, SUFFIX_NUMBER, HASH, RELEASE, END, BROKEN };

struct place {
	struct str rest, text;
	enum kind kind;
	size_t suffix; /* in `suffixes` */
	bool first;
};

static const char *const suffixes[] = {
	"alpha", "beta", "pre", "rc", "cvs", "svn", "git", "hg", "p"
};
enum {
	SUFFIX_FIRST_LATER = 4
}; /* from here on they follow the version, before it they lead to it */

static bool take_suffix(struct place *p, struct str s)
{
	for (size_t i = 0; i < COUNT(suffixes); i++) {
		struct str name = str_of(suffixes[i]);
		struct str behind = str_skip(s, name.n);

		if (!str_starts(s, name) || (behind.n > 0 && ascii_alpha(behind.p[0])))
			continue;
		p->suffix = i;
		p->rest = behind;
		return true;
	}
	return false;
}

static struct str take_hash(struct str *s)
{
	size_t n = 0;

	while (n < s->n && (ascii_digit(s->p[n]) || (s->p[n] >= 'a' && s->p[n] <= 'f')))
		n++;
	struct str hash = str_sub(*s, 0, n);
	*s = str_skip(*s, n);
	return hash;
}

/* "-r", digits or none, then no letter. */
static bool take_build(struct place *p, struct str s)
{
	if (!str_starts(s, STR("-r")))
		return false;
	s = str_skip(s, 2);
	struct str digits = take_digits(&s);
	if (digits.n == 0 && s.n > 0 && s.p[0] != '-')
		return false;
	p->text = digits;
	p->rest = s;
	return true;
}

/* The kind that the next byte begins; BROKEN where it may not stand here. */
static enum kind kind_of(const struct place *p)
{
	char c = p->rest.n > 0 ? p->rest.p[0] : '\0';

	if (p->rest.n == 0)
		return p->first ? BROKEN : END;
	if (p->first)
		return ascii_digit(c) ? NUMBER : BROKEN;
	if (c == '.')
		return p->kind == NUMBER ? NUMBER : BROKEN;
	if (c >= 'a' && c <= 'z')
		return p->kind == NUMBER ? LETTER : BROKEN;
	if (c == '_')
		return p->kind <= SUFFIX_NUMBER ? SUFFIX : BROKEN;
	if (ascii_digit(c))
		return p->kind == SUFFIX ? SUFFIX_NUMBER : BROKEN;
	if (c == '~')
		return p->kind < HASH ? HASH : BROKEN;
	return c == '-' && p->kind < RELEASE ? RELEASE : BROKEN;
}

static bool take_kind(struct place *p, enum kind kind)
{
	struct str at = p->rest;
	bool marked = kind == HASH || (kind == NUMBER && !p->first);
	struct str s = str_skip(at, marked ? 1 : 0);

	switch (kind) {
	case SUFFIX:
		return take_suffix(p, str_skip(at, 1));
	case RELEASE:
		return take_build(p, at);
	case LETTER:
		p->text = str_sub(s, 0, 1);
		p->rest = str_skip(s, 1);
		return true;
	case HASH:
		p->text = take_hash(&s);
		break;
	default:
		p->text = take_digits(&s);
	}
	if (p->text.n == 0)
		return false;
	p->rest = s;
	return true;
}

static void advance(struct place *p, bool first)
{
	p->first = first;
	enum kind kind = kind_of(p);

	if (kind < END && !take_kind(p, kind))
		kind = BROKEN;
	p->kind = kind;
}

static int text_compare(const struct place *a, const struct place *b)
{
	/* Behind the first number a leading zero makes it a fraction. */
	if (a->kind == NUMBER && !a->first && (a->text.p[0] == '0' || b->text.p[0] == '0'))
		return str_cmp(a->text, b->text);
	if (a->kind == LETTER || a->kind == HASH)
		return str_cmp(a->text, b->text);
	if (a->kind == SUFFIX)
		return a->suffix < b->suffix ? -1 : a->suffix > b->suffix;
	return digits_compare(a->text, b->text);
}

static int broken_compare(struct str a, struct str b)
{
	bool release_a = str_starts(a, STR("-")), release_b = str_starts(b, STR("-"));

	return release_a && release_b ? 0 : str_cmp(a, b);
}

static bool leads(const struct place *p)
{
	return p->kind == SUFFIX && p->suffix < SUFFIX_FIRST_LATER;
}

int apk_version_compare(struct str a, struct str b)
{
	struct place x = { .rest = a }, y = { .rest = b };
	bool first = true;

	for (;; first = false) {
		advance(&x, first);
		advance(&y, first);
		if (x.kind != y.kind || x.kind >= END)
			break;
		int diff = text_compare(&x, &y);
		if (diff != 0)
			return diff;
	}
	if (x.kind == BROKEN && y.kind == BROKEN)
		return broken_compare(x.rest, y.rest);
	if (x.kind == y.kind)
		return 0;
	if (leads(&x) || leads(&y))
		return leads(&x) ? -1 : 1;
	return x.kind > y.kind ? -1 : 1;
}

bool apk_version_check(struct str v, struct err *why)
{
	(void)why;
	(void)v;
	return true; /* apk compares anything */
}
