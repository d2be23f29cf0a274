/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evtx_xml.c - a record as XML, on one line: its template's tokens with the values put in.
 *
 * For people and other programs; nothing in here is on the way of a verdict. Read by event/xml.c it gives
 * the fields that the record itself gives, but for characters that XML does not allow (U+FFFD).
 *
 * Invariant: an element's start tag stands in `out` from start to opened, so that what is not there after
 * all is cut off again, and what is there several times is repeated.
 */
#include "base/buf.h"
#include "base/num.h"
#include "base/utf8.h"
#include "event/evtx_int.h"

struct element {
	struct wide_str name;
	size_t start, opened;
	bool absent; /* its value is optional and null */
};

struct writer {
	struct evtx *e;
	struct buf *out;
	unsigned depth; /* of nested templates */
};

/* One run over tokens: a template's, or those of a record itself. */
struct pass {
	struct writer *w;
	const struct evtx_values *values;
	struct element open[EVTX_MAX_DEPTH + 1];
	size_t n;
	size_t attr;  /* where the attribute at hand begins */
	bool in_attr; /* its quote is open */
};

static bool write_xml(struct writer *w, uint32_t at, uint32_t end);

/* XML 1.0 section 2.2: Char; quotes and line ends as references, so that no reader changes them. */
static void put_char(struct buf *out, uint32_t c)
{
	char room[4];

	if (c == '<')
		buf_add(out, STR("&lt;"));
	else if (c == '>')
		buf_add(out, STR("&gt;"));
	else if (c == '&')
		buf_add(out, STR("&amp;"));
	else if (c == '"')
		buf_add(out, STR("&quot;"));
	else if (c == '\t' || c == '\n' || c == '\r')
		buf_printf(out, "&#%u;", (unsigned)c);
	else if (c < 0x20 || c == UTF8_BAD || c == 0xfffe || c == 0xffff)
		buf_add(out, STR("\xef\xbf\xbd"));
	else
		buf_add(out, (struct str){ room, utf8_put(c, room) });
}

static bool plain(char c)
{
	return (unsigned char)c >= 0x20 && (unsigned char)c < 0x80 && c != '<' && c != '>' &&
	       c != '&' && c != '"';
}

static void put_text(struct buf *out, struct str s)
{
	for (size_t at = 0; at < s.n && !out->full;) {
		size_t n = at;
		uint32_t c;

		while (n < s.n && plain(s.p[n]))
			n++;
		buf_add(out, str_sub(s, at, n));
		at = n;
		if (at == s.n)
			return;
		at = utf8_next(s, at, &c);
		put_char(out, c);
	}
}

/* The name of an element or attribute; what can stand in none is replaced. */
static void put_name(struct writer *w, struct wide_str name)
{
	struct arena scratch = w->e->text_whole;
	struct str s = evtx_wide_text(&scratch, name);

	size_t from = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (ascii_alpha(c) || ascii_digit(c) || (unsigned char)c >= 0x80 ||
		    (c != '\0' && strchr("_-.:", c) != NULL))
			continue;
		buf_add(w->out, str_sub(s, from, i));
		buf_char(w->out, '_');
		from = i + 1;
	}
	buf_add(w->out, str_skip(s, from));
}

static bool put_slot(struct writer *w, const struct evtx_slot *s)
{
	struct arena scratch = w->e->text_whole;
	struct str text = evtx_text(w->e, s, &scratch);

	if (text.p != NULL)
		put_text(w->out, text);
	return text.p != NULL;
}

/* Close the element and open it once more, attributes and all. */
static void repeat(struct pass *p)
{
	struct buf *out = p->w->out;
	struct element *el = &p->open[p->n - 1];
	size_t n = el->opened - el->start;

	buf_add(out, STR("</"));
	put_name(p->w, el->name);
	buf_char(out, '>');
	if (buf_room(out, n) == NULL)
		return;
	memcpy(out->p + out->n, out->p + el->start, n);
	el->start = out->n;
	out->n += n;
	el->opened = out->n;
}

static bool put_array(struct pass *p, struct evtx_slot array)
{
	struct evtx_slot item;

	for (bool first = true; evtx_item(&array, &item); first = false) {
		if (p->w->e->work_left <= 1)
			return false;
		p->w->e->work_left--;
		if (!first && p->in_attr)
			buf_char(p->w->out, ' ');
		else if (!first)
			repeat(p);
		if (!put_slot(p->w, &item) || p->w->out->full)
			return false;
	}
	return true;
}

static bool put_value(struct pass *p, const struct evtx_token *k)
{
	struct evtx_slot s = evtx_value(p->w->e, p->values, k->number);
	uint32_t at;

	if (s.type == EVTX_NULL && k->optional && p->in_attr) {
		p->w->out->n = p->attr;
		p->in_attr = false;
	} else if (s.type == EVTX_NULL && k->optional) {
		p->open[p->n - 1].absent = true;
	} else if (s.type == EVTX_BINXML && !p->in_attr) {
		at = (uint32_t)(s.p - (const unsigned char *)p->w->e->chunk.p);
		p->w->depth++;
		bool ok = write_xml(p->w, at, at + s.len);
		p->w->depth--;
		return ok;
	} else if ((s.type & EVTX_ARRAY) != 0) {
		return put_array(p, s);
	} else {
		return put_slot(p->w, &s);
	}
	return true;
}

static void end_attr(struct pass *p)
{
	if (p->in_attr)
		buf_char(p->w->out, '"');
	p->in_attr = false;
}

static void on_open(struct pass *p, const struct evtx_token *k)
{
	p->open[p->n++] = (struct element){ .name = k->name, .start = p->w->out->n };
	buf_char(p->w->out, '<');
	put_name(p->w, k->name);
}

static void on_attr(struct pass *p, const struct evtx_token *k)
{
	end_attr(p);
	p->attr = p->w->out->n;
	p->in_attr = true;
	buf_char(p->w->out, ' ');
	put_name(p->w, k->name);
	buf_add(p->w->out, STR("=\""));
}

static void on_close(struct pass *p)
{
	struct buf *out = p->w->out;
	struct element *el = &p->open[--p->n];

	if (out->full)
		return;
	if (el->absent && out->n == el->opened) {
		out->n = el->start;
	} else if (out->n == el->opened) {
		out->n--;
		buf_add(out, STR("/>"));
	} else {
		buf_add(out, STR("</"));
		put_name(p->w, el->name);
		buf_char(out, '>');
	}
}

static bool on_text(struct pass *p, const struct evtx_token *k)
{
	unsigned char unit[2] = { (unsigned char)(k->number & 0xff),
				  (unsigned char)(k->number >> 8) };
	struct evtx_slot s = { .p = k->p, .len = k->len, .type = EVTX_UTF16 };

	if (k->kind == EVTX_CHAR) {
		s.p = unit;
		s.len = sizeof unit;
	}
	return put_slot(p->w, &s);
}

static bool on_token(struct pass *p, const struct evtx_token *k)
{
	switch (k->kind) {
	case EVTX_OPEN:
		on_open(p, k);
		return true;
	case EVTX_ATTR:
		on_attr(p, k);
		return true;
	case EVTX_OPENED:
		end_attr(p);
		buf_char(p->w->out, '>');
		p->open[p->n - 1].opened = p->w->out->n;
		return true;
	case EVTX_CLOSE:
		on_close(p);
		return true;
	case EVTX_TEXT:
	case EVTX_CHAR:
		return on_text(p, k);
	case EVTX_VALUE:
		return put_value(p, k);
	case EVTX_INSTANCE:
		p->w->depth++;
		bool ok = write_xml(p->w, k->at, k->len);
		p->w->depth--;
		return ok;
	case EVTX_NAMED:
	case EVTX_END:
		return true;
	case EVTX_BAD:
	default:
		return false;
	}
}

static bool run(struct writer *w, struct evtx_tokens t, const struct evtx_values *values)
{
	struct pass p = { .w = w, .values = values };
	struct evtx_token k;
	bool ok;

	do {
		k = evtx_token_next(&t);
		if (w->e->work_left == 0)
			return false;
		w->e->work_left--;
		ok = on_token(&p, &k) && !w->out->full;
	} while (ok && k.kind != EVTX_END);
	return ok;
}

static bool write_instance(struct writer *w, const struct evtx_tokens *t, uint32_t at)
{
	struct evtx_instance in;
	const struct evtx_values v = { &in, w->e->offset[w->depth] };

	assert(w->depth <= EVTX_MAX_NESTED);
	if (!evtx_instance_read(t, at, w->e->offset[w->depth], &in))
		return false;
	if (t->chunk_n < EVTX_DEF_HEAD || in.def > t->chunk_n - EVTX_DEF_HEAD)
		return false;
	uint32_t body = in.def + EVTX_DEF_HEAD, size = load_le32(t->chunk + in.def + 20);

	if (size > t->chunk_n - body)
		return false;
	struct evtx_tokens def = evtx_tokens_of(w->e, body, body + size);

	def.dependency = true;
	return run(w, def, &v);
}

static bool write_elements(struct writer *w, struct evtx_tokens t)
{
	const struct evtx_values none = { NULL, NULL };
	size_t n = w->out->n;

	if (run(w, t, &none))
		return true;
	/* as in event/evtx_run.c */
	w->out->n = n;
	t.dependency = true;
	return run(w, t, &none);
}

static bool write_xml(struct writer *w, uint32_t at, uint32_t end)
{
	struct evtx_tokens t = evtx_tokens_of(w->e, at, end);

	if (w->depth > EVTX_MAX_NESTED)
		return false;
	evtx_skip_heads(&t);
	if (t.at == t.end || t.chunk[t.at] == 0)
		return true;
	return evtx_is_instance(&t) ? write_instance(w, &t, t.at) : write_elements(w, t);
}

bool evtx_xml(struct evtx *e, struct str record, struct buf *out, struct err *why)
{
	struct writer w = { .e = e, .out = out };
	uint32_t at, end;

	if (!evtx_body(e, record, &at, &end))
		return err_set(why, ERR_INPUT, 0, "a record of EVTX without its chunk");
	e->work_left = EVTX_WORK;
	if (!write_xml(&w, at, end))
		return err_set(why, ERR_INPUT, at, "no binary XML that can be read");
	return true;
}
