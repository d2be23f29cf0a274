/* SPDX-License-Identifier: Apache-2.0 */
/* What a walk comes by in a hostile tree, and what it says about the rest. */
#include "sweep/walk.h"

#include "base/buf.h"
#include "sweep/test_tree.h"

#include <sys/socket.h>
#include <sys/un.h>

struct met {
	struct buf text; /* "file NAME\n", "link NAME\n", "error NAME\n" */
	size_t files, stop_at;
};

static void note(struct met *m, const char *what, struct str path)
{
	buf_printf(&m->text, "%s ", what);
	buf_add(&m->text, str_skip(path, strlen(test_dir)));
	buf_char(&m->text, '\n');
}

static bool on_file(void *ctx, struct str path, int fd, const struct stat *st)
{
	struct met *m = ctx;

	note(m, S_ISREG(st->st_mode) ? "file" : "odd", path);
	close(fd);
	return ++m->files != m->stop_at;
}

static void on_skip(void *ctx, struct str path, enum walk_skip why)
{
	note(ctx, walk_skip_name(why), path);
}

static void on_fail(void *ctx, struct str path, const struct err *why)
{
	(void)why;
	note(ctx, "error", path);
}

static struct met walk_at(const char *path, size_t stop_at, struct walk_counts *n, bool *ok)
{
	struct met m = { .text = BUF(1 << 20), .stop_at = stop_at };
	struct walk_with with = { on_file, on_skip, on_fail, &m };

	*ok = walk_tree(path, &with, n);
	return m;
}

static bool has(const struct met *m, const char *line)
{
	struct str all = buf_str(&m->text);

	return str_find(all, str_of(line)) < all.n;
}

static bool make_socket(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(a.sun_path, sizeof a.sun_path, "%s", path);
	bool ok = fd != -1 && bind(fd, (struct sockaddr *)&a, sizeof a) == 0;
	if (fd != -1)
		close(fd);
	return ok;
}

static bool make_tree(void)
{
	return mkdir(tree_path("a"), 0700) == 0 && mkdir(tree_path("a/b"), 0700) == 0 &&
	       tree_put("top", STR("x")) && tree_put("a/one", STR("x")) &&
	       tree_put("a/new\nline", STR("x")) && tree_put("a/b/bad\xff", STR("x")) &&
	       mkfifo(tree_path("pipe"), 0600) == 0 && make_socket(tree_path("socket")) &&
	       symlink("..", tree_path("a/loop")) == 0 &&
	       symlink("/etc/passwd", tree_path("link")) == 0;
}

static void test_tree(void)
{
	static const char *const wanted[] = { "file /top\n",         "file /a/one\n",
					      "file /a/new\nline\n", "file /a/b/bad\xff\n",
					      "pipe /pipe\n",        "socket /socket\n",
					      "link /a/loop\n",      "link /link\n" };
	struct walk_counts n = { 0 };
	bool ok;
	struct met m = walk_at(test_dir, 0, &n, &ok);

	CHECK("tree", ok && m.files == 4 && n.folders == 3 && n.file_systems == 1);
	for (size_t i = 0; i < COUNT(wanted); i++)
		CHECK(wanted[i], has(&m, wanted[i]));
	CHECK("nothing twice", m.text.n == strlen("file /top\nfile /a/one\nfile /a/new\nline\n"
						  "file /a/b/bad\xff\npipe /pipe\nsocket /socket\n"
						  "link /a/loop\nlink /link\n"));
	buf_free(&m.text);
}

static void test_given(void)
{
	static const struct {
		const char *name, *path, *want;
		bool below; /* `path` is below the folder of the test */
	} cases[] = {
		{ "a file", "top", "file /top\n", true },
		{ "a pipe", "pipe", "pipe /pipe\n", true },
		{ "nothing", "none", "error /none\n", true },
		{ "a link is a person's own", "link", "file /link\n", true },
		{ "a link to a folder", "a/loop", "file /a/loop/top\n", true },
		{ "made up by the kernel", "/proc", "pseudo_fs ", false },
		{ "a device", "/dev/null", "device ", false },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct walk_counts n = { 0 };
		const char *path = cases[i].below ? tree_path(cases[i].path) : cases[i].path;
		bool ok;
		struct met m = { .text = BUF(1 << 20) };
		struct walk_with with = { on_file, on_skip, on_fail, &m };

		ok = walk_tree(path, &with, &n);
		CHECK(cases[i].name, ok);
		if (cases[i].below)
			CHECK(cases[i].name, has(&m, cases[i].want));
		else
			CHECK(cases[i].name,
			      m.files == 0 && str_starts(buf_str(&m.text), str_of(cases[i].want)));
		buf_free(&m.text);
	}
}

/* More folders deep than are entered, and longer than any path may be. */
static void test_deep(void)
{
	static const char name[] = "dddddddddddddddddddddddddddddddddddddddd";
	enum { LEVELS = WALK_MAX_DEPTH + 5 };
	int fd[LEVELS + 1] = { open(test_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) };
	struct walk_counts n = { 0 };
	bool ok = fd[0] != -1, ended;
	int made = 0;

	for (; ok && made < LEVELS; made++) {
		ok = mkdirat(fd[made], name, 0700) == 0;
		fd[made + 1] = openat(fd[made], name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		ok = ok && fd[made + 1] != -1;
	}
	struct met m = walk_at(test_dir, 0, &n, &ended);

	CHECK("deep", ok && ended && n.folders == WALK_MAX_DEPTH + 2 && m.files == 4);
	CHECK("deep is told", has(&m, "too_deep /"));
	CHECK("and is a gap", !walk_skip_harmless(WALK_DEEP) && walk_skip_harmless(WALK_LINK));
	for (; made > 0; made--) {
		close(fd[made]);
		CHECK("taken away", unlinkat(fd[made - 1], name, AT_REMOVEDIR) == 0);
	}
	close(fd[0]);
	buf_free(&m.text);
}

/* Exchanges the other file, which was listed by then, for a link or a pipe. */
static bool on_first(void *ctx, struct str path, int fd, const struct stat *st)
{
	struct met *m = ctx;
	const char *other = str_ends(path, STR("1")) ? "swap/2" : "swap/1";

	(void)st;
	close(fd);
	m->files++;
	if (unlink(tree_path(other)) == 0 && m->stop_at == 0)
		return symlink("/etc/passwd", tree_path(other)) == 0;
	return mkfifo(tree_path(other), 0600) == 0;
}

/* What was a file when it was listed is a gap when it is none any more. */
static void test_exchanged(void)
{
	for (size_t pipe = 0; pipe < 2; pipe++) {
		struct walk_counts n = { 0 };
		struct met m = { .text = BUF(1 << 20), .stop_at = pipe };
		struct walk_with with = { on_first, on_skip, on_fail, &m };

		if (!CHECK("exchanged", mkdir(tree_path("swap"), 0700) == 0 &&
						tree_put("swap/1", STR("x")) &&
						tree_put("swap/2", STR("x"))))
			return;
		CHECK("exchanged", walk_tree(tree_path("swap"), &with, &n));
		CHECK("exchanged is told",
		      m.files == 1 && str_starts(buf_str(&m.text), STR("vanished /swap/")));
		CHECK("taken away", test_remove(tree_path("swap")));
		buf_free(&m.text);
	}
}

static void test_stop(void)
{
	struct walk_counts n = { 0 };
	bool ok;
	struct met m = walk_at(test_dir, 2, &n, &ok);

	CHECK("ended by the callback", !ok && m.files == 2);
	buf_free(&m.text);
}

/* A folder that cannot be listed is named, and the rest is walked. */
static void test_wall(void)
{
	struct walk_counts n = { 0 };
	bool ok;

	if (geteuid() == 0) {
		test_skip("permission wall", "root passes every wall; tests/sweep has one for it");
		return;
	}
	chmod(tree_path("a"), 0);
	struct met m = walk_at(test_dir, 0, &n, &ok);

	chmod(tree_path("a"), 0700);
	CHECK("permission wall", ok && has(&m, "error /a\n") && has(&m, "file /top\n"));
	buf_free(&m.text);
}

int main(void)
{
	if (!CHECK("made", tree_make() && make_tree()))
		return TEST_REPORT();
	test_tree();
	test_given();
	test_exchanged();
	test_stop();
	test_wall();
	test_deep();
	CHECK("taken away", test_remove(test_dir));
	return TEST_REPORT();
}
