/* SPDX-License-Identifier: Apache-2.0 */
#include "govern/source_judge.h"

#include <string.h>

const char *const source_state_names[SOURCE_STATES] = { "live",  "silent", "lost_control",
							"never", "off",    "unknown" };
const char *const proof_names[PROOFS] = { "passed", "failed", "unknown" };

/* --- the way in --- */

static const char send_one[] = MSG_ID("Send a control test now");
static const char look_there[] = MSG_ID(
	"Look on the sender whether the scheduled heartbeat runs and whether its logs still go to this "
	"machine; then look at the network between");

static const struct {
	const char *word, *reason, *next;
} failures[] = {
	{ "lost", MSG_ID("the control event was sent, but nothing came in through the door"),
	  MSG_ID("Look for a packet filter on this machine and at the drops of this door; restart canh "
		 "and send the control test again") },
	{ "unfound",
	  MSG_ID("the control event came in and was stored, but the rules did not find it in time"),
	  MSG_ID("Look on the page of rules whether the rule 'Control event of canh' is loaded; load the "
		 "rules again and send the control test again") },
	{ "no_beat", MSG_ID("the sender's heartbeat has stayed away for too long"), look_there },
	{ "", MSG_ID("the control event did not come back in time"),
	  MSG_ID("Send the control test again and look into canh's own log") },
};

/* Why a control test failed and what to do; `past` has failed last. */
static void explain(const struct control_past *past, struct err *reason, struct err *next)
{
	size_t i = 0;

	if (strcmp(past->reason, "unsent") == 0) {
		/* what it was is told in the reader's language: rendered when it failed */
		(void)err_set(reason, ERR_STATE, 0, "the control event could not be sent");
		(void)err_set(
			next, ERR_STATE, 0,
			"Look whether this door is open: canh's own log and 'canh serve --check' "
			"tell; then send the control test again");
		return;
	}
	while (i < COUNT(failures) - 1 && strcmp(past->reason, failures[i].word) != 0)
		i++;
	*reason = (struct err){ .kind = ERR_STATE, .id = failures[i].reason };
	*next = (struct err){ .kind = ERR_STATE, .id = failures[i].next };
}

static bool old(const struct silence *s, const struct control_past *p, int64_t now)
{
	return s == NULL || p->passed == TIME_NONE || now - p->passed > s->proved_for;
}

static void unknown(struct source_judged *j, const char *reason, const char *next)
{
	j->proof = PROOF_UNKNOWN;
	j->proof_reason = (struct err){ .kind = ERR_STATE, .id = reason };
	j->proof_next = (struct err){ .kind = ERR_STATE, .id = next };
}

/* Neither part failed: is each proved, and lately? */
static void prove_parts(const struct silence *s, const struct source_facts *f, int64_t now,
			struct source_judged *j)
{
	bool beats = f->beat_since != TIME_NONE;

	if (f->no_door)
		unknown(j, MSG_ID("the door it came through is not open now"),
			MSG_ID("Open it again in canh.yaml, or point the sender to one that is open"));
	else if (f->door.passed == TIME_NONE)
		unknown(j, MSG_ID("its door has not been tested yet"), send_one);
	else if (old(s, &f->door, now))
		unknown(j, MSG_ID("the last passed test of its door is too old"), send_one);
	else if (!beats && !f->whole)
		unknown(j,
			MSG_ID("the door passed, but canh cannot send by the sender's way: between the "
			       "sender and this machine nothing is proved"),
			MSG_ID("Have the sender send a heartbeat: the line to put there stands with the "
			       "source"));
	else if (beats && f->beat.passed == TIME_NONE)
		unknown(j, MSG_ID("the sender's first heartbeat has not come yet"),
			MSG_ID("Put the heartbeat's line on the sender, as the source shows it"));
	else if (beats && old(s, &f->beat, now))
		unknown(j, MSG_ID("the last heartbeat of the sender is too old"), look_there);
	else
		j->proof = PROOF_PASSED;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b; /* TIME_NONE is the earliest of all */
}

static void prove(const struct silence *s, const struct source_facts *f, int64_t now,
		  struct source_judged *j)
{
	bool beats = f->beat_since != TIME_NONE;

	j->failed = later(f->door.failed, beats ? f->beat.failed : TIME_NONE);
	j->passed = beats      ? earlier(f->door.passed, f->beat.passed)
		    : f->whole ? f->door.passed
			       : TIME_NONE;
	if (!f->no_door && control_failed(&f->door))
		j->part = &f->door;
	else if (beats && control_failed(&f->beat))
		j->part = &f->beat;
	if (j->part != NULL) {
		j->proof = PROOF_FAILED;
		explain(j->part, &j->proof_reason, &j->proof_next);
	} else {
		prove_parts(s, f, now, j);
	}
}

/* --- whether it is heard --- */

static void say_silent(const struct silence *s, const struct zone *z, const struct source_facts *f,
		       int64_t now, struct source_judged *j)
{
	int64_t quiet = silence_expected(s, z, f->class, f->last_seen, now);

	j->state = SOURCE_SILENT;
	(void)err_set(
		&j->reason, ERR_STATE, 0,
		"no record for %jd minutes of the time in which it is expected; its class may be "
		"quiet for %jd",
		(intmax_t)(quiet / TIME_MINUTE),
		(intmax_t)(s->class[f->class].quiet / TIME_MINUTE));
	(void)err_set(
		&j->next, ERR_STATE, 0,
		"Look whether the sender runs and still sends to this machine, and at the network "
		"between; where it was switched off on purpose, say so at the source");
}

void source_judge(const struct silence *policy, const struct zone *zone,
		  const struct source_facts *f, int64_t now, struct source_judged *out)
{
	struct source_judged j = { .state = SOURCE_LIVE };
	char until[TIME_TEXT_MAX];

	prove(policy, f, now, &j);
	if (j.proof == PROOF_FAILED) {
		j.state = SOURCE_LOST;
		j.reason = j.proof_reason;
		j.next = j.proof_next;
	} else if (f->off_until != TIME_NONE && f->off_until > now) {
		j.state = SOURCE_OFF;
		(void)err_set(&j.reason, ERR_STATE, 0,
			      "switched off as planned until %s, says %.*s",
			      time_day(f->off_until + 7 * TIME_HOUR, until), STR_ARG(f->off_by));
	} else if (f->last_seen == TIME_NONE) {
		j.state = SOURCE_NEVER;
		(void)err_set(&j.reason, ERR_STATE, 0, "no record has come from it yet");
	} else if (!f->expected) {
		j.state = SOURCE_LIVE;
	} else if (policy == NULL) {
		j.state = SOURCE_UNKNOWN;
		(void)err_set(&j.reason, ERR_STATE, 0,
			      "when it counts as silent is not known: content/silence.yaml was not "
			      "loaded");
	} else if (silence_is(policy, zone, f->class, f->last_seen, now)) {
		say_silent(policy, zone, f, now, &j);
	}
	*out = j;
}

/* --- one test --- */

void control_judge(const struct silence *policy, enum control_kind kind,
		   const struct control_past *past, int64_t now, struct control_judged *out)
{
	struct control_judged j = { .proof = PROOF_PASSED };
	/* the next one may be under way */
	int64_t lasts = policy == NULL          ? 0
			: kind == CONTROL_RULES ? 2 * policy->rules.every + policy->rules.back
						: policy->proved_for;

	if (control_failed(past)) {
		j.proof = PROOF_FAILED;
		explain(past, &j.reason, &j.next);
	} else if (past->passed == TIME_NONE || now - past->passed > lasts) {
		j.proof = PROOF_UNKNOWN;
		j.reason =
			(struct err){ .kind = ERR_STATE,
				      .id = past->passed == TIME_NONE
						    ? MSG_ID("no test has come back yet")
						    : MSG_ID("the last passed test is too old") };
		j.next = (struct err){ .kind = ERR_STATE, .id = send_one };
	}
	*out = j;
}
