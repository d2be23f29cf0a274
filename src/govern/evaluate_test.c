/* SPDX-License-Identifier: Apache-2.0 */
/* Each gate, each comparison, each combination. */
#include "govern/evaluate.h"

#include "base/test.h"

static const int64_t now = INT64_C(1795150800) * TIME_SECOND;

/* Stand-ins for rows of the table: only what judging looks at. */
static const struct metric plain = { .name = "plain", .unit = UNIT_COUNT, .fresh = TIME_HOUR };
static const struct metric share = { .name = "share", .unit = UNIT_SHARE, .fresh = TIME_HOUR };
static const struct metric calm = { .name = "calm",
				    .unit = UNIT_SHARE,
				    .fresh = TIME_HOUR,
				    .needs_control = true,
				    .empty_ok = true };
static const struct metric guarded = { .name = "guarded",
				       .unit = UNIT_COUNT,
				       .needs_control = true };
static const struct metric paper = { .name = "paper", .unit = UNIT_COUNT };

#define AGE(t) (now - (t))
#define FOUND(v, nn, ff, when)                                                    \
	{                                                                         \
		.known = true, .value = (v), .n = (nn), .of = (ff), .at = (when), \
		.list_at = TIME_NONE                                              \
	}
#define CHECK_OF(m, how, what)                                                         \
	{                                                                              \
		.metric = (m), .compare = (how), .bound = (what), .within = TIME_NONE, \
		.fresh = TIME_NONE, .list_age = TIME_NONE                              \
	}

static const struct control_state never = { TIME_NONE, TIME_NONE, 3 * TIME_HOUR };
static const struct control_state good = { now - TIME_HOUR, now - TIME_DAY, 3 * TIME_HOUR };
static const struct control_state old = { now - 4 * TIME_HOUR, TIME_NONE, 3 * TIME_HOUR };
static const struct control_state ahead = { now + TIME_HOUR, TIME_NONE, 3 * TIME_HOUR };
static const struct control_state failed = { now - TIME_HOUR, now - TIME_MINUTE, 3 * TIME_HOUR };

static const struct {
	const char *name;
	struct check check;
	struct metric_found found;
	const struct control_state *control;
	enum verdict want;
	const char *says;
} cases[] = {
	/* comparisons */
	{ ">= holds", CHECK_OF(&share, IS_GE, 1.0), FOUND(1, 5, 5, now), &never, V_MET, "5 of 5" },
	{ ">= falls short", CHECK_OF(&share, IS_GE, 1.0), FOUND(0.8, 4, 5, now), &never, V_FAILED,
	  "4 of 5" },
	{ ">= at the bound", CHECK_OF(&share, IS_GE, 0.8), FOUND(0.8, 4, 5, now), &never, V_MET,
	  "4 of 5" },
	{ "<= holds", CHECK_OF(&plain, IS_LE, 15), FOUND(15, 15, -1, now), &never, V_MET, "15" },
	{ "<= exceeded", CHECK_OF(&plain, IS_LE, 15), FOUND(16, 16, -1, now), &never, V_FAILED,
	  "outside" },
	{ "== holds", CHECK_OF(&plain, IS_EQ, 0), FOUND(0, 0, -1, now), &never, V_MET, "within" },
	{ "== does not", CHECK_OF(&plain, IS_EQ, 0), FOUND(1, 1, -1, now), &never, V_FAILED,
	  "outside" },
	{ "shown is never met", CHECK_OF(&share, IS_SHOWN, 0), FOUND(1, 5, 5, now), &never,
	  V_UNKNOWN, "5 of 5" },
	/* gates, in their order */
	{ "no metric", CHECK_OF(NULL, IS_EQ, 0), FOUND(0, 0, -1, now), &good, V_UNKNOWN,
	  "no metric" },
	{ "control never passed", CHECK_OF(&guarded, IS_EQ, 0), FOUND(0, 0, -1, now), &never,
	  V_UNKNOWN, "has passed yet" },
	{ "control failed since", CHECK_OF(&guarded, IS_EQ, 0), FOUND(0, 0, -1, now), &failed,
	  V_UNKNOWN, "failed" },
	{ "control too old", CHECK_OF(&guarded, IS_EQ, 0), FOUND(0, 0, -1, now), &old, V_UNKNOWN,
	  "240 minutes" },
	{ "control passed", CHECK_OF(&guarded, IS_EQ, 0), FOUND(0, 0, -1, now), &good, V_MET, "" },
	{ "control passed, still failed", CHECK_OF(&guarded, IS_EQ, 0), FOUND(2, 2, -1, now), &good,
	  V_FAILED, "" },
	{ "control failed hides a failure too", CHECK_OF(&guarded, IS_EQ, 0), FOUND(2, 2, -1, now),
	  &failed, V_UNKNOWN, "" },
	{ "the metric does not know",
	  CHECK_OF(&plain, IS_EQ, 0),
	  { .known = false, .at = now, .of = -1, .unknown = { .kind = ERR_ABSENT, .text = "why" } },
	  &good,
	  V_UNKNOWN,
	  "why" },
	{ "no denominator", CHECK_OF(&share, IS_GE, 1.0), FOUND(1, 1, -1, now), &good, V_UNKNOWN,
	  "denominator" },
	{ "empty denominator", CHECK_OF(&share, IS_GE, 1.0), FOUND(0, 0, 0, now), &good, V_UNKNOWN,
	  "nothing to count" },
	{ "empty, and that is fine", CHECK_OF(&calm, IS_GE, 1.0), FOUND(0, 0, 0, now), &good, V_MET,
	  "nothing was due" },
	{ "empty, but no control", CHECK_OF(&calm, IS_GE, 1.0), FOUND(0, 0, 0, now), &never,
	  V_UNKNOWN, "" },
	{ "fresh by the metric", CHECK_OF(&plain, IS_EQ, 0), FOUND(0, 0, -1, AGE(TIME_HOUR)),
	  &never, V_MET, "" },
	{ "stale by the metric", CHECK_OF(&plain, IS_EQ, 0), FOUND(0, 0, -1, AGE(TIME_HOUR + 1)),
	  &never, V_UNKNOWN, "older than the limit" },
	{ "stale by the check",
	  { .metric = &plain,
	    .compare = IS_EQ,
	    .within = TIME_NONE,
	    .fresh = TIME_MINUTE,
	    .list_age = TIME_NONE },
	  FOUND(0, 0, -1, AGE(2 * TIME_MINUTE)),
	  &never,
	  V_UNKNOWN,
	  "limit of 1" },
	{ "stale and failing is unknown", CHECK_OF(&plain, IS_EQ, 0),
	  FOUND(3, 3, -1, AGE(TIME_DAY)), &never, V_UNKNOWN, "" },
	{ "control from the future", CHECK_OF(&guarded, IS_EQ, 0), FOUND(0, 0, -1, now), &ahead,
	  V_UNKNOWN, "set back" },
	{ "data from the future", CHECK_OF(&plain, IS_EQ, 0), FOUND(0, 0, -1, now + TIME_HOUR),
	  &never, V_UNKNOWN, "set back" },
	{ "a moment ahead", CHECK_OF(&plain, IS_EQ, 0), FOUND(0, 0, -1, now + TIME_SECOND), &never,
	  V_MET, "" },
	{ "a count of so many", CHECK_OF(&plain, IS_EQ, 0), FOUND(0, 0, 7, now), &never, V_MET,
	  "0 of 7" },
	{ "too many of so many", CHECK_OF(&plain, IS_EQ, 0), FOUND(2, 2, 7, now), &never, V_FAILED,
	  "2 of 7" },
	{ "a count of none", CHECK_OF(&plain, IS_EQ, 0), FOUND(0, 0, 0, now), &never, V_MET,
	  "within" },
	{ "paper does not age", CHECK_OF(&paper, IS_EQ, 7), FOUND(7, 7, -1, TIME_NONE), &never,
	  V_MET, "" },
	{ "no list",
	  { .metric = &plain,
	    .compare = IS_EQ,
	    .within = TIME_NONE,
	    .fresh = TIME_NONE,
	    .list_age = 35 * TIME_DAY },
	  FOUND(0, 0, -1, now),
	  &never,
	  V_UNKNOWN,
	  "no list" },
	{ "old list",
	  { .metric = &plain,
	    .compare = IS_EQ,
	    .within = TIME_NONE,
	    .fresh = TIME_NONE,
	    .list_age = 35 * TIME_DAY },
	  { .known = true, .of = -1, .at = now, .list_at = now - 36 * TIME_DAY },
	  &never,
	  V_UNKNOWN,
	  "36 days" },
	{ "young list",
	  { .metric = &plain,
	    .compare = IS_EQ,
	    .within = TIME_NONE,
	    .fresh = TIME_NONE,
	    .list_age = 35 * TIME_DAY },
	  { .known = true, .of = -1, .at = now, .list_at = now - 35 * TIME_DAY },
	  &never,
	  V_MET,
	  "" },
	/* less was looked at than asked for */
	{ "a good part is not good",
	  CHECK_OF(&plain, IS_LE, 15),
	  { .known = true,
	    .of = -1,
	    .at = now,
	    .partial = true,
	    .partly = { .kind = ERR_STATE, .text = "only a part" } },
	  &never,
	  V_UNKNOWN,
	  "only a part" },
	{ "a bad part is bad",
	  CHECK_OF(&plain, IS_LE, 15),
	  { .known = true,
	    .value = 20,
	    .n = 20,
	    .of = -1,
	    .at = now,
	    .partial = true,
	    .partly = { .kind = ERR_STATE, .text = "only a part" } },
	  &never,
	  V_FAILED,
	  "20" },
};

static void judge(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct judged j;

		check_judge(&cases[i].check, &cases[i].found, cases[i].control, now, &j);
		CHECK(cases[i].name, j.verdict == cases[i].want);
		CHECK(cases[i].name, strstr(j.reason.text, cases[i].says) != NULL);
		CHECK(cases[i].name, j.reason.kind != ERR_NONE);
		CHECK(cases[i].name, j.shown == (cases[i].check.compare == IS_SHOWN));
	}
}

/* One letter a check: M met, F failed, U unknown, small: shown. */
static const struct {
	const char *checks;
	enum verdict plain, attested;
} combined[] = {
	{ "", V_UNKNOWN, V_ATTESTED },    { "M", V_MET, V_MET },
	{ "F", V_FAILED, V_FAILED },      { "U", V_UNKNOWN, V_ATTESTED },
	{ "MM", V_MET, V_MET },           { "MF", V_FAILED, V_FAILED },
	{ "MU", V_UNKNOWN, V_ATTESTED },  { "FU", V_FAILED, V_FAILED },
	{ "UF", V_FAILED, V_FAILED },     { "UUM", V_UNKNOWN, V_ATTESTED },
	{ "m", V_UNKNOWN, V_ATTESTED },   { "Mm", V_MET, V_MET },
	{ "Mf", V_MET, V_MET },           { "Mu", V_MET, V_MET },
	{ "mU", V_UNKNOWN, V_ATTESTED },  { "mF", V_FAILED, V_FAILED },
	{ "mmm", V_UNKNOWN, V_ATTESTED },
};

static void combine(void)
{
	for (size_t i = 0; i < COUNT(combined); i++) {
		struct judged j[8] = { 0 };
		size_t n = strlen(combined[i].checks);

		for (size_t k = 0; k < n; k++) {
			char c = ascii_lower(combined[i].checks[k]);

			j[k].shown = c == combined[i].checks[k];
			j[k].verdict = c == 'm' ? V_MET : c == 'f' ? V_FAILED : V_UNKNOWN;
		}
		CHECK(combined[i].checks, measure_combine(j, n, false) == combined[i].plain);
		CHECK(combined[i].checks, measure_combine(j, n, true) == combined[i].attested);
	}
}

static void table(void)
{
	for (size_t i = 0; i < n_metrics; i++) {
		const struct metric *m = &metrics[i];

		CHECK(m->name, metric_find(str_of(m->name)) == m);
		CHECK(m->name, m->query != NULL && m->title != NULL);
		CHECK("a share says where its denominator comes from",
		      m->unit != UNIT_SHARE || m->source != NULL);
		CHECK("a thing to do has its page", (m->todo == NULL) == (m->link == NULL));
	}
	CHECK("no such metric", metric_find(STR("sweep.coverage")) == NULL);
	for (int v = 0; v < VERDICTS; v++)
		CHECK(verdict_names[v], verdict_find(str_of(verdict_names[v])) == v);
	CHECK("no such verdict", verdict_find(STR("green")) == -1);
}

int main(void)
{
	judge();
	combine();
	table();
	return TEST_REPORT();
}
