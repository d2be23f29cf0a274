/* SPDX-License-Identifier: Apache-2.0 */
/* How a source stands: never green without a proof of the whole way, silent by its class, off by word. */
#include "govern/source_judge.h"

#include "base/test.h"

#define NOW (INT64_C(1795000000) * TIME_SECOND)
#define AGO(t) (NOW - (t))
#define NO TIME_NONE

static const struct silence policy = {
	.class = { [CLASS_SERVER] = { TIME_HOUR, false },
		   [CLASS_APPLIANCE] = { 15 * TIME_MINUTE, false },
		   [CLASS_WORKSTATION] = { 4 * TIME_HOUR, true },
		   [CLASS_UNKNOWN] = { TIME_DAY, false } },
	.proved_for = TIME_DAY,
};

/* clang-format off */
static const struct {
	const char *name;
	enum source_class class;
	bool once, no_door, whole;
	int64_t seen, off;
	int64_t door_ok, door_bad;
	const char *word;
	int64_t since, beat_ok, beat_bad;
	enum source_state state;
	enum proof proof;
	const char *says; /* a word of the reason of the proof */
} cases[] = {
	/* the way in */
	{ "not tested yet", CLASS_SERVER, 0, 0, 1, NOW, NO, NO, NO, "", NO, NO, NO, SOURCE_LIVE, PROOF_UNKNOWN, "not been tested" },
	{ "of this machine", CLASS_SERVER, 0, 0, 1, NOW, NO, AGO(TIME_HOUR), NO, "", NO, NO, NO, SOURCE_LIVE, PROOF_PASSED, "" },
	{ "of another one", CLASS_SERVER, 0, 0, 0, NOW, NO, AGO(TIME_HOUR), NO, "", NO, NO, NO, SOURCE_LIVE, PROOF_UNKNOWN, "nothing is proved" },
	{ "a day old", CLASS_SERVER, 0, 0, 1, NOW, NO, AGO(TIME_DAY + 1), NO, "", NO, NO, NO, SOURCE_LIVE, PROOF_UNKNOWN, "too old" },
	{ "failed since", CLASS_SERVER, 0, 0, 1, NOW, NO, AGO(TIME_HOUR), NOW, "lost", NO, NO, NO, SOURCE_LOST, PROOF_FAILED, "nothing came in" },
	{ "never passed", CLASS_SERVER, 0, 0, 1, NOW, NO, NO, NOW, "unfound", NO, NO, NO, SOURCE_LOST, PROOF_FAILED, "rules did not find" },
	{ "not even sent", CLASS_SERVER, 0, 0, 1, NOW, NO, NO, NOW, "unsent", NO, NO, NO, SOURCE_LOST, PROOF_FAILED, "could not be sent" },
	{ "of an older canh", CLASS_SERVER, 0, 0, 1, NOW, NO, NO, NOW, "not back in tim", NO, NO, NO, SOURCE_LOST, PROOF_FAILED, "did not come back" },
	{ "passed again", CLASS_SERVER, 0, 0, 1, NOW, NO, NOW, AGO(1), "lost", NO, NO, NO, SOURCE_LIVE, PROOF_PASSED, "" },
	{ "no door any more", CLASS_SERVER, 0, 1, 1, NOW, NO, NOW, NO, "", NO, NO, NO, SOURCE_LIVE, PROOF_UNKNOWN, "not open" },
	{ "of a closed door", CLASS_SERVER, 0, 1, 1, NOW, NO, NO, NOW, "lost", NO, NO, NO, SOURCE_LIVE, PROOF_UNKNOWN, "not open" },
	{ "heartbeat", CLASS_SERVER, 0, 0, 0, NOW, NO, NOW, NO, "", AGO(TIME_DAY), AGO(TIME_HOUR), NO, SOURCE_LIVE, PROOF_PASSED, "" },
	{ "first heartbeat", CLASS_SERVER, 0, 0, 0, NOW, NO, NOW, NO, "", AGO(1), NO, NO, SOURCE_LIVE, PROOF_UNKNOWN, "first heartbeat" },
	{ "no heartbeat", CLASS_SERVER, 0, 0, 0, NOW, NO, NOW, NO, "", AGO(TIME_DAY), AGO(2 * TIME_DAY), AGO(1), SOURCE_LOST, PROOF_FAILED, "stayed away" },
	{ "an old one", CLASS_SERVER, 0, 0, 0, NOW, NO, NOW, NO, "", AGO(3 * TIME_DAY), AGO(2 * TIME_DAY), NO, SOURCE_LIVE, PROOF_UNKNOWN, "too old" },
	{ "heartbeat, but its door", CLASS_SERVER, 0, 0, 0, NOW, NO, NO, AGO(1), "lost", AGO(TIME_DAY), NOW, NO, SOURCE_LOST, PROOF_FAILED, "nothing came in" },
	{ "heartbeat, of a closed door", CLASS_SERVER, 0, 1, 0, NOW, NO, NOW, NO, "", AGO(TIME_DAY), NOW, NO, SOURCE_LIVE, PROOF_UNKNOWN, "not open" },
	{ "this machine with a heartbeat", CLASS_SERVER, 0, 0, 1, NOW, NO, NOW, NO, "", AGO(1), NO, NO, SOURCE_LIVE, PROOF_UNKNOWN, "first heartbeat" },
	/* heard or not */
	{ "silent", CLASS_SERVER, 0, 0, 1, AGO(2 * TIME_HOUR), NO, NOW, NO, "", NO, NO, NO, SOURCE_SILENT, PROOF_PASSED, "" },
	{ "a failed test before silence", CLASS_SERVER, 0, 0, 1, AGO(2 * TIME_HOUR), NO, NO, NOW, "lost", NO, NO, NO, SOURCE_LOST, PROOF_FAILED, "" },
	{ "never", CLASS_UNKNOWN, 0, 0, 1, NO, NO, NOW, NO, "", NO, NO, NO, SOURCE_NEVER, PROOF_PASSED, "" },
	{ "taken in once", CLASS_UNKNOWN, 1, 0, 1, AGO(99 * TIME_DAY), NO, NOW, NO, "", NO, NO, NO, SOURCE_LIVE, PROOF_PASSED, "" },
	{ "off", CLASS_SERVER, 0, 0, 1, AGO(2 * TIME_HOUR), NOW + 1, NOW, NO, "", NO, NO, NO, SOURCE_OFF, PROOF_PASSED, "" },
	{ "off no longer", CLASS_SERVER, 0, 0, 1, AGO(2 * TIME_HOUR), NOW, NOW, NO, "", NO, NO, NO, SOURCE_SILENT, PROOF_PASSED, "" },
	{ "off hides no failed door", CLASS_SERVER, 0, 0, 1, NOW, NOW + 1, NO, NOW, "lost", NO, NO, NO, SOURCE_LOST, PROOF_FAILED, "" },
	{ "a night's workstation", CLASS_WORKSTATION, 0, 0, 1, AGO(20 * TIME_HOUR), NO, NOW, NO, "", NO, NO, NO, SOURCE_LIVE, PROOF_PASSED, "" },
};
/* clang-format on */

static bool in_both(const struct err *e)
{
	char vi[ERR_TEXT_MAX], en[ERR_TEXT_MAX];

	return e->id != NULL && err_text(e, LANG_VI, vi, sizeof vi)[0] != '\0' &&
	       err_text(e, LANG_EN, en, sizeof en)[0] != '\0';
}

static void one(size_t i, const struct silence *s, struct source_judged *j)
{
	struct source_facts f = {
		.class = cases[i].class,
		.expected = !cases[i].once,
		.no_door = cases[i].no_door,
		.whole = cases[i].whole,
		.last_seen = cases[i].seen,
		.off_until = cases[i].off,
		.off_by = STR("An"),
		.door = { NO, cases[i].door_ok, cases[i].door_bad, "", "", "" },
		.beat_since = cases[i].since,
		.beat = { NO, cases[i].beat_ok, cases[i].beat_bad, "no_beat", "", "" },
	};

	snprintf(f.door.reason, sizeof f.door.reason, "%s", cases[i].word);
	source_judge(s, NULL, &f, NOW, j);
	j->part = NULL; /* of a struct that ends here */
}

static void table(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct source_judged j;
		char text[ERR_TEXT_MAX];
		const char *name = cases[i].name;

		one(i, &policy, &j);
		CHECK(name, j.state == cases[i].state);
		CHECK(name, j.proof == cases[i].proof);
		CHECK(name, strstr(err_text(&j.proof_reason, LANG_EN, text, sizeof text),
				   cases[i].says) != NULL);
		/* what is not well says why and what to do */
		CHECK(name, j.proof == PROOF_PASSED ||
				    (in_both(&j.proof_reason) && in_both(&j.proof_next)));
		CHECK(name, j.state == SOURCE_LIVE || in_both(&j.reason));
		CHECK(name,
		      (j.state != SOURCE_SILENT && j.state != SOURCE_LOST) || in_both(&j.next));
	}
}

/* Without the file nothing is taken for alive or proved. */
static void unjudged(void)
{
	struct source_judged j;

	one(1, NULL, &j);
	CHECK("without a policy", j.state == SOURCE_UNKNOWN && j.proof == PROOF_UNKNOWN);
	one(6, NULL, &j);
	CHECK("a failure still is one", j.state == SOURCE_LOST && j.proof == PROOF_FAILED);
}

int main(void)
{
	table();
	unjudged();
	return TEST_REPORT();
}
