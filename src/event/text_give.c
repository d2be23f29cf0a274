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

/* rule_name.use: what kind of name it is, the ECS field that it is, what it means (text_means()). */
enum kind {
	KIND_FIELD,
	KIND_TIME,
	KIND_CLOCK,
	KIND_MONTH,
	KIND_DAY,
	KIND_YEAR,
	KIND_HOST,
	KIND_PROGRAM,
	KIND_MORE,
	KIND_LIST,
};
enum { ID_BITS = 8, MEANS_SHIFT = 8, KIND_SHIFT = 24 };
_Static_assert(ECS_COUNT < 1 << ID_BITS, "an ECS field fits");

static enum kind kind_of(struct str name)
{
	static const struct {
		struct str name;
		enum kind kind;
	} heads[] = {
		{ STR("time"), KIND_TIME },       { STR("time.clock"), KIND_CLOCK },
		{ STR("time.mm"), KIND_MONTH },   { STR("time.dd"), KIND_DAY },
		{ STR("time.yy"), KIND_YEAR },    { STR("host"), KIND_HOST },
		{ STR("program"), KIND_PROGRAM },
	};

	for (size_t i = 0; i < COUNT(heads); i++)
		if (str_eq(name, heads[i].name))
			return heads[i].kind;
	if (str_ends(name, STR("+")))
		return KIND_MORE;
	return name.n >= 2 && name.p[name.n - 2] == '*' ? KIND_LIST : KIND_FIELD;
}

/* field.means: an ECS name means itself; what products call it comes after those (TEXT_LATER). */
static uint16_t means_of(struct str name)
{
	enum ecs id = ECS_NONE;

	if (str_find_char(name, '.') < name.n)
		id = map_find(MAP_ECS, name);
	if (id != ECS_NONE)
		return (uint16_t)id;
	id = map_find(MAP_TEXT, name);
	return id == ECS_NONE ? 0 : (uint16_t)(TEXT_LATER | id);
}

void text_names(struct rulebase *r)
{
	size_t n;
	struct rule_name *names = rulebase_names(r, &n);

	for (size_t i = 0; i < n; i++)
		names[i].use = (uint32_t)kind_of(names[i].text) << KIND_SHIFT |
			       (uint32_t)means_of(names[i].text) << MEANS_SHIFT |
			       (uint32_t)map_find(MAP_ECS, names[i].text);
}

static void add(struct build *b, struct str name, struct str val, uint16_t means)
{
	uint32_t n = b->n;

	build_add(b, name, val);
	if (b->n > n)
		b->f[n].means = means;
}

static void give_tag(struct build *b, struct str tag)
{
	size_t eq = str_find_char(tag, '=');
	struct str name = str_sub(tag, 0, eq), val = arena_str(b->a, str_skip(tag, eq + 1));

	if (val.n > 0 && str_eq(name, STR("action")))
		add(b, STR("event.action"), val, ECS_EVENT_ACTION);
	else if (val.n > 0 && str_eq(name, STR("category")))
		add(b, STR("event.category"), val, ECS_EVENT_CATEGORY);
	else if (str_eq(name, STR("outcome")))
		b->ev.outcome = (uint8_t)normal_outcome_word(val);
}

static void give_time(struct build *b, struct str val)
{
	struct stamp_at when = { b->zone, b->now };
	int64_t t;

	if (stamp_whole(val, &when, &t) ||
	    text_stamp(b, arena_printf(b->a, "%.*s ", STR_ARG(val)), &t) > 0)
		build_time(b, t);
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
	add(b, id != ECS_NONE ? ecs_text(id) : name, val, means_of(name));
}

/* "dovecot.*,": pairs parted by commas, each as dovecot.KEY. */
static void give_list(struct text_gift *g, struct str name, struct str val)
{
	struct str prefix = str_sub(name, 0, name.n - 2), one;
	char sep = name.p[name.n - 1];

	sep = sep == '_' ? ' ' : sep;
	while (str_split(&val, sep, &one))
		give_pair(g->b, prefix, one);
}

/* "user.name+": what began in user.name goes on to the end of this value. */
static void give_more(struct text_gift *g, struct str name, struct str val)
{
	struct build *b = g->b;
	struct field *f = NULL;

	name.n--;
	for (uint32_t i = 0; i < b->n; i++)
		if (str_eq(b->f[i].name, name))
			f = &b->f[i];
	/* both are views of the line */
	if (f != NULL && f->val.p >= g->line.p && val.p + val.n >= f->val.p)
		f->val.n = (size_t)(val.p + val.n - f->val.p);
}

static void give_field(struct text_gift *g, const struct rule_name *name, struct str val)
{
	enum ecs id = (enum ecs)(name->use & ((1u << ID_BITS) - 1));
	struct build *b = g->b;
	struct str text = id != ECS_NONE ? ecs_text(id) : arena_str(b->a, name->text);

	g->message = g->message || id == ECS_MESSAGE;
	if (text.p == NULL)
		b->ev.partial = true;
	else
		add(b, text, val, (uint16_t)(name->use >> MEANS_SHIFT));
}

void text_give(void *ctx, const struct rule_name *name, struct str val)
{
	struct text_gift *g = ctx;

	if (name == NULL) {
		give_tag(g->b, val);
		return;
	}
	val = str_trim(val);
	if (val.n == 0)
		return;
	switch ((enum kind)(name->use >> KIND_SHIFT)) {
	case KIND_TIME:
		give_time(g->b, val);
		break;
	case KIND_CLOCK:
		g->clock = val;
		break;
	case KIND_MONTH:
		g->mm = val;
		break;
	case KIND_DAY:
		g->dd = val;
		break;
	case KIND_YEAR:
		g->yy = val;
		break;
	case KIND_HOST:
		g->b->host = val;
		break;
	case KIND_PROGRAM:
		g->b->program = val;
		break;
	case KIND_MORE:
		give_more(g, name->text, val);
		break;
	case KIND_LIST:
		give_list(g, name->text, val);
		break;
	case KIND_FIELD:
	default:
		give_field(g, name, val);
		break;
	}
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
