/* SPDX-License-Identifier: Apache-2.0 */
/* board_machines.c - the denominator: how many machines are registered, which of them are off, and came back. */
#include "govern/board_int.h"

bool board_machines(struct board *b)
{
	static const char *const keys[] = { "registered", "servers", "off", "returned" };
	int64_t n[COUNT(keys)] = { 0 }, told = TIME_NONE;
	struct db_rows *r = db_query(
		b->db,
		"SELECT count(*), count(CASE WHEN kind = 'server' THEN 1 END),"
		" count(CASE WHEN state = 'off' THEN 1 END), count(CASE WHEN seen > confirmed THEN 1 END),"
		" max(told) FROM assets WHERE " IN_SCOPE("unit", "site", "$1", "$2"),
		DB_VALS(SCOPE_VALS(&b->scope)), b->why);

	if (db_next(r)) {
		for (size_t i = 0; i < COUNT(keys); i++)
			n[i] = db_int(r, (int)i);
		told = db_time(r, COUNT(keys));
	}
	if (!db_end(r, b->why))
		return false;
	if (n[0] == 0) {
		unknown_put(b->w, "machines", MSG_ID("there is no asset data yet"));
		return true;
	}
	jsonw_key(b->w, "machines");
	jsonw_open(b->w, '{');
	for (size_t i = 0; i < COUNT(keys); i++)
		jsonw_kv_int(b->w, keys[i], n[i]);
	jsonw_kv_int(b->w, "days_since_told", (b->now - told) / TIME_DAY);
	jsonw_close(b->w, '}');
	return true;
}
