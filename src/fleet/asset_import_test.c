/* SPDX-License-Identifier: Apache-2.0 */
/* Files one after the other into a registry: what becomes new, what is known again, what may be one. */
#include "fleet/asset_import.h"

#include "base/crypt.h"
#include "base/hash.h"
#include "base/test.h"
#include "fleet/asset_list.h"
#include "state/ledger.h"
#include "state/state.h"

static char dir[] = "/tmp/canh-assets-XXXXXX";
static struct arena whole;

#define BOOK "Tên máy,Địa chỉ IP,Địa chỉ MAC,Đơn vị,Cơ sở,Trạng thái,Người xác nhận\n"
#define MAC1 "00:11:22:33:44:01"
#define MAC2 "00:11:22:33:44:02"

/* One after the other. */
static const struct {
	const char *name;
	const char *text;
	size_t added, changed, same, unknown, assets, twins;
	bool again;
} steps[] = {
	{ "a book", BOOK "PC-01,192.0.2.1," MAC1 ",Sở Y tế,,,\nPC-02,192.0.2.2,,,,,\n", 2, 0, 0, 0,
	  2, 0, false },
	{ "the same book", BOOK "PC-01,192.0.2.1," MAC1 ",Sở Y tế,,,\nPC-02,192.0.2.2,,,,,\n", 0, 0,
	  0, 0, 2, 0, true },
	{ "nothing new in it", BOOK "pc-01,192.0.2.1," MAC1 ",Sở Y tế,,,\n", 0, 0, 1, 0, 2, 0,
	  false },
	{ "a directory adds domains, in whatever unit",
	  "Name,DNSHostName,OperatingSystem\nPC-01,pc-01.a.vn,Windows 10\nPC-02,pc-02.a.vn,Windows 11\n",
	  0, 2, 0, 0, 2, 0, false },
	{ "the name alone is enough", "Name,OperatingSystem\nPC-01,Windows 10\n", 0, 0, 1, 0, 2, 0,
	  false },
	{ "the same name in another domain",
	  "Name,DNSHostName,OperatingSystem\nPC-01,pc-01.b.vn,x\n", 1, 0, 0, 0, 3, 2, false },
	{ "now the name alone tells nothing", "Name,OperatingSystem\nPC-01,Windows 8\n", 1, 0, 0, 0,
	  4, 3, false },
	{ "nor makes it more each time", "Name,OperatingSystem\nPC-01,Windows 8.1\n", 0, 1, 0, 0, 4,
	  3, false },
	{ "a machine by its MAC address alone",
	  "lease 192.0.2.9 {\nhardware ethernet " MAC1 ";\n}\n", 0, 1, 0, 0, 4, 3, false },
	{ "its address moves", "lease 192.0.2.10 {\nhardware ethernet " MAC1 ";\n}\n", 0, 1, 0, 0,
	  4, 3, false },
	{ "another name with its MAC address", "name,mac\nPC-77," MAC1 "\n", 1, 0, 0, 0, 5, 5,
	  false },
	{ "an address of somebody else", BOOK "PC-78,192.0.2.2,,,,,\n", 1, 0, 0, 0, 6, 7, false },
	{ "nameless, then named", "lease 192.0.2.20 {\nhardware ethernet " MAC2 ";\n}\n", 1, 0, 0,
	  0, 7, 7, false },
	{ "the name comes", BOOK "PC-20,," MAC2 ",,,,\n", 0, 1, 0, 0, 7, 7, false },
	{ "units that nobody registered", BOOK "PC-02,,,Phòng Lạ,,,\nPC-20,,,,Trụ sở lạ,,\n", 0, 1,
	  1, 2, 7, 7, false },
	{ "a site names its unit", BOOK "PC-02,,,,Cơ sở 2,,\n", 0, 1, 0, 0, 7, 7, false },
	{ "two rows of one machine", BOOK "PC-30,192.0.2.30,,,,,\nPC-30,192.0.2.31,,,,,\n", 1, 0, 0,
	  0, 8, 7, false },
	{ "off", BOOK "PC-30,,,,,Tắt,Lê Chi\n", 0, 1, 0, 0, 8, 7, false },
	{ "in use again", BOOK "PC-30,,,,,Đang sử dụng,\n", 0, 1, 0, 0, 8, 7, false },
	{ "the same name in a unit that is told", BOOK "PC-40,,,Sở Y tế,,,\nPC-40,,,Sở Nội vụ,,,\n",
	  2, 0, 0, 0, 10, 9, false },
};

static bool read_text(struct arena *a, const char *text, struct asset_rows *rows, char sha[65])
{
	const struct asset_read how = { .origin = ORIGINS };
	unsigned char sum[HASH_SHA256_LEN];

	hash_sha256(str_of(text), sum);
	hash_hex(sum, sizeof sum, sha);
	return asset_file_read(a, str_of(text), &how, rows, NULL);
}

static bool import(struct db *db, struct arena *a, const char *text, bool preview,
		   struct asset_imported *got)
{
	struct asset_import in = { .actor = "canh", .name = STR("x"), .preview = preview };
	struct asset_rows rows;
	struct err why = { 0 };
	char sha[65];

	bool ok = read_text(a, text, &rows, sha) && state_unit(db, in.home.unit, &why);
	in.sha256 = str_of(sha);
	ok = ok && asset_import(db, a, &in, &rows, got, &why);
	if (!ok)
		printf("%s\n", why.text);
	return ok;
}

static int64_t number(struct db *db, const char *sql)
{
	int64_t n = -1;

	CHECK(sql, db_number(db, sql, NULL, 0, &n, NULL));
	return n;
}

static size_t twins(struct db *db, struct arena a)
{
	const struct scope all = { .unit = "" };
	struct asset_twins rows = { .n = 999 };

	CHECK("twins", asset_duplicates(db, &a, &all, 100, &rows, NULL));
	return rows.n;
}

static void run_steps(struct db *db)
{
	for (size_t i = 0; i < COUNT(steps); i++) {
		struct arena a = whole;
		struct asset_imported look = { .again = false }, got = { .again = false };
		int64_t before = number(db, "SELECT count(*) FROM ledger_entries");

		CHECK(steps[i].name, import(db, &a, steps[i].text, true, &look));
		CHECK("a preview keeps nothing", look.source[0] == '\0');
		CHECK(steps[i].name, number(db, "SELECT count(*) FROM ledger_entries") == before);
		a = whole;
		CHECK(steps[i].name, import(db, &a, steps[i].text, false, &got));
		if (!CHECK(steps[i].name, got.added == steps[i].added &&
						  got.changed == steps[i].changed &&
						  got.same == steps[i].same))
			printf("%zu %zu %zu\n", got.added, got.changed, got.same);
		CHECK("a preview says what comes", look.added == got.added &&
							   look.changed == got.changed &&
							   look.same == got.same);
		CHECK(steps[i].name, got.again == steps[i].again);
		CHECK(steps[i].name, got.unknown_units == steps[i].unknown);
		CHECK(steps[i].name,
		      number(db, "SELECT count(*) FROM assets") == (int64_t)steps[i].assets);
		size_t n = twins(db, whole);
		if (!CHECK(steps[i].name, n == steps[i].twins))
			printf("%zu twins\n", n);
		CHECK("an entry of the ledger", (number(db, "SELECT count(*) FROM ledger_entries") >
						 before) != steps[i].again);
	}
}

static struct str value(struct db *db, struct arena *a, const char *name, enum asset_fact fact)
{
	const struct scope all = { .unit = "" };
	struct asset x;

	if (!CHECK(name, asset_find(db, a, &all, str_of(name), &x, NULL)))
		return STR("");
	return asset_values(a, &x, fact);
}

static void what_stands(struct db *db)
{
	struct arena a = whole;
	const struct scope all = { .unit = "" };
	struct asset x = { .n_says = 0 };
	struct err why = { 0 };

	CHECK("the address that DHCP told last, beside the book's",
	      str_eq(value(db, &a, "pc-01.a.vn", FACT_ADDRESS), STR("192.0.2.10, 192.0.2.1")));
	CHECK("both addresses of one import",
	      value(db, &a, "PC-30", FACT_ADDRESS).n == sizeof "192.0.2.30, 192.0.2.31" - 1);
	CHECK("its department",
	      str_eq(value(db, &a, "pc-02.a.vn", FACT_DEPARTMENT), STR("Phòng Lạ")));
	CHECK("its site", asset_find(db, &a, &all, STR("pc-02.a.vn"), &x, NULL) &&
				  str_eq(x.site_name, STR("Cơ sở 2")) &&
				  str_eq(x.unit_name, STR("Sở Nội vụ")));
	CHECK("its unit", asset_find(db, &a, &all, STR("pc-01.a.vn"), &x, NULL) &&
				  str_eq(x.unit_name, STR("Sở Y tế")));
	CHECK("nobody",
	      !asset_find(db, &a, &all, STR("nobody"), &x, &why) && why.kind == ERR_ABSENT);
	CHECK("two of a name",
	      !asset_find(db, &a, &all, STR("PC-40"), &x, &why) && why.kind == ERR_STATE);
	CHECK("off and on are told",
	      number(db, "SELECT count(*) FROM ledger_entries WHERE kind = 'asset.state'") == 2);
	CHECK("imports are told",
	      number(db, "SELECT count(*) FROM ledger_entries WHERE kind = 'asset.imported'") ==
		      number(db, "SELECT count(*) FROM asset_sources"));
}

static size_t listed(struct db *db, struct asset_wish wish)
{
	struct arena a = whole;
	struct asset *all;
	size_t n = 999;

	wish.most = 100;
	CHECK("list", asset_list(db, &a, &wish, &all, &n, NULL));
	return n;
}

static void lists(struct db *db)
{
	const struct asset_wish any = { .kind = ASSET_KINDS, .state = ASSET_STATES };
	struct asset_wish wish = any;

	CHECK("all", listed(db, any) == 10);
	wish.kind = ASSET_WORKSTATION;
	CHECK("by kind", listed(db, wish) == 3);
	wish = any;
	wish.state = ASSET_OFF;
	CHECK("by state", listed(db, wish) == 0);
	wish = any;
	wish.text = STR("192.0.2.3");
	CHECK("by text", listed(db, wish) == 1);
	wish = any;
	memcpy(wish.scope.unit, "y-te", sizeof "y-te");
	CHECK("of a unit", listed(db, wish) == 2);
	memcpy(wish.scope.site, "co-so", sizeof "co-so");
	memcpy(wish.scope.unit, "noi-vu", sizeof "noi-vu");
	CHECK("of a site", listed(db, wish) == 1);
}

static void pages(struct db *db)
{
	struct asset_wish wish = { .kind = ASSET_KINDS, .state = ASSET_STATES, .most = 3 };
	struct arena a = whole;
	struct asset *page;
	size_t n, all = 0;

	do {
		if (!CHECK("page", asset_list(db, &a, &wish, &page, &n, NULL)))
			return;
		all += n;
		if (n > 0) {
			wish.after_name = page[n - 1].name;
			wish.after_id = str_of(page[n - 1].id);
		}
	} while (n > 0);
	CHECK("each is on one page", all == 10);
}

/* After all that: what is imported each week does not become more each week, nor less. */
#define MAC5 "00:11:22:33:44:05"
#define STATES "Tên máy,Trạng thái,Người xác nhận,Ngày xác nhận\n"
static const struct {
	const char *name;
	const char *text;
	size_t added, changed, unknown;
	int64_t states; /* entries of the ledger on states */
} weeks[] = {
	{ "one name in two units", BOOK "PC-50,,,Sở Y tế,,,\nPC-50,,,Sở Nội vụ,,,\n", 2, 0, 0, 0 },
	{ "and in none", "Name,OperatingSystem\nPC-50,Windows 10\n", 1, 0, 0, 0 },
	{ "in none again", "Name,OperatingSystem\nPC-50,Windows 11\n", 0, 1, 0, 0 },
	{ "a MAC address", "lease 192.0.2.50 {\nhardware ethernet " MAC5 ";\n}\n", 1, 0, 0, 0 },
	{ "a name", "name\nPC-51\n", 1, 0, 0, 0 },
	{ "both", BOOK "PC-51,," MAC5 ",,,,\n", 0, 1, 0, 0 },
	{ "the MAC address again", "lease 192.0.2.51 {\nhardware ethernet " MAC5 ";\n}\n", 0, 1, 0,
	  0 },
	{ "two units of one name", BOOK "PC-53,,,Phòng Một,,,\n", 1, 0, 1, 0 },
	{ "words for a name", "Tên thiết bị,Số seri\nMáy in,S1\nMáy in,S2\n", 2, 0, 0, 0 },
	{ "words again", "Tên thiết bị,Số seri,Vị trí\nMáy in,S2,Tầng 2\nMáy in,S1,\n", 0, 1, 0,
	  0 },
	{ "off", STATES "PC-54,Tắt,Lê Chi,01/11/2023\n", 1, 0, 0, 1 },
	{ "confirmed anew", STATES "PC-54,Tắt,Trần An,05/11/2023\n", 0, 1, 0, 1 },
	{ "an older confirmation", STATES "PC-54,Tắt,Lê Chi,02/11/2023\n", 0, 0, 0, 0 },
	{ "no day of it", STATES "PC-54,Tắt,Lê Chi,\n", 0, 0, 0, 0 },
};

static void run_weeks(struct db *db)
{
	static const char states[] =
		"SELECT count(*) FROM ledger_entries WHERE kind = 'asset.state'";

	CHECK("units of one name",
	      db_script(db,
			"INSERT INTO units (id, parent, name, created) VALUES"
			" ('p1', 'y-te', 'Phòng Một', 1), ('p2', 'noi-vu', 'Phòng Một', 1)",
			NULL));
	for (size_t i = 0; i < COUNT(weeks); i++) {
		struct asset_imported got = { .again = false };
		struct arena a = whole;
		int64_t before = number(db, states);

		CHECK(weeks[i].name, import(db, &a, weeks[i].text, false, &got));
		if (!CHECK(weeks[i].name, got.added == weeks[i].added &&
						  got.changed == weeks[i].changed &&
						  got.unknown_units == weeks[i].unknown))
			printf("%zu %zu %zu\n", got.added, got.changed, got.unknown_units);
		CHECK(weeks[i].name, number(db, states) - before == weeks[i].states);
	}
	CHECK("who confirmed it", number(db, "SELECT count(*) FROM assets WHERE name = 'PC-54'"
					     " AND confirmed_by = 'Trần An'") == 1);
}

/* Many with one MAC address: each by its name, and what has none stays one. */
static void run_many(struct db *db)
{
	enum { MANY = 40 };
	static const struct {
		const char *name, *end;
		size_t rows, added;
	} files[] = {
		{ "one MAC address of many", "\n", MANY, MANY },
		{ "many again", ",\n", MANY, 0 },
		{ "without a name", "\n\n,02:00:00:00:00:09\n", 0, 1 },
		{ "without a name again", "\n\n\n,02:00:00:00:00:09\n", 0, 0 },
	};

	for (size_t k = 0; k < COUNT(files); k++) {
		struct asset_imported got = { .again = false };
		struct arena a = whole;
		char text[4096];
		int n = snprintf(text, sizeof text, "name,mac%s", files[k].end);

		for (size_t i = 0; i < files[k].rows; i++)
			n += snprintf(text + n, sizeof text - (size_t)n,
				      "MANY-%zu,02:00:00:00:00:09\n", i);
		CHECK(files[k].name, import(db, &a, text, false, &got));
		if (!CHECK(files[k].name, got.added == files[k].added))
			printf("%zu\n", got.added);
	}
}

int main(void)
{
	if (!crypt_init(NULL) || mkdtemp(dir) == NULL || !arena_reserve(&whole, (size_t)64 << 20))
		return 1;
	struct db *db = state_open(dir, DB_CREATE, NULL);
	struct ledger_key *key = ledger_key_load(dir, NULL);
	char own[UUID_MAX];

	CHECK("state", db != NULL && key != NULL && ledger_attach(db, key, NULL) &&
			       state_unit(db, own, NULL));
	CHECK("units", db_run(db,
			      "INSERT INTO units (id, parent, name, created) VALUES"
			      " ('y-te', $1, 'Sở Y tế', 1), ('noi-vu', $1, 'Sở Nội vụ', 1)",
			      DB_VALS(V_Z(own)), NULL) &&
			       db_run(db,
				      "INSERT INTO sites (id, unit, name, created) VALUES"
				      " ('co-so', 'noi-vu', 'Cơ sở 2', 1)",
				      NULL, 0, NULL));
	run_steps(db);
	what_stands(db);
	lists(db);
	pages(db);
	run_weeks(db);
	run_many(db);
	db_close(db);
	ledger_key_free(key);
	arena_release(whole);
	CHECK("clean up", test_remove(dir));
	return TEST_REPORT();
}
