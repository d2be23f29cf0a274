/* SPDX-License-Identifier: Apache-2.0 */
/*
 * query.c - parse, then match by pieces between stars.
 *
 * Patterns are folded when parsed, texts when compared; both by utf8_fold_search(), so that equal
 * means equal under the same folding. Invariant of the scanner: `at` only grows.
 */
#include "store/query.h"

#include "base/num.h"
#include "base/utf8.h"
#include "event/ranges.h"

#include <stdio.h>

enum { MIN_FIELD = 2 };

/* "a*b*c": pieces in order; open ends where a star stands (or, for a word, always). */
struct pattern {
	const struct str *piece;
	size_t n;
	bool open_begin, open_end;
};

struct term {
	struct str field; /* empty: a word */
	struct pattern want;
};

struct query {
	const struct term *term;
	size_t n;
};

bool query_is_all(const struct query *q)
{
	return q == NULL || q->n == 0;
}

/* --- parsing --- */

struct scan {
	struct str text;
	size_t at;
	struct arena *a;
};

/* A term being read: the bytes of its pieces, and where its field ends. */
struct draft {
	char bytes[4 * QUERY_MAX_LEN];
	size_t n;
	size_t cut[QUERY_MAX_PIECES]; /* ends of pieces before stars */
	size_t n_cuts;
	size_t colon; /* offset in bytes of the first plain colon, or SIZE_MAX */
	bool quoted;  /* begins with a quote: never a field */
};

static bool is_blank(char c)
{
	return ascii_space(c);
}

static bool field_char(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || strchr("._-@", c) != NULL;
}

/* user.name:x is a field; 12:30, fe80::1, C:\x and http://x are words. */
static bool is_field(const struct draft *d)
{
	struct addr addr;

	if (d->quoted || d->colon == SIZE_MAX || d->colon < MIN_FIELD)
		return false;
	if (!ascii_alpha(d->bytes[0]) && d->bytes[0] != '_' && d->bytes[0] != '@')
		return false;
	for (size_t i = 0; i < d->colon; i++)
		if (d->bytes[i] == '\0' || !field_char(d->bytes[i]))
			return false;
	struct str value = { d->bytes + d->colon + 1, d->n - d->colon - 1 };

	return !addr_parse((struct str){ d->bytes, d->n }, &addr) &&
	       !str_starts(value, STR("//")) && !str_starts(value, STR(":"));
}

static bool star(struct draft *d, size_t at, struct err *why)
{
	if (d->n_cuts == QUERY_MAX_PIECES - 1)
		return err_set(why, ERR_LIMIT, at, "more than %d stars in one word",
			       QUERY_MAX_PIECES - 1);
	d->cut[d->n_cuts++] = d->n;
	return true;
}

/* The next term's characters, up to a blank outside quotes. */
static bool read_draft(struct scan *s, struct draft *d, struct err *why)
{
	bool inside = false;
	size_t opened = 0;

	*d = (struct draft){ .colon = SIZE_MAX, .quoted = s->text.p[s->at] == '"' };
	for (; s->at < s->text.n && (inside || !is_blank(s->text.p[s->at])); s->at++) {
		char c = s->text.p[s->at];
		bool more = s->at + 1 < s->text.n;

		if (c == '"') {
			inside = !inside;
			opened = s->at;
			continue;
		}
		if (c == '*' && !inside) {
			if (!star(d, s->at, why))
				return false;
			continue;
		}
		if (c == ':' && !inside && d->colon == SIZE_MAX && d->n_cuts == 0)
			d->colon = d->n;
		if (c == '\\' && more && strchr("*\":\\", s->text.p[s->at + 1]) != NULL &&
		    s->text.p[s->at + 1] != '\0')
			c = s->text.p[++s->at];
		d->bytes[d->n++] = c;
	}
	if (inside)
		return err_set(why, ERR_INPUT, opened, "unclosed quote");
	return true;
}

/* The pieces of d->bytes[from..], folded; empty ones between stars say nothing and are left out. */
static bool make_pattern(struct scan *s, const struct draft *d, size_t from, struct pattern *out,
			 struct err *why)
{
	struct str *piece = NEW(s->a, struct str, d->n_cuts + 1);
	size_t begin = from;

	*out = (struct pattern){ .piece = piece };
	for (size_t i = 0; piece != NULL && i <= d->n_cuts; i++) {
		size_t end = i < d->n_cuts ? d->cut[i] : d->n;
		struct str text = { d->bytes + begin, end - begin };
		struct str kept = arena_str(s->a, text);

		begin = end;
		if (text.n == 0)
			continue;
		kept = kept.p == NULL ? kept : utf8_fold_search(s->a, kept);
		if (kept.p == NULL)
			piece = NULL;
		else
			piece[out->n++] = kept;
	}
	if (piece == NULL)
		return err_set(why, ERR_LIMIT, s->at, "no room for the query");
	out->open_begin = d->n_cuts > 0 && d->cut[0] == from;
	out->open_end = d->n_cuts > 0 && d->cut[d->n_cuts - 1] == d->n;
	return true;
}

static bool make_term(struct scan *s, const struct draft *d, struct term *out, struct err *why)
{
	bool field = is_field(d);
	struct term t = { 0 };

	if (field) {
		t.field = arena_str(s->a, (struct str){ d->bytes, d->colon });
		if (t.field.p == NULL)
			return err_set(why, ERR_LIMIT, s->at, "no room for the query");
	}
	if (!make_pattern(s, d, field ? d->colon + 1 : 0, &t.want, why))
		return false;
	if (!field)
		t.want.open_begin = t.want.open_end = true;
	*out = t;
	return true;
}

/* AND is what stands between terms anyway; the other operators do not exist and must not be taken
 * for words. */
static bool is_operator(struct scan *s, const struct draft *d, size_t at, bool *skip,
			struct err *why)
{
	struct str word = { d->bytes, d->n };

	*skip = !d->quoted && str_eq(word, STR("AND"));
	if (d->quoted || s->at - at != d->n ||
	    (!str_eq(word, STR("OR")) && !str_eq(word, STR("NOT"))))
		return true;
	return err_set(why, ERR_INPUT, at,
		       "no '%.*s' here: all words must hold; quote it to find it", STR_ARG(word));
}

static bool parse(struct scan *s, struct term *terms, size_t *n, struct err *why)
{
	struct draft d;
	bool skip;

	for (*n = 0; s->at < s->text.n;) {
		size_t at = s->at;

		if (is_blank(s->text.p[at])) {
			s->at++;
			continue;
		}
		if (*n == QUERY_MAX_TERMS)
			return err_set(why, ERR_LIMIT, at, "more than %d words", QUERY_MAX_TERMS);
		if (!read_draft(s, &d, why) || !is_operator(s, &d, at, &skip, why))
			return false;
		if (skip || (!is_field(&d) && d.n == 0)) /* a lone star or "" asks nothing */
			continue;
		if (!make_term(s, &d, &terms[*n], why))
			return false;
		++*n;
	}
	return true;
}

bool query_parse(struct arena *a, struct str text, const struct query **out, struct err *why)
{
	struct scan s = { .text = text, .a = a };
	struct term *terms = NEW(a, struct term, QUERY_MAX_TERMS);
	struct query *q = NEW(a, struct query, 1);

	if (utf8_count(text) > QUERY_MAX_LEN)
		return err_set(why, ERR_LIMIT, QUERY_MAX_LEN, "longer than %d characters",
			       QUERY_MAX_LEN);
	if (terms == NULL || q == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for the query");
	if (!parse(&s, terms, &q->n, why))
		return false;
	q->term = terms;
	*out = q;
	return true;
}

/* --- matching --- */

/* Does `text`, folded, hold the pieces in order? The last piece is sought from the end where the
 * end is closed. */
static bool holds(const struct pattern *p, struct str text)
{
	size_t at = 0, n = p->n;

	if (n == 0)
		return p->open_begin || text.n == 0;
	if (!p->open_begin) {
		if (!str_starts(text, p->piece[0]))
			return false;
		if (n == 1 && !p->open_end)
			return text.n == p->piece[0].n;
	}
	for (size_t i = 0; i < n; i++) {
		struct str rest = str_skip(text, at), piece = p->piece[i];

		if (i == n - 1 && !p->open_end)
			return str_ends(rest, piece);
		size_t found = str_find(rest, piece);

		if (found == rest.n && piece.n > 0)
			return false;
		at += found + piece.n;
	}
	return true;
}

static bool holds_text(const struct pattern *p, struct arena scratch, struct str text)
{
	struct str folded = utf8_fold_search(&scratch, text);

	/* Longer than the scratch space: compare as it is rather than not at all. */
	return holds(p, folded.p == NULL ? text : folded);
}

/* May decoded values differ from the bytes? Escapes of JSON, URLs and XML, and auditd's hex. */
static bool may_decode(struct str raw)
{
	return memchr(raw.p, '\\', raw.n) != NULL || memchr(raw.p, '%', raw.n) != NULL ||
	       memchr(raw.p, '&', raw.n) != NULL || str_starts(raw, STR("type=")) ||
	       str_find(raw, STR(" type=")) != raw.n;
}

/* canh.source and canh.format are known without reading. */
static bool is_known(const struct term *t)
{
	return str_eq_nocase(t->field, STR("canh.format")) ||
	       str_eq_nocase(t->field, STR("canh.source"));
}

static bool known_holds(const struct term *t, struct arena scratch, const struct query_subject *s)
{
	char number[24];

	if (str_eq_nocase(t->field, STR("canh.format")))
		return holds_text(&t->want, scratch, s->format);
	int n = snprintf(number, sizeof number, "%u", s->source);

	return holds_text(&t->want, scratch, (struct str){ number, (size_t)n }) ||
	       holds_text(&t->want, scratch, s->source_name) ||
	       holds_text(&t->want, scratch, s->source_peer) ||
	       (s->source_given.n > 0 && holds_text(&t->want, scratch, s->source_given));
}

/* source:NAME as people write it; a record may have a field of that name. */
static bool is_source(const struct term *t)
{
	return str_eq_nocase(t->field, STR("source")) ||
	       str_eq_nocase(t->field, STR("source.name"));
}

bool query_known(const struct query *q, struct arena scratch, const struct query_subject *s)
{
	for (size_t i = 0; !query_is_all(q) && i < q->n; i++)
		if (is_known(&q->term[i]) && !known_holds(&q->term[i], scratch, s))
			return false;
	return true;
}

enum query_answer query_unread(const struct query *q, struct arena scratch, struct str raw)
{
	enum query_answer answer = QUERY_YES;

	if (query_is_all(q))
		return QUERY_YES;
	struct str folded = utf8_fold_search(&scratch, raw);

	if (folded.p == NULL)
		folded = raw;
	for (size_t i = 0; i < q->n; i++) {
		const struct term *t = &q->term[i];

		if (is_known(t))
			continue;
		if (t->field.n > 0)
			answer = QUERY_READ;
		else if (holds(&t->want, folded))
			continue;
		else if (raw.n > 0 && may_decode(raw))
			answer = QUERY_READ;
		else
			return QUERY_NO;
	}
	return answer;
}

static bool is_named(const struct field *f, struct str name)
{
	return str_eq_nocase(f->name, name) || str_eq_nocase(field_bare(f), name);
}

static bool field_holds(const struct term *t, struct arena scratch, const struct query_subject *s)
{
	const struct event *ev = s->event;

	if (is_known(t) || (is_source(t) && known_holds(t, scratch, s)))
		return known_holds(t, scratch, s);
	for (uint32_t i = 0; i < ev->n_fields; i++)
		if (is_named(&ev->fields[i], t->field) &&
		    holds_text(&t->want, scratch, ev->fields[i].val))
			return true;
	return false;
}

static bool word_holds(const struct term *t, struct arena scratch, const struct query_subject *s)
{
	const struct event *ev = s->event;

	if (holds_text(&t->want, scratch, ev->raw))
		return true;
	for (uint32_t i = 0; i < ev->n_raw; i++)
		if (holds_text(&t->want, scratch, ev->fields[i].val))
			return true;
	return false;
}

bool query_match(const struct query *q, struct arena scratch, const struct query_subject *s)
{
	for (size_t i = 0; !query_is_all(q) && i < q->n; i++) {
		const struct term *t = &q->term[i];

		if (t->field.n > 0 ? !field_holds(t, scratch, s) : !word_holds(t, scratch, s))
			return false;
	}
	return true;
}
