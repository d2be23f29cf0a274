/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hunt.c - `canh hunt`: run rules and lists over files in hand; nothing is kept.
 *
 * Streams: memory does not grow with the input. Ends with what was looked at and what was not.
 */
#include "base/file.h"
#include "base/jsonw.h"
#include "base/msg.h"
#include "cmd/cmd.h"
#include "cmd/evtx_fd.h"
#include "cmd/hunt_correl.h"
#include "cmd/hunt_feed.h"
#include "cmd/load.h"
#include "cmd/lock_up.h"
#include "cmd/tell.h"
#include "cmd/times.h"
#include "event/formats.h"
#include "event/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 1 << 20, OUT_MAX = 256 << 20, OUT_FLUSH = 1 << 16 };

struct counts {
	uint64_t files, files_read, files_failed;
};

struct hunt {
	/* what was asked */
	struct opt_list rules, lists;
	struct times times;
	const char *now, *format, *as, *page;
	const char *named; /* the operand at hand */
	bool reference;
	uint64_t threads; /* 0: as many as there are processors */
	enum hit_form form;

	/* what it is done with */
	struct read_ctx ctx;
	struct decoders *decoders; /* owned; what ctx.decoders borrows */
	struct detector *detector;
	struct jobs *jobs;          /* owned */
	struct hunt_correl *correl; /* NULL: no rule is a correlation */
	uint64_t correlated;        /* hits of correlations */
	struct load_lists list_load;
	struct hunt_feed feed;
	struct buf out; /* head and end */

	struct counts n;
	bool output_failed;
	struct tell_progress progress;
};

static bool put_out(void *ctx, struct str text)
{
	(void)ctx;
	return fwrite(text.p, 1, text.n, stdout) == text.n;
}

static void flush(struct hunt *h)
{
	if (h->out.full || (h->out.n > 0 && !put_out(h, buf_str(&h->out))))
		h->output_failed = true;
	buf_clear(&h->out);
}

/* Of a correlation, at the end. */
static void put_hit(void *ctx, const struct hit_place *place)
{
	struct hunt *h = ctx;
	struct hit_place p = *place;

	p.times = &h->times;
	hit_out(h->form, &p, &h->out);
	h->correlated++;
	if (h->out.n > OUT_FLUSH)
		flush(h);
}

static void progress(struct hunt *h, bool last)
{
	struct hunt_counts c = jobs_counts(h->jobs);

	if (tell_progress_due(&h->progress, last))
		fprintf(stderr,
			msg(MSG_ID("\r\033[K%llu files, %llu MiB, %llu records, %llu hits")),
			(unsigned long long)h->n.files, (unsigned long long)(h->feed.bytes >> 20),
			(unsigned long long)c.records, (unsigned long long)c.hits);
}

static void moved(void *ctx)
{
	progress(ctx, false);
}

static void hunt_fd(struct hunt *h, const char *path, int fd)
{
	struct err why = { 0 };

	h->n.files++;
	buf_clear(&h->feed.in);
	bool ok = hunt_feed(&h->feed, path, fd, &why);
	jobs_file_done(h->jobs);
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
	return !h->output_failed && !h->feed.failed;
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
		if (jobs_seen(h->jobs, i) > 0)
			n += rule_set_source(rs, i).rules;
	return n;
}

static void put_coverage(struct hunt *h)
{
	const struct rule_set *rs = detector_rules(h->detector);
	struct detect_counts c = jobs_detect_counts(h->jobs);
	struct hunt_counts n = jobs_counts(h->jobs);
	unsigned long long hits = n.hits + h->correlated;

	const struct {
		const char *name;
		uint64_t n;
	} rows[] = {
		{ "files_total", h->n.files },
		{ "files_read", h->n.files_read },
		{ "files_failed", h->n.files_failed },
		{ "files_damaged", h->feed.files_damaged },
		{ "bytes", h->feed.bytes },
		{ "records", n.records },
		{ "records_bad", n.bad },
		{ "records_unverified", n.unverified },
		{ "records_outside", n.outside },
		{ "rules_loaded", rule_set_count(rs) },
		{ "rules_refused", rule_set_faults(rs) },
		{ "rules_source_seen", could_fire(h) },
		{ "undecided", c.undecided + c.lost },
		{ "hits", hits },
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
		hits, (unsigned long long)h->n.files_read, (unsigned long long)h->n.files,
		(unsigned long long)(h->feed.bytes >> 20), (unsigned long long)n.records,
		(unsigned long long)n.bad, (unsigned long long)n.outside, rule_set_count(rs),
		could_fire(h), rule_set_faults(rs), h->lists.n - h->list_load.failed);
	if (h->feed.files_damaged + n.unverified > 0)
		fprintf(stderr,
			msg(MSG_ID("%llu files are damaged; %llu records stand where a checksum is "
				   "wrong\n")),
			(unsigned long long)h->feed.files_damaged,
			(unsigned long long)n.unverified);
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
	struct detect_counts c = jobs_detect_counts(h->jobs);
	struct hunt_counts n = jobs_counts(h->jobs);

	bool armed = rule_set_count(rs) > 0 || h->lists.n > h->list_load.failed;

	if (h->output_failed)
		return EXIT_FAULT;
	if (!armed)
		fprintf(stderr, "%s",
			msg(MSG_ID(
				"no rule and no list could be loaded: nothing was looked for\n")));
	if (!armed || h->n.files_read == 0)
		return EXIT_INPUT;
	if (h->n.files_failed > 0 || h->feed.files_damaged > 0 || n.damaged > 0 ||
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
	if (h->detector != NULL)
		return true;
	fprintf(stderr, "%s", msg(MSG_ID("the system has no memory\n")));
	return false;
}

/* Behind the sandbox: threads take it over from the one that makes them. */
static bool start(struct hunt *h)
{
	const struct rule_set *rs = detector_rules(h->detector);
	struct hunt_with with = { .ctx = &h->ctx,
				  .detector = h->detector,
				  .times = &h->times,
				  .form = h->form,
				  .page = h->page,
				  .threads = (size_t)h->threads,
				  .put = put_out };
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (with.threads == 0)
		with.threads = cores < 1 ? 1 : (size_t)cores;
	if (with.threads > HUNT_THREADS_MAX)
		with.threads = HUNT_THREADS_MAX;
	bool correlate = rule_set_correlations(rs) > 0;
	if (correlate)
		h->correl = hunt_correl_new(rs, with.threads);
	with.correl = h->correl;
	h->jobs = correlate == (h->correl != NULL) ? jobs_new(&with) : NULL;
	if (h->jobs == NULL)
		fprintf(stderr, "%s", msg(MSG_ID("the system has no memory\n")));
	h->feed.jobs = h->jobs;
	h->feed.forced = h->as != NULL;
	h->feed.moved = moved;
	h->feed.ctx = h;
	return h->jobs != NULL;
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
	if (!prepare(h) || !command_lock_up(paths, n) || !start(h))
		return EXIT_FAULT;
	progress(h, false);
	hit_out_head(h->form, &h->out);
	flush(h);
	for (size_t i = 0; i < n && !h->output_failed && !h->feed.failed; i++) {
		h->named = paths[i];
		if (strcmp(paths[i], "-") == 0)
			hunt_fd(h, "-", STDIN_FILENO);
		else
			file_walk(paths[i], &(struct walk){ hunt_file, hunt_bad, h });
	}
	h->output_failed = !jobs_end(h->jobs) || h->output_failed || h->feed.failed;
	progress(h, true);
	if (h->correl != NULL && !h->output_failed && !hunt_correl_run(h->correl, put_hit, h))
		return EXIT_FAULT;
	put_coverage(h);
	return status_of(h);
}

int cmd_hunt(int argc, char **argv)
{
	static struct hunt h = { .format = "text",
				 .feed.in = { .max = EVENT_MAX_RAW + 4 * CHUNK },
				 .feed.text = { .max = EVENT_MAX_RAW + 8 * CHUNK } };
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
		{ "threads", OPT_NUMBER, &h.threads, "N",
		  MSG_ID("how many threads judge; 0, the default: one a processor") },
		{ "code-page", OPT_CHOICE, &h.page, EVTX_PAGES,
		  MSG_ID("code page of texts in event logs that are not Unicode; 1252 unless told") },
		{ "carve", OPT_FLAG, &h.feed.carve, NULL,
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
		return opts_exit(got);
	if (h.rules.n == 0 && h.lists.n == 0) {
		fprintf(stderr, "%s", msg(MSG_ID("canh hunt needs --rules or --list\n")));
		return EXIT_USAGE;
	}
	h.form = strcmp(h.format, "jsonl") == 0 ? HIT_JSONL
		 : strcmp(h.format, "csv") == 0 ? HIT_CSV
						: HIT_TEXT;
	h.out = BUF(OUT_MAX);
	int status = run(&h, argv, n);
	jobs_free(h.jobs);
	hunt_correl_free(h.correl);
	detector_free(h.detector);
	decoders_free(h.decoders);
	times_free(&h.times);
	buf_free(&h.feed.in);
	buf_free(&h.feed.text);
	buf_free(&h.out);
	return status;
}
