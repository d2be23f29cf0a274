/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/kept_rules.h"

#include "base/test.h"

static const char rule[] = "title: x\ndetection:\n  a: b\n";

static const struct {
	const char *path, *text;
	bool wanted;
} files[] = {
	{ "a/b.yml", rule, true },
	{ "a/b.YAML", "title: x\ncorrelation:\n  type: event_count\n", true },
	{ "a/f.yml", "title: x\nfilter:\n  rules: any\n", true },
	{ "a/b.txt", rule, false },
	{ ".github/workflows/test.yml", "on: push\njobs:\n  detection: 1\n", false },
	{ "empty.yml", "", false },
};

static void gather(void *ctx, struct str path, struct str rules)
{
	buf_printf(ctx, "%.*s=%.*s|", STR_ARG(path), STR_ARG(rules));
}

static const struct {
	const char *name, *text, *want;
	bool ok;
} damaged[] = {
	{ "no magic", "title: x\n", "", false },
	{ "empty", "", "", false },
	{ "nothing in it", "canh-rules 1\tx\n", "", true },
	{ "one", "canh-rules 1\tx\na\t2\nhi\n", "a=hi|", true },
	{ "cut", "canh-rules 1\tx\na\t2\nhi\nb\t3\nhi", "a=hi|", false },
	{ "a length that is none", "canh-rules 1\tx\na\tx\nhi\n", "", false },
	{ "no length", "canh-rules 1\tx\na\nhi\n", "", false },
	{ "a length that does not fit", "canh-rules 1\tx\na\t1\nhi\n", "", false },
	{ "longer than all", "canh-rules 1\tx\na\t18446744073709551615\nhi\n", "", false },
};

int main(void)
{
	struct buf b = BUF(1 << 16), got = BUF(1 << 16);
	struct str name = STR("");
	struct err why = { 0 };

	for (size_t i = 0; i < COUNT(files); i++)
		CHECK(files[i].path, kept_rules_wanted(str_of(files[i].path),
						       str_of(files[i].text)) == files[i].wanted);
	kept_rules_begin(&b, STR("sigma\n.zip\t"));
	kept_rules_put(&b, STR("a\tb\n.yml"), STR("one\ntwo\t3\n"));
	kept_rules_put(&b, STR("c.yml"), STR(""));
	CHECK("there and back", kept_rules_read(buf_str(&b), &name, gather, &got, &why));
	CHECK("its name", str_eq(name, STR("sigma .zip ")));
	CHECK("its files", str_eq(buf_str(&got), STR("a b .yml=one\ntwo\t3\n|c.yml=|")));
	for (size_t i = 0; i < COUNT(damaged); i++) {
		buf_clear(&got);
		CHECK(damaged[i].name, kept_rules_read(str_of(damaged[i].text), NULL, gather, &got,
						       &why) == damaged[i].ok);
		CHECK(damaged[i].name, str_eq(buf_str(&got), str_of(damaged[i].want)));
	}
	buf_free(&b);
	buf_free(&got);
	return TEST_REPORT();
}
