/* SPDX-License-Identifier: Apache-2.0 */
/* People and their shifts over a database of its own: what is refused, what the ledger says of it. */
#include "base/crypt.h"
#include "base/test.h"
#include "state/contact_row.h"
#include "state/duty_row.h"
#include "state/ledger.h"
#include "state/state.h"

#include <stdlib.h>

static struct arena mem;

static int64_t entries(struct db *db, const char *kind)
{
	int64_t n = -1;

	CHECK(kind, db_number(db, "SELECT count(*) FROM ledger_entries WHERE kind = $1",
			      DB_VALS(V_Z(kind)), &n, NULL));
	return n;
}

static const struct {
	const char *name;
	bool (*check)(struct str s, struct err *why);
	struct str text;
	bool ok;
} fields[] = {
	{ "a name", contact_name_check, STR("Nguyễn Văn An"), true },
	{ "no name", contact_name_check, STR("  "), false },
	{ "a line in a name", contact_name_check, STR("An\nBcc: x"), false },
	{ "bytes", contact_name_check, STR("\xff"), false },
	{ "a number", contact_phone_check, STR("+84 (24) 0000-0000 ext. 12"), true },
	{ "none", contact_phone_check, STR(""), true },
	{ "words", contact_phone_check, STR("call me"), false },
	{ "a line in a number", contact_phone_check, STR("12\r\n3"), false },
	{ "an address", contact_email_check, STR("an.nguyen+duty@mail.example.vn"), true },
	{ "no address", contact_email_check, STR(""), true },
	{ "two", contact_email_check, STR("a@example.vn,b@example.vn"), false },
	{ "two signs", contact_email_check, STR("a@b@example.vn"), false },
	{ "a header", contact_email_check, STR("a@example.vn\r\nBcc: b@example.vn"), false },
	{ "angle brackets", contact_email_check, STR("<a@example.vn>"), false },
	{ "no host", contact_email_check, STR("a@"), false },
	{ "a hyphen first", contact_email_check, STR("a@-mail.example.vn"), false },
	{ "letters beyond ASCII", contact_email_check, STR("đ@example.vn"), false },
};

static void test_fields(void)
{
	for (size_t i = 0; i < COUNT(fields); i++) {
		struct err why = { 0 };

		CHECK(fields[i].name, fields[i].check(fields[i].text, &why) == fields[i].ok);
		CHECK(fields[i].name, (why.kind == ERR_INPUT) == !fields[i].ok);
	}
}

static void test_people(struct db *db, char an[UUID_MAX])
{
	const struct contact_patch is = { .name = STR("Nguyễn Văn An"),
					  .phone = STR("+84 24 0000 0000"),
					  .email = STR("an@example.vn") };
	const struct contact_patch other = { .phone = STR(""), .lang = STR("en") };
	struct arena a = mem;
	struct err why = { 0 };
	struct person c, *all;
	struct str personal;
	char id[UUID_MAX];
	size_t n = 0;

	CHECK("add", contact_add(db, &is, "user:1", an, &why));
	CHECK("listed", contact_list(db, &a, &all, &n, &why) && n == 2);
	CHECK("change", contact_change(db, str_of(an), &other, "user:1", &why));
	CHECK("changed", contact_get(db, &a, str_of(an), &c, &why) && c.phone.p == NULL &&
				 str_eq(c.lang, STR("en")) && str_eq(c.name, is.name) &&
				 str_eq(c.email, is.email) && !c.user);
	CHECK("told", entries(db, "contact.added") == 1 && entries(db, "contact.changed") == 1);
	int64_t entry = 0;
	CHECK("which", db_number(db, "SELECT n FROM ledger_entries WHERE kind = 'contact.added'",
				 NULL, 0, &entry, &why));
	CHECK("beside the entry",
	      ledger_personal(db, &a, entry, "name", &personal, &why) && str_eq(personal, is.name));
	CHECK("by name",
	      contact_named(db, STR(" Nguyễn Văn An "), id, &why) && strcmp(id, an) == 0);
	CHECK("an account by its display name",
	      contact_named(db, STR("Bình"), id, &why) && strcmp(id, "u1") == 0);
	CHECK("by its sign-in name",
	      contact_named(db, STR("binh"), id, &why) && strcmp(id, "u1") == 0);
	CHECK("nobody", contact_named(db, STR("Cường"), id, &why) && id[0] == '\0');
	const struct contact_patch twin = { .name = STR("Bình") };
	CHECK("a twin", contact_add(db, &twin, "user:1", id, &why));
	char twin_id[UUID_MAX];
	memcpy(twin_id, id, sizeof id);
	CHECK("who of both", !contact_named(db, STR("Bình"), id, &why) && why.kind == ERR_INPUT);
	CHECK("removed", contact_remove(db, str_of(twin_id), 5, "user:1", &why) &&
				 entries(db, "contact.removed") == 1);
	CHECK("gone", !contact_get(db, &a, str_of(twin_id), &c, &why) && why.kind == ERR_ABSENT);
	CHECK("an account stays",
	      !contact_remove(db, STR("u1"), 5, "user:1", &why) && why.kind == ERR_STATE);
	CHECK("its name, too",
	      !contact_change(db, STR("u1"), &is, "user:1", &why) && why.kind == ERR_INPUT);
	CHECK("its number",
	      contact_change(db, STR("u1"), &(struct contact_patch){ .phone = STR("1022") },
			     "user:1", &why) &&
		      contact_get(db, &a, STR("u1"), &c, &why) && str_eq(c.phone, STR("1022")) &&
		      c.user && str_eq(c.role, STR("lead")));
}

static void test_shifts(struct db *db, const char *an)
{
	const int64_t now = time_now(), from = now - TIME_HOUR, to = now + TIME_HOUR;
	struct shift_draft d = { str_of(an), POST_WATCH, from, to, STR("đổi ca") };
	struct arena a = mem;
	struct err why = { 0 };
	struct shifts all;
	struct shift s;
	char id[UUID_MAX], later[UUID_MAX];
	int64_t since = 0;

	CHECK("no roster", shift_since(db, &since, &why) && since == TIME_NONE);
	CHECK("add", shift_add(db, &d, "user:1", id, &why));
	CHECK("twice", !shift_add(db, &d, "user:1", later, &why) && why.kind == ERR_STATE);
	d.post = POST_LEAD;
	d.from = to;
	d.to = to + TIME_HOUR;
	CHECK("another", shift_add(db, &d, "user:1", later, &why));
	d.person = STR("nobody");
	CHECK("nobody", !shift_add(db, &d, "user:1", id, &why) && why.kind == ERR_ABSENT);
	d.person = STR("u1");
	d.to = d.from + SHIFT_LONGEST + 1;
	CHECK("too long", !shift_add(db, &d, "user:1", id, &why) && why.kind == ERR_INPUT);
	d.to = d.from - 1;
	CHECK("backwards", !shift_add(db, &d, "user:1", id, &why) && why.kind == ERR_INPUT);
	CHECK("by begin", shift_list(db, &a, from, to + 1, &all, &why) && all.n == 2 &&
				  all.at[0].from == from && all.at[1].post == POST_LEAD &&
				  str_eq(all.at[0].note, STR("đổi ca")));
	CHECK("not the next", shift_list(db, &a, from, to, &all, &why) && all.n == 1);
	CHECK("has shifts to come",
	      !contact_remove(db, str_of(an), now, "user:1", &why) && why.kind == ERR_STATE);
	CHECK("since", shift_since(db, &since, &why) && since >= now);
	CHECK("one that runs ends now",
	      shift_remove(db, str_of(all.at[0].id), now, "user:1", &why) &&
		      shift_get(db, &a, str_of(all.at[0].id), &s, &why) && s.to == now &&
		      entries(db, "duty.ended") == 1);
	CHECK("one that is over stays",
	      !shift_remove(db, str_of(all.at[0].id), now, "user:1", &why) &&
		      why.kind == ERR_STATE);
	CHECK("one to come goes", shift_remove(db, str_of(later), now, "user:1", &why) &&
					  !shift_get(db, &a, str_of(later), &s, &why) &&
					  why.kind == ERR_ABSENT);
	CHECK("told", entries(db, "duty.added") == 2 && entries(db, "duty.removed") == 1);
}

int main(void)
{
	char dir[] = P_tmpdir "/canh-duty-XXXXXX", an[UUID_MAX], unit[UUID_MAX];
	struct err why = { 0 };

	if (!crypt_init(&why) || mkdtemp(dir) == NULL || !arena_reserve(&mem, 4 << 20))
		return 1;
	struct db *db = state_open(dir, DB_CREATE, &why);
	struct ledger_key *key = ledger_key_load(dir, &why);
	test_fields();
	if (CHECK("open", db != NULL && key != NULL && ledger_attach(db, key, &why)) &&
	    CHECK("unit", state_unit(db, unit, &why)) &&
	    CHECK("an account", db_run(db,
				       "INSERT INTO users (id, name, display_name, created)"
				       " VALUES ('u1', 'binh', 'Bình', 1)",
				       NULL, 0, &why) &&
					db_run(db,
					       "INSERT INTO grants (user_id, role, unit, granted)"
					       " VALUES ('u1', 'lead', $1, 1)",
					       DB_VALS(V_Z(unit)), &why))) {
		test_people(db, an);
		test_shifts(db, an);
	}
	db_close(db);
	ledger_key_free(key);
	arena_release(mem);
	CHECK("clean up", test_remove(dir));
	return TEST_REPORT();
}
