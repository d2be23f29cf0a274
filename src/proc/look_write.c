/* SPDX-License-Identifier: Apache-2.0 */
/* look_write.c - the worst first: severity, then how often. */
#include "proc/look_int.h"

#include "base/jsonw.h"
#include "base/time.h"

#include <stdlib.h>

static struct str or_none(struct str s)
{
	return s.n > 0 ? s : (struct str){ NULL, 0 };
}

static void put_both(struct jsonw *w, const char *key, const struct err *why)
{
	char vi[ERR_TEXT_MAX];

	jsonw_key(w, key);
	if (why == NULL) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	jsonw_kv_str(w, "vi", str_of(err_text(why, LANG_VI, vi, sizeof vi)));
	jsonw_kv_str(w, "en", str_of(why->text));
	jsonw_close(w, '}');
}

/* Null: the upload itself. */
static void put_place(const struct look *l, struct jsonw *w, uint32_t file, uint64_t record,
		      uint64_t line)
{
	jsonw_kv_str(w, "file",
		     file < LOOK_FILES ? or_none(str_of(l->file[file].file.name)) : STR("…"));
	jsonw_kv_int(w, "record", (int64_t)record);
	jsonw_key(w, "line");
	if (line > 0)
		jsonw_int(w, (int64_t)line);
	else
		jsonw_null(w);
}

static const char *encoding_of(const struct look_file *f)
{
	if (f->records == 0)
		return "none";
	if (f->evtx)
		return "evtx";
	if (f->wide != WIDE_NONE)
		return f->wide == WIDE_LE ? "utf-16le" : "utf-16be";
	return f->bytes_bad ? "8-bit" : "utf-8";
}

static void put_files(const struct look *l, struct jsonw *w)
{
	jsonw_kv_int(w, "files_total", (int64_t)l->files);
	jsonw_key(w, "files");
	jsonw_open(w, '[');
	for (uint64_t i = 0; i < l->files && i < LOOK_FILES; i++) {
		const struct look_told_file *t = &l->file[i];

		jsonw_open(w, '{');
		jsonw_kv_str(w, "name", or_none(str_of(t->file.name)));
		jsonw_kv_str(w, "encoding", str_of(encoding_of(&t->file)));
		jsonw_kv_int(w, "bytes", (int64_t)t->file.bytes);
		jsonw_kv_int(w, "records", (int64_t)t->file.records);
		jsonw_kv_int(w, "bad", (int64_t)t->bad);
		put_both(w, "lost", t->lost.any ? &t->lost.why : NULL);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static void put_formats(const struct look *l, struct jsonw *w)
{
	jsonw_key(w, "formats");
	jsonw_open(w, '[');
	for (size_t i = 0; i < formats_n; i++) {
		if (l->format[i] == 0)
			continue;
		jsonw_open(w, '{');
		jsonw_kv_str(w, "name", str_of(formats[i].name));
		jsonw_kv_str(w, "title", str_of(formats[i].title));
		jsonw_kv_int(w, "records", (int64_t)l->format[i]);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static int more_records(const void *x, const void *y)
{
	uint64_t a = ((const struct look_host *)x)->records,
		 b = ((const struct look_host *)y)->records;

	return a < b ? 1 : a > b ? -1 : 0;
}

/* Sorts the table: nothing is counted after that. */
static void put_hosts(struct look *l, struct jsonw *w)
{
	qsort(l->host, LOOK_HOST_SLOTS, sizeof *l->host, more_records);
	jsonw_kv_int(w, "hosts_total", (int64_t)l->hosts);
	jsonw_kv_bool(w, "hosts_more", l->nameless > 0);
	jsonw_key(w, "hosts");
	jsonw_open(w, '[');
	for (size_t i = 0; i < LOOK_HOSTS && l->host[i].records > 0; i++) {
		jsonw_open(w, '{');
		jsonw_kv_str(w, "name", l->host[i].name);
		jsonw_kv_int(w, "records", (int64_t)l->host[i].records);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static void put_bad(const struct look *l, struct jsonw *w)
{
	jsonw_key(w, "not_understood");
	jsonw_open(w, '[');
	for (size_t i = 0; i < l->n_bad; i++) {
		const struct look_bad *b = &l->told_bad[i];
		struct err why;

		if (b->fault == LOOK_CUT)
			err_set(&why, ERR_INPUT, 0,
				"longer than %d MiB: only its beginning is read",
				EVENT_MAX_RAW >> 20);
		else if (b->fault == LOOK_PART)
			err_set(&why, ERR_INPUT, 0, "a part of it cannot be read");
		else
			err_set(&why, ERR_INPUT, 0, "no log format that canh knows");
		jsonw_open(w, '{');
		put_place(l, w, b->file, b->record, b->line);
		put_both(w, "reason", &why);
		jsonw_kv_str(w, "text", b->text);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static void put_timeline(const struct look *l, struct jsonw *w)
{
	static const char *const kinds[] = { "events", "hits" };
	struct look_parts p;

	look_times_parts(&l->times, LOOK_PARTS, &p);
	jsonw_key(w, "timeline");
	if (p.n == 0) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	jsonw_kv_time(w, "from", p.from);
	jsonw_kv_int(w, "step_s", p.step / TIME_SECOND);
	for (int k = 0; k < 2; k++) {
		jsonw_key(w, kinds[k]);
		jsonw_open(w, '[');
		for (size_t i = 0; i < p.n; i++)
			jsonw_int(w, (int64_t)p.count[k][i]);
		jsonw_close(w, ']');
	}
	jsonw_close(w, '}');
}

static void put_window(struct jsonw *w, const struct look_hit *h)
{
	jsonw_key(w, "window");
	if (!h->window) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	jsonw_kv_time(w, "from", h->from);
	jsonw_kv_time(w, "to", h->to);
	jsonw_kv_int(w, "events", (int64_t)h->events);
	jsonw_close(w, '}');
}

static void put_hit(const struct look *l, struct jsonw *w, const struct look_hit *h)
{
	jsonw_open(w, '{');
	put_place(l, w, h->file, h->record, h->line);
	jsonw_kv_time(w, "time", h->time);
	jsonw_kv_str(w, "host", or_none(h->host));
	jsonw_kv_str(w, "field", or_none(h->field));
	jsonw_kv_str(w, "matched", or_none(h->matched));
	jsonw_kv_str(w, "indicator", or_none(h->indicator));
	jsonw_kv_str(w, "note", or_none(h->note));
	put_window(w, h);
	jsonw_kv_str(w, "text", h->text);
	jsonw_close(w, '}');
}

static void put_rule(struct jsonw *w, const struct rule_info *r)
{
	jsonw_key(w, "rule");
	if (r == NULL) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", r->id);
	jsonw_kv_str(w, "title", r->title);
	jsonw_kv_str(w, "title_vi", or_none(r->title_vi));
	jsonw_key(w, "tags");
	jsonw_open(w, '[');
	for (size_t i = 0; i < r->n_tags; i++)
		jsonw_str(w, r->tags[i]);
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

static void put_list(struct jsonw *w, const struct list_info *i)
{
	jsonw_key(w, "list");
	if (i == NULL) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", i->id);
	jsonw_kv_str(w, "name", i->name);
	jsonw_kv_str(w, "kind", str_of(list_kind_name((enum list_kind)i->kind)));
	jsonw_kv_str(w, "letter", or_none(i->letter));
	jsonw_close(w, '}');
}

static void put_group(const struct look *l, struct jsonw *w, const struct look_group *g)
{
	jsonw_open(w, '{');
	put_rule(w, g->rule);
	put_list(w, g->list);
	jsonw_kv_str(w, "severity", str_of(severity_name((enum severity)g->severity)));
	jsonw_kv_str(w, "use", str_of(hit_use_name((enum hit_use)g->use)));
	jsonw_kv_bool(w, "excepted", g->excepted);
	jsonw_kv_int(w, "count", (int64_t)g->count);
	jsonw_kv_time(w, "first", g->first);
	jsonw_kv_time(w, "last", g->last);
	jsonw_key(w, "hits");
	jsonw_open(w, '[');
	for (size_t i = 0; i < g->n; i++)
		put_hit(l, w, &g->hit[i]);
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

/* What an exception or a known-good list takes back comes last. */
static int worst_first(const void *x, const void *y)
{
	const struct look_group *a = x, *b = y;
	int quiet_a = a->excepted || a->use == HIT_COUNT,
	    quiet_b = b->excepted || b->use == HIT_COUNT;

	if (quiet_a != quiet_b)
		return quiet_a - quiet_b;
	if (a->severity != b->severity)
		return (int)b->severity - (int)a->severity;
	return a->count < b->count ? 1 : a->count > b->count ? -1 : 0;
}

/* Sorts them: nothing is counted after that. */
static void put_hits(struct look *l, struct jsonw *w)
{
	qsort(l->group, l->n_groups, sizeof *l->group, worst_first);
	jsonw_kv_int(w, "hits", (int64_t)l->hits);
	jsonw_kv_int(w, "groups_total", (int64_t)l->n_groups);
	jsonw_key(w, "groups");
	jsonw_open(w, '[');
	for (size_t i = 0; i < l->n_groups && i < LOOK_GROUPS; i++)
		put_group(l, w, &l->group[i]);
	jsonw_close(w, ']');
}

static void put_coverage(const struct look *l, struct jsonw *w)
{
	const struct list_set *lists = detector_lists(l->wits->detector);
	struct detect_counts c = detect_scratch_counts(l->scratch);

	jsonw_kv_int(w, "rules", (int64_t)rule_set_count(detector_rules(l->wits->detector)));
	jsonw_kv_int(w, "lists", lists == NULL ? 0 : (int64_t)list_set_lists(lists));
	jsonw_kv_int(w, "undecided", (int64_t)(c.undecided + c.lost + l->correl_lost));
	/* a part of the bytes was not looked at, or not all of what was seen could be counted apart */
	jsonw_kv_bool(w, "stopped", l->stopped || l->no_room || l->more_hits > 0);
	put_both(w, "lost", l->lost.any ? &l->lost.why : NULL);
}

void look_write(struct look *l, struct jsonw *w)
{
	put_files(l, w);
	put_formats(l, w);
	jsonw_kv_int(w, "records", (int64_t)l->records);
	jsonw_kv_int(w, "bad", (int64_t)l->bad);
	jsonw_kv_int(w, "untimed", (int64_t)(l->records - l->timed));
	jsonw_kv_time(w, "first", l->first);
	jsonw_kv_time(w, "last", l->last);
	put_hosts(l, w);
	put_bad(l, w);
	put_timeline(l, w);
	put_hits(l, w);
	put_coverage(l, w);
}
