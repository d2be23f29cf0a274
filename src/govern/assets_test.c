/* SPDX-License-Identifier: Apache-2.0 */
/* Measure 1.a over a registry: what has no system, what sends logs and is not registered; the board's tile. */
#include "govern/board.h"
#include "govern/house_test.h"

/* Before the registry, with one machine that has all, with more. */
static const char one[] =
	"INSERT INTO asset_sources (id, unit, kind, name, map, sha256, size_bytes, rows, bad_rows, added,"
	" changed, same, imported, imported_by) SELECT 's', id, 'book', 'b', '', 'x', 1, 1, 0, 1, 0, 0,"
	" %jd, 'canh' FROM units WHERE parent IS NULL;"
	"INSERT INTO assets (id, unit, unit_told, name, named, host, domain, kind, state, told, created,"
	" changed) SELECT 'a', id, 0, 'srv-1', 1, 'srv-1', '', 'server', 'in_use', %jd, 1, 1 FROM units"
	" WHERE parent IS NULL;"
	"INSERT INTO asset_facts (asset, fact, value, kind, source, first, told) VALUES"
	" ('a', 'system', 'Cổng', 'book', 's', 1, 1), ('a', 'address', '192.0.2.1', 'book', 's', 1, 1);";
static const char two[] =
	"INSERT INTO assets (id, unit, unit_told, name, named, host, domain, kind, state, confirmed_by,"
	" confirmed, seen, told, created, changed) SELECT 'b', id, 0, 'pc-2', 1, 'pc-2', '', 'workstation',"
	" 'off', 'An', 5, 6, 1, 1, 1 FROM units WHERE parent IS NULL;"
	"INSERT INTO asset_facts (asset, fact, value, kind, source, first, told, ended) VALUES"
	" ('b', 'system', 'Cũ', 'book', 's', 1, 1, 2), ('b', 'address', '192.0.2.2', 'book', 's', 1, 1, 2);";

static void heard(const char *const peers[3], int64_t ago)
{
	char when[TIME_TEXT_MAX];
	size_t n = (size_t)snprintf(live, sizeof live, "{\"self\":{},\"sources\":[");

	for (size_t i = 0; i < 3 && peers[i] != NULL; i++)
		n += (size_t)snprintf(live + n, sizeof live - n,
				      "%s{\"id\":\"%zu\",\"peer\":\"%s\",\"last_seen\":\"%s\"}",
				      i > 0 ? "," : "", i, peers[i], time_rfc3339(now - ago, when));
	snprintf(live + n, sizeof live - n, "]}");
	tick();
}

#define SYSTEM "assets.without_system"
#define UNKNOWN "assets.unknown_addresses"

static const struct {
	const char *name;
	const char *peers[3];
	int64_t ago;
	const char *want, *says;
} senders[] = {
	{ "registered",
	  { "192.0.2.1" },
	  0,
	  "unknown",
	  "1 addresses that send logs are registered" },
	{ "by two doors", { "192.0.2.1", "192.0.2.1" }, 0, "unknown", "1 addresses" },
	{ "not an address, and loopback", { "fw01", "127.0.0.1" }, 0, "unknown", "0 addresses" },
	{ "another", { "192.0.2.1", "192.0.2.9" }, 0, "failed", "1 of 2 addresses that send logs" },
	{ "an address it had", { "192.0.2.2" }, 0, "failed", "192.0.2.2" },
	{ "long ago", { "192.0.2.9" }, 8 * TIME_DAY, "unknown", "0 addresses" },
};

static int64_t figure(const char *name)
{
	struct buf b = BUF(1 << 20);
	struct jsonw w = { .out = &b };
	const struct govern_view v = view();
	const struct live_facts facts = { str_of(live), now };
	int64_t n = -1;

	CHECK("board", board_put(&v, d, &facts, &w, NULL));
	struct json *board = parsed(&b);
	if (!json_int(json_get(json_get(board, "machines"), name), &n))
		n = -1;
	json_free(board);
	return n;
}

int main(void)
{
	static const char *const nobody[3] = { NULL };
	char text[2048];

	open_all();
	heard(nobody, 0);
	CHECK("no registry", check_is("1.a", SYSTEM, "unknown", "no machine is registered"));
	CHECK("no registry", check_is("1.a", UNKNOWN, "unknown", "no machine is registered"));
	CHECK("no figure", figure("registered") == -1);
	snprintf(text, sizeof text, one, (intmax_t)now, (intmax_t)now);
	sql(text);
	tick();
	CHECK("it has a system", check_is("1.a", SYSTEM, "met", "0 of 1"));
	for (size_t i = 0; i < COUNT(senders); i++) {
		heard(senders[i].peers, senders[i].ago);
		CHECK(senders[i].name, check_is("1.a", UNKNOWN, senders[i].want, senders[i].says));
		sql(i == 3 ? two : "");
	}
	CHECK("one has none any more", check_is("1.a", SYSTEM, "failed", "1 of 2: pc-2"));
	CHECK("the board", figure("registered") == 2 && figure("servers") == 1 &&
				   figure("off") == 1 && figure("returned") == 1 &&
				   figure("days_since_told") == 0);
	now += 8 * TIME_DAY;
	tick();
	CHECK("old", check_is("1.a", SYSTEM, "unknown", "minutes old"));
	close_all();
	return TEST_REPORT();
}
