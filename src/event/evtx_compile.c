/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evtx_compile.c - elements to operations: each leaf is a name and where its value stands.
 *
 * What becomes a field, and under which name, is as in event/xml.c, so that an event is the same whether
 * it comes as binary or as text: attributes first, a leaf's text, null for a leaf that has neither.
 *
 * Invariant: `depth` counts the open elements, those of the context too; level[depth] is the innermost.
 */
#include "event/evtx_int.h"

enum { OPS_MAX = 2048, ATTRS_MAX = 64, HOLES_MAX = 2048 };

struct level {
	struct xml_at at;
	bool kids, attrs, data;
	bool dynamic; /* its name is a value */
	bool marked;  /* an operation says where it begins */
	bool solid;   /* something in it is there whatever the values are */
};

struct attr {
	struct wide_str name;
	size_t first; /* of its parts */
};

struct compiler {
	struct evtx *e;
	struct arena *a;
	struct evtx_tokens t;
	bool copy, cut, local;
	struct xml_path path;
	struct level level[XML_EVENT_DEPTH + 1];
	size_t depth, base; /* base: the depth of the context */
	uint32_t begin;     /* where the body begins */
	/* the start tag at hand */
	struct wide_str element;
	struct attr attr[ATTRS_MAX];
	size_t n_attrs, n_parts, n_ops, n_holes;
	struct evtx_part part[EVTX_PARTS_MAX];
	struct evtx_op op[OPS_MAX];
	struct evtx_hole hole[HOLES_MAX];
};

static struct evtx_op *add_op(struct compiler *c, enum op_kind kind, const struct evtx_name *name)
{
	struct evtx_op *op = &c->op[c->n_ops];

	if (c->n_ops == OPS_MAX)
		return NULL;
	c->n_ops++;
	*op = (struct evtx_op){ .kind = (uint8_t)kind, .name = name };
	return op;
}

static bool add_part(struct compiler *c, const struct evtx_token *k)
{
	if (c->n_parts == EVTX_PARTS_MAX)
		return false;
	c->part[c->n_parts++] = (struct evtx_part){
		.p = k->p,
		.len = k->len,
		.number = k->number,
		.kind = k->kind == EVTX_TEXT   ? PART_TEXT
			: k->kind == EVTX_CHAR ? PART_CHAR
					       : PART_VALUE,
		.type = k->type,
		.optional = k->optional,
	};
	return true;
}

/* The chunk goes; what is kept of it is copied. */
static const unsigned char *kept(struct compiler *c, const void *p, size_t n)
{
	struct str s = { p, n };

	return !c->copy || n == 0 ? p : (const unsigned char *)arena_str(c->a, s).p;
}

/* A name as UTF-8 in `room`. */
static struct str name_text(struct wide_str w, char room[3 * EVTX_MAX_NAME + 64])
{
	struct arena a = { (unsigned char *)room, (unsigned char *)room + 3 * EVTX_MAX_NAME + 64 };
	struct str s = evtx_wide_text(&a, w);

	return s.p == NULL ? STR("") : s;
}

static const struct evtx_name *name_of(struct compiler *c, const struct level *l, struct str suffix)
{
	char text[XML_PATH_MAX + 3 * EVTX_MAX_NAME + 64];
	struct str path = xml_path_str(&c->path, &l->at);
	size_t n = path.n;

	if (n > 0)
		memcpy(text, path.p, n);
	if (suffix.n > 0 && n > 0)
		text[n++] = '_';
	if (suffix.n > 0)
		memcpy(text + n, suffix.p, suffix.n);
	const struct evtx_name_key key = { .path = { text, n + suffix.n },
					   .at = l->at,
					   .depth = c->depth,
					   .windows = c->path.windows,
					   .data = l->data && suffix.n == 0,
					   .attr = suffix.n > 0 };

	return evtx_name_get(c->e, &key);
}

/* `n` parts as the value of `name`. */
static bool add_value(struct compiler *c, const struct evtx_name *name, bool content,
		      const struct evtx_part *part, size_t n)
{
	enum op_kind kind = n == 0                       ? OP_NULL
			    : n > 1                      ? OP_JOIN
			    : part[0].kind == PART_VALUE ? OP_VALUE
			    : part[0].kind == PART_TEXT  ? OP_TEXT
							 : OP_JOIN;
	struct evtx_op *op = add_op(c, kind, name);

	if (op == NULL)
		return false;
	op->content = content;
	if (content && c->level[c->depth].marked)
		op->level = (uint8_t)c->depth;
	if (kind == OP_NULL)
		return true;
	op->number = kind == OP_JOIN ? (uint16_t)n : part[0].number;
	op->optional = kind == OP_VALUE && part[0].optional;
	if (kind == OP_VALUE)
		return true;
	op->p = part[0].p;
	op->len = part[0].len;
	if (kind == OP_TEXT) {
		op->p = kept(c, op->p, op->len);
		return op->p != NULL || op->len == 0;
	}
	struct evtx_part *copy = NEW(c->a, struct evtx_part, n);

	for (size_t i = 0; copy != NULL && i < n; i++) {
		copy[i] = part[i];
		copy[i].p = kept(c, part[i].p, part[i].len);
		if (copy[i].p == NULL && copy[i].len > 0)
			return false;
	}
	op->p = (const unsigned char *)copy;
	return copy != NULL;
}

static size_t attr_parts(const struct compiler *c, size_t i)
{
	return (i + 1 < c->n_attrs ? c->attr[i + 1].first : c->n_parts) - c->attr[i].first;
}

/* <Data Name=...>: its name as text, or, where it is made of values, an operation that says so. */
static bool data_name(struct compiler *c, struct level *l, size_t i, struct str *out,
		      char room[3 * EVTX_MAX_NAME + 64])
{
	const struct evtx_part *p = &c->part[c->attr[i].first];
	size_t n = attr_parts(c, i);

	*out = STR("");
	if (n == 0)
		return true;
	if (n == 1 && p->kind == PART_TEXT) {
		struct wide_str w = { p->p, p->len / 2 };

		w.n = w.n > EVTX_MAX_NAME ? EVTX_MAX_NAME : w.n;
		*out = name_text(w, room);
		return true;
	}
	l->dynamic = true;
	if (!add_value(c, name_of(c, &c->level[c->depth], STR("")), false, p, n))
		return false;
	struct evtx_op *name = add_op(c, OP_NAME, c->op[c->n_ops - 1].name);
	return name != NULL;
}

static bool is_name(struct wide_str w)
{
	return w.n == 4 && memcmp(w.p, "N\0a\0m\0e\0", 8) == 0;
}

static bool is_xmlns(struct str name)
{
	return str_starts(name, STR("xmlns")) && (name.n == 5 || name.p[5] == ':');
}

static struct str local_name(struct str name)
{
	size_t colon = str_find_char(name, ':');

	return colon < name.n ? str_skip(name, colon + 1) : name;
}

static bool add_mark(struct compiler *c, struct level *l)
{
	struct evtx_op *op = l->marked ? NULL : add_op(c, OP_MARK, NULL);

	if (op != NULL)
		op->level = (uint8_t)c->depth;
	l->marked = l->marked || op != NULL;
	return l->marked;
}

static bool add_attrs(struct compiler *c, struct level *l)
{
	char room[3 * EVTX_MAX_NAME + 64];

	for (size_t i = 0; i < c->n_attrs; i++) {
		struct str name = name_text(c->attr[i].name, room);

		if (is_xmlns(name) || (l->data && is_name(c->attr[i].name)))
			continue;
		if (l->dynamic) {
			c->cut = true;
			continue;
		}
		if (!add_mark(c, l))
			return false;
		l->attrs = true;
		const struct evtx_name *full = name_of(c, l, name);
		if (full == NULL ||
		    !add_value(c, full, false, &c->part[c->attr[i].first], attr_parts(c, i)))
			return false;
	}
	return true;
}

/* XML among the pieces is no text: each piece stands for itself. */
static bool has_xml(const struct evtx_part *part, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (part[i].kind == PART_VALUE && part[i].type == EVTX_BINXML)
			return true;
	return false;
}

/* The text of the innermost element so far. */
static bool flush_text(struct compiler *c)
{
	struct level *l = &c->level[c->depth];
	size_t n = c->n_parts;

	c->n_parts = 0;
	if (n == 0 || c->depth == 0)
		return true;
	const struct evtx_name *name = l->dynamic ? NULL : name_of(c, l, STR(""));
	bool ok = name != NULL || l->dynamic;

	if (!has_xml(c->part, n))
		return ok && add_value(c, name, true, c->part, n);
	for (size_t i = 0; ok && i < n; i++)
		ok = add_value(c, name, true, &c->part[i], 1);
	return ok;
}

static bool blank(const struct evtx_part *p)
{
	if (p->kind != PART_TEXT)
		return false;
	for (uint32_t i = 0; i + 1 < p->len; i += 2)
		if (p->p[i + 1] != 0 || !ascii_space((char)p->p[i]))
			return false;
	return true;
}

static bool on_open(struct compiler *c, const struct evtx_token *k)
{
	struct level *l = &c->level[c->depth];

	if (c->n_parts == 1 && blank(&c->part[0]))
		c->n_parts = 0;
	l->solid = l->solid || c->n_parts > 0;
	if (!add_mark(c, l) || !flush_text(c))
		return false;
	l->kids = true;
	c->element = k->name;
	c->n_attrs = 0;
	return true;
}

static bool on_attr(struct compiler *c, const struct evtx_token *k)
{
	if (c->n_attrs == ATTRS_MAX)
		return false;
	c->attr[c->n_attrs++] = (struct attr){ k->name, c->n_parts };
	return true;
}

/* All of the start tag is known. */
static bool on_opened(struct compiler *c)
{
	char room[3 * EVTX_MAX_NAME + 64], data_room[3 * EVTX_MAX_NAME + 64];
	struct str name = local_name(name_text(c->element, room)), data = STR("");
	struct level l = { 0 };

	if (c->depth == XML_EVENT_DEPTH)
		return false;
	if (c->depth == 0)
		c->path.windows = str_eq(name, STR("Event"));
	l.data = xml_path_is_data(&c->path, c->depth, name);
	for (size_t i = 0; l.data && i < c->n_attrs; i++)
		if (is_name(c->attr[i].name) && !data_name(c, &l, i, &data, data_room))
			return false;
	l.at = xml_path_enter(&c->path, &c->level[c->depth].at, c->depth, name, data);
	c->depth++;
	c->level[c->depth] = l;
	if (!add_attrs(c, &c->level[c->depth]))
		return false;
	c->n_parts = 0;
	return true;
}

static bool on_close(struct compiler *c)
{
	struct level *l = &c->level[c->depth];
	bool leaf = !l->kids, ok = true;

	assert(c->depth > c->base);
	if (!leaf && c->n_parts == 1 && blank(&c->part[0]))
		c->n_parts = 0;
	/* a leaf whose value is optional may not be there at all */
	if (!leaf || c->n_parts != 1 || !c->part[0].optional)
		c->level[c->depth - 1].solid = true;
	if (c->n_parts > 0) {
		ok = flush_text(c);
	} else if (!leaf && l->solid) {
		ok = true;
	} else if (leaf && (l->data || !l->attrs) && c->depth > 1) {
		const struct evtx_name *name = l->dynamic ? NULL : name_of(c, l, STR(""));

		ok = (name != NULL || l->dynamic) && add_op(c, OP_NULL, name) != NULL;
	} else if (c->depth > 1) {
		const struct evtx_name *name = l->dynamic ? NULL : name_of(c, l, STR(""));
		struct evtx_op *op = add_op(c, OP_EMPTY, name);

		ok = (name != NULL || l->dynamic) && op != NULL;
		if (ok)
			op->level = (uint8_t)c->depth;
	}
	c->depth--;
	return ok;
}

static bool on_instance(struct compiler *c, const struct evtx_token *k)
{
	const struct evtx_name *name = c->depth == 0 ? NULL
						     : name_of(c, &c->level[c->depth], STR(""));
	struct evtx_op *op = add_op(c, OP_INSTANCE, name);

	if (op == NULL || (name == NULL && c->depth > 0))
		return false;
	op->at = k->at;
	op->end = k->len;
	c->local = true;
	c->level[c->depth].kids = c->level[c->depth].solid = true;
	return true;
}

static bool add_hole(struct compiler *c, const struct evtx_token *k)
{
	if (k->name_at == 0)
		return true;
	if (c->n_holes == HOLES_MAX)
		return false;
	c->hole[c->n_holes++] = (struct evtx_hole){ k->name_at - c->begin, k->name_here, k->name };
	return true;
}

static bool on_token(struct compiler *c, const struct evtx_token *k)
{
	if (c->copy && !add_hole(c, k))
		return false;
	switch (k->kind) {
	case EVTX_OPEN:
		return on_open(c, k);
	case EVTX_ATTR:
		return on_attr(c, k);
	case EVTX_OPENED:
		return on_opened(c);
	case EVTX_CLOSE:
		return on_close(c);
	case EVTX_TEXT:
	case EVTX_CHAR:
	case EVTX_VALUE:
		return add_part(c, k);
	case EVTX_INSTANCE:
		return flush_text(c) && on_instance(c, k);
	case EVTX_NAMED:
		return true;
	case EVTX_END:
	case EVTX_BAD:
	default:
		return false;
	}
}

/* Where the names go on. */
static struct xml_at begin(struct xml_path *path, const struct evtx_name *context)
{
	struct xml_at at = { .name_at = context->name_at,
			     .bare = context->below,
			     .last_bare = context->last_bare };

	path->windows = context->windows;
	if (context->path.n == 0 || context->path.n >= XML_PATH_MAX)
		return at;
	memcpy(path->text, context->path.p, context->path.n);
	path->text[context->path.n] = '.';
	at.len = context->path.n + 1;
	return at;
}

const struct evtx_name *evtx_name_below(struct evtx *e, const struct evtx_name *context,
					struct str text)
{
	struct xml_path path = { 0 };
	struct xml_at up = begin(&path, context),
		      at = xml_path_enter(&path, &up, context->depth, STR("Data"), text);
	const struct evtx_name_key key = { .path = xml_path_str(&path, &at),
					   .at = at,
					   .depth = context->depth + 1u,
					   .windows = path.windows,
					   .data = true };

	return evtx_name_get(e, &key);
}

/* The names of holes are found in the copy of the body, or are copied where they stand outside of it. */
static bool finish(struct compiler *c, struct evtx_template *out)
{
	struct evtx_op *op = NEW(c->a, struct evtx_op, c->n_ops);
	struct evtx_hole *hole = NEW(c->a, struct evtx_hole, c->n_holes);

	if (op == NULL || hole == NULL)
		return false;
	if (c->n_ops > 0)
		memcpy(op, c->op, c->n_ops * sizeof *op);
	for (size_t i = 0; i < c->n_holes; i++) {
		hole[i] = c->hole[i];
		hole[i].name.p = kept(c, hole[i].name.p, 2 * (size_t)hole[i].name.n);
		if (hole[i].name.p == NULL)
			return false;
	}
	out->op = op;
	out->n_ops = (uint32_t)c->n_ops;
	out->hole = hole;
	out->n_holes = (uint32_t)c->n_holes;
	out->local = c->local;
	out->cut = c->cut || c->path.cut;
	return true;
}

bool evtx_compile(struct evtx *e, struct arena *a, struct evtx_tokens t,
		  const struct evtx_name *context, bool copy, struct evtx_template *out)
{
	struct compiler c;
	struct evtx_token k;

	/* not its arrays */
	memset(&c, 0, offsetof(struct compiler, element));
	c.e = e;
	c.a = a;
	c.t = t;
	c.copy = copy;
	c.begin = t.at;
	c.n_attrs = c.n_parts = c.n_ops = c.n_holes = 0;
	if (context != NULL) {
		c.depth = c.base = context->depth;
		c.level[c.depth].at = begin(&c.path, context);
	}
	while ((k = evtx_token_next(&c.t)).kind != EVTX_END)
		if (!on_token(&c, &k))
			return false;
	return finish(&c, out);
}
