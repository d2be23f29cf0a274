/* SPDX-License-Identifier: Apache-2.0 */
/* What a role over a part of the units hears on the event stream. */
#include "web/scope_house_test.h"

static bool wait_for(int fd, struct buf *got, const char *text)
{
	int64_t until = time_monotonic() + 5 * TIME_SECOND;
	struct timeval patience = { .tv_usec = 50000 };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	while (str_find(buf_str(got), str_of(text)) == got->n && time_monotonic() < until) {
		char *room = buf_room(got, 65536);
		ssize_t n = recv(fd, room, 65536, 0);

		got->n += n > 0 ? (size_t)n : 0;
	}
	return str_find(buf_str(got), str_of(text)) < got->n;
}

static int open_stream(enum place caller, struct buf *got)
{
	char request[400];
	int fd = client_open(house.port);

	snprintf(request, sizeof request,
		 "GET /api/v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n",
		 token[caller][ROLE_VIEWER]);
	CHECK("asked", client_send(fd, str_of(request)) && wait_for(fd, got, "retry: 2000"));
	return fd;
}

static void tell_all(void)
{
	char json[400];

	for (int at = 0; at < PLACES; at++) {
		bool site = homes[at].site[0] != '\0';

		snprintf(json, sizeof json, "{\"alert\":\"of %s\",\"unit\":\"%s\",\"site\":%s%s%s}",
			 place_names[at], homes[at].unit, site ? "\"" : "",
			 site ? homes[at].site : "null", site ? "\"" : "");
		web_publish(house.web, "alert", str_of(json));
		snprintf(json, sizeof json,
			 "{\"at\":1,\"seen\":{\"k\":1},\"sources\":{\"%d\":{\"stored\":9}}}",
			 at + 1);
		web_publish(house.web, "stored", str_of(json));
	}
	web_publish(house.web, "alert", STR("{\"alert\":\"of nobody\"}"));
	web_publish(house.web, "alert", STR("no JSON"));
	web_publish(house.web, "rules", STR("{}"));
}

static void test_stream(enum place caller)
{
	struct buf got = BUF(1 << 20);
	int fd = open_stream(caller, &got);
	char want[60];

	tell_all();
	CHECK("for everybody", wait_for(fd, &got, "event: rules\ndata: {}\n\n"));
	for (int at = 0; at < PLACES; at++) {
		snprintf(want, sizeof want, "of %s\"", place_names[at]);
		CHECK(want, (str_find(buf_str(&got), str_of(want)) < got.n) == reaches[caller][at]);
		snprintf(want, sizeof want, "\"%d\":{\"stored\"", at + 1);
		CHECK(want, (str_find(buf_str(&got), str_of(want)) < got.n) == reaches[caller][at]);
	}
	CHECK("of nobody", (str_find(buf_str(&got), STR("nobody")) < got.n) == (caller == ALL));
	CHECK("log sources of all",
	      (str_find(buf_str(&got), STR("seen")) < got.n) == (caller == ALL));
	close(fd);
	buf_free(&got);
}

/* A source that is assigned away is not heard any more, one that is assigned is: at once. */
static void test_stream_moves(void)
{
	struct buf got = BUF(1 << 20);
	int fd = open_stream(SOUTH, &got);
	char body[100];

	snprintf(body, sizeof body, "{\"unit\":\"%s\"}", homes[SOUTH].unit);
	struct answer a = ask(ALL, ROLE_ADMIN, "PATCH /api/v1/sources/1", body);
	CHECK("moved", a.status == 200);
	buf_free(&a.bytes);
	bool heard = false;
	for (int i = 0; i < 40 && !heard; i++) {
		web_publish(house.web, "stored",
			    STR("{\"at\":1,\"sources\":{\"1\":{\"stored\":7}}}"));
		heard = wait_for(fd, &got, "\"1\":{\"stored\":7}");
	}
	CHECK("heard", heard);
	close(fd);
	buf_free(&got);
}

/* The role is moved while its stream is open: the stream ends. */
static void test_stream_moved(void)
{
	struct buf got = BUF(1 << 20);
	int fd = open_stream(NORTH, &got);
	struct err why = { 0 };

	house_must(db_begin(house.db, &why) &&
			   db_leave(house.db,
				    db_run(house.db, "UPDATE tokens SET unit = $1 WHERE unit = $2",
					   DB_VALS(V_Z(homes[SOUTH].unit), V_Z(homes[NORTH].unit)),
					   &why),
				    &why),
		   "move", &why);
	CHECK("ends", wait_for(fd, &got, "\r\n0\r\n\r\n"));
	close(fd);
	buf_free(&got);
}

int main(void)
{
	scope_house_open();
	house_serve(&house, (struct web_config){ .heartbeat_s = 1 });
	for (int caller = 0; caller < PLACES; caller++)
		test_stream((enum place)caller);
	test_stream_moves();
	test_stream_moved();
	house_close(&house);
	return TEST_REPORT();
}
