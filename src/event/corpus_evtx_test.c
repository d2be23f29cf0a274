/* SPDX-License-Identifier: Apache-2.0 */
/*
 * corpus_evtx_test.c - recorded event logs: every record is the same event as binary, as XML and as a line
 * of JSON; counts are those of two other readers, values those of the JSON twins of sigma-regression and
 * of the snapshots of evtx-parser. Where another reader differs the table says why.
 */
#include "base/buf.h"
#include "base/num.h"
#include "event/corpus_int.h"
#include "event/evtx_feed.h"
#include "event/evtx_lines.h"

enum { IDS_MAX = 65536 };

static struct reader *binary, *text;
static struct evtx *evtx;
static struct buf out = BUF(16 << 20);

/* What one file holds. */
struct seen {
	unsigned records, readable, unverified;
	uint64_t places; /* damaged */
	unsigned ids[IDS_MAX];
};

static struct seen seen;

/* --- a record thrice --- */

/* The field of `b` that stands for fields[i] of `a`: names that stand several times keep their order. */
static const struct field *twin_of(const struct event *a, uint32_t i, const struct event *b)
{
	unsigned nth = 0;

	for (uint32_t k = 0; k < i; k++)
		nth += str_eq(a->fields[k].name, a->fields[i].name);
	for (uint32_t k = 0; k < b->n_raw; k++)
		if (str_eq(a->fields[i].name, b->fields[k].name) && nth-- == 0)
			return &b->fields[k];
	return NULL;
}

static void same(const char *what, const char *name, const struct event *a, const struct event *b)
{
	const struct field *f = NULL, *other = NULL;
	bool ok = true;

	for (uint32_t i = 0; ok && i < a->n_raw; i++) {
		f = &a->fields[i];
		other = twin_of(a, i, b);
		/* XML is laid out in blanks, and has no control characters */
		bool xml = what[0] == 'x', blank = xml && str_trim(f->val).n == 0;

		ok = other != NULL && f->bare == other->bare &&
		     (str_eq(f->val, other->val) || (blank && other->val.n == 0) ||
		      (xml && str_find(other->val, STR("\xef\xbf\xbd")) < other->val.n));
	}
	if (CHECK(name,
		  ok && a->n_raw == b->n_raw && a->time == b->time && a->time_told == b->time_told))
		return;
	printf("  %s: %u fields, %u\n", what, a->n_raw, b->n_raw);
	if (!ok)
		printf("  %.*s (%u) = '%.*s'\n  %s '%.*s'\n", STR_ARG(f->name), f->bare,
		       STR_ARG(f->val), other == NULL ? "absent" : "is",
		       other == NULL ? 0 : (int)other->val.n, other == NULL ? "" : other->val.p);
}

static void read_again(const char *name, struct str record, const struct event *ev, struct arena a)
{
	struct event again;

	buf_clear(&out);
	evtx_line(ev, &out);
	reader_read(text, &a, buf_str(&out), &again);
	if (!CHECK(name, strcmp(formats[again.format].name, "json") == 0))
		printf("  %.*s\n", STR_ARG(buf_str(&out)));
	same("json", name, ev, &again);
	buf_clear(&out);
	if (CHECK(name, evtx_xml(evtx, record, &out, NULL))) {
		reader_read(text, &a, buf_str(&out), &again);
		CHECK(name, strcmp(formats[again.format].name, "xml") == 0);
		if (again.partial) /* what XML does not allow */
			return;
		same("xml", name, ev, &again);
	}
}

static void count(const struct event *ev)
{
	struct str id = corpus_get(ev, "EventID");
	uint64_t n;

	seen.records++;
	seen.unverified += ev->unverified;
	if (id.p != NULL && num_parse(id, 0, IDS_MAX - 1, &n))
		seen.ids[n]++;
}

/* All of `file`; `each` is told every event. */
static void read_file(const char *name, struct str file, struct arena a,
		      void (*each)(void *ctx, const struct event *ev, struct arena a), void *ctx)
{
	struct evtx_feed feed = { 0 };
	uint64_t before = evtx_counts(evtx).damaged;
	struct evtx_record r;
	struct str chunk, some;

	memset(&seen, 0, sizeof seen);
	evtx_feed_begin(&feed, false);
	do {
		some = str_sub(file, 0, EVTX_CHUNK_BYTES);
		file = str_skip(file, some.n);
		CHECK(name, evtx_feed_add(&feed, some));
		while (evtx_feed_next(&feed, file.n == 0, &chunk)) {
			CHECK(name, evtx_chunk(evtx, chunk, NULL));
			while (evtx_next(evtx, false, &r)) {
				struct arena b = a;
				struct evtx_slots slots;
				struct event ev;

				reader_read(binary, &b, r.bytes, &ev);
				count(&ev);
				seen.readable += evtx_slots(evtx, r.bytes, &slots, NULL) &&
						 !slots.partial;
				if (!ev.partial && !ev.unverified)
					read_again(name, r.bytes, &ev, b);
				if (each != NULL)
					each(ctx, &ev, b);
			}
		}
	} while (file.n > 0);
	seen.places = feed.lost + feed.cut + evtx_counts(evtx).damaged - before;
	evtx_feed_free(&feed);
}

/* --- counts of others --- */

/* "EVENT:COUNT EVENT:COUNT": as expected-libevtx.tsv has it. */
static struct str ids_text(struct arena *a)
{
	struct buf b = BUF(1 << 20);

	for (unsigned i = 0; i < IDS_MAX; i++)
		if (seen.ids[i] > 0)
			buf_printf(&b, "%s%u:%u", b.n > 0 ? " " : "", i, seen.ids[i]);
	struct str s = arena_str(a, b.n == 0 ? STR("") : buf_str(&b));

	buf_free(&b);
	return s;
}

static struct str cell(struct str line, unsigned i)
{
	struct str s = { NULL, 0 };

	do
		if (!str_split(&line, '\t', &s))
			return STR("");
	while (i-- > 0);
	return s;
}

/* Where libevtx 20181227 differs, and why (docs/formats.md). */
static const struct {
	const char *file;
	unsigned records; /* of ours */
	unsigned id, n;   /* records of that event id that libevtx has not as many of */
} differs[] = {
	/* two whose ends were never written, and which it skips */
	{ "RdpCoreTS%4Operational.evtx", 1912, 107, 1 },
	/* records without a template, of which it exports no fields */
	{ "CAPI2%4Operational.evtx", 459, 51, 22 },
	/* one more whose end was never written */
	{ "HelloForBusiness%4Operational.evtx", 6, 3054, 1 },
	/* again a record without a template */
	{ "issue_201.evtx", 1, 1, 1 },
	/* it stops at a record of size 0; 114 whole ones stand behind it */
	{ "zero-data-size-event.evtx", 449, 16, 75 },
};

static bool known_to_differ(const char *path)
{
	for (size_t i = 0; i < COUNT(differs); i++)
		if (str_ends(str_of(path), str_of(differs[i].file)))
			return seen.records == differs[i].records &&
			       seen.ids[differs[i].id] == differs[i].n;
	return false;
}

static void against_libevtx(const char *folder)
{
	char path[512];
	struct arena a = corpus_whole;
	struct str line, rest;
	unsigned files = 0, other = 0, all = 0;

	snprintf(path, sizeof path, "%s/expected-libevtx.tsv", folder);
	rest = corpus_file(&a, path);
	(void)!str_line(&rest, &line);
	while (str_line(&rest, &line)) {
		struct arena b = a;
		uint64_t records = 0;
		struct str file = cell(line, 0);

		snprintf(path, sizeof path, "%s/%.*s", folder, STR_ARG(file));
		read_file(path, corpus_file(&b, path), b, NULL, NULL);
		files++;
		all += seen.records;
		struct str mine = ids_text(&b);
		if (num_parse(cell(line, 1), 0, UINT32_MAX, &records) && records == seen.records &&
		    str_eq(mine, cell(line, 7)))
			continue;
		other++;
		if (!CHECK(path, known_to_differ(path)))
			printf("  %u records, libevtx %llu\n  %.*s\n  %.*s\n", seen.records,
			       (unsigned long long)records, STR_ARG(mine), STR_ARG(cell(line, 7)));
	}
	printf("%s: %u files, %u records, %u files not as libevtx reads them\n", folder, files, all,
	       other);
}

/* The reader of the corpus's source; a record whose end was never written may be one to it. */
static void against_evtx(void)
{
	char path[512];
	struct arena a = corpus_whole;
	struct str line, rest = corpus_file(&a, "evtx-parser/expected-counts.tsv");

	(void)!str_line(&rest, &line);
	while (str_line(&rest, &line)) {
		struct arena b = a;
		uint64_t records = 0;
		bool torn = str_find(line, STR("HelloForBusiness")) < line.n;

		snprintf(path, sizeof path, "evtx-parser/samples/%.*s", STR_ARG(cell(line, 0)));
		read_file(path, corpus_file(&b, path), b, NULL, NULL);
		if (!CHECK(path, num_parse(cell(line, 1), 0, UINT32_MAX, &records) &&
					 records == seen.readable + torn))
			printf("  %u readable, the other reader %llu\n", seen.readable,
			       (unsigned long long)records);
	}
}

/* --- values of others --- */

/* GUIDs without braces and in capitals, times to the microsecond, no blanks at the end. */
static bool same_value(struct str mine, struct str want)
{
	while (mine.n > 0 && mine.p[mine.n - 1] == ' ')
		mine.n--;
	if (str_eq_nocase(mine, want))
		return true;
	if (mine.n == 38 && mine.p[0] == '{')
		return str_eq_nocase(str_sub(mine, 1, 37), want);
	if (want.n > 20 && want.p[want.n - 1] == 'Z' && want.p[10] == 'T')
		return str_starts(mine, str_sub(want, 0, want.n - 1)) ||
		       str_starts(want, str_sub(mine, 0, mine.n - 1));
	return false;
}

static void has_value(const char *name, const struct event *ev, const struct field *want,
		      uint32_t nth)
{
	const struct field *mine = NULL;

	for (uint32_t i = 0; i < ev->n_raw && mine == NULL; i++)
		if (str_eq(ev->fields[i].name, want->name) && nth-- == 0)
			mine = &ev->fields[i];
	/* the other writer has null for what is empty or not there */
	bool ok = mine == NULL ? want->val.n == 0
			       : mine->bare == want->bare && same_value(mine->val, want->val);

	if (!CHECK(name, ok))
		printf("  %.*s: wanted '%.*s', got '%.*s'\n", STR_ARG(want->name),
		       STR_ARG(want->val), mine == NULL ? 6 : (int)mine->val.n,
		       mine == NULL ? "absent" : mine->val.p);
}

struct twin {
	const char *name;
	struct str text;
	unsigned found, fields;
};

/* Every field of the event as JSON is one of ours. */
static void as_twin(void *ctx, const struct event *ev, struct arena a)
{
	struct twin *t = ctx;
	struct event json;

	reader_read(text, &a, t->text, &json);
	if (!str_eq(corpus_get(ev, "EventRecordID"), corpus_get(&json, "EventRecordID")) ||
	    json.time != ev->time)
		return;
	t->found++;
	for (uint32_t i = 0; i < json.n_raw; i++) {
		uint32_t nth = 0;

		for (uint32_t k = 0; k < i; k++)
			nth += str_eq(json.fields[k].name, json.fields[i].name);
		if (str_ends(json.fields[i].name, STR("xmlns")))
			continue;
		has_value(t->name, ev, &json.fields[i], nth);
		t->fields++;
	}
}

static unsigned twins, twin_fields;

static bool twin_file(void *ctx, const char *path, const char *name)
{
	struct arena a = corpus_whole;
	struct twin t = { .name = name };
	struct str rest, file;
	char other[4096];
	bool cut;

	(void)ctx;
	if (!str_ends(str_of(name), STR(".evtx")))
		return true;
	snprintf(other, sizeof other, "%.*s.json", (int)(strlen(path) - 5), path);
	CHECK(name, file_load(&a, AT_FDCWD, path, (size_t)64 << 20, &file, NULL) &&
			    file_load(&a, AT_FDCWD, other, (size_t)64 << 20, &rest, NULL));
	while (records_next(&rest, true, &t.text, &cut)) {
		t.found = 0;
		read_file(name, file, a, as_twin, &t);
		CHECK(name, t.found == 1);
		twins++;
	}
	twin_fields += t.fields;
	return true;
}

static const struct {
	const char *file, *snapshot;
} snapshots[] = {
	{ "issue_201.evtx", "json_multiple_empty_data_nodes_not_ignored" },
	{ "security_bad_string_cache.evtx", "json_missing_string_cache_entry" },
	{ "system.evtx", "json_sample_with_event_data_with_attributes_and_text" },
	{ "system.evtx", "xml_sample_with_event_data_with_attributes_and_text" },
};

static void against_snapshots(void)
{
	for (size_t i = 0; i < COUNT(snapshots); i++) {
		char path[512];
		struct arena a = corpus_whole;
		struct twin t = { .name = snapshots[i].snapshot };

		snprintf(path, sizeof path,
			 "evtx-parser/snapshots/%s/test_record_samples__event_%s.snap",
			 snapshots[i].file, snapshots[i].snapshot);
		t.text = corpus_file(&a, path);
		t.text = str_skip(t.text, str_find(t.text, STR("\n---\n")) + 5);
		snprintf(path, sizeof path, "evtx-parser/samples/%s", snapshots[i].file);
		read_file(path, corpus_file(&a, path), a, as_twin, &t);
		CHECK(snapshots[i].snapshot, t.found == 1 && t.fields > 8);
	}
}

int main(void)
{
	struct read_ctx ctx = { .now = INT64_C(1773118800000000) };
	char path[4096];

	if (!corpus_open("recorded event logs"))
		return TEST_REPORT();
	text = reader_new(&ctx);
	ctx.format = format_find(STR("evtx"));
	binary = reader_new(&ctx);
	evtx = reader_evtx(binary);
	against_evtx();
	against_libevtx("evtx-parser");
	against_libevtx("evtx-attack");
	against_libevtx("sigma-regression");
	snprintf(path, sizeof path, "%s/sigma-regression", test_corpus());
	CHECK("twins", file_walk(path, &(struct walk){ .fn = twin_file }));
	printf("sigma-regression: %u events as JSON, %u fields\n", twins, twin_fields);
	CHECK("twins", twins >= 93);
	against_snapshots();
	buf_free(&out);
	reader_free(binary);
	reader_free(text);
	corpus_close();
	return TEST_REPORT();
}
