/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger.c - append, list, prove.
 *
 * Invariant: within a transaction the entries, the stored subtrees and (after the commit hook of
 * state/ledger_key.c) the newest head agree; SQLite makes them land together or not at all.
 */
#include "state/ledger.h"

#include "base/jsonw.h"
#include "base/utf8.h"
#include "state/ledger_int.h"

#include <assert.h>
#include <stdio.h>

static void add_part(struct buf *b, struct str s)
{
	buf_printf(b, "%zu:", s.n);
	buf_add(b, s);
	buf_char(b, '\n');
}

bool ledger_leaf(const struct ledger_entry *e, struct merkle_hash *out)
{
	struct buf b = BUF(2 * LEDGER_BODY_MAX);

	buf_printf(&b, "canh-entry-1\n%lld\n%lld\n%lld\n", (long long)e->n, (long long)e->recorded,
		   (long long)e->observed);
	add_part(&b, e->actor);
	add_part(&b, e->kind);
	add_part(&b, e->subject);
	add_part(&b, e->body);
	if (!b.full)
		merkle_leaf(buf_str(&b), out);
	bool ok = !b.full;

	buf_free(&b);
	return ok;
}

const char *ledger_commitment(struct str salt, struct str value, char out[HASH_HEX_MAX])
{
	unsigned char sum[HASH_SHA256_LEN];

	hash_hmac(HASH_SHA256, salt, value, sum);
	return hash_hex(sum, sizeof sum, out);
}

static bool read_node(void *ctx, int level, uint64_t place, struct merkle_hash *out,
		      struct err *why)
{
	struct db *db = ctx;
	struct db_rows *r =
		level == 0
			? db_query(db, "SELECT hash FROM ledger_entries WHERE n = $1",
				   DB_VALS(V_INT(place + 1)), why)
			: db_query(db,
				   "SELECT hash FROM ledger_nodes WHERE level = $1 AND place = $2",
				   DB_VALS(V_INT(level), V_INT(place)), why);
	bool found = db_next(r);
	struct str hash = found ? db_blob(r, 0) : STR("");
	bool fits = hash.n == MERKLE_LEN;

	if (fits)
		memcpy(out->b, hash.p, MERKLE_LEN);
	if (!db_end(r, why))
		return false;
	return fits || err_set(why, ERR_INPUT, (size_t)((place << level) + 1),
			       "the ledger is damaged at entry %llu",
			       (unsigned long long)((place << level) + 1));
}

struct merkle_store ledger_store(struct db *db)
{
	return (struct merkle_store){ read_node, db };
}

/* `s` with U+FFFD for what is not UTF-8. */
static void add_clean(struct buf *b, struct str s)
{
	for (size_t at = 0; at < s.n;) {
		uint32_t cp;
		size_t next = utf8_next(s, at, &cp);

		if (cp == UTF8_BAD)
			buf_add(b, STR("\xef\xbf\xbd"));
		else
			buf_add(b, str_sub(s, at, next));
		at = next;
	}
}

struct draft {
	const struct ledger_field *field[LEDGER_FIELDS_MAX]; /* by key */
	char commitment[LEDGER_FIELDS_MAX][HASH_HEX_MAX];
	unsigned char salt[LEDGER_FIELDS_MAX][LEDGER_SALT_LEN];
	size_t n;
	struct buf body;
};

static void sort_fields(struct draft *d, const struct ledger_field *fields, size_t n)
{
	assert(n <= LEDGER_FIELDS_MAX);
	for (d->n = 0; d->n < n; d->n++) {
		size_t i = d->n;

		for (; i > 0 && strcmp(d->field[i - 1]->key, fields[d->n].key) > 0; i--)
			d->field[i] = d->field[i - 1];
		d->field[i] = &fields[d->n];
		assert(i == 0 || strcmp(d->field[i - 1]->key, fields[d->n].key) != 0);
	}
}

static void write_value(struct draft *d, size_t i, struct jsonw *w)
{
	const struct ledger_field *f = d->field[i];

	switch (f->type) {
	case LEDGER_TEXT:
		jsonw_str(w, f->text);
		break;
	case LEDGER_INT:
		jsonw_int(w, f->n);
		break;
	case LEDGER_BOOL:
		jsonw_bool(w, f->n != 0);
		break;
	case LEDGER_JSON:
		jsonw_raw(w, f->text);
		break;
	case LEDGER_PERSONAL:
		crypt_random(d->salt[i], LEDGER_SALT_LEN);
		ledger_commitment((struct str){ (const char *)d->salt[i], LEDGER_SALT_LEN },
				  f->text, d->commitment[i]);
		jsonw_open(w, '{');
		jsonw_kv_str(w, "commitment", str_of(d->commitment[i]));
		jsonw_close(w, '}');
		break;
	}
}

static void write_body(struct draft *d)
{
	struct jsonw w = { .out = &d->body };

	jsonw_open(&w, '{');
	for (size_t i = 0; i < d->n; i++) {
		jsonw_key(&w, d->field[i]->key);
		write_value(d, i, &w);
	}
	jsonw_close(&w, '}');
}

static bool keep_node(void *ctx, int level, uint64_t place, const struct merkle_hash *hash,
		      struct err *why)
{
	return db_run(ctx, "INSERT INTO ledger_nodes (level, place, hash) VALUES ($1, $2, $3)",
		      DB_VALS(V_INT(level), V_INT(place), V_BYTES(hash->b, MERKLE_LEN)), why);
}

static bool insert(struct db *db, struct ledger_entry *e, struct err *why)
{
	struct merkle_store store = ledger_store(db);
	struct merkle_range range = { 0 };

	if (!ledger_leaf(e, &e->hash))
		return err_set(why, ERR_LIMIT, 0, "the entry is too long for the ledger");
	if (!merkle_range_load(&store, (uint64_t)e->n - 1, &range, why))
		return false;
	if (!db_run(db,
		    "INSERT INTO ledger_entries "
		    "(n, recorded, observed, actor, kind, subject, body, hash) "
		    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		    DB_VALS(V_INT(e->n), V_INT(e->recorded), V_INT(e->observed), V_TEXT(e->actor),
			    V_TEXT(e->kind), V_TEXT(e->subject), V_TEXT(e->body),
			    V_BYTES(e->hash.b, MERKLE_LEN)),
		    why))
		return false;
	return merkle_range_add(&range, &e->hash, keep_node, db, why);
}

static bool keep_personal(struct db *db, const struct draft *d, int64_t n, struct err *why)
{
	for (size_t i = 0; i < d->n; i++) {
		struct str value = d->field[i]->text;

		if (d->field[i]->type != LEDGER_PERSONAL)
			continue;
		if (!db_run(db,
			    "INSERT INTO ledger_personal (n, field, salt, value) "
			    "VALUES ($1, $2, $3, $4)",
			    DB_VALS(V_INT(n), V_Z(d->field[i]->key),
				    V_BYTES(d->salt[i], LEDGER_SALT_LEN),
				    V_TEXT(value.p == NULL ? STR("") : value)),
			    why))
			return false;
	}
	return true;
}

static bool append(struct db *db, const struct ledger_note *note, struct draft *d,
		   struct buf *subject, struct ledger_entry *e, struct err *why)
{
	int64_t last = 0, now = time_now();

	add_clean(subject, note->subject);
	write_body(d);
	if (subject->full || d->body.full)
		return err_set(why, ERR_LIMIT, 0, "the entry is too long for the ledger");
	if (!db_number(db, "SELECT coalesce(max(n), 0) FROM ledger_entries", NULL, 0, &last, why))
		return false;
	*e = (struct ledger_entry){
		.n = last + 1,
		.recorded = now,
		.observed = note->observed == TIME_NONE ? now : note->observed,
		.actor = str_of(note->actor),
		.kind = str_of(note->kind),
		.subject = subject->n > 0 ? buf_str(subject) : STR(""),
		.body = buf_str(&d->body),
	};
	return insert(db, e, why) && keep_personal(db, d, e->n, why);
}

bool ledger_append(struct db *db, const struct ledger_note *note, const struct ledger_field *fields,
		   size_t nfields, int64_t *n, struct err *why)
{
	struct draft d = { .body = BUF(LEDGER_BODY_MAX) };
	struct buf subject = BUF(4096);
	struct ledger_entry e;

	assert(db_open_transaction(db));
	assert(strspn(note->kind, "abcdefghijklmnopqrstuvwxyz_.") == strlen(note->kind));
	assert(note->kind[0] != '\0' && note->actor[0] != '\0');
	sort_fields(&d, fields, nfields);
	bool ok = append(db, note, &d, &subject, &e, why);

	crypt_wipe(d.salt, sizeof d.salt);
	buf_free(&subject);
	buf_free(&d.body);
	if (ok && n != NULL)
		*n = e.n;
	return ok;
}

bool ledger_forget(struct db *db, int64_t n, const char *actor, struct str reason, struct err *why)
{
	char number[24];
	int len = snprintf(number, sizeof number, "%lld", (long long)n);
	struct ledger_note note = { actor, "ledger.forgotten", { number, (size_t)len }, TIME_NONE };

	if (!db_run(db, "DELETE FROM ledger_personal WHERE n = $1", DB_VALS(V_INT(n)), why))
		return false;
	int64_t values = db_changes(db);

	if (values == 0)
		return err_set(why, ERR_ABSENT, (size_t)n, "entry %lld holds no personal data",
			       (long long)n);
	return ledger_append(
		db, &note,
		LEDGER_FIELDS(F_INT("entry", n), F_INT("values", values), F_TEXT("reason", reason)),
		NULL, why);
}

/* The kinds that `wish` means: from `low` up to and including `high`, or without it, `low` alone. */
static struct db_rows *select_entries(struct db *db, const struct ledger_wish *w, struct err *why)
{
#define COLUMNS \
	"SELECT n, recorded, observed, actor, kind, subject, body, hash FROM ledger_entries "
#define BOUNDS "WHERE n < $1 AND recorded >= $2 AND recorded < $3 "
#define ORDER "ORDER BY n DESC LIMIT $4"
/* Whatever the scope reaches by its id; a session by whose it is. A kind as above. */
#define ABOUT(table, id)                              \
	"EXISTS (SELECT 1 FROM " table " t WHERE " id \
	" AND " IN_SCOPE("t.unit", "t.site", "$7", "$8") ")"
#define PART                                                                                                                                                                                                                                                                            \
	"AND ($5 = '' OR kind = $5 OR (kind >= $5 AND kind < $6)) AND (" ABOUT("alerts", "t.id = subject") " OR " ABOUT("exceptions", "t.id = subject") " OR " ABOUT("tokens", "t.id = subject") " OR " ABOUT("grants", "t.user_id = subject") " OR (kind LIKE 'session.%' AND " ABOUT( \
		"grants",                                                                                                                                                                                                                                                               \
		"'user:' || t.user_id = actor") ")"                                                                                                                                                                                                                                     \
						" OR (kind LIKE 'source.%' AND " ABOUT(                                                                                                                                                                                                 \
							"source_settings",                                                                                                                                                                                                              \
							"t.source = subject") ")"                                                                                                                                                                                                       \
									      " OR (kind LIKE 'unit.%' AND subject IN " UNITS_BELOW(                                                                                                                                                    \
										      "$7") " AND $8 IS NULL)"                                                                                                                                                                          \
											    " OR (kind LIKE 'site.%' AND EXISTS (SELECT 1 FROM sites t WHERE t.id = subject AND " IN_SCOPE(                                                                                             \
												    "t.unit",                                                                                                                                                                           \
												    "t.id",                                                                                                                                                                             \
												    "$7",                                                                                                                                                                               \
												    "$8") "))) "
	struct db_val below = V_INT(w->below > 0 ? w->below : INT64_MAX),
		      from = V_INT(w->from == TIME_NONE ? INT64_MIN : w->from),
		      to = V_INT(w->to == TIME_NONE ? INT64_MAX : w->to), limit = V_INT(w->most);
	char high[64] = "";
	bool all = w->kind.n == 0;
	bool group = !all && w->kind.p[w->kind.n - 1] == '.' && w->kind.n < sizeof high;
	struct str low = all ? STR("") : w->kind, end = low;

	if (group)
		end = (struct str){ high, (size_t)snprintf(high, sizeof high, "%.*s/",
							   (int)w->kind.n - 1, w->kind.p) };
	if (!scope_is_whole(&w->scope))
		return db_query(db, COLUMNS BOUNDS PART ORDER,
				DB_VALS(below, from, to, limit, V_TEXT(low), V_TEXT(end),
					SCOPE_VALS(&w->scope)),
				why);
	if (all)
		return db_query(db, COLUMNS BOUNDS ORDER, DB_VALS(below, from, to, limit), why);
	if (!group)
		return db_query(db, COLUMNS BOUNDS "AND kind = $5 ORDER BY n DESC LIMIT $4",
				DB_VALS(below, from, to, limit, V_TEXT(low)), why);
	return db_query(db, COLUMNS BOUNDS "AND kind >= $5 AND kind < $6 ORDER BY n DESC LIMIT $4",
			DB_VALS(below, from, to, limit, V_TEXT(low), V_TEXT(end)), why);
#undef COLUMNS
#undef BOUNDS
#undef ORDER
#undef ABOUT
#undef PART
}

static bool keep_row(struct db_rows *r, struct arena *a, struct ledger_entry *e)
{
	struct str hash = db_blob(r, 7);

	*e = (struct ledger_entry){
		.n = db_int(r, 0),
		.recorded = db_int(r, 1),
		.observed = db_int(r, 2),
		.actor = db_keep(r, 3, a),
		.kind = db_keep(r, 4, a),
		.subject = db_keep(r, 5, a),
		.body = db_keep(r, 6, a),
	};
	if (hash.n == MERKLE_LEN)
		memcpy(e->hash.b, hash.p, MERKLE_LEN);
	return e->actor.p != NULL && e->kind.p != NULL && e->subject.p != NULL && e->body.p != NULL;
}

bool ledger_list(struct db *db, struct arena *a, const struct ledger_wish *wish,
		 struct ledger_entry **out, size_t *nout, struct err *why)
{
	struct ledger_entry *list = NEW(a, struct ledger_entry, wish->most > 0 ? wish->most : 1);
	struct db_rows *r = list == NULL ? NULL : select_entries(db, wish, why);
	size_t n = 0;
	bool fits = list != NULL;

	while (fits && db_next(r))
		fits = keep_row(r, a, &list[n++]);
	if (list != NULL && !db_end(r, why))
		return false;
	if (!fits)
		return err_set(why, ERR_LIMIT, 0, "too many entries at once");
	*out = list;
	*nout = n;
	return true;
}

bool ledger_personal(struct db *db, struct arena *a, int64_t n, const char *field, struct str *out,
		     struct err *why)
{
	struct db_rows *r =
		db_query(db, "SELECT value FROM ledger_personal WHERE n = $1 AND field = $2",
			 DB_VALS(V_INT(n), V_Z(field)), why);
	bool found = db_next(r);
	struct str value = found ? db_keep(r, 0, a) : STR("");

	if (!db_end(r, why))
		return false;
	if (!found)
		return err_set(why, ERR_ABSENT, (size_t)n, "entry %lld holds no personal data",
			       (long long)n);
	if (value.p == NULL)
		return err_set(why, ERR_LIMIT, 0, "too many entries at once");
	*out = value;
	return true;
}

bool ledger_prove_entry(struct db *db, int64_t n, int64_t size, struct merkle_proof *out,
			struct err *why)
{
	struct merkle_store store = ledger_store(db);

	return merkle_prove_leaf(&store, (uint64_t)(n - 1), (uint64_t)size, out, why);
}

bool ledger_prove_growth(struct db *db, int64_t from, int64_t size, struct merkle_proof *out,
			 struct err *why)
{
	struct merkle_store store = ledger_store(db);

	return merkle_prove_growth(&store, (uint64_t)from, (uint64_t)size, out, why);
}
