/* SPDX-License-Identifier: Apache-2.0 */
#include "access/invite.h"

#include "access/fake.h"
#include "access/user.h"

static struct fake f;
static struct totp_seed seed;
static struct opened admin;

/* What a form may hold; `bad` names the fields that are refused. */
static const struct {
	const char *name;
	struct str user, display, password;
	const char *bad;
} forms[] = {
	{ "good", STR("lan"), STR("Nguyễn Thị Lan"), STR("mười hai ký tự"), "" },
	{ "all empty", STR(""), STR(""), STR(""), "name display_name password " },
	{ "one letter", STR("l"), STR("Lan"), PASSWORD, "name " },
	{ "marks in the name", STR("lân"), STR("Lan"), PASSWORD, "name " },
	{ "blank in the name", STR("l an"), STR("Lan"), PASSWORD, "name " },
	{ "NUL in the name", STR("la\0n"), STR("Lan"), PASSWORD, "name " },
	{ "blank display name", STR("lan"), STR("  "), PASSWORD, "display_name " },
	{ "line in the display name", STR("lan"), STR("L\nan"), PASSWORD, "display_name " },
	{ "not UTF-8", STR("lan"), STR("L\xff"), PASSWORD, "display_name " },
	{ "eleven characters", STR("lan"), STR("Lan"), STR("mười một ký"), "password " },
	{ "the name as password", STR("nguyen.thi.lan"), STR("Lan"), STR("Nguyen.Thi.Lan"),
	  "password " },
};

static void check_forms(const char *secret)
{
	for (size_t i = 0; i < COUNT(forms); i++) {
		struct accept in = { forms[i].user, forms[i].display, forms[i].password };
		struct access_faults faults;
		struct err why = { 0 };
		char got[128] = "";
		bool ok = invite_accept(f.ac, str_of(secret), &in, &seed, &faults, &why);

		for (size_t n = 0; n < faults.n; n++) {
			size_t at = strlen(got);

			snprintf(got + at, sizeof got - at, "%s ", faults.fault[n].field);
			CHECK(forms[i].name, faults.fault[n].why.text[0] != '\0');
		}
		CHECK(forms[i].name, ok == (forms[i].bad[0] == '\0'));
		CHECK(forms[i].name, ok || why.kind == ERR_INPUT);
		if (!CHECK(forms[i].name, strcmp(got, forms[i].bad) == 0))
			printf("%s\n", got);
	}
}

static void first(void)
{
	char old[ACCESS_SECRET_MAX], secret[ACCESS_SECRET_MAX], code[8];
	struct sign_in in = { .address = ADDRESS };
	struct err why = { 0 };
	struct invite inv;
	int64_t retry = 0;
	bool any = true;

	CHECK("nobody", user_any(f.ac, &any, NULL) && !any);
	CHECK("a link", invite_first(f.ac, old, NULL) && invite_first(f.ac, secret, NULL));
	CHECK("the older one is dead",
	      !invite_look(f.ac, str_of(old), &inv, &why) && why.kind == ERR_ABSENT);
	CHECK("look", invite_look(f.ac, str_of(secret), &inv, NULL) && inv.first &&
			      inv.role == ROLE_ADMIN && inv.name[0] == '\0');
	CHECK("code before name",
	      !invite_confirm(f.ac, str_of(secret), &in, &admin, &retry, &why) &&
		      why.kind == ERR_STATE);
	check_forms(secret);

	struct accept form = { STR("admin@sở"), STR("Quản trị"), PASSWORD };
	struct access_faults faults;

	CHECK("mark", !invite_accept(f.ac, str_of(secret), &form, &seed, &faults, NULL));
	form.name = STR("Admin@so.example.vn");
	CHECK("accept", invite_accept(f.ac, str_of(secret), &form, &seed, &faults, NULL));
	CHECK("uri",
	      strncmp(seed.uri, "otpauth://totp/canh:admin%40so.example.vn?secret=", 49) == 0 &&
		      strstr(seed.uri, seed.secret) != NULL);
	CHECK("base32", strlen(seed.secret) == 32);
	CHECK("still nobody", user_any(f.ac, &any, NULL) && !any);
	in.code = STR("000000");
	CHECK("wrong code", !invite_confirm(f.ac, str_of(secret), &in, &admin, &retry, &why) &&
				    why.kind == ERR_DENIED);
	in.code = str_of(fake_code(seed.secret, code));
	CHECK("confirm", invite_confirm(f.ac, str_of(secret), &in, &admin, &retry, NULL));
	CHECK("admin", strcmp(admin.who.name, "admin@so.example.vn") == 0 &&
			       admin.who.role == ROLE_ADMIN && admin.who.lang == LANG_VI);
	CHECK("somebody", user_any(f.ac, &any, NULL) && any);
	CHECK("used", !invite_look(f.ac, str_of(secret), &inv, &why) && why.kind == ERR_ABSENT);
	CHECK("used", !invite_accept(f.ac, str_of(secret), &form, &seed, &faults, &why) &&
			      why.kind == ERR_ABSENT);
	CHECK("no second first", !invite_first(f.ac, secret, &why) && why.kind == ERR_STATE);
	CHECK("the code is spent", fake_count(&f, "SELECT count(*) FROM users WHERE totp_step > "
						  "0") == 1);
	CHECK("nothing secret stays", fake_count(&f, "SELECT count(*) FROM invites WHERE password "
						     "IS NOT NULL OR totp_box IS NOT NULL") == 0);
}

static void guessing(void)
{
	struct user_draft draft = { STR("khach"), STR("Khách"), ROLE_VIEWER };
	struct accept form = { STR("other"), STR("Khách"), PASSWORD };
	struct access_faults faults;
	struct invited made;
	struct totp_seed guest;
	struct opened out;
	struct err why = { 0 };
	struct invite inv;
	int64_t retry = 0;
	char code[8];

	CHECK("invite", user_invite(f.ac, &admin.who, &draft, &made, &faults, NULL));
	CHECK("look", invite_look(f.ac, str_of(made.secret), &inv, NULL) && !inv.first &&
			      strcmp(inv.name, "khach") == 0 && inv.role == ROLE_VIEWER);
	CHECK("accept", invite_accept(f.ac, str_of(made.secret), &form, &guest, &faults, NULL));

	struct sign_in in = { .code = STR("12345"), .address = STR("198.51.100.5") };

	for (int i = 0; i < 5; i++)
		CHECK("wrong",
		      !invite_confirm(f.ac, str_of(made.secret), &in, &out, &retry, &why) &&
			      why.kind == ERR_DENIED);
	in.code = str_of(fake_code(guest.secret, code));
	in.address = STR("198.51.100.6");
	CHECK("locked", !invite_confirm(f.ac, str_of(made.secret), &in, &out, &retry, &why) &&
				why.kind == ERR_LIMIT && retry > 0);
	fake_time += 16 * TIME_MINUTE;
	in.code = str_of(fake_code(guest.secret, code));
	CHECK("open again", invite_confirm(f.ac, str_of(made.secret), &in, &out, &retry, &why));
	CHECK("the name is the invited one", strcmp(out.who.name, "khach") == 0);
}

static void expiry(void)
{
	struct user_draft draft = { STR("muon"), STR("Muộn"), ROLE_VIEWER };
	struct access_faults faults;
	struct invited made, second;
	struct err why = { 0 };
	struct invite inv;

	CHECK("invite", user_invite(f.ac, &admin.who, &draft, &made, &faults, NULL));
	fake_time += TIME_DAY - TIME_SECOND;
	CHECK("a day", invite_look(f.ac, str_of(made.secret), &inv, NULL));
	fake_time += TIME_SECOND;
	CHECK("expired",
	      !invite_look(f.ac, str_of(made.secret), &inv, &why) && why.kind == ERR_ABSENT);
	CHECK("again", user_reinvite(f.ac, &admin.who, str_of(made.id), &second, NULL) &&
			       invite_look(f.ac, str_of(second.secret), &inv, NULL));
	CHECK("nobody",
	      !user_reinvite(f.ac, &admin.who, STR("x"), &second, &why) && why.kind == ERR_ABSENT);
}

int main(void)
{
	if (!CHECK("open", fake_open(&f)))
		return TEST_REPORT();
	first();
	guessing();
	expiry();
	fake_close(&f);
	return TEST_REPORT();
}
