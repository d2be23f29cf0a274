/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hunt_page.c - the data of the page (hunt_page.js reads it), a group at a time.
 */
#include "cmd/hunt_page.h"

#include "base/crypt.h"
#include "base/hash.h"
#include "base/jsonw.h"
#include "cmd/attack.h"
#include "cmd/times.h"

#include <stdlib.h>

enum { FLUSH = 1 << 16, WHEN_LEN = 19 /* 2026-11-22 10:04:05 */ };

struct page {
	const struct hunt_sum *sum;
	const struct fold_group *group;
	size_t n;
	struct fold_totals totals;
	bool *shown;   /* owned; one a group */
	uint64_t left; /* hits of those that are not */
	const struct fold_group *
		*rule; /* owned; of those that are the first of each rule or list */
	size_t rules;
	struct buf json, out;
	const struct hunt_pen *pen;
	bool failed;
};

static void flush(struct page *p)
{
	if (p->out.full || p->json.full ||
	    (!p->failed && !p->pen->put(p->pen->ctx, buf_str(&p->out))))
		p->failed = true;
	buf_clear(&p->out);
}

/* Markup has no place in what a script element holds: these stand in strings of JSON only. */
static void flush_json(struct page *p)
{
	for (size_t i = 0; i < p->json.n; i++) {
		char c = p->json.p[i];

		if (c == '<' || c == '>' || c == '&')
			buf_printf(&p->out, "\\u%04x", (unsigned)c);
		else
			buf_char(&p->out, c);
	}
	buf_clear(&p->json);
	flush(p);
}

/* The worst groups, as many as the page has room for. */
static void choose(struct page *p)
{
	size_t room = PAGE_GROUPS;

	for (int s = SEV_N - 1; s >= 0; s--)
		for (size_t i = 0; i < p->n; i++) {
			if (p->group[i].severity != s)
				continue;
			p->shown[i] = room > 0;
			room -= room > 0;
			p->left += p->shown[i] ? 0 : p->group[i].count;
		}
}

/* Nothing of it depends on where rules lie in memory: the same hunt is the same page. */
static int by_rule(const void *a, const void *b)
{
	return fold_by_rule(*(const struct fold_group *const *)a,
			    *(const struct fold_group *const *)b);
}

static int by_rule_and_place(const void *a, const void *b)
{
	const struct fold_group *x = *(const struct fold_group *const *)a;
	const struct fold_group *y = *(const struct fold_group *const *)b;
	int c = fold_by_rule(x, y);

	return c != 0 ? c : (x > y) - (x < y);
}

static void collect_rules(struct page *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		if (p->shown[i])
			p->rule[n++] = &p->group[i];
	if (n > 0)
		qsort(p->rule, n, sizeof *p->rule, by_rule_and_place);
	for (size_t i = 0; i < n; i++)
		if (p->rules == 0 || fold_by_rule(p->rule[i], p->rule[p->rules - 1]) != 0)
			p->rule[p->rules++] = p->rule[i];
}

static size_t rule_number(const struct page *p, const struct fold_group *g)
{
	const struct fold_group *const *at = bsearch(&g, p->rule, p->rules, sizeof *p->rule,
						     by_rule);

	assert(at != NULL);
	return (size_t)(at - p->rule);
}

static void put_pair(struct jsonw *w, struct str vi, struct str en)
{
	jsonw_open(w, '[');
	jsonw_str(w, vi);
	jsonw_str(w, en);
	jsonw_close(w, ']');
}

static void put_ms(struct jsonw *w, const char *key, int64_t t)
{
	jsonw_kv_known(w, key, t != TIME_NONE, t / 1000);
}

static void put_sum(struct page *p, struct jsonw *w)
{
	const struct hunt_sum *s = p->sum;
	const struct {
		const char *name;
		uint64_t n;
	} rows[] = {
		{ "files", s->files },
		{ "read", s->files_read },
		{ "stopped", s->interrupted ? s->files : 0 },
		{ "failed", s->files_failed },
		{ "damaged", s->files_damaged },
		{ "bytes", s->bytes },
		{ "records", s->n.records },
		{ "bad", s->n.bad },
		{ "unverified", s->n.unverified },
		{ "untimed", s->n.records - s->n.timed - s->n.outside },
		{ "outside", s->n.outside },
		{ "rules", s->rules },
		{ "could", s->could_fire },
		{ "idle", s->rules - s->could_fire },
		{ "refused", s->refused },
		{ "lists", s->lists },
		{ "open", s->open },
		{ "hits", s->hits },
		{ "groups", p->totals.groups },
		{ "unlisted", p->totals.unlisted },
		{ "left", p->left },
	};

	jsonw_key(w, "sum");
	jsonw_open(w, '{');
	for (size_t i = 0; i < COUNT(rows); i++)
		jsonw_kv_int(w, rows[i].name, (int64_t)rows[i].n);
	put_ms(w, "first", s->n.timed > 0 ? s->n.first : TIME_NONE);
	put_ms(w, "last", s->n.timed > 0 ? s->n.last : TIME_NONE);
	jsonw_key(w, "severity");
	jsonw_open(w, '[');
	for (size_t i = 0; i < SEV_N; i++)
		jsonw_int(w, (int64_t)p->totals.severity[i]);
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

static void put_words(struct page *p, struct jsonw *w)
{
	int64_t last = p->totals.last != TIME_NONE ? p->totals.last : 0;
	char zone[TIME_TEXT_MAX];
	struct str field;

	jsonw_kv_str(w, "lang", msg_lang() == LANG_VI ? STR("vi") : STR("en"));
	jsonw_kv_int(w, "zone", zone_offset(p->sum->times->zone, last));
	jsonw_kv_str(w, "zoneName",
		     str_skip(str_of(times_text(p->sum->times, last, zone)), WHEN_LEN + 4));
	jsonw_key(w, "severities");
	jsonw_open(w, '[');
	for (int i = 0; i < SEV_N; i++)
		put_pair(w, str_of(report_severity((uint8_t)i, LANG_VI)),
			 str_of(report_severity((uint8_t)i, LANG_EN)));
	jsonw_close(w, ']');
	jsonw_key(w, "labels");
	jsonw_open(w, '{');
	for (size_t i = 0; (field = report_field(i)).n > 0; i++) {
		jsonw_key_str(w, field);
		put_pair(w, report_label(field, LANG_VI), report_label(field, LANG_EN));
	}
	jsonw_close(w, '}');
	jsonw_key(w, "span");
	jsonw_open(w, '{');
	put_ms(w, "from", p->totals.first);
	put_ms(w, "to", p->totals.last);
	jsonw_close(w, '}');
}

/* The first group of each rule tells of it. */
static void put_rule(struct jsonw *w, const struct fold_group *g)
{
	char id[ATTACK_ID_MAX + 1];

	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", g->rule != NULL ? g->rule->id : g->list->id);
	jsonw_kv_str(w, "kind",
		     str_of(g->rule != NULL ? "" : list_kind_name((enum list_kind)g->list->kind)));
	jsonw_key(w, "title");
	put_pair(w, report_title(g, LANG_VI), report_title(g, LANG_EN));
	jsonw_key(w, "tags");
	jsonw_open(w, '[');
	for (size_t i = 0; g->rule != NULL && i < g->rule->n_tags; i++)
		if (attack_id(g->rule->tags[i], id))
			jsonw_str(w, str_of(id));
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

static void put_rules(const struct page *p, struct jsonw *w)
{
	jsonw_key(w, "rules");
	jsonw_open(w, '[');
	for (size_t i = 0; i < p->rules; i++)
		put_rule(w, p->rule[i]);
	jsonw_close(w, ']');
}

/* All that content/ knows; the page looks up those it needs. */
static void put_techniques(struct page *p, struct jsonw *w)
{
	const struct techniques *all = p->sum->techniques;

	jsonw_key(w, "techniques");
	jsonw_open(w, '{');
	for (size_t i = 0; i < all->n; i++) {
		jsonw_key_str(w, all->items[i].id);
		put_pair(w, all->items[i].name_vi, all->items[i].name_en);
	}
	jsonw_close(w, '}');
}

static void put_when(struct page *p, struct jsonw *w, const char *key, int64_t t)
{
	char text[TIME_TEXT_MAX];

	if (t == TIME_NONE)
		return;
	times_text(p->sum->times, t, text);
	text[10] = ' ';
	jsonw_kv_str(w, key, (struct str){ text, WHEN_LEN });
}

static void put_spread(struct jsonw *w, const struct fold_spread *s)
{
	jsonw_key(w, "w");
	if (s == NULL) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '[');
	jsonw_int(w, s->base);
	jsonw_int(w, s->shift);
	jsonw_open(w, '[');
	for (size_t i = 0; i < SPREAD_PARTS; i++) {
		if (s->n[i] == 0)
			continue;
		jsonw_open(w, '[');
		jsonw_int(w, (int64_t)i);
		jsonw_int(w, s->n[i]);
		jsonw_close(w, ']');
	}
	jsonw_close(w, ']');
	jsonw_close(w, ']');
}

static void put_group(struct page *p, struct jsonw *w, const struct fold_group *g, size_t host)
{
	jsonw_open(w, '{');
	jsonw_kv_int(w, "r", (int64_t)rule_number(p, g));
	jsonw_kv_int(w, "h", (int64_t)host);
	jsonw_kv_int(w, "s", g->severity);
	jsonw_kv_int(w, "c", (int64_t)g->count);
	jsonw_kv_int(w, "u", (int64_t)g->untimed);
	put_ms(w, "f", g->first);
	put_ms(w, "l", g->last);
	put_when(p, w, "ft", g->first);
	put_when(p, w, "lt", g->last);
	put_spread(w, g->spread);
	jsonw_kv_str(w, "i", g->rule == NULL && !g->rest ? g->indicator : (struct str){ NULL, 0 });
	jsonw_key(w, "v");
	jsonw_open(w, '[');
	for (size_t i = 0; i < g->n; i++) {
		bool cut = g->value[i].len > g->value[i].val.n;

		jsonw_open(w, '[');
		jsonw_str(w, g->value[i].name);
		jsonw_str(w, g->value[i].val);
		jsonw_int(w, cut ? (int64_t)g->value[i].len : 0);
		jsonw_close(w, ']');
	}
	jsonw_close(w, ']');
	jsonw_kv_str(w, "p", g->path);
	jsonw_kv_int(w, "n", (int64_t)g->record);
	jsonw_kv_bool(w, "rest", g->rest);
	jsonw_kv_bool(w, "good", g->known_good);
	jsonw_close(w, '}');
}

/* Groups of one machine stand together; a machine none of whose groups is shown is none. */
static void put_groups(struct page *p, struct jsonw *w)
{
	const struct str *host = NULL;
	size_t n = 0;

	jsonw_key(w, "hosts");
	jsonw_open(w, '[');
	for (size_t i = 0; i < p->n; i++) {
		if (!p->shown[i] || (host != NULL && str_eq(*host, p->group[i].host)))
			continue;
		host = &p->group[i].host;
		jsonw_str(w, host->n > 0 ? *host : STR(""));
	}
	jsonw_close(w, ']');
	jsonw_key(w, "groups");
	jsonw_open(w, '[');
	host = NULL;
	for (size_t i = 0; i < p->n && !p->failed; i++) {
		if (!p->shown[i])
			continue;
		n += host != NULL && !str_eq(*host, p->group[i].host);
		host = &p->group[i].host;
		put_group(p, w, &p->group[i], n);
		if (p->json.n > FLUSH)
			flush_json(p);
	}
	jsonw_close(w, ']');
}

/* "sha256-..." of what stands in an element: all else is refused. */
static void put_source(struct buf *out, const char *text)
{
	unsigned char digest[HASH_SHA256_LEN];
	unsigned char room[256];
	struct arena a = { room, room + sizeof room };

	hash_sha256(str_of(text), digest);
	buf_add(out, STR("'sha256-"));
	buf_add(out, crypt_base64(&a, (struct str){ (const char *)digest, sizeof digest }));
	buf_add(out, STR("'"));
}

static void put_head(struct page *p)
{
	struct buf *o = &p->out;

	buf_printf(o, "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
		   msg_lang() == LANG_VI ? "vi" : "en");
	buf_add(o, STR("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		       "script-src "));
	put_source(o, hunt_page_js);
	buf_add(o, STR("; style-src "));
	put_source(o, hunt_page_css);
	buf_add(o, STR("; base-uri 'none'; form-action 'none'\">\n"
		       "<meta name=\"viewport\" content=\"width=device-width\">\n"
		       "<meta name=\"referrer\" content=\"no-referrer\">\n<title>canh</title>\n"
		       "<style>"));
	buf_add(o, str_of(hunt_page_css));
	buf_add(o, STR("</style>\n</head>\n<body>\n<noscript>"));
	buf_add(o,
		str_of(msg(MSG_ID("This page needs its own script, which asks nobody for anything; "
				  "--format report is the same as text."))));
	buf_add(o, STR("</noscript>\n<main id=\"page\"></main>\n"
		       "<script type=\"application/json\" id=\"data\">"));
}

static void put_page(struct page *p)
{
	struct jsonw w = { .out = &p->json };

	choose(p);
	collect_rules(p);
	put_head(p);
	jsonw_open(&w, '{');
	put_words(p, &w);
	put_sum(p, &w);
	put_rules(p, &w);
	put_techniques(p, &w);
	put_groups(p, &w);
	jsonw_close(&w, '}');
	flush_json(p);
	buf_add(&p->out, STR("</script>\n<script>"));
	buf_add(&p->out, str_of(hunt_page_js));
	buf_add(&p->out, STR("</script>\n</body>\n</html>\n"));
	flush(p);
}

bool hunt_page(const struct hunt_sum *sum, struct hunt_fold *f, const struct hunt_pen *pen)
{
	struct page p = { .sum = sum,
			  .group = hunt_fold_sorted(f),
			  .totals = hunt_fold_totals(f),
			  .json = BUF(64 << 20),
			  .out = BUF(64 << 20),
			  .pen = pen };

	p.n = p.totals.groups;
	p.shown = calloc(p.n + 1, sizeof *p.shown);
	p.rule = calloc(p.n + 1, sizeof *p.rule);
	p.failed = (p.group == NULL && p.n > 0) || p.shown == NULL || p.rule == NULL;
	if (!p.failed)
		put_page(&p);
	buf_free(&p.json);
	buf_free(&p.out);
	free(p.shown);
	free(p.rule);
	return !p.failed;
}
