/* SPDX-License-Identifier: Apache-2.0 */
/* What is told of rules that load; and why a rule holds or not, part by part. */
#include "detect/rule_lint.h"

#include "base/buf.h"
#include "base/test.h"
#include "detect/rule_explain.h"
#include "detect/test_event.h"

static const char sources[] = "- {product: w, events: [{when: {EventID|exists: true}}]}\n"
			      "- {product: w, category: start, events: [{when: {EventID: 1}}, "
			      "{when: {EventID: 4688}, rename: {Image: NewProcessName}}]}\n"
			      "- {category: plain, events: [{when: {t: 1}}]}\n";
static const char fields[] = "- {product: w, fields: [EventID, Channel]}\n"
			     "- {product: w, category: start, fields: [Image, CommandLine]}\n";

#define RULE(source, detection) "title: x\nlogsource: {" source "}\ndetection: {" detection "}\n"
#define START(detection) RULE("product: w, category: start", detection)

static const struct {
	const char *name, *rule, *told; /* NULL: nothing */
} cases[] = {
	{ "nothing to tell",
	  START("s: {Image: a, CommandLine|contains: b, EventID: 1}, condition: s"), NULL },
	{ "a slip", START("s: {Imag: a}, condition: s"),
	  "field 'Imag' is not known of category=start product=w; 'Image' is" },
	{ "a stranger", START("s: {Something: a}, condition: s"),
	  "field 'Something' is not known of category=start product=w" },
	{ "told once", START("s: {Imag: [a, b]}, t: {Imag|contains: c}, condition: s and t"),
	  "field 'Imag' is not known of category=start product=w; 'Image' is" },
	{ "case aside", START("s: {image: a}, condition: s"), NULL },
	{ "no list for that source", RULE("category: plain", "s: {Imag: a}, condition: s"), NULL },
	{ "no list of its own", RULE("product: w", "s: {Imag: a}, condition: s"), NULL },
	{ "two values at once", START("s: {Image: a}, t: {Image: b}, condition: s and t"),
	  "it holds only where 'Image' has several values: it must be 'a' and 'b'" },
	{ "a list that meets", START("s: {Image: [a, c]}, t: {Image: [b, c]}, condition: s and t"),
	  NULL },
	{ "a list that does not",
	  START("s: {Image: [a, c]}, t: {Image: [b, d]}, condition: s and t"),
	  "it holds only where 'Image' has several values: it must be 'a' and 'b'" },
	{ "or", START("s: {Image: a}, t: {Image: b}, condition: s or t"), NULL },
	{ "its own opposite", START("s: {Image: a}, condition: s and not s"),
	  "it never holds: a part is asked for and ruled out" },
	{ "not of that source", START("s: {EventID: 3}, condition: s"),
	  "it never holds: no event of category=start product=w has '3' in 'EventID'" },
	{ "of one shape of it", START("s: {EventID: 4688}, condition: s"), NULL },
	{ "repeated twice", START("s: {Image|re: '(a+)+b'}, condition: s"),
	  "a regular expression repeats what repeats already, which may be slow: (a+)+b" },
	{ "by braces", START("s: {Image|re: '(?:a*){2,}'}, condition: s"),
	  "a regular expression repeats what repeats already, which may be slow: (?:a*){2,}" },
	{ "inside a group of it", START("s: {Image|re: '((x|y+)z)*'}, condition: s"),
	  "a regular expression repeats what repeats already, which may be slow: ((x|y+)z)*" },
	{ "once", START("s: {Image|re: '(ab)+c.*\\(d+\\)+'}, condition: s"), NULL },
	{ "in a set", START("s: {Image|re: '([+*])+'}, condition: s"), NULL },
	{ "bounded", START("s: {Image|re: '(a+){2,3}'}, condition: s"), NULL },
};

struct told {
	struct buf out;
	size_t n;
};

static void note(void *ctx, size_t rule, const struct err *what)
{
	struct told *t = ctx;

	(void)rule;
	buf_add(&t->out, str_of(what->text));
	t->n++;
}

static struct rule_set *load(const char *name, const char *rule)
{
	struct rule_set *rs = rule_set_new();

	CHECK(name, rs != NULL && rule_set_sources(rs, str_of(sources), NULL) &&
			    rule_set_add(rs, STR("x.yml"), str_of(rule)) == 1);
	rule_set_link(rs);
	return rs;
}

static void check_lints(void)
{
	static unsigned char mem[1 << 20], scratch[1 << 20];
	static struct rule_fields f;
	struct arena a = { mem, mem + sizeof mem };
	struct arena b = { scratch, scratch + sizeof scratch };

	CHECK("fields", rule_fields_add(&a, b, &f, str_of(fields), NULL) && f.n == 2);
	CHECK("no list", !rule_fields_add(&a, b, &f, STR("- {product: w}\n"), NULL) && f.n == 2);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct rule_set *rs = load(cases[i].name, cases[i].rule);
		struct told t = { .out = BUF(4096) };

		rule_lint(rs, &f, 0, note, &t);
		struct str want = str_of(cases[i].told);
		if (!CHECK(cases[i].name, str_eq(buf_str(&t.out), want)))
			printf("  %.*s\n", STR_ARG(buf_str(&t.out)));
		CHECK(cases[i].name, t.n == (cases[i].told != NULL));
		buf_free(&t.out);
		rule_set_free(rs);
	}
}

static void put(void *ctx, const struct explain_line *l)
{
	static const char kinds[] = "SsC&|!.";
	struct buf *out = ctx;

	buf_printf(out, "%c%u%c%.*s%s%.*s", kinds[l->kind], l->depth, l->holds ? '+' : '-',
		   STR_ARG(l->field), l->field.n > 0 ? " " : "", STR_ARG(l->text));
	for (size_t i = 0; i < l->n_values; i++)
		buf_printf(out, " <%.*s>", STR_ARG(l->value[i]));
	buf_char(out, '\n');
}

static const struct {
	const char *name, *rule, *event, *lines;
	bool fires;
} whys[] = {
	{ "it fires",
	  START("s: {Image|endswith: A, CommandLine|re: b+}, f: {U: x}, condition: s and not f"),
	  "EventID=4688\nNewProcessName=xa\nCommandLine=bb",
	  "S0+product=w\nS0+category=start product=w\nC0+\n&1+\n&2+\n.3+NewProcessName = '*a' <xa>\n"
	  ".3+CommandLine =~ /b+/ <bb>\n!2+\n.3-U = 'x'\n",
	  true },
	{ "an atom does not", START("s: {Image: [a, b], N|gte: 5}, condition: s"),
	  "EventID=1\nImage=c\nN=7",
	  "S0+product=w\nS0+category=start product=w\nC0-\n&1-\n|2-\n.3-Image = 'a' <c>\n.3-Image = 'b' <c>\n"
	  ".2+N >= 5 <7>\n",
	  false },
	{ "another log source", START("s: {Image: c}, condition: s"), "EventID=3\nImage=c",
	  "S0+product=w\nS0-category=start product=w\ns1-\n.2-EventID = '1' <3>\ns1-\n.2-EventID = '4688' <3>\n"
	  "C0+\n.1+Image = 'c' <c>\n",
	  false },
	{ "keywords", START("k: [evil], condition: k"), "EventID=1\nx=so evil",
	  "S0+product=w\nS0+category=start product=w\nC0+\n.1+= '*evil*'\n", true },
};

static void check_whys(void)
{
	for (size_t i = 0; i < COUNT(whys); i++) {
		struct rule_set *rs = load(whys[i].name, whys[i].rule);
		struct rule_scratch *s = rule_scratch_plain(rs);
		static unsigned char mem[1 << 16];
		struct arena a = { mem, mem + sizeof mem };
		static struct test_event t;
		struct buf out = BUF(4096);

		test_event(&t, str_of(whys[i].event), STR(""));
		rule_scratch_look(s, &t.ev);
		CHECK(whys[i].name, rule_explain(rs, s, 0, a, put, &out) == whys[i].fires);
		if (!CHECK(whys[i].name, str_eq(buf_str(&out), str_of(whys[i].lines))))
			printf("%.*s\n", STR_ARG(buf_str(&out)));
		buf_free(&out);
		rule_scratch_free(s);
		rule_set_free(rs);
	}
}

int main(void)
{
	check_lints();
	check_whys();
	return TEST_REPORT();
}
