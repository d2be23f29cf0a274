/* SPDX-License-Identifier: Apache-2.0 */
/* outbox.c - states: waiting or held -> sending -> sent, or waiting again, or given_up; or dropped.
 * What is sending for too long is waiting again. */
#include "exchange/outbox.h"

#include "state/ledger.h"
#include "state/state.h"

static const char *const channels[] = { "mail", "webhook" };

const char *channel_name(enum channel c)
{
	return channels[c];
}

int64_t outbox_wait(int64_t attempts)
{
	static const int64_t steps[] = { 15, 30, 60, 120, 300, 600, 900 };
	size_t i = attempts < 1 ? 0 : (size_t)attempts - 1;

	return steps[i < COUNT(steps) ? i : COUNT(steps) - 1] * TIME_SECOND;
}

static bool settle(struct db *db, struct str id, const struct delivery *o, int64_t now,
		   const char **state, struct err *why);

/* --- taking --- */

/* What was taken so long ago that its end was not recorded: it may have gone. */
static bool settle_lost(struct db *db, enum channel channel, int64_t now, struct err *why)
{
	struct delivery o = { .doubt = true };
	char id[UUID_MAX];
	const char *state;
	bool found = true;

	(void)err_set(&o.why, ERR_STATE, 0, "what became of it could not be recorded");
	while (found) {
		struct db_rows *r =
			db_query(db,
				 "SELECT id FROM notices WHERE state = 'sending'"
				 " AND channel = $1 AND last_try <= $2 LIMIT 1",
				 DB_VALS(V_Z(channels[channel]), V_INT(now - OUTBOX_LEASE)), why);

		found = db_next(r);
		if (found)
			db_put(r, 0, id, sizeof id);
		if (!db_end(r, why) || (found && !settle(db, str_of(id), &o, now, &state, why)))
			return false;
	}
	return true;
}

static bool next_due(struct db *db, struct arena *a, enum channel channel, int64_t now,
		     struct outgoing *out, struct err *why)
{
	struct db_rows *r = db_query(
		db,
		"SELECT id, number, count, attempts, kind, severity, target, lang, exercise"
		" FROM notices WHERE channel = $1 AND state IN ('waiting', 'held') AND due <= $2"
		" ORDER BY due, number LIMIT 1",
		DB_VALS(V_Z(channels[channel]), V_INT(now)), why);

	bool found = db_next(r);

	*out = (struct outgoing){ .found = false };
	if (found) {
		*out = (struct outgoing){ .found = true,
					  .number = db_int(r, 1),
					  .count = db_int(r, 2),
					  .attempts = db_int(r, 3) + 1,
					  .kind = db_keep(r, 4, a),
					  .severity = db_keep(r, 5, a),
					  .target = db_keep(r, 6, a),
					  .lang = db_keep(r, 7, a),
					  .exercise = db_int(r, 8) != 0 };
		db_put(r, 0, out->id, sizeof out->id);
	}
	return db_end(r, why);
}

/* The first alert that is open still; *open: there is one. */
static bool first_alert(struct db *db, struct outgoing *o, bool *open, struct err *why)
{
	struct db_rows *r = db_query(db,
				     "SELECT a.number, a.opened FROM notice_alerts n"
				     " JOIN alerts a ON a.id = n.alert WHERE n.notice = $1"
				     " AND a.state = 'new' ORDER BY a.number LIMIT 1",
				     DB_VALS(V_Z(o->id)), why);

	*open = db_next(r);
	if (*open) {
		o->alert = db_int(r, 0);
		o->opened = db_int(r, 1);
	}
	return db_end(r, why);
}

static bool drop(struct db *db, const char *id, int64_t now, struct err *why)
{
	return db_run(db,
		      "UPDATE notices SET state = 'dropped', due = NULL, settled = $2"
		      " WHERE id = $1",
		      DB_VALS(V_Z(id), V_INT(now)), why);
}

static bool begin(struct db *db, const char *id, int64_t now, struct err *why)
{
	return db_run(db,
		      "UPDATE notices SET state = 'sending', attempts = attempts + 1,"
		      " last_try = $2, first_try = coalesce(first_try, $2) WHERE id = $1",
		      DB_VALS(V_Z(id), V_INT(now)), why);
}

static bool take(struct db *db, struct arena *a, enum channel channel, int64_t now,
		 struct outgoing *out, struct err *why)
{
	bool open = false;

	if (!settle_lost(db, channel, now, why))
		return false;
	for (;;) {
		if (!next_due(db, a, channel, now, out, why))
			return false;
		if (!out->found)
			return true;
		open = str_eq(out->kind, STR("test"));
		if (!open && !first_alert(db, out, &open, why))
			return false;
		if (open)
			return begin(db, out->id, now, why);
		if (!drop(db, out->id, now, why))
			return false;
	}
}

bool outbox_take(struct db *db, struct arena *a, enum channel channel, int64_t now,
		 struct outgoing *out, struct err *why)
{
	struct outgoing got = { .found = false };
	int64_t due;

	/* without a write lock where nothing is due, which is nearly always */
	if (!db_number(db,
		       "SELECT (SELECT count(*) FROM notices WHERE channel = $1"
		       " AND state IN ('waiting', 'held') AND due <= $2)"
		       " + (SELECT count(*) FROM notices WHERE channel = $1"
		       " AND state = 'sending' AND last_try <= $3)",
		       DB_VALS(V_Z(channels[channel]), V_INT(now), V_INT(now - OUTBOX_LEASE)), &due,
		       why))
		return false;
	if (due == 0) {
		*out = got;
		return true;
	}
	if (!db_begin(db, why) || !db_leave(db, take(db, a, channel, now, &got, why), why))
		return false;
	*out = got;
	return true;
}

/* --- what became of it --- */

struct being_sent {
	int64_t attempts, first_try, count;
	struct str target, severity, channel;
	bool found;
};

static bool look_up(struct db *db, struct arena *a, struct str id, struct being_sent *out,
		    struct err *why)
{
	struct db_rows *r = db_query(db,
				     "SELECT attempts, first_try, count, target, severity, channel"
				     " FROM notices WHERE id = $1 AND state = 'sending'",
				     DB_VALS(V_TEXT(id)), why);

	*out = (struct being_sent){ .found = db_next(r) };
	if (out->found) {
		out->attempts = db_int(r, 0);
		out->first_try = db_int(r, 1);
		out->count = db_int(r, 2);
		out->target = db_keep(r, 3, a);
		out->severity = db_keep(r, 4, a);
		out->channel = db_keep(r, 5, a);
	}
	if (!db_end(r, why))
		return false;
	return out->found || err_set(why, ERR_STATE, 0, "the notice is not being sent");
}

static bool note_end(struct db *db, struct str id, const struct being_sent *s,
		     const struct delivery *o, struct err *why)
{
	const struct ledger_note note = { "canh", o->sent ? "notice.sent" : "notice.given_up", id,
					  TIME_NONE };

	return ledger_append(
		db, &note,
		LEDGER_FIELDS(F_INT("attempts", s->attempts), F_TEXT("channel", s->channel),
			      F_INT("count", s->count),
			      F_TEXT("receipt", o->sent ? o->receipt : str_of(o->why.text)),
			      F_TEXT("severity", s->severity), F_PERSONAL("target", s->target)),
		NULL, why);
}

static bool put_sent(struct db *db, struct str id, const struct delivery *o, int64_t now,
		     struct err *why)
{
	return db_run(db,
		      "UPDATE notices SET state = 'sent', due = NULL, settled = $2, receipt = $3,"
		      " error_vi = NULL, error_en = NULL WHERE id = $1",
		      DB_VALS(V_TEXT(id), V_INT(now), V_TEXT(o->receipt)), why);
}

static bool put_failed(struct db *db, struct str id, const struct delivery *o, int64_t due,
		       int64_t now, struct err *why)
{
	char vi[ERR_TEXT_MAX];
	bool over = due == TIME_NONE;

	return db_run(db,
		      "UPDATE notices SET state = $2, due = $3, settled = $4, error_vi = $5,"
		      " error_en = $6, in_doubt = max(in_doubt, $7) WHERE id = $1",
		      DB_VALS(V_TEXT(id), V_Z(over ? "given_up" : "waiting"), V_TIME(due),
			      over ? V_INT(now) : V_NULL,
			      V_Z(err_text(&o->why, LANG_VI, vi, sizeof vi)), V_Z(o->why.text),
			      V_INT(o->doubt)),
		      why);
}

static bool settle(struct db *db, struct str id, const struct delivery *o, int64_t now,
		   const char **state, struct err *why)
{
	unsigned char mem[2048];
	struct arena a = { mem, mem + sizeof mem };
	struct being_sent s;

	if (!look_up(db, &a, id, &s, why))
		return false;
	bool over = !o->sent && now - s.first_try >= OUTBOX_TRIED_FOR;
	int64_t due = over ? TIME_NONE : now + outbox_wait(s.attempts);
	bool ok = o->sent ? put_sent(db, id, o, now, why) : put_failed(db, id, o, due, now, why);
	*state = o->sent ? "sent" : over ? "given_up" : "waiting";
	return ok && ((!o->sent && !over) || note_end(db, id, &s, o, why));
}

bool outbox_settle(struct db *db, struct str id, const struct delivery *o, int64_t now,
		   const char **state, struct err *why)
{
	return db_begin(db, why) && db_leave(db, settle(db, id, o, now, state, why), why);
}

bool outbox_restart(struct db *db, int64_t now, int64_t *n, struct err *why)
{
	if (!db_run(db,
		    "UPDATE notices SET state = 'waiting', due = $1, in_doubt = 1"
		    " WHERE state = 'sending'",
		    DB_VALS(V_INT(now)), why))
		return false;
	*n = db_changes(db);
	return true;
}

/* --- tried by hand --- */

static bool add_test(struct db *db, const struct test_draft *t, const char *actor, const char *id,
		     struct err *why)
{
	const struct ledger_note note = { actor, "notice.tried", str_of(id), TIME_NONE };
	char unit[UUID_MAX];

	return state_unit(db, unit, why) &&
	       db_run(db,
		      "INSERT INTO notices (id, unit, number, kind, exercise, count, channel,"
		      " target, name, contact, lang, state, created, due) VALUES ($1, $2,"
		      " (SELECT coalesce(max(number), 0) + 1 FROM notices), 'test', 0, 0, $3, $4,"
		      " $5, $6, $7, 'waiting', $8, $8)",
		      DB_VALS(V_Z(id), V_Z(unit), V_Z(channels[t->channel]), V_TEXT(t->target),
			      V_TEXT(t->name), t->contact.n > 0 ? V_TEXT(t->contact) : V_NULL,
			      V_TEXT(t->lang), V_TIME(time_now())),
		      why) &&
	       ledger_append(db, &note,
			     LEDGER_FIELDS(F_Z("channel", channels[t->channel]),
					   F_PERSONAL("target", t->target)),
			     NULL, why);
}

bool outbox_test(struct db *db, const struct test_draft *t, const char *actor, char id[UUID_MAX],
		 struct err *why)
{
	char made[UUID_MAX];

	if (!db_begin(db, why) || !db_leave(db, add_test(db, t, actor, uuid_new(made), why), why))
		return false;
	memcpy(id, made, sizeof made);
	return true;
}
