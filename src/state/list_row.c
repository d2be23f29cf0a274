/* SPDX-License-Identifier: Apache-2.0 */
#include "state/list_row.h"

#include "base/jsonw.h"
#include "state/ledger.h"
#include "state/state.h"

#define COLUMNS                                                                                   \
	"id, name, kind, letter, issuer, month, tlp, sha256, types_json, map_json, imported_by, " \
	"valid_from, valid_until, size_bytes, entries, bad_lines, hits, imported"

static bool insert(struct db *db, const struct list_row *row, const char *actor, struct err *why)
{
	char unit[UUID_MAX];

	return state_unit(db, unit, why) &&
	       db_run(db,
		      "INSERT INTO lists (id, unit, name, kind, letter, issuer, month, valid_from, "
		      "valid_until, tlp, sha256, size_bytes, entries, bad_lines, types_json, "
		      "map_json, imported, imported_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
		      "$10, $11, $12, $13, $14, $15, $16, $17, $18)",
		      DB_VALS(V_Z(row->id), V_Z(unit), V_TEXT(row->name), V_TEXT(row->kind),
			      V_TEXT(row->letter), V_TEXT(row->issuer), V_TEXT(row->month),
			      V_TIME(row->valid_from), V_TIME(row->valid_until), V_TEXT(row->tlp),
			      V_TEXT(row->sha256), V_INT(row->size_bytes), V_INT(row->entries),
			      V_INT(row->bad_lines), V_TEXT(row->types_json), V_TEXT(row->map_json),
			      V_TIME(time_now()), V_Z(actor)),
		      why);
}

static bool insert_faults(struct db *db, const struct list_row *row,
			  const struct list_fault *faults, size_t n, struct err *why)
{
	for (size_t i = 0; i < n && i < LIST_FAULTS_KEPT; i++)
		if (!db_run(db,
			    "INSERT INTO list_bad_lines (list, line, reason_vi, reason_en) "
			    "VALUES ($1, $2, $3, $4) ON CONFLICT (list, line) DO NOTHING",
			    DB_VALS(V_Z(row->id), V_INT(faults[i].line),
				    V_TEXT(faults[i].reason_vi), V_TEXT(faults[i].reason_en)),
			    why))
			return false;
	return true;
}

static bool note_import(struct db *db, const struct list_row *row, const char *actor,
			struct err *why)
{
	struct ledger_note note = { actor, "list.imported", str_of(row->id), TIME_NONE };

	return ledger_append(
		db, &note,
		LEDGER_FIELDS(F_TEXT("name", row->name), F_TEXT("kind", row->kind),
			      F_TEXT("letter", row->letter), F_TEXT("sha256", row->sha256),
			      F_INT("entries", row->entries), F_INT("bad_lines", row->bad_lines)),
		NULL, why);
}

/* The same file once more under the same name and letter would only make each hit twice. A file that
 * comes again as the list of another month or letter is another list. */
static bool is_new(struct db *db, const struct list_row *row, struct err *why)
{
	int64_t n = 0;

	if (!db_number(db,
		       "SELECT count(*) FROM lists WHERE removed IS NULL AND sha256 = $1"
		       " AND kind = $2 AND name = $3 AND coalesce(letter, '') = $4"
		       " AND coalesce(month, '') = $5",
		       DB_VALS(V_TEXT(row->sha256), V_TEXT(row->kind), V_TEXT(row->name),
			       V_TEXT(row->letter.n > 0 ? row->letter : STR("")),
			       V_TEXT(row->month.n > 0 ? row->month : STR(""))),
		       &n, why))
		return false;
	return n == 0 || err_set(why, ERR_INPUT, 0, "this file is in use already as list '%.*s'",
				 STR_ARG(row->name));
}

bool list_row_add(struct db *db, const struct list_row *row, const struct list_fault *faults,
		  size_t nfaults, const char *actor, struct err *why)
{
	if (!db_begin(db, why))
		return false;
	bool ok = is_new(db, row, why) && insert(db, row, actor, why) &&
		  insert_faults(db, row, faults, nfaults, why) && note_import(db, row, actor, why);
	return db_leave(db, ok, why);
}

static bool mark_removed(struct db *db, struct str id, const char *actor, struct err *why)
{
	struct ledger_note note = { actor, "list.removed", id, TIME_NONE };

	if (!db_run(db,
		    "UPDATE lists SET removed = $1, removed_by = $2 WHERE id = $3 AND removed IS NULL",
		    DB_VALS(V_TIME(time_now()), V_Z(actor), V_TEXT(id)), why))
		return false;
	if (db_changes(db) == 0)
		return err_set(why, ERR_ABSENT, 0, "no such list");
	return ledger_append(db, &note, NULL, 0, NULL, why);
}

bool list_row_remove(struct db *db, struct str id, const char *actor, struct err *why)
{
	return db_begin(db, why) && db_leave(db, mark_removed(db, id, actor, why), why);
}

static void take_row(struct db_rows *r, struct arena *a, struct list_row *out)
{
	struct str *texts[] = { &out->name,     &out->kind,       &out->letter, &out->issuer,
				&out->month,    &out->tlp,        &out->sha256, &out->types_json,
				&out->map_json, &out->imported_by };
	int64_t *numbers[] = { &out->size_bytes, &out->entries, &out->bad_lines, &out->hits,
			       &out->imported };
	int col = 0;

	db_put(r, col++, out->id, sizeof out->id);
	for (size_t i = 0; i < COUNT(texts); i++)
		*texts[i] = db_keep(r, col++, a);
	out->valid_from = db_time(r, col++);
	out->valid_until = db_time(r, col++);
	for (size_t i = 0; i < COUNT(numbers); i++)
		*numbers[i] = db_int(r, col++);
}

bool list_row_get(struct db *db, struct arena *a, struct str id, struct list_row *out,
		  struct err *why)
{
	struct list_row row = { 0 };
	struct db_rows *r =
		db_query(db, "SELECT " COLUMNS " FROM lists WHERE id = $1 AND removed IS NULL",
			 DB_VALS(V_TEXT(id)), why);
	bool found = db_next(r);

	if (found)
		take_row(r, a, &row);
	if (!db_end(r, why))
		return false;
	if (!found)
		return err_set(why, ERR_ABSENT, 0, "no such list");
	*out = row;
	return true;
}

bool list_row_all(struct db *db, struct arena *a, size_t most, struct list_row **out, size_t *n,
		  struct err *why)
{
	struct list_row *rows = NEW(a, struct list_row, most);
	size_t got = 0;

	if (rows == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct db_rows *r = db_query(db,
				     "SELECT " COLUMNS " FROM lists WHERE removed IS NULL "
				     "ORDER BY imported DESC, id DESC LIMIT $1",
				     DB_VALS(V_INT(most)), why);
	while (got < most && db_next(r))
		take_row(r, a, &rows[got++]);
	if (!db_end(r, why))
		return false;
	*out = rows;
	*n = got;
	return true;
}

bool list_row_faults(struct db *db, struct arena *a, struct str id, struct list_fault **out,
		     size_t *n, struct err *why)
{
	struct list_fault *faults = NEW(a, struct list_fault, LIST_FAULTS_KEPT);
	size_t got = 0;

	if (faults == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct db_rows *r = db_query(db,
				     "SELECT line, reason_vi, reason_en FROM list_bad_lines "
				     "WHERE list = $1 ORDER BY line LIMIT $2",
				     DB_VALS(V_TEXT(id), V_INT(LIST_FAULTS_KEPT)), why);
	while (got < LIST_FAULTS_KEPT && db_next(r)) {
		faults[got].line = db_int(r, 0);
		faults[got].reason_vi = db_keep(r, 1, a);
		faults[got++].reason_en = db_keep(r, 2, a);
	}
	if (!db_end(r, why))
		return false;
	*out = faults;
	*n = got;
	return true;
}

void list_row_put(struct jsonw *w, const struct list_row *row, struct str imported_by)
{
	jsonw_kv_str(w, "id", str_of(row->id));
	jsonw_kv_str(w, "name", row->name);
	jsonw_kv_str(w, "kind", row->kind);
	jsonw_kv_str(w, "letter", row->letter);
	jsonw_kv_str(w, "issuer", row->issuer);
	jsonw_kv_str(w, "month", row->month);
	jsonw_kv_time(w, "valid_from", row->valid_from);
	jsonw_kv_time(w, "valid_until", row->valid_until);
	jsonw_kv_str(w, "tlp", row->tlp);
	jsonw_kv_str(w, "sha256", row->sha256);
	jsonw_kv_int(w, "entries", row->entries);
	jsonw_kv_int(w, "bad_lines", row->bad_lines);
	jsonw_key(w, "types");
	jsonw_raw(w, row->types_json.n > 0 ? row->types_json : STR("{}"));
	jsonw_kv_time(w, "imported_at", row->imported);
	jsonw_kv_str(w, "imported_by", imported_by);
	jsonw_kv_int(w, "hits", row->hits);
}
