/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xml.c - elements to fields: each leaf is one, each attribute is one.
 *
 * Invariant: level[depth] says where the children of the open element stand. A text is kept until its
 * element closes.
 */
#include "event/xml.h"

#include "base/utf8.h"
#include "base/xml.h"
#include "event/xml_path.h"

struct level {
	struct xml_at at;
	bool kids; /* a child was seen */
	bool attrs;
	bool data; /* <Data>: one that is empty is an empty text */
};

struct doc {
	struct build *b;
	struct level level[XML_EVENT_DEPTH + 1];
	size_t depth; /* open elements */
	struct xml_path path;
	char *text; /* of the open element, in the arena */
	size_t text_n, text_cap;
};

static struct str local_name(struct str name)
{
	size_t colon = str_find_char(name, ':');

	return colon < name.n ? str_skip(name, colon + 1) : name;
}

static void add(struct doc *d, const struct level *at, struct str suffix, struct str val,
		enum field_type type)
{
	struct build *b = d->b;
	struct str path = xml_path_str(&d->path, &at->at);
	size_t n = path.n;
	char *p;

	if (b->n == EVENT_MAX_FIELDS || (p = arena_bytes(b->a, n + suffix.n + 1)) == NULL) {
		b->ev.partial = true;
		return;
	}
	memcpy(p, path.p, n);
	if (suffix.n > 0 && n > 0)
		p[n++] = '_';
	if (suffix.n > 0)
		memcpy(p + n, suffix.p, suffix.n);
	n += suffix.n;
	build_add_bare(b, (struct str){ p, n }, xml_path_bare(&at->at), val, type);
}

static struct str kept(struct doc *d, struct str s)
{
	struct str copy = arena_str(d->b->a, s);

	if (copy.p == NULL)
		d->b->ev.partial = true;
	return copy.p == NULL ? STR("") : copy;
}

static bool is_xmlns(struct str name)
{
	return str_starts(name, STR("xmlns")) && (name.n == 5 || name.p[5] == ':');
}

/* What was read of a text that has elements behind it; blanks between elements are none. */
static void give_text(struct doc *d)
{
	struct str text = { d->text, d->text_n };

	if (str_trim(text).n > 0 && d->depth > 0)
		add(d, &d->level[d->depth], (struct str){ NULL, 0 }, text, FIELD_STRING);
	d->text_n = d->text_cap = 0;
	d->text = NULL;
}

static bool on_open(void *ctx, struct str name, const struct xml_attr *attrs, size_t n,
		    struct err *why)
{
	struct doc *d = ctx;
	struct str data = { NULL, 0 };
	struct level in = { 0 };

	give_text(d);
	if (d->depth == XML_EVENT_DEPTH)
		return err_set(why, ERR_LIMIT, 0, "nested deeper than %d", XML_EVENT_DEPTH);
	name = local_name(name);
	if (d->depth == 0)
		d->path.windows = str_eq(name, STR("Event"));
	bool is_data = xml_path_is_data(&d->path, d->depth, name);
	for (size_t i = 0; is_data && i < n; i++)
		if (str_eq(attrs[i].name, STR("Name")))
			data = attrs[i].val;
	in.at = xml_path_enter(&d->path, &d->level[d->depth].at, d->depth, name, data);
	in.data = is_data;
	d->b->ev.partial = d->b->ev.partial || d->path.cut;
	d->level[d->depth].kids = true;
	d->level[++d->depth] = in;
	for (size_t i = 0; i < n; i++) {
		if (is_xmlns(attrs[i].name) || (is_data && str_eq(attrs[i].name, STR("Name"))))
			continue;
		d->level[d->depth].attrs = true;
		add(d, &d->level[d->depth], attrs[i].name, kept(d, attrs[i].val), FIELD_STRING);
	}
	return true;
}

static bool on_text(void *ctx, struct str text, struct err *why)
{
	struct doc *d = ctx;

	if (text.n > XML_TEXT_MAX - d->text_n)
		return err_set(why, ERR_LIMIT, 0, "longer than %d bytes", XML_TEXT_MAX);
	if (text.n > d->text_cap - d->text_n) {
		/* one piece is the rule; more pieces get room for as much again */
		size_t cap = d->text_n == 0 ? text.n : 2 * (d->text_n + text.n);
		char *p = arena_bytes(d->b->a, cap);

		if (p == NULL)
			return err_set(why, ERR_LIMIT, 0, "no memory");
		if (d->text_n > 0)
			memcpy(p, d->text, d->text_n);
		d->text = p;
		d->text_cap = cap;
	}
	memcpy(d->text + d->text_n, text.p, text.n);
	d->text_n += text.n;
	return true;
}

static bool on_close(void *ctx, struct str name, struct err *why)
{
	struct doc *d = ctx;
	struct level *at = &d->level[d->depth];
	struct str text = { d->text, d->text_n };

	(void)name, (void)why;
	/* blanks over lines are how the document was laid out */
	if (str_trim(text).n == 0 && memchr(text.n > 0 ? text.p : "", '\n', text.n) != NULL)
		text.n = 0;
	if (text.n > 0 && (!at->kids || str_trim(text).n > 0))
		add(d, at, (struct str){ NULL, 0 }, text, FIELD_STRING);
	else if (!at->kids && at->data)
		add(d, at, (struct str){ NULL, 0 }, STR(""), FIELD_STRING);
	else if (!at->kids && !at->attrs && d->depth > 1)
		add(d, at, (struct str){ NULL, 0 }, STR(""), FIELD_NULL);
	d->text_n = d->text_cap = 0;
	d->text = NULL;
	d->depth--;
	return true;
}

/* --- what is no XML and yet sent --- */

/* XML 1.0 section 2.2: Char. */
static bool allowed(uint32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0xd800) ||
	       (c >= 0xe000 && c <= 0x10ffff && c != 0xfffe && c != 0xffff);
}

/* "&lt;" at the front, or "&lt ": Sysmon for Linux, whose semicolons get lost. An empty view for none. */
static struct str named(struct str s)
{
	static const struct str names[] = { STR("&lt;"), STR("&gt;"), STR("&amp;"), STR("&quot;"),
					    STR("&apos;") };

	for (size_t i = 0; i < COUNT(names); i++) {
		size_t n = names[i].n - 1;

		if (s.n > n && str_starts(s, str_sub(names[i], 0, n)) &&
		    (s.p[n] == ';' || s.p[n] == ' '))
			return names[i];
	}
	return (struct str){ NULL, 0 };
}

/* "&#x1;" at `at`: how long, 0 for none; *ok: XML allows what it means. */
static size_t numbered(struct str s, size_t at, bool *ok)
{
	struct str rest = str_sub(s, at, at + 12);
	size_t end = str_find_char(rest, ';');
	uint32_t c = 0;

	if (end == rest.n || end < 3 || rest.p[1] != '#')
		return 0;
	bool hex = rest.p[2] == 'x';
	for (size_t i = hex ? 3 : 2; i < end; i++) {
		char x = ascii_lower(rest.p[i]);
		uint32_t v = ascii_digit(x)                ? (uint32_t)(x - '0')
			     : hex && x >= 'a' && x <= 'f' ? (uint32_t)(x - 'a') + 10
							   : 99;

		if (v == 99 || c > 0x10ffff)
			return 0;
		c = c * (hex ? 16 : 10) + v;
	}
	*ok = allowed(c) && end > (hex ? 3 : 2);
	return end + 1;
}

/* What stands for the piece of `s` at *at, which is stepped over; U+FFFD for what XML does not allow. */
static struct str mended_piece(struct str s, size_t *at, bool *lost)
{
	struct str piece = named(str_skip(s, *at));
	size_t from = *at, n;
	uint32_t c = 0;
	bool ok = true;

	if (s.p[from] != '&') {
		*at = utf8_next(s, from, &c);
		ok = c != UTF8_BAD && allowed(c);
	} else if (piece.n > 0) {
		*at += piece.n;
		return piece;
	} else {
		n = numbered(s, from, &ok);
		ok = ok && n > 0;
		*at += n > 0 ? n : 1;
	}
	*lost = *lost || !ok;
	return ok ? str_sub(s, from, *at) : STR("\xef\xbf\xbd");
}

/* `s` as XML would have it; p NULL when the arena is full. */
static struct str mended(struct arena *a, struct str s, bool *lost)
{
	char *out = arena_bytes(a, 3 * s.n);
	size_t n = 0, at = 0;

	while (out != NULL && at < s.n) {
		struct str piece = mended_piece(s, &at, lost);

		memcpy(out + n, piece.p, piece.n);
		n += piece.n;
	}
	return (struct str){ out, out == NULL ? 0 : n };
}

/* --- the record --- */

static size_t declaration(struct str s)
{
	size_t end = str_starts(s, STR("<?xml")) ? str_find(str_sub(s, 0, 256), STR("?>")) : s.n;

	return end < s.n && end < 256 ? end + 2 : 0;
}

/* The document behind a byte order mark and its declaration, which some write badly. */
static struct str document(struct str s)
{
	s = str_trim(s);
	if (str_starts(s, STR("\xef\xbb\xbf")))
		s = str_skip(s, 3);
	return str_trim(str_skip(s, declaration(s)));
}

static bool parse(struct build *b, struct str text, bool *windows, struct err *why)
{
	struct doc d = { .b = b };
	struct xml_calls calls = { &d, on_open, on_text, on_close };

	d.b = b;
	if (b->xml == NULL)
		b->xml = xml_new();
	if (b->xml == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	bool ok = xml_begin(b->xml, &calls, why) && xml_feed(b->xml, text, true, why);
	if (!ok)
		give_text(&d);
	*windows = d.path.windows;
	return ok;
}

bool xml_read(struct build *b, struct str record, struct err *why)
{
	struct str text = document(record), again;
	uint32_t from = b->n;
	bool windows = false, lost = false;

	if (text.n == 0 || text.p[0] != '<')
		return err_set(why, ERR_INPUT, 0, "expected XML");
	if (parse(b, text, &windows, why))
		return true;
	if (!xml_cut(b->xml)) {
		b->n = from;
		again = mended(b->a, text, &lost);
		if (again.p != NULL && parse(b, again, &windows, NULL)) {
			b->ev.partial = b->ev.partial || lost;
			return true;
		}
	}
	if (!windows || b->n == from) {
		if (why != NULL)
			why->at += (size_t)(text.p - record.p);
		return false;
	}
	b->ev.partial = true;
	return true;
}

static bool starts_element(struct str s, struct str name)
{
	char c;

	if (s.n < name.n + 2 || s.p[0] != '<' || !str_starts(str_skip(s, 1), name))
		return false;
	c = s.p[name.n + 1];
	return c == '>' || c == '/' || ascii_space(c);
}

int xml_probe(struct str record)
{
	struct str text;

	if (record.n < 4 ||
	    (record.p[0] != '<' && record.p[0] != '\xef' && !ascii_space(record.p[0])))
		return 0;
	text = document(record);
	if (starts_element(text, STR("Event")) || starts_element(text, STR("EPOevent")) ||
	    starts_element(text, STR("EPOEvent")))
		return 95;
	return text.n > 2 && text.p[0] == '<' && ascii_alpha(text.p[1]) && declaration(record) > 0
		       ? 60
		       : 0;
}

enum xml_extent xml_event_extent(struct str text, size_t cap, size_t *end)
{
	static const struct str close = STR("</Event>");
	size_t at;

	if (text.n < STR("<Event>").n)
		return str_starts(STR("<Event"), text) ? XML_MORE : XML_NONE;
	if (!starts_element(text, STR("Event")))
		return XML_NONE;
	text = str_sub(text, 0, cap);
	at = str_find(text, close);
	if (at == text.n)
		return text.n == cap ? XML_NONE : XML_MORE;
	*end = at + close.n;
	return XML_WHOLE;
}

size_t xml_between(struct str text)
{
	/* of one line: whether more of it has come must not matter */
	text = str_sub(text, 0, str_find_char(text, '\n'));
	size_t n = declaration(text), end;

	if (n > 0)
		return n;
	if (str_starts(text, STR("</Events>")))
		return STR("</Events>").n;
	if (!starts_element(text, STR("Events")))
		return 0;
	end = str_find_char(str_sub(text, 0, 512), '>');
	return end < text.n && end < 512 ? end + 1 : 0;
}
