/* SPDX-License-Identifier: Apache-2.0 */
/* Holds over HTTP: who may place and release one, what is refused, what is told and kept. */
#include "web/content_test.h"

#include "state/hold_row.h"

static struct house house;

static struct answer ask(enum role role, const char *what, const char *body)
{
	char headers[400];

	snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\nAccept-Language: en\r\n",
		 house.token[role]);
	return client_ask(house.port, what, headers, str_of(body));
}

static bool has(const struct answer *a, const char *text)
{
	return str_find(a->body, str_of(text)) < a->body.n;
}

static int status_of(struct answer a)
{
	int status = a.status;

	buf_free(&a.bytes);
	return status;
}

#define ABOUT "\"reason\":\"Công an yêu cầu giữ nguyên hiện trạng\",\"case\":\"Vụ 07/2026\""

static const struct {
	const char *name, *body;
	enum role role;
	int status;
} refused[] = {
	{ "a viewer", "{\"day\":\"2026-11-20\"," ABOUT "}", ROLE_VIEWER, 403 },
	{ "an analyst", "{\"day\":\"2026-11-20\"," ABOUT "}", ROLE_ANALYST, 403 },
	{ "an auditor", "{\"day\":\"2026-11-20\"," ABOUT "}", ROLE_AUDITOR, 403 },
	{ "no day", "{" ABOUT "}", ROLE_LEAD, 422 },
	{ "a day that is none", "{\"day\":\"2026-02-30\"," ABOUT "}", ROLE_LEAD, 422 },
	{ "a moment", "{\"day\":\"2026-11-20T00:00:00Z\"," ABOUT "}", ROLE_LEAD, 422 },
	{ "backwards", "{\"day\":\"2026-11-20\",\"last\":\"2026-11-19\"," ABOUT "}", ROLE_LEAD,
	  422 },
	{ "for ever", "{\"day\":\"2000-01-01\",\"last\":\"2026-11-19\"," ABOUT "}", ROLE_LEAD,
	  422 },
	{ "no reason", "{\"day\":\"2026-11-20\",\"case\":\"x\"}", ROLE_LEAD, 422 },
	{ "a blank reason", "{\"day\":\"2026-11-20\",\"case\":\"x\",\"reason\":\"  \"}", ROLE_LEAD,
	  422 },
	{ "no case", "{\"day\":\"2026-11-20\",\"reason\":\"x\"}", ROLE_LEAD, 422 },
	{ "ended before it began", "{\"day\":\"2026-11-20\",\"until\":\"2020-01-01\"," ABOUT "}",
	  ROLE_LEAD, 422 },
	{ "an end that is none", "{\"day\":\"2026-11-20\",\"until\":\"soon\"," ABOUT "}", ROLE_LEAD,
	  422 },
};

static void refuse(void)
{
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct answer a = ask(refused[i].role, "POST /api/v1/holds", refused[i].body);

		if (!CHECK(refused[i].name, a.status == refused[i].status))
			printf("  %d %.*s\n", a.status, STR_ARG(a.body));
		buf_free(&a.bytes);
	}
	struct answer a = ask(ROLE_VIEWER, "GET /api/v1/holds", NULL);
	CHECK("nothing was kept", a.status == 200 && has(&a, "\"items\":[]"));
	buf_free(&a.bytes);
	CHECK("no such hold", status_of(ask(ROLE_LEAD, "DELETE /api/v1/holds/none", NULL)) == 404);
}

static int64_t number(const char *sql)
{
	int64_t n = -1;

	CHECK(sql, db_number(house.db, sql, NULL, 0, &n, NULL));
	return n;
}

static void place_and_release(void)
{
	char id[UUID_MAX] = "", path[120];
	struct json *j = NULL;
	struct answer a = ask(ROLE_LEAD, "POST /api/v1/holds",
			      "{\"day\":\"2026-11-20\",\"last\":\"2026-11-22\"," ABOUT "}");

	CHECK("placed", a.status == 201 && has(&a, "\"in_force\":true") && has(&a, "\"days\":3") &&
				has(&a, "\"told\":true") && has(&a, "\"until\":null"));
	if (CHECK("JSON", json_parse(a.body, 1 << 20, &j, NULL)))
		fake_keep(id, sizeof id, json_get_str(j, "id"));
	json_free(j);
	buf_free(&a.bytes);
	CHECK("watch was told", strcmp(house.fake.asked, "hold") == 0);
	CHECK("in the ledger, its words bound and not told",
	      number("SELECT count(*) FROM ledger_entries WHERE kind = 'hold.placed'"
		     " AND body LIKE '%2026-11-22%' AND body NOT LIKE '%07/2026%'") == 1);
	a = ask(ROLE_VIEWER, "GET /api/v1/holds", NULL);
	CHECK("listed", a.status == 200 && has(&a, id) && has(&a, "07/2026"));
	buf_free(&a.bytes);
	snprintf(path, sizeof path, "DELETE /api/v1/holds/%s?reason=closed", id);
	CHECK("an analyst does not release", status_of(ask(ROLE_ANALYST, path, NULL)) == 403);
	a = ask(ROLE_ADMIN, path, NULL);
	if (!CHECK("released", a.status == 204))
		printf("  %s %d %.*s\n", path, a.status, STR_ARG(a.body));
	buf_free(&a.bytes);
	CHECK("once", status_of(ask(ROLE_ADMIN, path, NULL)) == 409);
	a = ask(ROLE_VIEWER, "GET /api/v1/holds", NULL);
	CHECK("stays to be read", has(&a, "\"in_force\":false") && has(&a, "\"closed\""));
	buf_free(&a.bytes);
	CHECK("in the ledger",
	      number("SELECT count(*) FROM ledger_entries WHERE kind = 'hold.released'") == 1);
}

/* Watch cannot be reached: the hold stands, and the answer says that it was not told. */
static void untold(void)
{
	house.fake.fail = ERR_STATE;
	struct answer a = ask(ROLE_LEAD, "POST /api/v1/holds",
			      "{\"day\":\"2026-11-21\",\"until\":\"2099-01-01\"," ABOUT "}");
	CHECK("placed all the same", a.status == 201 && has(&a, "\"told\":false") &&
					     has(&a, "\"until\":\"2099-01-01T17:00:00"));
	buf_free(&a.bytes);
	house.fake.fail = ERR_NONE;
}

static void gone(void)
{
	const struct ledger_note note = { "canh", "store.gone", STR("2026-10-01"), TIME_NONE };

	CHECK("gone",
	      db_begin(house.db, NULL) &&
		      db_leave(house.db,
			       ledger_append(house.db, &note,
					     LEDGER_FIELDS(F_Z("day", "2026-10-01")), NULL, NULL),
			       NULL));
	CHECK("what is gone cannot be held",
	      status_of(ask(ROLE_LEAD, "POST /api/v1/holds",
			    "{\"day\":\"2026-10-01\"," ABOUT "}")) == 409);
	struct answer a = ask(ROLE_LEAD, "POST /api/v1/holds",
			      "{\"day\":\"2026-10-01\",\"last\":\"2026-10-02\"," ABOUT "}");
	CHECK("a part of it can", a.status == 201 && has(&a, "\"gone\":1"));
	buf_free(&a.bytes);
}

int main(void)
{
	house_open(&house);
	house_serve(&house, (struct web_config){ 0 });
	refuse();
	place_and_release();
	untold();
	gone();
	house_close(&house);
	return TEST_REPORT();
}
