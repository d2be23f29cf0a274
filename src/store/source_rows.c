/* SPDX-License-Identifier: Apache-2.0 */
/* source_rows.c - the rows of the table of sources: what waits is written, what is read is settled. */
#include "base/hash.h"
#include "store/row.h"
#include "store/source_int.h"

#include <assert.h>

#define SOURCE_PUT                                                                           \
	"INSERT INTO sources(id, kind, peer, name, overflow, first_seen, last_seen, stored," \
	" unparsed, dropped, hosts, carried_stored, carried_unparsed, carried_dropped,"      \
	" context, sum) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14," \
	" $15, $16) ON CONFLICT(id) DO UPDATE SET first_seen = excluded.first_seen,"         \
	" last_seen = excluded.last_seen, stored = excluded.stored,"                         \
	" unparsed = excluded.unparsed, dropped = excluded.dropped, hosts = excluded.hosts," \
	" context = excluded.context, sum = excluded.sum"
#define COUNT_PUT                                                                   \
	"INSERT INTO counts(source, what, name, n, sum) VALUES($1, $2, $3, $4, $5)" \
	" ON CONFLICT(source, what, name) DO UPDATE SET n = excluded.n, sum = excluded.sum"

static uint64_t sum(struct number v)
{
	return v.n + v.more;
}

static bool put_source(const struct source *s, struct db *db, struct err *why)
{
	const struct db_val vals[] = {
		V_INT(s->id),
		V_Z(source_kind_name(s->kind)),
		V_TEXT(((struct str){ s->peer, s->peer_len })),
		V_TEXT(((struct str){ s->name, s->name_len })),
		V_INT(s->overflow),
		V_TIME(s->first_seen),
		V_TIME(s->last_seen),
		V_INT(sum(s->stored)),
		V_INT(sum(s->unparsed)),
		V_INT(sum(s->dropped)),
		V_INT(s->n_hosts),
		V_INT(s->before_stored),
		V_INT(s->before_unparsed),
		V_INT(s->before_dropped),
		{ .kind = DB_TEXT, .s = { s->context, s->context_len } },
	};

	return row_put(db, SOURCE_PUT, vals, COUNT(vals), why);
}

static bool put_count(const struct source *s, const struct counter *c, struct db *db,
		      struct err *why)
{
	const struct db_val vals[] = {
		V_INT(s->id),
		V_Z(c->drop ? "drop" : "format"),
		V_TEXT(((struct str){ c->name, c->len })),
		V_INT(sum(c->v)),
	};

	return row_put(db, COUNT_PUT, vals, COUNT(vals), why);
}

static bool put_hosts(const struct source *s, struct db *db, struct err *why)
{
	for (const struct new_host *h = s->new_hosts; h != NULL; h = h->next) {
		const struct db_val vals[] = { V_INT(s->id),
					       V_TEXT(((struct str){ h->name, h->len })),
					       V_TIME(h->first_seen) };

		if (!row_put(db,
			     "INSERT INTO hosts(source, name, first_seen, sum)"
			     " VALUES($1, $2, $3, $4) ON CONFLICT(source, name) DO NOTHING",
			     vals, COUNT(vals), why))
			return false;
	}
	return true;
}

static bool save_one(const struct source *s, struct db *db, struct err *why)
{
	for (size_t i = 0; i < s->n_counters; i++)
		if (s->counters[i].v.more > 0 && !put_count(s, &s->counters[i], db, why))
			return false;
	return put_hosts(s, db, why) && put_source(s, db, why);
}

bool sources_save(struct sources *s, struct db *db, struct err *why)
{
	for (size_t i = 0; s->waiting && i < s->n; i++)
		if (s->all[i]->dirty && !save_one(s->all[i], db, why))
			return false;
	return true;
}

static void settle(struct number *v)
{
	v->n += v->more;
	v->more = 0;
}

void sources_settle(struct sources *s)
{
	for (size_t i = 0; s->waiting && i < s->n; i++) {
		struct source *src = s->all[i];

		if (!src->dirty)
			continue;
		settle(&src->stored);
		settle(&src->unparsed);
		settle(&src->dropped);
		for (size_t j = 0; j < src->n_counters; j++)
			settle(&src->counters[j].v);
		source_drop_new_hosts(src);
		src->saved = true;
		src->dirty = false;
	}
	s->waiting = false;
}

/* What waits stays out of the numbers of the new day's beginning. */
static bool carry_one(const struct source *s, struct db *db, struct err *why)
{
	struct source then = *s;

	then.stored.more = then.unparsed.more = then.dropped.more = 0;
	then.before_stored = s->stored.n;
	then.before_unparsed = s->unparsed.n;
	then.before_dropped = s->dropped.n;
	for (const struct new_host *h = s->new_hosts; h != NULL; h = h->next)
		then.n_hosts--;
	for (size_t i = 0; i < s->n_counters; i++) {
		struct counter c = s->counters[i];

		c.v.more = 0;
		if (c.v.n > 0 && !put_count(s, &c, db, why))
			return false;
	}
	return put_source(&then, db, why);
}

bool sources_carry(const struct sources *s, struct db *db, struct err *why)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->all[i]->saved && !carry_one(s->all[i], db, why))
			return false;
	return true;
}

void sources_carried(struct sources *s)
{
	for (size_t i = 0; i < s->n; i++) {
		struct source *src = s->all[i];

		src->before_stored = src->stored.n;
		src->before_unparsed = src->unparsed.n;
		src->before_dropped = src->dropped.n;
	}
}

/* --- reading them back --- */

static bool load_source(struct sources *s, struct db_rows *r, struct err *why)
{
	enum source_kind kind;

	if (db_int(r, 0) != (int64_t)s->n + 1 || s->n == MAX_SOURCES ||
	    !source_kind_find(db_text(r, 1), &kind))
		return err_set(why, ERR_INPUT, s->n, "the table of sources is damaged");
	struct source *src = source_make(s, (uint8_t)kind, db_text(r, 2), db_text(r, 3),
					 db_int(r, 4) != 0);

	if (src == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	src->saved = true;
	src->first_seen = db_time(r, 5);
	src->last_seen = db_time(r, 6);
	src->stored.n = (uint64_t)db_int(r, 7);
	src->unparsed.n = (uint64_t)db_int(r, 8);
	src->dropped.n = (uint64_t)db_int(r, 9);
	src->before_stored = (uint64_t)db_int(r, 11);
	src->before_unparsed = (uint64_t)db_int(r, 12);
	src->before_dropped = (uint64_t)db_int(r, 13);
	struct str context = db_text(r, 14);

	if (context.n == 0)
		return true;
	src->context = source_keep(context);
	src->context_len = context.n;
	if (src->context == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	return true;
}

static bool load_count(struct sources *s, struct db_rows *r, struct err *why)
{
	int64_t id = db_int(r, 0);

	if (id <= 0 || id > (int64_t)s->n)
		return err_set(why, ERR_INPUT, 0, "the table of sources is damaged");
	struct counter *c = source_counter(s->all[id - 1], str_eq(db_text(r, 1), STR("drop")),
					   db_text(r, 2));

	if (c == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	c->v.n += (uint64_t)db_int(r, 3);
	return true;
}

static bool load_host(struct sources *s, struct db_rows *r, struct err *why)
{
	int64_t id = db_int(r, 0);

	if (id <= 0 || id > (int64_t)s->n || s->all[id - 1]->n_hosts == SOURCE_MAX_HOSTS)
		return err_set(why, ERR_INPUT, 0, "the table of sources is damaged");
	if (!source_add_host(s->all[id - 1], hash_quick(db_text(r, 1), 0)))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	return true;
}

static bool load(struct sources *s, struct db *db, const char *sql,
		 bool (*one)(struct sources *s, struct db_rows *r, struct err *why),
		 struct err *why)
{
	struct db_rows *r = db_query(db, sql, NULL, 0, why);
	bool ok = true;

	while (ok && db_next(r))
		ok = one(s, r, why);
	return db_end(r, ok ? why : NULL) && ok;
}

bool sources_load(struct sources *s, struct db *db, struct err *why)
{
	assert(s->n == 0);
	return load(s, db,
		    "SELECT id, kind, peer, name, overflow, first_seen, last_seen, stored,"
		    " unparsed, dropped, hosts, carried_stored, carried_unparsed, carried_dropped,"
		    " context FROM sources ORDER BY id",
		    load_source, why) &&
	       load(s, db, "SELECT source, what, name, n FROM counts", load_count, why) &&
	       load(s, db, "SELECT source, name FROM hosts", load_host, why);
}
