/* SPDX-License-Identifier: Apache-2.0 */
/* board_notices.c - how alerts reach people: what waits, what went, what went to nobody. */
#include "govern/board_int.h"

static bool count(struct board *b, const char *key, const char *sql, int64_t since)
{
	int64_t n;

	if (!db_number(b->db, sql, DB_VALS(V_INT(since)), &n, b->why))
		return false;
	jsonw_kv_int(b->w, key, n);
	return true;
}

bool board_given_up(struct board *b, int64_t *n)
{
	return db_number(b->db,
			 "SELECT count(*) FROM notices WHERE state = 'given_up' AND settled > $1",
			 DB_VALS(V_INT(b->now - TIME_DAY)), n, b->why);
}

/* Tries by hand are no receipts that somebody can be woken, but for themselves. */
static bool put_last(struct board *b)
{
	struct db_rows *r = db_query(b->db,
				     "SELECT settled, receipt FROM notices WHERE state = 'sent'"
				     " ORDER BY settled DESC LIMIT 1",
				     NULL, 0, b->why);

	jsonw_key(b->w, "last");
	if (db_next(r)) {
		jsonw_open(b->w, '{');
		jsonw_kv_time(b->w, "at", db_int(r, 0));
		jsonw_kv_str(b->w, "receipt", db_text(r, 1));
		jsonw_close(b->w, '}');
	} else {
		jsonw_null(b->w);
	}
	return db_end(r, b->why);
}

static bool put_oldest(struct board *b)
{
	int64_t at;

	if (!db_number(b->db,
		       "SELECT min(created) FROM notices WHERE state IN ('waiting', 'sending')",
		       NULL, 0, &at, b->why))
		return false;
	jsonw_key(b->w, "oldest_s");
	if (at > 0)
		jsonw_int(b->w, (b->now - at) / TIME_SECOND);
	else
		jsonw_null(b->w);
	return true;
}

static void put_path(struct board *b, const struct json *told)
{
	const struct json *depends = json_get(told, "depends");

	jsonw_key(b->w, "mail_depends");
	if (depends == NULL || json_is_null(depends))
		jsonw_null(b->w);
	else
		jsonw_bool(b->w, json_bool(depends, false) &&
					 !json_bool(json_get(told, "second"), false));
}

bool board_notices(struct board *b)
{
	const struct json *told = json_get(b->live, "notify");
	int64_t lost = 0;

	if (!scope_is_whole(&b->scope)) {
		unknown_put(
			b->w, "notices",
			MSG_ID("known for all units together; your role is for a part of them"));
		return true;
	}
	if (!json_bool(json_get(told, "set"), false)) {
		unknown_put(b->w, "notices",
			    told == NULL ? MSG_ID("the processes do not tell")
					 : MSG_ID("nobody is told of alerts: no rule is set"));
		return true;
	}
	jsonw_key(b->w, "notices");
	jsonw_open(b->w, '{');
	if (!count(b, "waiting",
		   "SELECT count(*) FROM notices WHERE state IN ('waiting', 'sending')"
		   " AND created > $1",
		   INT64_MIN) ||
	    !count(b, "held", "SELECT count(*) FROM notices WHERE state = 'held' AND created > $1",
		   INT64_MIN) ||
	    !put_oldest(b) || !board_given_up(b, &lost) ||
	    !count(b, "sent_24h",
		   "SELECT count(*) FROM notices WHERE state = 'sent' AND settled > $1",
		   b->now - TIME_DAY) ||
	    !put_last(b))
		return false;
	jsonw_kv_int(b->w, "given_up_24h", lost);
	put_path(b, told);
	jsonw_close(b->w, '}');
	return true;
}
