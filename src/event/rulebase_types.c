/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rulebase_types.c - invariant: each step replaces one %.:@x% by a body without any, so it ends.
 */
#include "event/rulebase.h"
#include "event/rulebase_int.h"

struct type {
	struct str name, body;
};

struct work {
	struct type type[TYPES_MAX];
	size_t n_types;
	const char *name;
	uint32_t line; /* of the file */
	struct rules *out;
	struct err *why;
	struct arena *a; /* bodies of types */
};

typedef bool take_text(struct work *w, struct str text);

enum { LINE_MAX_BYTES = 16 << 10 };

static bool resolve(struct work *w, struct str text, struct arena scratch, take_text *take);

/* `text` with the first use of a type, at [from, to), replaced by each row of it. */
static bool replace(struct work *w, struct str text, size_t from, size_t to, struct arena scratch,
		    take_text *take)
{
	struct str want = str_sub(text, from + 4, to - 1);
	bool known = false;

	for (size_t i = 0; i < w->n_types; i++) {
		struct arena a = scratch;
		struct str body = w->type[i].body;
		char *p;

		if (!str_eq(w->type[i].name, want))
			continue;
		known = true;
		p = arena_bytes(&a, text.n + body.n);
		if (p == NULL || text.n + body.n > LINE_MAX_BYTES)
			return err_set(w->why, ERR_LIMIT, w->line, "'%s', line %u: too long",
				       w->name, w->line);
		memcpy(p, text.p, from);
		memcpy(p + from, body.p, body.n);
		memcpy(p + from + body.n, text.p + to, text.n - to);
		if (!resolve(w, (struct str){ p, text.n + body.n - (to - from) }, a, take))
			return false;
	}
	if (known)
		return true;
	return err_set(w->why, ERR_INPUT, w->line, "'%s', line %u: no type '%.*s' above", w->name,
		       w->line, STR_ARG(want));
}

static bool resolve(struct work *w, struct str text, struct arena scratch, take_text *take)
{
	size_t from = str_find(text, STR("%.:@")), end;

	if (from == text.n)
		return take(w, text);
	end = from + 4 + str_find_char(str_skip(text, from + 4), '%');
	if (end >= text.n)
		return err_set(w->why, ERR_INPUT, w->line,
			       "'%s', line %zu: a %% without its other half", w->name,
			       (size_t)w->line);
	return replace(w, text, from, end + 1, scratch, take);
}

static bool take_rule(struct work *w, struct str text)
{
	struct rules *out = w->out;

	if (out->n == RULES_MAX || text.n + 2 > RULES_MAX_BYTES - out->len)
		return err_set(w->why, ERR_LIMIT, w->line, "'%s', line %u: too many rules", w->name,
			       w->line);
	memcpy(out->text + out->len, text.p, text.n);
	memcpy(out->text + out->len + text.n, "\n", 2);
	out->len += text.n + 1;
	out->line[out->n++] = w->line;
	return true;
}

static bool take_body(struct work *w, struct str text)
{
	struct str body = arena_str(w->a, text);

	if (w->n_types == TYPES_MAX || body.p == NULL)
		return err_set(w->why, ERR_LIMIT, w->line, "'%s', line %u: too many types", w->name,
			       w->line);
	w->type[w->n_types++].body = body;
	return true;
}

/* "type=@name:body" */
static bool add_type(struct work *w, struct str line, struct arena scratch)
{
	size_t colon = str_find_char(line, ':'), was = w->n_types;
	struct str name = str_sub(line, 6, colon);

	if (!str_starts(line, STR("type=@")) || name.n == 0 || colon >= line.n)
		return err_set(w->why, ERR_INPUT, w->line,
			       "'%s', line %u: expected type=@name:", w->name, w->line);
	if (!resolve(w, str_skip(line, colon + 1), scratch, take_body))
		return false;
	for (size_t i = was; i < w->n_types; i++)
		w->type[i].name = name;
	return true;
}

bool rules_expand(struct arena *a, struct str text, const char *name, struct rules *out,
		  struct err *why)
{
	struct work w = { .name = name, .out = out, .why = why, .a = a };
	struct str rest = text, line;
	struct arena scratch;

	out->n = out->len = 0;
	out->text = arena_bytes(a, RULES_MAX_BYTES);
	scratch.beg = (unsigned char *)arena_bytes(a, RULES_MAX_BYTES);
	if (out->text == NULL || scratch.beg == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory for the rules of '%s'", name);
	scratch.end = scratch.beg + RULES_MAX_BYTES;
	while (str_line(&rest, &line)) {
		w.line++;
		if (w.line == 1 || line.n == 0 || line.p[0] == '#')
			continue;
		if (line.n > LINE_MAX_BYTES)
			return err_set(why, ERR_LIMIT, w.line, "'%s', line %u: too long", name,
				       w.line);
		if (str_starts(line, STR("type=")) ? !add_type(&w, line, scratch)
						   : !resolve(&w, line, scratch, take_rule))
			return false;
	}
	return true;
}
