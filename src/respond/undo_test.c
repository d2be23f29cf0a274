/* SPDX-License-Identifier: Apache-2.0 */
/* Undo: what an alert is after steps were taken back, and who may take back what. */
#include "respond/undo_int.h"

#include "respond/alert.h"
#include "respond/house_test.h"

static struct house h;

#define BOB "0197f0f0-0000-7000-8000-000000000002"
static const struct actor bob = { .actor = "user:" BOB,
				  .user = { BOB, UUID_LEN },
				  .name = { "Bob", 3 } };

#define ACK "{\"state\":\"acknowledged\"}"
#define YES "{\"verdict\":\"true\",\"reason\":\"r\",\"action\":\"a\"}"
#define NO "{\"verdict\":\"false\",\"reason\":\"n\",\"action\":\"b\"}"
#define DONE "{\"state\":\"handled\"}"
#define UNDO "{\"undo\":true}"
#define TO_BOB "{\"assignee\":\"" BOB "\"}"

/* From a new alert of high severity, by Alice; a patch that begins with '!' is Bob's. */
static const struct {
	const char *name, *patches[6];
	enum err_kind kind;                     /* of the last */
	const char *state, *verdict, *assignee; /* "alice", "bob", "" */
	bool acknowledged, handled;
} cases[] = {
	{ "nothing done", { UNDO }, ERR_STATE, "new", "", "", false, false },
	{ "an acknowledgement", { ACK, UNDO }, ERR_NONE, "new", "", "", false, false },
	{ "once more", { ACK, UNDO, UNDO }, ERR_STATE, "new", "", "", false, false },
	{ "and done again",
	  { ACK, UNDO, ACK },
	  ERR_NONE,
	  "acknowledged",
	  "",
	  "alice",
	  true,
	  false },
	{ "the first one after the second",
	  { ACK, UNDO, ACK, UNDO },
	  ERR_NONE,
	  "new",
	  "",
	  "",
	  false,
	  false },
	{ "to whom it was given before",
	  { TO_BOB, ACK, UNDO },
	  ERR_NONE,
	  "new",
	  "",
	  "bob",
	  false,
	  false },
	{ "an assignment",
	  { ACK, TO_BOB, UNDO },
	  ERR_NONE,
	  "acknowledged",
	  "",
	  "alice",
	  true,
	  false },
	{ "a verdict", { ACK, YES, UNDO }, ERR_NONE, "acknowledged", "", "alice", true, false },
	{ "the other verdict",
	  { ACK, YES, NO, UNDO },
	  ERR_NONE,
	  "verified_true",
	  "true",
	  "alice",
	  true,
	  false },
	{ "a verdict that acknowledged", { YES, UNDO }, ERR_NONE, "new", "", "", false, false },
	{ "handled", { YES, DONE, UNDO }, ERR_NONE, "verified_true", "true", "", true, false },
	{ "step by step",
	  { ACK, YES, DONE, UNDO, UNDO },
	  ERR_NONE,
	  "acknowledged",
	  "",
	  "alice",
	  true,
	  false },
	{ "what came in one act goes in one",
	  { "{\"verdict\":\"true\",\"reason\":\"r\",\"action\":\"a\",\"state\":\"handled\"}",
	    UNDO },
	  ERR_NONE,
	  "new",
	  "",
	  "",
	  false,
	  false },
	{ "a comment stays and is in nobody's way",
	  { ACK, "{\"comment\":\"c\"}", UNDO },
	  ERR_NONE,
	  "new",
	  "",
	  "",
	  false,
	  false },
	{ "what another one did",
	  { ACK, "!" UNDO },
	  ERR_STATE,
	  "acknowledged",
	  "",
	  "alice",
	  true,
	  false },
	{ "under what another one did",
	  { ACK, "!" YES, UNDO },
	  ERR_STATE,
	  "verified_true",
	  "true",
	  "alice",
	  true,
	  false },
};

static enum err_kind patch(const char *id, const char *text)
{
	bool other = text[0] == '!';
	struct json *v = NULL;
	struct alert_patch p;
	struct alert_changed out;
	struct err why = { .kind = ERR_NONE };

	CHECK(text, json_parse(str_of(text + other), 4096, &v, NULL));
	bool ok = alert_patch_parse(v, &p, &why) &&
		  alert_change(h.db, other ? &bob : &alice, str_of(id), &p, &out, &why);
	json_free(v);
	return ok ? ERR_NONE : why.kind;
}

static void make(char id[UUID_MAX])
{
	static const struct alert_draft draft = { .title = STR("U"),
						  .severity = STR("high"),
						  .channel = STR("soc"),
						  .observed = TIME_NONE };

	CHECK("make", alert_make(h.db, &alice, &draft, id, NULL));
}

static const char *who(const char *id)
{
	return id[0] == '\0' ? "" : strcmp(id, BOB) == 0 ? "bob" : "alice";
}

static void walk(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		enum err_kind kind = ERR_NONE;
		struct alert_row row;
		char id[UUID_MAX];

		make(id);
		for (size_t p = 0; p < COUNT(cases[i].patches) && cases[i].patches[p]; p++)
			kind = patch(id, cases[i].patches[p]);
		CHECK(cases[i].name, kind == cases[i].kind);
		CHECK(cases[i].name, alert_row_get(h.db, str_of(id), &row, NULL));
		CHECK(cases[i].name, str_eq(alert_state_names[row.state], str_of(cases[i].state)));
		CHECK(cases[i].name, strcmp(row.verdict, cases[i].verdict) == 0);
		CHECK(cases[i].name, strcmp(who(row.assignee), cases[i].assignee) == 0);
		CHECK(cases[i].name, (row.ack_done != TIME_NONE) == cases[i].acknowledged);
		CHECK(cases[i].name, (row.handle_done != TIME_NONE) == cases[i].handled);
	}
	CHECK("counts follow",
	      house_number(&h, "SELECT count(*) FROM alert_counts c WHERE n <> (SELECT count(*)"
			       " FROM alerts a WHERE a.state = c.state AND a.severity = c.severity"
			       " AND a.exercise = c.exercise)") == 0);
	CHECK("each is in the ledger",
	      house_number(&h, "SELECT count(*) FROM alert_history WHERE act = 'undone'") ==
			      house_number(&h, "SELECT count(*) FROM ledger_entries"
					       " WHERE kind = 'alert.undone'") &&
		      house_number(&h, "SELECT count(*) FROM ledger_entries"
				       " WHERE kind = 'alert.undone'") > 10);
	CHECK("the clock runs again",
	      house_number(
		      &h,
		      "SELECT count(*) FROM alerts WHERE state = 'new' AND urgency = acknowledge_due") ==
		      house_number(&h, "SELECT count(*) FROM alerts WHERE state = 'new'"));
}

static void words(void)
{
	char id[UUID_MAX];

	make(id);
	CHECK("true, then false", patch(id, YES) == ERR_NONE && patch(id, NO) == ERR_NONE &&
					  patch(id, UNDO) == ERR_NONE);
	CHECK("the words of the first stand again",
	      house_number(
		      &h,
		      "SELECT count(*) FROM alerts WHERE number = (SELECT max(number) FROM alerts)"
		      " AND verdict_reason = 'r' AND verdict_action = 'a'") == 1);
}

static void too_late(void)
{
	char id[UUID_MAX];

	make(id);
	CHECK("ack", patch(id, ACK) == ERR_NONE);
	CHECK("eleven minutes pass",
	      db_script(h.db, "UPDATE alert_history SET at = at - 660000000;", NULL));
	CHECK("too late", patch(id, UNDO) == ERR_STATE);
	CHECK("alone", patch(id, "{\"undo\":true,\"comment\":\"x\"}") == ERR_INPUT);
	CHECK("true only", patch(id, "{\"undo\":false}") == ERR_INPUT);
}

int main(void)
{
	house_open(&h);
	house_user(&h, str_of(BOB), "Bob");
	walk();
	words();
	too_late();
	house_close(&h);
	return TEST_REPORT();
}
