/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evtx_tokens.c - invariant: `at` grows with each token and never passes `end`, which never passes
 * chunk_n.
 */
#include "event/evtx_tokens.h"

#include "base/num.h"
#include "event/evtx.h"

enum { NAME_HEAD = 8, DEF_HEAD = 24, INSTANCE_HEAD = 10 };

/* The tokens; 0x40 says that more of the same, or attributes, follow. */
enum {
	T_EOF = 0x00,
	T_OPEN = 0x01,
	T_OPENED = 0x02,
	T_CLOSE_EMPTY = 0x03,
	T_CLOSE = 0x04,
	T_TEXT = 0x05,
	T_ATTR = 0x06,
	T_CDATA = 0x07,
	T_CHAR = 0x08,
	T_ENTITY = 0x09,
	T_PI = 0x0a,
	T_PI_DATA = 0x0b,
	T_INSTANCE = 0x0c,
	T_VALUE = 0x0d,
	T_OPTIONAL = 0x0e,
	T_FRAGMENT = 0x0f,
	T_MORE = 0x40
};

static bool room(const struct evtx_tokens *t, uint32_t n)
{
	return t->end - t->at >= n;
}

bool evtx_name_read(const unsigned char *chunk, uint32_t chunk_n, uint32_t at, struct wide_str *out)
{
	if (chunk_n < NAME_HEAD || at > chunk_n - NAME_HEAD)
		return false;
	uint32_t n = load_le16(chunk + at + 6);

	if (n > EVTX_MAX_NAME || chunk_n - at - NAME_HEAD < 2 * n)
		return false;
	*out = (struct wide_str){ chunk + at + NAME_HEAD, n };
	return true;
}

/* The offset of a name, and the name itself where it stands here for the first time. */
static bool take_name(struct evtx_tokens *t, struct evtx_token *out)
{
	if (!room(t, 4))
		return false;
	uint32_t at = load_le32(t->chunk + t->at);

	out->name_at = t->at;
	t->at += 4;
	if (!evtx_name_read(t->chunk, t->chunk_n, at, &out->name))
		return false;
	out->name_here = at == t->at;
	uint32_t n = out->name_here ? NAME_HEAD + 2 * out->name.n + 2 : 0;
	if (!room(t, n))
		return false;
	t->at += n;
	return true;
}

static bool take_open(struct evtx_tokens *t, bool attrs, struct evtx_token *out)
{
	uint32_t n = t->dependency ? 6 : 4; /* and the size, which the tokens tell as well */

	if (t->start || t->depth == EVTX_MAX_DEPTH || t->elements == EVTX_MAX_ELEMENTS ||
	    !room(t, n))
		return false;
	t->at += n;
	if (!take_name(t, out) || !room(t, attrs ? 4 : 0))
		return false;
	t->at += attrs ? 4 : 0;
	t->depth++;
	t->elements++;
	t->start = true;
	t->attr = false;
	out->kind = EVTX_OPEN;
	return true;
}

/* Text behind a count of units; with `type` the type stands before it. */
static bool take_text(struct evtx_tokens *t, bool type, struct evtx_token *out)
{
	uint32_t head = type ? 3 : 2;

	if (!room(t, head) || (type && t->chunk[t->at] != EVTX_UTF16))
		return false;
	uint32_t n = 2 * (uint32_t)load_le16(t->chunk + t->at + head - 2);

	t->at += head;
	if (!room(t, n))
		return false;
	out->kind = EVTX_TEXT;
	out->p = t->chunk + t->at;
	out->len = n;
	t->at += n;
	return true;
}

/* XML 1.0 section 4.6; what else a log would have to declare comes out as U+FFFD. */
static uint16_t entity(struct wide_str name)
{
	static const struct {
		struct str name;
		uint16_t is;
	} known[] = { { STR("a\0m\0p\0"), '&' },
		      { STR("l\0t\0"), '<' },
		      { STR("g\0t\0"), '>' },
		      { STR("q\0u\0o\0t\0"), '"' },
		      { STR("a\0p\0o\0s\0"), '\'' } };
	struct str s = { (const char *)name.p, 2 * name.n };

	for (size_t i = 0; i < COUNT(known); i++)
		if (str_eq(s, known[i].name))
			return known[i].is;
	return 0xfffd;
}

static bool take_entity(struct evtx_tokens *t, struct evtx_token *out)
{
	if (!take_name(t, out))
		return false;
	out->kind = EVTX_CHAR;
	out->number = entity(out->name);
	return true;
}

static bool take_number(struct evtx_tokens *t, enum evtx_token_kind kind, struct evtx_token *out)
{
	uint32_t n = kind == EVTX_VALUE ? 3 : 2;

	if (!room(t, n))
		return false;
	out->kind = kind;
	out->number = load_le16(t->chunk + t->at);
	out->type = n == 3 ? t->chunk[t->at + 2] : 0;
	t->at += n;
	return true;
}

bool evtx_instance_read(const struct evtx_tokens *t, uint32_t at, uint32_t *offset,
			struct evtx_instance *out)
{
	struct evtx_instance in = { 0 };

	if (at > t->end || t->end - at < INSTANCE_HEAD + 4)
		return false;
	in.def = load_le32(t->chunk + at + 6);
	at += INSTANCE_HEAD;
	if (in.def == at) {
		if (t->end - at < DEF_HEAD)
			return false;
		uint32_t size = load_le32(t->chunk + at + 20);

		if (t->end - at - DEF_HEAD < size)
			return false;
		at += DEF_HEAD + size;
	}
	if (t->end - at < 4)
		return false;
	in.n = load_le32(t->chunk + at);
	in.values = at + 4;
	if (in.n > EVTX_MAX_VALUES || (t->end - in.values) / 4 < in.n)
		return false;
	in.data = in.values + 4 * in.n;
	in.end = in.data;
	for (uint32_t i = 0; i < in.n; i++) {
		if (offset != NULL)
			offset[i] = in.end;
		in.end += load_le16(t->chunk + in.values + 4 * i);
	}
	if (in.end > t->end) {
		in.end = t->end;
		in.cut = true;
	}
	*out = in;
	return true;
}

static bool take_instance(struct evtx_tokens *t, uint32_t at, struct evtx_token *out)
{
	struct evtx_instance in;

	if (t->start || !evtx_instance_read(t, at, NULL, &in))
		return false;
	t->at = in.end;
	out->kind = EVTX_INSTANCE;
	out->at = at;
	out->len = in.end;
	return true;
}

/* What may stand in the value of an attribute and in an element. */
static bool take_content(struct evtx_tokens *t, unsigned token, struct evtx_token *out)
{
	if (t->depth == 0 || (t->start && !t->attr))
		return false;
	switch (token) {
	case T_TEXT:
		return take_text(t, true, out);
	case T_CDATA:
		return take_text(t, false, out);
	case T_CHAR:
		return take_number(t, EVTX_CHAR, out);
	case T_ENTITY:
		return take_entity(t, out);
	case T_OPTIONAL:
		out->optional = true;
		return take_number(t, EVTX_VALUE, out);
	case T_VALUE:
		return take_number(t, EVTX_VALUE, out);
	default:
		return false;
	}
}

static bool take_attr(struct evtx_tokens *t, struct evtx_token *out)
{
	if (!t->start || !take_name(t, out))
		return false;
	t->attr = true;
	out->kind = EVTX_ATTR;
	return true;
}

static bool take_opened(struct evtx_tokens *t, bool empty, struct evtx_token *out)
{
	if (!t->start)
		return false;
	t->start = t->attr = false;
	t->closing = empty;
	out->kind = EVTX_OPENED;
	return true;
}

static bool take_close(struct evtx_tokens *t, struct evtx_token *out)
{
	if (t->start || t->depth == 0)
		return false;
	t->depth--;
	out->kind = EVTX_CLOSE;
	return true;
}

static bool take_pi(struct evtx_tokens *t, unsigned token, struct evtx_token *out)
{
	out->kind = EVTX_NAMED;
	if (token == T_PI)
		return !t->start && take_name(t, out);
	if (t->start || !take_text(t, false, out))
		return false;
	out->kind = EVTX_NAMED;
	return true;
}

static bool take(struct evtx_tokens *t, unsigned token, struct evtx_token *out)
{
	uint32_t at = t->at - 1;

	switch (token & ~(unsigned)T_MORE) {
	case T_EOF:
		t->at = t->end;
		out->kind = EVTX_END;
		return t->depth == 0;
	case T_OPEN:
		return take_open(t, (token & T_MORE) != 0, out);
	case T_OPENED:
		return take_opened(t, false, out);
	case T_CLOSE_EMPTY:
		return take_opened(t, true, out);
	case T_CLOSE:
		return take_close(t, out);
	case T_ATTR:
		return take_attr(t, out);
	case T_PI:
	case T_PI_DATA:
		return take_pi(t, token, out);
	case T_INSTANCE:
		return take_instance(t, at, out);
	default:
		return take_content(t, token & ~(unsigned)T_MORE, out);
	}
}

void evtx_skip_heads(struct evtx_tokens *t)
{
	while (t->end - t->at >= 4 && t->chunk[t->at] == T_FRAGMENT)
		t->at += 4;
}

bool evtx_is_instance(const struct evtx_tokens *t)
{
	return t->at < t->end && (t->chunk[t->at] & ~(unsigned)T_MORE) == T_INSTANCE;
}

struct evtx_token evtx_token_next(struct evtx_tokens *t)
{
	struct evtx_token out = { .kind = EVTX_END };

	if (t->closing) {
		t->closing = false;
		t->depth--;
		out.kind = EVTX_CLOSE;
		return out;
	}
	if (t->depth == 0)
		evtx_skip_heads(t);
	if (t->at == t->end && t->depth == 0)
		return out;
	if (t->at == t->end || !take(t, t->chunk[t->at++], &out))
		out.kind = EVTX_BAD;
	return out;
}
