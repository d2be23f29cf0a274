/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/message.h"

#include "base/crypt.h"
#include "base/jsonw.h"
#include "base/utf8.h"
#include "respond/respond.h"

#include <stdio.h>

enum { WORD_BYTES = 42, LINE_BYTES = 54, TEXT_MOST = 4096 };
#define VIETNAM (7 * TIME_HOUR)

/* --- sentences --- */

static const struct {
	const char *severity, *one, *many;
} words[] = {
	{ "critical", MSG_ID("Critical alert %s"),
	  MSG_ID("%jd alerts, the highest critical, from %s on") },
	{ "high", MSG_ID("High alert %s"), MSG_ID("%jd alerts, the highest high, from %s on") },
	{ "medium", MSG_ID("Medium alert %s"),
	  MSG_ID("%jd alerts, the highest medium, from %s on") },
	{ "low", MSG_ID("Low alert %s"), MSG_ID("%jd alerts, the highest low, from %s on") },
	{ "informational", MSG_ID("Informational alert %s"),
	  MSG_ID("%jd informational alerts, from %s on") },
};

static void add_when(const struct message *m, int64_t t, struct buf *out)
{
	struct civil c = civil_from_time(t + VIETNAM);

	if (m->lang == LANG_EN)
		buf_printf(out, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour,
			   c.minute);
	else
		buf_printf(out, "%02d:%02d %02d/%02d/%04d", c.hour, c.minute, c.day, c.month,
			   c.year);
}

static void add_what(const struct message *m, struct buf *out)
{
	char number[ALERT_NUMBER_MAX];
	size_t i = 0;

	(void)alert_number_text(m->alert, number);
	while (i + 1 < COUNT(words) && !str_eq(m->severity, str_of(words[i].severity)))
		i++;
	if (m->count > 1)
		buf_printf(out, msg_in(m->lang, words[i].many), (intmax_t)m->count, number);
	else
		buf_printf(out, msg_in(m->lang, words[i].one), number);
}

void message_subject(const struct message *m, struct buf *out)
{
	buf_add(out, STR("[canh] "));
	if (m->exercise)
		buf_add(out, str_of(msg_in(m->lang, MSG_ID("EXERCISE. "))));
	if (str_eq(m->kind, STR("test"))) {
		buf_add(out, str_of(msg_in(m->lang, MSG_ID("Test message"))));
	} else {
		if (str_eq(m->kind, STR("repeat")))
			buf_add(out, str_of(msg_in(m->lang, MSG_ID("Not acknowledged: "))));
		if (str_eq(m->kind, STR("ladder")))
			buf_add(out, str_of(msg_in(m->lang, MSG_ID("Nobody has acknowledged: "))));
		add_what(m, out);
	}
	buf_add(out, STR(", "));
	add_when(m, str_eq(m->kind, STR("test")) ? m->now : m->opened, out);
}

static void add_text(const struct message *m, struct buf *out)
{
	message_subject(m, out);
	buf_add(out, STR("\r\n\r\n"));
	if (str_eq(m->kind, STR("test")))
		buf_add(out,
			str_of(msg_in(
				m->lang,
				MSG_ID("canh was asked to try whether its messages arrive. There is nothing to do."))));
	else
		buf_add(out,
			str_of(msg_in(
				m->lang,
				MSG_ID("Open canh, look at the alert and acknowledge it. What it is about is not told by mail."))));
	buf_add(out, STR("\r\n"));
}

/* --- RFC 5322 --- */

/* Encoded words (RFC 2047) of at most 75 characters, none cutting a letter. */
static void add_words(struct str s, struct buf *out)
{
	unsigned char mem[128];
	bool first = true;

	while (s.n > 0) {
		struct arena a = { mem, mem + sizeof mem };
		size_t at = 0, next;
		uint32_t cp;

		while (at < s.n && (next = utf8_next(s, at, &cp)) <= WORD_BYTES)
			at = next;
		buf_add(out, first ? STR("=?UTF-8?B?") : STR("\r\n =?UTF-8?B?"));
		buf_add(out, crypt_base64(&a, str_sub(s, 0, at)));
		buf_add(out, STR("?="));
		s = str_skip(s, at);
		first = false;
	}
}

static void add_base64(struct str s, struct buf *out)
{
	unsigned char mem[256];

	for (; s.n > 0; s = str_skip(s, LINE_BYTES)) {
		struct arena a = { mem, mem + sizeof mem };

		buf_add(out, crypt_base64(&a, str_sub(s, 0, LINE_BYTES)));
		buf_add(out, STR("\r\n"));
	}
}

static void add_date(int64_t t, struct buf *out)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct civil c = civil_from_time(t + VIETNAM);

	buf_printf(out, "Date: %s, %02d %s %04d %02d:%02d:%02d +0700\r\n",
		   days[day_of_week(t + VIETNAM)], c.day, months[c.month - 1], c.year, c.hour,
		   c.minute, c.second);
}

void message_mail(const struct message *m, struct str from, struct str to, struct buf *out)
{
	struct buf text = BUF(TEXT_MOST);
	struct str domain = str_skip(from, str_find_char(from, '@') + 1);

	buf_printf(out, "From: canh <%.*s>\r\nTo: <%.*s>\r\n", STR_ARG(from), STR_ARG(to));
	add_date(m->now, out);
	buf_printf(out, "Message-ID: <%.*s.notice@%.*s>\r\nSubject: ", STR_ARG(m->id),
		   STR_ARG(domain));
	message_subject(m, &text);
	add_words(buf_str(&text), out);
	buf_add(out, STR("\r\nAuto-Submitted: auto-generated\r\n"
			 "X-Auto-Response-Suppress: All\r\n"));
	if (str_eq(m->severity, STR("critical")) || str_eq(m->severity, STR("high")))
		buf_add(out, STR("Importance: high\r\nX-Priority: 1\r\n"));
	buf_printf(out, "Content-Language: %s\r\n", m->lang == LANG_EN ? "en" : "vi");
	buf_add(out, STR("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
			 "Content-Transfer-Encoding: base64\r\n\r\n"));
	buf_clear(&text);
	add_text(m, &text);
	add_base64(buf_str(&text), out);
	buf_free(&text);
}

void message_hook(const struct message *m, struct buf *out)
{
	struct buf text = BUF(TEXT_MOST);
	struct jsonw w = { .out = out };
	bool test = str_eq(m->kind, STR("test"));
	char number[ALERT_NUMBER_MAX];

	message_subject(m, &text);
	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "id", m->id);
	jsonw_kv_int(&w, "notice", m->number);
	jsonw_kv_str(&w, "kind", m->kind);
	jsonw_kv_str(&w, "severity", test ? (struct str){ NULL, 0 } : m->severity);
	jsonw_kv_int(&w, "count", m->count);
	jsonw_key(&w, "alert");
	if (test)
		jsonw_null(&w);
	else
		jsonw_str(&w, str_of(alert_number_text(m->alert, number)));
	jsonw_kv_time(&w, "at", test ? m->now : m->opened);
	jsonw_kv_bool(&w, "exercise", m->exercise);
	jsonw_kv_str(&w, "text", buf_str(&text));
	jsonw_close(&w, '}');
	buf_free(&text);
}
