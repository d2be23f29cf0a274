/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leases.c - words, quoted text and the signs ; { }; then statements of leases, everything else passed over.
 *
 * Invariant: each word moves `at`, so every loop ends.
 */
#include "fleet/leases.h"

#include "base/num.h"

#include <stdio.h>
#include <stdlib.h>

enum { WORDS_MAX = 8, LEASES_MAX = 500000 };

struct words {
	struct str text;
	size_t at;
	uint64_t line;
};

struct lease {
	struct str address, mac, name;
	int64_t seen;
	uint64_t line;
	bool bound;
};

/* One statement: its words, and what ends it: ';', '{', '}' or '\0' at the end of the text. */
struct statement {
	struct str word[WORDS_MAX];
	size_t n;
	uint64_t line;
	char end;
};

static void skip_blank(struct words *w)
{
	for (; w->at < w->text.n; w->at++) {
		char c = w->text.p[w->at];

		if (c == '#')
			while (w->at + 1 < w->text.n && w->text.p[w->at + 1] != '\n')
				w->at++;
		else if (!ascii_space(c))
			return;
		w->line += c == '\n';
	}
}

static struct str take_quoted(struct words *w)
{
	size_t from = ++w->at;

	while (w->at < w->text.n && w->text.p[w->at] != '"') {
		w->line += w->text.p[w->at] == '\n';
		w->at += w->text.p[w->at] == '\\' && w->at + 1 < w->text.n ? 2 : 1;
	}
	struct str s = str_sub(w->text, from, w->at);
	w->at += w->at < w->text.n;
	return s;
}

static struct str take_word(struct words *w)
{
	size_t from = w->at;

	while (w->at < w->text.n && !ascii_space(w->text.p[w->at]) &&
	       strchr(";{}\"#", w->text.p[w->at]) == NULL)
		w->at++;
	w->at += w->at == from; /* a NUL */
	return str_sub(w->text, from, w->at);
}

static void take_statement(struct words *w, struct statement *out)
{
	out->n = 0;
	out->end = '\0';
	skip_blank(w);
	out->line = w->line;
	for (; w->at < w->text.n; skip_blank(w)) {
		char c = w->text.p[w->at];

		if (c == ';' || c == '{' || c == '}') {
			w->at++;
			out->end = c;
			return;
		}
		struct str word = c == '"' ? take_quoted(w) : take_word(w);
		if (out->n < WORDS_MAX)
			out->word[out->n++] = word;
	}
}

static bool is(const struct statement *s, size_t n, const char *word)
{
	return s->n > n && str_eq(s->word[n], str_of(word));
}

/* "4 2023/11/23 01:00:00" or "epoch 1700701200": dhcpd.leases(5), UTC. */
static bool lease_time(const struct statement *s, int64_t *out)
{
	char text[32];
	uint64_t seconds;
	bool zone;

	if (is(s, 1, "epoch")) {
		if (s->n < 3 || !num_parse(s->word[2], 0, UINT32_MAX, &seconds))
			return false;
		*out = (int64_t)seconds * TIME_SECOND;
		return true;
	}
	if (s->n < 4 || s->word[2].n != 10 || s->word[3].n != 8)
		return false;
	int n = snprintf(text, sizeof text, "%.*s %.*s", STR_ARG(s->word[2]), STR_ARG(s->word[3]));
	for (int i = 0; i < n; i++)
		text[i] = text[i] == '/' ? '-' : text[i];
	return time_parse_rfc3339(str_of(text), out, &zone);
}

static void take_fact(const struct statement *s, struct lease *l)
{
	int64_t t;

	if (is(s, 0, "hardware") && is(s, 1, "ethernet") && s->n > 2)
		l->mac = s->word[2];
	else if (is(s, 0, "client-hostname") && s->n > 1)
		l->name = s->word[1];
	else if (is(s, 0, "binding") && is(s, 1, "state"))
		l->bound = is(s, 2, "active");
	else if ((is(s, 0, "starts") || is(s, 0, "cltt")) && lease_time(s, &t) &&
		 (l->seen == TIME_NONE || t > l->seen))
		l->seen = t;
}

/* Up to the '}' that belongs to the '{' before; with `l` its own statements are facts. */
static bool take_block(struct words *w, struct lease *l)
{
	struct statement s;

	for (int depth = 1; depth > 0;) {
		take_statement(w, &s);
		if (s.end == '\0')
			return false;
		if (s.end == ';' && depth == 1 && l != NULL)
			take_fact(&s, l);
		depth += (s.end == '{') - (s.end == '}');
	}
	return true;
}

static int by_address(const void *x, const void *y)
{
	const struct lease *a = x, *b = y;
	int c = str_cmp(a->address, b->address);

	return c != 0 ? c : (a->address.p > b->address.p) - (a->address.p < b->address.p);
}

static int by_place(const void *x, const void *y)
{
	const struct lease *a = x, *b = y;

	return (a->address.p > b->address.p) - (a->address.p < b->address.p);
}

/* The last of each address, in the order of the file. */
static size_t last_ones(struct lease *l, size_t n)
{
	size_t kept = 0;

	if (n == 0)
		return 0;
	qsort(l, n, sizeof *l, by_address);
	for (size_t i = 0; i < n; i++)
		if (i + 1 == n || !str_eq(l[i].address, l[i + 1].address))
			l[kept++] = l[i];
	qsort(l, kept, sizeof *l, by_place);
	return kept;
}

static bool take_leases(struct words *w, struct lease *all, size_t most, size_t *n,
			const struct told_sink *sink, struct err *why)
{
	struct statement s;
	struct err reason = { 0 };

	for (take_statement(w, &s); s.end != '\0'; take_statement(w, &s)) {
		bool lease = is(&s, 0, "lease") && s.n == 2 && s.end == '{';
		struct lease l = { .line = s.line, .seen = TIME_NONE, .bound = true };

		if (s.end != '{')
			continue;
		if (lease && *n == most)
			return err_set(why, ERR_LIMIT, s.line, "more than %d rows", LEASES_MAX);
		if (lease)
			l.address = s.word[1];
		if (take_block(w, lease ? &l : NULL)) {
			if (lease)
				all[(*n)++] = l;
			continue;
		}
		err_set(&reason, ERR_INPUT, 0, "a block is not closed");
		sink->bad(sink->ctx, s.line, &reason);
		return true;
	}
	return true;
}

bool leases_read(struct arena *a, struct str text, const struct told_sink *sink, struct err *why)
{
	struct words w = { .text = text, .line = 1 };
	struct told_build b = { .a = a, .sink = sink };
	size_t most = text.n / 8 < LEASES_MAX ? text.n / 8 : LEASES_MAX, n = 0; /* "lease {}" */
	struct lease *all = NEW(a, struct lease, most + 1);

	if (all == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	if (!take_leases(&w, all, most, &n, sink, why))
		return false;
	n = last_ones(all, n);
	for (size_t i = 0; i < n; i++) {
		if (all[i].mac.n == 0 && all[i].name.n == 0)
			continue; /* free, never given away */
		told_begin(&b, all[i].line);
		told_put(&b, FIELD_NAME, all[i].name);
		told_put(&b, FIELD_MAC, all[i].mac);
		if (all[i].bound)
			told_put(&b, FIELD_ADDRESS, all[i].address);
		b.told.seen = all[i].seen;
		told_end(&b);
	}
	return true;
}
