/* SPDX-License-Identifier: Apache-2.0 */
/* counters_test.c - what a watch that was taken over may say, and what of it reaches the page. */
#include "proc/counters.h"

#include "base/test.h"

static const struct {
	const char *name, *in, *page; /* NULL: refused */
} cases[] = {
	{ "as it is",
	  "{\"at\":\"2026-11-22T10:00:00.000000Z\",\"sources\":{\"3\":{\"received\":5,\"stored\":4}},"
	  "\"seen\":{\"linux/sshd\":1700000000000000}}",
	  "{\"at\":\"2026-11-22T10:00:00.000000Z\",\"sources\":{\"3\":{\"received\":5,\"stored\":4}}}" },
	{ "nothing changed", "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":{},\"seen\":{}}",
	  "{\"at\":\"2026-11-22T10:00:00.000000Z\",\"sources\":{}}" },
	{ "what desk counts beside",
	  "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":{},\"seen\":{},\"lists\":{\"0192f8a0-7c1e-7abc-8def-0123456789ab\":3},\"exceptions\":{},\"controls\":[\"0192f8a0-7c1e-7abc-8def-0123456789ab\"]}",
	  "{\"at\":\"2026-11-22T10:00:00.000000Z\",\"sources\":{}}" },
	{ "what correlations let go",
	  "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":{},\"seen\":{},\"correlation\":{\"groups\":7,\"matches\":9,\"late\":3,\"windows\":2}}",
	  "{\"at\":\"2026-11-22T10:00:00.000000Z\",\"sources\":{}}" },
	{ "less than nothing let go",
	  "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":{},\"seen\":{},\"correlation\":{\"groups\":-1,\"matches\":9,\"late\":3,\"windows\":2}}",
	  NULL },
	{ "half of it",
	  "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":{},\"seen\":{},\"correlation\":{\"groups\":1}}",
	  NULL },
	{ "less than no hit",
	  "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":{},\"seen\":{},\"lists\":{\"a\":-1}}",
	  NULL },
	{ "hits of text",
	  "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":{},\"seen\":{},\"exceptions\":{\"a\":\"1\"}}",
	  NULL },
	{ "hits as a list",
	  "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":{},\"seen\":{},\"lists\":[]}", NULL },
	{ "a control of no number",
	  "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":{},\"seen\":{},\"controls\":[\"x\"]}",
	  NULL },
	{ "a control that is no text",
	  "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":{},\"seen\":{},\"controls\":[5]}", NULL },
	{ "controls as an object",
	  "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":{},\"seen\":{},\"controls\":{}}", NULL },
	{ "no JSON", "{\"at\":", NULL },
	{ "no object", "[]", NULL },
	{ "empty", "", NULL },
	{ "a member more", "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":{},\"seen\":{},\"x\":1}",
	  NULL },
	{ "a member less", "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":{}}", NULL },
	{ "no time", "{\"at\":\"<script>\",\"sources\":{},\"seen\":{}}", NULL },
	{ "a time that is a number", "{\"at\":5,\"sources\":{},\"seen\":{}}", NULL },
	{ "sources as a list", "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":[],\"seen\":{}}",
	  NULL },
	{ "no id",
	  "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":{\"<b>\":{\"received\":1,\"stored\":1}},\"seen\":{}}",
	  NULL },
	{ "text for a count",
	  "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":{\"1\":{\"received\":\"1\",\"stored\":1}},\"seen\":{}}",
	  NULL },
	{ "less than nothing",
	  "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":{\"1\":{\"received\":1,\"stored\":-1}},\"seen\":{}}",
	  NULL },
	{ "more stored than received",
	  "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":{\"1\":{\"received\":1,\"stored\":2}},\"seen\":{}}",
	  NULL },
	{ "a third count",
	  "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":{\"1\":{\"received\":1,\"stored\":1,\"z\":1}},\"seen\":{}}",
	  NULL },
	{ "seen without a name",
	  "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":{},\"seen\":{\"\":1}}", NULL },
	{ "seen with a quote",
	  "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":{},\"seen\":{\"a\\\"b\":1}}", NULL },
	{ "seen at no time",
	  "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":{},\"seen\":{\"a\":\"b\"}}", NULL },
	{ "seen in a far future",
	  "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":{},\"seen\":{\"a\":9223372036854775807}}",
	  NULL },
	{ "one good, one bad",
	  "{\"at\":\"2026-11-22T10:00:00Z\",\"sources\":{},\"seen\":{\"a\":1,\"b\":-1}}", NULL },
};

int main(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf page = BUF(1 << 16);
		struct err why = { 0 };
		bool ok = counters_check(str_of(cases[i].in), &page, &why);

		CHECK(cases[i].name, ok == (cases[i].page != NULL));
		struct counters_lost lost = { 0 };
		bool told = ok && counters_lost(str_of(cases[i].in), &lost);
		CHECK(cases[i].name, told == (strstr(cases[i].in, "matches\":9") != NULL && ok) &&
					     (!told || (lost.groups == 7 && lost.matches == 9 &&
							lost.late == 3 && lost.windows == 2)));
		if (cases[i].page != NULL)
			CHECK(cases[i].name, str_eq(buf_str(&page), str_of(cases[i].page)));
		else
			CHECK(cases[i].name, page.n == 0 && why.kind == ERR_INPUT);
		buf_free(&page);
	}
	return TEST_REPORT();
}
