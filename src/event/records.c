/* SPDX-License-Identifier: Apache-2.0 */
/*
 * records.c - where one record ends and the next begins.
 *
 * Five shapes: a line; the auditd lines of one event id; a JSON object, over lines or in an array
 * of objects; an <Event> in a list of them; a row of a table, one of whose cells goes over lines. Nothing is kept between calls, so what spans lines is capped at RECORD_SPAN_MAX: a
 * sender of single bytes cannot make us read a large document again and again.
 *
 * Invariant: a record lies whole in *rest, and *rest only moves forward.
 */
#include "event/cells.h"
#include "event/json.h"
#include "event/reader.h"
#include "event/xml.h"

enum { RECORD_SPAN_MAX = 1 << 20 };

static const struct str bom = { "\xef\xbb\xbf", 3 };

/* The line at the front without its end; *whole: its LF is there. */
static struct str front_line(struct str s, bool *whole)
{
	size_t n = str_find_char(s, '\n');
	struct str line = str_sub(s, 0, n);

	*whole = n < s.n;
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

static size_t skip_space(struct str s, size_t at)
{
	while (at < s.n && ascii_space(s.p[at]))
		at++;
	return at;
}

/* Blank lines, a byte order mark, and what stands between the objects of an array. */
static size_t skip_between(struct str s)
{
	size_t at = 0, next;

	for (;;) {
		at = skip_space(s, at);
		if (str_starts(str_skip(s, at), bom)) {
			at += bom.n;
			continue;
		}
		if (at < s.n && s.p[at] == '<' && xml_between(str_skip(s, at)) > 0) {
			at += xml_between(str_skip(s, at));
			continue;
		}
		if (at == s.n || (s.p[at] != '[' && s.p[at] != ',' && s.p[at] != ']'))
			return at;
		next = skip_space(s, at + 1);
		if (s.p[at] == ']' && next > at + 1 && memchr(s.p + at, '\n', next - at) != NULL) {
			at = next;
			continue;
		}
		if (next == s.n || s.p[next] != '{')
			return at;
		at = next;
	}
}

enum found { FOUND, MORE, NONE };

/* Behind an object: does its line end here, or go on with the next object of an array? */
static enum found object_ends(struct str s, size_t at, bool last, size_t *after)
{
	size_t next;

	while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t' || s.p[at] == '\r'))
		at++;
	*after = at;
	if (at == s.n)
		return last ? FOUND : MORE;
	if (s.p[at] == '\n' || s.p[at] == '{')
		return FOUND;
	if (s.p[at] != ',' && s.p[at] != ']')
		return NONE;
	next = skip_space(s, at + 1);
	*after = next;
	if (memchr(s.p + at, '\n', next - at) != NULL)
		return FOUND;
	if (next == s.n)
		return last ? FOUND : MORE;
	return s.p[next] == '{' || s.p[next] == ']' ? FOUND : NONE;
}

/* Does a second object begin behind the end of another? Braces in strings may say yes wrongly. */
static bool has_second(struct str line)
{
	for (size_t at = 1; at < line.n; at++) {
		size_t back = at += str_find_char(str_skip(line, at), '{');

		while (back > 0 && (line.p[back - 1] == ' ' || line.p[back - 1] == '\t' ||
				    line.p[back - 1] == ',' || line.p[back - 1] == ']'))
			back--;
		if (at < line.n && back > 0 && line.p[back - 1] == '}')
			return true;
	}
	return false;
}

/* JSON lines, seen by their ends: one object from '{' to '}', the next one behind it. */
static bool is_json_line(struct str s, struct str line, bool last)
{
	struct str next = str_skip(s, str_find_char(s, '\n') + 1);

	if (line.n == 0 || line.p[line.n - 1] != '}' || (next.n > 0 ? next.p[0] != '{' : !last))
		return false;
	return !has_second(line);
}

static enum found take_json(struct str *rest, bool last, struct str *out)
{
	struct str s = *rest;
	size_t end, after;
	bool whole_line;
	struct str line = front_line(s, &whole_line);

	if (!whole_line && !last)
		return MORE;
	if (is_json_line(s, line, last)) {
		*out = line;
		*rest = str_skip(s, str_find_char(s, '\n') + 1);
		return FOUND;
	}
	switch (json_extent(str_sub(s, 0, line.n > RECORD_SPAN_MAX ? line.n : RECORD_SPAN_MAX),
			    &end)) {
	case JSON_BAD:
		return NONE;
	case JSON_MORE:
		return last || s.n >= RECORD_SPAN_MAX ? NONE : MORE;
	case JSON_WHOLE:
	default:
		break;
	}
	enum found found = object_ends(s, end, last, &after);
	if (found != FOUND)
		return found;
	*out = str_sub(s, 0, end);
	*rest = str_skip(s, after);
	return FOUND;
}

/* "type=X msg=audit(ID):", "node=" before it allowed: the ID, or an empty view. */
static struct str audit_id(struct str line, struct str *type)
{
	struct str head = str_sub(line, 0, 512), s = head;

	if (str_starts(s, STR("node=")))
		s = str_skip(s, str_find_char(s, ' ') + 1);
	if (!str_starts(s, STR("type=")))
		return (struct str){ NULL, 0 };
	*type = str_sub(s, 5, str_find_char(s, ' '));
	s = str_skip(s, 5 + type->n + 1);
	if (!str_starts(s, STR("msg=audit(")))
		return (struct str){ NULL, 0 };
	s = str_skip(s, STR("msg=audit(").n);
	return str_sub(s, 0, str_find_char(s, ')'));
}

/* The kernel ends an event with one of these; user space writes single records. */
static bool audit_ends(struct str type)
{
	static const struct str last[] = { STR("EOE"), STR("PROCTITLE"), STR("LOGIN") };

	for (size_t i = 0; i < COUNT(last); i++)
		if (str_eq(type, last[i]))
			return true;
	return str_starts(type, STR("USER_")) || str_starts(type, STR("CRED_")) ||
	       str_starts(type, STR("SERVICE_")) || str_starts(type, STR("CRYPTO_")) ||
	       str_starts(type, STR("DAEMON_"));
}

static enum found take_audit(struct str *rest, bool last, struct str *out)
{
	struct str s = *rest, type, other, id;
	size_t end = 0;
	bool whole;
	struct str line = front_line(s, &whole);

	id = audit_id(line, &type);
	if (id.n == 0)
		return NONE;
	while (whole || last) {
		struct str next = str_skip(s, (size_t)(line.p - s.p) + line.n);

		end = (size_t)(line.p - s.p) + line.n;
		next = str_skip(next, str_find_char(next, '\n') + 1);
		if (audit_ends(type) || next.n == 0 || end > RECORD_SPAN_MAX) {
			if (!audit_ends(type) && next.n == 0 && !last)
				return MORE;
			break;
		}
		line = front_line(next, &whole);
		if (!whole && !last)
			return MORE;
		other = audit_id(line, &type);
		if (!str_eq(id, other))
			break;
	}
	if (end == 0)
		return MORE;
	*out = str_sub(s, 0, end);
	s = str_skip(s, end);
	*rest = str_skip(s, str_find_char(s, '\n') + 1);
	return FOUND;
}

static enum found take_xml(struct str *rest, bool last, struct str *out)
{
	size_t end;

	switch (xml_event_extent(*rest, RECORD_SPAN_MAX, &end)) {
	case XML_NONE:
		return NONE;
	case XML_MORE:
		return last ? NONE : MORE;
	case XML_WHOLE:
	default:
		break;
	}
	*out = str_sub(*rest, 0, end);
	*rest = str_skip(*rest, end);
	return FOUND;
}

static enum found take_line(struct str *rest, bool last, struct str *out)
{
	bool whole;
	struct str line = front_line(*rest, &whole);

	size_t end;

	if (!whole && !last)
		return MORE;
	switch (cells_extent(*rest, last, &end)) {
	case CELLS_MORE:
		return MORE;
	case CELLS_WHOLE:
		line = str_sub(*rest, 0, end);
		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		*out = line;
		*rest = str_skip(*rest, end + 1);
		return FOUND;
	case CELLS_NONE:
	default:
		break;
	}
	*out = line;
	*rest = str_skip(*rest, str_find_char(*rest, '\n') + 1);
	return FOUND;
}

bool records_next(struct str *rest, bool last, struct str *out, bool *cut)
{
	struct str s = str_skip(*rest, skip_between(*rest));
	enum found found = NONE;

	*cut = false;
	if (last && s.n > 0 && s.p[0] == ']' && skip_space(s, 1) == s.n)
		s = str_skip(s, s.n); /* the end of an array of objects */
	*rest = s;
	if (s.n == 0)
		return false;
	/* A bracket or comma alone: what follows tells whether an object does. */
	if (!last && (s.p[0] == '[' || s.p[0] == ',') && s.n < RECORD_SPAN_MAX &&
	    skip_space(s, 1) == s.n)
		return false;
	if (s.p[0] == '{')
		found = take_json(rest, last, out);
	else if (s.p[0] == '<')
		found = take_xml(rest, last, out);
	else if (s.p[0] == 't' || s.p[0] == 'n')
		found = take_audit(rest, last, out);
	if (found == NONE)
		found = take_line(rest, last, out);
	if (found == MORE && s.n <= EVENT_MAX_RAW)
		return false;
	if (found == MORE) {
		*out = s;
		*rest = str_skip(s, s.n);
	}
	if (out->n > EVENT_MAX_RAW) {
		*rest = str_skip(s, EVENT_MAX_RAW);
		*out = str_sub(s, 0, EVENT_MAX_RAW);
		*cut = true;
	}
	return true;
}
