/* SPDX-License-Identifier: Apache-2.0 */
/*
 * match.c - files in blocks that end with a line, each searched as a whole; lines are only looked
 * for where something was found.
 *
 * Invariant: a block begins where a line begins; only the last block of a file may end without a
 * line end.
 */
#include "base/buf.h"
#include "base/log.h"
#include "base/msg.h"
#include "cmd/cmd.h"
#include "cmd/load.h"
#include "cmd/lock_up.h"
#include "cmd/opts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SELECTED = 0, NONE = 1, TROUBLE = 2 };
enum { BLOCK = 256 << 10, LINE_CAP = 256 << 20 };
#define SCRATCH ((size_t)4 << 30) /* reserved, not used: a line may be as long as LINE_CAP */

struct matching {
	const struct list_set *set;
	bool count, only;
	const char *prefix; /* "FILE:" in front of lines, or NULL */
	struct arena whole; /* scratch of one block */
	uint64_t lines;     /* selected in this file */
	bool trouble;
};

static void put(struct matching *m, struct str s)
{
	if (m->prefix != NULL) {
		fputs(m->prefix, stdout);
		putc_unlocked(':', stdout);
	}
	fwrite(s.p, 1, s.n, stdout);
	if (s.n == 0 || s.p[s.n - 1] != '\n')
		putc_unlocked('\n', stdout);
}

/* The line around `at`, its end included. */
static struct str line_at(struct str block, size_t at, size_t *end)
{
	const char *before = at == 0 ? NULL : memrchr(block.p, '\n', at);
	size_t from = before == NULL ? 0 : (size_t)(before - block.p) + 1;

	*end = at + str_find_char(str_skip(block, at), '\n') + 1;
	return str_sub(block, from, *end);
}

static void search_block(struct matching *m, struct str block)
{
	struct arena a = m->whole;
	struct text_hit *hit;
	size_t n, done = 0;

	if (!list_set_collect(m->set, block, &a, &hit, &n)) {
		fprintf(stderr, "%s", msg("match: too many indicators in one line\n"));
		m->trouble = true;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		size_t end = done;
		bool fresh = hit[i].at >= done;
		struct str line = fresh ? line_at(block, hit[i].at, &end) : STR("");

		/* A place that two lists name is one place. */
		bool again = i > 0 && hit[i].at == hit[i - 1].at &&
			     str_eq(hit[i].text, hit[i - 1].text);

		done = end;
		m->lines += fresh;
		if (m->only && !m->count && !again)
			put(m, hit[i].text);
		else if (fresh && !m->only && !m->count)
			put(m, line);
	}
}

/* Search the whole lines of the buffer and keep the rest; all of it at the end of the file. */
static void search_lines(struct matching *m, struct buf *b, bool last)
{
	const char *nl = b->n == 0 ? NULL : memrchr(b->p, '\n', b->n);
	size_t whole = last ? b->n : nl == NULL ? 0 : (size_t)(nl - b->p) + 1;

	if (whole == 0)
		return;
	search_block(m, str_sub(buf_str(b), 0, whole));
	buf_eat(b, whole);
}

static bool search_fd(struct matching *m, int fd, struct buf *b)
{
	for (;;) {
		char *room = buf_room(b, BLOCK);
		ssize_t n;

		if (room == NULL) {
			errno = EFBIG;
			return false;
		}
		n = read(fd, room, BLOCK);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return false;
		b->n += (size_t)n;
		/* A pipe gives little at a time: gather a block, but never hold back what waits. */
		if (n == 0 || b->n >= BLOCK / 2 || n < 4096)
			search_lines(m, b, n == 0);
		if (n == 0)
			return true;
	}
}

static void search_file(struct matching *m, const char *path, bool many)
{
	bool std = strcmp(path, "-") == 0;
	int fd = std ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct buf b = BUF(LINE_CAP);

	m->lines = 0;
	m->prefix = many ? std ? msg("(standard input)") : path : NULL;
	if (fd == -1 || !search_fd(m, fd, &b)) {
		fprintf(stderr, msg("cannot read '%s': %s\n"), path, strerror(errno));
		m->trouble = true;
	}
	buf_free(&b);
	if (fd != -1 && !std)
		close(fd);
	if (m->count && m->prefix != NULL)
		printf("%s:%llu\n", m->prefix, (unsigned long long)m->lines);
	else if (m->count)
		printf("%llu\n", (unsigned long long)m->lines);
}

/* The status of grep: 0 when a line was selected, 1 when none, 2 after any trouble. */
static int run(struct matching *m, char **file, size_t n)
{
	static char out[1 << 16];
	uint64_t lines = 0;

	setvbuf(stdout, out, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF, sizeof out);
	for (size_t i = 0; i < n || i == 0; i++) {
		search_file(m, n > 0 ? file[i] : "-", n > 1);
		lines += m->lines;
	}
	if (fflush(stdout) != 0) {
		fprintf(stderr, msg("cannot write: %s\n"), strerror(errno));
		m->trouble = true;
	}
	return m->trouble ? TROUBLE : lines > 0 ? SELECTED : NONE;
}

static bool holds_anything(const struct list_set *set)
{
	for (size_t i = 0; i < list_set_lists(set); i++)
		if (list_set_list(set, i)->entries > 0)
			return true;
	return false;
}

int cmd_match(int argc, char **argv)
{
	static struct opt_list files;
	struct matching m = { .set = NULL };
	struct load_lists lists = { .set = NULL };
	const struct opt table[] = {
		{ "list", OPT_MANY, &files, "FILE", MSG_ID("a list of indicators") },
		{ "count", OPT_FLAG, &m.count, NULL,
		  MSG_ID("only the number of lines of each file") },
		{ "only", OPT_FLAG, &m.only, NULL, MSG_ID("only what matched, one a line") },
	};
	const struct opts opts = {
		.command = "match",
		.operands = "[FILE...]",
		.about = MSG_ID(
			"Print the lines that hold an indicator of a list, as grep does: exit "
			"status 0 when there are some, 1 when there are none, 2 on trouble."),
		.opt = table,
		.n = COUNT(table),
		.max = SIZE_MAX,
	};
	size_t n;
	int status;
	enum opts_result parsed = opts_parse(&opts, argc, argv, &n);

	if (parsed != OPTS_GO)
		return parsed == OPTS_HELPED ? SELECTED : TROUBLE;
	if (files.n == 0) {
		fprintf(stderr, "%s", msg("match: no --list is given\n"));
		return TROUBLE;
	}
	if (!load_lists(&files, &lists) || lists.set == NULL)
		return TROUBLE;
	if (!holds_anything(lists.set)) {
		fprintf(stderr, "%s", msg("no list holds an indicator\n"));
		list_set_free(lists.set);
		return TROUBLE;
	}
	m.set = lists.set;
	m.trouble = lists.failed > 0;
	if (!arena_reserve(&m.whole, SCRATCH))
		die("cannot reserve memory: %s", strerror(errno));
	if (!command_lock_up(argv, n))
		return TROUBLE;
	status = run(&m, argv, n);
	arena_release(m.whole);
	list_set_free(lists.set);
	return status;
}
