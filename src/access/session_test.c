/* SPDX-License-Identifier: Apache-2.0 */
#include "access/session.h"

#include "access/fake.h"

static struct fake f;
static struct totp_seed seed;
static struct opened admin;

enum code { RIGHT, WRONG, NONE, USED };

/* Sign-ins one after the other, each so many minutes after the one before. */
static const struct {
	const char *name;
	int minutes;
	struct str user, password, address;
	enum code code;
	enum err_kind kind; /* ERR_NONE: signed in */
	int retry_s;        /* at most, when locked */
} attempts[] = {
	{ "right", 1, STR("admin"), PASSWORD, ADDRESS, RIGHT, ERR_NONE, 0 },
	{ "upper case name", 1, STR("Admin"), PASSWORD, ADDRESS, RIGHT, ERR_NONE, 0 },
	{ "used code", 0, STR("admin"), PASSWORD, ADDRESS, USED, ERR_DENIED, 0 },
	{ "wrong password", 1, STR("admin"), STR("x"), ADDRESS, RIGHT, ERR_DENIED, 0 },
	{ "no code", 1, STR("admin"), PASSWORD, ADDRESS, NONE, ERR_DENIED, 0 },
	{ "wrong code", 1, STR("admin"), PASSWORD, ADDRESS, WRONG, ERR_DENIED, 0 },
	{ "right clears the account", 1, STR("admin"), PASSWORD, STR("192.0.2.8"), RIGHT, ERR_NONE,
	  0 },
	{ "unknown name, the fifth failure of the address", 1, STR("nobody"), PASSWORD, ADDRESS,
	  RIGHT, ERR_DENIED, 0 },
	{ "others of the office sign in", 1, STR("admin"), PASSWORD, ADDRESS, RIGHT, ERR_NONE, 0 },
	{ "1", 20, STR("admin"), STR("a"), STR("192.0.2.11"), RIGHT, ERR_DENIED, 0 },
	{ "2", 0, STR("admin"), STR("a"), STR("192.0.2.12"), RIGHT, ERR_DENIED, 0 },
	{ "3", 0, STR("admin"), STR("a"), STR("192.0.2.13"), RIGHT, ERR_DENIED, 0 },
	{ "4", 0, STR("admin"), STR("a"), STR("192.0.2.14"), RIGHT, ERR_DENIED, 0 },
	{ "5", 0, STR("admin"), STR("a"), STR("192.0.2.15"), RIGHT, ERR_DENIED, 0 },
	{ "account locked everywhere", 1, STR("admin"), PASSWORD, STR("192.0.2.16"), RIGHT,
	  ERR_LIMIT, 840 },
	{ "account open again", 15, STR("admin"), PASSWORD, STR("192.0.2.16"), RIGHT, ERR_NONE, 0 },
	{ "a", 1, STR("admin"), STR("a"), ADDRESS, RIGHT, ERR_DENIED, 0 },
	{ "b", 1, STR("admin"), STR("a"), ADDRESS, RIGHT, ERR_DENIED, 0 },
	{ "c", 1, STR("admin"), STR("a"), ADDRESS, RIGHT, ERR_DENIED, 0 },
	{ "d", 1, STR("admin"), STR("a"), ADDRESS, RIGHT, ERR_DENIED, 0 },
	{ "old failures do not count", 16, STR("admin"), STR("a"), ADDRESS, RIGHT, ERR_DENIED, 0 },
	{ "so not locked", 1, STR("admin"), PASSWORD, ADDRESS, RIGHT, ERR_NONE, 0 },
	{ "hostile name", 1, STR("a' OR 1=1 --\0"), PASSWORD, ADDRESS, RIGHT, ERR_DENIED, 0 },
	{ "empty", 1, STR(""), STR(""), ADDRESS, NONE, ERR_DENIED, 0 },
};

static struct str code_of(enum code code, char out[8], char used[8])
{
	memset(out, 0, 8);
	switch (code) {
	case RIGHT:
		memcpy(used, fake_code(seed.secret, out), 8);
		return str_of(out);
	case WRONG:
		fake_code(seed.secret, out);
		out[5] = out[5] == '9' ? '0' : (char)(out[5] + 1);
		return str_of(out);
	case USED:
		return str_of(used);
	case NONE:
		break;
	}
	return STR("");
}

static void sign_ins(void)
{
	char out[8], used[8] = "";

	for (size_t i = 0; i < COUNT(attempts); i++) {
		struct sign_in in = { attempts[i].user, attempts[i].password, STR(""),
				      attempts[i].address, STR("test") };
		struct opened opened = { .secret = "" };
		struct err why = { 0 };
		int64_t retry = -1;

		fake_time += attempts[i].minutes * TIME_MINUTE;
		in.code = code_of(attempts[i].code, out, used);
		bool ok = session_open(f.ac, &in, &opened, &retry, &why);

		CHECK(attempts[i].name, ok == (attempts[i].kind == ERR_NONE));
		if (!CHECK(attempts[i].name, why.kind == attempts[i].kind))
			printf("%s\n", why.text);
		CHECK(attempts[i].name, retry >= 0 && retry <= attempts[i].retry_s);
		CHECK(attempts[i].name, (retry > 0) == (attempts[i].kind == ERR_LIMIT));
		CHECK(attempts[i].name, (opened.secret[0] != '\0') == ok);
		CHECK(attempts[i].name, !ok || (strcmp(opened.who.name, "admin") == 0 &&
						opened.who.role == ROLE_ADMIN));
	}
	CHECK("refusals are in the ledger",
	      fake_count(&f, "SELECT count(*) FROM ledger_entries WHERE kind = "
			     "'session.refused'") == 17);
	CHECK("locks are in the ledger", fake_count(&f, "SELECT count(*) FROM ledger_entries WHERE "
							"kind = 'session.locked'") == 1);
	CHECK("no address in the open ledger",
	      fake_count(&f, "SELECT count(*) FROM ledger_entries WHERE body LIKE '%192.0.2%' OR "
			     "subject LIKE '%192.0.2%'") == 0);
}

/* Many names tried from one address lock the address, and only that. */
static void spraying(void)
{
	static const struct str from = STR("198.51.100.77");
	char name[32], code[8];
	struct sign_in in = { .password = PASSWORD, .address = from, .agent = STR("test") };
	struct opened out;
	struct err why = { 0 };
	int64_t retry;

	fake_time += 20 * TIME_MINUTE;
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof name, "nobody%d", i);
		in.name = str_of(name);
		CHECK("refused",
		      !session_open(f.ac, &in, &out, &retry, &why) && why.kind == ERR_DENIED);
	}
	in.name = STR("admin");
	in.code = str_of(fake_code(seed.secret, code));
	CHECK("address locked",
	      !session_open(f.ac, &in, &out, &retry, &why) && why.kind == ERR_LIMIT && retry > 840);
	in.address = STR("198.51.100.78");
	CHECK("not from elsewhere", session_open(f.ac, &in, &out, &retry, &why));
	fake_time += 16 * TIME_MINUTE;
	in.address = from;
	in.code = str_of(fake_code(seed.secret, code));
	CHECK("open again", session_open(f.ac, &in, &out, &retry, &why));
}

static bool again(struct opened *out)
{
	char code[8];
	struct sign_in in = { STR("admin"), PASSWORD, STR(""), STR("192.0.2.99"), STR("browser") };
	int64_t retry;

	in.code = str_of(fake_code(seed.secret, code));
	return session_open(f.ac, &in, out, &retry, NULL);
}

/* A session that was last seen so long ago; does it still hold? */
static const struct {
	const char *name;
	int64_t idle, times; /* seen `times` times, each after `idle` */
	bool holds;
} ages[] = {
	{ "at once", 0, 1, true },
	{ "eleven hours", 11 * TIME_HOUR, 1, true },
	{ "twelve hours", 12 * TIME_HOUR, 1, false },
	{ "six days in use", 11 * TIME_HOUR, 13, true },
	{ "seven days in use", 11 * TIME_HOUR, 16, false },
};

static void lives(void)
{
	for (size_t i = 0; i < COUNT(ages); i++) {
		struct opened opened = { .secret = "" };
		struct who who;
		bool holds = false;

		CHECK(ages[i].name, again(&opened));
		for (int64_t n = 0; n < ages[i].times; n++) {
			fake_time += ages[i].idle;
			holds = session_find(f.ac, str_of(opened.secret), &who, NULL);
		}
		CHECK(ages[i].name, holds == ages[i].holds);
		CHECK(ages[i].name, !holds || who.expires <= fake_time + 12 * TIME_HOUR);
	}
	struct who who;
	struct err why = { 0 };

	CHECK("no such secret",
	      !session_find(f.ac, STR("x"), &who, &why) && why.kind == ERR_DENIED);
	CHECK("empty secret", !session_find(f.ac, STR(""), &who, &why));
}

static void lists(void)
{
	unsigned char mem[65536];
	struct arena a = { mem, mem + sizeof mem };
	struct opened one, two;
	struct session *list = NULL;
	struct err why = { 0 };
	struct who who;
	size_t n = 0;

	fake_time += 8 * TIME_DAY;
	CHECK("sign in", again(&one));
	CHECK("sign in", again(&two));
	CHECK("list", session_list(f.ac, &a, &two.who, &list, &n, NULL) && n == 2);
	CHECK("newest first", list[0].current && !list[1].current &&
				      str_eq(list[1].address, STR("192.0.2.99")) &&
				      str_eq(list[1].agent, STR("browser")));
	CHECK("lang", session_lang(f.ac, &two.who, LANG_EN, NULL) &&
			      session_find(f.ac, str_of(two.secret), &who, NULL) &&
			      who.lang == LANG_EN);
	CHECK("revoke", session_revoke(f.ac, &two.who, str_of(list[1].id), NULL));
	CHECK("revoked", !session_find(f.ac, str_of(one.secret), &who, NULL));
	CHECK("revoke again",
	      !session_revoke(f.ac, &two.who, str_of(list[1].id), &why) && why.kind == ERR_ABSENT);
	CHECK("close", session_close(f.ac, &two.who, NULL) &&
			       !session_find(f.ac, str_of(two.secret), &who, NULL));
}

static const struct {
	const char *name;
	struct str old, fresh;
	bool code;
	enum err_kind kind;
} passwords[] = {
	{ "too short", PASSWORD, STR("mười một ký"), true, ERR_INPUT },
	{ "wrong old", STR("nope"), STR("mật khẩu mới dài"), true, ERR_DENIED },
	{ "no code", PASSWORD, STR("mật khẩu mới dài"), false, ERR_DENIED },
	{ "right", PASSWORD, STR("mật khẩu mới dài"), true, ERR_NONE },
	{ "old one again", PASSWORD, PASSWORD, true, ERR_DENIED },
	{ "and back, typed by another keyboard",
	  STR("ma\xcc\xa3\xcc\x82t kha\xcc\x82\xcc\x89u mo\xcc\x9b\xcc\x81i da\xcc\x80i"), PASSWORD,
	  true, ERR_NONE },
};

static void change_password(void)
{
	struct opened here, there;
	struct who who;

	for (size_t i = 0; i < COUNT(passwords); i++) {
		struct err why = { 0 };
		char code[8];

		if (i == 0 || i == 4)
			CHECK(passwords[i].name, i == 4 || (again(&here) && again(&there)));
		struct str c = str_of(passwords[i].code ? fake_code(seed.secret, code) : "");
		bool ok = session_password(f.ac, &here.who, passwords[i].old, passwords[i].fresh, c,
					   &why);

		CHECK(passwords[i].name,
		      ok == (passwords[i].kind == ERR_NONE) && why.kind == passwords[i].kind);
		CHECK(passwords[i].name, session_find(f.ac, str_of(here.secret), &who, NULL));
		CHECK(passwords[i].name,
		      session_find(f.ac, str_of(there.secret), &who, NULL) == (i < 3));
	}
}

int main(void)
{
	if (!CHECK("open", fake_open(&f) && fake_admin(&f, &seed, &admin)))
		return TEST_REPORT();
	sign_ins();
	spraying();
	lives();
	lists();
	change_password();
	CHECK("secrets are kept as hashes", fake_count(&f, "SELECT count(*) FROM sessions WHERE "
							   "length(hash) <> 32") == 0);
	fake_close(&f);
	return TEST_REPORT();
}
