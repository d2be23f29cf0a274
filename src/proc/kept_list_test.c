/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/kept_list.h"

#include "base/test.h"
#include "base/time.h"

/* What was written is read back as the same indicator. */
static void there_and_back(struct arena whole, const char *text, const char *note)
{
	struct buf out = BUF(4096);
	struct arena a = whole;
	struct indicator x;
	struct err why = { 0 };
	struct list_info info = { .id = STR("1"),
				  .name = STR("n"),
				  .kind = LIST_C2,
				  .valid_from = TIME_NONE,
				  .valid_until = TIME_NONE };
	struct list_builder *b = list_builder_new(7);
	struct str line, rest, value;
	struct indicator again;

	if (!CHECK(text, indicator_parse(&a, str_of(text), &x, &why)))
		return;
	kept_list_put(&out, &x, str_of(note), 12);
	rest = buf_str(&out);
	CHECK("one line", str_line(&rest, &line) && rest.n == 0);
	rest = line;
	CHECK(text, str_split(&rest, '\t', &value) && indicator_parse(&a, value, &again, &why) &&
			    again.type == x.type && str_eq(again.text, x.text));
	CHECK(text, list_builder_begin(b, &info, &why) && kept_list_take(a, line, b, &why));
	CHECK("damaged", !kept_list_take(a, STR("only"), b, &why) &&
				 !kept_list_take(a, STR("192.0.2.1\tx\t"), b, &why));
	struct list_set *set = list_builder_done(b, &why);
	CHECK("one entry", set != NULL && list_set_list(set, 0)->entries == 1);
	list_set_free(set);
	buf_free(&out);
}

int main(void)
{
	struct arena whole;

	if (!arena_reserve(&whole, 16 << 20))
		return 1;
	there_and_back(whole, "192.0.2.1", "a note");
	there_and_back(whole, "198.51.100.0/24", "tab\tand\nnewline");
	there_and_back(whole, "2001:db8::1", "");
	there_and_back(whole, "xấu.example.com", "IDN");
	there_and_back(whole, "hxxp://bad[.]example/path?q=1", "");
	there_and_back(whole, "http://nas.local/", "a host whose name could be a file's");
	there_and_back(whole, "aB-.exe/", "");
	there_and_back(whole, "44d88612fea8a8f36de82e1278abb02f", "");
	there_and_back(whole, "a@example.com", "");
	there_and_back(whole, "C:\\Temp\\Hóa đơn.exe", "");
	there_and_back(whole, "file:readme.zip", "");
	arena_release(whole);
	return TEST_REPORT();
}
