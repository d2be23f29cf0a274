/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hunt.c - `canh hunt`: run rules and lists over files in hand; nothing is kept.
 *
 * Streams: memory does not grow with the input. Ends with what was looked at and what was not.
 */
#include "base/file.h"
#include "base/inflate.h"
#include "base/jsonw.h"
#include "base/msg.h"
#include "base/utf8.h"
#include "base/zstd.h"
#include "cmd/cmd.h"
#include "cmd/evtx_fd.h"
#include "cmd/hit_out.h"
#include "cmd/hunt_correl.h"
#include "cmd/load.h"
#include "cmd/lock_up.h"
#include "cmd/tell.h"
#include "cmd/times.h"
#include "event/binary.h"
#include "event/formats.h"
#include "event/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 1 << 20, OUT_FLUSH = 1 << 16, OUT_MAX = 256 << 20, HEAD = 16 };
#define EVENT_ROOM ((size_t)256 << 20)
#define PACKED_MAX ((size_t)512 << 20)
#define UNPACKED_MAX ((size_t)2 << 30)

struct counts {
	uint64_t files, files_read, files_failed, files_damaged, bytes, records, bad, damaged,
		unverified, outside, hits;
};

struct hunt {
	/* what was asked */
	struct opt_list rules, lists;
	struct times times;
	const char *now, *format, *as, *page;
	const char *named; /* the operand at hand */
	bool reference;
	bool carve;
	enum hit_form form;

	/* what it is done with */
	struct read_ctx ctx;
	struct decoders *decoders; /* owned; what ctx.decoders borrows */
	struct detector *detector;
	struct detect_scratch *scratch;
	struct hunt_correl *correl; /* NULL: no rule is a correlation */
	struct load_lists list_load;
	struct arena events;
	struct buf in, text, out; /* text: what `in` says in UTF-8 where it is UTF-16 */

	struct counts n;
	uint64_t seq; /* of the record in its file */
	bool output_failed;
	struct tell_progress progress;
};

static void flush(struct hunt *h)
{
	if (h->out.full || fwrite(h->out.p, 1, h->out.n, stdout) != h->out.n)
		h->output_failed = true;
	h->out.full = false;
	buf_clear(&h->out);
}

static void progress(struct hunt *h, bool last)
{
	if (tell_progress_due(&h->progress, last))
		fprintf(stderr,
			msg(MSG_ID("\r\033[K%llu files, %llu MiB, %llu records, %llu hits")),
			(unsigned long long)h->n.files, (unsigned long long)(h->n.bytes >> 20),
			(unsigned long long)h->n.records, (unsigned long long)h->n.hits);
}

static void put_hit(void *ctx, const struct hit_place *place)
{
	struct hunt *h = ctx;
	struct hit_place p = *place;

	p.times = &h->times;
	hit_out(h->form, &p, &h->out);
	h->n.hits++;
	if (h->out.n > OUT_FLUSH)
		flush(h);
}

static void one_record(struct hunt *h, struct reader *r, const char *path, struct str record,
		       bool cut)
{
	struct arena a = h->events;
	struct event ev = { 0 };
	struct hits hits;

	reader_read(r, &a, record, &ev);
	ev.seq = ++h->seq;
	h->n.records++;
	h->n.damaged += cut || ev.partial;
	h->n.unverified += ev.unverified;
	h->n.bad += cut || ev.partial || ev.format == FORMAT_UNPARSED;
	if (ev.time_told && !times_hold(&h->times, ev.time)) {
		h->n.outside++;
		return;
	}
	detector_run(h->detector, h->scratch, &ev, &hits);
	if (h->correl != NULL)
		hunt_correl_event(h->correl, &ev, &hits);
	for (size_t i = 0; i < hits.n; i++) {
		struct hit_place p = { &hits.hit[i], &ev, str_of(path), &h->times };

		if (hits.hit[i].kind != HIT_RULE || !hits.hit[i].rule->part)
			put_hit(h, &p);
	}
	progress(h, false);
}

/* All records of `text`, which is whole or, without `last`, goes on; returns what is left. */
static struct str take_records(struct hunt *h, struct reader *r, const char *path, struct str text,
			       bool last)
{
	struct str record;
	bool cut = false;

	while (!h->output_failed && records_next(&text, last, &record, &cut)) {
		one_record(h, r, path, record, cut);
		cut = false;
	}
	return text;
}

/* Read on until the end, `h->in` holding what is read and not yet taken. */
static bool stream(struct hunt *h, struct reader *r, const char *path, int fd, struct err *why)
{
	enum wide wide = utf16_told(buf_str(&h->in));

	buf_clear(&h->text);
	for (;;) {
		char *room = buf_room(&h->in, CHUNK);
		ssize_t n = room == NULL ? 0 : read(fd, room, CHUNK);

		if (room == NULL)
			return err_set(why, ERR_LIMIT, 0, "no room for %zu bytes", (size_t)CHUNK);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return err_set(why, ERR_IO, 0, "%s", strerror(errno));
		h->in.n += (size_t)n;
		h->n.bytes += (uint64_t)n;
		if (wide != WIDE_NONE) {
			size_t took = utf16_take(buf_str(&h->in), wide, n == 0, &h->text);

			if (h->text.full)
				return err_set(why, ERR_LIMIT, 0, "no room for %zu bytes",
					       (size_t)CHUNK);
			buf_eat(&h->in, took);
		}
		struct buf *text = wide != WIDE_NONE ? &h->text : &h->in;
		struct str left = take_records(h, r, path, buf_str(text), n == 0);
		buf_eat(text, text->n - left.n);
		if (n == 0 || h->output_failed)
			return true;
	}
}

/* Compressed as a whole: unpacked in memory, up to a cap. */
static bool packed(struct hunt *h, struct reader *r, const char *path, int fd, bool gzip,
		   struct err *why)
{
	struct buf raw = BUF(PACKED_MAX), text = BUF(UNPACKED_MAX);
	struct zstd *z = gzip ? NULL : zstd_new();
	ssize_t n = 1;
	bool ok = false;

	buf_add(&raw, buf_str(&h->in));
	while (n > 0) {
		char *room = buf_room(&raw, CHUNK);

		n = room == NULL ? 0 : read(fd, room, CHUNK);
		raw.n += n > 0 ? (size_t)n : 0;
	}
	h->n.bytes += raw.n - h->in.n;
	if (raw.full)
		err_set(why, ERR_LIMIT, 0, "longer than %zu bytes", PACKED_MAX);
	else if (n == -1)
		err_set(why, ERR_IO, 0, "%s", strerror(errno));
	else if (gzip ? inflate_gzip(buf_str(&raw), &text, why)
		      : z != NULL && zstd_unpack(z, buf_str(&raw), &text, why))
		ok = true;
	enum wide wide = utf16_told(buf_str(&text));
	if (ok && wide != WIDE_NONE) {
		buf_clear(&raw);
		utf16_take(buf_str(&text), wide, true, &raw);
		ok = !raw.full || err_set(why, ERR_LIMIT, 0, "longer than %zu bytes", raw.max);
	}
	if (ok)
		take_records(h, r, path, buf_str(wide != WIDE_NONE ? &raw : &text), true);
	zstd_free(z);
	buf_free(&raw);
	buf_free(&text);
	return ok;
}

struct log {
	struct hunt *h;
	struct reader *r;
	const char *path;
};

static bool log_record(void *ctx, const struct evtx_record *rec)
{
	struct log *l = ctx;

	one_record(l->h, l->r, l->path, rec->bytes, false);
	return !l->h->output_failed;
}

/* An event log, or any blob that may hold pieces of some. */
static bool event_log(struct hunt *h, struct reader *r, const char *path, int fd, struct err *why)
{
	struct read_ctx ctx = h->ctx;
	struct log l = { h, r, path };
	struct evtx_fd x = {
		.evtx = reader_evtx(r), .carve = h->carve, .record = log_record, .ctx = &l
	};
	struct err damage;

	if (x.evtx == NULL || !evtx_fd_page(x.evtx, h->page))
		return err_set(why, ERR_LIMIT, 0, "the system has no memory");
	ctx.format = format_find(STR("evtx"));
	reader_context(r, &ctx);
	bool ok = evtx_fd_walk(&x, fd, buf_str(&h->in), why);

	h->n.bytes += x.bytes;
	if (ok && evtx_fd_damage(&x, &damage)) {
		h->n.files_damaged++;
		tell_fault(path, &damage);
	}
	evtx_feed_free(&x.feed);
	return ok;
}

static bool hunt_open(struct hunt *h, struct reader *r, const char *path, int fd, struct err *why)
{
	char *head = buf_room(&h->in, HEAD);
	ssize_t n = 1;

	while (head != NULL && h->in.n < HEAD && n > 0) {
		n = read(fd, h->in.p + h->in.n, HEAD - h->in.n);
		h->in.n += n > 0 ? (size_t)n : 0;
	}
	if (head == NULL || n == -1)
		return err_set(why, ERR_IO, 0, "%s", strerror(errno));
	h->n.bytes += h->in.n;
	if (h->carve || evtx_known(buf_str(&h->in)))
		return event_log(h, r, path, fd, why);
	if (binary_known(buf_str(&h->in), why))
		return false;
	if (str_starts(buf_str(&h->in), STR("\x1f\x8b")))
		return packed(h, r, path, fd, true, why);
	if (str_starts(buf_str(&h->in), STR("\x28\xb5\x2f\xfd")))
		return packed(h, r, path, fd, false, why);
	return stream(h, r, path, fd, why);
}

static void hunt_fd(struct hunt *h, const char *path, int fd)
{
	struct reader *r = reader_new(&h->ctx);
	struct err why = { 0 };

	h->n.files++;
	buf_clear(&h->in);
	h->seq = 0;
	if (h->correl != NULL)
		hunt_correl_file(h->correl, path);
	bool ok = r != NULL ? hunt_open(h, r, path, fd, &why)
			    : err_set(&why, ERR_LIMIT, 0, "the system has no memory");
	reader_free(r);
	h->n.files_read += ok;
	h->n.files_failed += !ok;
	if (!ok)
		tell_fault(path, &why);
}

static bool hunt_file(void *ctx, const char *path, const char *name)
{
	struct hunt *h = ctx;
	bool named = strcmp(path, h->named) == 0; /* itself: a pipe is waited for and read */
	int fd = open(path, O_RDONLY | O_CLOEXEC | (named ? 0 : O_NONBLOCK));
	struct stat st;

	(void)name;
	if (fd == -1 || fstat(fd, &st) == -1 || (!named && !S_ISREG(st.st_mode))) {
		struct err why;

		h->n.files++;
		h->n.files_failed++;
		err_set(&why, ERR_IO, 0, "%s", fd == -1 ? strerror(errno) : "-");
		tell_fault(path, &why);
	} else {
		hunt_fd(h, path, fd);
	}
	if (fd != -1)
		close(fd);
	return !h->output_failed;
}

static void hunt_bad(void *ctx, const char *path, const struct err *why)
{
	struct hunt *h = ctx;

	h->n.files++;
	h->n.files_failed++;
	tell_fault(path, why);
}

static void put_lists(struct jsonw *w, const struct list_set *set)
{
	jsonw_key(w, "lists");
	jsonw_open(w, '[');
	for (size_t i = 0; set != NULL && i < list_set_lists(set); i++) {
		const struct list_info *l = list_set_list(set, i);

		jsonw_open(w, '{');
		jsonw_kv_str(w, "name", l->name);
		jsonw_kv_str(w, "kind", str_of(list_kind_name((enum list_kind)l->kind)));
		jsonw_kv_int(w, "entries", (int64_t)l->entries);
		jsonw_kv_int(w, "bad_lines", (int64_t)l->bad_lines);
		jsonw_kv_str(w, "sha256", str_of(l->sha256));
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

/* Rules whose log source was seen at all. */
static size_t could_fire(const struct hunt *h)
{
	const struct rule_set *rs = detector_rules(h->detector);
	size_t n = 0;

	for (size_t i = 0; i < rule_set_n_sources(rs); i++)
		if (detect_scratch_seen(h->scratch, i) > 0)
			n += rule_set_source(rs, i).rules;
	return n;
}

static void put_coverage(struct hunt *h)
{
	const struct rule_set *rs = detector_rules(h->detector);
	struct detect_counts c = detect_scratch_counts(h->scratch);
	const struct {
		const char *name;
		uint64_t n;
	} rows[] = {
		{ "files_total", h->n.files },
		{ "files_read", h->n.files_read },
		{ "files_failed", h->n.files_failed },
		{ "files_damaged", h->n.files_damaged },
		{ "bytes", h->n.bytes },
		{ "records", h->n.records },
		{ "records_bad", h->n.bad },
		{ "records_unverified", h->n.unverified },
		{ "records_outside", h->n.outside },
		{ "rules_loaded", rule_set_count(rs) },
		{ "rules_refused", rule_set_faults(rs) },
		{ "rules_source_seen", could_fire(h) },
		{ "undecided", c.undecided + c.lost },
		{ "hits", h->n.hits },
	};
	struct jsonw w = { .out = &h->out };

	if (h->form == HIT_JSONL) {
		jsonw_open(&w, '{');
		jsonw_key(&w, "coverage");
		jsonw_open(&w, '{');
		for (size_t i = 0; i < COUNT(rows); i++)
			jsonw_kv_int(&w, rows[i].name, (int64_t)rows[i].n);
		put_lists(&w, detector_lists(h->detector));
		if (h->correl != NULL)
			hunt_correl_json(h->correl, &w);
		jsonw_close(&w, '}');
		jsonw_close(&w, '}');
		buf_char(&h->out, '\n');
	}
	flush(h);
	fprintf(stderr,
		msg(MSG_ID(
			"%llu hits; read %llu of %llu files, %llu MiB, %llu records (%llu not "
			"understood, %llu outside the time asked for); %zu rules, %zu could fire "
			"here, %zu not loaded; %zu lists\n")),
		(unsigned long long)h->n.hits, (unsigned long long)h->n.files_read,
		(unsigned long long)h->n.files, (unsigned long long)(h->n.bytes >> 20),
		(unsigned long long)h->n.records, (unsigned long long)h->n.bad,
		(unsigned long long)h->n.outside, rule_set_count(rs), could_fire(h),
		rule_set_faults(rs), h->lists.n - h->list_load.failed);
	if (h->n.files_damaged + h->n.unverified > 0)
		fprintf(stderr,
			msg(MSG_ID("%llu files are damaged; %llu records stand where a checksum is "
				   "wrong\n")),
			(unsigned long long)h->n.files_damaged,
			(unsigned long long)h->n.unverified);
	unsigned long long open = c.undecided + c.lost;
	if (open > 0)
		fprintf(stderr,
			msg(MSG_ID("%llu parts of rules could not be decided within the limits\n")),
			open);
	if (h->correl != NULL)
		hunt_correl_say(h->correl);
}

static int status_of(const struct hunt *h)
{
	const struct rule_set *rs = detector_rules(h->detector);
	struct detect_counts c = detect_scratch_counts(h->scratch);
	bool armed = rule_set_count(rs) > 0 || h->lists.n > h->list_load.failed;

	if (h->output_failed)
		return EXIT_FAULT;
	if (!armed)
		fprintf(stderr, "%s",
			msg(MSG_ID(
				"no rule and no list could be loaded: nothing was looked for\n")));
	if (!armed || h->n.files_read == 0)
		return EXIT_INPUT;
	if (h->n.files_failed > 0 || h->n.files_damaged > 0 || h->n.damaged > 0 ||
	    rule_set_faults(rs) > 0 || h->list_load.failed > 0 || h->list_load.bad > 0 ||
	    c.undecided + c.lost > 0 || (h->correl != NULL && hunt_correl_lost(h->correl) > 0))
		return EXIT_PART;
	return EXIT_DONE;
}

static bool take_times(struct hunt *h)
{
	h->ctx.now = 0;
	if (!times_take(&h->times) || !times_take_one(&h->times, "now", h->now, &h->ctx.now))
		return false;
	h->ctx.zone = h->times.zone;
	return true;
}

static bool prepare(struct hunt *h)
{
	struct err why = { 0 };

	if (!arena_reserve(&h->events, EVENT_ROOM)) {
		fprintf(stderr, "%s", msg(MSG_ID("the system has no memory\n")));
		return false;
	}
	struct rule_set *rs = load_decoders(&h->decoders) ? load_rule_set() : NULL;

	h->ctx.decoders = h->decoders;
	if (rs == NULL)
		return false;
	for (size_t i = 0; i < h->rules.n; i++)
		load_rules(rs, h->rules.v[i]);
	rule_set_link(rs);
	print_faults(rs);
	if (!load_lists(&h->lists, &h->list_load)) {
		rule_set_free(rs);
		return false;
	}
	h->detector = detector_new(&(struct detector_parts){ .rules = rs,
							     .lists = h->list_load.set,
							     .reference = h->reference },
				   &why);
	h->scratch = h->detector == NULL ? NULL : detect_scratch_new(h->detector);
	bool correlate = h->detector != NULL && rule_set_correlations(rs) > 0;
	if (correlate)
		h->correl = hunt_correl_new(rs);
	if (h->scratch != NULL && correlate == (h->correl != NULL))
		return true;
	fprintf(stderr, "%s", msg(MSG_ID("the system has no memory\n")));
	return false;
}

static bool take_format(struct hunt *h)
{
	if (h->as == NULL)
		return true;
	h->ctx.format = format_find(str_of(h->as));
	if (h->ctx.format != FORMAT_UNPARSED)
		return true;
	fprintf(stderr, msg(MSG_ID("--as: unknown log format '%s'\n")), h->as);
	return false;
}

static int run(struct hunt *h, char **paths, size_t n)
{
	if (!take_times(h) || !take_format(h))
		return EXIT_USAGE;
	if (!prepare(h) || !command_lock_up(paths, n))
		return EXIT_FAULT;
	progress(h, false);
	hit_out_head(h->form, &h->out);
	for (size_t i = 0; i < n && !h->output_failed; i++) {
		h->named = paths[i];
		if (strcmp(paths[i], "-") == 0)
			hunt_fd(h, "-", STDIN_FILENO);
		else
			file_walk(paths[i], &(struct walk){ hunt_file, hunt_bad, h });
	}
	progress(h, true);
	if (h->correl != NULL && !h->output_failed && !hunt_correl_run(h->correl, put_hit, h))
		return EXIT_FAULT;
	put_coverage(h);
	return status_of(h);
}

int cmd_hunt(int argc, char **argv)
{
	static struct hunt h = { .format = "text",
				 .in = { .max = EVENT_MAX_RAW + 4 * CHUNK },
				 .text = { .max = EVENT_MAX_RAW + 8 * CHUNK } };
	size_t n = 0;
	const struct opt table[] = {
		{ "rules", OPT_MANY, &h.rules, "PATH",
		  MSG_ID("Sigma rules, a file or a folder; again for more") },
		{ "list", OPT_MANY, &h.lists, "[KIND:]FILE",
		  MSG_ID("list of indicators; again for more") },
		TIMES_OPTIONS(&h.times),
		{ "now", OPT_TEXT, &h.now, "TIME",
		  MSG_ID("when the logs were written, for times without a year") },
		{ "as", OPT_TEXT, &h.as, "NAME",
		  MSG_ID("read everything as this log format (docs/formats.md)") },
		{ "reference", OPT_FLAG, &h.reference, NULL,
		  MSG_ID("judge rules one by one, by the slow evaluator that the engine is held to") },
		{ "code-page", OPT_CHOICE, &h.page, EVTX_PAGES,
		  MSG_ID("code page of texts in event logs that are not Unicode; 1252 unless told") },
		{ "carve", OPT_FLAG, &h.carve, NULL,
		  MSG_ID("look for pieces of Windows event logs in any file, whatever it is") },
		{ "format", OPT_CHOICE, &h.format, "text|jsonl|csv", MSG_ID("form of the output") },
	};
	const struct opts o = {
		"hunt",
		"PATH...|-",
		MSG_ID("Run Sigma rules and lists of indicators over log files, folders of them, "
		       "or the standard input. Each hit is a line; the last line tells what was "
		       "looked at and what was not."),
		table,
		COUNT(table),
		1,
		SIZE_MAX
	};
	enum opts_result got = opts_parse(&o, argc, argv, &n);

	if (got != OPTS_GO)
		return got == OPTS_HELPED ? EXIT_DONE : EXIT_USAGE;
	if (h.rules.n == 0 && h.lists.n == 0) {
		fprintf(stderr, "%s", msg(MSG_ID("canh hunt needs --rules or --list\n")));
		return EXIT_USAGE;
	}
	h.form = strcmp(h.format, "jsonl") == 0 ? HIT_JSONL
		 : strcmp(h.format, "csv") == 0 ? HIT_CSV
						: HIT_TEXT;
	h.out = BUF(OUT_MAX);
	int status = run(&h, argv, n);
	hunt_correl_free(h.correl);
	detect_scratch_free(h.scratch);
	detector_free(h.detector);
	if (h.events.beg != NULL)
		arena_release(h.events);
	decoders_free(h.decoders);
	times_free(&h.times);
	buf_free(&h.in);
	buf_free(&h.text);
	buf_free(&h.out);
	return status;
}
