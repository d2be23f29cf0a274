/* SPDX-License-Identifier: Apache-2.0 */
#include "access/user.h"

#include "access/fake.h"

#include <fcntl.h>
#include <sys/stat.h>

static struct fake f;
static struct totp_seed seed, other_seed;
static struct opened admin, other;
static unsigned char mem[65536];

static const struct {
	const char *name;
	struct str user, display;
	enum role role;
	enum err_kind kind;
	const char *field;
} drafts[] = {
	{ "good", STR("Hoa"), STR("Trần Hoa"), ROLE_ANALYST, ERR_NONE, "" },
	{ "taken", STR("hoa"), STR("Hoa"), ROLE_VIEWER, ERR_STATE, "" },
	{ "no name", STR(""), STR("Hoa"), ROLE_VIEWER, ERR_INPUT, "name" },
	{ "no display name", STR("mai"), STR(""), ROLE_VIEWER, ERR_INPUT, "display_name" },
	{ "a person as source", STR("mai"), STR("Mai"), ROLE_SOURCE, ERR_INPUT, "role" },
};

static void invites(void)
{
	struct invited made = { .id = "" };

	for (size_t i = 0; i < COUNT(drafts); i++) {
		struct user_draft in = { .name = drafts[i].user,
					 .display_name = drafts[i].display,
					 .role = drafts[i].role };
		struct access_faults faults;
		struct err why = { 0 };
		bool ok = user_invite(f.ac, &admin.who, &in, &made, &faults, &why);

		CHECK(drafts[i].name, ok == (drafts[i].kind == ERR_NONE));
		CHECK(drafts[i].name, why.kind == drafts[i].kind);
		CHECK(drafts[i].name, drafts[i].field[0] == '\0'
					      ? faults.n == 0
					      : faults.n == 1 && strcmp(faults.fault[0].field,
									drafts[i].field) == 0);
	}
	CHECK("joins", fake_join(&f, made.secret, "ignored", &other_seed, &other));
	CHECK("as invited", strcmp(other.who.name, "hoa") == 0 && other.who.role == ROLE_ANALYST);

	struct user_draft in = { .name = STR("x1"), .display_name = STR("X"), .role = ROLE_VIEWER };
	struct access_faults faults;
	struct err why = { 0 };

	CHECK("an analyst invites nobody",
	      !user_invite(f.ac, &other.who, &in, &made, &faults, &why) && why.kind == ERR_DENIED);
}

/* Changes, one after the other, of "hoa" (who 1) or of the admin (who 0). */
static const struct {
	const char *name;
	int whom;
	struct user_patch patch;
	enum err_kind kind;
	bool session; /* hoa's session holds afterwards */
	enum role role;
} changes[] = {
	{ "nothing", 1, { .display_name = { NULL, 0 } }, ERR_NONE, true, ROLE_ANALYST },
	{ "last admin: role",
	  0,
	  { .has_role = true, .role = ROLE_VIEWER },
	  ERR_STATE,
	  true,
	  ROLE_ANALYST },
	{ "last admin: disabled",
	  0,
	  { .has_disabled = true, .disabled = true },
	  ERR_STATE,
	  true,
	  ROLE_ANALYST },
	{ "role", 1, { .has_role = true, .role = ROLE_ADMIN }, ERR_NONE, true, ROLE_ADMIN },
	{ "no longer the last",
	  0,
	  { .display_name = STR("Quản trị") },
	  ERR_NONE,
	  true,
	  ROLE_ADMIN },
	{ "source", 1, { .has_role = true, .role = ROLE_SOURCE }, ERR_INPUT, true, ROLE_ADMIN },
	{ "blank name", 1, { .display_name = STR(" ") }, ERR_INPUT, true, ROLE_ADMIN },
	{ "disable", 1, { .has_disabled = true, .disabled = true }, ERR_NONE, false, ROLE_ADMIN },
	{ "last again",
	  0,
	  { .has_disabled = true, .disabled = true },
	  ERR_STATE,
	  false,
	  ROLE_ADMIN },
	{ "enable", 1, { .has_disabled = true, .disabled = false }, ERR_NONE, false, ROLE_ADMIN },
};

static void patches(void)
{
	for (size_t i = 0; i < COUNT(changes); i++) {
		struct arena a = { mem, mem + sizeof mem };
		const struct who *whom = changes[i].whom == 0 ? &admin.who : &other.who;
		struct err why = { 0 };
		struct user u = { .id = "" };
		struct who who;

		bool ok = user_change(f.ac, &admin.who, str_of(whom->id), &changes[i].patch, &why);

		CHECK(changes[i].name, ok == (changes[i].kind == ERR_NONE));
		if (!CHECK(changes[i].name, why.kind == changes[i].kind))
			printf("%s\n", why.text);
		CHECK(changes[i].name,
		      session_find(f.ac, str_of(other.secret), &who, NULL) == changes[i].session);
		CHECK(changes[i].name,
		      user_get(f.ac, &admin.who.scope, &a, str_of(other.who.id), &u, NULL) &&
			      u.role == changes[i].role);
		CHECK(changes[i].name, session_find(f.ac, str_of(admin.secret), &who, NULL));
	}
	struct err why = { 0 };
	struct user_patch none = { .has_role = false };

	CHECK("nobody",
	      !user_change(f.ac, &admin.who, STR("nobody"), &none, &why) && why.kind == ERR_ABSENT);
	other.who.role = ROLE_AUDITOR;
	CHECK("an auditor changes nobody",
	      !user_change(f.ac, &other.who, str_of(admin.who.id), &none, &why) &&
		      why.kind == ERR_DENIED);
}

static void lists(void)
{
	struct arena a = { mem, mem + sizeof mem }, tiny = { mem, mem + 64 };
	struct user_draft in = { .name = STR("cho"),
				 .display_name = STR("Chờ"),
				 .role = ROLE_VIEWER };
	struct access_faults faults;
	struct invited made;
	struct user *list = NULL;
	struct err why = { 0 };
	size_t n = 0;

	CHECK("pending", user_invite(f.ac, &admin.who, &in, &made, &faults, NULL));
	CHECK("list", user_list(f.ac, &admin.who.scope, &a, &list, &n, NULL) && n == 3);
	CHECK("by name", str_eq(list[0].name, STR("admin")) && str_eq(list[1].name, STR("cho")) &&
				 str_eq(list[2].name, STR("hoa")));
	CHECK("pending", !list[1].totp && list[1].last_seen == TIME_NONE && list[0].totp);
	CHECK("too long",
	      !user_list(f.ac, &admin.who.scope, &tiny, &list, &n, &why) && why.kind == ERR_LIMIT);
}

/* A lost telephone: a new link sets password and code anew and ends what was open. */
static void lost(void)
{
	struct invited made;
	struct totp_seed fresh;
	struct opened was = { .secret = "" }, now = { .secret = "" };
	struct who who;
	char code[8];
	struct sign_in in = { STR("admin"), PASSWORD, STR(""), ADDRESS, STR("") };
	int64_t retry;

	fake_time += TIME_HOUR;
	in.code = str_of(fake_code(seed.secret, code));
	CHECK("before", session_open(f.ac, &in, &was, &retry, NULL));
	CHECK("again", user_reinvite(f.ac, &was.who, str_of(was.who.id), &made, NULL));
	CHECK("joins again", fake_join(&f, made.secret, "admin", &fresh, &now));
	CHECK("same account", strcmp(now.who.id, was.who.id) == 0 && now.who.role == ROLE_ADMIN);
	CHECK("old session ended", !session_find(f.ac, str_of(was.secret), &who, NULL));
	in.code = str_of(fake_code(seed.secret, code));
	CHECK("old code is dead", !session_open(f.ac, &in, &was, &retry, NULL));
	in.code = str_of(fake_code(fresh.secret, code));
	CHECK("new code", session_open(f.ac, &in, &was, &retry, NULL));
}

static void key_file(void)
{
	char path[160];
	struct stat st;
	struct err why = { 0 };

	snprintf(path, sizeof path, "%s/access.key", f.keys);
	CHECK("mode", stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
	CHECK("loose", chmod(path, 0644) == 0 && access_new(f.db, f.keys, &why) == NULL &&
			       why.kind == ERR_DENIED);
	CHECK("tight", chmod(path, 0600) == 0);
	struct access *again = access_new(f.db, f.keys, &why);

	CHECK("again", again != NULL);
	access_free(again);
}

int main(void)
{
	if (!CHECK("open", fake_open(&f) && fake_admin(&f, &seed, &admin)))
		return TEST_REPORT();
	invites();
	patches();
	lists();
	lost();
	key_file();
	fake_close(&f);
	return TEST_REPORT();
}
