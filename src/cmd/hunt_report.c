/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hunt_report.c - values are hostile: they come out on one line, control characters as \xNN.
 */
#include "cmd/hunt_report.h"

#include "base/msg.h"
#include "cmd/attack.h"
#include "cmd/plain.h"
#include "cmd/times.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	VARIANTS = 8, /* of one rule on one machine are told; then how many more */
	TECHNIQUES_MAX = 1024,
	MACHINES_NAMED = 4,
	FLUSH = 1 << 16,
	WHEN_MAX = 32
};

/* Hits of a rule on a machine that are not told one by one. */
struct more {
	size_t groups;
	uint64_t hits;
};

struct report {
	const struct hunt_sum *sum;
	const struct fold_group *group;
	size_t n;
	struct fold_totals totals;
	bool colour, failed;
	struct buf out;
	const struct hunt_pen *pen;
	struct more *more; /* owned; one a group: said behind it, where groups > 0 */
	bool *hidden;      /* owned; one a group */
};

static void flush(struct report *r)
{
	if (r->out.full || (!r->failed && !r->pen->put(r->pen->ctx, buf_str(&r->out))))
		r->failed = true;
	buf_clear(&r->out);
}

/* "2026-11-22 10:04:05" in the zone that was asked for. */
static const char *when(const struct report *r, int64_t t, char out[WHEN_MAX])
{
	char full[TIME_TEXT_MAX];

	if (t == TIME_NONE)
		return "-";
	times_text(r->sum->times, t, full);
	snprintf(out, WHEN_MAX, "%.10s %.8s", full, full + 11);
	return out;
}

/* The same day is not told twice. */
static const char *until(const struct report *r, int64_t first, int64_t last, char out[WHEN_MAX])
{
	char from[WHEN_MAX];

	when(r, first, from);
	when(r, last, out);
	return strncmp(from, out, 10) == 0 ? out + 11 : out;
}

static void paint(struct report *r, const char *code)
{
	if (r->colour)
		buf_printf(&r->out, "\033[%sm", code);
}

static const char *colour_of(uint8_t severity)
{
	static const char *const codes[SEV_N] = { "2", "36", "33", "31", "1;37;41" };

	return codes[severity];
}

static void heading(struct report *r, const char *text)
{
	buf_char(&r->out, '\n');
	paint(r, "1");
	buf_add(&r->out, str_of(text));
	paint(r, "0");
	buf_char(&r->out, '\n');
}

/* "1 critical, 20 high" */
static void put_severities(struct report *r, const uint64_t n[SEV_N])
{
	bool any = false;

	for (int s = SEV_N - 1; s >= 0; s--) {
		if (n[s] == 0)
			continue;
		buf_printf(&r->out, "%s", any ? ", " : "");
		paint(r, colour_of((uint8_t)s));
		buf_printf(&r->out, "%llu %s", (unsigned long long)n[s],
			   report_severity((uint8_t)s, msg_lang()));
		paint(r, "0");
		any = true;
	}
}

static size_t count_machines(const struct report *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		n += r->group[i].host.n > 0 &&
		     (i == 0 || !str_eq(r->group[i].host, r->group[i - 1].host));
	return n;
}

/* What was not looked at, or not as a whole; nothing where that is nothing. */
static void put_gaps(struct report *r)
{
	const struct hunt_sum *s = r->sum;
	const struct {
		const char *text;
		uint64_t n;
	} gaps[] = {
		{ MSG_ID("  interrupted in file number %llu: the rest was not looked at\n"),
		  s->interrupted ? s->files : 0 },
		{ MSG_ID("  %llu files could not be read\n"), s->files_failed },
		{ MSG_ID("  %llu files are damaged; the rest of them was read\n"),
		  s->files_damaged },
		{ MSG_ID("  %llu records could not be understood\n"), s->n.bad },
		{ MSG_ID("  %llu records stand where a checksum is wrong\n"), s->n.unverified },
		{ MSG_ID("  %llu records tell no time\n"),
		  s->n.records - s->n.timed - s->n.outside },
		{ MSG_ID("  %llu rules could not be loaded\n"), s->refused },
		{ MSG_ID("  %llu rules could not fire: none of their logs are here\n"),
		  s->rules - s->could_fire },
		{ MSG_ID("  %llu parts of rules could not be decided within the limits\n"),
		  s->open },
		{ MSG_ID("  %llu hits are counted only: too many that differ\n"),
		  r->totals.unlisted },
	};
	bool any = false;

	for (size_t i = 0; i < COUNT(gaps); i++) {
		if (gaps[i].n == 0)
			continue;
		if (!any)
			heading(r, msg(MSG_ID("NOT SEEN, OR NOT AS A WHOLE")));
		any = true;
		buf_printf(&r->out, msg(gaps[i].text), (unsigned long long)gaps[i].n);
	}
}

static void put_summary(struct report *r)
{
	const struct hunt_sum *s = r->sum;
	char a[WHEN_MAX], b[WHEN_MAX], zone[TIME_TEXT_MAX];
	struct buf *o = &r->out;

	paint(r, "1");
	buf_printf(o, "%s", msg(MSG_ID("REPORT OF A HUNT THROUGH LOGS")));
	paint(r, "0");
	times_text(s->times, s->n.timed > 0 ? s->n.last : 0, zone);
	buf_printf(o, msg(MSG_ID("\n  Read      %llu of %llu files, %llu MiB, %llu records\n")),
		   (unsigned long long)s->files_read, (unsigned long long)s->files,
		   (unsigned long long)(s->bytes >> 20), (unsigned long long)s->n.records);
	if (s->n.timed > 0)
		buf_printf(o, msg(MSG_ID("  Logs of   %s to %s (times are %s)\n")),
			   when(r, s->n.first, a), when(r, s->n.last, b), zone + 23);
	buf_printf(o,
		   msg(MSG_ID("  With      %zu rules, of which %zu could fire here; %zu lists\n")),
		   s->rules, s->could_fire, s->lists);
	if (s->hits == 0) {
		buf_printf(o, "%s", msg(MSG_ID("  Hits      none in what was read\n")));
		return;
	}
	buf_printf(o, msg(MSG_ID("  Hits      %llu on %zu machines: ")),
		   (unsigned long long)s->hits, count_machines(r));
	put_severities(r, r->totals.severity);
	buf_char(o, '\n');
	if (r->totals.first != TIME_NONE)
		buf_printf(o, msg(MSG_ID("  Hit       from %s to %s\n")),
			   when(r, r->totals.first, a), when(r, r->totals.last, b));
}

struct technique_sum {
	char id[ATTACK_ID_MAX + 1];
	uint8_t severity;
	uint64_t hits;
	size_t machines;
	struct str machine[MACHINES_NAMED];
	size_t at; /* 1 + the last group of the machine counted last */
};

static struct technique_sum *sum_of(struct technique_sum *all, size_t *n, const char *id)
{
	for (size_t i = 0; i < *n; i++)
		if (strcmp(all[i].id, id) == 0)
			return &all[i];
	if (*n == TECHNIQUES_MAX)
		return NULL;
	memcpy(all[*n].id, id, strlen(id) + 1);
	return &all[(*n)++];
}

static void count_technique(const struct report *r, struct technique_sum *t, size_t i)
{
	const struct fold_group *g = &r->group[i];

	t->hits += g->count;
	t->severity = g->severity > t->severity ? g->severity : t->severity;
	if (t->at == 0 || !str_eq(r->group[t->at - 1].host, g->host)) {
		if (t->machines < MACHINES_NAMED)
			t->machine[t->machines] = g->host;
		t->machines++;
	}
	t->at = i + 1;
}

static int by_weight(const void *a, const void *b)
{
	const struct technique_sum *x = a, *y = b;
	int c = (y->severity > x->severity) - (y->severity < x->severity);

	if (c == 0)
		c = (y->hits > x->hits) - (y->hits < x->hits);
	return c != 0 ? c : strcmp(x->id, y->id);
}

static void put_host(struct report *r, struct str host)
{
	if (host.n > 0)
		plain_put(&r->out, host, NOTE_VALUE_MAX);
	else
		buf_add(&r->out, str_of(msg(MSG_ID("(no machine named)"))));
}

static void put_technique(struct report *r, const struct technique_sum *t)
{
	struct str name = attack_name(r->sum->techniques, t->id, msg_lang());

	paint(r, colour_of(t->severity));
	buf_printf(&r->out, "  %-10s", t->id);
	paint(r, "0");
	plain_put(&r->out, name, NOTE_VALUE_MAX);
	buf_printf(&r->out, msg(MSG_ID("%s%llu hits: ")), name.n > 0 ? "; " : "",
		   (unsigned long long)t->hits);
	for (size_t i = 0; i < t->machines && i < MACHINES_NAMED; i++) {
		buf_printf(&r->out, "%s", i > 0 ? ", " : "");
		put_host(r, t->machine[i]);
	}
	if (t->machines > MACHINES_NAMED)
		buf_printf(&r->out, msg(MSG_ID(" and %zu machines more")),
			   t->machines - MACHINES_NAMED);
	buf_char(&r->out, '\n');
}

static void put_techniques(struct report *r)
{
	struct technique_sum *all = calloc(TECHNIQUES_MAX, sizeof *all);
	char id[ATTACK_ID_MAX + 1];
	size_t n = 0;

	if (all == NULL) {
		r->failed = true;
		return;
	}
	for (size_t i = 0; i < r->n; i++) {
		const struct rule_info *rule = r->group[i].rule;

		for (size_t k = 0; rule != NULL && k < rule->n_tags; k++) {
			struct technique_sum *t = attack_id(rule->tags[k], id) ? sum_of(all, &n, id)
									       : NULL;

			if (t != NULL)
				count_technique(r, t, i);
		}
	}
	qsort(all, n, sizeof *all, by_weight);
	if (n > 0)
		heading(r, msg(MSG_ID("ATTACK TECHNIQUES (MITRE ATT&CK)")));
	for (size_t i = 0; i < n; i++)
		put_technique(r, &all[i]);
	free(all);
}

static void put_tags(struct report *r, const struct fold_group *g)
{
	char id[ATTACK_ID_MAX + 1];
	bool any = false;

	for (size_t i = 0; g->rule != NULL && i < g->rule->n_tags; i++) {
		if (!attack_id(g->rule->tags[i], id))
			continue;
		struct str name = attack_name(r->sum->techniques, id, msg_lang());

		buf_printf(&r->out, "%s%s%s", any ? "; " : "      ", id, name.n > 0 ? " " : "");
		plain_put(&r->out, name, NOTE_VALUE_MAX);
		any = true;
	}
	if (any)
		buf_char(&r->out, '\n');
}

static bool told_before(const struct report *r, size_t from, size_t i, const struct note_value *v)
{
	for (size_t g = from; g < i; g++)
		for (size_t k = 0; !r->hidden[g] && k < r->group[g].n; k++)
			if (str_eq(r->group[g].value[k].name, v->name) &&
			    str_eq(r->group[g].value[k].val, v->val))
				return true;
	return false;
}

/* What group `i` says and those from `from` on do not. */
static void put_values(struct report *r, size_t from, size_t i)
{
	const struct fold_group *g = &r->group[i];

	for (size_t k = 0; k < g->n; k++) {
		const struct note_value *v = &g->value[k];

		if (told_before(r, from, i, v))
			continue;
		buf_add(&r->out, STR("      "));
		plain_put(&r->out, report_label(v->name, msg_lang()), 64);
		buf_add(&r->out, STR(": "));
		plain_put(&r->out, v->val, NOTE_VALUE_MAX);
		if (v->len > v->val.n)
			buf_printf(&r->out, msg(MSG_ID("... (%llu bytes)")),
				   (unsigned long long)v->len);
		buf_char(&r->out, '\n');
	}
	if (g->rest)
		buf_printf(&r->out, "      %s\n",
			   msg(MSG_ID("too many that differ to tell what they say")));
}

/* When, how bad, how often, what. */
static void put_line(struct report *r, const struct fold_group *g)
{
	char a[WHEN_MAX], b[WHEN_MAX];
	struct buf *o = &r->out;

	buf_printf(o, "  %s", when(r, g->first, a));
	if (g->last != g->first)
		buf_printf(o, " .. %s", until(r, g->first, g->last, b));
	buf_add(o, STR("  "));
	paint(r, colour_of(g->severity));
	buf_printf(o, "%s", report_severity(g->severity, msg_lang()));
	paint(r, "0");
	if (g->count > 1)
		buf_printf(o, "  x%llu", (unsigned long long)g->count);
	buf_add(o, STR("  "));
	paint(r, "1");
	plain_put(o, report_title(g, msg_lang()), NOTE_VALUE_MAX);
	paint(r, "0");
	if (g->rule == NULL) {
		buf_printf(o, " (%s) ", list_kind_name((enum list_kind)g->list->kind));
		plain_put(o, g->indicator, NOTE_VALUE_MAX);
	}
	buf_char(o, '\n');
	put_tags(r, g);
	if (g->known_good)
		buf_printf(o, "      %s\n", msg(MSG_ID("a list of known good holds it, too")));
}

/* Several rules that hit the same records are told together: [from, end). */
static void put_groups(struct report *r, size_t from, size_t end)
{
	struct buf *o = &r->out;

	for (size_t i = from; i < end; i++)
		if (!r->hidden[i])
			put_line(r, &r->group[i]);
	for (size_t i = from; i < end; i++)
		if (!r->hidden[i])
			put_values(r, from, i);
	buf_printf(o, "      %s ", msg(MSG_ID("record:")));
	plain_put(o, r->group[from].path, NOTE_VALUE_MAX);
	buf_printf(o, ":%llu\n", (unsigned long long)r->group[from].record);
	for (size_t i = from; i < end; i++)
		if (r->more[i].groups > 0)
			buf_printf(o,
				   msg(MSG_ID("      and %zu more of this rule that differ, %llu "
					      "hits (all of them: --format html or jsonl)\n")),
				   r->more[i].groups, (unsigned long long)r->more[i].hits);
}

static bool together(const struct fold_group *a, const struct fold_group *b)
{
	return a->first == b->first && a->last == b->last && a->count == b->count &&
	       a->record == b->record && str_eq(a->path, b->path);
}

/* Of one rule the worst first. */
static int by_rule(const void *a, const void *b)
{
	const struct fold_group *x = *(const struct fold_group *const *)a;
	const struct fold_group *y = *(const struct fold_group *const *)b;
	int c = fold_by_rule(x, y);

	if (c == 0)
		c = (y->severity > x->severity) - (y->severity < x->severity);
	return c != 0 ? c : (x > y) - (x < y);
}

/* Of the groups [from, end) of one machine: what is said of each rule, and what only counted. */
static bool choose(struct report *r, size_t from, size_t end)
{
	const struct fold_group **by = calloc(end - from, sizeof *by);
	size_t told = 0, last = 0;

	if (by == NULL)
		return false;
	for (size_t i = from; i < end; i++)
		by[i - from] = &r->group[i];
	qsort(by, end - from, sizeof *by, by_rule);
	for (size_t i = 0; i < end - from; i++) {
		bool same = i > 0 && fold_by_rule(by[i], by[i - 1]) == 0;
		size_t at = (size_t)(by[i] - r->group);

		told = same ? told + 1 : 1;
		if (told <= VARIANTS) {
			last = same && last > at ? last : at;
			continue;
		}
		r->hidden[at] = true;
		r->more[last].groups++;
		r->more[last].hits += by[i]->count;
	}
	free(by);
	return true;
}

static void put_machine(struct report *r, size_t from, size_t end)
{
	uint64_t severity[SEV_N] = { 0 }, hits = 0;
	char a[WHEN_MAX], b[WHEN_MAX];
	int64_t first = r->group[from].first, last = TIME_NONE;

	for (size_t i = from; i < end; i++) {
		severity[r->group[i].severity] += r->group[i].count;
		hits += r->group[i].count;
		last = r->group[i].last > last ? r->group[i].last : last;
	}
	buf_char(&r->out, '\n');
	paint(r, "1;4");
	put_host(r, r->group[from].host);
	paint(r, "0");
	buf_printf(&r->out, msg(MSG_ID("  %llu hits")), (unsigned long long)hits);
	if (last != TIME_NONE)
		buf_printf(&r->out, ", %s .. %s", when(r, first, a), until(r, first, last, b));
	buf_add(&r->out, STR("; "));
	put_severities(r, severity);
	buf_char(&r->out, '\n');
	r->failed = r->failed || !choose(r, from, end);
	for (size_t i = from; i < end && !r->failed; i++) {
		size_t begin = i;

		if (r->hidden[i])
			continue;
		while (i + 1 < end && together(&r->group[begin], &r->group[i + 1]))
			i++;
		put_groups(r, begin, i + 1);
		if (r->out.n > FLUSH)
			flush(r);
	}
}

bool hunt_report(const struct hunt_sum *sum, struct hunt_fold *f, bool colour,
		 const struct hunt_pen *pen)
{
	struct report r = { .sum = sum,
			    .group = hunt_fold_sorted(f),
			    .totals = hunt_fold_totals(f),
			    .colour = colour,
			    .out = BUF(64 << 20),
			    .pen = pen };

	r.n = r.totals.groups;
	r.more = calloc(r.n + 1, sizeof *r.more);
	r.hidden = calloc(r.n + 1, sizeof *r.hidden);
	r.failed = (r.group == NULL && r.n > 0) || r.more == NULL || r.hidden == NULL;
	if (!r.failed) {
		put_summary(&r);
		put_gaps(&r);
		put_techniques(&r);
	}
	if (r.n > 0)
		heading(&r, msg(MSG_ID("MACHINE BY MACHINE, IN THE ORDER OF TIME")));
	for (size_t i = 0, end = 0; i < r.n && !r.failed; i = end) {
		while (end < r.n && str_eq(r.group[end].host, r.group[i].host))
			end++;
		put_machine(&r, i, end);
	}
	flush(&r);
	buf_free(&r.out);
	free(r.more);
	free(r.hidden);
	return !r.failed;
}
