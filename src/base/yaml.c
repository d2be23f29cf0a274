/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaml.c - the only file that sees libyaml: its events become a tree on an explicit stack.
 *
 * Invariant: stack[depth - 1] is the collection being filled; a key that waits for its value stands in
 * its level. Nothing recurses, so depth costs no stack.
 */
#include "base/yaml.h"

#include "base/num.h"

#include <assert.h>
#include <stdlib.h>
#include <yaml.h>

struct level {
	struct yml *node;
	struct yml *last; /* last child so far */
	struct str key;
	uint32_t key_line;
	bool has_key;
};

struct build {
	struct arena *a;
	struct err *why;
	struct level stack[YML_MAX_DEPTH];
	size_t depth;
	struct yml *first_doc, *last_doc;
	size_t nodes, docs;
};

static size_t line_of(const yaml_event_t *ev)
{
	return ev->start_mark.line + 1;
}

/* An anchor names a node that nothing may refer to: harmless. A tag must be one of the core schema. */
static bool take_tag(struct build *b, const yaml_event_t *ev, const yaml_char_t *tag, bool *is_str)
{
	static const char core[] = "tag:yaml.org,2002:";
	static const char *const names[] = { "str", "int", "float", "bool", "null", "map", "seq" };

	*is_str = false;
	if (tag == NULL)
		return true;
	struct str t = str_of((const char *)tag);
	*is_str = str_eq(t, STR("!")) || str_eq(t, STR("tag:yaml.org,2002:str"));
	if (*is_str)
		return true;
	for (size_t i = 0; i < COUNT(names); i++)
		if (str_starts(t, str_of(core)) &&
		    str_eq(str_skip(t, sizeof core - 1), str_of(names[i])))
			return true;
	return err_set(b->why, ERR_INPUT, line_of(ev), "tag '%.*s' is not used here", STR_ARG(t));
}

/* Hang `node` where the parser stands: a document, an item, a value. */
static bool attach(struct build *b, const yaml_event_t *ev, struct yml *node)
{
	if (b->depth == 0) {
		if (b->last_doc != NULL)
			b->last_doc->next = node;
		else
			b->first_doc = node;
		b->last_doc = node;
		return true;
	}
	struct level *top = &b->stack[b->depth - 1];
	if (top->node->kind == YML_MAP) {
		if (!top->has_key)
			return err_set(b->why, ERR_INPUT, line_of(ev), "a key must be plain text");
		node->key = top->key;
		node->key_line = top->key_line;
		top->has_key = false;
	}
	if (top->last != NULL)
		top->last->next = node;
	else
		top->node->first = node;
	top->last = node;
	top->node->n++;
	return true;
}

static struct yml *new_node(struct build *b, const yaml_event_t *ev, enum yml_kind kind)
{
	if (++b->nodes > YML_MAX_NODES) {
		err_set(b->why, ERR_LIMIT, line_of(ev), "more than %d values", YML_MAX_NODES);
		return NULL;
	}
	struct yml *node = NEW(b->a, struct yml, 1);
	if (node == NULL) {
		err_set(b->why, ERR_LIMIT, line_of(ev), "no room for the text");
		return NULL;
	}
	node->kind = kind;
	node->line = (uint32_t)line_of(ev);
	node->column = (uint32_t)ev->start_mark.column + 1;
	return node;
}

static bool take_scalar(struct build *b, const yaml_event_t *ev)
{
	bool is_str;

	if (!take_tag(b, ev, ev->data.scalar.tag, &is_str))
		return false;
	struct str text = arena_str(
		b->a, (struct str){ (const char *)ev->data.scalar.value, ev->data.scalar.length });
	if (text.p == NULL)
		return err_set(b->why, ERR_LIMIT, line_of(ev), "no room for the text");
	struct level *top = b->depth > 0 ? &b->stack[b->depth - 1] : NULL;
	if (top != NULL && top->node->kind == YML_MAP && !top->has_key) {
		if (++b->nodes > YML_MAX_NODES)
			return err_set(b->why, ERR_LIMIT, line_of(ev), "more than %d values",
				       YML_MAX_NODES);
		top->key = text;
		top->key_line = (uint32_t)line_of(ev);
		top->has_key = true;
		return true;
	}
	struct yml *node = new_node(b, ev, YML_SCALAR);
	if (node == NULL)
		return false;
	node->text = text;
	node->quoted = is_str || ev->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	return attach(b, ev, node);
}

static bool open_level(struct build *b, const yaml_event_t *ev, enum yml_kind kind)
{
	const yaml_char_t *tag = kind == YML_MAP ? ev->data.mapping_start.tag
						 : ev->data.sequence_start.tag;
	bool is_str;

	if (!take_tag(b, ev, tag, &is_str))
		return false;
	if (b->depth == YML_MAX_DEPTH)
		return err_set(b->why, ERR_LIMIT, line_of(ev), "nested deeper than %d",
			       YML_MAX_DEPTH);
	struct yml *node = new_node(b, ev, kind);
	if (node == NULL || !attach(b, ev, node))
		return false;
	b->stack[b->depth++] = (struct level){ .node = node };
	return true;
}

static int by_key(const void *a, const void *b)
{
	const struct yml *x = *(const struct yml *const *)a, *y = *(const struct yml *const *)b;
	int c = str_cmp(x->key, y->key);

	return c != 0 ? c : (x->key_line > y->key_line) - (x->key_line < y->key_line);
}

/* YAML 1.2.2, section 3.2.1.3: the keys of a mapping are unique. */
static bool check_keys(struct build *b, const yaml_event_t *ev, const struct yml *map)
{
	struct arena scratch = *b->a;
	const struct yml **all = NEW(&scratch, const struct yml *, map->n);
	size_t n = 0;

	if (all == NULL)
		return err_set(b->why, ERR_LIMIT, line_of(ev), "no room for the text");
	for (const struct yml *c = map->first; c != NULL; c = c->next)
		all[n++] = c;
	if (n > 1)
		qsort(all, n, sizeof *all, by_key);
	for (size_t i = 1; i < n; i++)
		if (str_eq(all[i - 1]->key, all[i]->key))
			return err_set(b->why, ERR_INPUT, all[i]->key_line,
				       "key '%.*s' stands twice", STR_ARG(all[i]->key));
	return true;
}

static bool take_event(struct build *b, const yaml_event_t *ev)
{
	switch (ev->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (++b->docs > YML_MAX_DOCS)
			return err_set(b->why, ERR_LIMIT, line_of(ev), "more than %d documents",
				       YML_MAX_DOCS);
		return true;
	case YAML_SCALAR_EVENT:
		return take_scalar(b, ev);
	case YAML_SEQUENCE_START_EVENT:
		return open_level(b, ev, YML_SEQ);
	case YAML_MAPPING_START_EVENT:
		return open_level(b, ev, YML_MAP);
	case YAML_SEQUENCE_END_EVENT:
		assert(b->depth > 0);
		b->depth--;
		return true;
	case YAML_MAPPING_END_EVENT:
		assert(b->depth > 0);
		return check_keys(b, ev, b->stack[--b->depth].node);
	case YAML_ALIAS_EVENT:
		return err_set(b->why, ERR_INPUT, line_of(ev), "aliases ('*%s') are not used here",
			       (const char *)ev->data.alias.anchor);
	default:
		return true;
	}
}

static bool run(struct build *b, yaml_parser_t *parser)
{
	bool more = true;

	while (more) {
		yaml_event_t ev;

		if (!yaml_parser_parse(parser, &ev))
			return err_set(b->why,
				       parser->error == YAML_MEMORY_ERROR ? ERR_LIMIT : ERR_INPUT,
				       parser->problem_mark.line + 1, "not YAML: %s",
				       parser->problem != NULL ? parser->problem : "no memory");
		bool ok = take_event(b, &ev);
		more = ev.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&ev);
		if (!ok)
			return false;
	}
	return true;
}

bool yml_parse(struct arena *a, struct str text, const struct yml **out, struct err *why)
{
	struct build b = { .a = a, .why = why };
	yaml_parser_t parser;

	if (text.n > YML_MAX_BYTES)
		return err_set(why, ERR_LIMIT, 0, "YAML longer than %d bytes", YML_MAX_BYTES);
	if (!yaml_parser_initialize(&parser))
		return err_set(why, ERR_LIMIT, 0, "no room for the text");
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)(text.n > 0 ? text.p : ""),
				     text.n);
	bool ok = run(&b, &parser);
	yaml_parser_delete(&parser);
	if (ok)
		*out = b.first_doc;
	return ok;
}

const struct yml *yml_first(const struct yml *v)
{
	return v != NULL && v->kind != YML_SCALAR ? v->first : NULL;
}

const struct yml *yml_get(const struct yml *map, const char *key)
{
	if (map == NULL || map->kind != YML_MAP)
		return NULL;
	for (const struct yml *c = map->first; c != NULL; c = c->next)
		if (str_eq(c->key, str_of(key)))
			return c;
	return NULL;
}

const struct yml *yml_at(const struct yml *seq, size_t i)
{
	const struct yml *c = seq != NULL && seq->kind == YML_SEQ ? seq->first : NULL;

	while (c != NULL && i-- > 0)
		c = c->next;
	return c;
}

bool yml_is_null(const struct yml *v)
{
	static const char *const names[] = { "", "~", "null", "Null", "NULL" };

	if (v == NULL || v->kind != YML_SCALAR || v->quoted)
		return false;
	for (size_t i = 0; i < COUNT(names); i++)
		if (str_eq(v->text, str_of(names[i])))
			return true;
	return false;
}

struct str yml_str(const struct yml *v)
{
	if (v == NULL || v->kind != YML_SCALAR || yml_is_null(v))
		return (struct str){ NULL, 0 };
	return v->text;
}

bool yml_bool(const struct yml *v, bool *out)
{
	static const char *const names[] = { "false", "False", "FALSE", "true", "True", "TRUE" };

	if (v == NULL || v->kind != YML_SCALAR || v->quoted)
		return false;
	for (size_t i = 0; i < COUNT(names); i++) {
		if (!str_eq(v->text, str_of(names[i])))
			continue;
		*out = i >= 3;
		return true;
	}
	return false;
}

bool yml_int(const struct yml *v, int64_t *out)
{
	return v != NULL && v->kind == YML_SCALAR && !v->quoted &&
	       num_parse_i64(v->text, INT64_MIN, INT64_MAX, out);
}

struct str yml_get_str(const struct yml *map, const char *key)
{
	return yml_str(yml_get(map, key));
}

bool yml_only(const struct yml *map, const char *const *keys, size_t n, struct err *why)
{
	for (const struct yml *v = yml_first(map); v != NULL; v = v->next) {
		size_t i = 0;

		while (i < n && !str_eq(v->key, str_of(keys[i])))
			i++;
		if (i == n)
			return err_set(why, ERR_INPUT, v->key_line, "unknown key '%.*s'",
				       STR_ARG(v->key));
	}
	return true;
}
