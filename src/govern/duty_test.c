/* SPDX-License-Identifier: Apache-2.0 */
/* Gaps, overlaps and cover of rosters by tables; the metric and the import over a database. */
#include "govern/duty.h"

#include "base/crypt.h"
#include "base/test.h"
#include "govern/duty_import.h"
#include "govern/metrics_int.h"
#include "state/contact_row.h"
#include "state/ledger.h"
#include "state/state.h"

#include <stdio.h>
#include <stdlib.h>

static struct arena mem;

/* Shifts as hours: who, post, from, to, entered. */
struct plan {
	char who;
	enum post post;
	int64_t from, to, entered;
};
static const struct {
	const char *name;
	struct plan plan[4];
	size_t n;
	struct duty_span gaps[4]; /* of the hours 0 to 24, in hours */
	size_t n_gaps, overlaps;
	size_t counted;               /* shifts that count as they were entered */
	struct duty_span counted_gap; /* the first one then */
} cases[] = {
	{ "nobody", { { 0 } }, 0, { { 0, 24 } }, 1, 0, 0, { 0, 24 } },
	{ "two halves",
	  { { 'a', POST_WATCH, 0, 12, -1 }, { 'b', POST_WATCH, 12, 24, -1 } },
	  2,
	  { { 0 } },
	  0,
	  0,
	  2,
	  { 0, 0 } },
	{ "a hole in the middle, one before, one behind",
	  { { 'a', POST_WATCH, 2, 8, -1 }, { 'b', POST_WATCH, 10, 20, -1 } },
	  2,
	  { { 0, 2 }, { 8, 10 }, { 20, 24 } },
	  3,
	  0,
	  2,
	  { 0, 2 } },
	{ "the lead watches nothing",
	  { { 'a', POST_LEAD, 0, 24, -1 } },
	  1,
	  { { 0, 24 } },
	  1,
	  0,
	  1,
	  { 0, 24 } },
	{ "a short one inside a long one",
	  { { 'a', POST_WATCH, -5, 24, -9 }, { 'b', POST_WATCH, 1, 2, -1 } },
	  2,
	  { { 0 } },
	  0,
	  1,
	  2,
	  { 0, 0 } },
	{ "one person on two posts",
	  { { 'a', POST_WATCH, 0, 24, -1 }, { 'a', POST_LEAD, 3, 4, -1 } },
	  2,
	  { { 0 } },
	  0,
	  1,
	  2,
	  { 0, 0 } },
	{ "entered when it was half over",
	  { { 'a', POST_WATCH, 0, 12, 6 }, { 'b', POST_WATCH, 12, 24, -1 } },
	  2,
	  { { 0 } },
	  0,
	  0,
	  2,
	  { 0, 6 } },
	{ "entered afterwards",
	  { { 'a', POST_WATCH, 0, 12, 13 }, { 'b', POST_WATCH, 12, 24, -1 } },
	  2,
	  { { 0 } },
	  0,
	  0,
	  1,
	  { 0, 12 } },
};

static size_t make(const struct plan *plan, size_t n, struct shift *out)
{
	for (size_t i = 0; i < n; i++) {
		out[i] = (struct shift){ .post = plan[i].post,
					 .from = plan[i].from * TIME_HOUR,
					 .to = plan[i].to * TIME_HOUR,
					 .entered = plan[i].entered * TIME_HOUR };
		out[i].person[0] = plan[i].who;
	}
	return n;
}

static void test_cases(void)
{
	const struct duty_span day = { 0, 24 * TIME_HOUR };

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct shift s[4];
		struct duty_span gaps[4];
		struct duty_overlap o[4];
		size_t n = make(cases[i].plan, cases[i].n, s);
		size_t got = duty_gaps(s, n, day, gaps, COUNT(gaps));

		CHECK(cases[i].name, got == cases[i].n_gaps);
		for (size_t k = 0; k < got && k < cases[i].n_gaps; k++)
			CHECK(cases[i].name, gaps[k].from == cases[i].gaps[k].from * TIME_HOUR &&
						     gaps[k].to == cases[i].gaps[k].to * TIME_HOUR);
		CHECK(cases[i].name, duty_overlaps(s, n, o, COUNT(o)) == cases[i].overlaps);
		n = duty_as_entered(s, n);
		CHECK(cases[i].name, n == cases[i].counted);
		got = duty_gaps(s, n, day, gaps, 1);
		CHECK(cases[i].name, (got > 0) == (cases[i].counted_gap.to > 0));
		if (got > 0)
			CHECK(cases[i].name,
			      gaps[0].from == cases[i].counted_gap.from * TIME_HOUR &&
				      gaps[0].to == cases[i].counted_gap.to * TIME_HOUR);
	}
}

static void test_handover(void)
{
	const struct plan plan[] = { { 'a', POST_WATCH, 0, 12, -1 },
				     { 'b', POST_WATCH, 12, 24, -1 },
				     { 'c', POST_LEAD, 5, 6, -1 } };
	struct shift s[3];
	size_t n = make(plan, COUNT(plan), s);

	CHECK("before", duty_handover(s, n, -TIME_HOUR) == 0);
	CHECK("the watch, not the lead", duty_handover(s, n, TIME_HOUR) == 12 * TIME_HOUR);
	CHECK("the end", duty_handover(s, n, 13 * TIME_HOUR) == 24 * TIME_HOUR);
	CHECK("none any more", duty_handover(s, n, 24 * TIME_HOUR) == TIME_NONE);
	CHECK("stands", duty_stands(&s[0], 0) && !duty_stands(&s[0], 12 * TIME_HOUR));
}

static struct metric_found look(struct db *db, int64_t now)
{
	const struct check check = { .within = TIME_DAY };
	const struct metric_look l = { .db = db, .scratch = mem, .check = &check, .now = now };
	struct metric_found f = { .of = -1, .at = TIME_NONE };

	CHECK("looked", metric_duty_covered(&l, &f, NULL));
	return f;
}

static void add(struct db *db, const char *who, int64_t from, int64_t to, int64_t entered)
{
	const struct shift_draft d = { str_of(who), POST_WATCH, from, to, STR("") };
	char id[UUID_MAX];

	CHECK("added", shift_add(db, &d, "user:1", id, NULL));
	CHECK("entered then", db_run(db, "UPDATE shifts SET entered = $2 WHERE id = $1",
				     DB_VALS(V_Z(id), V_INT(entered)), NULL));
}

static void test_metric(struct db *db)
{
	const int64_t now = time_now(), begin = now - TIME_DAY;
	const struct contact_patch an = { .name = STR("An") };
	char id[UUID_MAX];

	struct metric_found f = look(db, now);
	CHECK("no roster is not known", !f.known);
	CHECK("An", contact_add(db, &an, "user:1", id, NULL));
	add(db, id, begin - TIME_HOUR, begin + 12 * TIME_HOUR, begin - 2 * TIME_HOUR);
	f = look(db, now);
	CHECK("half a day", f.known && !f.partial && f.n == 720 && f.of == 1440 && f.has_detail);
	add(db, id, begin + 12 * TIME_HOUR + 10 * TIME_MINUTE, now + TIME_HOUR, begin);
	f = look(db, now);
	CHECK("ten minutes are a handover", f.n == 1440 && !f.has_detail && f.n_ledger == 1);
	CHECK("eleven are a gap",
	      db_run(db, "UPDATE shifts SET begins = begins + $1 WHERE ends > $2",
		     DB_VALS(V_INT(TIME_MINUTE), V_INT(now)), NULL));
	f = look(db, now);
	CHECK("eleven are a gap", f.n == 1429 && f.has_detail);
	struct metric_found gap = { .of = -1 };
	const struct check day = { .within = TIME_DAY };
	const struct metric_look at = { .db = db, .scratch = mem, .check = &day, .now = now };
	CHECK("how long", metric_duty_gap(&at, &gap, NULL) && gap.known && gap.n == 11);
	CHECK("all entered an hour ago",
	      db_run(db, "UPDATE shifts SET entered = $1", DB_VALS(V_INT(now - TIME_HOUR)), NULL));
	f = look(db, now);
	CHECK("what was written afterwards covers nothing", f.n == 60 && f.partial);
}

static void test_import(struct db *db)
{
	const int64_t t = time_now() + TIME_DAY;
	struct duty_row rows[] = {
		{ .line = 2, .from = t, .to = t + TIME_HOUR, .name = STR("An") },
		{ .line = 3, .from = t, .to = t + TIME_HOUR, .name = STR("Mới") },
		{ .line = 4, .from = t, .to = t + TIME_HOUR, .name = STR("An") },
		{ .line = 5, .from = t + TIME_HOUR, .to = t + 2 * TIME_HOUR, .name = STR("Mới") },
	};
	struct duty_import in = { rows, COUNT(rows), "user:1", true };
	struct duty_imported got = { 0 };
	struct arena a = mem;
	struct person *all;
	struct err why = { 0 };
	size_t n = 0;

	CHECK("preview", duty_import(db, &a, &in, &got, &why) && got.kept == 3 && got.twice == 1 &&
				 got.n_people == 1 && got.n_bad == 0 &&
				 str_eq(got.people[0], STR("Mới")));
	CHECK("keeps nothing", contact_list(db, &a, &all, &n, &why) && n == 1);
	in.preview = false;
	CHECK("kept", duty_import(db, &a, &in, &got, &why) && got.kept == 3 &&
			      contact_list(db, &a, &all, &n, &why) && n == 2);
	CHECK("once more", duty_import(db, &a, &in, &got, &why) && got.kept == 0 &&
				   got.twice == 4 && got.n_people == 0);
	CHECK("a twin", contact_add(db, &(struct contact_patch){ .name = STR("Mới") }, "user:1",
				    (char[UUID_MAX]){ "" }, &why));
	CHECK("whom?", duty_import(db, &a, &in, &got, &why) && got.n_bad == 2 &&
			       got.bad[0].line == 3 && got.bad[0].why.kind == ERR_INPUT);
}

int main(void)
{
	char dir[] = P_tmpdir "/canh-duty-XXXXXX";
	struct err why = { 0 };

	if (!crypt_init(&why) || mkdtemp(dir) == NULL || !arena_reserve(&mem, 16 << 20))
		return 1;
	struct db *db = state_open(dir, DB_CREATE, &why);
	struct ledger_key *key = ledger_key_load(dir, &why);
	test_cases();
	test_handover();
	if (CHECK("open", db != NULL && key != NULL && ledger_attach(db, key, &why))) {
		test_metric(db);
		test_import(db);
	}
	db_close(db);
	ledger_key_free(key);
	arena_release(mem);
	CHECK("clean up", test_remove(dir));
	return TEST_REPORT();
}
