/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/kept_list.h"

#include "base/test.h"
#include "base/time.h"
#include "event/event.h"

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

/* What a line says of its own validity comes back, and holds. */
static void dated(struct arena whole)
{
	static const struct {
		int64_t from, until;
		bool before, within, after; /* hits at 5, 15, 25 */
	} cases[] = {
		{ 10, 20, false, true, false },
		{ TIME_NONE, 20, true, true, false },
		{ 10, TIME_NONE, false, true, true },
	};
	struct list_info info = { .kind = LIST_C2,
				  .valid_from = TIME_NONE,
				  .valid_until = TIME_NONE };

	for (size_t i = 0; i < COUNT(cases); i++) {
		const bool want[] = { cases[i].before, cases[i].within, cases[i].after };
		struct list_builder *b = list_builder_new(7);
		struct buf out = BUF(4096);
		struct arena a = whole;
		struct indicator x;
		struct err why = { 0 };

		CHECK("dated", indicator_parse(&a, STR("192.0.2.1"), &x, &why));
		x.dated = true;
		x.valid_from = cases[i].from;
		x.valid_until = cases[i].until;
		kept_list_put(&out, &x, STR("a note"), 12);
		struct str line = str_trim(buf_str(&out));
		CHECK("dated",
		      list_builder_begin(b, &info, &why) && kept_list_take(a, line, b, &why));
		CHECK("damaged", !kept_list_take(a, STR("192.0.2.1\t1;2\t"), b, &why) &&
					 !kept_list_take(a, STR("192.0.2.1\t1;2;x\t"), b, &why) &&
					 !kept_list_take(a, STR("192.0.2.1\t1;2;3;\t"), b, &why));
		struct list_set *set = list_builder_done(b, &why);
		for (int k = 0; set != NULL && k < 3; k++) {
			struct field f = { .name = STR("destination.ip"),
					   .val = STR("192.0.2.1"),
					   .id = ECS_DESTINATION_IP };
			struct event ev = {
				.format = 1, .fields = &f, .n_fields = 1, .time = 5 + 10 * k
			};
			struct hits hits;

			list_set_match_event(set, NULL, &ev, &a, &hits);
			CHECK("dated", hits.n == want[k] && (hits.n == 0 || str_eq(hits.hit[0].note,
										   STR("a note"))));
		}
		list_set_free(set);
		buf_free(&out);
	}
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
	dated(whole);
	arena_release(whole);
	return TEST_REPORT();
}
