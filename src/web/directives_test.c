/* SPDX-License-Identifier: Apache-2.0 */
/* The shipped dispatch over HTTP: unknown until something is known, attested by a person, the board. */
#include "govern/govern.h"
#include "web/content_test.h"

static struct house house;
static struct arena mem;

static struct answer ask(enum role role, const char *what, const char *body)
{
	char headers[300];

	snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\n", house.token[role]);
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

/* How many measures of the dispatch are in this state. */
static size_t in_state(const char *state)
{
	struct answer a = ask(ROLE_VIEWER, "GET /api/v1/directives/6410-2023", NULL);
	struct json *j = NULL;
	size_t n = 0;

	CHECK("read", a.status == 200 && json_parse(a.body, 1 << 24, &j, NULL));
	const struct json *all = json_get(j, "measures");
	for (size_t i = 0; i < json_count(all); i++)
		n += str_eq(json_get_str(json_at(all, i), "state"), str_of(state));
	json_free(j);
	buf_free(&a.bytes);
	return n;
}

#define ATTEST "POST /api/v1/directives/6410-2023/measures/1.g/attest"

static void test_attest(void)
{
	char body[300], until[TIME_TEXT_MAX];
	struct answer a;

	CHECK("nothing is met by default", in_state("met") == 0 && in_state("unknown") > 5);
	snprintf(body, sizeof body, "{\"statement\":\"Bản cam kết có chữ ký\",\"expires\":\"%s\"}",
		 time_rfc3339(time_now() + 30 * TIME_DAY, until));
	CHECK("an analyst may not", status_of(ask(ROLE_ANALYST, ATTEST, body)) == 403);
	CHECK("no statement", status_of(ask(ROLE_LEAD, ATTEST, "{\"statement\":\"\"}")) == 422);
	a = ask(ROLE_LEAD, ATTEST, body);
	CHECK("attested",
	      a.status == 200 && has(&a, "\"state\":\"attested\"") && has(&a, "Bản cam kết"));
	buf_free(&a.bytes);
	CHECK("one is, and none is met", in_state("attested") == 1 && in_state("met") == 0);
	a = ask(ROLE_AUDITOR, "GET /api/v1/ledger?limit=1", NULL);
	CHECK("in the ledger", has(&a, "1.g") || has(&a, "attest"));
	buf_free(&a.bytes);
}

static void test_board(void)
{
	struct answer a = ask(ROLE_VIEWER, "GET /api/v1/board", NULL);

	CHECK("board", a.status == 200 && has(&a, "\"number\":\"6410\""));
	CHECK("what has no data says so",
	      has(&a, "\"machines\":{\"state\":\"unknown\",\"reason\":{"));
	buf_free(&a.bytes);
	a = ask(ROLE_VIEWER, "GET /api/v1/directives", NULL);
	CHECK("listed", a.status == 200 && has(&a, "\"id\":\"6410-2023\""));
	buf_free(&a.bytes);
	CHECK("no such", status_of(ask(ROLE_VIEWER, "GET /api/v1/directives/none", NULL)) == 404);
}

/* Without a dispatch there is a board all the same. */
static void test_none(void)
{
	struct answer a = ask(ROLE_VIEWER, "GET /api/v1/board", NULL);

	CHECK("board", a.status == 200 && has(&a, "\"measures\":{\"state\":\"unknown\""));
	buf_free(&a.bytes);
	a = ask(ROLE_VIEWER, "GET /api/v1/directives", NULL);
	CHECK("empty", a.status == 200 && str_eq(a.body, STR("{\"items\":[],\"next\":null}")));
	buf_free(&a.bytes);
	CHECK("none", status_of(ask(ROLE_VIEWER, "GET /api/v1/directives/6410-2023", NULL)) == 404);
}

/* What the process does every minute. */
static void look(const struct directives *all)
{
	struct live_facts nothing = { .at = TIME_NONE };
	struct arena scratch = { 0 };
	struct err why = { 0 };

	CHECK("memory", arena_reserve(&scratch, 64 << 20));
	const struct govern_view view = { house.db, scratch, time_now() };
	if (!CHECK("evaluated", govern_tick(&view, all, &nothing, NULL, &why)))
		printf("%s\n", why.text);
	arena_release(scratch);
}

int main(void)
{
	struct directives all;

	house_open(&house);
	house_clocks(&house);
	house_directives(&house, &mem, &all);
	look(&all);
	house_serve(&house, (struct web_config){ .directives = &all });
	test_attest();
	test_board();
	web_free(house.web);
	house_serve(&house, (struct web_config){ 0 });
	test_none();
	house_close(&house);
	arena_release(mem);
	return TEST_REPORT();
}
