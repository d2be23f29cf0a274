/* SPDX-License-Identifier: Apache-2.0 */
/* w3c_test.c - what a #Fields line says holds for the lines behind it, until the next one. */
#include "base/test.h"
#include "event/formats.h"

static const struct {
	const char *line, *format, *field, *val, *time; /* time NULL: not told */
} lines[] = {
	{ "2026-03-09 15:14:15 192.0.2.1 GET", "syslog", "c-ip", NULL,
	  "2026-03-09T08:14:15.000000Z" },
	{ "#Software: Internet Information Services", "w3c", "message",
	  "#Software: Internet Information Services", NULL },
	{ "#Fields: date time c-ip cs-method cs-uri-stem cs-uri-query cs(User-Agent) sc-status ",
	  "w3c", "c-ip", NULL, NULL },
	{ "2026-03-09 15:14:15 203.0.113.5 GET /a b=c X+Y 404", "w3c", "cs-uri", "/a?b=c",
	  "2026-03-09T15:14:15.000000Z" },
	{ "2026-03-09 15:14:15 203.0.113.5 GET /a - X+Y 200", "w3c", "cs-user-agent", "X+Y",
	  "2026-03-09T15:14:15.000000Z" },
	{ "2026-03-09 15:14:15 203.0.113.5  GET /a - X+Y 200 ", "w3c", "source.ip", "203.0.113.5",
	  "2026-03-09T15:14:15.000000Z" },
	{ "2026-03-09 15:14:15 too few", "syslog", "c-ip", NULL, "2026-03-09T08:14:15.000000Z" },
	{ "2026-03-09 15:14:15 203.0.113.5 GET /a - X+Y 200 too many", "syslog", "c-ip", NULL,
	  "2026-03-09T08:14:15.000000Z" },
	{ "#Date: 2026-03-09 00:00:00", "w3c", "c-ip", NULL, NULL },
	{ "#Fields: time c-ip", "w3c", "c-ip", NULL, NULL },
	{ "15:14:15 203.0.113.6", "w3c", "source.ip", "203.0.113.6",
	  "2026-03-09T15:14:15.000000Z" },
	{ "#Software: Microsoft Windows Firewall", "w3c", "c-ip", NULL, NULL },
	{ "#Time Format: Local", "w3c", "c-ip", NULL, NULL },
	{ "#Fields: date time action protocol src-ip dst-ip src-port dst-port", "w3c", "c-ip", NULL,
	  NULL },
	{ "2026-03-09 22:14:15 DROP TCP 203.0.113.5 10.1.2.3 1 445", "w3c", "event.outcome",
	  "failure", "2026-03-09T15:14:15.000000Z" },
	{ "#Software: Microsoft Exchange Server", "w3c", "c-ip", NULL, NULL },
	{ "#Fields: date-time,client-ip,event-id,recipient-address", "w3c", "c-ip", NULL, NULL },
	{ "2026-03-09T15:14:15.5Z,203.0.113.5,\"SEND, \"\"x\"\"\",an@example.vn", "w3c",
	  "recipient-address", "an@example.vn", "2026-03-09T15:14:15.500000Z" },
	{ "#separator \\x09", "w3c", "c-ip", NULL, NULL },
	{ "#fields\tts\tid.orig_h\tid.resp_h\tconn_state", "w3c", "c-ip", NULL, NULL },
	{ "1773069255.25\t10.1.2.3\t203.0.113.5\tREJ", "w3c", "event.outcome", "failure",
	  "2026-03-09T15:14:15.250000Z" },
};

static struct str get(const struct event *ev, const char *name)
{
	for (uint32_t i = 0; i < ev->n_fields; i++)
		if (str_eq(ev->fields[i].name, str_of(name)))
			return ev->fields[i].val;
	return (struct str){ NULL, 0 };
}

int main(void)
{
	struct read_ctx ctx = { .now = INT64_C(1773118800000000) };
	struct reader *r = reader_new(&ctx);
	struct arena whole, a;

	if (!CHECK("room", r != NULL && arena_reserve(&whole, (size_t)1 << 20)))
		return TEST_REPORT();
	for (size_t i = 0; i < COUNT(lines); i++) {
		const char *line = lines[i].line;
		char text[TIME_TEXT_MAX];
		struct event ev;

		a = whole;
		reader_read(r, &a, str_of(line), &ev);
		if (!CHECK(line, strcmp(formats[ev.format].name, lines[i].format) == 0))
			printf("  is %s\n", formats[ev.format].name);
		CHECK(line, ev.time_told == (lines[i].time != NULL));
		CHECK(line, lines[i].time == NULL ||
				    strcmp(time_rfc3339(ev.time, text), lines[i].time) == 0);
		CHECK(line, str_eq(get(&ev, lines[i].field), str_of(lines[i].val)));
	}
	reader_free(r);
	arena_release(whole);
	return TEST_REPORT();
}
