/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/message.h"

#include "base/crypt.h"
#include "base/json.h"
#include "base/test.h"

/* 2026-11-23 02:15 in Viet Nam. */
#define OPENED ((INT64_C(1795374900)) * TIME_SECOND)

static const struct {
	const char *name;
	struct message m;
	const char *subject;
} cases[] = {
	{ "one critical",
	  { .kind = STR("alert"),
	    .severity = STR("critical"),
	    .alert = 2026000012,
	    .count = 1,
	    .opened = OPENED,
	    .lang = LANG_EN },
	  "[canh] Critical alert 12/2026, 2026-11-23 02:15" },
	{ "many, again",
	  { .kind = STR("repeat"),
	    .severity = STR("high"),
	    .alert = 2026000003,
	    .count = 10000,
	    .opened = OPENED,
	    .lang = LANG_EN },
	  "[canh] Not acknowledged: 10000 alerts, the highest high, from 3/2026 on, 2026-11-23 02:15" },
	{ "up the ladder, an exercise",
	  { .kind = STR("ladder"),
	    .severity = STR("low"),
	    .alert = 2026000003,
	    .count = 1,
	    .opened = OPENED,
	    .lang = LANG_EN,
	    .exercise = true },
	  "[canh] EXERCISE. Nobody has acknowledged: Low alert 3/2026, 2026-11-23 02:15" },
	{ "a test",
	  { .kind = STR("test"), .count = 0, .now = OPENED, .lang = LANG_VI },
	  "[canh] Test message, 02:15 23/11/2026" },
};

static struct message with_id(struct message m)
{
	m.id = STR("019a0000-0000-7000-8000-000000000001");
	m.number = 7;
	m.now = OPENED + 3 * TIME_SECOND;
	return m;
}

static void test_subjects(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf b = BUF(1000);

		message_subject(&cases[i].m, &b);
		CHECK(cases[i].name, str_eq(buf_str(&b), str_of(cases[i].subject)));
		buf_free(&b);
	}
}

/* No line is long, none has a bare LF, everything is ASCII. */
static void well_formed(struct str mail)
{
	size_t line = 0;
	bool ok = true;

	for (size_t i = 0; i < mail.n; i++) {
		unsigned char c = (unsigned char)mail.p[i];

		line = c == '\n' ? 0 : line + 1;
		ok = ok && c < 0x80 && line <= 79 &&
		     (c != '\n' || (i > 0 && mail.p[i - 1] == '\r'));
	}
	CHECK("well formed", ok && str_ends(mail, STR("\r\n")));
}

static bool has(struct str s, const char *what)
{
	return str_find(s, str_of(what)) < s.n;
}

static void test_mail(void)
{
	struct message m = with_id(cases[1].m);
	struct buf b = BUF(10000), again = BUF(10000);

	message_mail(&m, STR("canh@example.vn"), STR("an@example.vn"), &b);
	struct str mail = buf_str(&b);
	well_formed(mail);
	CHECK("from and to", has(mail, "From: canh <canh@example.vn>\r\nTo: <an@example.vn>\r\n"));
	CHECK("date", has(mail, "\r\nDate: Mon, 23 Nov 2026 02:15:03 +0700\r\n"));
	CHECK("id", has(mail, "\r\nMessage-ID: <019a0000-0000-7000-8000-000000000001.notice@"
			      "example.vn>\r\n"));
	CHECK("by a machine", has(mail, "\r\nAuto-Submitted: auto-generated\r\n"));
	CHECK("a subject in words",
	      has(mail, "\r\nSubject: =?UTF-8?B?") && has(mail, "?=\r\n =?UTF-8?B?"));
	CHECK("high", has(mail, "\r\nImportance: high\r\n"));
	m.now += TIME_HOUR;
	message_mail(&m, STR("canh@example.vn"), STR("an@example.vn"), &again);
	size_t at = str_find(buf_str(&again), STR("Message-ID: "));
	CHECK("the same again", has(mail, "Message-ID: ") &&
					str_eq(str_sub(buf_str(&again), at, at + 50),
					       str_sub(mail, str_find(mail, STR("Message-ID: ")),
						       str_find(mail, STR("Message-ID: ")) + 50)));
	buf_free(&b);
	buf_free(&again);
}

static void test_hook(void)
{
	struct message m = with_id(cases[0].m), t = with_id(cases[3].m);
	struct buf b = BUF(10000);
	struct json *j = NULL;
	int64_t n = 0;

	message_hook(&m, &b);
	CHECK("JSON", json_parse(buf_str(&b), 10000, &j, NULL));
	CHECK("members",
	      str_eq(json_get_str(j, "alert"), STR("12/2026")) &&
		      json_int(json_get(j, "notice"), &n) && n == 7 &&
		      str_eq(json_get_str(j, "severity"), STR("critical")) &&
		      str_eq(json_get_str(j, "at"), STR("2026-11-22T19:15:00.000000Z")) &&
		      str_eq(json_get_str(j, "text"), str_of(cases[0].subject)));
	json_free(j);
	buf_clear(&b);
	message_hook(&t, &b);
	CHECK("JSON", json_parse(buf_str(&b), 10000, &j, NULL));
	CHECK("a test is about no alert",
	      json_is_null(json_get(j, "alert")) && json_is_null(json_get(j, "severity")));
	json_free(j);
	buf_free(&b);
}

int main(void)
{
	if (!crypt_init(NULL))
		return 1;
	test_subjects();
	test_mail();
	test_hook();
	return TEST_REPORT();
}
