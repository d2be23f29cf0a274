/* SPDX-License-Identifier: Apache-2.0 */
/*
 * weberror.c - the error logs of nginx ("time [level] pid#tid: *n text, client: ...") and of Apache
 * ("[time] [module:level] [pid n:tid n] [client a:p] text").
 *
 * Invariant: positions only grow and never pass the end of the view they index.
 */
#include "event/access.h"

#include "event/stamp.h"

/* "..., name: value, ..." as nginx ends its lines; values may stand in quotes. */
static struct str tail_value(struct str s, struct str name)
{
	size_t at = str_find(s, name);
	struct str v;

	if (at == s.n)
		return (struct str){ NULL, 0 };
	v = str_skip(s, at + name.n);
	if (v.n > 0 && v.p[0] == '"') {
		v = str_skip(v, 1);
		return str_sub(v, 0, str_find_char(v, '"'));
	}
	return str_sub(v, 0, str_find_char(v, ','));
}

static void nginx_tail(struct build *b, struct str s)
{
	static const struct {
		struct str mark, name;
	} parts[] = {
		{ STR(", client: "), STR("client") },   { STR(", server: "), STR("server") },
		{ STR(", request: "), STR("request") }, { STR(", upstream: "), STR("upstream") },
		{ STR(", host: "), STR("host") },       { STR(", referrer: "), STR("referrer") },
		{ STR(", login: "), STR("login") },     { STR("user \""), STR("user") },
	};

	for (size_t i = 0; i < COUNT(parts); i++) {
		struct str v = tail_value(s, parts[i].mark);

		if (str_eq(parts[i].name, STR("user")))
			v = str_sub(v, 0, str_find_char(v, '"'));
		if (str_eq(parts[i].name, STR("client"))) /* "192.0.2.1:9 using starttls" */
			v = str_sub(v, 0, str_find_char(v, ' '));
		build_add_some(b, parts[i].name, v);
		if (v.n > 0 && str_eq(parts[i].name, STR("request")))
			access_request(b, v);
	}
}

static bool read_nginx(struct build *b, struct str s, struct err *why)
{
	struct stamp_at when = { b->zone, b->now };
	int64_t t;
	size_t at = stamp_iso(s, &when, &t), end;

	if (at == 0 || !str_starts(str_skip(s, at), STR(" [")))
		return err_set(why, ERR_INPUT, at, "expected a level in brackets");
	at += 2;
	end = str_find_char(str_sub(str_skip(s, at), 0, 16), ']');
	if (end == 16 || at + end >= s.n)
		return err_set(why, ERR_INPUT, at, "expected a level in brackets");
	build_add(b, STR("level"), str_sub(s, at, at + end));
	at += end + 2;
	end = str_find_char(str_sub(str_skip(s, at), 0, 16), '#');
	if (at + end < s.n && end < 16) {
		build_add(b, STR("pid"), str_sub(s, at, at + end));
		end = str_find(str_skip(s, at), STR(": "));
		at += end + 2 < s.n ? end + 2 : 0;
	}
	build_time(b, t);
	build_add(b, STR("message"), str_skip(s, at));
	nginx_tail(b, str_skip(s, at));
	return true;
}

/* One "[...]" of Apache's head. */
static void apache_part(struct build *b, struct str part)
{
	size_t cut = str_find_char(part, ':');

	if (str_starts(part, STR("pid "))) {
		build_add(b, STR("pid"), str_sub(part, 4, cut));
		return;
	}
	if (str_starts(part, STR("client ")) || str_starts(part, STR("remote "))) {
		build_add(b, STR("client"), str_skip(part, 7));
		return;
	}
	if (cut < part.n)
		build_add(b, STR("module"), str_sub(part, 0, cut));
	build_add(b, STR("level"), cut < part.n ? str_skip(part, cut + 1) : part);
}

/* "user X: authentication failure", "user X not found": who was refused. */
static void apache_user(struct build *b, struct str text)
{
	size_t at = str_find(text, STR("user "));
	struct str who = str_skip(text, at + 5);

	if (at == text.n || (at > 0 && text.p[at - 1] != ' '))
		return;
	who = str_sub(who, 0, str_find_char(who, ' '));
	if (who.n > 0 && who.p[who.n - 1] == ':')
		who.n--;
	build_add_some(b, STR("user"), who);
}

/* Behind syslog the time is left out: "[module:level]" or "[level]" comes first. */
static bool is_level(struct str part)
{
	static const struct str levels[] = {
		STR("emerg"), STR("alert"),  STR("crit"), STR("error"),
		STR("warn"),  STR("notice"), STR("info"), STR("debug")
	};
	size_t cut = str_find_char(part, ':');

	part = cut < part.n ? str_skip(part, cut + 1) : part;
	for (size_t i = 0; i < COUNT(levels); i++)
		if (str_eq(part, levels[i]))
			return true;
	return str_starts(part, STR("trace")) && part.n == 6;
}

/* The time in the first brackets, where it is one; *at moves behind them. */
static void apache_time(struct build *b, struct str s, size_t *at)
{
	struct stamp_at when = { b->zone, b->now };
	int64_t t;
	size_t n = stamp_any(str_skip(s, 1), &when, &t);

	if (n == 0 || n + 1 >= s.n || s.p[n + 1] != ']')
		return;
	build_time(b, t);
	*at = n + 2;
	if (*at < s.n && s.p[*at] == ' ')
		++*at;
}

static bool read_apache(struct build *b, struct str s, struct err *why)
{
	size_t at = 0, parts = 0;

	apache_time(b, s, &at);
	if (at == 0 && !is_level(str_sub(s, 1, str_find_char(s, ']'))))
		return err_set(why, ERR_INPUT, 1, "expected a time in brackets");
	while (at < s.n && s.p[at] == '[' && parts < 6) {
		size_t end = str_find_char(str_skip(s, at), ']');

		if (at + end >= s.n)
			break;
		apache_part(b, str_sub(s, at + 1, at + end));
		at += end + 1;
		at += at < s.n && s.p[at] == ' ';
		parts++;
	}
	if (parts == 0)
		return err_set(why, ERR_INPUT, at, "expected a level in brackets");
	struct str text = str_trim(str_skip(s, at));
	build_add(b, STR("message"), text);
	build_add_some(b, STR("referrer"), tail_value(text, STR(", referer: ")));
	apache_user(b, text);
	return true;
}

bool weberror_read(struct build *b, struct str record, struct err *why)
{
	if (record.n > 0 && record.p[0] == '[')
		return read_apache(b, record, why);
	return read_nginx(b, record, why);
}

int weberror_probe(struct str record)
{
	struct stamp_at when = { NULL, 0 };
	int64_t t;
	size_t n;

	if (record.n < 24)
		return 0;
	if (record.p[0] == '[') {
		n = stamp_any(str_skip(record, 1), &when, &t);
		if (n == 0)
			return is_level(str_sub(record, 1, str_find_char(record, ']'))) ? 90 : 0;
		return n > 20 && str_starts(str_skip(record, n + 1), STR("] [")) ? 92 : 0;
	}
	if (!ascii_digit(record.p[0]) || record.p[4] != '/')
		return 0;
	n = stamp_iso(record, &when, &t);
	return n > 0 && str_starts(str_skip(record, n), STR(" [")) ? 92 : 0;
}
