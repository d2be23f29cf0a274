/* SPDX-License-Identifier: Apache-2.0 */
/* Of lines of one list that name the same, each with its own validity, those that are valid count. */
#include "detect/lists.h"

#include "base/test.h"
#include "base/time.h"
#include "event/event.h"
#include "event/formats.h"

enum { LINES = 3, TIMES = 4 };

struct line {
	int64_t from, until; /* until 0: the line has no dates */
};

static const struct {
	const char *name;
	struct line line[LINES];
	uint32_t hit[TIMES]; /* at 5, 15, 25, 35: the line that is told; 0: none */
} cases[] = {
	{ "one after the other", { { 0, 10 }, { 20, 30 }, { 34, 40 } }, { 1, 0, 2, 3 } },
	{ "one without dates", { { 0, 10 }, { 0, 0 }, { 20, 30 } }, { 2, 2, 2, 2 } },
	{ "one within the other", { { 20, 30 }, { 12, 40 }, { 14, 16 } }, { 0, 2, 2, 2 } },
	{ "backwards", { { 34, 40 }, { 20, 30 }, { 0, 10 } }, { 3, 0, 2, 1 } },
	{ "begins and does not end", { { 0, 10 }, { 20, TIME_NONE }, { 22, 30 } }, { 1, 0, 2, 2 } },
};

static const struct {
	const char *listed, *seen;
} values[] = { { "198.51.100.9", "198.51.100.9" },
	       { "198.51.100.8/30", "198.51.100.9" },
	       { "2001:db8::/64", "2001:db8::7" },
	       { "c2.example.com", "c2.example.com" },
	       { "44d88612fea8a8f36de82e1278abb02f", "44d88612fea8a8f36de82e1278abb02f" } };

static unsigned char mem[1 << 20];

static bool add(struct list_builder *b, const char *value, struct line l, uint64_t number)
{
	struct arena a = { mem, mem + sizeof mem };
	struct indicator x;

	if (!indicator_parse(&a, str_of(value), &x, NULL))
		return false;
	x.dated = l.until != 0;
	x.valid_from = l.from;
	x.valid_until = l.until;
	return list_builder_add(b, &x, STR(""), number, NULL);
}

static bool begin(struct list_builder *b, enum list_kind kind, int64_t until)
{
	struct list_info info = { .kind = (uint8_t)kind,
				  .valid_from = TIME_NONE,
				  .valid_until = until };

	return list_builder_begin(b, &info, NULL);
}

static struct hits match(const struct list_set *set, struct arena *a, const char *seen, size_t at)
{
	struct event raw = { .format = FORMAT_UNPARSED,
			     .raw = str_of(seen),
			     .time = 5 + 10 * (int64_t)at };
	struct hits hits;

	CHECK("matched", list_set_match_event(set, NULL, &raw, a, &hits));
	return hits;
}

/* With `before` the value stands first in a list that has run out. */
static void check_told(size_t k, size_t v, bool before)
{
	struct list_builder *b = list_builder_new(5);
	bool ok = !before || (begin(b, LIST_ATTACKER, 1) &&
			      add(b, values[v].listed, (struct line){ 0, 0 }, 9));

	ok = ok && begin(b, LIST_C2, TIME_NONE);
	for (size_t i = 0; ok && i < LINES; i++)
		ok = add(b, values[v].listed, cases[k].line[i], i + 1);
	struct list_set *set = list_builder_done(b, NULL);

	for (size_t t = 0; CHECK(cases[k].name, ok && set != NULL) && t < TIMES; t++) {
		struct arena a = { mem, mem + sizeof mem };
		struct hits hits = match(set, &a, values[v].seen, t);
		uint64_t line = hits.n == 0 ? 0 : hits.hit[0].line;

		if (!CHECK(cases[k].name, hits.n <= 1 && line == cases[k].hit[t]))
			printf("  %s, at %zu: %zu hits, line %d\n", values[v].listed, t, hits.n,
			       (int)line);
	}
	list_set_free(set);
}

/* A known-good list holds down while one of its lines is valid. */
static void check_good(void)
{
	static const bool held[TIMES] = { true, false, true, true };
	struct list_builder *b = list_builder_new(5);
	bool ok = begin(b, LIST_C2, TIME_NONE) &&
		  add(b, values[0].listed, (struct line){ 0, 0 }, 1) &&
		  begin(b, LIST_KNOWN_GOOD, TIME_NONE);

	for (size_t i = 0; ok && i < LINES; i++)
		ok = add(b, values[0].listed, cases[0].line[i], i + 1);
	struct list_set *set = list_builder_done(b, NULL);

	for (size_t t = 0; CHECK("known good", ok && set != NULL) && t < TIMES; t++) {
		struct arena a = { mem, mem + sizeof mem };
		struct hits hits = match(set, &a, values[0].seen, t);

		CHECK("known good", hits.n == 1 && (hits.hit[0].use == HIT_COUNT) == held[t]);
	}
	list_set_free(set);
}

/* Many lines that have run out stand before the one that has not, and behind it. */
static void check_many(size_t v)
{
	enum { MANY = 100 };

	for (size_t valid = 0; valid < MANY; valid += 33) {
		struct list_builder *b = list_builder_new(5);
		bool ok = begin(b, LIST_C2, TIME_NONE);

		for (size_t i = 0; ok && i < MANY; i++) {
			struct line l = { (int64_t)i - 200, (int64_t)i - 190 };

			ok = add(b, values[v].listed, i == valid ? (struct line){ 0, 50 } : l,
				 i + 1);
		}
		struct list_set *set = list_builder_done(b, NULL);
		struct arena a = { mem, mem + sizeof mem };

		if (CHECK("many lines", ok && set != NULL))
			CHECK("many lines", match(set, &a, values[v].seen, 1).n == 1);
		list_set_free(set);
	}
}

int main(void)
{
	for (size_t k = 0; k < COUNT(cases); k++)
		for (size_t v = 0; v < COUNT(values); v++) {
			check_told(k, v, false);
			check_told(k, v, true);
		}
	check_good();
	for (size_t v = 0; v < COUNT(values); v++)
		check_many(v);
	return TEST_REPORT();
}
