/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/sigma_cond.h"

#include "base/buf.h"
#include "base/test.h"

static unsigned char mem[1 << 20];
static const struct atom atoms[6];
static struct node leaves[6];
static const char *const names[] = { "sel", "sel_a", "sel_b", "filter_main", "_hidden", "a-b" };
static struct detection all[6];

static void show(struct buf *out, const struct node *v)
{
	if (v->kind == NODE_ATOM) {
		buf_printf(out, "%s", names[v->atom - atoms]);
		return;
	}
	buf_char(out, v->kind == NODE_AND ? '&' : v->kind == NODE_OR ? '|' : '!');
	buf_char(out, '(');
	for (uint32_t i = 0; i < v->n; i++) {
		if (i > 0)
			buf_char(out, ' ');
		show(out, v->kid[i]);
	}
	buf_char(out, ')');
}

static const struct {
	const char *text, *tree; /* NULL: refused */
	size_t at;
} cases[] = {
	{ "sel", "sel", 0 },
	{ "  sel_a ", "sel_a", 0 },
	{ "a-b", "a-b", 0 },
	{ "sel and sel_a", "&(sel sel_a)", 0 },
	{ "sel or sel_a and sel_b", "|(sel &(sel_a sel_b))", 0 },
	{ "sel and sel_a or sel_b", "|(&(sel sel_a) sel_b)", 0 },
	{ "not sel and sel_a", "&(!(sel) sel_a)", 0 },
	{ "not (sel and sel_a)", "!(&(sel sel_a))", 0 },
	{ "not not sel", "!(!(sel))", 0 },
	{ "(sel or sel_a) and sel_b", "&(|(sel sel_a) sel_b)", 0 },
	{ "1 of sel_*", "|(sel_a sel_b)", 0 },
	{ "any of sel_*", "|(sel_a sel_b)", 0 },
	{ "all of sel_*", "&(sel_a sel_b)", 0 },
	{ "1 of sel*", "|(sel sel_a sel_b)", 0 },
	{ "1 of sel", "sel", 0 },
	{ "1 of *_a", "sel_a", 0 },
	{ "1 of *l_*", "|(sel_a sel_b)", 0 },
	{ "all of them", "&(sel sel_a sel_b filter_main a-b)", 0 },
	{ "1 of them", "|(sel sel_a sel_b filter_main a-b)", 0 },
	{ "1 of *", "|(sel sel_a sel_b filter_main a-b)", 0 },
	{ "1 of _*", "_hidden", 0 },
	{ "_hidden", "_hidden", 0 },
	{ "sel and not 1 of filter_*", "&(sel !(filter_main))", 0 },
	{ "not 1 of filter_* and sel", "&(!(filter_main) sel)", 0 },
	{ "", NULL, 0 },
	{ "()", NULL, 1 },
	{ "sel and", NULL, 7 },
	{ "sel sel_a", NULL, 4 },
	{ "(sel", NULL, 4 },
	{ "sel)", NULL, 3 },
	{ "nothere", NULL, 0 },
	{ "sel and nothere", NULL, 8 },
	{ "1 of nothere*", NULL, 5 },
	{ "all of nothere*", NULL, 7 },
	{ "2 of sel*", NULL, 0 },
	{ "1 of", NULL, 4 },
	{ "1 of (sel)", NULL, 5 },
	{ "sel | count() > 5", NULL, 4 },
	{ "sel AND sel_a", NULL, 4 },
	{ "sel and and sel_a", NULL, 8 },
	{ "sel & sel_a", NULL, 4 },
};

int main(void)
{
	struct buf b = BUF(1 << 20);

	for (size_t i = 0; i < COUNT(names); i++) {
		leaves[i] = (struct node){ .kind = NODE_ATOM, .atom = &atoms[i] };
		all[i] = (struct detection){ str_of(names[i]), &leaves[i] };
	}
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct err why = { 0 };
		const struct node *v = sigma_cond_parse(&a, str_of(cases[i].text), all, COUNT(all),
							&why);

		CHECK(cases[i].text, (v != NULL) == (cases[i].tree != NULL));
		CHECK(cases[i].text, v != NULL ? why.kind == ERR_NONE : why.kind == ERR_INPUT);
		CHECK(cases[i].text, why.at == cases[i].at);
		if (v == NULL || cases[i].tree == NULL)
			continue;
		buf_clear(&b);
		show(&b, v);
		CHECK(cases[i].text, str_eq(buf_str(&b), str_of(cases[i].tree)));
	}
	struct arena a = { mem, mem + sizeof mem };
	struct err why = { 0 };
	buf_clear(&b);
	for (int i = 0; i < 100; i++)
		buf_add(&b, STR("not "));
	buf_add(&b, STR("sel"));
	CHECK("depth", sigma_cond_parse(&a, buf_str(&b), all, COUNT(all), &why) == NULL &&
			       why.kind == ERR_LIMIT);
	buf_free(&b);
	return TEST_REPORT();
}
