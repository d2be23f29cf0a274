/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sigma_value.c - each transformation makes new patterns from the old; nothing is changed in place.
 *
 * Encodings work on bytes: a pattern with '*' or '?' in it has none, so it is refused; the dashes of
 * `windash` are spelled out first.
 */
#include "detect/sigma_value.h"

#include "base/crypt.h"
#include "base/utf8.h"

static bool no_room(const struct sigma_value *v, struct err *why)
{
	return err_set(why, ERR_LIMIT, v->from->line, "no room for the rules");
}

/* The three in a row; p is NULL when `a` is full. */
static struct str concat(struct arena *a, struct str x, struct str y, struct str z)
{
	const struct str part[] = { x, y, z };
	char *p = arena_bytes(a, x.n + y.n + z.n + 1);
	size_t n = 0;

	for (size_t i = 0; p != NULL && i < COUNT(part); i++) {
		if (part[i].n > 0)
			memcpy(p + n, part[i].p, part[i].n);
		n += part[i].n;
	}
	return (struct str){ p, n };
}

bool sigma_value_take(struct arena *a, const struct yml *from, struct sigma_value *out,
		      struct err *why)
{
	struct sigma_value v = { .from = from, .alt = NEW(a, struct pattern, 1), .n = 1 };
	struct str text = arena_str(a, from->text);

	if (v.alt == NULL || text.p == NULL || !pattern_parse(a, text, &v.alt[0]))
		return no_room(&v, why);
	*out = v;
	return true;
}

bool sigma_value_open(struct arena *a, struct sigma_value *v, bool front, bool back,
		      struct err *why)
{
	for (size_t i = 0; i < v->n; i++)
		if (!pattern_open(a, &v->alt[i], front, back, &v->alt[i]))
			return no_room(v, why);
	return true;
}

bool sigma_value_windash(struct arena *a, struct sigma_value *v, struct err *why)
{
	for (size_t i = 0; i < v->n; i++)
		if (!pattern_windash(a, &v->alt[i], &v->alt[i]))
			return no_room(v, why);
	return true;
}

static const struct str dashes[] = { STR("-"), STR("/"), STR("–"), STR("—"), STR("―") };

/* How many texts a pattern spells out to. */
static size_t spellings(const struct pattern *p)
{
	size_t n = 1;

	for (size_t i = 0; i < p->n && n <= VALUE_MAX_EXPANSIONS; i++)
		n *= p->piece[i].kind == PIECE_DASH ? COUNT(dashes) : 1;
	return n;
}

/* The text of spelling number `which`; p is NULL when `a` is full. */
static struct str spell(struct arena *a, const struct pattern *p, size_t which)
{
	size_t len = 0;

	for (size_t i = 0; i < p->n; i++)
		len += p->piece[i].kind == PIECE_TEXT ? p->piece[i].text.n : 3;
	char *out = arena_bytes(a, len + 1);
	size_t n = 0;
	for (size_t i = 0; out != NULL && i < p->n; i++) {
		struct str s = p->piece[i].text;

		if (p->piece[i].kind == PIECE_DASH) {
			s = dashes[which % COUNT(dashes)];
			which /= COUNT(dashes);
		}
		memcpy(out + n, s.p, s.n);
		n += s.n;
	}
	return (struct str){ out, n };
}

/* All texts that `v` stands for. */
static bool spell_all(struct arena *a, const struct sigma_value *v, const char *modifier,
		      struct str **out, size_t *n_out, struct err *why)
{
	size_t total = 0, n = 0;

	for (size_t i = 0; i < v->n; i++) {
		if (pattern_has_wildcard(&v->alt[i]))
			return err_set(why, ERR_INPUT, v->from->line,
				       "'%s' cannot encode a value with wildcards", modifier);
		total += spellings(&v->alt[i]);
	}
	if (total > VALUE_MAX_EXPANSIONS)
		return err_set(why, ERR_LIMIT, v->from->line, "the value expands to more than %d",
			       VALUE_MAX_EXPANSIONS);
	struct str *texts = NEW(a, struct str, total);
	for (size_t i = 0; texts != NULL && i < v->n; i++)
		for (size_t k = 0; k < spellings(&v->alt[i]); k++) {
			texts[n] = spell(a, &v->alt[i], k);
			if (texts[n++].p == NULL)
				return no_room(v, why);
		}
	*out = texts;
	*n_out = total;
	return texts != NULL || no_room(v, why);
}

/* Make `n` literal texts the value. */
static bool set_texts(struct arena *a, struct sigma_value *v, const struct str *text, size_t n,
		      struct err *why)
{
	struct pattern *alt = NEW(a, struct pattern, n);

	for (size_t i = 0; i < n; i++)
		if (alt == NULL || text[i].p == NULL || !pattern_literal(a, text[i], &alt[i]))
			return no_room(v, why);
	v->alt = alt;
	v->n = n;
	return true;
}

/*
 * Base64 of `text` as it stands `shift` bytes behind a multiple of 3: of the encoding with that many
 * bytes before it, what depends on those bytes and on the ones that follow is cut off.
 */
static struct str base64_shifted(struct arena *a, struct str text, size_t shift)
{
	static const size_t skip[] = { 0, 2, 3 }, cut[] = { 0, 3, 2 };
	char *in = arena_bytes(a, text.n + shift);

	if (in == NULL)
		return (struct str){ NULL, 0 };
	memset(in, ' ', shift);
	if (text.n > 0)
		memcpy(in + shift, text.p, text.n);
	struct str all = crypt_base64(a, (struct str){ in, text.n + shift });
	if (all.p == NULL)
		return all;
	size_t end = all.n - cut[(text.n + shift) % 3];
	return str_sub(all, skip[shift], end);
}

bool sigma_value_base64(struct arena *a, struct sigma_value *v, bool offsets, struct err *why)
{
	const char *name = offsets ? "base64offset" : "base64";
	size_t n = 0, per = offsets ? 3 : 1;
	struct str *in = NULL;

	if (!spell_all(a, v, name, &in, &n, why))
		return false;
	if (n * per > VALUE_MAX_EXPANSIONS)
		return err_set(why, ERR_LIMIT, v->from->line, "the value expands to more than %d",
			       VALUE_MAX_EXPANSIONS);
	struct str *out = NEW(a, struct str, n * per);
	if (out == NULL)
		return no_room(v, why);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < per; k++)
			out[i * per + k] = offsets ? base64_shifted(a, in[i], k)
						   : crypt_base64(a, in[i]);
	return set_texts(a, v, out, n * per, why);
}

bool sigma_value_utf16(struct arena *a, struct sigma_value *v, enum utf16_form form,
		       struct err *why)
{
	static const char *const names[] = { "utf16le", "utf16be", "utf16" };
	struct str *text = NULL;
	size_t n = 0;

	if (!spell_all(a, v, names[form], &text, &n, why))
		return false;
	for (size_t i = 0; i < n; i++) {
		text[i] = utf8_to_utf16(a, text[i], form == UTF16_BE);
		if (text[i].p != NULL && form == UTF16_BOM)
			text[i] = concat(a, STR("\xff\xfe"), text[i], STR(""));
	}
	return set_texts(a, v, text, n, why);
}

/* The name between two percent signs at `at`, or an empty view: \% is a plain percent sign. */
static struct str placeholder_at(struct str s, size_t at)
{
	if (s.p[at] != '%')
		return (struct str){ NULL, 0 };
	struct str rest = str_skip(s, at + 1);
	size_t end = 0;
	while (end < rest.n && (ascii_alpha(rest.p[end]) || ascii_digit(rest.p[end]) ||
				rest.p[end] == '_' || rest.p[end] == '-'))
		end++;
	if (end == 0 || end == rest.n || rest.p[end] != '%')
		return (struct str){ NULL, 0 };
	return str_sub(rest, 0, end);
}

/* Where the first placeholder begins; s.n when there is none. */
static size_t find_placeholder(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n)
			i++;
		else if (placeholder_at(s, i).p != NULL)
			return i;
	}
	return s.n;
}

struct expansion {
	struct arena *a;
	const struct placeholder *lists;
	size_t n_lists;
	struct str *out;
	size_t n;
};

static const struct placeholder *find_list(const struct expansion *x, struct str name)
{
	for (size_t i = 0; i < x->n_lists; i++)
		if (str_eq_nocase(x->lists[i].name, name))
			return &x->lists[i];
	return NULL;
}

/* Replace the first placeholder of out[i] by the first value; further ones go to the end. */
static bool expand_one(struct expansion *x, size_t i, size_t at, const struct yml *from,
		       struct err *why)
{
	struct str s = x->out[i], name = placeholder_at(s, at);
	const struct placeholder *list = find_list(x, name);

	if (list == NULL || list->n == 0)
		return err_set(why, ERR_ABSENT, from->line,
			       "'expand' needs a list for %%%.*s%%, and there is none",
			       STR_ARG(name));
	for (size_t k = 0; k < list->n; k++) {
		if (k > 0 && x->n == VALUE_MAX_EXPANSIONS)
			return err_set(why, ERR_LIMIT, from->line,
				       "the value expands to more than %d", VALUE_MAX_EXPANSIONS);
		struct str rest = str_skip(s, at + name.n + 2);
		struct str made = concat(x->a, str_sub(s, 0, at), list->value[k], rest);
		if (made.p == NULL)
			return err_set(why, ERR_LIMIT, from->line, "no room for the rules");
		x->out[k == 0 ? i : x->n++] = made;
	}
	return true;
}

/* "\%" is a percent sign now that all placeholders are gone. */
static struct str plain_percent(struct arena *a, struct str s)
{
	char *p = arena_bytes(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; p != NULL && i < s.n; i++) {
		bool escape = s.p[i] == '\\' && i + 1 < s.n;

		if (escape && s.p[i + 1] != '%')
			p[n++] = s.p[i];
		i += escape;
		p[n++] = s.p[i];
	}
	return (struct str){ p, n };
}

bool sigma_value_expand(struct arena *a, const struct yml *from, const struct placeholder *lists,
			size_t n_lists, struct sigma_value *out, struct err *why)
{
	struct sigma_value v = { .from = from };
	struct expansion x = { a, lists, n_lists, NEW(a, struct str, VALUE_MAX_EXPANSIONS), 1 };

	if (x.out == NULL)
		return no_room(&v, why);
	x.out[0] = from->text;
	for (size_t i = 0; i < x.n; i++) {
		size_t at;

		for (unsigned turn = 0; (at = find_placeholder(x.out[i])) < x.out[i].n; turn++) {
			if (turn == YML_MAX_DEPTH)
				return err_set(why, ERR_LIMIT, from->line,
					       "more than %d placeholders", YML_MAX_DEPTH);
			if (!expand_one(&x, i, at, from, why))
				return false;
		}
	}
	v.alt = NEW(a, struct pattern, x.n);
	v.n = x.n;
	for (size_t i = 0; i < x.n; i++) {
		struct str s = plain_percent(a, x.out[i]);

		if (v.alt == NULL || s.p == NULL || !pattern_parse(a, s, &v.alt[i]))
			return no_room(&v, why);
	}
	*out = v;
	return true;
}
