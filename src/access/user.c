/* SPDX-License-Identifier: Apache-2.0 */
#include "access/user.h"

#include "access/access_int.h"
#include "access/invite_int.h"
#include "base/time.h"

#define COLUMNS                                                                             \
	"SELECT u.id, u.name, u.display_name, g.role, u.created, u.last_seen, u.disabled, " \
	"u.password IS NOT NULL FROM users u JOIN grants g ON g.user_id = u.id "

bool user_any(struct access *ac, bool *out, struct err *why)
{
	int64_t n = 0;

	if (!db_number(ac->db, "SELECT count(*) FROM users WHERE password IS NOT NULL", NULL, 0, &n,
		       why))
		return false;
	*out = n > 0;
	return true;
}

static bool keep_user(struct db_rows *r, struct arena *a, struct user *u)
{
	*u = (struct user){ .name = db_keep(r, 1, a),
			    .display_name = db_keep(r, 2, a),
			    .created = db_time(r, 4),
			    .last_seen = db_time(r, 5),
			    .disabled = db_int(r, 6) != 0,
			    .totp = db_int(r, 7) != 0 };
	db_put(r, 0, u->id, sizeof u->id);
	return u->name.p != NULL && u->display_name.p != NULL &&
	       role_parse(db_text(r, 3), &u->role);
}

bool user_list(struct access *ac, struct arena *a, struct user **out, size_t *n, struct err *why)
{
	int64_t most = 0;
	size_t have = 0;

	if (!db_number(ac->db, "SELECT count(*) FROM users", NULL, 0, &most, why))
		return false;
	struct user *list = NEW(a, struct user, (size_t)most + 1);
	bool fits = list != NULL;
	struct db_rows *r = db_query(ac->db, COLUMNS "ORDER BY u.name LIMIT $1",
				     DB_VALS(V_INT(most)), why);

	while (fits && db_next(r))
		fits = keep_user(r, a, &list[have++]);
	if (!db_end(r, why))
		return false;
	if (!fits)
		return err_set(why, ERR_LIMIT, 0, "the list is too long");
	*out = list;
	*n = have;
	return true;
}

bool user_get(struct access *ac, struct arena *a, struct str id, struct user *out, struct err *why)
{
	struct db_rows *r = db_query(ac->db, COLUMNS "WHERE u.id = $1", DB_VALS(V_TEXT(id)), why);
	struct user u = { .id = "" };
	bool found = db_next(r);
	bool fits = found && keep_user(r, a, &u);

	if (!db_end(r, why))
		return false;
	if (!found)
		return err_set(why, ERR_ABSENT, 0, "there is no such user");
	if (!fits)
		return err_set(why, ERR_LIMIT, 0, "the list is too long");
	*out = u;
	return true;
}

bool user_name_free(struct access *ac, const char *name, const char *but, struct err *why)
{
	int64_t n = 0;

	if (!db_number(ac->db, "SELECT count(*) FROM users WHERE name = $1 AND id <> $2",
		       DB_VALS(V_Z(name), V_Z(but)), &n, why))
		return false;
	return n == 0 || err_set(why, ERR_STATE, 0, "the name '%s' is taken", name);
}

bool user_insert(struct access *ac, const char *id, const char *name, struct str display_name,
		 const struct user_scope *scope, struct err *why)
{
	return user_name_free(ac, name, id, why) &&
	       db_run(ac->db,
		      "INSERT INTO users (id, name, display_name, created) VALUES ($1, $2, $3, $4)",
		      DB_VALS(V_Z(id), V_Z(name), V_TEXT(display_name), V_TIME(ac->clock())),
		      why) &&
	       db_run(ac->db,
		      "INSERT INTO grants (user_id, role, unit, site, granted) "
		      "VALUES ($1, $2, $3, $4, $5)",
		      DB_VALS(V_Z(id), V_Z(role_name(scope->role)), V_Z(scope->unit),
			      V_Z(scope->site[0] != '\0' ? scope->site : NULL),
			      V_TIME(ac->clock())),
		      why);
}

static bool invite(struct access *ac, const struct who *who, const char *name,
		   const struct user_draft *in, struct invited *made, struct err *why)
{
	struct user_scope scope = { .role = in->role };

	memcpy(scope.unit, who->unit, sizeof scope.unit);
	memcpy(scope.site, who->site, sizeof scope.site);
	uuid_new(made->id);
	return user_insert(ac, made->id, name, str_trim(in->display_name), &scope, why) &&
	       invite_make(ac, who, made->id, &scope, made->secret, why) &&
	       access_note(ac, who, "user.invited", str_of(made->id),
			   NOTE(F_PERSONAL("display_name", str_trim(in->display_name)),
				F_PERSONAL("name", str_of(name)), F_Z("role", role_name(in->role))),
			   why);
}

bool user_invite(struct access *ac, const struct who *who, const struct user_draft *in,
		 struct invited *out, struct access_faults *faults, struct err *why)
{
	char name[ACCESS_NAME_MAX + 1];
	struct invited made;
	struct err field;

	faults->n = 0;
	if (!who_may(who, ACT_USERS, why))
		return false;
	access_fault(faults, "name", access_name(in->name, name, &field), &field);
	access_fault(faults, "display_name", access_display_name(in->display_name, &field), &field);
	access_fault(faults, "role",
		     in->role != ROLE_SOURCE ||
			     err_set(&field, ERR_INPUT, 0, "a person cannot be a source"),
		     &field);
	if (faults->n > 0)
		return err_set(why, ERR_INPUT, 0, "the form has mistakes");
	if (!db_begin(ac->db, why) || !db_leave(ac->db, invite(ac, who, name, in, &made, why), why))
		return false;
	*out = made;
	return true;
}

static bool scope_of(struct access *ac, struct str id, struct user_scope *out, struct err *why)
{
	struct db_rows *r = db_query(ac->db,
				     "SELECT role, unit, site FROM grants WHERE user_id = $1",
				     DB_VALS(V_TEXT(id)), why);
	bool found = db_next(r) && role_parse(db_text(r, 0), &out->role);

	if (found) {
		db_put(r, 1, out->unit, sizeof out->unit);
		db_put(r, 2, out->site, sizeof out->site);
	}
	if (!db_end(r, why))
		return false;
	return found || err_set(why, ERR_ABSENT, 0, "there is no such user");
}

static bool reinvite(struct access *ac, const struct who *who, struct str id, struct invited *made,
		     struct err *why)
{
	struct user_scope scope = { .role = ROLE_SOURCE };

	if (!scope_of(ac, id, &scope, why))
		return false;
	memcpy(made->id, id.p, UUID_LEN);
	made->id[UUID_LEN] = '\0';
	return invite_make(ac, who, made->id, &scope, made->secret, why) &&
	       access_note(ac, who, "user.invited_again", id, NOTE(F_BOOL("again", true)), why);
}

bool user_reinvite(struct access *ac, const struct who *who, struct str id, struct invited *out,
		   struct err *why)
{
	struct invited made;

	if (!who_may(who, ACT_USERS, why))
		return false;
	if (!uuid_valid(id))
		return err_set(why, ERR_ABSENT, 0, "there is no such user");
	if (!db_begin(ac->db, why) || !db_leave(ac->db, reinvite(ac, who, id, &made, why), why))
		return false;
	*out = made;
	return true;
}

/* Another admin who can sign in stays. */
static bool admin_left(struct access *ac, struct str id, struct err *why)
{
	int64_t others = 0;

	if (!db_number(ac->db,
		       "SELECT count(*) FROM users u JOIN grants g ON g.user_id = u.id WHERE "
		       "g.role = 'admin' AND u.disabled = 0 AND u.password IS NOT NULL "
		       "AND u.id <> $1",
		       DB_VALS(V_TEXT(id)), &others, why))
		return false;
	return others > 0 || err_set(why, ERR_STATE, 0, "this is the last admin who can sign in");
}

static bool change_role(struct access *ac, const struct who *who, struct str id, enum role role,
			struct err *why)
{
	return (role == ROLE_ADMIN || admin_left(ac, id, why)) &&
	       db_run(ac->db, "UPDATE grants SET role = $2, granted = $3 WHERE user_id = $1",
		      DB_VALS(V_TEXT(id), V_Z(role_name(role)), V_TIME(ac->clock())), why) &&
	       access_note(ac, who, "user.role_changed", id, NOTE(F_Z("role", role_name(role))),
			   why);
}

static bool change_disabled(struct access *ac, const struct who *who, struct str id, bool disabled,
			    struct err *why)
{
	return (!disabled || admin_left(ac, id, why)) &&
	       db_run(ac->db, "UPDATE users SET disabled = $2 WHERE id = $1",
		      DB_VALS(V_TEXT(id), V_INT(disabled)), why) &&
	       (!disabled || db_run(ac->db, "DELETE FROM sessions WHERE user_id = $1",
				    DB_VALS(V_TEXT(id)), why)) &&
	       access_note(ac, who, disabled ? "user.disabled" : "user.enabled", id,
			   NOTE(F_BOOL("disabled", disabled)), why);
}

static bool change_name(struct access *ac, const struct who *who, struct str id, struct str name,
			struct err *why)
{
	return access_display_name(name, why) &&
	       db_run(ac->db, "UPDATE users SET display_name = $2 WHERE id = $1",
		      DB_VALS(V_TEXT(id), V_TEXT(str_trim(name))), why) &&
	       access_note(ac, who, "user.renamed", id,
			   NOTE(F_PERSONAL("display_name", str_trim(name))), why);
}

static bool change(struct access *ac, const struct who *who, const struct user *is,
		   const struct user_patch *p, struct err *why)
{
	struct str id = str_of(is->id);

	if (p->display_name.p != NULL && !str_eq(p->display_name, is->display_name) &&
	    !change_name(ac, who, id, p->display_name, why))
		return false;
	if (p->has_role && p->role == ROLE_SOURCE)
		return err_set(why, ERR_INPUT, 0, "a person cannot be a source");
	if (p->has_role && p->role != is->role && !change_role(ac, who, id, p->role, why))
		return false;
	return !p->has_disabled || p->disabled == is->disabled ||
	       change_disabled(ac, who, id, p->disabled, why);
}

bool user_change(struct access *ac, const struct who *who, struct str id,
		 const struct user_patch *patch, struct err *why)
{
	unsigned char mem[1024];
	struct arena a = { mem, mem + sizeof mem };
	struct user is = { .id = "" };

	return who_may(who, ACT_USERS, why) && user_get(ac, &a, id, &is, why) &&
	       db_begin(ac->db, why) && db_leave(ac->db, change(ac, who, &is, patch, why), why);
}
