/* SPDX-License-Identifier: Apache-2.0 */
/*
 * undo.c - taking back what one has just done to an alert.
 *
 * The history loses nothing: taking back is a step of its own that names the steps it takes back.
 * What the alert is then is what its other steps make of it, played again from the beginning; the
 * clock of an acknowledgement that was taken back runs on as if it had never been given.
 */
#include "respond/undo_int.h"

#include "base/json.h"

#include <stdio.h>

enum { PAST_MAX = 128, DETAIL_MAX = 16384 };
static const int64_t undo_within = 10 * TIME_MINUTE;

struct past { /* one step of triage */
	int64_t n, at;
	char act[16], actor[64];
	bool gone; /* taken back */
};

struct undoing {
	struct db *db;
	const char *alert;
	struct past all[PAST_MAX];
	size_t n;
	struct err *why;
};

/* --- what was done --- */

static void mark_gone(struct undoing *u, int64_t from, int64_t to)
{
	for (size_t i = 0; i < u->n; i++)
		if (u->all[i].n >= from && u->all[i].n <= to)
			u->all[i].gone = true;
}

static bool take_undone(struct undoing *u, struct str detail)
{
	struct json *v = NULL;
	int64_t from = 0, to = -1;

	if (!json_parse(detail, DETAIL_MAX, &v, u->why))
		return false;
	if (json_int(json_get(v, "from"), &from) && json_int(json_get(v, "to"), &to))
		mark_gone(u, from, to);
	json_free(v);
	return true;
}

static bool read_past(struct undoing *u)
{
	struct db_rows *r = db_query(
		u->db,
		"SELECT step, at, act, actor, detail_json FROM alert_history WHERE alert = $1"
		" AND act IN ('acknowledged', 'assigned', 'verified_true', 'verified_false',"
		" 'handled', 'undone') ORDER BY step",
		DB_VALS(V_Z(u->alert)), u->why);
	bool ok = true;

	while (ok && db_next(r)) {
		struct past *p = &u->all[u->n];

		if (str_eq(db_text(r, 2), STR("undone"))) {
			ok = take_undone(u, db_text(r, 4));
			continue;
		}
		if (u->n == PAST_MAX) {
			ok = err_set(u->why, ERR_LIMIT, 0, "the alert has too many steps to undo");
			break;
		}
		*p = (struct past){ .n = db_int(r, 0), .at = db_time(r, 1) };
		db_put(r, 2, p->act, sizeof p->act);
		db_put(r, 3, p->actor, sizeof p->actor);
		u->n++;
	}
	return db_end(r, ok ? u->why : NULL) && ok;
}

/* The last thing that still stands: all steps of one moment; false with the reason when there is none
 * that this person may take back. */
static bool find_last(const struct undoing *u, const char *actor, int64_t now, int64_t *from,
		      int64_t *to)
{
	size_t i = u->n;

	while (i > 0 && u->all[i - 1].gone)
		i--;
	if (i == 0)
		return err_set(u->why, ERR_STATE, 0, "there is nothing to undo");
	const struct past *last = &u->all[i - 1];
	if (strcmp(last->actor, actor) != 0)
		return err_set(u->why, ERR_STATE, 0, "the last step is somebody else's");
	if (now - last->at > undo_within)
		return err_set(u->why, ERR_STATE, 0, "the last step is older than %d minutes",
			       (int)(undo_within / TIME_MINUTE));
	*from = *to = last->n;
	while (i > 0 && u->all[i - 1].at == last->at && !u->all[i - 1].gone)
		*from = u->all[--i].n;
	return true;
}

/* --- played again --- */

static void play_verdict(struct alert_row *row, const struct past *p)
{
	bool truly = strcmp(p->act, "verified_true") == 0;

	row->state = truly ? AS_TRUE : AS_FALSE;
	if (row->ack_done == TIME_NONE)
		row->ack_done = p->at;
	snprintf(row->verdict, sizeof row->verdict, "%s", truly ? "true" : "false");
}

static void play_acknowledged(struct alert_row *row, const struct past *p)
{
	static const char user[] = "user:";

	row->state = AS_ACKNOWLEDGED;
	row->ack_done = p->at;
	if (row->assignee[0] == '\0' && strncmp(p->actor, user, sizeof user - 1) == 0)
		snprintf(row->assignee, sizeof row->assignee, "%.*s", UUID_LEN,
			 p->actor + sizeof user - 1);
}

/* The steps whose detail matters: to whom it was given, why it was judged so. */
static bool play_detail(struct undoing *u, struct alert_row *row, const struct past *p)
{
	struct db_rows *r = db_query(
		u->db, "SELECT detail_json FROM alert_history WHERE alert = $1 AND step = $2",
		DB_VALS(V_Z(u->alert), V_INT(p->n)), u->why);
	struct json *v = NULL;
	bool ok = db_next(r) && json_parse(db_text(r, 0), DETAIL_MAX, &v, u->why);

	if (!db_end(r, ok ? u->why : NULL))
		ok = false;
	if (ok && strcmp(p->act, "assigned") == 0)
		snprintf(row->assignee, sizeof row->assignee, "%.*s",
			 STR_ARG(json_get_str(v, "assignee")));
	else if (ok)
		ok = db_run(u->db,
			    "UPDATE alerts SET verdict_reason = $1, verdict_action = $2"
			    " WHERE id = $3",
			    DB_VALS(V_TEXT(json_get_str(v, "reason")),
				    V_TEXT(json_get_str(v, "action")), V_Z(u->alert)),
			    u->why);
	json_free(v);
	return ok;
}

static bool play(struct undoing *u, struct alert_row *row)
{
	bool ok = db_run(u->db,
			 "UPDATE alerts SET verdict_reason = NULL, verdict_action = NULL"
			 " WHERE id = $1",
			 DB_VALS(V_Z(u->alert)), u->why);

	row->state = AS_NEW;
	row->assignee[0] = row->verdict[0] = '\0';
	row->ack_done = row->handle_done = TIME_NONE;
	for (size_t i = 0; ok && i < u->n; i++) {
		const struct past *p = &u->all[i];

		if (p->gone)
			continue;
		if (strcmp(p->act, "acknowledged") == 0) {
			play_acknowledged(row, p);
		} else if (strcmp(p->act, "handled") == 0) {
			row->state = AS_HANDLED;
			row->handle_done = p->at;
		} else {
			if (strcmp(p->act, "assigned") != 0)
				play_verdict(row, p);
			ok = play_detail(u, row, p);
		}
	}
	return ok;
}

static bool say(const struct undoing *u, const struct alert_row *row, const char *actor,
		int64_t now, int64_t from, int64_t to)
{
	const struct ledger_field fields[] = { F_INT("from", from), F_INT("to", to) };
	char detail[80];
	int n = snprintf(detail, sizeof detail, "{\"from\":%jd,\"to\":%jd}", (intmax_t)from,
			 (intmax_t)to);
	const struct alert_step step = { "undone", actor,        now, { detail, (size_t)n },
					 fields,   COUNT(fields) };

	return alert_step_put(u->db, row, &step, u->why);
}

bool alert_undo(struct db *db, struct alert_row *row, const char *actor, int64_t now,
		struct err *why)
{
	struct undoing u = { .db = db, .alert = row->id, .why = why };
	int64_t from = 0, to = 0;

	if (!read_past(&u) || !find_last(&u, actor, now, &from, &to))
		return false;
	mark_gone(&u, from, to);
	return play(&u, row) && say(&u, row, actor, now, from, to);
}
