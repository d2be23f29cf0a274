/* SPDX-License-Identifier: Apache-2.0 */
/*
 * syslog.c - priority, then RFC 5424 when its version follows, else the RFC 3164 family.
 *
 * The family is read the way its writers differ: sequence numbers and a star before the time
 * (Cisco), a year or a fraction in it, RFC 3339 instead of it (rsyslog), no host, no tag, no time.
 *
 * Invariant: `at` only grows and never passes line.n.
 */
#include "event/syslog.h"

#include "base/num.h"
#include "event/formats.h"
#include "event/reader_int.h"
#include "event/stamp.h"
#include "event/text.h"

static const struct str facilities[] = {
	STR("kern"),   STR("user"),   STR("mail"),   STR("daemon"), STR("auth"),     STR("syslog"),
	STR("lpr"),    STR("news"),   STR("uucp"),   STR("cron"),   STR("authpriv"), STR("ftp"),
	STR("ntp"),    STR("audit"),  STR("alert"),  STR("clock"),  STR("local0"),   STR("local1"),
	STR("local2"), STR("local3"), STR("local4"), STR("local5"), STR("local6"),   STR("local7"),
};
static const struct str severities[] = {
	STR("emergency"), STR("alert"),  STR("critical"),      STR("error"),
	STR("warning"),   STR("notice"), STR("informational"), STR("debug"),
};

/* RFC 5424 section 6.2.1: "<0>".."<191>". 0 when there is none. */
static size_t priority(struct str s, unsigned *out)
{
	size_t end = str_find_char(str_sub(s, 0, 5), '>');
	uint64_t v;

	if (s.n < 3 || s.p[0] != '<' || end >= 5 || end >= s.n ||
	    !num_parse(str_sub(s, 1, end), 0, 191, &v))
		return 0;
	*out = (unsigned)v;
	return end + 1;
}

static void add_priority(struct build *b, unsigned pri)
{
	build_add(b, STR("facility"), facilities[pri / 8]);
	build_add(b, STR("severity"), severities[pri % 8]);
}

static struct str nil(struct str s)
{
	return str_eq(s, STR("-")) ? (struct str){ s.p, 0 } : s;
}

/* RFC 5424 section 6.3.3: a parameter value from behind its quote; at the closing one after. */
static bool sd_value(struct build *b, struct str s, size_t *at, struct str *out)
{
	size_t from = *at, i = from;
	bool escaped = false;

	while (i < s.n && s.p[i] != '"') {
		escaped = escaped || s.p[i] == '\\';
		i += s.p[i] == '\\' ? 2 : 1;
	}
	if (i >= s.n)
		return false;
	*at = i + 1;
	*out = str_sub(s, from, i);
	if (!escaped)
		return true;
	char *text = arena_bytes(b->a, out->n);
	size_t n = 0;
	if (text == NULL) {
		b->ev.partial = true;
		return true;
	}
	for (i = 0; i < out->n; i++) {
		char next = i + 1 < out->n ? out->p[i + 1] : '\0';

		if (out->p[i] == '\\' && (next == '"' || next == '\\' || next == ']'))
			i++;
		text[n++] = out->p[i];
	}
	*out = (struct str){ text, n };
	return true;
}

static void add_sd(struct build *b, struct str id, struct str name, struct str val)
{
	char *p = arena_bytes(b->a, id.n + 1 + name.n);

	if (p == NULL) {
		b->ev.partial = true;
		return;
	}
	memcpy(p, id.p, id.n);
	p[id.n] = '.';
	if (name.n > 0)
		memcpy(p + id.n + 1, name.p, name.n);
	build_add_bare(b, (struct str){ p, id.n + 1 + name.n }, id.n + 1, val, FIELD_STRING);
}

/* RFC 5424 section 6.3: one "[id name="value" ...]" at *at. */
static bool sd_element(struct build *b, struct str s, size_t *at)
{
	size_t i = *at + 1, from = i;

	while (i < s.n && s.p[i] != ' ' && s.p[i] != ']' && s.p[i] != '"' && s.p[i] != '=')
		i++;
	struct str id = str_sub(s, from, i), val;
	if (id.n == 0 || id.n > 128)
		return false;
	while (i < s.n && s.p[i] == ' ') {
		while (i < s.n && s.p[i] == ' ')
			i++;
		if (i < s.n && s.p[i] == ']')
			break;
		struct str name = str_sub(s, i, i + str_find_char(str_skip(s, i), '='));
		i += name.n + 2;
		if (name.n == 0 || name.n > 128 || i > s.n || s.p[i - 1] != '"' ||
		    !sd_value(b, s, &i, &val))
			return false;
		add_sd(b, id, name, val);
	}
	if (i >= s.n || s.p[i] != ']')
		return false;
	*at = i + 1;
	return true;
}

static bool structured_data(struct build *b, struct str s, size_t *at)
{
	if (*at < s.n && s.p[*at] == '-') {
		++*at;
		return true;
	}
	if (*at == s.n || s.p[*at] != '[')
		return false;
	while (*at < s.n && s.p[*at] == '[')
		if (!sd_element(b, s, at))
			return false;
	return true;
}

/* "1 2026-03-09T15:14:15Z host program - id [x@1 y="z"] ...": RFC 5424 whose beginning a collector took,
 * or that stands behind another header; also with Check Point's [key:"value"; ...]. Where its time
 * begins, or s.n. */
static size_t bare_5424(struct str s)
{
	size_t at = str_starts(s, STR("1 ")) ? 2 : 0;
	struct str rest = str_skip(s, at), tok = { NULL, 0 };

	if (rest.n < 24 || rest.p[10] != 'T' || !ascii_digit(rest.p[0]))
		return s.n;
	for (size_t i = 0; i < 5; i++)
		if (!str_split(&rest, ' ', &tok) || tok.n == 0)
			return s.n;
	if (rest.n == 0 || rest.p[0] != '[')
		return s.n;
	rest = str_sub(rest, 0, 160);
	tok = str_sub(rest, 0, str_find_char(rest, '"'));
	bool data = str_ends(tok, STR("=")) && str_find_char(tok, '@') < str_find_char(tok, ' ');
	return tok.n < rest.n && (data || str_ends(tok, STR(":"))) ? at : s.n;
}

static bool read_5424(struct build *b, struct str line, size_t at, struct err *why);

static bool inner_5424(struct build *b, struct str s)
{
	size_t at = bare_5424(s);
	bool ok;

	if (at == s.n || b->depth >= READER_MAX_DEPTH)
		return false;
	b->depth++;
	ok = read_5424(b, s, at, NULL);
	b->depth--;
	return ok;
}

/* The payload: by its own format, else as it stands. */
static void payload(struct build *b, struct str s)
{
	if (s.n > 0 && !text_payload(b, s) && !inner_5424(b, s) && !reader_inner(b, s, 1))
		build_add(b, STR("message"), s);
}

/* RFC 5424 section 6, from behind "<PRI>1 ". */
static bool read_5424(struct build *b, struct str line, size_t at, struct err *why)
{
	static const struct str names[] = { STR("hostname"), STR("appname"), STR("procid"),
					    STR("msgid") };
	struct stamp_at when = { b->zone, b->now };
	struct str rest = str_skip(line, at), tok, head[4];
	int64_t t = TIME_NONE;

	if (!str_split(&rest, ' ', &tok) ||
	    (!str_eq(tok, STR("-")) && (stamp_iso(tok, &when, &t) != tok.n || tok.n == 0)))
		return err_set(why, ERR_INPUT, at, "expected a time");
	for (size_t i = 0; i < COUNT(names); i++) {
		if (!str_split(&rest, ' ', &head[i]) || head[i].n == 0)
			return err_set(why, ERR_INPUT, at, "incomplete syslog header");
		head[i] = nil(head[i]);
		build_add_some(b, names[i], head[i]);
	}
	b->host = head[0];
	b->program = head[1];
	build_time(b, t);
	size_t sd = 0;
	if (!structured_data(b, rest, &sd)) {
		/* Some senders leave the structured data out. */
		sd = 0;
	} else if (sd < rest.n && rest.p[sd] == ' ') {
		sd++;
	}
	rest = str_skip(rest, sd);
	if (str_starts(rest, STR("\xef\xbb\xbf")))
		rest = str_skip(rest, 3);
	payload(b, rest);
	return true;
}

/* Cisco: "29: ", "000029: host: 31: ", then "*" or "." before the time. */
static size_t skip_sequence(struct str s, size_t at)
{
	for (int i = 0; i < 2; i++) {
		size_t end = at;

		while (end < s.n && end - at < 10 && ascii_digit(s.p[end]))
			end++;
		if (end == at || end + 1 >= s.n || s.p[end] != ':' || s.p[end + 1] != ' ')
			break;
		at = end + 2;
	}
	return at;
}

static bool host_char(char c)
{
	return c == '>' || /* "manager->address" of Wazuh */
	       ascii_alpha(c) || ascii_digit(c) || c == '.' || c == '-' || c == '_' || c == ':' ||
	       (unsigned char)c >= 0x80;
}

/* A host name at the front that is no tag: it is followed by a blank and does not end in ':'. */
static size_t host_len(struct str s)
{
	size_t n = 0;

	while (n < s.n && n < 256 && host_char(s.p[n]))
		n++;
	return n > 0 && n < s.n && s.p[n] == ' ' && s.p[n - 1] != ':' && s.p[0] != '%' ? n : 0;
}

static bool tag_char(char c)
{
	switch (c) {
	case '_':
	case '.':
	case '/':
	case '+':
	case '@':
	case '-':
	case '(':
	case ')':
	case '%':
	case '$':
	case '\\':
		return true;
	default:
		return ascii_alpha(c) || ascii_digit(c) || (unsigned char)c >= 0x80;
	}
}

/* "tag[pid] <level>:", each part but the tag optional. How far it goes, 0 when there is none. */
static size_t take_tag(struct str s, struct str *tag, struct str *pid)
{
	size_t i = 0, n;

	*pid = (struct str){ NULL, 0 };
	while (i < s.n && i < 128 && tag_char(s.p[i]))
		i++;
	*tag = str_sub(s, 0, i);
	if (i == 0 || i == s.n)
		return 0;
	if (s.p[i] == '[') {
		n = str_find_char(str_sub(str_skip(s, i), 0, 64), ']');
		if (i + n >= s.n || s.p[i + n] != ']')
			return 0;
		*pid = str_sub(s, i + 1, i + n);
		i += n + 1;
		if (str_starts(str_skip(s, i), STR(" <"))) {
			n = str_find_char(str_sub(str_skip(s, i), 0, 24), '>');
			if (i + n + 1 < s.n && s.p[i + n] == '>' && s.p[i + n + 1] == ':')
				i += n + 1;
		}
	}
	if (i < s.n && s.p[i] == ':')
		i++;
	else if (pid->p == NULL)
		return 0;
	while (i < s.n && s.p[i] == ' ')
		i++;
	return i;
}

/* A tag without a colon (RFC 3164 section 4.1.3): the message keeps it. */
static struct str bare_tag(struct str s)
{
	size_t i = 0;

	while (i < s.n && i < 64 &&
	       ((s.p[i] >= 'a' && s.p[i] <= 'z') || ascii_digit(s.p[i]) || s.p[i] == '_' ||
		s.p[i] == '-' || s.p[i] == '.' || s.p[i] == '/'))
		i++;
	bool told = i > 1 && i < s.n && s.p[i] == ' ' && !str_starts(s, STR("last message")) &&
		    !str_starts(s, STR("message repeated"));
	return told ? str_sub(s, 0, i) : (struct str){ NULL, 0 };
}

/* Behind the host: formats that begin at once are not cut by a tag ("CEF:"). */
static void read_content(struct build *b, struct str s)
{
	struct str tag = { NULL, 0 }, pid = { NULL, 0 };

	if (s.n == 0 || reader_inner(b, s, FORMAT_SURE))
		return;
	/* "%ASA-6-302013: " is the message's own head */
	if (s.p[0] == '%' && text_payload(b, s))
		return;
	size_t n = take_tag(s, &tag, &pid);
	if (n == 0)
		tag = bare_tag(s);
	b->program = tag;
	build_add_some(b, STR("appname"), tag);
	build_add_some(b, STR("procid"), pid);
	payload(b, str_skip(s, n));
}

/* The time, with what Cisco puts around it. 0 when there is none. */
static size_t take_stamp(struct build *b, struct str line, size_t at, bool *colon)
{
	struct stamp_at when = { b->zone, b->now };
	size_t from = skip_sequence(line, at), n;
	int64_t t;

	if (from < line.n && (line.p[from] == '*' || line.p[from] == '.'))
		from++;
	n = stamp_any(str_skip(line, from), &when, &t);
	if (n == 0)
		return 0;
	from += n;
	/* A zone name that says nothing without a table of the world's abbreviations. */
	size_t i = from + (from < line.n && line.p[from] == ' '), zone = i;
	while (i < line.n && i - zone < 5 && line.p[i] >= 'A' && line.p[i] <= 'Z')
		i++;
	if (i == zone) /* IOS takes any word for one */
		while (i < line.n && i - zone < 5 && ascii_alpha(line.p[i]))
			i++;
	if (i > zone && line.p[zone] >= 'a' && !str_starts(str_skip(line, i), STR(": %")))
		i = zone;
	if (i - zone >= 3 && i < line.n && line.p[i] == ':')
		from = i;
	*colon = from < line.n && line.p[from] == ':';
	from += *colon;
	if (from < line.n && line.p[from] != ' ')
		return 0;
	build_time(b, t);
	return from - at;
}

/* "host program[pid]: ", as some collectors leave it behind when they keep the time themselves. */
static bool headless(struct str line)
{
	size_t host = host_len(line);
	struct str tag, pid;

	return host > 0 && take_tag(str_skip(line, host + 1), &tag, &pid) > 0 && pid.n > 0 &&
	       ascii_digit(pid.p[0]);
}

/* FreeBSD's verbose syslogd puts "<facility.level>" before the host. */
static struct str skip_level(struct str s)
{
	size_t end = s.n > 0 && s.p[0] == '<' ? str_find(str_sub(s, 0, 24), STR("> ")) : s.n;

	if (end >= s.n || end >= 22 || str_find_char(str_sub(s, 0, end), '.') == end)
		return s;
	return str_skip(s, end + 2);
}

static bool read_3164(struct build *b, struct str line, size_t at, bool had_pri, struct err *why)
{
	bool colon = false; /* behind the time: no host follows */
	size_t n = take_stamp(b, line, at, &colon), host;

	if (n == 0 && !had_pri && !headless(line))
		return err_set(why, ERR_INPUT, at, "expected a priority or a time");
	if (n == 0)
		at = skip_sequence(line, at);
	at += n;
	while (at < line.n && line.p[at] == ' ')
		at++;
	struct str rest = skip_level(str_skip(line, at));
	/* Without a time the first word is no host: "<13>something happened". Programs of their own
	 * write "yyyy-mm-dd hh:mm:ss WORD ...": there a host is one only with a tag behind it. */
	host = n > 0 ? (colon ? 0 : host_len(rest)) : (had_pri ? 0 : host_len(rest));
	if (host > 0 && n > 0 && !had_pri && line.n > 10 && line.p[4] == '-' && line.p[10] != 'T') {
		struct str tag, pid;

		if (take_tag(str_skip(rest, host + 1), &tag, &pid) == 0)
			host = 0;
	}
	if (host > 0) {
		b->host = str_sub(rest, 0, host);
		build_add(b, STR("hostname"), b->host);
		rest = str_skip(rest, host);
	}
	while (rest.n > 0 && (rest.p[0] == ' ' || (rest.p[0] == ':' && host > 0)))
		rest = str_skip(rest, 1);
	read_content(b, rest);
	return true;
}

bool syslog_read(struct build *b, struct str record, struct err *why)
{
	unsigned pri = 0;
	size_t at = priority(record, &pri);

	b->framed = true;

	if (at > 0)
		add_priority(b, pri);
	struct str rest = str_skip(record, at);
	if (at > 0 && rest.n > 2 && ascii_digit(rest.p[0]) && rest.p[1] == ' ' &&
	    (rest.p[2] == '-' || ascii_digit(rest.p[2])))
		return read_5424(b, record, at + 2, why);
	if (at == 0 && bare_5424(record) < record.n)
		return read_5424(b, record, bare_5424(record), why);
	return read_3164(b, record, at, at > 0, why);
}

/* '0' a digit, 'a' a letter, else itself. */
static bool like(struct str s, const char *form)
{
	size_t n = strlen(form);

	for (size_t i = 0; i < n; i++) {
		char c = i < s.n ? s.p[i] : '\0';

		if (form[i] == '0'   ? !ascii_digit(c)
		    : form[i] == 'a' ? !ascii_alpha(c)
				     : c != form[i])
			return false;
	}
	return true;
}

/* "Mar  9 22:14:15", which nearly every line without a priority begins with. */
static bool is_bsd_time(struct str s)
{
	return (like(s, "aaa 00 00:00:00") || like(s, "aaa  0 00:00:00") ||
		like(s, "aaa 0 00:00:00")) &&
	       month_of(str_sub(s, 0, 3)) > 0;
}

int syslog_probe(struct str record)
{
	struct stamp_at when = { NULL, 0 };
	unsigned pri;
	int64_t t;
	size_t n;

	if (priority(record, &pri) > 0)
		return 95;
	if (record.n < 15 || (!ascii_digit(record.p[0]) && !ascii_alpha(record.p[0])))
		return 0;
	if (is_bsd_time(record))
		return 80;
	if (bare_5424(record) < record.n)
		return 60;
	/* "681: *Aug 17 17:41:24.776 AEST: ", as Cisco numbers what it writes */
	n = skip_sequence(record, 0);
	if (n > 0 && is_bsd_time(str_skip(record, n + (record.p[n] == '*' || record.p[n] == '.'))))
		return 70;
	n = stamp_any(record, &when, &t);
	if (n == 0)
		return headless(record) ? 20 : 0;
	if (n >= record.n)
		return 0;
	if (record.p[n] != ' ' && record.p[n] != ':')
		return 0;
	/* A weekday first is what programs write into files of their own. */
	if (ascii_alpha(record.p[0]))
		return record.p[3] == ' ' && ascii_alpha(record.p[4]) ? 50 : 80;
	return record.p[10] == 'T' ? 60 : 30;
}
