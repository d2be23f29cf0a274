/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.c - a recursive descent over the grammar of RFC 8259 that hands each leaf on as it is met.
 *
 * Invariant: `at` only grows and never passes s.n, so every loop ends and no read leaves the text.
 * `ended` tells a fault that more bytes could mend from one that they could not.
 */
#include "event/json.h"

#include "base/num.h"

struct place {
	size_t len;   /* of the path so far, separator included */
	uint8_t bare; /* where the name that rules use begins */
	bool evtx;    /* below "Event": attributes are joined by '_' */
	bool twice;   /* the texts below were escaped twice */
};

struct parser {
	struct str s;
	size_t at;
	struct build *b; /* NULL: only the extent is asked for */
	struct err *why;
	bool ended;
	char path[JSON_PATH_MAX];
};

/* No message where none is wanted; the 0 is there only because gcc asks for an argument. */
static bool fail(struct parser *p, const char *fmt) __attribute__((format(printf, 2, 0)));
static bool fail(struct parser *p, const char *fmt)
{
	if (p->at == p->s.n)
		p->ended = true;
	return p->why == NULL ? false : err_set(p->why, ERR_INPUT, p->at, fmt, 0);
}

/* RFC 8259 section 2: ws. */
static void blanks(struct parser *p)
{
	while (p->at < p->s.n && ascii_space(p->s.p[p->at]))
		p->at++;
}

/* Four hexadecimal digits behind "\u". */
static bool hex4(struct parser *p, uint32_t *out)
{
	uint64_t v;

	for (size_t end = p->at + 4; p->at < end; p->at++) {
		if (p->at == p->s.n || !num_parse_hex(str_sub(p->s, p->at, p->at + 1), 15, &v))
			return fail(p, "expected a hexadecimal digit");
	}
	if (!num_parse_hex(str_sub(p->s, p->at - 4, p->at), 0xffff, &v))
		return fail(p, "expected a hexadecimal digit");
	*out = (uint32_t)v;
	return true;
}

/* RFC 8259 section 7: what stands behind a backslash, but 'u'. */
static const char escapes[256] = {
	['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
	['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t',
};

/* Behind a backslash: check one escape and step over it. */
static bool skip_escape(struct parser *p)
{
	uint32_t v;

	if (p->at == p->s.n)
		return fail(p, "no such escape in a JSON string");
	if (p->s.p[p->at] == 'u') {
		p->at++;
		return hex4(p, &v);
	}
	if (escapes[(unsigned char)p->s.p[p->at]] == '\0')
		return fail(p, "no such escape in a JSON string");
	p->at++;
	return true;
}

static size_t put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* The value of four digits that were checked before. */
static uint32_t unit_at(struct str s, size_t at)
{
	uint64_t v = 0xfffd;

	if (!num_parse_hex(str_sub(s, at, at + 4), 0xffff, &v))
		return 0xfffd;
	return (uint32_t)v;
}

/* RFC 8259 section 7: one code point from "uXXXX" at s.p[*at], surrogates joined. */
static uint32_t code_point(struct str s, size_t *at)
{
	uint32_t c = unit_at(s, *at + 1), low;

	*at += 5;
	if (c < 0xd800 || c > 0xdfff)
		return c;
	if (c > 0xdbff || *at + 6 > s.n || s.p[*at] != '\\' || s.p[*at + 1] != 'u')
		return 0xfffd;
	low = unit_at(s, *at + 2);
	if (low < 0xdc00 || low > 0xdfff)
		return 0xfffd;
	*at += 6;
	return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
}

/* The text of a checked string body with its escapes resolved; never longer than the body. */
static struct str unescape(struct build *b, struct str body)
{
	char *out = arena_bytes(b->a, body.n + JSON_SLACK);
	size_t n = 0, at = 0;

	if (out == NULL) {
		b->ev.partial = true;
		return body;
	}
	for (;;) {
		size_t from = at;

		at = json_copy_plain(body, at, out + n);
		n += at - from;
		if (at++ == body.n)
			break;
		if (at == body.n)
			out[n++] = '\\';
		else if (body.p[at] == 'u')
			n += put_utf8(out + n, code_point(body, &at));
		else
			out[n++] = escapes[(unsigned char)body.p[at++]];
	}
	return (struct str){ out, n };
}

/* RFC 8259 section 7: string, from behind its opening quote. */
static bool string(struct parser *p, struct str *out)
{
	size_t from = p->at;
	bool escaped = false;

	for (;;) {
		p->at = json_plain(p->s, p->at);
		if (p->at == p->s.n)
			return fail(p, "unclosed quote");
		if (p->s.p[p->at] == '"')
			break;
		if (p->s.p[p->at] != '\\')
			return fail(p, "control character in a JSON string");
		escaped = true;
		p->at++;
		if (!skip_escape(p))
			return false;
	}
	*out = str_sub(p->s, from, p->at++);
	if (escaped && p->b != NULL && p->b->n < EVENT_MAX_FIELDS)
		*out = unescape(p->b, *out);
	return true;
}

static bool digits(struct parser *p)
{
	size_t from = p->at;

	while (p->at < p->s.n && ascii_digit(p->s.p[p->at]))
		p->at++;
	return p->at > from || fail(p, "expected a digit");
}

/* RFC 8259 section 6: number. */
static bool number(struct parser *p, enum field_type *type)
{
	*type = FIELD_INT;
	if (p->s.p[p->at] == '-')
		p->at++;
	if (p->at < p->s.n && p->s.p[p->at] == '0')
		p->at++;
	else if (!digits(p))
		return false;
	if (p->at < p->s.n && p->s.p[p->at] == '.') {
		*type = FIELD_FLOAT;
		p->at++;
		if (!digits(p))
			return false;
	}
	if (p->at < p->s.n && (p->s.p[p->at] == 'e' || p->s.p[p->at] == 'E')) {
		*type = FIELD_FLOAT;
		p->at++;
		if (p->at < p->s.n && (p->s.p[p->at] == '+' || p->s.p[p->at] == '-'))
			p->at++;
		return digits(p);
	}
	return true;
}

static bool literal(struct parser *p, struct str word)
{
	for (size_t i = 0; i < word.n; i++, p->at++)
		if (p->at == p->s.n || p->s.p[p->at] != word.p[i])
			return fail(p, "expected a JSON value");
	return true;
}

/*
 * The envelopes that Windows events travel in: what follows them is the name that rules use. An
 * envelope of one more part ("Event.UserData.LogFileCleared.") ends behind its next dot.
 */
static uint8_t envelope(struct str path, uint8_t above)
{
	static const struct {
		struct str prefix;
		bool one_more;
	} known[] = {
		{ STR("Event.System."), false },       { STR("Event.EventData."), false },
		{ STR("Event.UserData."), true },      { STR("Event.ProcessingErrorData."), false },
		{ STR("winlog.event_data."), false },  { STR("winlog.user_data."), false },
		{ STR("data.win.eventdata."), false }, { STR("data.win.system."), false },
		{ STR("EventData."), false },          { STR("event_data."), false },
		{ STR("winlog_event_data."), false },  { STR("office365."), false },
		{ STR("data.office365."), false },     { STR("o365.audit."), false },
		{ STR("o365audit."), false },
	};

	for (size_t i = 0; i < COUNT(known); i++) {
		if (!str_starts(path, known[i].prefix))
			continue;
		size_t at = known[i].prefix.n;

		if (known[i].one_more)
			at += str_find_char(str_skip(path, at), '.') + 1;
		return (uint8_t)(at <= path.n && at <= UINT8_MAX ? at : known[i].prefix.n);
	}
	return above;
}

/* Graylog has no nested names, and GELF puts a '_' before those of its own ("_EventID", unlike the journal's
 * "_PID"): what follows is the name that rules use. */
static uint8_t flat_envelope(struct str key)
{
	static const struct str known[] = { STR("winlogbeat_winlog_event_data_"),
					    STR("winlogbeat_event_data_"),
					    STR("winlog_event_data_") };

	for (size_t i = 0; i < COUNT(known); i++)
		if (str_starts(key, known[i]) && key.n > known[i].n)
			return (uint8_t)known[i].n;
	return key.n > 2 && key.p[0] == '_' && key.p[1] >= 'A' && key.p[1] <= 'Z' &&
	       key.p[2] >= 'a' && key.p[2] <= 'z';
}

/* Where the last part of a path begins. */
static uint8_t last_part(struct str path)
{
	size_t at = path.n;

	while (at > 0 && path.p[at - 1] != '.')
		at--;
	return at <= UINT8_MAX ? (uint8_t)at : 0;
}

/* An empty part of an event, or an attribute of one, has its own name ("EventData_Name"). */
static uint8_t bare_of(const struct place *in, struct str name)
{
	static const struct str event = STR("Event.");
	static const struct str message = STR("Event.RenderingInfo.Message");

	if (in->len == 0)
		return flat_envelope(name);
	if (in->evtx && str_eq(name, message))
		return (uint8_t)in->len;
	if (in->evtx && in->len == event.n &&
	    (str_starts(name, STR("Event.EventData")) || str_starts(name, STR("Event.UserData"))))
		return (uint8_t)event.n;
	return in->bare;
}

/* Where the members of `key` stand: the path grows by the key and a separator. */
static struct place enter(struct parser *p, struct place in, struct str key)
{
	struct place out = in;
	char sep = '.';

	if (in.evtx && str_eq(key, STR("#text")))
		return in;
	if (in.evtx && in.len > 0 && str_eq(key, STR("#attributes"))) {
		p->path[in.len - 1] = '_';
		if (in.bare == in.len) /* the attribute keeps the name of its element */
			in.bare = last_part((struct str){ p->path, in.len - 1 });
		return in;
	}
	if (in.evtx && str_ends(key, STR("_attributes"))) {
		key = str_sub(key, 0, key.n - STR("_attributes").n);
		sep = '_';
	}
	if (in.len + key.n + 1 > sizeof p->path) {
		p->b->ev.partial = true;
		return in;
	}
	memcpy(p->path + in.len, key.p, key.n);
	p->path[in.len + key.n] = sep;
	out.len = in.len + key.n + 1;
	out.evtx = in.evtx || (in.len == 0 && str_eq(key, STR("Event")));
	out.bare = envelope((struct str){ p->path, out.len }, in.bare);
	out.twice = str_eq((struct str){ p->path, out.len }, STR("data.win.eventdata."));
	return out;
}

/* The whole name of a leaf: a view of its key at the top, a copy of the path below it. */
static struct str leaf_name(struct parser *p, struct place in, struct str key)
{
	struct str path = { p->path, in.len };
	char *out;

	if (in.evtx && in.len > 0 && str_eq(key, STR("#text"))) {
		path.n--;
		key.n = 0;
	}
	if (path.n == 0)
		return key;
	out = arena_bytes(p->b->a, path.n + key.n);
	if (out == NULL) {
		p->b->ev.partial = true;
		return key;
	}
	memcpy(out, path.p, path.n);
	/* Sigma names the data of an event without the blanks in it ("Threat Name"). */
	size_t n = path.n;
	for (size_t i = 0; i < key.n; i++)
		if (in.bare == 0 || key.p[i] != ' ')
			out[n++] = key.p[i];
	return (struct str){ out, n };
}

/* A value under a key: in an array the key stays the same and its name is made once. */
struct slot {
	struct place in;
	struct str key, name; /* name.p NULL until it is needed */
};

/* Wazuh escapes what its agents send once more: two backslashes stand for one. */
static struct str escaped_once(struct parser *p, struct str val)
{
	char *out = str_find_char(val, '\\') < val.n ? arena_bytes(p->b->a, val.n) : NULL;
	size_t n = 0;

	if (out == NULL)
		return val;
	for (size_t i = 0; i < val.n; i++) {
		if (val.p[i] == '\\' && i + 1 < val.n &&
		    (val.p[i + 1] == '\\' || val.p[i + 1] == '"'))
			i++;
		out[n++] = val.p[i];
	}
	return (struct str){ out, n };
}

static void leaf(struct parser *p, struct slot *slot, struct str val, enum field_type type)
{
	if (p->b == NULL)
		return;
	if (p->b->n == EVENT_MAX_FIELDS) {
		p->b->ev.partial = true; /* no name is made for what has no place */
		return;
	}
	if (slot->name.p == NULL)
		slot->name = leaf_name(p, slot->in, slot->key);
	if (slot->in.twice && type == FIELD_STRING)
		val = escaped_once(p, val);
	build_add_bare(p->b, slot->name, bare_of(&slot->in, slot->name), val, type);
}

static bool value(struct parser *p, struct slot *slot, int depth);

/* RFC 8259 section 4: one member, `slot` made from its key. */
static bool member(struct parser *p, struct place in, int depth)
{
	struct slot slot = { .in = in };
	size_t mark = in.len;
	char sep = mark > 0 ? p->path[mark - 1] : '\0';
	bool ok;

	blanks(p);
	if (p->at == p->s.n || p->s.p[p->at] != '"')
		return fail(p, "expected a key in quotes");
	p->at++;
	if (!string(p, &slot.key))
		return false;
	blanks(p);
	if (p->at == p->s.n || p->s.p[p->at] != ':')
		return fail(p, "expected ':'");
	p->at++;
	ok = value(p, &slot, depth);
	if (mark > 0)
		p->path[mark - 1] = sep;
	return ok;
}

/* RFC 8259 section 4: object, from behind its brace. */
static bool object(struct parser *p, struct slot *slot, int depth)
{
	struct place in = slot->in;

	blanks(p);
	if (p->at < p->s.n && p->s.p[p->at] == '}') {
		p->at++;
		leaf(p, slot, (struct str){ "", 0 }, FIELD_NULL);
		return true;
	}
	if (p->b != NULL && slot->key.p != NULL)
		in = enter(p, slot->in, slot->key);
	for (;;) {
		if (!member(p, in, depth))
			return false;
		blanks(p);
		if (p->at == p->s.n || (p->s.p[p->at] != ',' && p->s.p[p->at] != '}'))
			return fail(p, "expected ',' or '}'");
		if (p->s.p[p->at++] == '}')
			return true;
	}
}

/* RFC 8259 section 5: array, from behind its bracket. */
static bool array(struct parser *p, struct slot *slot, int depth)
{
	blanks(p);
	if (p->at < p->s.n && p->s.p[p->at] == ']') {
		p->at++;
		leaf(p, slot, (struct str){ "", 0 }, FIELD_NULL);
		return true;
	}
	for (;;) {
		if (!value(p, slot, depth))
			return false;
		blanks(p);
		if (p->at == p->s.n || (p->s.p[p->at] != ',' && p->s.p[p->at] != ']'))
			return fail(p, "expected ',' or ']'");
		if (p->s.p[p->at++] == ']')
			return true;
	}
}

static bool word(struct parser *p, struct slot *slot, struct str text, enum field_type type)
{
	if (!literal(p, text))
		return false;
	leaf(p, slot, type == FIELD_NULL ? (struct str){ "", 0 } : text, type);
	return true;
}

static bool scalar(struct parser *p, struct slot *slot)
{
	enum field_type type;
	size_t from = p->at;

	switch (p->s.p[p->at]) {
	case 't':
		return word(p, slot, STR("true"), FIELD_BOOL);
	case 'f':
		return word(p, slot, STR("false"), FIELD_BOOL);
	case 'n':
		return word(p, slot, STR("null"), FIELD_NULL);
	default:
		break;
	}
	if (p->s.p[p->at] != '-' && !ascii_digit(p->s.p[p->at]))
		return fail(p, "expected a JSON value");
	if (!number(p, &type))
		return false;
	leaf(p, slot, str_sub(p->s, from, p->at), type);
	return true;
}

/* RFC 8259 section 3: value. `depth` counts what is open around it. */
static bool value(struct parser *p, struct slot *slot, int depth)
{
	struct str text = { NULL, 0 };

	blanks(p);
	if (p->at == p->s.n)
		return fail(p, "expected a JSON value");
	char c = p->s.p[p->at];
	if ((c == '{' || c == '[') && depth == JSON_MAX_DEPTH)
		return p->why == NULL ? false
				      : err_set(p->why, ERR_LIMIT, p->at, "nested deeper than %d",
						JSON_MAX_DEPTH);
	if (c == '{') {
		p->at++;
		return object(p, slot, depth + 1);
	}
	if (c == '[') {
		p->at++;
		return array(p, slot, depth + 1);
	}
	if (c != '"')
		return scalar(p, slot);
	p->at++;
	if (!string(p, &text))
		return false;
	leaf(p, slot, text, FIELD_STRING);
	return true;
}

bool json_fields(struct build *b, struct str text, struct err *why)
{
	struct parser p;
	struct slot top = { .name = STR("message") };

	p.s = text;
	p.at = 0;
	p.b = b;
	p.why = why;
	p.ended = false;
	if (!value(&p, &top, 0))
		return false;
	blanks(&p);
	return p.at == text.n || fail(&p, "bytes behind the JSON value");
}

enum json_extent json_extent(struct str text, size_t *end)
{
	struct parser p;
	struct slot top = { .name = STR("message") };

	p.s = text;
	p.at = 0;
	p.b = NULL;
	p.why = NULL;
	p.ended = false;
	if (!value(&p, &top, 0))
		return p.ended ? JSON_MORE : JSON_BAD;
	*end = p.at;
	return JSON_WHOLE;
}

bool json_fields_below(struct build *b, struct str path, struct str text)
{
	struct parser p = { .b = b };
	struct slot top = { .name = { NULL, 0 } };
	uint32_t n = b->n;

	if (path.n == 0 || path.n >= sizeof p.path || path.n > UINT8_MAX)
		return false;
	p.s = text;
	memcpy(p.path, path.p, path.n);
	top.in = (struct place){ .len = path.n, .bare = (uint8_t)path.n };
	if (value(&p, &top, 0))
		return true;
	b->n = n;
	return false;
}
