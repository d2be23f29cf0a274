/* SPDX-License-Identifier: Apache-2.0 */
/*
 * invite.c - name and password wait in the invite's row until the first right code; only then is
 * there an account that can sign in, and the link is spent.
 */
#include "access/invite.h"

#include "access/access_int.h"
#include "access/invite_int.h"
#include "access/password.h"
#include "access/user.h"
#include "base/time.h"

#include <stdio.h>

#define GOOD_FOR TIME_DAY

struct row {
	char id[UUID_MAX], user[UUID_MAX]; /* user "": to be made */
	struct grant grant;
	char name[ACCESS_NAME_MAX + 1];
	char display_name[ACCESS_DISPLAY_MAX];
	bool accepted;
	char password[CRYPT_PASSWORD_MAX];
	unsigned char box[TOTP_BOX_LEN];
};

static void keep_row(struct db_rows *r, struct row *row)
{
	struct str box = db_blob(r, 8);

	db_put(r, 0, row->id, sizeof row->id);
	db_put(r, 1, row->user, sizeof row->user);
	db_put(r, 3, row->grant.home.unit, sizeof row->grant.home.unit);
	db_put(r, 4, row->grant.home.site, sizeof row->grant.home.site);
	db_put(r, 5, row->name, sizeof row->name);
	db_put(r, 6, row->display_name, sizeof row->display_name);
	db_put(r, 7, row->password, sizeof row->password);
	row->accepted = row->password[0] != '\0' && box.n == sizeof row->box;
	if (row->accepted)
		memcpy(row->box, box.p, box.n);
}

static bool find(struct access *ac, struct str secret, struct row *out, struct err *why)
{
	unsigned char hash[HASH_SHA256_LEN];
	struct row row = { .id = "" };

	access_secret_hash(secret, hash);
	struct db_rows *r = db_query(
		ac->db,
		"SELECT i.id, i.user_id, i.role, i.unit, i.site, coalesce(u.name, i.name), "
		"coalesce(i.display_name, u.display_name), i.password, i.totp_box FROM invites i "
		"LEFT JOIN users u ON u.id = i.user_id "
		"WHERE i.hash = $1 AND i.used IS NULL AND i.expires > $2",
		DB_VALS(V_BYTES(hash, sizeof hash), V_TIME(ac->clock())), why);
	bool found = db_next(r) && role_parse(db_text(r, 2), &row.grant.role);

	if (found)
		keep_row(r, &row);
	if (!db_end(r, why))
		return false;
	if (!found)
		return err_set(why, ERR_ABSENT, 0, "this link is used up or has expired");
	*out = row;
	return true;
}

bool invite_make(struct access *ac, const struct who *who, const char *user,
		 const struct grant *grant, char secret[ACCESS_SECRET_MAX], struct err *why)
{
	unsigned char hash[HASH_SHA256_LEN];
	char id[UUID_MAX];
	int64_t now = ac->clock();

	access_secret("", secret);
	access_secret_hash(str_of(secret), hash);
	return db_run(ac->db,
		      "DELETE FROM invites WHERE used IS NULL AND "
		      "(expires <= $2 OR coalesce(user_id, '') = $1)",
		      DB_VALS(V_Z(user == NULL ? "" : user), V_TIME(now)), why) &&
	       db_run(ac->db,
		      "INSERT INTO invites (id, hash, user_id, role, unit, site, created, "
		      "created_by, expires) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		      DB_VALS(V_Z(uuid_new(id)), V_BYTES(hash, sizeof hash), V_Z(user),
			      V_Z(role_name(grant->role)), V_Z(grant->home.unit),
			      V_Z(grant->home.site[0] != '\0' ? grant->home.site : NULL),
			      V_TIME(now), V_Z(who == NULL ? "canh" : who->actor),
			      V_TIME(now + GOOD_FOR)),
		      why);
}

bool invite_first(struct access *ac, char secret[ACCESS_SECRET_MAX], struct err *why)
{
	struct grant grant = { .role = ROLE_ADMIN };
	bool any = false;

	if (!user_any(ac, &any, why))
		return false;
	if (any)
		return err_set(why, ERR_STATE, 0, "there is an account already");
	memcpy(grant.home.unit, ac->unit, sizeof grant.home.unit);
	return db_begin(ac->db, why) &&
	       db_leave(ac->db,
			invite_make(ac, NULL, NULL, &grant, secret, why) &&
				access_note(ac, NULL, "invite.first", STR(""),
					    NOTE(F_Z("role", role_name(grant.role))), why),
			why);
}

bool invite_look(struct access *ac, struct str secret, struct invite *out, struct err *why)
{
	struct row row = { .id = "" };

	if (!find(ac, secret, &row, why))
		return false;
	*out = (struct invite){ .role = row.grant.role, .first = row.user[0] == '\0' };
	if (!out->first) {
		memcpy(out->name, row.name, sizeof out->name);
		memcpy(out->display_name, row.display_name, sizeof out->display_name);
	}
	return true;
}

/* Name and password in the form that is kept. */
struct taken {
	char name[ACCESS_NAME_MAX + 1], hash[CRYPT_PASSWORD_MAX];
	struct str password;
};

static bool fields_ok(struct access *ac, struct arena *a, const struct row *row,
		      const struct accept *in, struct taken *out, struct access_faults *faults)
{
	char *name = out->name;
	struct err why;

	memcpy(name, row->name, ACCESS_NAME_MAX + 1);
	if (row->user[0] == '\0')
		access_fault(faults, "name",
			     access_name(in->name, name, &why) &&
				     user_name_free(ac, name, "", &why),
			     &why);
	access_fault(faults, "display_name", access_display_name(in->display_name, &why), &why);
	access_fault(faults, "password",
		     password_take(a, in->password, str_of(name), &out->password, &why), &why);
	return faults->n == 0;
}

/* The secret as text for typing and as what authenticator programs read from a QR code. */
static void show(const unsigned char *secret, const char *name, struct totp_seed *out)
{
	unsigned char mem[128];
	struct arena a = { mem, mem + sizeof mem };
	struct str text = crypt_base32(&a, (struct str){ (const char *)secret, TOTP_SECRET_LEN });
	struct str user = str_of(name);
	size_t at = str_find_char(user, '@');

	snprintf(out->secret, sizeof out->secret, "%.*s", STR_ARG(text));
	snprintf(out->uri, sizeof out->uri,
		 "otpauth://totp/canh:%.*s%s%s?secret=%s&issuer=canh&algorithm=SHA1&digits=6&"
		 "period=%d",
		 (int)at, name, at < user.n ? "%40" : "", at < user.n ? name + at + 1 : "",
		 out->secret, TOTP_STEP_S);
	crypt_wipe(mem, sizeof mem);
}

static bool take(struct access *ac, const struct row *row, const struct accept *in,
		 struct taken *out, struct access_faults *faults, struct err *why)
{
	unsigned char mem[PASSWORD_FORM_MAX];
	struct arena a = { mem, mem + sizeof mem };
	bool ok = fields_ok(ac, &a, row, in, out, faults)
			  ? crypt_password_hash(out->password, out->hash, why)
			  : err_set(why, ERR_INPUT, 0, "the form has mistakes");

	crypt_wipe(mem, sizeof mem);
	return ok;
}

bool invite_accept(struct access *ac, struct str secret, const struct accept *in,
		   struct totp_seed *out, struct access_faults *faults, struct err *why)
{
	unsigned char totp[TOTP_SECRET_LEN], box[TOTP_BOX_LEN];
	struct row row = { .id = "" };
	struct taken t;

	faults->n = 0;
	if (!find(ac, secret, &row, why) || !take(ac, &row, in, &t, faults, why))
		return false;
	crypt_random(totp, sizeof totp);
	crypt_box(ac->key, (struct str){ (const char *)totp, sizeof totp }, box);
	bool ok = db_begin(ac->db, why) &&
		  db_leave(ac->db,
			   db_run(ac->db,
				  "UPDATE invites SET name = $2, display_name = $3, "
				  "password = $4, totp_box = $5 WHERE id = $1 AND used IS NULL",
				  DB_VALS(V_Z(row.id), V_Z(t.name),
					  V_TEXT(str_trim(in->display_name)), V_Z(t.hash),
					  V_BYTES(box, sizeof box)),
				  why),
			   why);
	if (ok)
		show(totp, t.name, out);
	crypt_wipe(totp, sizeof totp);
	return ok;
}

/* The account gets the password and secret of the row, and its other sessions end. */
static bool join(struct access *ac, struct row *row, int64_t step, struct err *why)
{
	if (row->user[0] == '\0' && !user_insert(ac, uuid_new(row->user), row->name,
						 str_of(row->display_name), &row->grant, why))
		return false;
	return db_run(ac->db,
		      "UPDATE users SET password = $2, totp_box = $3, totp_step = $4, "
		      "display_name = $5 WHERE id = $1",
		      DB_VALS(V_Z(row->user), V_Z(row->password),
			      V_BYTES(row->box, sizeof row->box), V_INT(step),
			      V_Z(row->display_name)),
		      why) &&
	       db_run(ac->db, "DELETE FROM sessions WHERE user_id = $1", DB_VALS(V_Z(row->user)),
		      why) &&
	       db_run(ac->db,
		      "UPDATE invites SET used = $2, user_id = $3, password = NULL, "
		      "totp_box = NULL WHERE id = $1 AND used IS NULL",
		      DB_VALS(V_Z(row->id), V_TIME(ac->clock()), V_Z(row->user)), why) &&
	       (db_changes(ac->db) == 1 ||
		err_set(why, ERR_ABSENT, 0, "this link is used up or has expired")) &&
	       access_note(ac, NULL, "user.joined", str_of(row->user),
			   NOTE(F_PERSONAL("display_name", str_of(row->display_name)),
				F_PERSONAL("name", str_of(row->name)),
				F_Z("role", role_name(row->grant.role))),
			   why);
}

static bool refuse(struct access *ac, const struct row *row, const struct lock_subject *locks,
		   const struct sign_in *in, struct err *why)
{
	return lock_failure(ac, locks, why) &&
	       access_note(ac, NULL, "invite.refused", str_of(row->id),
			   NOTE(F_PERSONAL("address", str_sub(in->address, 0, 64))), why);
}

bool invite_confirm(struct access *ac, struct str secret, const struct sign_in *in,
		    struct opened *out, int64_t *retry_s, struct err *why)
{
	unsigned char totp[TOTP_SECRET_LEN];
	struct opened made = { 0 };
	int64_t step = 0;
	struct row row = { .id = "" };

	*retry_s = 0;
	if (!find(ac, secret, &row, why))
		return false;
	if (!row.accepted ||
	    !crypt_unbox(ac->key, (struct str){ (const char *)row.box, sizeof row.box }, totp))
		return err_set(why, ERR_STATE, 0, "name and password come first");
	struct lock_subject locks = lock_subject("invite", str_of(row.id), in->address);
	bool right = totp_check((struct str){ (const char *)totp, sizeof totp }, in->code,
				ac->clock(), &step);

	crypt_wipe(totp, sizeof totp);
	if (!lock_check(ac, &locks, retry_s, why) || !db_begin(ac->db, why))
		return false;
	if (!right) {
		if (!db_leave(ac->db, refuse(ac, &row, &locks, in, why), why))
			return false;
		return err_set(why, ERR_DENIED, 0, "wrong code");
	}
	if (!db_leave(ac->db,
		      join(ac, &row, step, why) && lock_clear(ac, &locks, why) &&
			      session_make(ac, row.user, in, &made, why),
		      why))
		return false;
	*out = made;
	return true;
}
