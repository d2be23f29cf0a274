/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sweep.c - `canh sweep`: search files for malware; nothing is touched.
 *
 * Rules and lists are read first; then the process gives up all but reading the paths it was given.
 * Ends with a receipt: what was looked at, with what, and what was not.
 */
#include "base/file.h"
#include "base/time.h"
#include "cmd/cmd.h"
#include "cmd/load.h"
#include "cmd/lock_up.h"
#include "cmd/open_state.h"
#include "cmd/rule_files.h"
#include "cmd/sweep_say.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

/* OUT_MAX: more than the lines about one file, each hit with a path of 64 KiB in two writings. */
enum { OUT_MAX = 1 << 30, OUT_FLUSH = 1 << 16, FILES_OPEN = 4096, TIMEOUT_MAX = 86400 };

/* What libyara's module of that name reads, when a rule asks for it. */
static const char *const magic_files[] = { "/usr/share/misc/magic.mgc", "/usr/lib/file/magic.mgc",
					   "/etc/magic" };

struct sweep {
	/* what was asked */
	struct opt_list rule_paths, list_files;
	uint64_t threads, timeout_s;
	const char *format;
	char **path;
	size_t n_paths;

	/* what it is done with */
	struct load_lists lists;
	struct yara_build *build; /* owned while rules are loaded */
	size_t rule_files;        /* that were found, read or not */
	struct yara_set *rules;   /* owned; NULL: none asked for */
	struct owners *owners;    /* owned */
	struct crew *crew;        /* owned */
	struct buf out;

	struct receipt receipt;
	struct tell_progress progress;
	bool output_failed;
};

static volatile sig_atomic_t interrupted; /* what was found by then is told */

static void interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

static void flush(struct sweep *s)
{
	struct err why = { 0 };
	bool ok = s->output_failed; /* which was told */

	if (!ok && s->out.full)
		err_set(&why, ERR_LIMIT, 0, "no room for %zu bytes", (size_t)OUT_MAX);
	else if (!ok)
		ok = fd_write_all(STDOUT_FILENO, buf_str(&s->out), &why);
	buf_clear(&s->out);
	if (ok)
		return;
	s->output_failed = true;
	command_complain(&why);
}

static bool json(const struct sweep *s)
{
	return strcmp(s->format, "jsonl") == 0;
}

static void told(void *ctx, const struct crew_item *item)
{
	struct sweep *s = ctx;

	receipt_add(&s->receipt, item);
	if (json(s))
		receipt_item_json(item, &s->out);
	else
		sweep_say_hits(item, &s->out);
	sweep_say_gap(item);
	if (s->out.n > 0 && (s->out.n > OUT_FLUSH || !json(s)))
		flush(s);
	sweep_say_progress(&s->progress, &s->receipt, false);
}

static void waiting(void *ctx)
{
	struct sweep *s = ctx;

	sweep_say_progress(&s->progress, &s->receipt, false);
}

static bool walk_file(void *ctx, struct str path, int fd, const struct stat *st)
{
	struct sweep *s = ctx;

	crew_file(s->crew, path, fd, st);
	return !interrupted && !s->output_failed;
}

static void walk_skipped(void *ctx, struct str path, enum walk_skip why)
{
	crew_skip(((struct sweep *)ctx)->crew, path, why);
}

static void walk_failed(void *ctx, struct str path, const struct err *why)
{
	crew_fail(((struct sweep *)ctx)->crew, path, why);
}

/* --- before --- */

static bool add_rules(void *ctx, const struct rule_file *f)
{
	struct sweep *s = ctx;
	struct err why;

	s->rule_files++;
	if (f->why != NULL)
		yara_build_refuse(s->build, f->path, f->why);
	else if (!yara_build_add(s->build, f->path, f->text, &why))
		yara_build_refuse(s->build, f->path, &why);
	return true;
}

static void add_rules_at(struct sweep *s, const char *path)
{
	size_t before = s->rule_files;
	struct err why;

	yara_files(path, add_rules, s);
	if (s->rule_files > before)
		return;
	err_set(&why, ERR_INPUT, 0, "there is no YARA rule file");
	yara_build_refuse(s->build, str_of(path), &why);
}

static bool load_yara(struct sweep *s)
{
	struct err why = { 0 };

	if (s->rule_paths.n == 0)
		return true;
	s->build = yara_build_new();
	if (s->build == NULL) {
		fprintf(stderr, "%s", msg(MSG_ID("the system has no memory\n")));
		return false;
	}
	for (size_t i = 0; i < s->rule_paths.n; i++)
		add_rules_at(s, s->rule_paths.v[i]);
	s->rules = yara_build_done(s->build, &why);
	s->build = NULL;
	if (s->rules == NULL)
		tell_fault("YARA", &why);
	sweep_say_faults(s->rules);
	return s->rules != NULL;
}

/* A level of folders holds a file open, and so does each file that waits for a thread. */
static void many_files(void)
{
	struct rlimit now;

	if (getrlimit(RLIMIT_NOFILE, &now) == -1 || now.rlim_cur >= FILES_OPEN)
		return;
	now.rlim_cur = now.rlim_max < FILES_OPEN ? now.rlim_max : FILES_OPEN;
	setrlimit(RLIMIT_NOFILE, &now);
}

static bool lock_up(const struct sweep *s)
{
	char **allowed = calloc(s->n_paths + COUNT(magic_files), sizeof *allowed);
	struct stat st;
	size_t n = 0;

	if (allowed == NULL)
		return false;
	for (size_t i = 0; i < s->n_paths; i++)
		if (stat(s->path[i], &st) == 0) /* else the walk tells why */
			allowed[n++] = s->path[i];
	for (size_t i = 0; s->rules != NULL && i < COUNT(magic_files); i++)
		if (stat(magic_files[i], &st) == 0)
			allowed[n++] = (char *)magic_files[i];
	bool ok = command_lock_up(allowed, n);
	free(allowed);
	return ok;
}

static void take_threads(struct sweep *s)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (s->threads == 0)
		s->threads = cores < 1 ? 1 : (uint64_t)cores;
	if (s->threads > CREW_THREADS_MAX)
		s->threads = CREW_THREADS_MAX;
}

static bool prepare(struct sweep *s, struct inspect_with *look)
{
	const struct sigaction act = { .sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND };

	if (!load_lists(&s->list_files, &s->lists) || !load_yara(s))
		return false;
	s->owners = owners_load("/etc/passwd");
	many_files();
	take_threads(s);
	if (!lock_up(s))
		return false;
	*look = (struct inspect_with){ .lists = s->lists.set,
				       .rules = s->rules,
				       .owners = s->owners,
				       .timeout_s = (unsigned)s->timeout_s };
	s->crew = crew_new(&(struct crew_with){ look, (size_t)s->threads, told, waiting, s });
	if (s->crew == NULL)
		fprintf(stderr, "%s", msg(MSG_ID("the system has no memory\n")));
	sigaction(SIGINT, &act, NULL);
	return s->crew != NULL;
}

/* --- after --- */

/* Is there anything that a file can be held against? */
static bool armed(const struct sweep *s)
{
	static const enum indicator_type types[] = { IND_MD5, IND_SHA1, IND_SHA256, IND_FILE };
	uint64_t n = s->rules == NULL ? 0 : yara_set_rules(s->rules);

	for (size_t i = 0; s->lists.set != NULL && i < COUNT(types); i++)
		n += list_set_count_told(s->lists.set, types[i], time_now());
	return n > 0;
}

static void tell(struct sweep *s)
{
	struct receipt_about about = { .path = s->path,
				       .n_paths = s->n_paths,
				       .lists = s->lists.set,
				       .lists_failed = s->lists.failed,
				       .rules = s->rules,
				       .threads = (size_t)s->threads,
				       .timeout_s = (unsigned)s->timeout_s };

	if (json(s))
		receipt_json(&s->receipt, &about, &s->out);
	flush(s);
	sweep_say_sum(&s->receipt, &about);
}

static int status_of(const struct sweep *s)
{
	const struct receipt *r = &s->receipt;

	if (s->output_failed)
		return EXIT_FAULT;
	if (r->files == 0 && (r->errors > 0 || (r->walked.folders == 0 && !r->interrupted)))
		return EXIT_INPUT;
	if (receipt_gaps(r) || s->lists.failed > 0 || s->lists.bad > 0 ||
	    (s->rules != NULL && yara_set_faults(s->rules) > 0))
		return EXIT_PART;
	return EXIT_DONE;
}

static int run(struct sweep *s)
{
	struct walk_with with = { walk_file, walk_skipped, walk_failed, s };
	struct inspect_with look;
	int64_t began;

	if (!prepare(s, &look))
		return EXIT_FAULT;
	if (!armed(s)) {
		fprintf(stderr, "%s",
			msg(MSG_ID("no YARA rule, no digest and no name of a file could be loaded: "
				   "nothing was looked for\n")));
		return EXIT_INPUT;
	}
	s->receipt.start = time_now();
	began = time_monotonic();
	for (size_t i = 0; i < s->n_paths && !interrupted && !s->output_failed; i++)
		walk_tree(s->path[i], &with, &s->receipt.walked);
	if (interrupted)
		crew_drop(s->crew);
	crew_end(s->crew);
	s->receipt.took = time_monotonic() - began;
	s->receipt.end = time_now();
	s->receipt.interrupted = interrupted != 0 || s->output_failed;
	sweep_say_progress(&s->progress, &s->receipt, true);
	tell(s);
	return status_of(s);
}

int cmd_sweep(int argc, char **argv)
{
	static struct sweep s = { .format = "text", .timeout_s = 60 };
	const struct opt table[] = {
		{ "rules", OPT_MANY, &s.rule_paths, "PATH",
		  MSG_ID("YARA rules: a file, a folder or an archive of .yar and .yara; again for "
			 "more") },
		{ "list", OPT_MANY, &s.list_files, "[KIND:]FILE",
		  MSG_ID("list of indicators; again for more") },
		{ "threads", OPT_NUMBER, &s.threads, "N",
		  MSG_ID("how many threads look at files; 0, the default: one a processor") },
		{ "timeout", OPT_NUMBER, &s.timeout_s, "SECONDS",
		  MSG_ID("how long rules may take on one file; 60 unless told") },
		{ "progress", OPT_FLAG, &s.progress.forced, NULL,
		  MSG_ID("tell how far it is also where the errors go to no terminal") },
		{ "format", OPT_CHOICE, &s.format, "text|jsonl", MSG_ID("form of the output") },
	};
	const struct opts o = {
		"sweep",
		"PATH...",
		MSG_ID("Search files, and folders with all below them, for malware: YARA rules, "
		       "digests and names of files on lists. Nothing is changed. Each hit is a "
		       "line; with --format jsonl the last line is the receipt: what was looked "
		       "at, with what, and what was not."),
		table,
		COUNT(table),
		1,
		SIZE_MAX
	};
	enum opts_result got = opts_parse(&o, argc, argv, &s.n_paths);

	if (got != OPTS_GO)
		return opts_exit(got);
	if (s.rule_paths.n == 0 && s.list_files.n == 0) {
		fprintf(stderr, "%s", msg(MSG_ID("canh sweep needs --rules or --list\n")));
		return EXIT_USAGE;
	}
	if (s.timeout_s == 0 || s.timeout_s > TIMEOUT_MAX) {
		fprintf(stderr, "%s", msg(MSG_ID("--timeout: 1 to 86400 seconds\n")));
		return EXIT_USAGE;
	}
	s.path = argv;
	s.out = BUF(OUT_MAX);
	int status = run(&s);
	crew_free(s.crew);
	owners_free(s.owners);
	yara_set_free(s.rules);
	list_set_free(s.lists.set);
	buf_free(&s.out);
	return status;
}
