/* SPDX-License-Identifier: Apache-2.0 */
#include "govern/duty_csv.h"

#include "base/test.h"

/* Minutes after 2026-11-23 00:00 in Viet Nam. */
static int64_t minutes(int64_t t)
{
	return (t - (INT64_C(1795392000) - 7 * 3600) * TIME_SECOND) / TIME_MINUTE;
}

static const struct {
	const char *name;
	struct str text;
	bool ok;
	int64_t minute;
} times[] = {
	{ "ISO", STR("2026-11-23 07:00"), true, 420 },
	{ "with a T and seconds", STR("2026-11-23T07:00:30"), true, 420 },
	{ "as it is written here", STR("23/11/2026 07:00"), true, 420 },
	{ "with dashes", STR("23-11-2026 7:05"), true, 425 },
	{ "the end of the day", STR("23/11/2026 24:00"), true, 1440 },
	{ "with its zone", STR("2026-11-23T00:00:00Z"), true, 420 },
	{ "no time", STR("23/11/2026"), false, 0 },
	{ "after 24:00", STR("23/11/2026 24:01"), false, 0 },
	{ "no such day", STR("30/02/2026 07:00"), false, 0 },
	{ "month first", STR("11/23/2026 07:00"), false, 0 },
	{ "something behind", STR("23/11/2026 07:00 x"), false, 0 },
	{ "a long number", STR("000023/11/2026 07:00"), false, 0 },
	{ "nothing", STR(""), false, 0 },
};

static const struct {
	const char *name;
	struct str text;
	bool ok; /* the file as a whole */
	size_t rows, bad;
	uint64_t first_bad;
	struct str last_name;
	enum post last_post;
} files[] = {
	{ "English", STR("from,to,name\n2026-11-23 07:00,2026-11-23 19:00,An\n"), true, 1, 0, 0,
	  STR("An"), POST_WATCH },
	{ "Vietnamese, in another order",
	  STR("\xef\xbb\xbfHọ tên;Vị trí;Từ;Đến\r\nBình;Trực phụ;23/11/2026 07:00;23/11/2026 "
	      "19:00\r\n"),
	  true, 1, 0, 0, STR("Bình"), POST_SECOND },
	{ "quotes, lines in cells",
	  STR("from\tto\tname\tnote\n2026-11-23 07:00\t2026-11-23 19:00\t\"Lê \"\"C\"\"\"\t\"a\nb\"\n"
	      "x\ty\tz\n"),
	  true, 1, 1, 4, STR("Lê \"C\""), POST_WATCH },
	{ "lines that cannot be used",
	  STR("from,to,name,post,email\n"
	      "2026-11-23 07:00,2026-11-23 07:00,An\n" /* no length */
	      "\n"
	      "2026-11-23 07:00,2026-11-23 19:00,\n"        /* nobody */
	      "2026-11-23 07:00,2026-11-23 19:00,An,boss\n" /* no post */
	      "2026-11-23 07:00,2026-11-23 19:00,An,,a b\n" /* no address */
	      "2026-11-23 07:00,2026-12-23 19:00,An\n"      /* a month */
	      "2026-11-23 07:00,2026-11-23 19:00,\"An\n"    /* an open quote */
	      "2026-11-23 07:00,2026-11-23 19:00,Dũng,lãnh đạo\n"),
	  true, 1, 6, 2, STR("Dũng"), POST_LEAD },
	{ "no header", STR("2026-11-23 07:00,2026-11-23 19:00,An\n"), false, 0, 0, 0, STR(""), 0 },
	{ "a column is missing", STR("from,name\nx,y\n"), false, 0, 0, 0, STR(""), 0 },
	{ "not text", STR("from,to,name\n\xff\xff\n"), false, 0, 0, 0, STR(""), 0 },
	{ "nothing", STR(""), false, 0, 0, 0, STR(""), 0 },
};

struct got {
	size_t rows, bad;
	uint64_t first_bad;
	struct duty_row last;
};

static void row(void *ctx, const struct duty_row *r)
{
	struct got *g = ctx;

	g->rows++;
	g->last = *r;
}

static void bad(void *ctx, uint64_t line, const struct err *why)
{
	struct got *g = ctx;

	CHECK("a reason", why->kind == ERR_INPUT && why->text[0] != '\0');
	if (g->bad++ == 0)
		g->first_bad = line;
}

int main(void)
{
	static unsigned char mem[1 << 16];

	for (size_t i = 0; i < COUNT(times); i++) {
		int64_t t = 0;

		CHECK(times[i].name, duty_time_parse(times[i].text, &t) == times[i].ok);
		CHECK(times[i].name, !times[i].ok || minutes(t) == times[i].minute);
	}
	for (size_t i = 0; i < COUNT(files); i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct got g = { .rows = 0 };
		const struct duty_sink sink = { row, bad, &g };
		struct err why = { 0 };

		CHECK(files[i].name, duty_csv_read(&a, files[i].text, &sink, &why) == files[i].ok);
		CHECK(files[i].name, files[i].ok || (why.kind == ERR_INPUT && why.at == 1));
		CHECK(files[i].name, g.rows == files[i].rows && g.bad == files[i].bad &&
					     g.first_bad == files[i].first_bad);
		if (g.rows > 0)
			CHECK(files[i].name, str_eq(g.last.name, files[i].last_name) &&
						     g.last.post == files[i].last_post);
	}
	return TEST_REPORT();
}
