/* SPDX-License-Identifier: Apache-2.0 */
/*
 * row.c - one alert's row in the state, with what must move together with it: version, place in the
 * list by clock, counts by state, history and ledger. Always inside a transaction of the caller.
 */
#include "respond/alert_int.h"

#include <stdio.h>

const struct str alert_state_names[ALERT_STATES] = { STR("new"), STR("acknowledged"),
						     STR("verified_true"), STR("verified_false"),
						     STR("handled") };
const struct str severity_names[SEVERITIES] = { STR("informational"), STR("low"), STR("medium"),
						STR("high"), STR("critical") };

/* Behind every clock: open without one, then handled; the newest first in each. */
static const int64_t far_open = INT64_C(2000000000000000000);
static const int64_t far_done = INT64_C(4000000000000000000);
static const int64_t year_step = 1000000;

int severity_rank(struct str name)
{
	for (int i = 0; i < SEVERITIES; i++)
		if (str_eq(name, severity_names[i]))
			return i;
	return -1;
}

int alert_state_find(struct str name)
{
	for (int i = 0; i < ALERT_STATES; i++)
		if (str_eq(name, alert_state_names[i]))
			return i;
	return -1;
}

/* Place in the list by clock; the smaller the more urgent. */
static int64_t urgency(const struct alert_row *row)
{
	if (row->state == AS_HANDLED)
		return far_done - row->last_seen;
	if (row->ack_due != TIME_NONE && row->ack_done == TIME_NONE)
		return row->ack_due;
	if (row->handle_due != TIME_NONE)
		return row->handle_due;
	return far_open - row->last_seen;
}

const char *alert_number_text(int64_t number, char out[ALERT_NUMBER_MAX])
{
	snprintf(out, ALERT_NUMBER_MAX, "%jd/%jd", (intmax_t)(number % year_step),
		 (intmax_t)(number / year_step));
	return out;
}

/* The next number of the year (of UTC+7) of `now`. */
static bool number_next(struct db *db, int64_t now, int64_t *out, struct err *why)
{
	int64_t year = civil_from_time(now + 7 * TIME_HOUR).year, last;

	if (!db_number(db, "SELECT max(number) FROM alerts WHERE number > $1 AND number < $2",
		       DB_VALS(V_INT(year * year_step), V_INT((year + 1) * year_step)), &last, why))
		return false;
	if (last == (year + 1) * year_step - 1)
		return err_set(why, ERR_LIMIT, 0, "the numbers of this year are used up");
	*out = last == 0 ? year * year_step + 1 : last + 1;
	return true;
}

/* --- rows --- */

#define ROW_COLUMNS                                                                               \
	"id, number, version, state, severity, exercise, assignee, opened, first_seen,"           \
	" last_seen, count, acknowledge_due, acknowledge_done, handle_due, handle_done, verdict," \
	" unit, site"

static bool take(struct db_rows *r, bool found, struct alert_row *out, struct err *why)
{
	struct alert_row row = { 0 };

	if (found) {
		db_put(r, 0, row.id, sizeof row.id);
		row.number = db_int(r, 1);
		row.version = db_int(r, 2);
		row.state = (enum alert_state)alert_state_find(db_text(r, 3));
		row.severity = severity_rank(db_text(r, 4));
		row.exercise = db_int(r, 5) != 0;
		db_put(r, 6, row.assignee, sizeof row.assignee);
		row.opened = db_int(r, 7);
		row.first_seen = db_int(r, 8);
		row.last_seen = db_int(r, 9);
		row.count = db_int(r, 10);
		row.ack_due = db_time(r, 11);
		row.ack_done = db_time(r, 12);
		row.handle_due = db_time(r, 13);
		row.handle_done = db_time(r, 14);
		db_put(r, 15, row.verdict, sizeof row.verdict);
		db_put(r, 16, row.home.unit, sizeof row.home.unit);
		db_put(r, 17, row.home.site, sizeof row.home.site);
	}
	if (!db_end(r, why))
		return false;
	if (!found)
		return err_set(why, ERR_ABSENT, 0, "no such alert");
	*out = row;
	return true;
}

bool alert_row_get(struct db *db, struct str id, struct alert_row *out, struct err *why)
{
	struct db_rows *r = db_query(db, "SELECT " ROW_COLUMNS " FROM alerts WHERE id = $1",
				     DB_VALS(V_TEXT(id)), why);

	return take(r, db_next(r), out, why);
}

bool alert_row_newest(struct db *db, struct str group_key, struct alert_row *out, struct err *why)
{
	struct db_rows *r = db_query(db,
				     "SELECT " ROW_COLUMNS " FROM alerts WHERE group_key = $1"
				     " ORDER BY number DESC LIMIT 1",
				     DB_VALS(V_TEXT(group_key)), why);

	return take(r, db_next(r), out, why);
}

static bool count(struct db *db, const struct alert_row *row, enum alert_state state, int by,
		  struct err *why)
{
	return db_run(db,
		      "INSERT INTO alert_counts (unit, site, state, severity, exercise, n)"
		      " VALUES ($1, $2, $3, $4, $5, $6)"
		      " ON CONFLICT (unit, site, state, severity, exercise)"
		      " DO UPDATE SET n = alert_counts.n + excluded.n",
		      DB_VALS(HOME_VALS(&row->home), V_TEXT(alert_state_names[state]),
			      V_TEXT(severity_names[row->severity]), V_INT(row->exercise),
			      V_INT(by)),
		      why);
}

bool alert_row_put(struct db *db, struct alert_row *row, int before, int64_t now, struct err *why)
{
	bool moved = before != (int)row->state;

	row->version++;
	return (!moved || before < 0 || count(db, row, (enum alert_state)before, -1, why)) &&
	       (!moved || count(db, row, row->state, 1, why)) &&
	       db_run(db,
		      "UPDATE alerts SET version = $1, state = $2, assignee = $3, last_seen = $4,"
		      " first_seen = $5, count = $6, acknowledge_done = $7, handle_done = $8,"
		      " verdict = $9, urgency = $10, changed = $11 WHERE id = $12",
		      DB_VALS(V_INT(row->version), V_TEXT(alert_state_names[row->state]),
			      row->assignee[0] != '\0' ? V_Z(row->assignee) : V_NULL,
			      V_TIME(row->last_seen), V_TIME(row->first_seen), V_INT(row->count),
			      V_TIME(row->ack_done), V_TIME(row->handle_done),
			      row->verdict[0] != '\0' ? V_Z(row->verdict) : V_NULL,
			      V_INT(urgency(row)), V_TIME(now), V_Z(row->id)),
		      why);
}

/* --- history --- */

enum { STEP_FIELDS = 8 };

bool alert_step_put(struct db *db, const struct alert_row *row, const struct alert_step *step,
		    struct err *why)
{
	char kind[64], number[ALERT_NUMBER_MAX];
	struct ledger_field fields[STEP_FIELDS + 1] = {
		F_Z("number", alert_number_text(row->number, number)),
	};
	size_t n = 1;
	int64_t entry, last;

	snprintf(kind, sizeof kind, "alert.%s", step->act);
	for (size_t i = 0; i < step->n_fields && i < STEP_FIELDS; i++)
		fields[n++] = step->fields[i];
	const struct ledger_note note = { step->actor, kind, str_of(row->id), step->at };

	return ledger_append(db, &note, fields, n, &entry, why) &&
	       db_number(db, "SELECT max(step) FROM alert_history WHERE alert = $1",
			 DB_VALS(V_Z(row->id)), &last, why) &&
	       db_run(db,
		      "INSERT INTO alert_history (alert, step, at, actor, act, detail_json, ledger)"
		      " VALUES ($1, $2, $3, $4, $5, $6, $7)",
		      DB_VALS(V_Z(row->id), V_INT(last + 1), V_TIME(step->at), V_Z(step->actor),
			      V_Z(step->act), V_TEXT(step->detail.n > 0 ? step->detail : STR("{}")),
			      V_INT(entry)),
		      why);
}

/* --- a new one --- */

static bool insert(struct db *db, const struct alert_new *in, const struct alert_row *row,
		   struct err *why)
{
	const char *site = row->home.site;

	return db_run(
		db,
		"INSERT INTO alerts (id, number, unit, site, state, severity, group_key, title_vi,"
		" title_en, rule, rule_title, rule_level, rule_kind, tags_json, matched, indicator,"
		" indicator_type, list, count, first_seen, last_seen, exercise, channel,"
		" description, opened, acknowledge_due, handle_due, about_json, event_json, changed)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
		" $17, (SELECT id FROM lists WHERE id = $18), $19, $20, $21, $22, $23, $24, $25,"
		" $26, $27, $28, $29, $30)",
		DB_VALS(V_Z(row->id), V_INT(row->number), V_Z(row->home.unit),
			V_Z(site[0] != '\0' ? site : NULL), V_TEXT(alert_state_names[AS_NEW]),
			V_TEXT(severity_names[in->severity]), V_TEXT(in->group_key),
			V_TEXT(in->title_vi), V_TEXT(in->title_en), V_TEXT(in->rule),
			V_TEXT(in->rule_title), V_TEXT(in->rule_level), V_TEXT(in->rule_kind),
			V_TEXT(in->tags_json), V_TEXT(in->matched), V_TEXT(in->indicator),
			V_TEXT(in->indicator_type), V_TEXT(in->list), V_INT(row->count),
			V_TIME(in->first_seen), V_TIME(in->last_seen), V_INT(in->exercise),
			V_TEXT(in->channel), V_TEXT(in->description), V_TIME(in->now),
			V_TIME(row->ack_due), V_TIME(row->handle_due), V_TEXT(in->about_json),
			V_TEXT(in->event_json), V_TIME(in->now)),
		why);
}

static bool say_opened(struct db *db, const struct alert_new *in, const struct alert_row *row,
		       struct err *why)
{
	const struct ledger_field fields[] = {
		F_TEXT("severity", severity_names[in->severity]),
		F_TEXT("rule", in->rule),
		/* what people wrote may name people */
		str_eq(in->channel, STR("rule")) ? F_TEXT("title", in->title_en)
						 : F_PERSONAL("title", in->title_en),
		F_TEXT("channel", in->channel),
		F_BOOL("exercise", in->exercise),
	};
	const struct alert_step step = { "opened",  in->actor, in->now,
					 STR("{}"), fields,    COUNT(fields) };

	return alert_step_put(db, row, &step, why);
}

static int64_t due(const int64_t *spans, int severity, int64_t now)
{
	return spans == NULL || spans[severity] == TIME_NONE ? TIME_NONE : now + spans[severity];
}

static bool add_words(struct db *db, struct arena scratch, const struct alert_new *in,
		      const struct alert_row *row, struct err *why)
{
	char number[ALERT_NUMBER_MAX];
	const struct str texts[] = {
		str_of(alert_number_text(row->number, number)),
		in->title_vi,
		in->title_en,
		in->rule_title,
		in->indicator,
		str_sub(in->matched, 0, 256),
		str_sub(in->description, 0, 512),
	};

	for (size_t i = 0; i < COUNT(texts); i++)
		if (!words_add(db, scratch, row->id, texts[i], why))
			return false;
	return true;
}

bool alert_open(struct db *db, struct arena scratch, const struct alert_new *in,
		struct alert_row *out, struct err *why)
{
	struct alert_row row = {
		.severity = in->severity,
		.exercise = in->exercise,
		.opened = in->now,
		.first_seen = in->first_seen,
		.last_seen = in->last_seen,
		.count = 1,
		.ack_due = due(in->clocks ? in->clocks->acknowledge : NULL, in->severity, in->now),
		.handle_due = due(in->clocks ? in->clocks->handle : NULL, in->severity, in->now),
		.ack_done = TIME_NONE,
		.handle_done = TIME_NONE,
	};

	uuid_new(row.id);
	row.home = *in->home;
	bool ok = number_next(db, in->now, &row.number, why) && insert(db, in, &row, why) &&
		  alert_row_put(db, &row, -1, in->now, why) &&
		  add_words(db, scratch, in, &row, why) && say_opened(db, in, &row, why);
	if (ok)
		*out = row;
	return ok;
}

bool alert_place(struct db *db, struct arena scratch, const struct place *p, bool *fresh,
		 struct err *why)
{
	struct str value = str_sub(p->value, 0, 255);

	*fresh = false;
	if (!db_run(db,
		    "UPDATE alert_places SET count = count + 1,"
		    " last_seen = CASE WHEN last_seen < $1 THEN $1 ELSE last_seen END"
		    " WHERE alert = $2 AND kind = $3 AND value = $4",
		    DB_VALS(V_TIME(p->at), V_Z(p->alert), V_Z(p->kind), V_TEXT(value)), why))
		return false;
	if (db_changes(db) > 0)
		return true;
	*fresh = true;
	return db_run(db,
		      "INSERT INTO alert_places (alert, kind, value, count, first_seen, last_seen)"
		      " VALUES ($1, $2, $3, 1, $4, $4)",
		      DB_VALS(V_Z(p->alert), V_Z(p->kind), V_TEXT(value), V_TIME(p->at)), why) &&
	       words_add(db, scratch, p->alert, value, why);
}
