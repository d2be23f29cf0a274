/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hunt.c - `canh hunt`: run rules and lists over files in hand; nothing is kept.
 *
 * Streams: memory does not grow with the input. Ends with what was looked at and what was not.
 */
#include "base/file.h"
#include "base/jsonw.h"
#include "base/msg.h"
#include "cmd/attack.h"
#include "cmd/cmd.h"
#include "cmd/evtx_fd.h"
#include "cmd/hunt_correl.h"
#include "cmd/hunt_feed.h"
#include "cmd/hunt_out.h"
#include "cmd/hunt_progress.h"
#include "cmd/load.h"
#include "cmd/lock_up.h"
#include "cmd/tell.h"
#include "cmd/times.h"
#include "event/formats.h"
#include "event/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 1 << 20, OUT_MAX = 256 << 20, OUT_FLUSH = 1 << 16 };

#define NAMES_ROOM ((size_t)32 << 20)

struct counts {
	uint64_t files, files_read, files_failed;
};

struct hunt {
	/* what was asked */
	struct opt_list rules, lists;
	struct times times;
	const char *now, *format, *as, *page;
	const char *named; /* the operand at hand */
	bool reference, unsorted;
	uint64_t threads; /* 0: as many as there are processors */

	/* what it is done with */
	struct read_ctx ctx;
	struct decoders *decoders; /* owned; what ctx.decoders borrows */
	struct detector *detector;
	struct jobs *jobs;          /* owned */
	struct hunt_correl *correl; /* NULL: no rule is a correlation */
	uint64_t correlated;        /* hits of correlations */
	struct load_lists list_load;
	struct hunt_feed feed;
	struct hunt_out *hits; /* owned */
	struct arena names;    /* of techniques */
	struct techniques techniques;
	struct buf out; /* head and end */

	struct counts n;
	bool output_failed;
	bool cut; /* interrupted before all was read */
	struct hunt_progress progress;
};

static volatile sig_atomic_t interrupted; /* what was found by then is told */

static void interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

/* From now on the first SIGINT ends the reading, the second one the program. Threads are to be made in
 * between: the one that reads takes the signal. */
static void signals(int how)
{
	const struct sigaction act = { .sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	pthread_sigmask(how, &set, NULL);
	if (how == SIG_BLOCK)
		sigaction(SIGINT, &act, NULL);
}

static void flush(struct hunt *h)
{
	if (h->out.full || !hunt_out_print(NULL, buf_str(&h->out)))
		h->output_failed = true;
	buf_clear(&h->out);
}

static void flush_hits(struct hunt *h)
{
	if (h->out.full || !hunt_out_put(h->hits, buf_str(&h->out)))
		h->output_failed = true;
	buf_clear(&h->out);
}

/* Of a correlation, at the end. */
static void put_hit(void *ctx, const struct hit_place *place)
{
	struct hunt *h = ctx;
	struct hit_place p = *place;

	p.times = &h->times;
	hunt_out_hit(h->hits, &p, &h->out);
	h->correlated++;
	if (h->out.n > OUT_FLUSH)
		flush_hits(h);
}

static void progress(struct hunt *h, bool last)
{
	struct hunt_counts c = jobs_counts(h->jobs);

	hunt_progress(&h->progress,
		      &(struct hunt_far){ h->n.files, h->feed.bytes, c.records, c.hits }, last);
}

static void moved(void *ctx)
{
	struct hunt *h = ctx;

	h->feed.failed = h->feed.failed || interrupted;
	progress(h, false);
}

static void hunt_fd(struct hunt *h, const char *path, int fd)
{
	struct err why = { 0 };

	h->n.files++;
	buf_clear(&h->feed.in);
	bool ok = hunt_feed(&h->feed, path, fd, &why);
	jobs_file_done(h->jobs);
	h->n.files_read += ok && !interrupted;
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
	return !h->output_failed && !h->feed.failed && !interrupted;
}

static void hunt_bad(void *ctx, const char *path, const struct err *why)
{
	struct hunt *h = ctx;

	h->n.files++;
	h->n.files_failed++;
	tell_fault(path, why);
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

static struct hunt_sum sum_up(const struct hunt *h)
{
	const struct rule_set *rs = detector_rules(h->detector);
	struct detect_counts c = jobs_detect_counts(h->jobs);
	struct hunt_counts n = jobs_counts(h->jobs);

	return (struct hunt_sum){ .files = h->n.files,
				  .files_read = h->n.files_read,
				  .files_failed = h->n.files_failed,
				  .files_damaged = h->feed.files_damaged,
				  .bytes = h->feed.bytes,
				  .interrupted = h->cut,
				  .n = n,
				  .hits = n.hits + h->correlated,
				  .open = c.undecided + c.lost,
				  .rules = rule_set_count(rs),
				  .could_fire = could_fire(h),
				  .refused = rule_set_faults(rs),
				  .lists = h->lists.n - h->list_load.failed,
				  .times = &h->times,
				  .techniques = &h->techniques };
}

static void put_coverage(struct hunt *h, const struct hunt_sum *s)
{
	const struct {
		const char *name;
		uint64_t n;
	} rows[] = {
		{ "files_total", s->files },
		{ "files_read", s->files_read },
		{ "files_failed", s->files_failed },
		{ "files_damaged", s->files_damaged },
		{ "bytes", s->bytes },
		{ "records", s->n.records },
		{ "records_bad", s->n.bad },
		{ "records_unverified", s->n.unverified },
		{ "records_outside", s->n.outside },
		{ "rules_loaded", s->rules },
		{ "rules_refused", s->refused },
		{ "rules_source_seen", s->could_fire },
		{ "undecided", s->open },
		{ "hits", s->hits },
	};
	struct jsonw w = { .out = &h->out };

	jsonw_open(&w, '{');
	jsonw_key(&w, "coverage");
	jsonw_open(&w, '{');
	for (size_t i = 0; i < COUNT(rows); i++)
		jsonw_kv_int(&w, rows[i].name, (int64_t)rows[i].n);
	jsonw_kv_bool(&w, "interrupted", s->interrupted);
	jsonw_key(&w, "lists");
	list_set_put(&w, detector_lists(h->detector));
	if (h->correl != NULL)
		hunt_correl_json(h->correl, &w);
	jsonw_close(&w, '}');
	jsonw_close(&w, '}');
	buf_char(&h->out, '\n');
	flush(h);
}

static void say_coverage(const struct hunt *h, const struct hunt_sum *s)
{
	if (s->interrupted)
		fprintf(stderr, "%s", msg(MSG_ID("interrupted: the rest was not looked at\n")));
	fprintf(stderr,
		msg(MSG_ID(
			"%llu hits; read %llu of %llu files, %llu MiB, %llu records (%llu not "
			"understood, %llu outside the time asked for); %zu rules, %zu could fire "
			"here, %zu not loaded; %zu lists\n")),
		(unsigned long long)s->hits, (unsigned long long)s->files_read,
		(unsigned long long)s->files, (unsigned long long)(s->bytes >> 20),
		(unsigned long long)s->n.records, (unsigned long long)s->n.bad,
		(unsigned long long)s->n.outside, s->rules, s->could_fire, s->refused, s->lists);
	if (s->files_damaged + s->n.unverified > 0)
		fprintf(stderr,
			msg(MSG_ID("%llu files are damaged; %llu records stand where a checksum is "
				   "wrong\n")),
			(unsigned long long)s->files_damaged, (unsigned long long)s->n.unverified);
	if (s->open > 0)
		fprintf(stderr,
			msg(MSG_ID("%llu parts of rules could not be decided within the limits\n")),
			(unsigned long long)s->open);
	if (h->correl != NULL)
		hunt_correl_say(h->correl);
}

/* What came of it, and what was looked at. */
static void tell(struct hunt *h)
{
	struct hunt_sum s = sum_up(h);

	if (!h->output_failed && !hunt_out_end(h->hits, &s))
		h->output_failed = true;
	if (hunt_out_form(h->hits) == HIT_JSONL)
		put_coverage(h, &s);
	say_coverage(h, &s);
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
	if (!armed || (h->n.files_read == 0 && !h->cut))
		return EXIT_INPUT;
	if (h->cut || h->n.files_failed > 0 || h->feed.files_damaged > 0 || n.damaged > 0 ||
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
				  .form = hunt_out_form(h->hits),
				  .framed = hunt_out_framed(h->hits),
				  .page = h->page,
				  .threads = (size_t)h->threads,
				  .put = hunt_out_put,
				  .put_ctx = h->hits };
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

static bool prepare_out(struct hunt *h)
{
	h->hits = hunt_out_new(h->format, h->unsorted);
	if (h->hits == NULL || !arena_reserve(&h->names, NAMES_ROOM)) {
		fprintf(stderr, "%s", msg(MSG_ID("the system has no memory\n")));
		return false;
	}
	struct arena a = h->names;

	if (hunt_out_form(h->hits) == HIT_NOTE)
		attack_load(&a, &h->techniques);
	return true;
}

static int run(struct hunt *h, char **paths, size_t n)
{
	if (!take_times(h) || !take_format(h))
		return EXIT_USAGE;
	if (!prepare(h) || !prepare_out(h) || !command_lock_up(paths, n))
		return EXIT_FAULT;
	signals(SIG_BLOCK);
	if (!start(h))
		return EXIT_FAULT;
	signals(SIG_UNBLOCK);
	hunt_progress_begin(&h->progress, paths, n);
	progress(h, false);
	hit_out_head(hunt_out_form(h->hits), &h->out);
	flush(h);
	for (size_t i = 0; i < n && !h->output_failed && !h->feed.failed && !interrupted; i++) {
		h->named = paths[i];
		if (strcmp(paths[i], "-") == 0)
			hunt_fd(h, "-", STDIN_FILENO);
		else
			file_walk(paths[i], &(struct walk){ hunt_file, hunt_bad, h });
	}
	h->cut = interrupted; /* whoever interrupts from here on misses nothing: all was read */
	h->output_failed = !jobs_end(h->jobs) || h->output_failed || (h->feed.failed && !h->cut);
	progress(h, true);
	if (h->correl != NULL && !h->output_failed && !hunt_correl_run(h->correl, put_hit, h))
		return EXIT_FAULT;
	flush_hits(h);
	tell(h);
	return status_of(h);
}

int cmd_hunt(int argc, char **argv)
{
	static struct hunt h = { .feed.in = { .max = EVENT_MAX_RAW + 4 * CHUNK },
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
		{ "unsorted", OPT_FLAG, &h.unsorted, NULL,
		  MSG_ID("tell hits as they are found, by file and record, not by time") },
		{ "progress", OPT_FLAG, &h.progress.due.forced, NULL,
		  MSG_ID("tell how far it is also where the errors go to no terminal") },
		{ "format", OPT_CHOICE, &h.format, HUNT_FORMATS,
		  MSG_ID("form of the output; on a terminal a report, else a line of text a hit") },
	};
	const struct opts o = {
		"hunt",
		"PATH...|-",
		MSG_ID("Run Sigma rules and lists of indicators over log files, folders of them, "
		       "or the standard input. Each hit is a line, or all of them are one "
		       "report; the last line tells what was looked at and what was not."),
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
	if (h.format == NULL)
		h.format = isatty(STDOUT_FILENO) ? "report" : "text";
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
	hunt_out_free(h.hits);
	if (h.names.beg != NULL)
		arena_release(h.names);
	return status;
}
