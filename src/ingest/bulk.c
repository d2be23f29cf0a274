/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bulk.c - a scanner of action lines: one object with one member, whose value is an object again.
 *
 * Invariant: `pos` only grows and never passes body.n. Only the action lines are read as JSON, by a
 * scanner that keeps nothing, so that a body of a million items costs no allocation.
 */
#include "ingest/bulk.h"

#include "base/num.h"

#include <assert.h>

enum { NESTING_MAX = 8, ITEM_HEAD = 6 };

struct scan {
	struct str s;
	size_t pos;
};

static bool eat(struct scan *sc, char c)
{
	while (sc->pos < sc->s.n && ascii_space(sc->s.p[sc->pos]))
		sc->pos++;
	if (sc->pos == sc->s.n || sc->s.p[sc->pos] != c)
		return false;
	sc->pos++;
	return true;
}

static bool hex4(struct str s)
{
	uint64_t v;

	return s.n == 4 && num_parse_hex(s, 0xFFFF, &v);
}

/* RFC 8259 section 7; *out is what stands between the quotes. */
static bool string(struct scan *sc, struct str *out)
{
	if (!eat(sc, '"'))
		return false;
	size_t from = sc->pos;

	for (; sc->pos < sc->s.n; sc->pos++) {
		char c = sc->s.p[sc->pos];

		if (c == '"') {
			*out = str_sub(sc->s, from, sc->pos++);
			return true;
		}
		if ((unsigned char)c < 0x20)
			return false;
		if (c != '\\')
			continue;
		char e = ++sc->pos < sc->s.n ? sc->s.p[sc->pos] : '\0';
		if (e == 'u' && !hex4(str_sub(sc->s, sc->pos + 1, sc->pos + 5)))
			return false;
		if (e == '\0' || memchr("\"\\/bfnrtu", e, 9) == NULL)
			return false;
	}
	return false;
}

/* Any value that is no string: numbers and words by their letters, brackets by their balance. */
static bool skip_value(struct scan *sc)
{
	int depth = 0;
	size_t from = sc->pos;
	struct str ignored;

	for (; sc->pos < sc->s.n; sc->pos++) {
		char c = sc->s.p[sc->pos];

		if (c == '{' || c == '[') {
			if (++depth > NESTING_MAX)
				return false;
		} else if (c == '"') {
			if (!string(sc, &ignored))
				return false;
			sc->pos--;
		} else if (depth == 0 && (c == ',' || c == '}')) {
			return str_trim(str_sub(sc->s, from, sc->pos)).n > 0;
		} else if (c == '}' || c == ']') {
			depth--;
		}
		if (depth < 0)
			return false;
	}
	return false;
}

/* One `"key": value` of the action's metadata. */
static bool member(struct scan *sc, struct bulk_doc *out)
{
	struct str key, val;

	if (!string(sc, &key) || !eat(sc, ':'))
		return false;
	size_t at = sc->pos;
	if (!string(sc, &val)) {
		sc->pos = at;
		return skip_value(sc);
	}
	if (str_eq(key, STR("_index")))
		out->index = val;
	else if (str_eq(key, STR("_id")))
		out->id = val;
	return out->index.n <= BULK_ID_MAX && out->id.n <= BULK_ID_MAX;
}

static bool op_named(struct str name, enum bulk_op *out)
{
	static const struct str names[] = { STR("index"), STR("create"), STR("update"),
					    STR("delete") };

	for (size_t i = 0; i < COUNT(names); i++) {
		if (str_eq(name, names[i])) {
			*out = (enum bulk_op)i;
			return true;
		}
	}
	return false;
}

static bool action(struct str line, struct bulk_doc *out)
{
	struct scan sc = { line, 0 };
	struct str op;

	if (line.n > BULK_ACTION_MAX || !eat(&sc, '{') || !string(&sc, &op) ||
	    !op_named(op, &out->op))
		return false;
	if (!eat(&sc, ':') || !eat(&sc, '{'))
		return false;
	if (!eat(&sc, '}')) {
		do {
			if (!member(&sc, out))
				return false;
		} while (eat(&sc, ','));
		if (!eat(&sc, '}'))
			return false;
	}
	return eat(&sc, '}') && str_trim(str_skip(line, sc.pos)).n == 0;
}

/* The line at *pos without its end; moves *pos behind it. False at the end. */
static bool take_line(struct str body, size_t *pos, struct str *out)
{
	struct str rest = str_skip(body, *pos);

	if (rest.n == 0)
		return false;
	size_t len = str_find_char(rest, '\n');

	*pos += len < rest.n ? len + 1 : len;
	*out = str_sub(rest, 0, len);
	if (out->n > 0 && out->p[out->n - 1] == '\r')
		out->n--;
	return true;
}

bool bulk_next(struct str body, size_t *pos, struct bulk_doc *out, struct err *why)
{
	struct bulk_doc doc = { 0 };
	struct str line = { 0 };
	size_t at;

	do {
		at = *pos;
		if (!take_line(body, pos, &line))
			return false;
	} while (str_trim(line).n == 0);
	if (!action(line, &doc))
		return err_set(why, ERR_INPUT, at, "not an action line of a bulk request");
	if (doc.op != BULK_DELETE && !take_line(body, pos, &doc.source))
		doc.source = str_sub(body, body.n, body.n);
	*out = doc;
	return true;
}

void bulk_item_put(struct buf *out, const struct bulk_item *item)
{
	assert(item->index.n <= BULK_ID_MAX && item->id.n <= BULK_ID_MAX);
	unsigned char head[ITEM_HEAD] = {
		(unsigned char)item->fault,   (unsigned char)item->op,
		(unsigned char)item->index.n, (unsigned char)(item->index.n >> 8),
		(unsigned char)item->id.n,    (unsigned char)(item->id.n >> 8),
	};

	buf_add(out, (struct str){ (const char *)head, sizeof head });
	buf_add(out, item->index);
	buf_add(out, item->id);
}

bool bulk_item_next(struct str *rest, struct bulk_item *out)
{
	if (rest->n < ITEM_HEAD)
		return false;
	const unsigned char *h = (const unsigned char *)rest->p;
	size_t index = load_le16(h + 2), id = load_le16(h + 4);

	if (h[0] >= BULK_FAULTS || h[1] > BULK_DELETE || rest->n - ITEM_HEAD < index + id)
		return false;
	*out = (struct bulk_item){
		.fault = (enum bulk_fault)h[0],
		.op = (enum bulk_op)h[1],
		.index = str_sub(*rest, ITEM_HEAD, ITEM_HEAD + index),
		.id = str_sub(*rest, ITEM_HEAD + index, ITEM_HEAD + index + id),
	};
	*rest = str_skip(*rest, ITEM_HEAD + index + id);
	return true;
}

int bulk_status(enum bulk_fault fault)
{
	static const int of[BULK_FAULTS] = {
		[BULK_STORED] = 201,      [BULK_SEEN] = 200,     [BULK_EXISTS] = 409,
		[BULK_NO_DOCUMENT] = 400, [BULK_TOO_LONG] = 400, [BULK_NOT_ADDING] = 400,
		[BULK_BUSY] = 429,
	};

	assert((unsigned)fault < BULK_FAULTS);
	return of[fault];
}
