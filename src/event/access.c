/* SPDX-License-Identifier: Apache-2.0 */
/*
 * access.c - the time in brackets is the anchor: hosts and users stand before it, the request
 * behind it.
 *
 * Invariant: positions only grow and never pass the end of the view they index.
 */
#include "event/access.h"

#include "event/stamp.h"

/* Where "[dd/Mmm/yyyy:" stands in the first bytes, or s.n. */
static size_t find_stamp(struct str s)
{
	struct str head = str_sub(s, 0, 1024);

	for (size_t at = 0; at + 12 < head.n; at++) {
		size_t n = str_find_char(str_skip(head, at), '[');

		at += n;
		if (at + 12 < head.n && ascii_digit(head.p[at + 1]) &&
		    (head.p[at + 3] == '/' || head.p[at + 2] == '/') && ascii_alpha(head.p[at + 4]))
			return at;
	}
	return s.n;
}

/* In quotes with `\"` as a quote, from behind the opening one; the escapes are left in. */
static struct str quoted(struct str s, size_t *at)
{
	size_t from = *at, i = from;

	while (i < s.n && s.p[i] != '"')
		i += s.p[i] == '\\' && i + 1 < s.n ? 2 : 1;
	*at = i < s.n ? i + 1 : s.n;
	return str_sub(s, from, i);
}

/* The next word or quoted text; false at the end. */
static bool next_part(struct str s, size_t *at, struct str *out)
{
	while (*at < s.n && s.p[*at] == ' ')
		++*at;
	if (*at == s.n)
		return false;
	if (s.p[*at] == '"') {
		++*at;
		*out = quoted(s, at);
		return true;
	}
	*out = str_sub(s, *at, *at + str_find_char(str_skip(s, *at), ' '));
	*at += out->n;
	return true;
}

static void add(struct build *b, struct str name, struct str val)
{
	if (val.n > 0 && !str_eq(val, STR("-")))
		build_add(b, name, val);
}

static void add_uri(struct build *b, struct str uri)
{
	size_t cut = str_find_char(uri, '?');

	add(b, STR("cs-uri"), uri);
	add(b, STR("cs-uri-stem"), str_sub(uri, 0, cut));
	add(b, STR("cs-uri-query"), str_skip(uri, cut + 1));
}

static bool is_method(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_alpha(s.p[i]) && s.p[i] != '-' && s.p[i] != '_')
			return false;
	return s.n >= 2 && s.n <= 32;
}

void access_request(struct build *b, struct str line)
{
	struct str rest = line, method;
	size_t end = line.n;

	str_split(&rest, ' ', &method);
	if (!is_method(method) || rest.p == NULL) {
		add(b, STR("request"), line);
		return;
	}
	while (end > 0 && line.p[end - 1] != ' ')
		end--;
	struct str version = str_skip(line, end);
	if (!str_starts(version, STR("HTTP/")))
		version.n = 0;
	add(b, STR("cs-method"), method);
	add_uri(b, str_sub(line, method.n + 1, version.n > 0 ? end - 1 : line.n));
	add(b, STR("cs-version"), version);
}

/* "[vhost[:port]] client [more clients,] ident user" before the time. */
static bool add_head(struct build *b, struct str head)
{
	struct str part[6], rest = str_trim(head);
	size_t n = 0, client;
	struct addr a;

	while (n < COUNT(part) && str_split(&rest, ' ', &part[n]))
		if (part[n].n > 0)
			n++;
	if (n == 0)
		return false;
	/* The first word that is an address; without one the third from the end. */
	for (client = 0; client < n; client++) {
		struct str w = part[client];

		if (w.n > 0 && w.p[w.n - 1] == ',')
			w.n--;
		if (addr_parse(w, &a)) {
			part[client] = w;
			break;
		}
	}
	if (client == n)
		client = n >= 3 ? n - 3 : 0;
	if (client > 0)
		add(b, STR("cs-host"), part[client - 1]);
	add(b, STR("c-ip"), part[client]);
	if (n >= client + 3)
		add(b, STR("cs-username"), part[n - 1]);
	return true;
}

static bool is_number(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_digit(s.p[i]))
			return false;
	return s.n > 0;
}

/* Status, bytes, referrer, user agent; what comes behind is not the same anywhere. */
static void add_tail(struct build *b, struct str s)
{
	size_t at = 0;
	struct str part;

	if (!next_part(s, &at, &part))
		return;
	if (is_number(part))
		add(b, STR("sc-status"), part);
	if (!next_part(s, &at, &part))
		return;
	if (is_number(part))
		add(b, STR("sc-bytes"), part);
	if (!next_part(s, &at, &part))
		return;
	add(b, STR("cs-referer"), part);
	if (!next_part(s, &at, &part))
		return;
	add(b, STR("cs-user-agent"), part);
}

/* Confluence and Jira: "[time] [forwarded] user thread remote METHOD uri version status ms bytes ref ua". */
static bool add_atlassian(struct build *b, struct str s)
{
	struct str w[9];
	size_t n = 0, at = 0;
	struct addr a;

	while (n < 5 && next_part(s, &at, &w[n]))
		n++;
	size_t user = n == 5 && addr_parse(w[0], &a) ? 1 : 0;
	if (n < 5 || !addr_parse(w[user + 2], &a))
		return false;
	at = 0;
	for (n = 0; n < user + 3; n++)
		if (!next_part(s, &at, &w[n]))
			return false;
	if (user == 1)
		add(b, STR("x-forwarded-for"), w[0]);
	add(b, STR("cs-username"), w[user]);
	add(b, STR("c-ip"), w[user + 2]);
	for (n = 0; n < 7; n++)
		if (!next_part(s, &at, &w[n]))
			return false;
	add(b, STR("cs-method"), w[0]);
	add_uri(b, w[1]);
	add(b, STR("cs-version"), w[2]);
	add(b, STR("sc-status"), w[3]);
	add(b, STR("sc-bytes"), w[5]);
	add(b, STR("cs-referer"), w[6]);
	add(b, STR("cs-user-agent"), str_trim(str_skip(s, at)));
	return true;
}

bool access_read(struct build *b, struct str record, struct err *why)
{
	struct stamp_at when = { b->zone, b->now };
	size_t open = find_stamp(record), at, n;
	int64_t t;

	if (open == record.n)
		return err_set(why, ERR_INPUT, 0, "expected a time in brackets");
	n = stamp_any(str_skip(record, open + 1), &when, &t);
	at = open + 1 + n;
	if (n == 0 || at >= record.n || record.p[at] != ']')
		return err_set(why, ERR_INPUT, open + 1, "expected a time in brackets");
	build_time(b, t);
	at++;
	while (at < record.n && record.p[at] == ' ')
		at++;
	if (open == 0)
		return add_atlassian(b, str_skip(record, at)) ||
		       err_set(why, ERR_INPUT, at, "expected a request");
	if (at == record.n || record.p[at] != '"')
		return err_set(why, ERR_INPUT, at, "expected a request");
	if (!add_head(b, str_sub(record, 0, open)))
		return err_set(why, ERR_INPUT, 0, "expected a client");
	at++;
	access_request(b, quoted(record, &at));
	add_tail(b, str_skip(record, at));
	return true;
}

int access_probe(struct str record)
{
	size_t at = find_stamp(record);

	if (at == record.n)
		return 0;
	/* "host nginx: 192.0.2.1 - - [": a frame stands around it */
	if (str_find(str_sub(record, 0, at), STR(": ")) < at)
		return 40;
	return at == 0 ? 60 : 90;
}
