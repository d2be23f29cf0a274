/* SPDX-License-Identifier: Apache-2.0 */
/* Alerts over HTTP: by hand, listed, worked, with If-Match, many at once, on the stream; exceptions. */
#include "web/content_test.h"

static struct house house;

static struct answer ask(enum role role, const char *what, const char *more, const char *body)
{
	char headers[400];

	snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\nAccept-Language: en\r\n%s",
		 house.token[role], more);
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

#define DRAFT                                                                                                  \
	"{\"title\":\"SOC gọi: máy ws-7 gọi ra ngoài\",\"severity\":\"high\",\"channel\":\"telephone\"," \
	"\"host\":\"ws-7\",\"description\":\"x\"}"

/* A new one by hand; its id into out[UUID_MAX]. */
static void make(char *out)
{
	struct answer a = ask(ROLE_ANALYST, "POST /api/v1/alerts", "", DRAFT);
	struct json *j = NULL;

	CHECK("made", a.status == 201 && has(&a, "\"state\":\"new\"") &&
			      client_header(&a, "Location").p != NULL &&
			      client_header(&a, "ETag").p != NULL);
	if (CHECK("made JSON", json_parse(a.body, 1 << 20, &j, NULL)))
		fake_keep(out, UUID_MAX, json_get_str(j, "id"));
	json_free(j);
	buf_free(&a.bytes);
}

static void test_triage(void)
{
	char id[UUID_MAX] = "", path[100], get[100], tag[40], match[60];
	struct answer a;

	make(id);
	snprintf(get, sizeof get, "GET /api/v1/alerts/%s", id);
	snprintf(path, sizeof path, "PATCH /api/v1/alerts/%s", id);
	a = ask(ROLE_VIEWER, get, "", NULL);
	CHECK("read", a.status == 200 && has(&a, "ws-7") && has(&a, "\"history\":["));
	fake_keep(tag, sizeof tag, client_header(&a, "ETag"));
	buf_free(&a.bytes);
	CHECK("a viewer may not",
	      status_of(ask(ROLE_VIEWER, path, "", "{\"state\":\"acknowledged\"}")) == 403);
	snprintf(match, sizeof match, "If-Match: %s\r\n", tag);
	a = ask(ROLE_ANALYST, path, match, "{\"state\":\"acknowledged\"}");
	CHECK("acknowledged", a.status == 200 && has(&a, "\"state\":\"acknowledged\""));
	buf_free(&a.bytes);
	a = ask(ROLE_ANALYST, path, match, "{\"comment\":\"x\"}");
	CHECK("changed meanwhile", a.status == 412 && has(&a, "\"code\":\"conflict\""));
	buf_free(&a.bytes);
	CHECK("no action", status_of(ask(ROLE_ANALYST, path, "",
					 "{\"verdict\":\"true\",\"reason\":\"seen\"}")) == 422);
	a = ask(ROLE_ANALYST, path, "",
		"{\"verdict\":\"true\",\"reason\":\"seen\",\"action\":\"taken off the network\"}");
	CHECK("verdict", a.status == 200 && has(&a, "\"state\":\"verified_true\""));
	buf_free(&a.bytes);
	CHECK("unknown member", status_of(ask(ROLE_ANALYST, path, "", "{\"colour\":1}")) == 422);
	CHECK("handled", status_of(ask(ROLE_ANALYST, path, "", "{\"state\":\"handled\"}")) == 200);
	CHECK("not back",
	      status_of(ask(ROLE_ANALYST, path, "", "{\"state\":\"acknowledged\"}")) == 409);
	CHECK("no such", status_of(ask(ROLE_VIEWER, "GET /api/v1/alerts/none", "", NULL)) == 404);
}

static const struct {
	const char *query;
	int status;
	const char *in, *out; /* stands in the answer, and must not */
} lists[] = {
	{ "", 200, "\"state\":\"handled\"", NULL },
	{ "?state=new", 200, "\"items\":[]", NULL },
	{ "?state=handled&severity=high,critical", 200, "ws-7", NULL },
	{ "?severity=low", 200, "\"items\":[]", NULL },
	{ "?q=SOC", 200, "ws-7", NULL },
	{ "?q=nothing", 200, "\"items\":[]", NULL },
	{ "?order=clock&exercise=false", 200, "ws-7", NULL },
	{ "?exercise=true", 200, "\"items\":[]", NULL },
	{ "?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z", 200, "\"items\":[]", NULL },
	{ "?order=mood", 422, "invalid", NULL },
	{ "?exercise=maybe", 422, "invalid", NULL },
	{ "?state=lost", 422, "invalid", NULL },
	{ "?limit=0", 422, "invalid", NULL },
	{ "?cursor=zzz", 422, "invalid", NULL },
};

static void test_lists(void)
{
	for (size_t i = 0; i < COUNT(lists); i++) {
		char what[200];

		snprintf(what, sizeof what, "GET /api/v1/alerts%s", lists[i].query);
		struct answer a = ask(ROLE_VIEWER, what, "", NULL);
		CHECK(lists[i].query, a.status == lists[i].status && has(&a, lists[i].in));
		buf_free(&a.bytes);
	}
}

static void test_bulk(void)
{
	char one[UUID_MAX] = "", two[UUID_MAX] = "", body[300];

	make(one);
	make(two);
	snprintf(body, sizeof body,
		 "{\"ids\":[\"%s\",\"none\",\"%s\"],\"patch\":{\"state\":\"acknowledged\"}}", one,
		 two);
	struct answer a = ask(ROLE_LEAD, "POST /api/v1/alerts/bulk", "", body);
	CHECK("two done", a.status == 200 && has(&a, one) && has(&a, two));
	CHECK("one failed", has(&a, "\"failed\":[{\"id\":\"none\",\"code\":\"not_found\"}]"));
	buf_free(&a.bytes);
}

static void read_until(int fd, struct buf *got, const char *text)
{
	while (str_find(buf_str(got), str_of(text)) == got->n) {
		char *room = buf_room(got, 65536);
		ssize_t n = room == NULL ? 0 : recv(fd, room, 65536, 0);

		if (n <= 0)
			break;
		got->n += (size_t)n;
	}
}

/* Everybody who listens sees a change at once. */
static void test_stream(void)
{
	char request[300], id[UUID_MAX] = "", want[80];
	struct buf got = BUF(1 << 20);
	int fd = client_open(house.port);

	snprintf(request, sizeof request,
		 "GET /api/v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n",
		 house.token[ROLE_VIEWER]);
	CHECK("listens", client_send(fd, str_of(request)));
	read_until(fd, &got, "retry: 2000"); /* by then it is told of what changes */
	make(id);
	snprintf(want, sizeof want, "\"id\":\"%s\"", id);
	read_until(fd, &got, want);
	CHECK("told", str_find(buf_str(&got), str_of(want)) < got.n &&
			      str_find(buf_str(&got), STR("event: alert")) < got.n);
	buf_free(&got);
	close(fd);
}

static void test_exceptions(void)
{
	static const char body[] = "{\"rule\":\"r1\",\"fields\":{\"host.name\":\"inv-01\"},"
				   "\"reason\":\"inventory\",\"expires\":\"2030-01-01T00:00:00Z\"}";
	char soon[300], until[TIME_TEXT_MAX], path[100], id[UUID_MAX] = "";
	unsigned reloads = house.fake.reloads;
	struct json *j = NULL;
	struct answer a;

	a = ask(ROLE_ANALYST, "POST /api/v1/exceptions/preview", "", body);
	CHECK("preview", a.status == 200 && has(&a, "\"would_hide\":0"));
	buf_free(&a.bytes);
	CHECK("too long", status_of(ask(ROLE_ANALYST, "POST /api/v1/exceptions", "", body)) == 422);
	snprintf(soon, sizeof soon,
		 "{\"rule\":\"r1\",\"fields\":{\"host.name\":\"inv-01\"},\"reason\":\"inventory\","
		 "\"expires\":\"%s\"}",
		 time_rfc3339(time_now() + 7 * TIME_DAY, until));
	char *rule = strstr(soon, "r1");
	rule[1] = '7';
	a = ask(ROLE_ANALYST, "POST /api/v1/exceptions", "", soon);
	CHECK("for no rule", a.status == 422 && has(&a, "\"rule\":"));
	buf_free(&a.bytes);
	rule[1] = '1';
	a = ask(ROLE_ANALYST, "POST /api/v1/exceptions", "", soon);
	CHECK("made", a.status == 201 && has(&a, "inv-01") && json_parse(a.body, 65536, &j, NULL));
	fake_keep(id, sizeof id, json_get_str(j, "id"));
	json_free(j);
	buf_free(&a.bytes);
	CHECK("compiled anew", house.fake.reloads == reloads + 1);
	a = ask(ROLE_VIEWER, "GET /api/v1/exceptions", "", NULL);
	CHECK("listed", a.status == 200 && has(&a, id) && has(&a, "\"hidden\":0"));
	buf_free(&a.bytes);
	snprintf(path, sizeof path, "DELETE /api/v1/exceptions/%s", id);
	CHECK("removed", status_of(ask(ROLE_ANALYST, path, "", NULL)) == 204);
	CHECK("once", status_of(ask(ROLE_ANALYST, path, "", NULL)) == 404);
}

int main(void)
{
	house_open(&house);
	house_clocks(&house);
	house_serve(&house, (struct web_config){ 0 });
	test_triage();
	test_lists();
	test_bulk();
	test_stream();
	test_exceptions();
	house_close(&house);
	return TEST_REPORT();
}
