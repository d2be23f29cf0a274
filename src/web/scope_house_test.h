/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scope_house_test.h - a house with units: roles held for all, for the north, for a desk of it, for the
 * south; sources that belong to each.
 */
#ifndef WEB_SCOPE_HOUSE_TEST_H
#define WEB_SCOPE_HOUSE_TEST_H

#include "access/unit.h"
#include "web/house_test.h"

static struct house house;
static struct who admin;

/* Where things belong and roles are held: all, the north, a desk of it, the south. */
enum place { ALL, NORTH, DESK, SOUTH, PLACES };
static const char *const place_names[PLACES] = { "all", "north", "desk", "south" };
static const bool reaches[PLACES][PLACES] = {
	[ALL] = { 1, 1, 1, 1 },
	[NORTH] = { 0, 1, 1, 0 },
	[DESK] = { 0, 0, 1, 0 },
	[SOUTH] = { 0, 0, 0, 1 },
};
static struct home homes[PLACES];
static struct scope scopes[PLACES];
static char token[PLACES][ROLES][ACCESS_SECRET_MAX], token_id[PLACES][UUID_MAX];

/* Sources 1 to 4 belong to the four places: assigned, and the last by the token that pushes. */
static char live[4096];

UNUSED static struct answer ask(enum place at, enum role role, const char *what, const char *body)
{
	char headers[ACCESS_SECRET_MAX + 64];

	snprintf(headers, sizeof headers, "Authorization: Bearer %.*s\r\nAccept-Language: en\r\n",
		 ACCESS_SECRET_MAX - 1, token[at][role]);
	return client_ask(house.port, what, headers, str_of(body));
}

UNUSED static bool has(const struct answer *a, const char *text)
{
	return str_find(a->body, str_of(text)) < a->body.n;
}

static void new_token(enum place at, enum role role, struct token_made *out)
{
	const struct token_draft draft = { STR("t"), role, str_of(homes[at].unit),
					   str_of(homes[at].site) };
	struct err why = { 0 };

	house_must(token_new(house.access, NULL, &draft, out, &why), "token", &why);
}

static void plant_units(void)
{
	struct err why = { 0 };
	struct home *north = &homes[NORTH], *south = &homes[SOUTH];
	const struct str own = str_of(admin.home.unit);

	homes[ALL] = admin.home;
	house_must(unit_new(house.access, &admin, own, STR("Bắc"), north->unit, &why) &&
			   unit_new(house.access, &admin, own, STR("Nam"), south->unit, &why),
		   "units", &why);
	homes[DESK] = *north;
	house_must(site_new(house.access, &admin, str_of(north->unit), STR("Trụ sở"),
			    homes[DESK].site, &why),
		   "site", &why);
	for (int at = 0; at < PLACES; at++) {
		house_must(scope_of_home(house.db, &homes[at], &scopes[at], &why), "scope", &why);
		for (int role = 0; role < ROLES; role++) {
			struct token_made made;

			new_token((enum place)at, (enum role)role, &made);
			memcpy(token[at][role], made.secret, sizeof made.secret);
			memcpy(token_id[at], made.id, sizeof made.id);
		}
	}
}

static void plant_sources(void)
{
	static const char figures[] =
		"\"class\":\"unknown\",\"received\":2,\"stored\":1,\"pending\":0,"
		"\"dropped\":{\"kernel\":1},\"dropped_today\":1,\"unparsed\":0,\"formats\":{},"
		"\"hosts\":0,\"first_seen\":null,\"last_seen\":null,\"state\":\"live\","
		"\"control\":null,\"acknowledged_delivery\":false}";
	size_t n = 0;
	struct err why = { 0 };

	n += (size_t)snprintf(live, sizeof live, "{\"ready\":true,\"processes\":{},\"sources\":[");
	for (int at = 0; at < PLACES; at++) {
		char id[8];

		snprintf(id, sizeof id, "%d", at + 1);
		n += (size_t)snprintf(
			live + n, sizeof live - n,
			"%s{\"id\":\"%s\",\"name\":\"s\",\"kind\":\"%s\",\"peer\":\"%s\",%s",
			at > 0 ? "," : "", id, at == SOUTH ? "push" : "udp",
			at == SOUTH ? token_id[at] : "192.0.2.1", figures);
		if (at == NORTH || at == DESK)
			house_must(source_home_put(house.db, str_of(id), &homes[at], "canh", &why),
				   "assign", &why);
	}
	snprintf(live + n, sizeof live - n, "],\"rules\":[],\"self\":{}}");
	house.fake.live = live;
}

static void scope_house_open(void)
{
	struct err why = { 0 };

	house_open(&house);
	house_must(session_find(house.access, str_of(house.session), &admin, &why), "admin", &why);
	plant_units();
	plant_sources();
}

#endif
