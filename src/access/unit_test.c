/* SPDX-License-Identifier: Apache-2.0 */
/* Units and sites, and what an admin of a part may do to them, to accounts and to tokens. */
#include "access/unit.h"

#include "access/fake.h"
#include "access/token.h"
#include "access/user.h"

static struct fake f;
static struct totp_seed seed;
static struct opened admin;
static unsigned char mem[2 << 20];
static char north[UUID_MAX], south[UUID_MAX], village[UUID_MAX], desk[UUID_MAX], yard[UUID_MAX];
static char empty[UUID_MAX], empty_site[UUID_MAX], held[UUID_MAX];

static void grow(void)
{
	struct str own = str_of(admin.who.home.unit);

	CHECK("north", unit_new(f.ac, &admin.who, own, STR(" Phòng Bắc "), north, NULL));
	CHECK("south", unit_new(f.ac, &admin.who, own, STR("Phòng Nam"), south, NULL));
	CHECK("village", unit_new(f.ac, &admin.who, str_of(north), STR("Xã"), village, NULL));
	CHECK("desk", site_new(f.ac, &admin.who, str_of(north), STR("Trụ sở"), desk, NULL));
	CHECK("yard", site_new(f.ac, &admin.who, str_of(south), STR("Trụ sở"), yard, NULL));
	CHECK("empty", unit_new(f.ac, &admin.who, own, STR("Phòng cũ"), empty, NULL));
	CHECK("empty site",
	      site_new(f.ac, &admin.who, str_of(empty), STR("Trụ sở"), empty_site, NULL));
	CHECK("held", unit_new(f.ac, &admin.who, own, STR("Phòng giữ"), held, NULL));
	struct token_draft token = { .name = STR("x"), .role = ROLE_SOURCE, .unit = str_of(held) };
	struct token_made made;
	CHECK("its token", token_new(f.ac, &admin.who, &token, &made, NULL));
}

/* Ten and a hundred letters of three bytes. */
#define O10 "ộộộộộộộộộộ"
#define O100 O10 O10 O10 O10 O10 O10 O10 O10 O10 O10

enum who_kind_test { WHOLE, NORTHERN, AT_DESK, LEAD };
enum op { UNIT_NEW, UNIT_NAME, UNIT_GO, SITE_NEW, SITE_NAME, SITE_GO };
static const struct {
	const char *name;
	enum who_kind_test by;
	enum op op;
	const char *at; /* id */
	struct str text;
	enum err_kind kind;
} ops[] = {
	{ "a name twice", WHOLE, UNIT_NEW, admin.who.home.unit, STR("Phòng Nam"), ERR_STATE },
	{ "the name elsewhere", WHOLE, UNIT_NEW, north, STR("Phòng Nam"), ERR_NONE },
	{ "no name", WHOLE, UNIT_NEW, north, STR("  "), ERR_INPUT },
	{ "a line in the name", WHOLE, UNIT_NEW, north, STR("a\nb"), ERR_INPUT },
	{ "127 letters", WHOLE, UNIT_NAME, village, STR(O100 O10 O10 "ộộộộộộộ"), ERR_NONE },
	{ "128 letters", WHOLE, UNIT_NAME, village, STR(O100 O10 O10 "ộộộộộộộộ"), ERR_INPUT },
	{ "below nothing", WHOLE, UNIT_NEW, "", STR("x"), ERR_ABSENT },
	{ "below no unit", WHOLE, UNIT_NEW, desk, STR("x"), ERR_ABSENT },
	{ "rename", WHOLE, UNIT_NAME, south, STR("Phòng Nam 1"), ERR_NONE },
	{ "rename to the same", WHOLE, UNIT_NAME, south, STR("Phòng Nam 1"), ERR_NONE },
	{ "rename to another's", WHOLE, UNIT_NAME, south, STR("Phòng Bắc"), ERR_STATE },
	{ "rename our own", WHOLE, UNIT_NAME, admin.who.home.unit, STR("x"), ERR_STATE },
	{ "a site twice", WHOLE, SITE_NEW, north, STR("Trụ sở"), ERR_STATE },
	{ "rename a site", WHOLE, SITE_NAME, yard, STR("Kho"), ERR_NONE },
	{ "no such site", WHOLE, SITE_NAME, north, STR("Kho"), ERR_ABSENT },
	{ "a part: below itself", NORTHERN, UNIT_NEW, north, STR("Đội 1"), ERR_NONE },
	{ "a part: below what is below", NORTHERN, UNIT_NEW, village, STR("Đội 2"), ERR_NONE },
	{ "a part: beside", NORTHERN, UNIT_NEW, south, STR("x"), ERR_ABSENT },
	{ "a part: above", NORTHERN, UNIT_NEW, admin.who.home.unit, STR("x"), ERR_ABSENT },
	{ "a part: renames itself", NORTHERN, UNIT_NAME, north, STR("Phòng Bắc 1"), ERR_NONE },
	{ "a part: renames beside", NORTHERN, UNIT_NAME, south, STR("x"), ERR_ABSENT },
	{ "a part: a site", NORTHERN, SITE_NEW, village, STR("Trạm"), ERR_NONE },
	{ "a part: a site beside", NORTHERN, SITE_NEW, south, STR("Trạm"), ERR_ABSENT },
	{ "a part: renames a site beside", NORTHERN, SITE_NAME, yard, STR("x"), ERR_ABSENT },
	{ "a site: nothing", AT_DESK, UNIT_NEW, north, STR("x"), ERR_DENIED },
	{ "a site: not even itself", AT_DESK, SITE_NAME, desk, STR("x"), ERR_DENIED },
	{ "a lead: nothing", LEAD, UNIT_NEW, north, STR("x"), ERR_DENIED },
	{ "our own stays", WHOLE, UNIT_GO, admin.who.home.unit, STR(""), ERR_STATE },
	{ "what has units below it stays", WHOLE, UNIT_GO, north, STR(""), ERR_STATE },
	{ "what has a site stays", WHOLE, UNIT_GO, south, STR(""), ERR_STATE },
	{ "no unit goes", WHOLE, UNIT_GO, desk, STR(""), ERR_ABSENT },
	{ "no site goes", WHOLE, SITE_GO, north, STR(""), ERR_ABSENT },
	{ "a part: nothing beside it goes", NORTHERN, SITE_GO, yard, STR(""), ERR_ABSENT },
	{ "a lead: nothing goes", LEAD, SITE_GO, yard, STR(""), ERR_DENIED },
	{ "an empty site goes", WHOLE, SITE_GO, empty_site, STR(""), ERR_NONE },
	{ "once", WHOLE, SITE_GO, empty_site, STR(""), ERR_ABSENT },
	{ "a unit with a token stays", WHOLE, UNIT_GO, held, STR(""), ERR_STATE },
	{ "an empty unit goes", WHOLE, UNIT_GO, empty, STR(""), ERR_NONE },
	{ "once", WHOLE, UNIT_GO, empty, STR(""), ERR_ABSENT },
};

static struct who caller(enum who_kind_test by)
{
	struct who w = admin.who;

	if (by == NORTHERN)
		return fake_part(&f, &w, north, "");
	if (by == AT_DESK)
		return fake_part(&f, &w, north, desk);
	if (by == LEAD)
		w.role = ROLE_LEAD;
	return w;
}

static bool run(enum op op, const struct who *who, struct str at, struct str text, struct err *why)
{
	char id[UUID_MAX];

	switch (op) {
	case UNIT_NEW:
		return unit_new(f.ac, who, at, text, id, why);
	case UNIT_NAME:
		return unit_rename(f.ac, who, at, text, why);
	case UNIT_GO:
		return unit_remove(f.ac, who, at, why);
	case SITE_GO:
		return site_remove(f.ac, who, at, why);
	case SITE_NEW:
		return site_new(f.ac, who, at, text, id, why);
	case SITE_NAME:
		return site_rename(f.ac, who, at, text, why);
	}
	return false;
}

static void change(void)
{
	for (size_t i = 0; i < COUNT(ops); i++) {
		struct who who = caller(ops[i].by);
		int64_t before = fake_count(&f, "SELECT count(*) FROM ledger_entries");
		struct err why = { 0 };

		bool ok = run(ops[i].op, &who, str_of(ops[i].at), ops[i].text, &why);
		CHECK(ops[i].name, ok == (ops[i].kind == ERR_NONE));
		if (!CHECK(ops[i].name, why.kind == ops[i].kind))
			printf("%s\n", why.text);
		CHECK(ops[i].name,
		      fake_count(&f, "SELECT count(*) FROM ledger_entries") == before + ok);
	}
}

static const struct {
	const char *name;
	enum who_kind_test by;
	size_t units, sites;
	bool own; /* our own is among them */
} lists[] = {
	{ "whole", WHOLE, 8, 3, true },
	{ "a part", NORTHERN, 5, 2, false },
	{ "a site", AT_DESK, 1, 1, false },
};

/* The configuration names it until the page does. */
static void own_name(void)
{
	static const struct {
		const char *name, *set, *given, *want; /* set: before; NULL: as it was */
	} cases[] = {
		{ "nothing given", NULL, "", "" },
		{ "given", NULL, "Sở \"A\"", "\"Sở \\\"A\\\"\"" },
		{ "named already", NULL, "Sở B", "\"Sở \\\"A\\\"\"" },
		{ "named on the page", "\"C\"", "Sở B", "\"C\"" },
		{ "emptied on the page", "\"\"", "Sở B", "\"Sở B\"" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct str is;

		CHECK("set",
		      cases[i].set == NULL ||
			      (db_begin(f.db, NULL) &&
			       db_leave(f.db,
					state_setting_put(f.db, "unit_name", str_of(cases[i].set),
							  "canh", NULL),
					NULL)));
		CHECK(cases[i].name, unit_own_name(f.db, str_of(cases[i].given), NULL) &&
					     state_setting(f.db, &a, "unit_name", &is, NULL) &&
					     str_eq(is, str_of(cases[i].want)));
	}
	static char longer[300];
	memset(longer, 'x', sizeof longer - 1);
	CHECK("emptied",
	      db_begin(f.db, NULL) &&
		      db_leave(f.db,
			       state_setting_put(f.db, "unit_name", STR("\"\""), "canh", NULL),
			       NULL));
	struct err why = { 0 };
	CHECK("too long", !unit_own_name(f.db, str_of(longer), &why) && why.kind == ERR_LIMIT);
}

static void list(void)
{
	CHECK("name", db_begin(f.db, NULL) &&
			      db_leave(f.db,
				       state_setting_put(f.db, "unit_name", STR("\"Sở \\u0041\""),
							 "canh", NULL),
				       NULL));
	for (size_t i = 0; i < COUNT(lists); i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct who who = caller(lists[i].by);
		struct units u = { NULL, NULL, 0, 0 };

		CHECK(lists[i].name, unit_list(f.ac, &who.scope, &a, &u, NULL));
		CHECK(lists[i].name, u.n_units == lists[i].units && u.n_sites == lists[i].sites);
		CHECK(lists[i].name, u.n_units > 0 && u.units[0].own == lists[i].own);
		CHECK(lists[i].name, !lists[i].own || str_eq(u.units[0].name, STR("Sở A")));
		for (size_t k = 0; k < u.n_units; k++)
			CHECK("a parent that is shown", u.units[k].own == (lists[i].own && k == 0));
	}
}

/* Accounts of each home, seen and changed by an admin of the north. */
static const struct {
	const char *name, *unit, *site;
	bool northern; /* within his reach */
} people[] = {
	{ "p.whole", "", "", false },    { "p.north", north, "", true },
	{ "p.desk", "", desk, true },    { "p.village", village, "", true },
	{ "p.south", south, "", false }, { "p.yard", south, yard, false },
};
static char ids[COUNT(people)][UUID_MAX];

static void accounts(void)
{
	struct who north_admin = caller(NORTHERN);
	struct arena a = { mem, mem + sizeof mem };
	struct access_faults faults;
	struct invited made;
	struct user *all = NULL, u;
	size_t n = 0;

	for (size_t i = 0; i < COUNT(people); i++) {
		struct user_draft in = { str_of(people[i].name), STR("X"), ROLE_VIEWER,
					 str_of(people[i].unit), str_of(people[i].site) };
		struct err why = { 0 };

		CHECK(people[i].name, user_invite(f.ac, &admin.who, &in, &made, &faults, &why));
		memcpy(ids[i], made.id, sizeof made.id);
	}
	CHECK("all", user_list(f.ac, &admin.who.scope, &a, &all, &n, NULL) && n == 7);
	CHECK("his", user_list(f.ac, &north_admin.scope, &a, &all, &n, NULL) && n == 3);
	for (size_t i = 0; i < COUNT(people); i++) {
		struct user_patch rename = { .display_name = STR("Y") };
		struct err why = { 0 };
		bool in = people[i].northern;

		CHECK(people[i].name,
		      user_get(f.ac, &north_admin.scope, &a, str_of(ids[i]), &u, &why) == in);
		CHECK(people[i].name, in || why.kind == ERR_ABSENT);
		CHECK(people[i].name,
		      user_change(f.ac, &north_admin, str_of(ids[i]), &rename, &why) == in);
		CHECK(people[i].name,
		      user_reinvite(f.ac, &north_admin, str_of(ids[i]), &made, &why) == in);
		CHECK(people[i].name, in || why.kind == ERR_ABSENT);
	}
}

static const struct {
	const char *name;
	size_t who; /* of people */
	const char *unit, *site;
	enum err_kind kind; /* by the admin of the north */
} moves[] = {
	{ "down", 1, village, "", ERR_NONE },
	{ "to a site", 1, "", desk, ERR_NONE },
	{ "back up", 1, north, "", ERR_NONE },
	{ "out", 1, south, "", ERR_INPUT },
	{ "to the whole", 1, admin.who.home.unit, "", ERR_INPUT },
	{ "nowhere named", 2, "", "", ERR_NONE },
	{ "somebody else's", 4, north, "", ERR_ABSENT },
};

static void moving(void)
{
	struct who north_admin = caller(NORTHERN);
	struct arena a = { mem, mem + sizeof mem };
	struct user u;
	struct err why = { 0 };

	for (size_t i = 0; i < COUNT(moves); i++) {
		struct user_patch p = { .has_home = true,
					.unit = str_of(moves[i].unit),
					.site = str_of(moves[i].site) };

		why = (struct err){ 0 };
		bool ok = user_change(f.ac, &north_admin, str_of(ids[moves[i].who]), &p, &why);
		CHECK(moves[i].name, ok == (moves[i].kind == ERR_NONE));
		CHECK(moves[i].name, why.kind == moves[i].kind);
	}
	CHECK("to his own", user_get(f.ac, &admin.who.scope, &a, str_of(ids[2]), &u, NULL) &&
				    strcmp(u.home.unit, north) == 0 && u.home.site[0] == '\0');
	struct user_patch part = { .has_home = true, .unit = str_of(north), .site = { NULL, 0 } };
	struct user_draft out = { STR("p.out"), STR("X"), ROLE_VIEWER, str_of(south), STR("") };
	struct access_faults faults;
	struct invited made;

	CHECK("the last admin of the whole stays that",
	      !user_change(f.ac, &admin.who, str_of(admin.who.id), &part, &why) &&
		      why.kind == ERR_STATE);
	CHECK("nobody is invited to elsewhere",
	      !user_invite(f.ac, &north_admin, &out, &made, &faults, &why) &&
		      why.kind == ERR_INPUT && faults.n == 1 &&
		      strcmp(faults.fault[0].field, "unit") == 0);
}

static void tokens(void)
{
	struct who north_admin = caller(NORTHERN), who;
	struct arena a = { mem, mem + sizeof mem };
	struct token_draft own = { STR("a"), ROLE_SOURCE, STR(""), STR("") };
	struct token_draft at = { STR("b"), ROLE_SOURCE, STR(""), str_of(yard) };
	struct token_made one, two, three;
	struct token *all = NULL;
	struct err why = { 0 };
	size_t n = 0;

	CHECK("for his own", token_new(f.ac, &north_admin, &own, &one, NULL) &&
				     token_find(f.ac, str_of(one.secret), &who, NULL) &&
				     strcmp(who.home.unit, north) == 0 &&
				     strcmp(who.scope.unit, north) == 0);
	CHECK("not elsewhere",
	      !token_new(f.ac, &north_admin, &at, &two, &why) && why.kind == ERR_INPUT);
	CHECK("anywhere", token_new(f.ac, &admin.who, &at, &two, NULL) &&
				  token_find(f.ac, str_of(two.secret), &who, NULL) &&
				  strcmp(who.scope.unit, south) == 0 &&
				  strcmp(who.scope.site, yard) == 0);
	CHECK("whole by itself", token_new(f.ac, NULL, &own, &three, NULL) &&
					 token_find(f.ac, str_of(three.secret), &who, NULL) &&
					 scope_is_whole(&who.scope));
	CHECK("all", token_list(f.ac, &admin.who.scope, &a, &all, &n, NULL) && n == 4);
	CHECK("his", token_list(f.ac, &north_admin.scope, &a, &all, &n, NULL) && n == 1 &&
			     strcmp(all[0].id, one.id) == 0);
	CHECK("another's stays",
	      !token_revoke(f.ac, &north_admin, str_of(two.id), &why) && why.kind == ERR_ABSENT);
	CHECK("his goes", token_revoke(f.ac, &north_admin, str_of(one.id), NULL));
}

/* What the house shares asks for a role over all of it. */
static void shared(void)
{
	struct who part = caller(NORTHERN), site = caller(AT_DESK);
	struct err why = { 0 };

	for (int act = 0; act < ACTS; act++) {
		bool whole = act_is_whole((enum act)act);

		CHECK("whole", who_may(&admin.who, (enum act)act, NULL));
		CHECK("part", who_may(&part, (enum act)act, &why) == !whole);
		CHECK("site", who_may(&site, (enum act)act, &why) == !whole);
		CHECK("said", !whole || why.kind == ERR_DENIED);
	}
}

int main(void)
{
	if (!CHECK("open", fake_open(&f) && fake_admin(&f, &seed, &admin)))
		return TEST_REPORT();
	grow();
	change();
	own_name();
	list();
	accounts();
	moving();
	tokens();
	shared();
	fake_close(&f);
	return TEST_REPORT();
}
