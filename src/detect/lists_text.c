/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lists_text.c - raw text against a set: places worth a look (scan.h), the token around each, then
 * the tables.
 *
 * Invariant: `done[kind]` is where the last token of that kind ended; a place in front of it belongs
 * to a token already judged, so the work is linear but for tokens cut at TOKEN_MAX.
 */
#include "detect/search_int.h"

#include "detect/defang.h"
#include "detect/domain.h"

enum { RUN_MAX = 64, LINE_PART = 32 << 10, LOCAL_MAX = 64 };
enum { DIGESTS = 64 }; /* looked at together */

void search_tell(struct search *s, const struct found *f, size_t from, size_t to)
{
	struct found_hit hits[FOUND_MAX];
	struct arena a = s->scratch;
	struct list_text text = { str_sub(s->t, from, to), s->at };
	size_t n = f->n == 0 ? 0 : found_hits(s->set, f, &text, &a, hits);

	for (size_t i = 0; i < n && !s->stopped; i++) {
		hits[i].hit.severity = hits[i].held ? SEV_INFORMATIONAL : SEV_MEDIUM;
		hits[i].hit.use = hits[i].held ? HIT_COUNT : HIT_GROUP;
		s->stopped = !s->fn(s->ctx, &hits[i].hit, s->fixed != NULL ? *s->fixed : from);
	}
}

static bool run_char(char c)
{
	char l = ascii_lower(c);

	return c == '.' || c == ':' || ascii_digit(c) || (l >= 'a' && l <= 'f');
}

static void try_addr(struct search *s, const struct addr *x, size_t from, size_t to)
{
	struct found f = { .at = s->at };

	find_addr(s->set, x, &f);
	search_tell(s, &f, from, to);
}

/* t[from, to) as an address when it is one; dots behind it end a sentence. */
static bool take_addr(struct search *s, size_t from, size_t to)
{
	struct addr x;

	while (to > from && s->t.p[to - 1] == '.')
		to--;
	if (!addr_parse(str_sub(s->t, from, to), &x))
		return false;
	try_addr(s, &x, from, to);
	return true;
}

/* The whole run is one address, or one with a colon at an end, or IPv4 addresses between colons, of
 * which those in front of `done` were told already. */
static void judge_run(struct search *s, size_t from, size_t to)
{
	const char *p = s->t.p;

	if (take_addr(s, from, to))
		return;
	size_t first = from + (to - from > 2 && p[from] == ':' && p[from + 1] != ':');
	size_t last = to - (to - first > 2 && p[to - 1] == ':' && p[to - 2] != ':');

	if (first > from && take_addr(s, first, to))
		return;
	if (last < to && (take_addr(s, from, last) || take_addr(s, first, last)))
		return;
	for (size_t at = from; at < to;) {
		struct str rest = str_sub(s->t, at, to);
		size_t end = at + str_find_char(rest, ':');

		if (end - at >= 7 && end > s->done[SCAN_QUAD])
			take_addr(s, at, end);
		at = end + 1;
	}
}

/* The run around `at`; returns where it ends. A run that is too long is no address. */
static size_t run_around(struct search *s, size_t at)
{
	size_t from = at, to = at;

	while (from > 0 && run_char(s->t.p[from - 1]) && at - from < RUN_MAX)
		from--;
	while (to < s->t.n && run_char(s->t.p[to]))
		to++;
	if (to - from < RUN_MAX)
		judge_run(s, from, to);
	return to;
}

static void addr_v4(struct addr *out, uint32_t a)
{
	*out = (struct addr){ .b = { [10] = 0xff, [11] = 0xff } };
	out->b[12] = (uint8_t)(a >> 24);
	out->b[13] = (uint8_t)(a >> 16);
	out->b[14] = (uint8_t)(a >> 8);
	out->b[15] = (uint8_t)a;
}

/* Can this address be in the set? Cheap, and may say yes wrongly. */
static bool perhaps_v4(const struct list_set *set, uint32_t a)
{
	const struct table *t = &set->tables[T_ADDR];

	return bloom_has(t->bloom, t->bloom_mask, hash_v4(set, a)) || touches_v4(set, a);
}

/* One look at the filter for all of them, so that none waits for the memory of another. */
static void on_quads(struct search *s, size_t from, const struct quad *q, size_t n)
{
	const struct table *t = &s->set->tables[T_ADDR];

	for (size_t i = 0; i < n; i++)
		table_fetch(t, hash_v4(s->set, q[i].addr));
	for (size_t i = 0; i < n; i++) {
		struct addr x;

		if (!perhaps_v4(s->set, q[i].addr))
			continue;
		addr_v4(&x, q[i].addr);
		try_addr(s, &x, from + (size_t)(ptrdiff_t)q[i].at, from + q[i].end);
	}
}

/* Places of SCAN_QUAD: what the fast reader cannot decide is judged by its whole run. */
static void on_quad_places(struct search *s, size_t from, const uint32_t *place, size_t n)
{
	struct quads q;

	for (size_t i = 0; i < n && !s->stopped; i++) {
		q.n = 0;
		q.done = s->done[SCAN_QUAD];
		i += s->ops->quads(s->t, from, place + i, n - i, &q);
		s->done[SCAN_QUAD] = q.done;
		on_quads(s, from, q.quad, q.n);
		if (i < n)
			s->done[SCAN_QUAD] = run_around(s, from + place[i]);
	}
}

static void on_colon(struct search *s, size_t at)
{
	size_t from = at, to = at;

	while (from > 0 && run_char(s->t.p[from - 1]) && at - from < RUN_MAX)
		from--;
	while (to < s->t.n && run_char(s->t.p[to]))
		to++;
	s->done[SCAN_COLON] = to;
	if (to - from >= RUN_MAX)
		return;
	struct str run = str_sub(s->t, from, to);

	if (run.n == 8 && run.p[2] == ':' && run.p[5] == ':')
		return; /* a time of day */
	while (run.n > 0 && run.p[run.n - 1] == '.')
		run.n--;
	if (memchr(run.p, '.', run.n) != NULL)
		return; /* what has dots inside is on_quad's */
	judge_run(s, from, to);
}

static bool local_char(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || memchr("._%+-=", c, 6) != NULL;
}

static void on_at(struct search *s, size_t at)
{
	char mail[LOCAL_MAX + 1 + DOMAIN_MAX];
	struct found f = { .at = s->at };
	size_t from = at, to = at + 1;

	while (from > 0 && local_char(s->t.p[from - 1]) && at - from < LOCAL_MAX)
		from--;
	while (to < s->t.n && search_name_byte(s->t.p[to]) && to - at <= DOMAIN_MAX)
		to++;
	while (to > at && memchr(".-_", s->t.p[to - 1], 3) != NULL)
		to--;
	for (size_t i = from; i < to; i++)
		mail[i - from] = ascii_lower(s->t.p[i]);
	find_mail(s->set, (struct str){ mail, to - from }, &f);
	/* "to=lure@example.com": what stands before the sign is no part of the address. */
	for (size_t i = from; i < at && f.n == 0; i++)
		if (s->t.p[i] == '=') {
			find_mail(s->set, (struct str){ mail + (i + 1 - from), to - i - 1 }, &f);
			from = f.n > 0 ? i + 1 : from;
		}
	search_tell(s, &f, from, to);
}

static bool is_hex(char c)
{
	return run_char(c) && c != '.' && c != ':';
}

static bool is_word(char c)
{
	return ascii_alpha(c) || ascii_digit(c);
}

/* A digest that stands at t[from, to). */
struct digest {
	size_t from, to;
	uint64_t hash;
	enum indicator_type type;
	unsigned char sum[HASH_MAX_LEN];
};

/* The digest whose run of digits holds `at`; false when it is none. */
static bool take_digest(struct search *s, size_t at, struct digest *x)
{
	size_t from = at, to = at, len;

	while (from > 0 && is_hex(s->t.p[from - 1]) && at - from <= 64)
		from--;
	while (to < s->t.n && is_hex(s->t.p[to]))
		to++;
	s->done[SCAN_HEX] = to;
	len = (to - from) / 2;
	if ((to - from != 32 && to - from != 40 && to - from != 64) ||
	    (from > 0 && is_word(s->t.p[from - 1])) || (to < s->t.n && is_word(s->t.p[to])) ||
	    !hash_hex_parse(str_sub(s->t, from, to), x->sum, len))
		return false;
	x->type = len == HASH_SHA256_LEN ? IND_SHA256 : len == HASH_SHA1_LEN ? IND_SHA1 : IND_MD5;
	x->from = from;
	x->to = to;
	x->hash = hash_quick((struct str){ (const char *)x->sum, len }, s->set->seed);
	return true;
}

static void on_hex_places(struct search *s, size_t from, const uint32_t *place, size_t n)
{
	const struct table *t = &s->set->tables[T_HASH];
	struct digest some[DIGESTS];

	for (size_t i = 0; i < n && !s->stopped;) {
		size_t got = 0;

		for (; i < n && got < DIGESTS; i++) {
			if (from + place[i] < s->done[SCAN_HEX] ||
			    !take_digest(s, from + place[i], &some[got]))
				continue;
			table_fetch(t, some[got++].hash);
		}
		for (size_t k = 0; k < got && !s->stopped; k++) {
			struct found f = { .at = s->at };

			if (!bloom_has(t->bloom, t->bloom_mask, some[k].hash))
				continue;
			find_hash(s->set, some[k].type, some[k].sum, &f);
			search_tell(s, &f, some[k].from, some[k].to);
		}
	}
}

static bool search_kinds(struct search *s, unsigned kinds);

static unsigned kinds_of(const struct list_set *set)
{
	bool addr = set->tables[T_ADDR].n + set->n_pfx4 + set->n_pfx6 > 0;

	return (addr ? 1u << SCAN_QUAD : 0) |
	       (set->tables[T_NAME].n + set->tables[T_URL].n + set->tables[T_FILE].n > 0
			? 1u << SCAN_NAME
			: 0) |
	       (set->n_v6 + set->n_pfx6 > 0 ? 1u << SCAN_COLON : 0) |
	       (set->tables[T_MAIL].n > 0 ? 1u << SCAN_AT : 0) |
	       (set->tables[T_HASH].n > 0 ? 1u << SCAN_HEX : 0);
}

/* A line with a defanged mark is made whole and searched once more. */
static void on_mark(struct search *s, size_t at)
{
	struct search again = *s;
	struct str means;
	size_t from = at, to;

	if (defang_mark(s->t, at, &means) == 0)
		return;
	while (from > 0 && s->t.p[from - 1] != '\n' && at - from < LINE_PART)
		from--;
	to = at + str_find_char(str_sub(s->t, at, at + LINE_PART), '\n');
	s->done[SCAN_MARK] = to;
	again.t = defang_undo(&again.scratch, str_sub(s->t, from, to));
	if (again.t.p == NULL)
		return;
	memset(again.done, 0, sizeof again.done);
	again.fixed = &from;
	s->stopped = !search_kinds(&again, kinds_of(s->set));
}

/* The kinds that are looked at one by one. */
static void on_places(struct search *s, unsigned kind, size_t from, const uint32_t *place, size_t n)
{
	static void (*const on[SCAN_N])(struct search *, size_t) = {
		[SCAN_COLON] = on_colon,
		[SCAN_AT] = on_at,
		[SCAN_MARK] = on_mark,
	};

	for (size_t i = 0; i < n && !s->stopped; i++)
		if (from + place[i] >= s->done[kind])
			on[kind](s, from + place[i]);
}

static void on_kind(struct search *s, unsigned kind, size_t from, const uint32_t *place, size_t n)
{
	switch (kind) {
	case SCAN_QUAD:
		on_quad_places(s, from, place, n);
		break;
	case SCAN_NAME:
		search_names(s, from, place, n);
		break;
	case SCAN_HEX:
		on_hex_places(s, from, place, n);
		break;
	default:
		on_places(s, kind, from, place, n);
	}
}

static bool search_kinds(struct search *s, unsigned kinds)
{
	uint32_t place[SCAN_STEP];

	for (size_t from = 0; from < s->t.n; from += SCAN_STEP) {
		size_t to = s->t.n - from < SCAN_STEP ? s->t.n : from + SCAN_STEP;

		for (unsigned k = 0; k < SCAN_N; k++) {
			if ((kinds >> k & 1) == 0)
				continue;
			on_kind(s, k, from, place, s->ops->find[k](s->t, from, to, place));
		}
		if (s->stopped)
			return false;
	}
	return true;
}

bool list_set_match_text(const struct list_set *set, struct list_text text, struct arena scratch,
			 list_hit_fn *fn, void *ctx)
{
	return lists_search(set, scan_best(), text, scratch, fn, ctx);
}

bool lists_search(const struct list_set *set, const struct scan_ops *ops, struct list_text text,
		  struct arena scratch, list_hit_fn *fn, void *ctx)
{
	struct search s = { .set = set,
			    .ops = ops,
			    .t = text.text,
			    .at = text.at,
			    .scratch = scratch,
			    .fn = fn,
			    .ctx = ctx };
	unsigned kinds = kinds_of(set);

	return kinds == 0 || search_kinds(&s, kinds | 1u << SCAN_MARK);
}
