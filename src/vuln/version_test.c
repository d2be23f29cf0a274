/* SPDX-License-Identifier: Apache-2.0 */
/* version_test.c - the orders by a table of cases, by all lines of the corpus, and Debian's by dpkg. */
#include "vuln/version.h"

#include "base/file.h"
#include "base/test.h"

#include <sys/wait.h>
#include <unistd.h>

#define N20 "99999999999999999999"

// clang-format off
static const struct {
	enum ecosystem e;
	const char *a, *b;
	char want;
} cases[] = {
	{ ECO_DEBIAN, "1.0", "1.0-0", '=' },
	{ ECO_DEBIAN, "1:0.1", "2.0", '>' },
	{ ECO_DEBIAN, "0:2.0", "2.0", '=' },
	{ ECO_DEBIAN, "1.0~rc1", "1.0", '<' },
	{ ECO_DEBIAN, "1.0~~", "1.0~", '<' },
	{ ECO_DEBIAN, "1.0~", "1.0a", '<' },
	{ ECO_DEBIAN, "1.0a", "1.0+", '<' },
	{ ECO_DEBIAN, "1.0", "1.0+b1", '<' },
	{ ECO_DEBIAN, "1.0-1", "1.0-1+deb12u1", '<' },
	{ ECO_DEBIAN, "1.0-1+deb12u2", "1.0-1+deb12u10", '<' },
	{ ECO_DEBIAN, "1.0-1-2", "1.0-2", '>' },
	{ ECO_DEBIAN, "1.001", "1.1", '=' },
	{ ECO_DEBIAN, N20 "8", N20 "9", '<' },
	{ ECO_DEBIAN, N20 N20 ":1", N20 ":2", '>' },
	{ ECO_DEBIAN, "1.0-" N20, "1.0-" N20 "0", '<' },
	{ ECO_DEBIAN, "7.88.1-10+deb12u5", "7.88.1-10+deb12u4", '>' },
	{ ECO_DEBIAN, "3.0.11-1~deb12u2", "3.0.11-1", '<' },
	{ ECO_DEBIAN, "1.0A", "1.0a", '<' },
	{ ECO_RPM, "1.0", "1.0-1", '<' },
	{ ECO_RPM, "0:1.0-1", "1.0-1", '=' },
	{ ECO_RPM, "1:1.0-1", "2.0-1", '>' },
	{ ECO_RPM, "1.0~rc1-1", "1.0-1", '<' },
	{ ECO_RPM, "1.0^git1-1", "1.0-1", '>' },
	{ ECO_RPM, "1.0^git1", "1.0.1", '<' },
	{ ECO_RPM, "1.0^", "1.0a", '<' },
	{ ECO_RPM, "1.0a", "1.0.1", '<' },
	{ ECO_RPM, "2.28-189.5.el8_6", "2.28-189.6.el8_6", '<' },
	{ ECO_RPM, "1.0-1.el9", "1.0-1.el10", '<' },
	{ ECO_RPM, N20 "1", N20 "2", '<' },
	{ ECO_RPM, "1.0", "1.0~", '>' },
	{ ECO_APK, "1.2.3", "1.2.3-r0", '<' },
	{ ECO_APK, "1.2.3-r9", "1.2.3-r10", '<' },
	{ ECO_APK, "1.2_alpha", "1.2_beta", '<' },
	{ ECO_APK, "1.2_rc1", "1.2", '<' },
	{ ECO_APK, "1.2", "1.2_p0", '<' },
	{ ECO_APK, "1.2_git20240101", "1.2_p1", '<' },
	{ ECO_APK, "1.2.03", "1.2.1", '<' },
	{ ECO_APK, "010", "9", '>' },
	{ ECO_APK, "1.2a", "1.2.1", '<' },
	{ ECO_APK, "1.2", "1.2a", '<' },
	{ ECO_APK, "1.2_p1~abc123-r0", "1.2_p1-r0", '>' },
	{ ECO_APK, N20 ".1", N20 ".2", '<' },
	{ ECO_APK, "1-r" N20 "1", "1-r" N20 "2", '<' },
	{ ECO_SEMVER, "1.0.0-alpha", "1.0.0", '<' },
	{ ECO_SEMVER, "1.0.0-1", "1.0.0-a", '<' },
	{ ECO_SEMVER, "1.0.0-a", "1.0.0-a.0", '<' },
	{ ECO_SEMVER, "1.0.0-0.3.7", "1.0.0-0.3.10", '<' },
	{ ECO_SEMVER, "1.0.0+a", "1.0.0+b", '=' },
	{ ECO_SEMVER, "1.0.0-rc+a", "1.0.0-rc+b", '=' },
	{ ECO_SEMVER, "v1.20", "1.20.0", '=' },
	{ ECO_SEMVER, "0", "0.0.0-0", '>' },
	{ ECO_SEMVER, "0.0.0-20190101000000-abcdef", "0.0.0-20200101000000-000000", '<' },
	{ ECO_SEMVER, "1.0." N20 "1", "1.0." N20 "2", '<' },
};

static const struct {
	enum ecosystem e;
	const char *v;
	bool good;
	size_t at;
} checks[] = {
	{ ECO_DEBIAN, "1:2.0-1", true, 0 },
	{ ECO_DEBIAN, "", false, 0 },
	{ ECO_DEBIAN, "a:1", false, 0 },
	{ ECO_DEBIAN, ":1", false, 0 },
	{ ECO_DEBIAN, "1:", false, 2 },
	{ ECO_RPM, "a:1", true, 0 },
	{ ECO_RPM, "1:", false, 2 },
	{ ECO_APK, "anything", true, 0 },
	{ ECO_APK, "", false, 0 },
	{ ECO_SEMVER, "v1", true, 0 },
	{ ECO_SEMVER, "v", false, 1 },
	{ ECO_SEMVER, "1.x", false, 2 },
	{ ECO_SEMVER, "1.2.3a", false, 5 },
	{ ECO_SEMVER, "1.2.3.4", true, 0 },
};

static const struct {
	enum ecosystem e;
	const char *file;
	size_t least; /* so that a shorter file does not pass unseen */
} files[] = {
	{ ECO_DEBIAN, "debian-versions.txt", 25 },
	{ ECO_RPM, "redhat-versions.txt", 120 },
	{ ECO_APK, "alpine-versions.txt", 700 },
	{ ECO_SEMVER, "semver-versions.txt", 80 },
};
// clang-format on

static char relation(int n)
{
	return n < 0 ? '<' : n > 0 ? '>' : '=';
}

static char turned(char c)
{
	return c == '<' ? '>' : c == '>' ? '<' : '=';
}

static void compare(enum ecosystem e, struct str a, struct str b, char want)
{
	char name[400], reason[ERR_TEXT_MAX];
	struct err why = { 0 };

	snprintf(name, sizeof name, "%s: %.*s %c %.*s", ecosystem_name(e), STR_ARG(a), want,
		 STR_ARG(b));
	CHECK(name, relation(version_compare(e, a, b)) == want);
	CHECK(name, relation(version_compare(e, b, a)) == turned(want));
	bool good = version_check(e, a, &why) && version_check(e, b, &why);

	CHECK(good ? name : err_text(&why, LANG_EN, reason, sizeof reason), good);
}

static void run_checks(void)
{
	for (size_t i = 0; i < COUNT(checks); i++) {
		struct err why = { 0 };
		bool good = version_check(checks[i].e, str_of(checks[i].v), &why);

		CHECK(checks[i].v, good == checks[i].good && why.at == checks[i].at);
	}
}

/* "A < B"; blank lines and comments apart. */
static void run_line(enum ecosystem e, struct str line)
{
	struct str a, op, b;
	bool three = str_split(&line, ' ', &a) && str_split(&line, ' ', &op) &&
		     str_split(&line, ' ', &b);

	if (CHECK("a line of three", three && op.n == 1 && line.p == NULL))
		compare(e, a, b, op.p[0]);
}

static void run_file(const char *corpus, size_t i)
{
	struct arena whole, a;
	struct str text, line;
	struct err why = { 0 };
	char path[4096];
	size_t n = 0;

	snprintf(path, sizeof path, "%s/version-ordering/%s", corpus, files[i].file);
	if (!CHECK("room", arena_reserve(&whole, 16 << 20)))
		return;
	a = whole;
	if (CHECK(path, file_load_given(&a, path, 1 << 20, &text, &why)))
		while (str_line(&text, &line)) {
			line = str_trim(line);
			if (line.n == 0 || line.p[0] == '#' || str_starts(line, STR("//")))
				continue;
			run_line(files[i].e, line);
			n++;
		}
	printf("%s: %zu lines\n", files[i].file, n);
	CHECK(files[i].file, n >= files[i].least);
	arena_release(whole);
}

/* What dpkg says: 0 it holds, 1 it does not; -1 when it cannot be asked. */
static int dpkg_says(const char *a, char op, const char *b)
{
	const char *relation_word = op == '<' ? "lt" : op == '>' ? "gt" : "eq";
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		execlp("dpkg", "dpkg", "--compare-versions", a, relation_word, b, NULL);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status)
									       : -1;
}

static void run_dpkg(void)
{
	if (dpkg_says("1", '=', "1") != 0) {
		test_skip("Debian's order by dpkg", "there is no dpkg");
		return;
	}
	for (size_t i = 0; i < COUNT(cases); i++)
		/* dpkg's epochs end at INT_MAX */
		if (cases[i].e == ECO_DEBIAN && str_find_char(str_of(cases[i].a), ':') < 3)
			CHECK(cases[i].a, dpkg_says(cases[i].a, cases[i].want, cases[i].b) == 0);
	/* Each of these with each. */
	static const char *const v[] = { "1",       "1.0",     "1.0-1",  "1.0~rc1-1", "1.0+dfsg-1",
					 "1:0.9-1", "1.0-1.1", "1.0a-1", "1.0-1+b1" };
	for (size_t i = 0; i < COUNT(v); i++)
		for (size_t k = i; k < COUNT(v); k++) {
			char op = relation(version_compare(ECO_DEBIAN, str_of(v[i]), str_of(v[k])));

			CHECK(v[i], dpkg_says(v[i], op, v[k]) == 0);
		}
}

int main(void)
{
	const char *corpus = test_corpus();
	enum ecosystem e;

	for (size_t i = 0; i < COUNT(cases); i++)
		compare(cases[i].e, str_of(cases[i].a), str_of(cases[i].b), cases[i].want);
	run_checks();
	CHECK("a name", ecosystem_find(STR("apk"), &e) && e == ECO_APK);
	CHECK("no name", !ecosystem_find(STR("pypi"), &e) && e == ECO_APK);
	run_dpkg();
	for (size_t i = 0; i < COUNT(files) && corpus != NULL; i++)
		run_file(corpus, i);
	if (corpus == NULL)
		test_skip("version-ordering", "CANH_CORPUS is not set");
	return TEST_REPORT();
}
