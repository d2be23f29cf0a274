/* SPDX-License-Identifier: Apache-2.0 */
#include "access/token.h"

#include "access/access_int.h"
#include "base/time.h"

#include <stdio.h>

#define PREFIX "canh_"
enum { SECRET_LEN = sizeof PREFIX - 1 + 43 };

static bool make(struct access *ac, const struct who *who, const struct token_draft *in,
		 const struct home *home, struct token_made *out, struct err *why)
{
	unsigned char hash[HASH_SHA256_LEN];
	struct str name = str_trim(in->name);

	access_secret(PREFIX, out->secret);
	access_secret_hash(str_of(out->secret), hash);
	uuid_new(out->id);
	return db_run(ac->db,
		      "INSERT INTO tokens (id, hash, name, role, unit, site, created, created_by) "
		      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		      DB_VALS(V_Z(out->id), V_BYTES(hash, sizeof hash), V_TEXT(name),
			      V_Z(role_name(in->role)), V_Z(home->unit),
			      V_Z(home->site[0] != '\0' ? home->site : NULL), V_TIME(ac->clock()),
			      V_Z(who == NULL ? "canh" : who->actor)),
		      why) &&
	       access_note(ac, who, "token.made", str_of(out->id),
			   NOTE(F_TEXT("name", name), F_Z("role", role_name(in->role)),
				F_Z("site", home->site), F_Z("unit", home->unit)),
			   why);
}

static const struct scope everything = { "", "" };

bool token_new(struct access *ac, const struct who *who, const struct token_draft *in,
	       struct token_made *out, struct err *why)
{
	const struct scope *scope = who == NULL ? &everything : &who->scope;
	struct token_made made;
	struct home home;

	if (who != NULL && !who_may(who, ACT_TOKENS, why))
		return false;
	if (!access_display_name(in->name, why) ||
	    !scope_pick(ac->db, scope, in->unit, in->site, &home, why))
		return false;
	if (who != NULL && in->role > who->role)
		return err_set(why, ERR_DENIED, 0, "nobody makes a token stronger than himself");
	if (!db_begin(ac->db, why) || !db_leave(ac->db, make(ac, who, in, &home, &made, why), why))
		return false;
	*out = made;
	return true;
}

static bool used(struct access *ac, const struct who *w, struct err *why)
{
	return db_begin(ac->db, why) &&
	       db_leave(ac->db,
			db_run(ac->db, "UPDATE tokens SET last_used = $2 WHERE id = $1",
			       DB_VALS(V_Z(w->id), V_TIME(ac->clock())), why),
			why);
}

bool token_find(struct access *ac, struct str secret, struct who *out, struct err *why)
{
	unsigned char hash[HASH_SHA256_LEN];
	struct who w = { .kind = WHO_TOKEN, .lang = LANG_VI, .expires = TIME_NONE };
	int64_t last = 0;

	if (secret.n != SECRET_LEN || !str_starts(secret, STR(PREFIX)))
		return err_set(why, ERR_DENIED, 0, "no such token");
	access_secret_hash(secret, hash);
	struct db_rows *r = db_query(ac->db,
				     "SELECT id, name, role, unit, site, coalesce(last_used, 0) "
				     "FROM tokens WHERE hash = $1 AND revoked IS NULL",
				     DB_VALS(V_BYTES(hash, sizeof hash)), why);
	bool found = db_next(r) && role_parse(db_text(r, 2), &w.role);

	if (found) {
		db_put(r, 0, w.id, sizeof w.id);
		db_put(r, 1, w.name, sizeof w.name);
		db_put(r, 1, w.display_name, sizeof w.display_name);
		db_put(r, 3, w.home.unit, sizeof w.home.unit);
		db_put(r, 4, w.home.site, sizeof w.home.site);
		last = db_int(r, 5);
		snprintf(w.actor, sizeof w.actor, "token:%s", w.id);
	}
	if (!db_end(r, why))
		return false;
	if (!found)
		return err_set(why, ERR_DENIED, 0, "no such token");
	if (!access_reach(ac, &w, why))
		return false;
	if (ac->clock() >= last + SEEN_EVERY && !used(ac, &w, why))
		return false;
	*out = w;
	return true;
}

static bool keep_token(struct db_rows *r, struct arena *a, struct token *t)
{
	*t = (struct token){ .name = db_keep(r, 1, a),
			     .created_by = db_keep(r, 3, a),
			     .created = db_time(r, 4),
			     .last_used = db_time(r, 5) };
	db_put(r, 0, t->id, sizeof t->id);
	db_put(r, 6, t->home.unit, sizeof t->home.unit);
	db_put(r, 7, t->home.site, sizeof t->home.site);
	return t->name.p != NULL && t->created_by.p != NULL && role_parse(db_text(r, 2), &t->role);
}

#define WORKING "FROM tokens WHERE revoked IS NULL AND " IN_SCOPE("unit", "site", "$1", "$2")

bool token_list(struct access *ac, const struct scope *scope, struct arena *a, struct token **out,
		size_t *n, struct err *why)
{
	int64_t most = 0;
	size_t have = 0;

	if (!db_number(ac->db, "SELECT count(*) " WORKING, DB_VALS(SCOPE_VALS(scope)), &most, why))
		return false;
	struct token *list = NEW(a, struct token, (size_t)most + 1);
	bool fits = list != NULL;
	struct db_rows *r = db_query(ac->db,
				     "SELECT id, name, role, created_by, created, last_used, unit, "
				     "site " WORKING " ORDER BY created DESC, id DESC LIMIT $3",
				     DB_VALS(SCOPE_VALS(scope), V_INT(most)), why);

	while (fits && db_next(r))
		fits = keep_token(r, a, &list[have++]);
	if (!db_end(r, why))
		return false;
	if (!fits)
		return err_set(why, ERR_LIMIT, 0, "the list is too long");
	*out = list;
	*n = have;
	return true;
}

static bool revoke(struct access *ac, const struct who *who, struct str id, struct err *why)
{
	const struct scope *scope = who == NULL ? &everything : &who->scope;

	if (!db_run(ac->db,
		    "UPDATE tokens SET revoked = $1 WHERE id = $2 AND revoked IS NULL AND " IN_SCOPE(
			    "unit", "site", "$3", "$4"),
		    DB_VALS(V_TIME(ac->clock()), V_TEXT(id), SCOPE_VALS(scope)), why))
		return false;
	if (db_changes(ac->db) == 0)
		return err_set(why, ERR_ABSENT, 0, "no such token");
	return access_note(ac, who, "token.revoked", id, NOTE(F_BOOL("revoked", true)), why);
}

bool token_revoke(struct access *ac, const struct who *who, struct str id, struct err *why)
{
	return (who == NULL || who_may(who, ACT_TOKENS, why)) && db_begin(ac->db, why) &&
	       db_leave(ac->db, revoke(ac, who, id, why), why);
}
