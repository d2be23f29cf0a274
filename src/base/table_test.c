/* SPDX-License-Identifier: Apache-2.0 */
#include "base/table.h"

#include "base/test.h"

static const struct {
	const char *name;
	struct str text;
	bool ok;          /* it is text */
	size_t rows, bad; /* rows that hold something */
	size_t cells;     /* of the last row */
	uint64_t line;    /* where it stands */
	struct str last;  /* its last cell */
} cases[] = {
	{ "commas", STR("a,b\nc, d \n"), true, 2, 0, 2, 2, STR("d") },
	{ "semicolons", STR("a;b;c,d\n1;2"), true, 2, 0, 2, 2, STR("2") },
	{ "tabs", STR("a\tb\r\n1\t\r\n"), true, 2, 0, 2, 2, STR("") },
	{ "with its mark",
	  STR("\xef\xbb\xbf"
	      "a"),
	  true, 1, 0, 1, 1, STR("a") },
	{ "UTF-16",
	  STR("\xff\xfe"
	      "a\0,\0b\0"),
	  true, 1, 0, 2, 1, STR("b") },
	{ "quotes", STR("\"a \"\"b\"\"\""), true, 1, 0, 1, 1, STR("a \"b\"") },
	{ "a line within a cell", STR("\"a\nb\",c\nd,e"), true, 2, 0, 2, 3, STR("e") },
	{ "an empty line", STR("a,b\n\n,\nc,d"), true, 2, 0, 2, 4, STR("d") },
	{ "a quote that is not closed", STR("a\n\"b\nc"), true, 2, 1, 1, 3, STR("c") },
	{ "bytes behind a quote", STR("\"a\"b\nc"), true, 1, 1, 1, 2, STR("c") },
	{ "the rest of a row that cannot be read", STR("a,b\n\"c\nd\",\"e\nf,g\n"), true, 2, 2, 2,
	  4, STR("g") },
	{ "CR within a line", STR("a\rb,c\n"), true, 1, 0, 2, 1, STR("c") },
	{ "bytes", STR("a,\xff\n"), false, 0, 0, 0, 0, STR("") },
	{ "nothing", STR(""), true, 0, 0, 0, 0, STR("") },
};

int main(void)
{
	static unsigned char mem[1 << 16];
	static char many[2 * TABLE_CELLS + 2];
	struct err why = { 0 };
	struct table t;
	struct table_row r = { .n = 0 };

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct str text = cases[i].text;
		size_t rows = 0, bad = 0;
		uint64_t line = 0;
		struct str last = STR("");

		r.n = 0;
		why = (struct err){ 0 };
		if (!CHECK(cases[i].name, table_text(&a, &text, &why) == cases[i].ok))
			continue;
		if (!cases[i].ok) {
			CHECK(cases[i].name, why.kind == ERR_INPUT && why.at == 1);
			continue;
		}
		for (table_begin(&t, text); table_more(&t);) {
			if (!table_next(&t, &a, &r, &why)) {
				bad++;
				continue;
			}
			if (table_row_empty(&r))
				continue;
			rows++;
			line = t.line;
			last = r.cell[r.n - 1];
		}
		CHECK(cases[i].name, rows == cases[i].rows && bad == cases[i].bad);
		CHECK(cases[i].name, r.n == cases[i].cells || rows == 0);
		CHECK(cases[i].name, line == cases[i].line && str_eq(last, cases[i].last));
	}
	memset(many, ',', TABLE_CELLS);
	struct arena a = { mem, mem + sizeof mem };
	table_begin(&t, (struct str){ many, TABLE_CELLS - 1 });
	CHECK("as many cells as fit", table_next(&t, &a, &r, &why) && r.n == TABLE_CELLS);
	table_begin(&t, (struct str){ many, TABLE_CELLS });
	CHECK("one more",
	      !table_next(&t, &a, &r, &why) && why.kind == ERR_INPUT && !table_more(&t));
	return TEST_REPORT();
}
