/* SPDX-License-Identifier: Apache-2.0 */
#include "access/token.h"

#include "access/fake.h"

static struct fake f;
static struct totp_seed seed;
static struct opened admin;
static unsigned char mem[65536];

/* By whom: NULL is the command line, else an account of that role. */
static const struct {
	const char *name;
	bool line;
	enum role by, role;
	struct str token;
	enum err_kind kind;
} makes[] = {
	{ "command line", true, ROLE_SOURCE, ROLE_SOURCE, STR("fortigate"), ERR_NONE },
	{ "command line, admin", true, ROLE_SOURCE, ROLE_ADMIN, STR("cài đặt"), ERR_NONE },
	{ "admin", false, ROLE_ADMIN, ROLE_ANALYST, STR("soc"), ERR_NONE },
	{ "lead", false, ROLE_LEAD, ROLE_SOURCE, STR("x"), ERR_DENIED },
	{ "auditor", false, ROLE_AUDITOR, ROLE_SOURCE, STR("x"), ERR_DENIED },
	{ "no name", true, ROLE_SOURCE, ROLE_SOURCE, STR(""), ERR_INPUT },
	{ "control character", true, ROLE_SOURCE, ROLE_SOURCE, STR("a\x01"), ERR_INPUT },
};

static struct token_made made[COUNT(makes)];

static void making(void)
{
	for (size_t i = 0; i < COUNT(makes); i++) {
		struct who by = admin.who, who;
		struct err why = { 0 };

		by.role = makes[i].by;
		const struct token_draft in = { .name = makes[i].token, .role = makes[i].role };
		bool ok = token_new(f.ac, makes[i].line ? NULL : &by, &in, &made[i], &why);

		CHECK(makes[i].name, ok == (makes[i].kind == ERR_NONE));
		CHECK(makes[i].name, why.kind == makes[i].kind);
		if (!ok)
			continue;
		CHECK(makes[i].name,
		      strlen(made[i].secret) == 48 && strncmp(made[i].secret, "canh_", 5) == 0);
		CHECK(makes[i].name, token_find(f.ac, str_of(made[i].secret), &who, NULL));
		CHECK(makes[i].name, who.kind == WHO_TOKEN && who.role == makes[i].role &&
					     str_eq(str_of(who.name), makes[i].token) &&
					     strcmp(who.id, made[i].id) == 0);
		CHECK(makes[i].name, strcmp(who.home.unit, admin.who.home.unit) == 0 &&
					     scope_is_whole(&who.scope));
	}
}

/* The first token's secret, spoilt. */
static const struct {
	const char *name;
	size_t keep;
	const char *tail;
} wrong[] = {
	{ "cut", 47, "" },
	{ "longer", 48, "A" },
	{ "another end", 47, "_" },
	{ "nothing", 0, "" },
	{ "prefix", 5, "" },
	{ "another prefix", 0, "cahn_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
};

static void finding(void)
{
	for (size_t i = 0; i < COUNT(wrong); i++) {
		char secret[160];
		struct err why = { 0 };
		struct who who;

		snprintf(secret, sizeof secret, "%.*s%s", (int)wrong[i].keep, made[0].secret,
			 wrong[i].tail);
		if (strcmp(secret, made[0].secret) == 0)
			continue; /* once in 64 runs the true end */
		CHECK(wrong[i].name,
		      !token_find(f.ac, str_of(secret), &who, &why) && why.kind == ERR_DENIED);
	}
	struct who who;
	const char *sql = "SELECT coalesce(max(last_used), 0) FROM tokens WHERE name = 'fortigate'";
	int64_t first = fake_count(&f, sql);

	fake_time += 59 * TIME_SECOND;
	CHECK("used", token_find(f.ac, str_of(made[0].secret), &who, NULL));
	CHECK("not written within a minute", fake_count(&f, sql) == first);
	fake_time += TIME_SECOND;
	CHECK("used", token_find(f.ac, str_of(made[0].secret), &who, NULL));
	CHECK("written after a minute", fake_count(&f, sql) == first + TIME_MINUTE);
}

static void listing(void)
{
	struct arena a = { mem, mem + sizeof mem };
	struct token *list = NULL;
	struct err why = { 0 };
	struct who who, lead = admin.who;
	size_t n = 0;

	CHECK("list", token_list(f.ac, &admin.who.scope, &a, &list, &n, NULL) && n == 3);
	CHECK("newest first", str_eq(list[0].name, STR("soc")) &&
				      str_eq(list[0].created_by, str_of(admin.who.actor)) &&
				      str_eq(list[2].created_by, STR("canh")));
	lead.role = ROLE_LEAD;
	CHECK("a lead revokes nothing",
	      !token_revoke(f.ac, &lead, str_of(made[0].id), &why) && why.kind == ERR_DENIED);
	CHECK("revoke", token_revoke(f.ac, &admin.who, str_of(made[0].id), NULL));
	CHECK("dead",
	      !token_find(f.ac, str_of(made[0].secret), &who, &why) && why.kind == ERR_DENIED);
	CHECK("revoke again",
	      !token_revoke(f.ac, &admin.who, str_of(made[0].id), &why) && why.kind == ERR_ABSENT);
	CHECK("gone from the list",
	      token_list(f.ac, &admin.who.scope, &a, &list, &n, NULL) && n == 2);
	CHECK("no secret in the state",
	      fake_count(&f, "SELECT count(*) FROM tokens WHERE length(hash) <> 32") == 0);
}

int main(void)
{
	if (!CHECK("open", fake_open(&f) && fake_admin(&f, &seed, &admin)))
		return TEST_REPORT();
	making();
	finding();
	listing();
	fake_close(&f);
	return TEST_REPORT();
}
