/* SPDX-License-Identifier: Apache-2.0 */
/* No hit is lost in folding, whatever does not fit; groups stand by machine and time. */
#include "cmd/hunt_fold.h"

#include "base/test.h"
#include "base/time.h"

static const struct rule_info rules[] = { { .number = 0, .severity = SEV_LOW },
					  { .number = 1, .severity = SEV_HIGH } };

static struct hit_note note(size_t rule, const char *host, const char *command, int64_t second)
{
	struct hit_note n = { .rule = &rules[rule],
			      .time = second < 0 ? TIME_NONE : second * TIME_SECOND,
			      .severity = rules[rule].severity,
			      .host = str_of(host),
			      .path = STR("a.evtx"),
			      .record = 1,
			      .key = 7, /* of all: what differs must be found by comparing */
			      .n = 1 };

	n.from = n.time;
	n.value[0] = (struct note_value){ STR("command"), str_of(command), strlen(command) };
	return n;
}

static const struct {
	size_t rule;
	const char *host, *command;
	int64_t second;
} added[] = {
	{ 0, "calm", "a", 50 }, { 0, "loud", "a", 90 }, { 1, "loud", "b", 95 },
	{ 0, "loud", "a", 10 }, { 0, "loud", "c", -1 }, { 0, "loud", "a", 4000 },
};
static const struct {
	const char *host, *command;
	uint64_t count;
	int64_t first, last; /* seconds */
} told[] = {
	{ "loud", "a", 3, 10, 4000 },
	{ "loud", "b", 1, 95, 95 },
	{ "loud", "c", 1, -1, -1 },
	{ "calm", "a", 1, 50, 50 },
};

static void check_order(void)
{
	struct hunt_fold *f = hunt_fold_new(100, 1 << 20);

	for (size_t i = 0; i < COUNT(added); i++) {
		struct hit_note n = note(added[i].rule, added[i].host, added[i].command,
					 added[i].second);

		hunt_fold_add(f, &n);
	}
	struct fold_totals t = hunt_fold_totals(f);
	const struct fold_group *g = hunt_fold_sorted(f);

	CHECK("totals", t.hits == COUNT(added) && t.groups == COUNT(told) && t.unlisted == 0);
	CHECK("severities", t.severity[SEV_LOW] == 5 && t.severity[SEV_HIGH] == 1);
	CHECK("span", t.first == 10 * TIME_SECOND && t.last == 4000 * TIME_SECOND);
	for (size_t i = 0; i < COUNT(told) && i < t.groups; i++) {
		const char *name = told[i].command;
		int64_t none = told[i].first < 0;

		CHECK(name, str_eq(g[i].host, str_of(told[i].host)));
		CHECK(name, str_eq(g[i].value[0].val, str_of(name)));
		CHECK(name, g[i].count == told[i].count);
		CHECK(name, g[i].first == (none ? TIME_NONE : told[i].first * TIME_SECOND));
		CHECK(name, g[i].last == (none ? TIME_NONE : told[i].last * TIME_SECOND));
	}
	hunt_fold_free(f);
}

/* A list judges by the event: what is worse is never told as one with what is not. */
static void check_judged(const char *name, int before, bool rest)
{
	struct hunt_fold *f = hunt_fold_new(24, 1 << 20); /* three of them for the rest */
	uint64_t count[2][SEV_N] = { 0 };

	for (int i = 0; i < before; i++) {
		char command[16];

		snprintf(command, sizeof command, "%d", i);
		struct hit_note n = note(0, "h", command, i);

		hunt_fold_add(f, &n);
	}
	for (int i = 0; i < 500; i++) {
		struct hit_note n = note(0, "h", "c", i);

		n.severity = i == 400 ? SEV_HIGH : SEV_INFORMATIONAL;
		n.known_good = i == 300;
		hunt_fold_add(f, &n);
	}
	struct fold_totals t = hunt_fold_totals(f);
	const struct fold_group *g = hunt_fold_sorted(f);

	for (size_t i = 0; i < t.groups; i++) {
		CHECK(name, g[i].severity == SEV_LOW || g[i].rest == rest);
		count[g[i].known_good][g[i].severity] += g[i].count;
	}
	CHECK(name, t.groups == (size_t)before + 3 && t.unlisted == 0);
	CHECK(name, count[0][SEV_INFORMATIONAL] == 498 && count[0][SEV_HIGH] == 1);
	CHECK(name, count[1][SEV_INFORMATIONAL] == 1);
	hunt_fold_free(f);
}

/* Values that differ only behind where a report cuts them are two. */
static void check_long(void)
{
	static const char ends[] = "xyx";
	struct hunt_fold *f = hunt_fold_new(24, 1 << 20);
	char text[NOTE_VALUE_MAX + 100];

	for (size_t i = 0; i < sizeof ends - 1; i++) {
		struct field command = { .name = STR("process.command_line"),
					 .val = { text, sizeof text },
					 .id = ECS_PROCESS_COMMAND_LINE };
		struct event ev = { .fields = &command, .n_fields = 1 };
		struct hit hit = { .kind = HIT_RULE, .rule = &rules[0] };
		struct buf bytes = BUF(1 << 16);
		struct hit_note n;

		memset(text, 'a', sizeof text);
		text[sizeof text - 1] = ends[i];
		hit_note_put(&(struct hit_place){ .hit = &hit, .ev = &ev, .path = STR("a") },
			     &bytes);
		hit_note_take(buf_str(&bytes), &n);
		CHECK("cut", n.n == 1 && n.value[0].val.n == NOTE_VALUE_MAX &&
				     n.value[0].len == sizeof text);
		n.key = 7;
		hunt_fold_add(f, &n);
		buf_free(&bytes);
	}
	CHECK("two of three", hunt_fold_totals(f).groups == 2);
	hunt_fold_free(f);
}

/* Many that differ, and room for few. */
static void check_rest(void)
{
	struct hunt_fold *f = hunt_fold_new(16, 1 << 16);
	uint64_t counted = 0, rest = 0;

	for (int i = 0; i < 500; i++) {
		char command[16], host[16];

		snprintf(command, sizeof command, "%d", i);
		snprintf(host, sizeof host, "h%d", i / 100);
		struct hit_note n = note(0, host, command, i);

		hunt_fold_add(f, &n);
	}
	struct fold_totals t = hunt_fold_totals(f);
	const struct fold_group *g = hunt_fold_sorted(f);

	for (size_t i = 0; i < t.groups; i++) {
		counted += g[i].count;
		rest += g[i].rest;
		CHECK("rest without values", !g[i].rest || g[i].n == 0);
	}
	CHECK("bounded", t.groups <= 16 && rest == 2);
	CHECK("none lost", counted + t.unlisted == 500 && t.unlisted > 0);
	hunt_fold_free(f);
}

static const int64_t seconds[][8] = {
	{ 100, 101, 101, 131 },
	{ 100, 99, 70, 69 },
	{ 1000000, 5, 1000001, 500000, 2000000000 },
	{ 1700000000, 1700000031, 1700000032, 1600000000, 0 },
};

/* Every hit is in the part of its time. */
static void check_spread(void)
{
	for (size_t i = 0; i < COUNT(seconds); i++) {
		struct hunt_fold *f = hunt_fold_new(16, 1 << 16);
		size_t n = 0, found = 0;

		while (n < COUNT(seconds[i]) && (n == 0 || seconds[i][n] > 0)) {
			struct hit_note x = note(0, "h", "c", seconds[i][n++]);

			hunt_fold_add(f, &x);
		}
		const struct fold_group *g = hunt_fold_sorted(f);
		const struct fold_spread *s = g->spread;

		CHECK("spread", s != NULL && g->count == n);
		for (size_t k = 0; s != NULL && k < n; k++) {
			int64_t at = (seconds[i][k] - s->base) >> s->shift;

			CHECK("part", at >= 0 && at < SPREAD_PARTS && s->n[at] > 0);
		}
		for (size_t k = 0; s != NULL && k < SPREAD_PARTS; k++)
			found += s->n[k];
		CHECK("all", found == n);
		hunt_fold_free(f);
	}
}

int main(void)
{
	check_long();
	check_order();
	check_judged("severities apart", 0, false);
	check_judged("those of the rest, too", 21, true);
	check_rest();
	check_spread();
	return TEST_REPORT();
}
