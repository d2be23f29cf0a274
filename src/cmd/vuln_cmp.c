/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vuln_cmp.c - `canh vuln cmp`: which of two versions is older, a pair a line.
 *
 * What was read is answered before more is waited for, so that it can serve at the end of a pipe.
 */
#include "base/buf.h"
#include "base/msg.h"
#include "cmd/cmd.h"
#include "cmd/lock_up.h"
#include "cmd/opts.h"
#include "cmd/plain.h"
#include "cmd/tell.h"
#include "cmd/vuln_int.h"
#include "vuln/version.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { PIECE = 64 << 10, LINE_CAP = 1 << 20, SHOWN = 200 };

struct cmp {
	enum ecosystem ecosystem;
	const char *path; /* at hand */
	uint64_t line, pairs, bad;
	size_t files, failed;
};

static void say_bad(struct cmp *c, const struct err *why)
{
	char text[ERR_TEXT_MAX];
	struct buf b = BUF(4 * ERR_TEXT_MAX);

	c->bad++;
	plain_put(&b, str_of(err_text(why, msg_lang(), text, sizeof text)), SHOWN);
	fprintf(stderr, "%s:%llu: %.*s\n", c->path, (unsigned long long)c->line,
		STR_ARG(buf_str(&b)));
	buf_free(&b);
}

static struct str take_word(struct str *rest)
{
	size_t n = 0;

	*rest = str_trim(*rest);
	while (n < rest->n && !ascii_space(rest->p[n]))
		n++;
	struct str word = str_sub(*rest, 0, n);
	*rest = str_skip(*rest, n);
	return word;
}

static bool compare(const struct cmp *c, struct str line, int *out, struct err *why)
{
	struct str rest = line, a = take_word(&rest), b = take_word(&rest);

	if (b.n == 0 || take_word(&rest).n > 0)
		return err_set(why, ERR_INPUT, 0, "expected two versions: '%.*s'", STR_ARG(line));
	if (!version_check(c->ecosystem, a, why) || !version_check(c->ecosystem, b, why))
		return false;
	*out = version_compare(c->ecosystem, a, b);
	return true;
}

static void answer(struct cmp *c, struct str line)
{
	struct err why = { 0 };
	int order = 0;

	c->line++;
	if (str_trim(line).n == 0)
		return;
	if (!compare(c, line, &order, &why)) {
		say_bad(c, &why);
		return;
	}
	c->pairs++;
	puts(order < 0 ? "<" : order > 0 ? ">" : "=");
}

/* The whole lines of `b`; at the end of the file also what has no line end. */
static void answer_lines(struct cmp *c, struct buf *b, bool last)
{
	struct str rest = buf_str(b), line;
	size_t done = 0;

	while (rest.p != NULL && str_find_char(rest, '\n') < rest.n && str_line(&rest, &line)) {
		done = b->n - rest.n;
		answer(c, line);
	}
	buf_eat(b, done);
	if (last && b->n > 0)
		answer(c, buf_str(b));
	fflush(stdout);
}

static bool read_fd(struct cmp *c, int fd, struct buf *b, struct err *why)
{
	for (;;) {
		char *room = buf_room(b, PIECE);

		if (room == NULL)
			return err_set(why, ERR_LIMIT, 0, "a line is longer than %d bytes",
				       LINE_CAP);
		ssize_t n = read(fd, room, PIECE);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return err_set(why, ERR_IO, 0, "cannot read: %s", strerror(errno));
		b->n += (size_t)n;
		answer_lines(c, b, n == 0);
		if (n == 0)
			return true;
	}
}

static void read_file(struct cmp *c, const char *path)
{
	bool std = strcmp(path, "-") == 0;
	int fd = std ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct buf b = BUF(LINE_CAP + PIECE);
	struct err why = { 0 };

	c->files++;
	c->line = 0;
	c->path = std ? msg(MSG_ID("(standard input)")) : path;
	if (fd == -1)
		err_set(&why, ERR_IO, 0, "cannot read: %s", strerror(errno));
	if (fd == -1 || !read_fd(c, fd, &b, &why)) {
		c->failed++;
		tell_fault(c->path, &why);
	}
	buf_free(&b);
	if (fd != -1 && !std)
		close(fd);
}

static int run(struct cmp *c, char **path, size_t n)
{
	if (!command_lock_up(path, n))
		return EXIT_FAULT;
	for (size_t i = 0; i < n || i == 0; i++)
		read_file(c, n > 0 ? path[i] : "-");
	fprintf(stderr,
		msg(MSG_ID("%llu pairs compared, %llu lines could not be used; read %zu of %zu "
			   "files\n")),
		(unsigned long long)c->pairs, (unsigned long long)c->bad, c->files - c->failed,
		c->files);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, msg("cannot write: %s\n"), strerror(errno));
		return EXIT_FAULT;
	}
	if (c->pairs == 0 && (c->bad > 0 || c->failed > 0))
		return EXIT_INPUT;
	return c->bad > 0 || c->failed > 0 ? EXIT_PART : EXIT_DONE;
}

int vuln_cmp(int argc, char **argv)
{
	struct cmp c = { .path = NULL };
	const char *ecosystem = NULL;
	const struct opt table[] = {
		{ "ecosystem", OPT_CHOICE, &ecosystem, "debian|rpm|apk|semver",
		  MSG_ID("whose order of versions") },
	};
	const struct opts o = {
		"vuln cmp",
		"[FILE...|-]",
		MSG_ID("Say which of two versions of a package is older, as its ecosystem orders "
		       "them: a line holds two versions, A and B, and is answered by a line \"<\", "
		       "\"=\" or \">\". A line that cannot be used is named by its number."),
		table,
		COUNT(table),
		0,
		SIZE_MAX
	};
	size_t n;
	enum opts_result got = opts_parse(&o, argc, argv, &n);

	if (got != OPTS_GO)
		return opts_exit(got);
	if (ecosystem == NULL || !ecosystem_find(str_of(ecosystem), &c.ecosystem)) {
		fprintf(stderr, "%s", msg(MSG_ID("canh: vuln cmp wants --ecosystem\n")));
		return EXIT_USAGE;
	}
	return run(&c, argv, n);
}
