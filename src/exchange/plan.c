/* SPDX-License-Identifier: Apache-2.0 */
/* plan.c - invariant: an alert that is new and has a rule has its row in notice_reminders until nothing more
 * is to be said of it. */
#include "exchange/plan.h"

#include "exchange/plan_int.h"
#include "state/ledger.h"
#include "state/state.h"

static const int64_t undo_time = 10 *
				 TIME_MINUTE; /* in which an acknowledgement may be taken back */

static struct db_val severity_if(const struct notify *n, int rank)
{
	return n->rules[rank].is_set ? V_Z(notify_severity_name(rank)) : V_NULL;
}

/* Up to which number alerts were looked at; -1: never. */
static bool read_cursor(struct plan *p, int64_t *out)
{
	struct db_rows *r = db_query(p->db, "SELECT number FROM notice_cursor WHERE unit = $1",
				     DB_VALS(V_Z(p->unit)), p->why);

	*out = db_next(r) ? db_int(r, 0) : -1;
	return db_end(r, p->why);
}

/* Alerts that came since the last call. */
static bool take_new(struct plan *p, int64_t from, int64_t to)
{
	const struct db_val vals[] = { V_INT(from),          V_INT(to),
				       V_INT(p->now),        V_INT(p->n->exercises),
				       severity_if(p->n, 0), severity_if(p->n, 1),
				       severity_if(p->n, 2), severity_if(p->n, 3),
				       severity_if(p->n, 4) };

	return from < 0 ||
	       db_run(p->db,
		      "INSERT INTO notice_reminders (alert, next, told, climbed)"
		      " SELECT id, $3, 0, 0 FROM alerts WHERE number > $1 AND number <= $2"
		      " AND state = 'new' AND rule_kind <> 'canary' AND (exercise = 0 OR $4 = 1)"
		      " AND severity IN ($5, $6, $7, $8, $9) ON CONFLICT (alert) DO NOTHING",
		      vals, COUNT(vals), p->why);
}

static bool put_cursor(struct plan *p, int64_t number)
{
	return db_run(p->db,
		      "INSERT INTO notice_cursor (unit, number) VALUES ($1, $2)"
		      " ON CONFLICT (unit) DO UPDATE SET number = excluded.number",
		      DB_VALS(V_Z(p->unit), V_INT(number)), p->why);
}

/* What was acknowledged needs no more words. */
static bool forget_done(struct plan *p)
{
	return db_run(p->db,
		      "DELETE FROM notice_reminders WHERE next <= $1 AND alert IN (SELECT r.alert"
		      " FROM notice_reminders r JOIN alerts a ON a.id = r.alert WHERE r.next <= $1"
		      " AND a.state <> 'new' AND coalesce(a.acknowledge_done, a.changed) < $2)",
		      DB_VALS(V_INT(p->now), V_INT(p->now - undo_time)), p->why);
}

static bool load_due(struct plan *p, struct due_alert *out, size_t *n)
{
	struct db_rows *r = db_query(
		p->db,
		"SELECT a.id, a.unit, a.site, a.number, a.opened, r.told, a.severity, a.exercise,"
		" r.climbed FROM notice_reminders r JOIN alerts a ON a.id = r.alert"
		" WHERE r.next <= $1 AND a.state = 'new' ORDER BY r.next, a.number LIMIT $2",
		DB_VALS(V_INT(p->now), V_INT(PLAN_PER_CALL)), p->why);

	for (*n = 0; *n < PLAN_PER_CALL && db_next(r); ++*n) {
		struct due_alert *al = &out[*n];

		*al = (struct due_alert){ .number = db_int(r, 3),
					  .opened = db_int(r, 4),
					  .told = db_int(r, 5),
					  .severity = notify_severity(db_text(r, 6)),
					  .exercise = db_int(r, 7) != 0,
					  .climbed = db_int(r, 8) != 0 };
		db_put(r, 0, al->id, sizeof al->id);
		db_put(r, 1, al->unit, sizeof al->unit);
		db_put(r, 2, al->site, sizeof al->site);
	}
	return db_end(r, p->why);
}

/* --- one alert --- */

static bool say_mail(struct plan *p, const struct due_alert *al, enum said kind)
{
	for (size_t i = 0; i < p->people.n; i++) {
		const struct whom *w = &p->people.who[i];
		struct slot s = { .channel = BY_MAIL,
				  .target = w->address,
				  .name = w->name,
				  .lang = w->lang,
				  .exercise = al->exercise,
				  .held = w->held,
				  .kind = (int)kind,
				  .severity = al->severity };

		memcpy(s.contact, w->contact, sizeof s.contact);
		if (!slot_add(p, &s, al))
			return false;
	}
	return true;
}

static bool say_hooks(struct plan *p, const struct due_alert *al, enum said kind)
{
	const struct notify_rule *rule = &p->n->rules[al->severity];

	for (size_t i = 0; i < rule->n_hooks; i++) {
		const struct webhook *h = notify_hook(p->n, rule->hooks[i]);
		const struct slot s = { .channel = BY_WEBHOOK,
					.target = rule->hooks[i],
					.name = h != NULL ? h->name : rule->hooks[i],
					.lang = STR("vi"),
					.exercise = al->exercise,
					.kind = (int)kind,
					.severity = al->severity };

		if (!slot_add(p, &s, al))
			return false;
	}
	return true;
}

/* Nobody is on duty, nobody higher up has an address: told on the board. */
static bool say_nobody(struct plan *p, const struct due_alert *al)
{
	struct err reason;
	char vi[ERR_TEXT_MAX], id[UUID_MAX];

	(void)err_set(&reason, ERR_ABSENT, 0,
		      "there is nobody to tell: nobody on duty and nobody higher up has an "
		      "e-mail address");
	p->told.nobody++;
	uuid_new(id);
	const struct ledger_note note = { "canh", "notice.given_up", str_of(id), TIME_NONE };
	return ledger_append(p->db, &note,
			     LEDGER_FIELDS(F_Z("alert", al->id), F_Z("receipt", reason.text)), NULL,
			     p->why) &&
	       db_run(p->db,
		      "INSERT INTO notices (id, unit, number, kind, severity, exercise, count,"
		      " channel, target, name, lang, state, created, settled, error_vi, error_en)"
		      " VALUES ($1, $2, (SELECT coalesce(max(number), 0) + 1 FROM notices),"
		      " 'alert', $3, $4, 1, 'mail', '', '', 'vi', 'given_up', $5, $5, $6, $7)",
		      DB_VALS(V_Z(id), V_Z(p->unit), V_Z(notify_severity_name(al->severity)),
			      V_INT(al->exercise), V_INT(p->now),
			      V_Z(err_text(&reason, LANG_VI, vi, sizeof vi)), V_Z(reason.text)),
		      p->why) &&
	       db_run(p->db, "INSERT INTO notice_alerts (notice, alert) VALUES ($1, $2)",
		      DB_VALS(V_Z(id), V_Z(al->id)), p->why);
}

/* When something is to be said again; TIME_NONE: never. */
static int64_t next_time(const struct plan *p, const struct due_alert *al, bool climbed)
{
	const struct notify_rule *rule = &p->n->rules[al->severity];
	int64_t next = rule->repeat > 0 ? p->now + rule->repeat : TIME_NONE;
	int64_t ladder = al->opened + rule->escalate;

	if (rule->escalate > 0 && !climbed && (next == TIME_NONE || ladder < next))
		next = ladder;
	return next;
}

static bool set_next(struct plan *p, const struct due_alert *al, bool climbed)
{
	int64_t next = next_time(p, al, climbed);

	if (next == TIME_NONE)
		return db_run(p->db, "DELETE FROM notice_reminders WHERE alert = $1",
			      DB_VALS(V_Z(al->id)), p->why);
	return db_run(p->db,
		      "UPDATE notice_reminders SET next = $2, told = told + 1, climbed = $3"
		      " WHERE alert = $1",
		      DB_VALS(V_Z(al->id), V_INT(next), V_INT(climbed)), p->why);
}

static bool collect(struct plan *p, const struct due_alert *al, bool *climbed)
{
	const struct notify_rule *rule = &p->n->rules[al->severity];

	p->people.n = 0;
	if (!rule->mail)
		return true;
	if (!people_add(p, al, rule->to, rule->n_to))
		return false;
	*climbed = *climbed || (p->people.n == 0 && rule->n_hooks == 0);
	return !*climbed || people_add(p, al, rule->higher, rule->n_higher);
}

static bool say(struct plan *p, const struct due_alert *al)
{
	const struct notify_rule *rule = &p->n->rules[al->severity];
	bool climbed = al->climbed || (rule->escalate > 0 && p->now >= al->opened + rule->escalate);
	bool first = al->told == 0, up = climbed && !al->climbed;
	struct arena before = p->a;

	if (!rule->is_set)
		return db_run(p->db, "DELETE FROM notice_reminders WHERE alert = $1",
			      DB_VALS(V_Z(al->id)), p->why);
	if (!collect(p, al, &climbed))
		return false;
	enum said kind = first ? SAID_ALERT : up ? SAID_LADDER : SAID_REPEAT;
	bool silent = p->people.n == 0 && rule->n_hooks == 0;
	p->told.alerts++;
	/* that there is nobody is said once a step; who comes on duty is told by the next turn */
	bool ok = (!silent ? say_mail(p, al, kind) : !(first || up) || say_nobody(p, al)) &&
		  say_hooks(p, al, kind) && set_next(p, al, climbed);
	if (p->n_slots == 0) /* slots hold views of what was found */
		p->a = before;
	return ok;
}

static bool say_due(struct plan *p)
{
	struct due_alert *due = NEW(&p->a, struct due_alert, PLAN_PER_CALL);
	size_t n;

	if (due == NULL)
		return err_set(p->why, ERR_LIMIT, 0, "no memory");
	if (!load_due(p, due, &n))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!say(p, &due[i]))
			return false;
	return slots_flush(p);
}

static bool run(struct plan *p, int64_t from, int64_t to)
{
	return take_new(p, from, to) && (from == to || put_cursor(p, to)) && forget_done(p) &&
	       say_due(p);
}

bool plan_run(struct db *db, struct arena a, const struct notify *n, int64_t now,
	      struct planned *out, struct err *why)
{
	struct plan *p = NEW(&a, struct plan, 1);
	int64_t from, to, due;

	if (p == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	p->db = db;
	p->n = n;
	p->now = now;
	p->why = why;
	p->a = a;
	if (!state_unit(db, p->unit, why) || !read_cursor(p, &from) ||
	    !db_number(db, "SELECT max(number) FROM alerts", NULL, 0, &to, why) ||
	    !db_number(db, "SELECT count(*) FROM notice_reminders WHERE next <= $1",
		       DB_VALS(V_INT(now)), &due, why))
		return false;
	*out = (struct planned){ .alerts = 0 };
	if (from == to && due == 0)
		return true;
	if (!db_begin(db, why) || !db_leave(db, run(p, from, to), why))
		return false;
	*out = p->told;
	return true;
}
