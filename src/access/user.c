/* SPDX-License-Identifier: Apache-2.0 */
#include "access/user.h"

#include "access/access_int.h"
#include "access/invite_int.h"
#include "base/time.h"

#include <stdio.h>

#define COLUMNS                                                                                  \
	"SELECT u.id, u.name, u.display_name, g.role, u.created, u.last_seen, u.disabled, "      \
	"u.password IS NOT NULL, g.unit, g.site FROM users u JOIN grants g ON g.user_id = u.id " \
	"WHERE " IN_SCOPE("g.unit", "g.site", "$1", "$2")

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
	db_put(r, 8, u->home.unit, sizeof u->home.unit);
	db_put(r, 9, u->home.site, sizeof u->home.site);
	return u->name.p != NULL && u->display_name.p != NULL &&
	       role_parse(db_text(r, 3), &u->role);
}

bool user_list(struct access *ac, const struct scope *scope, struct arena *a, struct user **out,
	       size_t *n, struct err *why)
{
	int64_t most = 0;
	size_t have = 0;

	if (!db_number(ac->db, "SELECT count(*) FROM users", NULL, 0, &most, why))
		return false;
	struct user *list = NEW(a, struct user, (size_t)most + 1);
	bool fits = list != NULL;
	struct db_rows *r = db_query(ac->db, COLUMNS " ORDER BY u.name LIMIT $3",
				     DB_VALS(SCOPE_VALS(scope), V_INT(most)), why);

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

bool user_get(struct access *ac, const struct scope *scope, struct arena *a, struct str id,
	      struct user *out, struct err *why)
{
	struct db_rows *r = db_query(ac->db, COLUMNS " AND u.id = $3",
				     DB_VALS(SCOPE_VALS(scope), V_TEXT(id)), why);
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
		 const struct grant *grant, struct err *why)
{
	return user_name_free(ac, name, id, why) &&
	       db_run(ac->db,
		      "INSERT INTO users (id, name, display_name, created) VALUES ($1, $2, $3, $4)",
		      DB_VALS(V_Z(id), V_Z(name), V_TEXT(display_name), V_TIME(ac->clock())),
		      why) &&
	       db_run(ac->db,
		      "INSERT INTO grants (user_id, role, unit, site, granted) "
		      "VALUES ($1, $2, $3, $4, $5)",
		      DB_VALS(V_Z(id), V_Z(role_name(grant->role)), V_Z(grant->home.unit),
			      V_Z(grant->home.site[0] != '\0' ? grant->home.site : NULL),
			      V_TIME(ac->clock())),
		      why);
}

/* in->name: as it is kept. */
static bool invite(struct access *ac, const struct who *who, const struct user_draft *in,
		   const struct grant *grant, struct invited *made, struct err *why)
{
	char name[ACCESS_NAME_MAX + 1];

	snprintf(name, sizeof name, "%.*s", STR_ARG(in->name));
	uuid_new(made->id);
	return user_insert(ac, made->id, name, str_trim(in->display_name), grant, why) &&
	       invite_make(ac, who, made->id, grant, made->secret, why) &&
	       access_note(ac, who, "user.invited", str_of(made->id),
			   NOTE(F_PERSONAL("display_name", str_trim(in->display_name)),
				F_PERSONAL("name", str_of(name)), F_Z("role", role_name(in->role)),
				F_Z("site", grant->home.site), F_Z("unit", grant->home.unit)),
			   why);
}

bool user_invite(struct access *ac, const struct who *who, const struct user_draft *in,
		 struct invited *out, struct access_faults *faults, struct err *why)
{
	struct grant grant = { .role = in->role };
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
	access_fault(faults, "unit",
		     scope_pick(ac->db, &who->scope, in->unit, in->site, &grant.home, &field),
		     &field);
	if (faults->n > 0)
		return err_set(why, ERR_INPUT, 0, "the form has mistakes");
	struct user_draft kept = *in;
	kept.name = str_of(name);
	if (!db_begin(ac->db, why) ||
	    !db_leave(ac->db, invite(ac, who, &kept, &grant, &made, why), why))
		return false;
	*out = made;
	return true;
}

static bool reinvite(struct access *ac, const struct who *who, struct str id, struct invited *made,
		     struct err *why)
{
	unsigned char mem[2048];
	struct arena a = { mem, mem + sizeof mem };
	struct user u = { .id = "" };

	if (!user_get(ac, &who->scope, &a, id, &u, why))
		return false;
	const struct grant grant = { u.role, u.home };

	memcpy(made->id, u.id, sizeof made->id);
	return invite_make(ac, who, made->id, &grant, made->secret, why) &&
	       access_note(ac, who, "user.invited_again", id, NOTE(F_BOOL("again", true)), why);
}

bool user_reinvite(struct access *ac, const struct who *who, struct str id, struct invited *out,
		   struct err *why)
{
	struct invited made;

	if (!who_may(who, ACT_USERS, why))
		return false;
	if (!db_begin(ac->db, why) || !db_leave(ac->db, reinvite(ac, who, id, &made, why), why))
		return false;
	*out = made;
	return true;
}

/* Another admin of the whole who can sign in stays. */
static bool admin_left(struct access *ac, struct str id, struct err *why)
{
	int64_t others = 0;

	if (!db_number(ac->db,
		       "SELECT count(*) FROM users u JOIN grants g ON g.user_id = u.id WHERE "
		       "g.role = 'admin' AND g.unit = $1 AND g.site IS NULL AND u.disabled = 0 "
		       "AND u.password IS NOT NULL AND u.id <> $2",
		       DB_VALS(V_Z(ac->unit), V_TEXT(id)), &others, why))
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

/* Where the role holds: at once, also for what is signed in. */
static bool change_home(struct access *ac, const struct who *who, const struct user *is,
			const struct user_patch *p, struct err *why)
{
	struct home to = is->home;
	struct scope reach;

	if (!scope_pick(ac->db, &who->scope, p->unit, p->site, &to, why) ||
	    !scope_of_home(ac->db, &to, &reach, why))
		return false;
	if (strcmp(to.unit, is->home.unit) == 0 && strcmp(to.site, is->home.site) == 0)
		return true;
	return (scope_is_whole(&reach) || admin_left(ac, str_of(is->id), why)) &&
	       db_run(ac->db,
		      "UPDATE grants SET unit = $2, site = $3, granted = $4 WHERE user_id = $1",
		      DB_VALS(V_Z(is->id), V_Z(to.unit), V_Z(to.site[0] != '\0' ? to.site : NULL),
			      V_TIME(ac->clock())),
		      why) &&
	       access_note(ac, who, "user.moved", str_of(is->id),
			   NOTE(F_Z("site", to.site), F_Z("unit", to.unit)), why);
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
	if (p->has_home && !change_home(ac, who, is, p, why))
		return false;
	return !p->has_disabled || p->disabled == is->disabled ||
	       change_disabled(ac, who, id, p->disabled, why);
}

bool user_change(struct access *ac, const struct who *who, struct str id,
		 const struct user_patch *patch, struct err *why)
{
	unsigned char mem[2048];
	struct arena a = { mem, mem + sizeof mem };
	struct user is = { .id = "" };

	return who_may(who, ACT_USERS, why) && user_get(ac, &who->scope, &a, id, &is, why) &&
	       db_begin(ac->db, why) && db_leave(ac->db, change(ac, who, &is, patch, why), why);
}
