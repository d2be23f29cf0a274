/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.c - the password is checked outside of any transaction (it takes a tenth of a second), then
 * everything that follows from the outcome is one transaction.
 */
#include "access/session.h"

#include "access/access_int.h"
#include "access/password.h"
#include "base/time.h"

#include <stdio.h>

#define IDLE (12 * TIME_HOUR)
#define ABSOLUTE (7 * TIME_DAY)
enum { ADDRESS_MAX = 64, AGENT_MAX = 256 };

/* Checked when the name is unknown, so that the answer takes as long: of a password nobody knows. */
static const char no_hash[] = "$argon2id$v=19$m=65536,t=2,p=1$epWsmsjUgc/d2kdkjow1sQ$mg7DHG"
			      "IAgls9JeA81EKmD/FcNJ4yxVf7VRPiabgF/o8";

struct account {
	char id[UUID_MAX];
	char name[ACCESS_NAME_MAX + 1];
	int64_t step; /* of the code that was given, once it is right */
	bool right;
};

/* Columns password, totp_box and totp_step of the current row against what was typed. */
static bool matches(struct access *ac, struct db_rows *r, struct str password, struct str code,
		    int64_t *step)
{
	unsigned char secret[TOTP_SECRET_LEN];
	struct str box = db_blob(r, 3), hash = db_text(r, 2);
	bool known = crypt_password_ok(password, hash);
	bool fits = box.n == TOTP_BOX_LEN && crypt_unbox(ac->key, box, secret);

	*step = db_int(r, 4);
	bool ok = fits && totp_check((struct str){ (const char *)secret, sizeof secret }, code,
				     ac->clock(), step);

	crypt_wipe(secret, sizeof secret);
	return known && ok;
}

static bool check(struct access *ac, const struct sign_in *in, struct account *out, struct err *why)
{
	unsigned char mem[PASSWORD_FORM_MAX];
	struct arena a = { mem, mem + sizeof mem };
	struct str password = password_form(&a, in->password);

	*out = (struct account){ 0 };
	if (!access_name(in->name, out->name, NULL))
		out->name[0] = '\0';
	struct db_rows *r = db_query(ac->db,
				     "SELECT id, name, password, totp_box, totp_step FROM users "
				     "WHERE name = $1 AND disabled = 0 AND password IS NOT NULL",
				     DB_VALS(V_Z(out->name)), why);

	if (db_next(r)) {
		db_put(r, 0, out->id, sizeof out->id);
		out->right = matches(ac, r, password, in->code, &out->step);
	} else {
		out->right = crypt_password_ok(password, str_of(no_hash)) && out->id[0] != '\0';
	}
	crypt_wipe(mem, sizeof mem);
	return db_end(r, why);
}

static bool refuse(struct access *ac, const struct account *acc, const struct lock_subject *locks,
		   const struct sign_in *in, struct err *why)
{
	struct str subject = str_of(acc->id);

	return lock_failure(ac, locks, why) &&
	       access_note(ac, NULL, "session.refused", subject,
			   NOTE(F_PERSONAL("address", str_sub(in->address, 0, ADDRESS_MAX)),
				F_PERSONAL("name", str_sub(in->name, 0, ACCESS_NAME_MAX))),
			   why);
}

/* The code counts once, also when two sign-ins race. */
static bool use_code(struct access *ac, const struct account *acc, struct err *why)
{
	if (!db_run(ac->db, "UPDATE users SET totp_step = $2 WHERE id = $1 AND totp_step < $2",
		    DB_VALS(V_Z(acc->id), V_INT(acc->step)), why))
		return false;
	return db_changes(ac->db) == 1 ||
	       err_set(why, ERR_DENIED, 0, "wrong name, password or code");
}

/* Who holds the session of that hash, without a look at the clock. */
static bool find(struct access *ac, const unsigned char hash[HASH_SHA256_LEN], struct who *out,
		 int64_t *last_seen, struct err *why)
{
	struct db_rows *r = db_query(
		ac->db,
		"SELECT s.id, s.last_seen, s.expires, u.id, u.name, u.display_name, u.lang, "
		"g.role, g.unit, g.site FROM sessions s JOIN users u ON u.id = s.user_id "
		"JOIN grants g ON g.user_id = u.id WHERE s.hash = $1 AND u.disabled = 0 "
		"ORDER BY g.granted LIMIT 1",
		DB_VALS(V_BYTES(hash, HASH_SHA256_LEN)), why);
	struct who w = { .kind = WHO_USER };
	bool found = db_next(r);

	if (found) {
		db_put(r, 0, w.session, sizeof w.session);
		*last_seen = db_time(r, 1);
		w.expires = db_time(r, 2);
		db_put(r, 3, w.id, sizeof w.id);
		db_put(r, 4, w.name, sizeof w.name);
		db_put(r, 5, w.display_name, sizeof w.display_name);
		w.lang = lang_parse(db_text(r, 6).p);
		found = role_parse(db_text(r, 7), &w.role);
		db_put(r, 8, w.home.unit, sizeof w.home.unit);
		db_put(r, 9, w.home.site, sizeof w.home.site);
		snprintf(w.actor, sizeof w.actor, "user:%s", w.id);
	}
	if (!db_end(r, why))
		return false;
	if (!found)
		return err_set(why, ERR_DENIED, 0, "not signed in");
	if (!access_reach(ac, &w, why))
		return false;
	*out = w;
	return true;
}

bool session_make(struct access *ac, const char *user, const struct sign_in *in, struct opened *out,
		  struct err *why)
{
	unsigned char hash[HASH_SHA256_LEN];
	int64_t now = ac->clock(), seen;
	char id[UUID_MAX];
	struct str address = str_sub(in->address, 0, ADDRESS_MAX);
	struct str agent = str_sub(in->agent, 0, AGENT_MAX);

	access_secret("", out->secret);
	access_secret_hash(str_of(out->secret), hash);
	uuid_new(id);
	return db_run(ac->db, "DELETE FROM sessions WHERE expires <= $1 OR last_seen <= $2",
		      DB_VALS(V_TIME(now), V_TIME(now - IDLE)), why) &&
	       db_run(ac->db,
		      "INSERT INTO sessions (id, hash, user_id, created, last_seen, expires, "
		      "address, agent) VALUES ($1, $2, $3, $4, $4, $5, $6, $7)",
		      DB_VALS(V_Z(id), V_BYTES(hash, sizeof hash), V_Z(user), V_TIME(now),
			      V_TIME(now + ABSOLUTE), V_TEXT(address.n > 0 ? address : STR("")),
			      V_TEXT(agent.n > 0 ? agent : STR(""))),
		      why) &&
	       db_run(ac->db, "UPDATE users SET last_seen = $2 WHERE id = $1",
		      DB_VALS(V_Z(user), V_TIME(now)), why) &&
	       find(ac, hash, &out->who, &seen, why) &&
	       access_note(ac, &out->who, "session.opened", str_of(id),
			   NOTE(F_PERSONAL("address", address), F_PERSONAL("agent", agent)), why);
}

static bool open_it(struct access *ac, const struct account *acc, const struct lock_subject *locks,
		    const struct sign_in *in, struct opened *out, struct err *why)
{
	return use_code(ac, acc, why) && lock_clear(ac, locks, why) &&
	       session_make(ac, acc->id, in, out, why);
}

bool session_open(struct access *ac, const struct sign_in *in, struct opened *out, int64_t *retry_s,
		  struct err *why)
{
	struct account acc = { 0 };
	struct opened made = { 0 };
	char name[ACCESS_NAME_MAX + 1] = "";

	*retry_s = 0;
	(void)!access_name(in->name, name, NULL);
	struct lock_subject locks = lock_subject("user", str_of(name), in->address);

	if (!lock_check(ac, &locks, retry_s, why) || !check(ac, in, &acc, why) ||
	    !db_begin(ac->db, why))
		return false;
	if (!acc.right) {
		if (!db_leave(ac->db, refuse(ac, &acc, &locks, in, why), why))
			return false;
		return err_set(why, ERR_DENIED, 0, "wrong name, password or code");
	}
	if (!db_leave(ac->db, open_it(ac, &acc, &locks, in, &made, why), why))
		return false;
	*out = made;
	return true;
}

static bool remember(struct access *ac, const struct who *w, int64_t now, struct err *why)
{
	return db_run(ac->db, "UPDATE sessions SET last_seen = $2 WHERE id = $1",
		      DB_VALS(V_Z(w->session), V_TIME(now)), why) &&
	       db_run(ac->db, "UPDATE users SET last_seen = $2 WHERE id = $1",
		      DB_VALS(V_Z(w->id), V_TIME(now)), why);
}

bool session_find(struct access *ac, struct str secret, struct who *out, struct err *why)
{
	unsigned char hash[HASH_SHA256_LEN];
	int64_t now = ac->clock(), seen = 0;
	struct who w = { .id = "" };

	access_secret_hash(secret, hash);
	if (!find(ac, hash, &w, &seen, why))
		return false;
	if (now >= w.expires || now >= seen + IDLE)
		return err_set(why, ERR_DENIED, 0, "not signed in");
	if (now >= seen + SEEN_EVERY) {
		if (!db_begin(ac->db, why) || !db_leave(ac->db, remember(ac, &w, now, why), why))
			return false;
		seen = now;
	}
	if (w.expires > seen + IDLE)
		w.expires = seen + IDLE;
	*out = w;
	return true;
}

static bool end_session(struct access *ac, const struct who *who, struct str id, const char *kind,
			struct err *why)
{
	if (!db_run(ac->db, "DELETE FROM sessions WHERE id = $1 AND user_id = $2",
		    DB_VALS(V_TEXT(id), V_Z(who->id)), why))
		return false;
	if (db_changes(ac->db) == 0)
		return err_set(why, ERR_ABSENT, 0, "there is no such session");
	return access_note(ac, who, kind, id, NOTE(F_Z("user", who->id)), why);
}

bool session_close(struct access *ac, const struct who *who, struct err *why)
{
	return db_begin(ac->db, why) &&
	       db_leave(ac->db, end_session(ac, who, str_of(who->session), "session.closed", why),
			why);
}

bool session_revoke(struct access *ac, const struct who *who, struct str id, struct err *why)
{
	return db_begin(ac->db, why) &&
	       db_leave(ac->db, end_session(ac, who, id, "session.revoked", why), why);
}

static bool keep_session(struct db_rows *r, struct arena *a, const struct who *who,
			 struct session *s)
{
	*s = (struct session){ .created = db_time(r, 1),
			       .last_seen = db_time(r, 2),
			       .expires = db_time(r, 3),
			       .address = db_keep(r, 4, a),
			       .agent = db_keep(r, 5, a) };
	db_put(r, 0, s->id, sizeof s->id);
	s->current = who != NULL && strcmp(s->id, who->session) == 0;
	return s->address.p != NULL && s->agent.p != NULL;
}

bool session_list(struct access *ac, struct arena *a, const struct who *who, struct session **out,
		  size_t *n, struct err *why)
{
	enum { MOST = 200 };
	int64_t now = ac->clock();
	struct session *list = NEW(a, struct session, MOST);
	bool fits = list != NULL;
	size_t have = 0;
	struct db_rows *r = db_query(
		ac->db,
		"SELECT id, created, last_seen, expires, address, agent FROM sessions WHERE "
		"user_id = $1 AND expires > $2 AND last_seen > $3 ORDER BY created DESC LIMIT $4",
		DB_VALS(V_Z(who->id), V_TIME(now), V_TIME(now - IDLE), V_INT(MOST)), why);

	while (fits && db_next(r))
		fits = keep_session(r, a, who, &list[have++]);
	if (!db_end(r, why))
		return false;
	if (!fits)
		return err_set(why, ERR_LIMIT, 0, "the list is too long");
	*out = list;
	*n = have;
	return true;
}

bool session_lang(struct access *ac, const struct who *who, enum lang lang, struct err *why)
{
	return db_begin(ac->db, why) &&
	       db_leave(ac->db,
			db_run(ac->db, "UPDATE users SET lang = $2 WHERE id = $1",
			       DB_VALS(V_Z(who->id), V_Z(lang == LANG_EN ? "en" : "vi")), why),
			why);
}

static bool put_password(struct access *ac, const struct account *acc, const struct who *who,
			 const char *hash, struct err *why)
{
	return use_code(ac, acc, why) &&
	       db_run(ac->db, "UPDATE users SET password = $2 WHERE id = $1",
		      DB_VALS(V_Z(acc->id), V_Z(hash)), why) &&
	       db_run(ac->db, "DELETE FROM sessions WHERE user_id = $1 AND id <> $2",
		      DB_VALS(V_Z(acc->id), V_Z(who->session)), why) &&
	       access_note(ac, who, "user.password_changed", str_of(acc->id),
			   NOTE(F_INT("sessions_ended", db_changes(ac->db))), why);
}

bool session_password(struct access *ac, const struct who *who, struct str old, struct str fresh,
		      struct str code, struct err *why)
{
	struct sign_in in = { str_of(who->name), old, code, STR(""), STR("") };
	struct lock_subject locks = lock_subject("user", in.name, STR(""));
	unsigned char mem[PASSWORD_FORM_MAX];
	struct arena a = { mem, mem + sizeof mem };
	char hash[CRYPT_PASSWORD_MAX];
	struct account acc = { 0 };
	int64_t retry_s;

	locks.address[0] = '\0';
	bool ok = password_take(&a, fresh, in.name, &fresh, why) &&
		  lock_check(ac, &locks, &retry_s, why) && check(ac, &in, &acc, why) &&
		  (!acc.right || crypt_password_hash(fresh, hash, why));
	crypt_wipe(mem, sizeof mem);
	if (!ok)
		return false;
	if (!db_begin(ac->db, why))
		return false;
	if (acc.right)
		return db_leave(ac->db, put_password(ac, &acc, who, hash, why), why);
	if (!db_leave(ac->db, refuse(ac, &acc, &locks, &in, why), why))
		return false;
	return err_set(why, ERR_DENIED, 0, "wrong name, password or code");
}
