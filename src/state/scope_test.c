/* SPDX-License-Identifier: Apache-2.0 */
#include "state/scope.h"

#include "base/crypt.h"
#include "base/test.h"
#include "state/ledger.h"
#include "state/state.h"

/* root (site r1) > north (sites n1, n2) > village; root > south. Ids are readable here. */
#define ID(c) "00000000-0000-7000-8000-00000000000" c
#define ROOT own
#define NORTH ID("1")
#define VILLAGE ID("2")
#define SOUTH ID("3")
#define R1 ID("a")
#define N1 ID("b")
#define N2 ID("c")

static struct db *db;
static char own[UUID_MAX];

/* '.' the own unit, n v s the others, '-' everything; r 1 2 sites, ' ' none. */
static const char *id_of(char c)
{
	switch (c) {
	case '.':
		return ROOT;
	case 'n':
		return NORTH;
	case 'v':
		return VILLAGE;
	case 's':
		return SOUTH;
	case 'r':
		return R1;
	case '1':
		return N1;
	case '2':
		return N2;
	default:
		return "";
	}
}

static struct home home(const char *text)
{
	struct home h = { "", "" };

	snprintf(h.unit, sizeof h.unit, "%s", id_of(text[0]));
	snprintf(h.site, sizeof h.site, "%s", id_of(text[1]));
	return h;
}

static const char *const homes[] = { ". ", ".r", "n ", "n1", "n2", "v ", "s " };

/* What each role reaches of the homes above. */
static const struct {
	const char *role;
	bool reaches[COUNT(homes)];
} roles[] = {
	{ ". ", { 1, 1, 1, 1, 1, 1, 1 } }, { ".r", { 0, 1, 0, 0, 0, 0, 0 } },
	{ "n ", { 0, 0, 1, 1, 1, 1, 0 } }, { "n1", { 0, 0, 0, 1, 0, 0, 0 } },
	{ "n2", { 0, 0, 0, 0, 1, 0, 0 } }, { "v ", { 0, 0, 0, 0, 0, 1, 0 } },
	{ "s ", { 0, 0, 0, 0, 0, 0, 1 } },
};

static bool in_sql(const struct scope *s, const struct home *h)
{
	int64_t n = -1;

	CHECK("things",
	      db_run(db, "DELETE FROM things", NULL, 0, NULL) &&
		      db_run(db, "INSERT INTO things VALUES ($1, $2)",
			     DB_VALS(V_Z(h->unit), V_Z(h->site[0] ? h->site : NULL)), NULL));
	CHECK("select", db_number(db,
				  "SELECT count(*) FROM things t WHERE " IN_SCOPE(
					  "t.unit", "t.site", "$1", "$2"),
				  DB_VALS(SCOPE_VALS(s)), &n, NULL));
	return n == 1;
}

/* What is made for the role's home holds exactly for what the role reaches. */
static bool holds_for(const struct home *made, const struct home *h)
{
	int64_t n = -1;

	CHECK("things",
	      db_run(db, "DELETE FROM things", NULL, 0, NULL) &&
		      db_run(db, "INSERT INTO things VALUES ($1, $2)",
			     DB_VALS(V_Z(made->unit), V_Z(made->site[0] ? made->site : NULL)),
			     NULL));
	CHECK("select", db_number(db,
				  "SELECT count(*) FROM things t WHERE " REACHES("t.unit", "t.site",
										 "$1", "$2"),
				  DB_VALS(HOME_VALS(h)), &n, NULL));
	return n == 1;
}

static void reach(void)
{
	for (size_t i = 0; i < COUNT(roles); i++)
		for (size_t k = 0; k < COUNT(homes); k++) {
			struct home role = home(roles[i].role), h = home(homes[k]);
			bool want = roles[i].reaches[k], has = !want;
			struct scope s;
			char name[32];

			snprintf(name, sizeof name, "'%s' on '%s'", roles[i].role, homes[k]);
			CHECK(name, scope_of_home(db, &role, &s, NULL));
			CHECK(name, scope_is_whole(&s) == (i == 0));
			CHECK(name, scope_has(db, &s, &h, &has, NULL) && has == want);
			CHECK(name, in_sql(&s, &h) == want);
			CHECK(name, holds_for(&role, &h) == want);
		}
}

static const struct {
	const char *name, *role, *unit, *site;
	const char *got; /* "": refused */
} picks[] = {
	{ "nothing asked, whole", ". ", "", "", ". " },
	{ "nothing asked, a unit", "n ", "", "", "n " },
	{ "nothing asked, a site", "n1", "", "", "n1" },
	{ "whole: any unit", ". ", VILLAGE, "", "v " },
	{ "a unit below", "n ", VILLAGE, "", "v " },
	{ "itself", "n ", NORTH, "", "n " },
	{ "the unit above", "v ", NORTH, "", "" },
	{ "the unit beside", "n ", SOUTH, "", "" },
	{ "a site by itself", ". ", "", N1, "n1" },
	{ "a site with its unit", "n ", NORTH, N2, "n2" },
	{ "a site of another unit", ". ", SOUTH, N2, "" },
	{ "a site beside", "n1", "", N2, "" },
	{ "the unit of one's site", "n1", NORTH, "", "" },
	{ "no such unit", ". ", ID("9"), "", "" },
	{ "no such site", ". ", "", ID("9"), "" },
	{ "no id", ". ", "x", "", "" },
	{ "a quote", ". ", "' OR 1=1 --", "", "" },
};

static void pick(void)
{
	for (size_t i = 0; i < COUNT(picks); i++) {
		struct home role = home(picks[i].role), got = { "x", "x" };
		struct err why = { 0 };
		struct scope s;

		CHECK(picks[i].name, scope_of_home(db, &role, &s, NULL));
		bool ok = scope_pick(db, &s, str_of(picks[i].unit), str_of(picks[i].site), &got,
				     &why);
		CHECK(picks[i].name, ok == (picks[i].got[0] != '\0'));
		CHECK(picks[i].name, ok || (why.kind == ERR_INPUT && got.unit[0] == 'x'));
		if (!ok)
			continue;
		struct home want = home(picks[i].got);
		CHECK(picks[i].name,
		      strcmp(got.unit, want.unit) == 0 && strcmp(got.site, want.site) == 0);
	}
}

static bool is_at(const char *source, const char *sender, const char *want)
{
	struct home got = { "", "" }, h = home(want);

	return source_home(db, str_of(source), str_of(sender), &got, NULL) &&
	       strcmp(got.unit, h.unit) == 0 && strcmp(got.site, h.site) == 0;
}

static void sources(void)
{
	struct home south = home("s "), north = home("n2"), root = home(". ");
	int64_t n = 0;

	CHECK("of nobody", is_at("7", "", ". "));
	CHECK("of a token", is_at("7", ID("7"), "n1"));
	CHECK("of a user", is_at("7", ID("8"), "v "));
	CHECK("named, not assigned",
	      db_script(db,
			"INSERT INTO source_settings (source, unit, name, changed, changed_by)"
			" SELECT '7', id, 'fw', 0, 'x' FROM units WHERE parent IS NULL",
			NULL) &&
		      is_at("7", ID("7"), "n1"));
	CHECK("assigned",
	      source_home_put(db, STR("7"), &south, "user:1", NULL) && is_at("7", ID("7"), "s "));
	CHECK("to a site",
	      source_home_put(db, STR("8"), &north, "user:1", NULL) && is_at("8", "", "n2"));
	CHECK("and back",
	      source_home_put(db, STR("7"), &root, "user:1", NULL) && is_at("7", ID("7"), ". "));
	CHECK("noted",
	      db_number(db, "SELECT count(*) FROM ledger_entries WHERE kind = 'source.assigned'",
			NULL, 0, &n, NULL) &&
		      n == 3);
}

static const char tree[] =
	"CREATE TABLE things (unit TEXT, site TEXT);"
	"INSERT INTO units SELECT '" NORTH "', id, 'Bac', 0 FROM units WHERE parent IS NULL;"
	"INSERT INTO units SELECT '" SOUTH "', id, 'Nam', 0 FROM units WHERE name = '';"
	"INSERT INTO units VALUES ('" VILLAGE "', '" NORTH "', 'Xa', 0);"
	"INSERT INTO sites SELECT '" R1 "', id, 'r1', 0 FROM units WHERE name = '';"
	"INSERT INTO sites VALUES ('" N1 "', '" NORTH "', 'n1', 0), ('" N2 "', '" NORTH
	"', 'n2', 0);"
	"INSERT INTO tokens (id, hash, name, role, unit, site, created, created_by) VALUES"
	" ('" ID("7") "', X'00', 't', 'source', '" NORTH "', '" N1 "', 0, 'canh');"
		      "INSERT INTO users (id, name, display_name, created) VALUES ('" ID(
			      "8") "', 'u', 'u', 0);"
				   "INSERT INTO grants VALUES ('" ID("8") "', 'lead', '" VILLAGE
									  "', NULL, 0);";

int main(void)
{
	char dir[] = P_tmpdir "/canh-scope-XXXXXX";
	struct err why = { 0 };

	if (!crypt_init(&why) || mkdtemp(dir) == NULL)
		return 1;
	db = state_open(dir, DB_CREATE, &why);
	struct ledger_key *key = ledger_key_load(dir, &why);
	if (CHECK("open", db != NULL && key != NULL && ledger_attach(db, key, &why) &&
				  state_unit(db, own, &why) && db_script(db, tree, &why))) {
		reach();
		pick();
		sources();
	} else {
		printf("%s\n", why.text);
	}
	db_close(db);
	ledger_key_free(key);
	CHECK("clean up", test_remove(dir));
	return TEST_REPORT();
}
