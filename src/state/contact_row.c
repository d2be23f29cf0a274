/* SPDX-License-Identifier: Apache-2.0 */
#include "state/contact_row.h"

#include "base/utf8.h"
#include "state/ledger.h"
#include "state/state.h"

/* Accounts that are in use, with their rows where they have one, and people without an account. */
#define PEOPLE                                                                                    \
	"SELECT p.id, p.user, p.name, p.role, p.phone, p.email, p.lang FROM ("                    \
	"SELECT u.id AS id, 1 AS user, u.display_name AS name, g.role AS role, c.phone AS phone," \
	" c.email AS email, coalesce(c.lang, u.lang) AS lang FROM users u"                        \
	" JOIN grants g ON g.user_id = u.id LEFT JOIN contacts c ON c.id = u.id"                  \
	" WHERE u.disabled = 0 UNION ALL "                                                        \
	"SELECT id, 0, name, NULL, phone, email, coalesce(lang, 'vi') FROM contacts"              \
	" WHERE user_id IS NULL AND removed IS NULL) p"

static bool keep(struct db_rows *r, struct arena *a, struct person *c)
{
	*c = (struct person){ .user = db_int(r, 1) != 0,
			      .name = db_keep(r, 2, a),
			      .role = db_keep(r, 3, a),
			      .phone = db_keep(r, 4, a),
			      .email = db_keep(r, 5, a),
			      .lang = db_keep(r, 6, a) };
	db_put(r, 0, c->id, sizeof c->id);
	return c->name.p != NULL && c->lang.p != NULL;
}

bool contact_list(struct db *db, struct arena *a, struct person **out, size_t *n, struct err *why)
{
	int64_t count;
	size_t got = 0;

	if (!db_number(db, "SELECT count(*) FROM (" PEOPLE ")", NULL, 0, &count, why))
		return false;
	size_t most = (size_t)(count < CONTACTS_MAX ? count : CONTACTS_MAX);
	struct person *rows = NEW(a, struct person, most + 1);
	bool fits = rows != NULL;
	struct db_rows *r = db_query(db, PEOPLE " ORDER BY p.name, p.id LIMIT $1",
				     DB_VALS(V_INT(most)), why);

	while (fits && db_next(r))
		fits = keep(r, a, &rows[got++]);
	if (!db_end(r, why))
		return false;
	if (!fits)
		return err_set(why, ERR_LIMIT, 0, "the list is too long");
	*out = rows;
	*n = got;
	return true;
}

bool contact_get(struct db *db, struct arena *a, struct str id, struct person *out, struct err *why)
{
	struct db_rows *r = db_query(db, PEOPLE " WHERE p.id = $1", DB_VALS(V_TEXT(id)), why);
	struct person c = { .id = "" };
	bool found = db_next(r);
	bool fits = found && keep(r, a, &c);

	if (!db_end(r, why))
		return false;
	if (!found)
		return err_set(why, ERR_ABSENT, 0, "there is no such person");
	if (!fits)
		return err_set(why, ERR_LIMIT, 0, "the list is too long");
	*out = c;
	return true;
}

/* --- what may stand in a field --- */

bool contact_name_check(struct str s, struct err *why)
{
	s = str_trim(s);
	if (s.n == 0)
		return err_set(why, ERR_INPUT, 0, "must not be empty");
	if (s.n > CONTACT_NAME_MAX)
		return err_set(why, ERR_INPUT, 0, "longer than %d bytes", CONTACT_NAME_MAX);
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return err_set(why, ERR_INPUT, i, "a control character");
	return utf8_valid(s) || err_set(why, ERR_INPUT, 0, "not UTF-8");
}

static bool phone_char(char c)
{
	static const struct str others = STR(" +().-/#*,;");

	return ascii_digit(c) || ascii_alpha(c) || str_find_char(others, c) < others.n;
}

bool contact_phone_check(struct str s, struct err *why)
{
	size_t digits = 0;

	if (s.n == 0)
		return true;
	if (s.n > CONTACT_PHONE_MAX)
		return err_set(why, ERR_INPUT, 0, "longer than %d bytes", CONTACT_PHONE_MAX);
	for (size_t i = 0; i < s.n; i++) {
		if (!phone_char(s.p[i]))
			return err_set(why, ERR_INPUT, i, "'%.*s' is no telephone number",
				       STR_ARG(s));
		digits += ascii_digit(s.p[i]);
	}
	return digits >= 2 ||
	       err_set(why, ERR_INPUT, 0, "'%.*s' is no telephone number", STR_ARG(s));
}

static bool email_char(char c)
{
	static const struct str refused = STR("\"(),:;<>@[\\] ");

	return c > ' ' && c < 0x7f && str_find_char(refused, c) == refused.n;
}

/* RFC 5321 without quoted locals, address literals and UTF-8: what a mail server surely takes. */
bool contact_email_check(struct str s, struct err *why)
{
	size_t at = str_find_char(s, '@');
	struct str host = str_skip(s, at + 1);
	bool ok = at > 0 && at <= 64 && host.n > 0 && s.n <= CONTACT_EMAIL_MAX;

	if (s.n == 0)
		return true;
	for (size_t i = 0; ok && i < s.n; i++)
		ok = i == at || email_char(s.p[i]);
	for (size_t i = 0; ok && i < host.n; i++)
		ok = ascii_digit(host.p[i]) || ascii_alpha(host.p[i]) ||
		     (i > 0 && i + 1 < host.n && (host.p[i] == '-' || host.p[i] == '.'));
	return ok || err_set(why, ERR_INPUT, 0, "'%.*s' is no e-mail address", STR_ARG(s));
}

/* --- changes --- */

static struct db_val text_or_null(struct str s)
{
	return s.n > 0 ? V_TEXT(s) : V_NULL;
}

bool contact_add_in(struct db *db, const struct contact_patch *is, const char *actor,
		    char id[UUID_MAX], struct err *why)
{
	char unit[UUID_MAX], made[UUID_MAX];
	struct ledger_note note = { actor, "contact.added", STR(""), TIME_NONE };
	struct str name = str_trim(is->name);

	note.subject = str_of(uuid_new(made));
	if (!state_unit(db, unit, why) ||
	    !db_run(db,
		    "INSERT INTO contacts (id, unit, name, phone, email, lang, created, created_by)"
		    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		    DB_VALS(V_Z(made), V_Z(unit), V_TEXT(name), text_or_null(is->phone),
			    text_or_null(is->email), text_or_null(is->lang), V_TIME(time_now()),
			    V_Z(actor)),
		    why) ||
	    !ledger_append(db, &note,
			   LEDGER_FIELDS(F_PERSONAL("name", name), F_PERSONAL("phone", is->phone),
					 F_PERSONAL("email", is->email)),
			   NULL, why))
		return false;
	memcpy(id, made, sizeof made);
	return true;
}

bool contact_add(struct db *db, const struct contact_patch *is, const char *actor,
		 char id[UUID_MAX], struct err *why)
{
	return db_begin(db, why) && db_leave(db, contact_add_in(db, is, actor, id, why), why);
}

static bool is_user(struct db *db, struct str id, bool *out, struct err *why)
{
	int64_t n;

	if (!db_number(db, "SELECT count(*) FROM users WHERE id = $1", DB_VALS(V_TEXT(id)), &n,
		       why))
		return false;
	*out = n > 0;
	return true;
}

bool contact_need_in(struct db *db, struct str id, const char *actor, struct err *why)
{
	char unit[UUID_MAX];
	bool user;
	int64_t n;

	if (!state_unit(db, unit, why) || !is_user(db, id, &user, why))
		return false;
	if (user)
		return db_run(db,
			      "INSERT INTO contacts (id, unit, user_id, created, created_by)"
			      " VALUES ($1, $2, $1, $3, $4) ON CONFLICT (id) DO NOTHING",
			      DB_VALS(V_TEXT(id), V_Z(unit), V_TIME(time_now()), V_Z(actor)), why);
	return db_number(db, "SELECT count(*) FROM contacts WHERE id = $1 AND removed IS NULL",
			 DB_VALS(V_TEXT(id)), &n, why) &&
	       (n > 0 || err_set(why, ERR_ABSENT, 0, "there is no such person"));
}

/* A field that is not named is not in the entry. */
static bool note_change(struct db *db, struct str id, const struct contact_patch *p,
			const char *actor, struct err *why)
{
	const struct ledger_note note = { actor, "contact.changed", id, TIME_NONE };
	const struct {
		const char *key;
		struct str value;
	} all[] = { { "name", p->name }, { "phone", p->phone }, { "email", p->email } };
	struct ledger_field f[4];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(all); i++)
		if (all[i].value.p != NULL)
			f[n++] = F_PERSONAL(all[i].key, all[i].value);
	if (p->lang.p != NULL)
		f[n++] = F_TEXT("lang", p->lang);
	return n == 0 || ledger_append(db, &note, f, n, NULL, why);
}

static bool change(struct db *db, struct str id, const struct contact_patch *p, const char *actor,
		   struct err *why)
{
	bool user;

	if (!contact_need_in(db, id, actor, why) || !is_user(db, id, &user, why))
		return false;
	if (user && p->name.p != NULL)
		return err_set(why, ERR_INPUT, 0,
			       "the name of an account is changed with the account");
	const struct db_val vals[] = { V_TEXT(id),
				       text_or_null(str_trim(p->name)),
				       V_INT(p->phone.p != NULL),
				       text_or_null(p->phone),
				       V_INT(p->email.p != NULL),
				       text_or_null(p->email),
				       text_or_null(p->lang) };
	return db_run(db,
		      "UPDATE contacts SET name = coalesce($2, name),"
		      " phone = CASE WHEN $3 = 1 THEN $4 ELSE phone END,"
		      " email = CASE WHEN $5 = 1 THEN $6 ELSE email END,"
		      " lang = coalesce($7, lang) WHERE id = $1",
		      vals, COUNT(vals), why) &&
	       note_change(db, id, p, actor, why);
}

bool contact_change(struct db *db, struct str id, const struct contact_patch *p, const char *actor,
		    struct err *why)
{
	return db_begin(db, why) && db_leave(db, change(db, id, p, actor, why), why);
}

static bool take_out(struct db *db, struct str id, int64_t now, const char *actor, struct err *why)
{
	const struct ledger_note note = { actor, "contact.removed", id, TIME_NONE };
	int64_t shifts;
	bool user;

	if (!is_user(db, id, &user, why))
		return false;
	if (user)
		return err_set(why, ERR_STATE, 0,
			       "an account is taken away with the accounts, not here");
	if (!contact_need_in(db, id, actor, why) ||
	    !db_number(db,
		       "SELECT count(*) FROM shifts WHERE person = $1 AND ends > $2"
		       " AND removed IS NULL",
		       DB_VALS(V_TEXT(id), V_TIME(now)), &shifts, why))
		return false;
	if (shifts > 0)
		return err_set(why, ERR_STATE, 0, "still has %jd shifts to come", (intmax_t)shifts);
	return db_run(db, "UPDATE contacts SET removed = $2 WHERE id = $1",
		      DB_VALS(V_TEXT(id), V_TIME(now)), why) &&
	       ledger_append(db, &note, NULL, 0, NULL, why);
}

bool contact_remove(struct db *db, struct str id, int64_t now, const char *actor, struct err *why)
{
	return db_begin(db, why) && db_leave(db, take_out(db, id, now, actor, why), why);
}

bool contact_named(struct db *db, struct str name, char id[UUID_MAX], struct err *why)
{
	struct db_rows *r = db_query(
		db,
		"SELECT id FROM users WHERE disabled = 0 AND (name = $1 OR display_name = $1)"
		" UNION SELECT id FROM contacts WHERE removed IS NULL AND name = $1 LIMIT 2",
		DB_VALS(V_TEXT(str_trim(name))), why);
	size_t n = 0;

	id[0] = '\0';
	while (db_next(r)) {
		db_put(r, 0, id, UUID_MAX);
		n++;
	}
	if (!db_end(r, why))
		return false;
	return n < 2 ||
	       err_set(why, ERR_INPUT, 0, "more than one person is called '%.*s'", STR_ARG(name));
}
