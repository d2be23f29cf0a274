/* SPDX-License-Identifier: Apache-2.0 */
#include "store/query.h"

#include "base/test.h"
#include "event/ecs.h"

#include <stdio.h>

static struct arena whole;

/* The record that the queries are put to. */
static const struct field fields[] = {
	{ .name = STR("winlog.event_data.Image"), .bare = 18, .val = STR("C:\\Windows\\a b.exe") },
	{ .name = STR("user"),
	  .val = STR("Nguy\xe1\xbb\x85n V\xc4\x83n \xc4\x90\xe1\xbb\xa9"
		     "c") },
	{ .name = STR("ip"), .val = STR("192.0.2.7") },
	{ .name = STR("ip"), .val = STR("2001:db8::7") },
	{ .name = STR("empty"), .val = STR("") },
	{ .name = STR("host.name"), .id = ECS_HOST_NAME, .val = STR("MAIL-1") },
};
static const struct event event = {
	.raw = STR(
		"2026-11-20 12:30:05 OR failed login \\u0041 for \"admin*\" at http://example.vn/x"),
	.fields = fields,
	.n_raw = COUNT(fields) - 1,
	.n_fields = COUNT(fields),
};

static const struct {
	const char *q;
	bool want;
} matches[] = {
	{ "", true },
	{ "   ", true },
	{ "*", true },
	{ "failed", true },
	{ "FAILED LOGIN", true },
	{ "failed AND login", true },
	{ "failed nothing", false },
	{ "login failed", true },
	{ "\"login failed\"", false },
	{ "\"failed login\"", true },
	{ "failed*admin", true },
	{ "admin*failed", false },
	{ "fail", true },
	{ "\"admin*\"", true },
	{ "\"failed*\"", false },
	{ "admin\\*", true },
	{ "failed\\*", false },
	{ "12:30:05", true },
	{ "12:31:05", false },
	{ "http://example.vn/x", true },
	{ "http://example.org", false },
	{ "\"OR\"", true },
	{ "nguyen", true },
	{ "\"nguyen van duc\"", true },
	{ "mail-1", false }, /* a word looks into what the record says */
	{ "user:\"nguyen van duc\"", true },
	{ "user:\"Nguye\xcc\x82\xcc\x83n\"*", true },
	{ "user:nguyen", false },
	{ "user:nguyen*", true },
	{ "user:*duc", true },
	{ "user:*van*", true },
	{ "user:n*v*c", true },
	{ "user:n*x*c", false },
	{ "USER:*", true },
	{ "nobody:*", false },
	{ "empty:*", true },
	{ "empty:\"\"", true },
	{ "user:\"\"", false },
	{ "Image:*.exe", true },
	{ "image:\"c:\\windows\\a b.exe\"", true },
	{ "winlog.event_data.Image:c:\\\\windows\\\\*", true },
	{ "event_data.Image:*", false },
	{ "host.name:mail-1", true },
	{ "ip:192.0.2.7", true },
	{ "ip:2001:db8::7", true },
	{ "ip:192.0.2.8", false },
	{ "2001:db8::7", true },
	{ "fe80::1", false },
	{ "c:\\windows", true },
	{ "canh.format:kv", true },
	{ "canh.format:json", false },
	{ "canh.source:7", true },
	{ "canh.source:fire*", true },
	{ "canh.source:192.0.2.1", true },
	{ "canh.source:8", false },
	{ "canh.source:\"tuong lua bien\"", true },
	{ "source:7", true },
	{ "source:firewall", true },
	{ "source.name:192.0.2.1", true },
	{ "Source:tuong*", true },
	{ "source:fire", false },
	{ "source:8", false },
	{ "source:tuong* user:nguyen*", true },
};

static const struct {
	const char *q;
	enum err_kind kind;
	size_t at;
} bad[] = {
	{ "a \"b c", ERR_INPUT, 2 },
	{ "user:\"x", ERR_INPUT, 5 },
	{ "a OR b", ERR_INPUT, 2 },
	{ "NOT a", ERR_INPUT, 0 },
	{ "a******************", ERR_LIMIT, 16 },
	{ "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33",
	  ERR_LIMIT, 87 },
};

static const struct query_subject subject = { .event = &event,
					      .source = 7,
					      .source_name = STR("firewall"),
					      .source_peer = STR("192.0.2.1"),
					      .source_given = STR("Tường lửa biên"),
					      .format = STR("kv") };

static void put(const char *text, bool want)
{
	struct arena a = whole;
	const struct query *q = NULL;

	if (!CHECK(text, query_parse(&a, str_of(text), &q, NULL)))
		return;
	CHECK(text, query_match(q, a, &subject) == want);
	enum query_answer raw = query_known(q, a, &subject) ? query_unread(q, a, event.raw)
							    : QUERY_NO;

	CHECK(text, raw == QUERY_READ || (raw == QUERY_YES) == want);
}

/* Words alone are told by the bytes, unless those may be decoded to others; source and format are
 * known. */
static void unread(void)
{
	static const struct {
		const char *q, *raw;
		enum query_answer want;
	} cases[] = {
		{ "alpha", "x ALPHA y", QUERY_YES },
		{ "alpha", "x beta y", QUERY_NO },
		{ "alpha", "x\\u0061lpha", QUERY_READ },
		{ "alpha", "%61lpha", QUERY_READ },
		{ "alpha", "&#97;lpha", QUERY_READ },
		{ "a:1x alpha", "alpha a:1x", QUERY_YES },
		{ "aa:1 alpha", "alpha", QUERY_READ },
		{ "aa:1 alpha", "beta", QUERY_NO },
		{ "alpha", "", QUERY_NO },
		{ "", "", QUERY_YES },
		{ "canh.source:firewall alpha", "alpha", QUERY_YES },
		{ "canh.source:other alpha", "x\\u0061lpha", QUERY_NO },
		{ "canh.format:kv aa:1", "alpha", QUERY_READ },
		{ "canh.format:cef aa:1", "alpha", QUERY_NO },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = whole;
		const struct query *q;
		struct event ev = { .raw = str_of(cases[i].raw) };
		struct query_subject s = subject;

		s.event = &ev;
		CHECK(cases[i].raw, query_parse(&a, str_of(cases[i].q), &q, NULL));
		enum query_answer got = query_known(q, a, &s) ? query_unread(q, a, ev.raw)
							      : QUERY_NO;

		CHECK(cases[i].raw, got == cases[i].want);
	}
}

int main(void)
{
	if (!arena_reserve(&whole, 4 << 20))
		return 1;
	for (size_t i = 0; i < COUNT(matches); i++)
		put(matches[i].q, matches[i].want);
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct arena a = whole;
		const struct query *q = NULL;
		struct err why = { 0 };

		CHECK(bad[i].q, !query_parse(&a, str_of(bad[i].q), &q, &why) && q == NULL);
		if (!CHECK(bad[i].q, why.kind == bad[i].kind && why.at == bad[i].at))
			printf("  at %zu\n", why.at);
	}
	unread();
	CHECK("none is all", query_is_all(NULL));
	arena_release(whole);
	return TEST_REPORT();
}
