/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan_slots.c - one notice for each target that has not gone yet takes in all alerts of its minute.
 * One in doubt takes in none: it may have gone as it was.
 */
#include "exchange/outbox.h"
#include "exchange/plan_int.h"

static const char *const kinds[] = { "repeat", "ladder", "alert" };
static const int64_t apart = TIME_MINUTE;

static int kind_of(struct str s)
{
	for (int i = 0; i < (int)COUNT(kinds); i++)
		if (str_eq(s, str_of(kinds[i])))
			return i;
	return SAID_REPEAT;
}

/* When it may go: a minute after the last one to that target, unless this is worse. */
static bool when(struct plan *p, const struct slot *s, int64_t *out)
{
	struct db_rows *r = db_query(
		p->db,
		"SELECT last_try, severity FROM notices WHERE channel = $1"
		" AND target = $2 AND kind <> 'test' AND last_try > $3"
		" ORDER BY last_try DESC LIMIT 1",
		DB_VALS(V_Z(channel_name(s->channel)), V_TEXT(s->target), V_INT(p->now - apart)),
		p->why);

	*out = s->held > 0 ? s->held : p->now;
	if (db_next(r) && s->held == 0 && notify_severity(db_text(r, 1)) >= s->severity)
		*out = db_int(r, 0) + apart;
	return db_end(r, p->why);
}

static bool find_waiting(struct plan *p, struct slot *s, bool *found)
{
	struct db_rows *r =
		db_query(p->db,
			 "SELECT id, kind, severity, due FROM notices WHERE channel = $1 AND"
			 " target = $2 AND exercise = $3 AND state = $4 AND kind <> 'test'"
			 " AND in_doubt = 0 AND (first_try IS NULL OR first_try > $5)"
			 " ORDER BY number DESC LIMIT 1",
			 DB_VALS(V_Z(channel_name(s->channel)), V_TEXT(s->target),
				 V_INT(s->exercise), V_Z(s->held > 0 ? "held" : "waiting"),
				 /* half of the time that it will be tried is left */
				 V_INT(p->now - OUTBOX_TRIED_FOR / 2)),
			 p->why);

	*found = db_next(r);
	if (*found) {
		int kind = kind_of(db_text(r, 1)), severity = notify_severity(db_text(r, 2));

		db_put(r, 0, s->id, sizeof s->id);
		s->kind = kind > s->kind ? kind : s->kind;
		s->severity = severity > s->severity ? severity : s->severity;
		s->due = db_int(r, 3);
	}
	return db_end(r, p->why);
}

static bool make(struct plan *p, struct slot *s)
{
	uuid_new(s->id);
	s->fresh = true;
	s->due = INT64_MAX;
	p->told.notices++;
	return db_run(p->db,
		      "INSERT INTO notices (id, unit, number, kind, severity, exercise, count,"
		      " channel, target, name, contact, lang, state, created, due) VALUES ($1, $2,"
		      " (SELECT coalesce(max(number), 0) + 1 FROM notices), $3, $4, $5, 0, $6, $7,"
		      " $8, $9, $10, $11, $12, $12)",
		      DB_VALS(V_Z(s->id), V_Z(p->unit), V_Z(kinds[s->kind]),
			      V_Z(notify_severity_name(s->severity)), V_INT(s->exercise),
			      V_Z(channel_name(s->channel)), V_TEXT(s->target), V_TEXT(s->name),
			      s->contact[0] != '\0' ? V_Z(s->contact) : V_NULL, V_TEXT(s->lang),
			      V_Z(s->held > 0 ? "held" : "waiting"), V_INT(p->now)),
		      p->why);
}

static bool flush(struct plan *p, const struct slot *s)
{
	int64_t due;

	if (!when(p, s, &due))
		return false;
	due = s->due < due ? s->due : due;
	return db_run(p->db,
		      "UPDATE notices SET count = count + $2, kind = $3, severity = $4, due = $5"
		      " WHERE id = $1",
		      DB_VALS(V_Z(s->id), V_INT(s->added), V_Z(kinds[s->kind]),
			      V_Z(notify_severity_name(s->severity)), V_INT(due)),
		      p->why);
}

bool slots_flush(struct plan *p)
{
	for (size_t i = 0; i < p->n_slots; i++)
		if (!flush(p, &p->slots[i]))
			return false;
	p->n_slots = 0;
	return true;
}

static struct slot *find(struct plan *p, const struct slot *is)
{
	for (size_t i = 0; i < p->n_slots; i++) {
		struct slot *s = &p->slots[i];

		if (s->channel == is->channel && s->exercise == is->exercise &&
		    (s->held > 0) == (is->held > 0) && str_eq_nocase(s->target, is->target))
			return s;
	}
	return NULL;
}

static struct slot *open_slot(struct plan *p, const struct slot *is)
{
	struct slot *s;
	bool found = false;

	if (p->n_slots == SLOTS_MAX && !slots_flush(p))
		return NULL;
	s = &p->slots[p->n_slots];
	*s = *is;
	s->added = 0;
	if (!find_waiting(p, s, &found) || (!found && !make(p, s)))
		return NULL;
	p->n_slots++;
	return s;
}

bool slot_add(struct plan *p, const struct slot *is, const struct due_alert *al)
{
	struct slot *s = find(p, is);

	if (s == NULL && (s = open_slot(p, is)) == NULL)
		return false;
	s->kind = is->kind > s->kind ? is->kind : s->kind;
	s->severity = is->severity > s->severity ? is->severity : s->severity;
	if (!db_run(p->db,
		    "INSERT INTO notice_alerts (notice, alert) VALUES ($1, $2)"
		    " ON CONFLICT (notice, alert) DO NOTHING",
		    DB_VALS(V_Z(s->id), V_Z(al->id)), p->why))
		return false;
	s->added += db_changes(p->db);
	return true;
}
