/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rulebase_add.c - a rule, taken apart and put into the tree: literals share their beginnings, fields
 * that are the same are one.
 *
 * Invariant: fields of a node stand by priority, those of one priority in the order of the file.
 */
#include "base/json.h"
#include "base/num.h"
#include "event/rulebase_int.h"

/* Names and priorities are liblognorm's. */
static const struct {
	struct str name;
	enum rule_type type;
	uint8_t priority;
	bool extra; /* must have it */
} types[] = {
	{ STR("ipv4"), RULE_IPV4, 4, false },
	{ STR("whitespace"), RULE_WHITESPACE, 4, false },
	{ STR("float"), RULE_FLOAT, 16, false },
	{ STR("number"), RULE_NUMBER, 16, false },
	{ STR("char-to"), RULE_CHAR_TO, 32, true },
	{ STR("char-sep"), RULE_CHAR_SEP, 32, true },
	{ STR("string-to"), RULE_STRING_TO, 32, true },
	{ STR("word"), RULE_WORD, 32, false },
	{ STR("quoted-string"), RULE_QUOTED, 64, false },
	{ STR("rest"), RULE_REST, 255, false },
};

enum { OWN_PRIORITY = 30000 }; /* of rules that name none; above the type's in weight */

/* What stands behind a backslash at s.p[*at]: "x20", "n", "t", or the byte itself. */
static char escape(struct str s, size_t *at)
{
	uint64_t v;
	char c = s.p[(*at)++];

	if (c == 'x' && num_parse_hex(str_sub(s, *at, *at + 2), 255, &v)) {
		*at += 2;
		return (char)v;
	}
	return c == 'n' ? '\n' : c == 't' ? '\t' : c;
}

static struct str unescape(struct arena *a, struct str s)
{
	char *out = arena_bytes(a, s.n + 1);
	size_t n = 0, at = 0;

	while (out != NULL && at < s.n) {
		char c = s.p[at++];

		out[n++] = c == '\\' && at < s.n ? escape(s, &at) : c;
	}
	return (struct str){ out, n };
}

static bool find_type(struct str name, struct rule_field *out, struct err *why)
{
	for (size_t i = 0; i < COUNT(types); i++) {
		if (!str_eq(name, types[i].name))
			continue;
		if (types[i].extra && out->extra.n == 0)
			return err_set(why, ERR_INPUT, 0, "'%.*s' wants to know where it ends",
				       STR_ARG(name));
		out->type = (uint8_t)types[i].type;
		out->priority = out->priority << 8 | types[i].priority;
		return true;
	}
	return err_set(why, ERR_INPUT, 0, "no field is of type '%.*s'", STR_ARG(name));
}

static bool find_name(struct rulebase *r, struct arena *a, struct str name, uint16_t *out,
		      struct err *why)
{
	size_t i = 0;

	*out = RULE_NAMES_MAX;
	if (name.n == 0)
		return err_set(why, ERR_INPUT, 0, "expected %%name:type%%");
	if (str_eq(name, STR("-")))
		return true;
	while (i < r->n_names && !str_eq(r->names[i].text, name))
		i++;
	if (i == RULE_NAMES_MAX)
		return err_set(why, ERR_LIMIT, 0, "more than %d names", RULE_NAMES_MAX);
	if (i == r->n_names)
		r->names[r->n_names++].text = arena_str(a, name);
	*out = (uint16_t)i;
	return r->names[i].text.p != NULL || err_set(why, ERR_LIMIT, 0, "no memory");
}

/* {"name": .., "type": .., "extradata": .., "priority": ..} */
static bool json_field(struct rulebase *r, struct arena *a, struct str text, struct rule_field *out,
		       struct err *why)
{
	struct json *v = NULL;
	int64_t priority = OWN_PRIORITY;

	if (!json_parse(text, text.n, &v, why))
		return false;
	json_int(json_get(v, "priority"), &priority);
	out->priority = (uint32_t)(priority < 0 || priority > 0xffff ? OWN_PRIORITY : priority);
	out->extra = arena_str(a, json_get_str(v, "extradata"));
	bool ok = find_name(r, a, json_get_str(v, "name"), &out->name, why) &&
		  find_type(json_get_str(v, "type"), out, why);
	json_free(v);
	return ok;
}

/* "name:type" or "name:type:extra" */
static bool plain_field(struct rulebase *r, struct arena *a, struct str text,
			struct rule_field *out, struct err *why)
{
	size_t colon = str_find_char(text, ':');
	struct str name = str_sub(text, 0, colon), type = str_skip(text, colon + 1);

	if (name.n == 0 || colon == text.n)
		return err_set(why, ERR_INPUT, 0, "expected %%name:type%%");
	colon = str_find_char(type, ':');
	out->extra = unescape(a, str_skip(type, colon + 1));
	out->priority = OWN_PRIORITY;
	return find_name(r, a, name, &out->name, why) &&
	       find_type(str_sub(type, 0, colon), out, why);
}

static bool same(const struct rule_field *a, const struct rule_field *b)
{
	return a->type == b->type && a->name == b->name && a->priority == b->priority &&
	       str_eq(a->extra, b->extra);
}

/* Behind those that are tried as soon; the node it leads to. */
static struct rule_node *put_field(struct arena *a, struct rule_node *node,
				   const struct rule_field *f)
{
	struct rule_field **at = &node->fields, *made;

	for (; *at != NULL && (*at)->priority <= f->priority; at = &(*at)->next)
		if (same(*at, f))
			return (*at)->to;
	made = NEW(a, struct rule_field, 1);
	if (made == NULL)
		return NULL;
	*made = *f;
	made->to = NEW(a, struct rule_node, 1);
	made->next = *at;
	*at = made;
	return made->to;
}

static struct rule_literal *new_literal(struct arena *a, struct str text, struct rule_node *to)
{
	struct rule_literal *l = NEW(a, struct rule_literal, 1);

	if (l != NULL)
		*l = (struct rule_literal){ .text = text, .to = to, .first = text.p[0] };
	return to == NULL ? NULL : l;
}

static size_t common(struct str a, struct str b)
{
	size_t n = 0;

	while (n < a.n && n < b.n && a.p[n] == b.p[n])
		n++;
	return n;
}

/* Part the literal behind its first `n` bytes. */
static bool part(struct arena *a, struct rule_literal *l, size_t n)
{
	struct rule_node *mid = NEW(a, struct rule_node, 1);

	if (mid == NULL)
		return false;
	mid->literals = new_literal(a, str_skip(l->text, n), l->to);
	l->text = str_sub(l->text, 0, n);
	l->to = mid;
	return mid->literals != NULL;
}

static struct rule_node *put_literal(struct arena *a, struct rule_node *node, struct str text)
{
	while (node != NULL && text.n > 0) {
		struct rule_literal **at = &node->literals;
		size_t n;

		while (*at != NULL && (*at)->first != text.p[0])
			at = &(*at)->next;
		if (*at == NULL) {
			*at = new_literal(a, text, NEW(a, struct rule_node, 1));
			return *at == NULL ? NULL : (*at)->to;
		}
		n = common((*at)->text, text);
		if (n < (*at)->text.n && !part(a, *at, n))
			return NULL;
		node = (*at)->to;
		text = str_skip(text, n);
	}
	return node;
}

static bool put_tags(struct arena *a, struct rule_node *node, struct str tags, struct err *why)
{
	struct str one;
	size_t n = 0;

	for (size_t i = 0; i < tags.n; i++)
		n += tags.p[i] == ',';
	node->tags = NEW(a, struct str, n + 1);
	node->n_tags = 0;
	node->ends = true;
	while (node->tags != NULL && tags.n > 0 && str_split(&tags, ',', &one))
		if (one.n > 0)
			node->tags[node->n_tags++] = arena_str(a, one);
	return node->tags != NULL || err_set(why, ERR_LIMIT, 0, "no memory");
}

/* The next piece of a rule: a literal, or (with *field set) what stands between two '%'. */
static bool next_piece(struct str *rest, struct str *out, bool *field)
{
	size_t n = 0;

	if (rest->n == 0)
		return false;
	*field = rest->p[0] == '%' && !(rest->n > 1 && rest->p[1] == '%');
	if (*field) {
		n = str_find_char(str_skip(*rest, 1), '%');
		*out = str_sub(*rest, 1, n + 1);
		*rest = str_skip(*rest, n + 2);
		return true;
	}
	if (rest->p[0] == '%') { /* "%%": one of it */
		*out = str_sub(*rest, 0, 1);
		*rest = str_skip(*rest, 2);
		return true;
	}
	n = str_find_char(*rest, '%');
	*out = str_sub(*rest, 0, n);
	*rest = str_skip(*rest, n);
	return true;
}

bool rulebase_add(struct rulebase *r, struct arena *a, struct str rule, struct err *why)
{
	struct rule_node *node = &r->root;
	size_t colon = str_find_char(rule, ':'), fields = 0, depth = 0;
	struct str tags = str_sub(rule, STR("rule=").n, colon), rest = str_skip(rule, colon + 1),
		   piece;
	bool field = false;

	if (!str_starts(rule, STR("rule=")) || colon == rule.n)
		return err_set(why, ERR_INPUT, 0, "expected rule=tags:");
	while (node != NULL && next_piece(&rest, &piece, &field)) {
		struct rule_field f = { .type = 0 };

		if (++depth > RULE_MAX_DEPTH / 4 || (field && ++fields > RULEBASE_MAX_FIELDS))
			return err_set(why, ERR_LIMIT, 0, "more than %d fields",
				       RULEBASE_MAX_FIELDS);
		if (!field) {
			node = put_literal(a, node, unescape(a, piece));
			continue;
		}
		if (piece.n > 0 && piece.p[0] == '{' ? !json_field(r, a, piece, &f, why)
						     : !plain_field(r, a, piece, &f, why))
			return false;
		node = put_field(a, node, &f);
	}
	if (node == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	/* of two rules that say the same the later one counts */
	return put_tags(a, node, tags, why);
}

/* No deeper than loading has allowed. */
bool rulebase_index(struct rule_node *node, struct arena *a)
{
	size_t n = 0;

	for (const struct rule_literal *l = node->literals; l != NULL; l = l->next, n++)
		if (!rulebase_index(l->to, a))
			return false;
	for (const struct rule_field *f = node->fields; f != NULL; f = f->next)
		if (!rulebase_index(f->to, a))
			return false;
	if (n <= RULE_MANY)
		return true;
	node->by_byte = NEW(a, struct rule_literal *, RULE_BYTES);
	for (struct rule_literal *l = node->literals; node->by_byte != NULL && l != NULL;
	     l = l->next)
		node->by_byte[(unsigned char)l->first] = l;
	return node->by_byte != NULL;
}
