/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text_give.c - what a rule found, as fields of the event.
 *
 * Beside plain names a rule may use: time, time.yy, time.mm, time.dd, time.clock, host, program (taken
 * out); NAME+ (NAME goes on to the end of this); PREFIX*; and PREFIX*, (pairs parted by that byte,
 * by blanks with PREFIX*_, each as PREFIXkey).
 */
#include "event/normal_int.h"
#include "event/stamp.h"
#include "event/text.h"
#include "event/text_int.h"

static void give_tag(struct build *b, struct str tag)
{
	size_t eq = str_find_char(tag, '=');
	struct str name = str_sub(tag, 0, eq), val = arena_str(b->a, str_skip(tag, eq + 1));

	if (str_eq(name, STR("action")))
		build_add_some(b, STR("event.action"), val);
	else if (str_eq(name, STR("category")))
		build_add_some(b, STR("event.category"), val);
	else if (str_eq(name, STR("outcome")))
		b->ev.outcome = (uint8_t)normal_outcome_word(val);
}

/* What is no field of the event but when and where. True when it was one. */
static bool give_head(struct text_gift *g, struct str name, struct str val)
{
	const struct {
		struct str name;
		struct str *to;
	} heads[] = {
		{ STR("time.clock"), &g->clock }, { STR("time.mm"), &g->mm },
		{ STR("time.dd"), &g->dd },       { STR("time.yy"), &g->yy },
		{ STR("host"), &g->b->host },     { STR("program"), &g->b->program },
	};
	struct stamp_at when = { g->b->zone, g->b->now };
	int64_t t;

	if (str_eq(name, STR("time"))) {
		if (stamp_whole(val, &when, &t) ||
		    text_stamp(g->b, arena_printf(g->b->a, "%.*s ", STR_ARG(val)), &t) > 0)
			build_time(g->b, t);
		return true;
	}
	for (size_t i = 0; i < COUNT(heads); i++)
		if (str_eq(name, heads[i].name)) {
			*heads[i].to = arena_str(g->b->a, val);
			return true;
		}
	return false;
}

/* One "key=value" or "key: value" of a list; quotes and angle brackets go. */
static void give_pair(struct build *b, struct str prefix, struct str pair)
{
	size_t eq = str_find_char(pair, '=');
	struct str key, val, name;

	if (eq == pair.n)
		eq = str_find_char(pair, ':');
	key = str_trim(str_sub(pair, 0, eq));
	val = str_trim(str_skip(pair, eq + 1));
	while (val.n > 0 && (val.p[val.n - 1] == ',' || val.p[val.n - 1] == ';'))
		val.n--;
	if (val.n >= 2 && ((val.p[0] == '<' && val.p[val.n - 1] == '>') ||
			   (val.p[0] == '"' && val.p[val.n - 1] == '"')))
		val = str_sub(val, 1, val.n - 1);
	if (key.n == 0 || key.n > 64 || val.n == 0)
		return;
	char *p = arena_bytes(b->a, prefix.n + key.n);
	if (p == NULL) {
		b->ev.partial = true;
		return;
	}
	if (prefix.n > 0)
		memcpy(p, prefix.p, prefix.n);
	for (size_t i = 0; i < key.n; i++)
		p[prefix.n + i] = key.p[i] == ' ' ? '_' : key.p[i];
	name = (struct str){ p, prefix.n + key.n };
	enum ecs id = map_find(MAP_ECS, name);
	val = arena_str(b->a, val);
	build_add_some(b, id != ECS_NONE ? str_of(ecs_name(id)) : name, val);
}

/* "dovecot.*,": pairs parted by commas, each as dovecot.KEY. */
static bool give_list(struct text_gift *g, struct str name, struct str val)
{
	struct str prefix = name, one;
	char sep = name.p[name.n - 1];

	if (name.n < 2 || name.p[name.n - 2] != '*')
		return false;
	prefix.n -= 2;
	sep = sep == '_' ? ' ' : sep;
	while (str_split(&val, sep, &one))
		give_pair(g->b, prefix, one);
	return true;
}

/* "user.name+": what began in user.name goes on to the end of this value. */
static bool give_more(struct text_gift *g, struct str name, struct str val)
{
	struct build *b = g->b;
	struct field *f = NULL;
	size_t from, to;

	if (name.p[name.n - 1] != '+')
		return false;
	name.n--;
	for (uint32_t i = 0; i < b->n; i++)
		if (str_eq(b->f[i].name, name))
			f = &b->f[i];
	if (f == NULL)
		return true;
	from = str_find(g->line, f->val);
	to = from + f->val.n;
	to += str_find(str_skip(g->line, to), val) + val.n;
	struct str whole = arena_str(b->a, str_sub(g->line, from, to));
	if (whole.p != NULL)
		f->val = whole;
	return true;
}

void text_give(void *ctx, struct str name, struct str val)
{
	struct text_gift *g = ctx;
	struct build *b = g->b;
	enum ecs id;

	if (name.n == 0) {
		give_tag(b, val);
		return;
	}
	val = str_trim(val);
	if (val.n == 0 || give_head(g, name, val) || give_more(g, name, val) ||
	    give_list(g, name, val))
		return;
	id = map_find(MAP_ECS, name);
	g->message = g->message || id == ECS_MESSAGE;
	name = id != ECS_NONE ? str_of(ecs_name(id)) : arena_str(b->a, name);
	val = arena_str(b->a, val);
	if (name.p == NULL || val.p == NULL)
		b->ev.partial = true;
	else
		build_add(b, name, val);
}

void text_given(struct text_gift *g)
{
	struct str date;

	if (g->yy.n == 0)
		return;
	date = arena_printf(g->b->a, "%s%.*s-%.*s-%.*s", g->yy.n == 2 ? "20" : "", STR_ARG(g->yy),
			    STR_ARG(g->mm), STR_ARG(g->dd));
	normal_date_time(g->b, date, g->clock, (struct str){ NULL, 0 });
}
