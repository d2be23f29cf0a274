/* SPDX-License-Identifier: Apache-2.0 */
/* notices.c - the outbox as people see it. */
#include "base/num.h"
#include "exchange/outbox.h"
#include "respond/respond.h"

#include <stdio.h>

enum { ALERTS_TOLD = 20, STATES_MAX = 6 };

#define COLUMNS                                                                                 \
	"SELECT n.id, n.number, n.created, n.kind, n.severity, n.exercise, n.count, n.channel," \
	" n.target, n.name, n.contact, n.state, n.due, n.attempts, n.in_doubt, n.settled,"      \
	" n.receipt, n.error_vi, n.error_en FROM notices n "
enum {
	C_ID,
	C_NUMBER,
	C_CREATED,
	C_KIND,
	C_SEVERITY,
	C_EXERCISE,
	C_COUNT,
	C_CHANNEL,
	C_TARGET,
	C_NAME,
	C_CONTACT,
	C_STATE,
	C_DUE,
	C_ATTEMPTS,
	C_DOUBT,
	C_SETTLED,
	C_RECEIPT,
	C_ERROR_VI,
	C_ERROR_EN
};

struct showing {
	struct db *db;
	struct arena a;
	struct jsonw *w;
	struct notice_view view;
	struct err *why;
};

static bool put_alerts(const struct showing *s, struct str id)
{
	struct db_rows *r = db_query(s->db,
				     "SELECT a.id, a.number FROM notice_alerts n JOIN alerts a"
				     " ON a.id = n.alert WHERE n.notice = $1"
				     " ORDER BY a.number LIMIT $2",
				     DB_VALS(V_TEXT(id), V_INT(ALERTS_TOLD)), s->why);
	char number[ALERT_NUMBER_MAX];

	jsonw_key(s->w, "alerts");
	jsonw_open(s->w, '[');
	while (db_next(r)) {
		jsonw_open(s->w, '{');
		jsonw_kv_str(s->w, "id", db_text(r, 0));
		jsonw_kv_str(s->w, "number", str_of(alert_number_text(db_int(r, 1), number)));
		jsonw_close(s->w, '}');
	}
	jsonw_close(s->w, ']');
	return db_end(r, s->why);
}

/* a…@example.vn */
static struct str address_of(struct arena *a, struct str s, bool masked)
{
	size_t at = str_find_char(s, '@');

	if (!masked || at == s.n || at == 0)
		return s;
	return arena_printf(a, "%c…%.*s", s.p[0], STR_ARG(str_skip(s, at)));
}

static void put_to(const struct showing *s, struct db_rows *r)
{
	struct arena a = s->a;
	bool mail = str_eq(db_text(r, C_CHANNEL), STR("mail"));
	struct str target = db_text(r, C_TARGET), name = db_text(r, C_NAME);
	bool bare = str_eq(name, target);
	struct str address = address_of(&a, target, s->view.masked);

	jsonw_kv_str(s->w, "webhook", mail ? (struct str){ NULL, 0 } : target);
	jsonw_key(s->w, "to");
	jsonw_open(s->w, '{');
	jsonw_kv_str(s->w, "name", bare ? address : name);
	jsonw_kv_str(s->w, "address", mail && target.n > 0 ? address : (struct str){ NULL, 0 });
	jsonw_kv_str(s->w, "contact", db_text(r, C_CONTACT));
	jsonw_close(s->w, '}');
}

static bool put_one(const struct showing *s, struct db_rows *r)
{
	struct jsonw *w = s->w;
	struct str state = db_text(r, C_STATE);
	bool sent = str_eq(state, STR("sent"));

	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", db_text(r, C_ID));
	jsonw_kv_int(w, "number", db_int(r, C_NUMBER));
	jsonw_kv_time(w, "at", db_int(r, C_CREATED));
	jsonw_kv_str(w, "kind", db_text(r, C_KIND));
	jsonw_kv_str(w, "severity", db_text(r, C_SEVERITY));
	jsonw_kv_bool(w, "exercise", db_int(r, C_EXERCISE) != 0);
	jsonw_kv_int(w, "count", db_int(r, C_COUNT));
	jsonw_kv_str(w, "channel", db_text(r, C_CHANNEL));
	put_to(s, r);
	jsonw_kv_str(w, "state", state);
	jsonw_kv_time(w, "due", db_time(r, C_DUE));
	jsonw_kv_int(w, "attempts", db_int(r, C_ATTEMPTS));
	jsonw_kv_bool(w, "in_doubt", db_int(r, C_DOUBT) != 0);
	jsonw_kv_time(w, "sent", sent ? db_time(r, C_SETTLED) : TIME_NONE);
	jsonw_kv_str(w, "receipt", db_text(r, C_RECEIPT));
	jsonw_kv_str(w, "error", db_text(r, s->view.lang == LANG_EN ? C_ERROR_EN : C_ERROR_VI));
	bool ok = put_alerts(s, db_text(r, C_ID));
	jsonw_close(w, '}');
	return ok;
}

/* --- lists --- */

struct filter {
	struct str state[STATES_MAX]; /* p == NULL: unused */
	bool any_state;
	int64_t below;
};

static bool read_filter(const struct notice_wish *wish, struct filter *f, struct err *why)
{
	static const struct str states[] = { STR("waiting"), STR("held"),     STR("sending"),
					     STR("sent"),    STR("given_up"), STR("dropped") };
	struct str rest = wish->state, part;

	*f = (struct filter){ .any_state = wish->state.n == 0, .below = INT64_MAX };
	while (!f->any_state && rest.p != NULL && str_split(&rest, ',', &part)) {
		size_t i = 0;

		while (i < COUNT(states) && !str_eq(part, states[i]))
			i++;
		if (i == COUNT(states))
			return err_set(why, ERR_INPUT, 0, "unknown state '%.*s'", STR_ARG(part));
		f->state[i] = states[i];
	}
	if (wish->cursor.n > 0 && !num_parse_i64(wish->cursor, 1, INT64_MAX, &f->below))
		return err_set(why, ERR_INPUT, 0, "this cursor is not of this list");
	return true;
}

#define STATES "($1 = 1 OR n.state IN ($2, $3, $4, $5, $6, $7))"
#define STATE_VALS(f)                                                                           \
	V_INT((f).any_state), V_TEXT((f).state[0]), V_TEXT((f).state[1]), V_TEXT((f).state[2]), \
		V_TEXT((f).state[3]), V_TEXT((f).state[4]), V_TEXT((f).state[5])

static struct db_rows *find(struct db *db, const struct notice_wish *wish, const struct filter *f,
			    int64_t most, struct err *why)
{
	if (wish->alert.n == 0)
		return db_query(db,
				COLUMNS "WHERE " STATES
					" AND n.number < $8 ORDER BY n.number DESC LIMIT $9",
				DB_VALS(STATE_VALS(*f), V_INT(f->below), V_INT(most)), why);
	return db_query(db,
			COLUMNS "JOIN notice_alerts l ON l.notice = n.id WHERE " STATES
				" AND n.number < $8 AND l.alert = $10"
				" ORDER BY n.number DESC LIMIT $9",
			DB_VALS(STATE_VALS(*f), V_INT(f->below), V_INT(most), V_TEXT(wish->alert)),
			why);
}

bool notice_list_put(struct db *db, struct arena a, const struct notice_wish *wish,
		     struct notice_view view, struct jsonw *w, struct err *why)
{
	const struct showing s = { db, a, w, view, why };
	int64_t limit = wish->limit, got = 0, last = 0;
	struct filter f;
	char next[24];
	bool ok = true;

	if (!read_filter(wish, &f, why))
		return false;
	struct db_rows *r = find(db, wish, &f, limit + 1, why);
	jsonw_open(w, '{');
	jsonw_key(w, "items");
	jsonw_open(w, '[');
	while (ok && db_next(r) && got++ < limit) {
		last = db_int(r, C_NUMBER);
		ok = put_one(&s, r);
	}
	jsonw_close(w, ']');
	snprintf(next, sizeof next, "%jd", (intmax_t)last);
	jsonw_kv_str(w, "next", got > limit ? str_of(next) : (struct str){ NULL, 0 });
	jsonw_close(w, '}');
	return db_end(r, ok ? why : NULL) && ok;
}

bool notice_put(struct db *db, struct arena a, struct str id, struct notice_view view,
		struct jsonw *w, struct err *why)
{
	const struct showing s = { db, a, w, view, why };
	struct db_rows *r = db_query(db, COLUMNS "WHERE n.id = $1", DB_VALS(V_TEXT(id)), why);
	bool found = db_next(r);
	bool ok = !found || put_one(&s, r);

	if (!db_end(r, ok ? why : NULL) || !ok)
		return false;
	return found || err_set(why, ERR_ABSENT, 0, "there is no such notice");
}
