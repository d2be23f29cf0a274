/* SPDX-License-Identifier: Apache-2.0 */
/* Lists and rules over files: what is hit, what is told as not looked at, the same with every number of threads. */
#include "base/crypt.h"
#include "base/hash.h"
#include "base/num.h"
#include "base/time.h"
#include "sweep/crew.h"
#include "sweep/receipt.h"
#include "sweep/test_tree.h"
#include "sweep/window.h"

static unsigned char mem[1 << 20];

static struct list_set *make_lists(const char *const *bad, const char *const *good)
{
	struct list_builder *b = list_builder_new(7);
	bool ok = b != NULL;

	for (int k = 0; ok && k < 2; k++) {
		const char *const *line = k == 0 ? bad : good;
		struct list_info info = { .name = k == 0 ? STR("bad") : STR("good"),
					  .kind = k == 0 ? LIST_C2 : LIST_KNOWN_GOOD,
					  .valid_from = TIME_NONE,
					  .valid_until = TIME_NONE };

		ok = list_builder_begin(b, &info, NULL);
		for (uint64_t n = 1; ok && *line != NULL; line++, n++) {
			struct arena a = { mem, mem + sizeof mem };
			struct indicator x;

			ok = indicator_parse(&a, str_of(*line), &x, NULL) &&
			     list_builder_add(b, &x, STR("told"), n, NULL);
		}
	}
	if (ok)
		return list_builder_done(b, NULL);
	list_builder_free(b);
	return NULL;
}

static struct yara_set *make_rules(const char *const *text, struct err *why)
{
	struct yara_build *b = yara_build_new();
	char name[] = "r0.yar";

	for (; b != NULL && *text != NULL; text++, name[1]++)
		if (!yara_build_add(b, str_of(name), str_of(*text), why))
			return NULL;
	return b == NULL ? NULL : yara_build_done(b, why);
}

/* --- rule files --- */

static void test_rules(void)
{
	static const char *const all[] = {
		"rule a { condition: true }",
		"rule b { condition: nothing }",
		"rule a { meta: description = \"same name\" condition: filesize > 1 }\n"
		"private rule p { condition: true }",
		"include \"/etc/passwd\"",
		"\n\nrule c { condition: $nope }\n",
		"rule e { condition: filename == \"x\" and filepath != \"y\" and extension == \"\" "
		"and filetype == \"\" and owner == \"root\" }",
		NULL,
	};
	static const char *const none[] = { "rule x { condition: y }", NULL };
	static const char *const nothing[] = { NULL };
	struct err why = { 0 };
	struct yara_set *set = make_rules(all, &why), *again = make_rules(all, &why);
	struct yara_set *empty = make_rules(none, &why), *no = make_rules(nothing, &why);

	if (!CHECK("compiled", set != NULL && again != NULL && empty != NULL && no != NULL))
		return;
	CHECK("rules", yara_set_rules(set) == 4 && yara_set_files(set) == 3);
	CHECK("three are refused", yara_set_faults(set) == 3);
	CHECK("by name and line", str_eq(yara_set_fault(set, 0)->path, STR("r1.yar")) &&
					  yara_set_fault(set, 0)->line == 1 &&
					  yara_set_fault(set, 0)->why.kind == ERR_INPUT);
	CHECK("no include", str_eq(yara_set_fault(set, 1)->path, STR("r3.yar")));
	CHECK("line 3", yara_set_fault(set, 2)->line == 3);
	CHECK("same rules, same hash",
	      strcmp(yara_set_sha256(set), yara_set_sha256(again)) == 0 &&
		      strcmp(yara_set_sha256(set), yara_set_sha256(empty)) != 0);
	CHECK("none", yara_set_rules(empty) == 0 && yara_set_faults(empty) == 1 &&
			      yara_set_rules(no) == 0 && yara_set_faults(no) == 0);
	yara_set_free(set);
	yara_set_free(again);
	yara_set_free(empty);
	yara_set_free(no);
}

/* --- one file --- */

static const char *const rules[] = {
	"rule needle { strings: $a = \"needle-in-a-file\" condition: $a }",
	"rule named { condition: filename == \"named.txt\" and filetype == \"RTF\" }",
	"rule nothing_in_it { condition: filesize == 0 }",
	"rule huge { condition: filesize > 100MB }",
	"import \"math\" rule even { condition: math.entropy(0, 9) > 9.0 }",
	"import \"hash\" rule known { condition: hash.md5(0, 9) == \"x\" }",
	NULL,
};

static const struct {
	const char *name;
	struct str bytes;
	const char *want; /* "kind rule[-]"; '-': held */
} cases[] = {
	{ "clean.txt", STR("nothing here"), "" },
	{ "needle.bin", STR("xx needle-in-a-file xx"), "yara needle;" },
	{ "named.txt", STR("{\\rtf1}"), "yara named;" },
	{ "empty", STR(""), "yara nothing_in_it;" },
	{ "EVIL.exe", STR("x"), "name evil.exe;" },
	{ "abc", STR("abc"), "hash 900150983cd24fb0d6963f7d28e17f72;" },
	{ "sha1", STR("sha1 needle-in-a-file"),
	  "hash 123dc6c3d3c0c6463359ec62c55f26b3fe78f85d;yara needle;" },
	{ "good", STR("good needle-in-a-file"), "yara needle-;" },
};

static void describe(const struct inspected *f, char *out, size_t cap)
{
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < f->n && n < cap; i++)
		n += (size_t)snprintf(out + n, cap - n, "%s %.*s%s;",
				      inspect_kind_name(f->hit[i].kind), STR_ARG(f->hit[i].rule),
				      f->hit[i].held ? "-" : "");
}

static void check_file(struct inspect *x, const char *name, const char *want, unsigned parts)
{
	struct arena whole;
	struct stat st;
	struct inspected f;
	char got[512], sum[HASH_HEX_MAX];
	unsigned char digest[HASH_SHA256_LEN];
	int fd = tree_open(name, &st);

	if (!CHECK(name, fd != -1 && arena_reserve(&whole, 4 << 20)))
		return;
	struct arena a = whole;

	inspect_file(x, &a, str_of(tree_path(name)), fd, &st, &f);
	describe(&f, got, sizeof got);
	if (!CHECK(name, strcmp(got, want) == 0))
		printf("  got '%s', want '%s'\n", got, want);
	CHECK(name, !f.failed && f.parts == parts && f.read);
	if (f.n > 0 && st.st_size <= WINDOW_BYTES) {
		static char bytes[256];
		ssize_t n = pread(fd, bytes, sizeof bytes, 0);

		hash_sha256((struct str){ bytes, n > 0 ? (size_t)n : 0 }, digest);
		hash_hex(digest, sizeof digest, sum);
		CHECK(name, f.hashed && strcmp(f.sha256, sum) == 0);
	}
	close(fd);
	arena_release(whole);
}

/* Sums of "sha1" and "good" as the lists would have them. */
static void sum_of(enum hash_kind kind, struct str bytes, char *out)
{
	unsigned char sum[HASH_MAX_LEN];

	hash_once(kind, bytes, sum);
	hash_hex(sum, hash_len(kind), out);
}

static bool make_large(void)
{
	int fd = open(tree_path("large"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	off_t border = WINDOW_BYTES - 4; /* the needle stands across it */
	bool ok = fd != -1 && ftruncate(fd, (off_t)200 << 20) == 0 &&
		  fallocate(fd, 0, 0, WINDOW_BYTES + WINDOW_OVERLAP) == 0 &&
		  pwrite(fd, "needle-in-a-file", 16, border) == 16;

	if (fd != -1)
		close(fd);
	return ok;
}

static void test_files(const struct list_set *lists, const struct yara_set *set)
{
	struct inspect_with with = { .lists = lists, .rules = set, .timeout_s = 60 };
	struct inspect *x = inspect_new(&with);

	if (!CHECK("new", x != NULL))
		return;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (CHECK(cases[i].name, tree_put(cases[i].name, cases[i].bytes)))
			check_file(x, cases[i].name, cases[i].want, 0);
	inspect_free(x);
	with.lists = NULL; /* so that it is read by windows alone */
	x = inspect_new(&with);
	if (CHECK("large", x != NULL && make_large()))
		check_file(x, "large", "yara needle;yara huge;", 0);
	if (CHECK("sparse", tree_put("sparse", STR("")) &&
				    truncate(tree_path("sparse"), (off_t)1 << 40) == 0))
		check_file(x, "sparse", "yara huge;", 1U << INSPECT_TOO_LARGE);
	CHECK("large ones go", unlink(tree_path("large")) == 0 && unlink(tree_path("sparse")) == 0);
	inspect_free(x);
}

/* It grew between the opening and the reading. */
static void test_changed(const struct yara_set *set)
{
	struct inspect_with with = { .rules = set, .timeout_s = 60 };
	struct inspect *x = inspect_new(&with);
	unsigned char room[1 << 18];
	struct arena a = { room, room + sizeof room };
	struct inspected f;
	struct stat st;
	int fd;

	if (!CHECK("new", x != NULL && tree_put("grows", STR("before"))))
		return;
	fd = tree_open("grows", &st);
	CHECK("grows", tree_put("grows", STR("now it holds more")));
	inspect_file(x, &a, STR("grows"), fd, &st, &f);
	CHECK("grows", f.parts == 1U << INSPECT_CHANGED && f.bytes == 6);
	close(fd);
	fd = tree_open("grows", &st);
	CHECK("shrinks", tree_put("grows", STR("")));
	inspect_file(x, &a, STR("grows"), fd, &st, &f);
	CHECK("shrinks", f.parts == 1U << INSPECT_CHANGED && f.bytes == 0);
	close(fd);
	inspect_free(x);
}

/* What cannot be read is told: of a large file, too, whose windows would be zeros; and a file that is
 * longer than its length says is not looked at whole. */
static void test_unread(const struct list_set *lists, const struct yara_set *set)
{
	struct inspect_with with = { .lists = lists, .rules = set, .timeout_s = 60 };
	struct inspect *x = inspect_new(&with);
	unsigned char room[1 << 18];
	struct arena a = { room, room + sizeof room };
	struct inspected f;
	struct stat st;

	if (!CHECK("new", x != NULL && make_large() && tree_put("short", STR("x"))))
		return;
	static const char *const names[] = { "short", "large" };
	for (size_t i = 0; i < COUNT(names); i++) {
		int fd = open(tree_path(names[i]), O_WRONLY | O_CLOEXEC);

		CHECK(names[i], fd != -1 && fstat(fd, &st) == 0);
		inspect_file(x, &a, str_of(names[i]), fd, &st, &f);
		CHECK(names[i], f.failed && f.why.kind == ERR_IO && !f.hashed && f.bytes == 0);
		close(fd);
	}
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);

	CHECK("no length", fd != -1 && fstat(fd, &st) == 0 && st.st_size == 0);
	inspect_file(x, &a, STR("status"), fd, &st, &f);
	CHECK("no length", f.parts == 1U << INSPECT_CHANGED);
	close(fd);
	CHECK("large goes", unlink(tree_path("large")) == 0);
	inspect_free(x);
}

/* A large file is hashed and then searched: when it changed, its digest speaks for nothing. */
static void test_good_changed(const struct yara_set *set)
{
	enum { MIB = 1 << 20, SIZE = WINDOW_BYTES + MIB };
	static char piece[MIB] = "needle-in-a-file";
	unsigned char sum[HASH_SHA256_LEN];
	char hex[HASH_HEX_MAX];
	struct hash h;

	hash_begin(&h, HASH_SHA256);
	for (size_t at = 0; at < SIZE; at += MIB) {
		hash_add(&h, (struct str){ piece, MIB });
		memset(piece, 0, 16);
	}
	hash_end(&h, sum);
	hash_hex(sum, sizeof sum, hex);
	const char *const none[] = { NULL }, *const good[] = { hex, NULL };
	struct list_set *lists = make_lists(none, good);
	struct inspect *x = inspect_new(
		&(struct inspect_with){ .lists = lists, .rules = set, .timeout_s = 60 });

	for (int changed = 0; changed < 2; changed++) {
		unsigned char room[1 << 18];
		struct arena a = { room, room + sizeof room };
		struct inspected f;
		struct stat st;
		char got[64];

		if (!CHECK("good", x != NULL && tree_put("good", STR("needle-in-a-file")) &&
					   truncate(tree_path("good"), SIZE) == 0))
			break;
		int fd = tree_open("good", &st);

		st.st_mtim.tv_sec -= changed;
		inspect_file(x, &a, STR("good"), fd, &st, &f);
		describe(&f, got, sizeof got);
		CHECK("good", f.windows && f.known_good == !changed);
		CHECK("good", strcmp(got, changed ? "yara needle;" : "yara needle-;") == 0);
		close(fd);
	}
	CHECK("good goes", unlink(tree_path("good")) == 0);
	inspect_free(x);
	list_set_free(lists);
}

/* A rule that takes for ever ends, and that is told. */
static void test_timeout(void)
{
	static const char *const slow[] = {
		"rule slow { condition: for any i in (0..100000000000) : (uint8(i) == 300) }", NULL
	};
	struct err why = { 0 };
	struct yara_set *set = make_rules(slow, &why);
	struct inspect_with with = { .rules = set, .timeout_s = 1 };
	struct inspect *x = set == NULL ? NULL : inspect_new(&with);

	if (CHECK("slow", x != NULL && tree_put("slow", STR("x"))))
		check_file(x, "slow", "", 1U << INSPECT_TIMED_OUT);
	inspect_free(x);
	yara_set_free(set);
}

/* --- many files --- */

enum { MANY = 200 };

static void on_told(void *ctx, const struct crew_item *item)
{
	struct buf *out = ctx;

	buf_add(out, item->path);
	if (item->what == CREW_FILE)
		for (size_t i = 0; i < item->seen.n; i++) {
			buf_char(out, ' ');
			buf_add(out, item->seen.hit[i].rule);
		}
	buf_printf(out, " %d\n", (int)item->what);
}

static struct buf run_crew(const struct inspect_with *with, size_t threads)
{
	struct buf out = BUF(1 << 20);
	struct crew *c = crew_new(&(struct crew_with){ with, threads, on_told, NULL, &out });

	if (!CHECK("crew", c != NULL))
		return out;
	for (int i = 0; i < MANY; i++) {
		char name[32];
		struct stat st;

		snprintf(name, sizeof name, "%s", i % 7 == 0 ? "needle.bin" : "clean.txt");
		int fd = tree_open(name, &st);

		snprintf(name, sizeof name, "item %d", i);
		if (i % 11 == 0)
			crew_skip(c, str_of(name), WALK_LINK);
		if (fd != -1)
			crew_file(c, str_of(name), fd, &st);
	}
	crew_end(c);
	crew_free(c);
	return out;
}

static void test_crew(const struct yara_set *set)
{
	struct inspect_with with = { .rules = set, .timeout_s = 60 };
	struct buf one = run_crew(&with, 1), three = run_crew(&with, 3);

	CHECK("all are told",
	      one.n > MANY * 8 && str_find(buf_str(&one), STR("item 7 needle 0\n")) < one.n);
	CHECK("the same with each number of threads", str_eq(buf_str(&one), buf_str(&three)));
	buf_free(&one);
	buf_free(&three);
}

int main(void)
{
	char sha1[HASH_HEX_MAX], sha256[HASH_HEX_MAX];
	struct err why = { 0 };

	if (!CHECK("made", crypt_init(&why) && tree_make()))
		return TEST_REPORT();
	sum_of(HASH_SHA1, STR("sha1 needle-in-a-file"), sha1);
	sum_of(HASH_SHA256, STR("good needle-in-a-file"), sha256);
	const char *const bad[] = { "evil.exe", "900150983cd24fb0d6963f7d28e17f72", sha1, NULL };
	const char *const good[] = { sha256, NULL };
	struct list_set *lists = make_lists(bad, good);
	struct yara_set *set = make_rules(rules, &why);

	test_rules();
	if (CHECK("lists and rules", lists != NULL && set != NULL)) {
		test_files(lists, set);
		test_changed(set);
		test_unread(lists, set);
		test_good_changed(set);
		test_timeout();
		test_crew(set);
	}
	list_set_free(lists);
	yara_set_free(set);
	CHECK("taken away", test_remove(test_dir));
	return TEST_REPORT();
}
