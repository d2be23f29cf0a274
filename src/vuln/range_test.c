/* SPDX-License-Identifier: Apache-2.0 */
/* range_test.c - one version against events, as "i0 f1.2 i2.0 l2.5". */
#include "vuln/range.h"

#include "base/test.h"

// clang-format off
static const struct {
	enum ecosystem e;
	const char *version, *events;
	enum standing standing;
	const char *fixed; /* NULL: it cannot be judged */
} cases[] = {
	{ ECO_SEMVER, "1.0.0", "i0 f1.2.0", STANDS_IN, "1.2.0" },
	{ ECO_SEMVER, "1.2.0", "i0 f1.2.0", STANDS_BEHIND, "1.2.0" },
	{ ECO_SEMVER, "1.1.9", "f1.2.0 i0", STANDS_IN, "1.2.0" },
	{ ECO_SEMVER, "0.0.0-2019", "i0 f1.0.0", STANDS_IN, "1.0.0" },
	{ ECO_SEMVER, "1.0.0", "i1.0.0", STANDS_IN, "" },
	{ ECO_SEMVER, "0.9.9", "i1.0.0", STANDS_OUTSIDE, "" },
	{ ECO_SEMVER, "1.0.0-rc.1", "i1.0.0 f2.0.0", STANDS_OUTSIDE, "" },
	{ ECO_SEMVER, "1.20.0", "i0 f1.19.6 i1.20.0-0 f1.20.1", STANDS_IN, "1.20.1" },
	{ ECO_SEMVER, "1.19.6", "i0 f1.19.6 i1.20.0-0 f1.20.1", STANDS_BEHIND, "1.19.6" },
	{ ECO_SEMVER, "1.20.1", "i0 f1.19.6 i1.20.0-0 f1.20.1", STANDS_BEHIND, "1.20.1" },
	{ ECO_SEMVER, "2.5.0", "i2.0.0 l2.5.0", STANDS_IN, "" },
	{ ECO_SEMVER, "2.5.1", "i2.0.0 l2.5.0", STANDS_BEHIND, "" },
	{ ECO_SEMVER, "2.4.0", "i2.0.0 l2.5.0", STANDS_IN, "" },
	{ ECO_SEMVER, "1.0.0", "", STANDS_OUTSIDE, "" },
	{ ECO_DEBIAN, "7.88.1-10+deb12u4", "i0 f7.88.1-10+deb12u5", STANDS_IN, "7.88.1-10+deb12u5" },
	{ ECO_DEBIAN, "7.88.1-10+deb12u5", "i0 f7.88.1-10+deb12u5", STANDS_BEHIND, "7.88.1-10+deb12u5" },
	{ ECO_DEBIAN, "1:1.0", "i0 f2.0", STANDS_BEHIND, "2.0" },
	{ ECO_DEBIAN, "0~1", "i0 f1", STANDS_IN, "1" },
	{ ECO_APK, "1.2.4-r1", "i0 f1.2.4-r2", STANDS_IN, "1.2.4-r2" },
	{ ECO_RPM, "0:1.0-1.el9", "i0 f1.0-2.el9", STANDS_IN, "1.0-2.el9" },
	{ ECO_SEMVER, "what", "i0 f1.0.0", STANDS_OUTSIDE, NULL },
	{ ECO_SEMVER, "1.0.0", "i0 fwhat", STANDS_OUTSIDE, NULL },
	{ ECO_SEMVER, "1.0.0", "i", STANDS_OUTSIDE, NULL },
};
// clang-format on

static size_t take_events(struct str text, struct range_event *out)
{
	struct str word;
	size_t n = 0;

	while (text.n > 0 && str_split(&text, ' ', &word))
		out[n++] = (struct range_event){ word.p[0] == 'i'   ? RANGE_INTRODUCED
						 : word.p[0] == 'f' ? RANGE_FIXED
								    : RANGE_LAST,
						 str_skip(word, 1) };
	return n;
}

int main(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct range_event event[8];
		size_t n = take_events(str_of(cases[i].events), event);
		struct range_told got = { STANDS_OUTSIDE, STR("") };
		struct err why = { 0 };
		bool ok = range_judge(cases[i].e, str_of(cases[i].version), event, n, &got, &why);

		CHECK(cases[i].events, ok == (cases[i].fixed != NULL));
		CHECK(cases[i].events, got.standing == cases[i].standing);
		CHECK(cases[i].events, !ok || str_eq(got.fixed, str_of(cases[i].fixed)));
		CHECK(cases[i].events, ok || why.kind == ERR_INPUT);
	}
	return TEST_REPORT();
}
