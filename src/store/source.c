/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source.c - the table of sources in memory, and its rows.
 *
 * Every number stands as (n, more): n is committed, more waits for the next commit. A commit that
 * fails leaves both, so it can be tried again. Invariant: stored = sum of formats, dropped = sum of
 * reasons, for n and for more.
 */
#include "store/source.h"

#include "base/hash.h"
#include "store/row.h"

#include <assert.h>
#include <stdlib.h>

enum {
	MAX_SOURCES = SOURCE_KINDS * (SOURCES_PER_KIND + 1),
	SLOTS = 32768, /* a power of two well above MAX_SOURCES */
};

struct number {
	uint64_t n, more;
};

struct counter {
	bool drop; /* a reason, else a format */
	uint8_t len;
	char name[SOURCE_MAX_WORD];
	struct number v;
};

struct new_host {
	struct new_host *next; /* owned */
	int64_t first_seen;
	size_t len;
	char name[];
};

struct source {
	uint32_t id;
	uint8_t kind;
	bool overflow, saved, dirty;
	char *peer, *name; /* owned */
	size_t peer_len, name_len;
	int64_t first_seen, last_seen;
	struct number stored, dropped, unparsed;
	uint64_t before_stored, before_dropped, before_unparsed;
	struct counter *counters; /* owned */
	size_t n_counters, cap_counters;
	uint64_t *hosts; /* owned; hashes of the names */
	size_t n_hosts;
	struct new_host *new_hosts; /* owned; not committed */
};

struct sources {
	struct source *all[MAX_SOURCES]; /* owned, by id - 1 */
	size_t n, of_kind[SOURCE_KINDS];
	uint32_t overflow[SOURCE_KINDS]; /* id or 0 */
	uint32_t slots[SLOTS];           /* id or 0, by hash of kind, peer and name */
	bool waiting;
};

static const char *const kind_names[SOURCE_KINDS] = { "udp",  "tcp",  "tls",    "push",  "bulk",
						      "file", "drop", "import", "canary" };

const char *source_kind_name(enum source_kind k)
{
	assert(k < SOURCE_KINDS);
	return kind_names[k];
}

bool source_kind_find(struct str name, enum source_kind *out)
{
	for (size_t i = 0; i < SOURCE_KINDS; i++)
		if (str_eq(name, str_of(kind_names[i]))) {
			*out = (enum source_kind)i;
			return true;
		}
	return false;
}

struct sources *sources_new(void)
{
	return calloc(1, sizeof(struct sources));
}

static void drop_new_hosts(struct source *s)
{
	while (s->new_hosts != NULL) {
		struct new_host *next = s->new_hosts->next;

		free(s->new_hosts);
		s->new_hosts = next;
	}
}

static void source_free(struct source *s)
{
	drop_new_hosts(s);
	free(s->peer);
	free(s->name);
	free(s->counters);
	free(s->hosts);
	free(s);
}

void sources_free(struct sources *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n; i++)
		source_free(s->all[i]);
	free(s);
}

bool sources_waiting(const struct sources *s)
{
	return s->waiting;
}

bool sources_has(const struct sources *s, uint32_t id)
{
	return id > 0 && id <= s->n;
}

/* --- finding and making --- */

static char *keep(struct str s)
{
	char *p = malloc(s.n + 1);

	if (p != NULL && s.n > 0)
		memcpy(p, s.p, s.n);
	return p;
}

static size_t slot_of(uint8_t kind, struct str peer, struct str name)
{
	return hash_quick(name, hash_quick(peer, kind)) % SLOTS;
}

static bool is(const struct source *s, uint8_t kind, struct str peer, struct str name)
{
	return s->kind == kind && !s->overflow &&
	       str_eq((struct str){ s->peer, s->peer_len }, peer) &&
	       str_eq((struct str){ s->name, s->name_len }, name);
}

static uint32_t find(const struct sources *s, uint8_t kind, struct str peer, struct str name)
{
	size_t at = slot_of(kind, peer, name);

	for (; s->slots[at] != 0; at = (at + 1) % SLOTS)
		if (is(s->all[s->slots[at] - 1], kind, peer, name))
			return s->slots[at];
	return 0;
}

/* With the number n + 1; NULL when there is no memory. */
static struct source *make(struct sources *s, uint8_t kind, struct str peer, struct str name,
			   bool overflow)
{
	struct source *made = calloc(1, sizeof *made);

	assert(s->n < MAX_SOURCES);
	if (made == NULL)
		return NULL;
	*made = (struct source){
		.id = (uint32_t)s->n + 1,
		.kind = kind,
		.overflow = overflow,
		.peer = keep(peer),
		.name = keep(name),
		.peer_len = peer.n,
		.name_len = name.n,
		.first_seen = TIME_NONE,
		.last_seen = TIME_NONE,
	};
	if (made->peer == NULL || made->name == NULL) {
		source_free(made);
		return NULL;
	}
	s->all[s->n++] = made;
	if (overflow) {
		s->overflow[kind] = made->id;
		return made;
	}
	s->of_kind[kind]++;
	size_t at = slot_of(kind, peer, name);

	while (s->slots[at] != 0)
		at = (at + 1) % SLOTS;
	s->slots[at] = made->id;
	return made;
}

bool sources_id(struct sources *s, enum source_kind kind, struct str peer, struct str name,
		uint32_t *out, struct err *why)
{
	uint8_t k = (uint8_t)kind;
	struct source *made;

	assert(kind < SOURCE_KINDS);
	peer = str_sub(peer, 0, SOURCE_MAX_TEXT);
	name = str_sub(name, 0, SOURCE_MAX_TEXT);
	uint32_t id = find(s, k, peer, name);

	if (id == 0 && s->of_kind[k] >= SOURCES_PER_KIND)
		id = s->overflow[k];
	if (id != 0) {
		*out = id;
		return true;
	}
	if (s->of_kind[k] < SOURCES_PER_KIND)
		made = make(s, k, peer, name, false);
	else
		made = make(s, k, STR(""), STR(""), true);
	if (made == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	made->dirty = true;
	s->waiting = true;
	*out = made->id;
	return true;
}

/* --- counting --- */

/* The counter of that name; beyond the cap the last one, called "other". NULL without memory. */
static struct counter *counter(struct source *s, bool drop, struct str name)
{
	name = str_sub(name, 0, SOURCE_MAX_WORD);
	if (s->n_counters >= SOURCE_MAX_COUNTERS - 2)
		name = STR("other");
	for (size_t i = 0; i < s->n_counters; i++) {
		struct counter *c = &s->counters[i];

		if (c->drop == drop && str_eq((struct str){ c->name, c->len }, name))
			return c;
	}
	if (s->n_counters == s->cap_counters) {
		size_t cap = s->cap_counters == 0 ? 4 : 2 * s->cap_counters;
		struct counter *more = realloc(s->counters, cap * sizeof *more);

		if (more == NULL)
			return NULL;
		s->counters = more;
		s->cap_counters = cap;
	}
	struct counter *c = &s->counters[s->n_counters++];

	*c = (struct counter){ .drop = drop, .len = (uint8_t)name.n };
	if (name.n > 0)
		memcpy(c->name, name.p, name.n);
	return c;
}

static bool knows_host(const struct source *s, uint64_t hash)
{
	for (size_t i = 0; i < s->n_hosts; i++)
		if (s->hosts[i] == hash)
			return true;
	return false;
}

static bool add_host_hash(struct source *s, uint64_t hash)
{
	if (s->hosts == NULL)
		s->hosts = calloc(SOURCE_MAX_HOSTS, sizeof *s->hosts);
	if (s->hosts == NULL)
		return false;
	s->hosts[s->n_hosts++] = hash;
	return true;
}

/* A host that does not get noted for want of memory is met again by its next record. */
static void note_host(struct source *s, struct str host, int64_t now)
{
	host = str_sub(host, 0, SOURCE_MAX_TEXT);
	uint64_t hash = hash_quick(host, 0);

	if (host.n == 0 || s->n_hosts == SOURCE_MAX_HOSTS || knows_host(s, hash))
		return;
	struct new_host *h = malloc(sizeof *h + host.n);

	if (h == NULL || !add_host_hash(s, hash)) {
		free(h);
		return;
	}
	*h = (struct new_host){ s->new_hosts, now, host.n };
	memcpy(h->name, host.p, host.n);
	s->new_hosts = h;
}

static void seen(struct sources *all, struct source *s, int64_t now)
{
	if (s->first_seen == TIME_NONE)
		s->first_seen = now;
	if (now > s->last_seen)
		s->last_seen = now;
	s->dirty = true;
	all->waiting = true;
}

bool sources_stored(struct sources *s, const struct event *ev, struct str format, struct err *why)
{
	assert(sources_has(s, ev->source));
	struct source *src = s->all[ev->source - 1];
	struct counter *c = counter(src, false, format);

	if (c == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	c->v.more++;
	src->stored.more++;
	src->unparsed.more += ev->format == 0;
	note_host(src, event_ecs(ev, ECS_HOST_NAME), ev->received);
	seen(s, src, ev->received);
	return true;
}

bool sources_dropped(struct sources *s, uint32_t id, struct str reason, uint64_t n, int64_t now,
		     struct err *why)
{
	assert(sources_has(s, id));
	struct source *src = s->all[id - 1];
	struct counter *c = counter(src, true, reason);

	if (c == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	c->v.more += n;
	src->dropped.more += n;
	seen(s, src, now);
	return true;
}

/* --- rows --- */

#define SOURCE_PUT                                                                           \
	"INSERT INTO sources(id, kind, peer, name, overflow, first_seen, last_seen, stored," \
	" unparsed, dropped, hosts, carried_stored, carried_unparsed, carried_dropped, sum)" \
	" VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"          \
	" ON CONFLICT(id) DO UPDATE SET first_seen = excluded.first_seen,"                   \
	" last_seen = excluded.last_seen, stored = excluded.stored,"                         \
	" unparsed = excluded.unparsed, dropped = excluded.dropped, hosts = excluded.hosts," \
	" sum = excluded.sum"
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
		V_Z(kind_names[s->kind]),
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
		drop_new_hosts(src);
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
	struct source *src = make(s, (uint8_t)kind, db_text(r, 2), db_text(r, 3),
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
	return true;
}

static bool load_count(struct sources *s, struct db_rows *r, struct err *why)
{
	int64_t id = db_int(r, 0);

	if (id <= 0 || id > (int64_t)s->n)
		return err_set(why, ERR_INPUT, 0, "the table of sources is damaged");
	struct counter *c = counter(s->all[id - 1], str_eq(db_text(r, 1), STR("drop")),
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
	if (!add_host_hash(s->all[id - 1], hash_quick(db_text(r, 1), 0)))
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
		    " unparsed, dropped, hosts, carried_stored, carried_unparsed, carried_dropped"
		    " FROM sources ORDER BY id",
		    load_source, why) &&
	       load(s, db, "SELECT source, what, name, n FROM counts", load_count, why) &&
	       load(s, db, "SELECT source, name FROM hosts", load_host, why);
}
