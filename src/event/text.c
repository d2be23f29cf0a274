/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.c - a message to the rule bases that may know it, and what they found to the event.
 *
 * Invariant: the build is touched only by a rule base that fits the whole message.
 */
#include "event/text.h"

#include "event/normal_int.h"
#include "event/stamp.h"
#include "event/text_int.h"

/* A copy with a NUL behind, which liblognorm needs. */
static _Thread_local char line_copy[TEXT_MAX_LINE + 1];

struct gift {
	struct build *b;
	struct str line; /* what the rules saw */
	struct str date, clock, zone;
	bool message;
};

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

/* Fields that are no fields of the event: when and where. True when it was one. */
static bool give_head(struct gift *g, struct str name, struct str val)
{
	struct build *b = g->b;
	struct stamp_at when = { b->zone, b->now };
	int64_t t;

	if (str_eq(name, STR("time"))) {
		if (stamp_whole(val, &when, &t))
			build_time(b, t);
	} else if (str_eq(name, STR("time.date"))) {
		g->date = arena_str(b->a, val);
	} else if (str_eq(name, STR("time.clock"))) {
		g->clock = arena_str(b->a, val);
	} else if (str_eq(name, STR("time.zone"))) {
		g->zone = arena_str(b->a, val);
	} else if (str_eq(name, STR("host"))) {
		b->host = arena_str(b->a, val);
	} else if (str_eq(name, STR("program"))) {
		b->program = arena_str(b->a, val);
	} else {
		return false;
	}
	return true;
}

/* "user.name+": what began in user.name goes on to the end of this value. */
static bool give_more(struct gift *g, struct str name, struct str val)
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

static void give(void *ctx, struct str name, struct str val)
{
	struct gift *g = ctx;
	struct build *b = g->b;
	enum ecs id;

	if (name.n == 0) {
		give_tag(b, val);
		return;
	}
	val = str_trim(val);
	if (val.n == 0 || give_head(g, name, val) || give_more(g, name, val))
		return;
	id = ecs_find(name);
	g->message = g->message || id == ECS_MESSAGE;
	name = id != ECS_NONE ? str_of(ecs_name(id)) : arena_str(b->a, name);
	val = arena_str(b->a, val);
	if (name.p == NULL || val.p == NULL)
		b->ev.partial = true;
	else
		build_add(b, name, val);
}

static struct str cut_ends(const struct decoder *d, struct str s)
{
	for (size_t i = 0; i < d->skip.n; i++)
		if (str_starts(s, d->skip.p[i]))
			s = str_skip(s, d->skip.p[i].n);
	for (size_t i = 0; i < d->end.n; i++)
		if (str_ends(s, d->end.p[i]))
			s = str_sub(s, 0, s.n - d->end.p[i].n);
	return s;
}

/* Solaris puts "[ID 800047 auth.info] " before the message. */
static struct str skip_msgid(struct str s)
{
	size_t end = str_starts(s, STR("[ID ")) ? str_find(str_sub(s, 0, 64), STR("] ")) : s.n;

	return end < s.n && end < 62 ? str_skip(s, end + 2) : s;
}

static bool match_one(struct build *b, const struct decoder *d, struct str message)
{
	struct str s = cut_ends(d, message);
	struct gift g = { .b = b, .line = { line_copy, s.n } };

	memcpy(line_copy, s.p, s.n);
	line_copy[s.n] = '\0';
	if (!rulebase_match(d->rules, g.line, give, &g))
		return false;
	if (g.date.n > 0)
		normal_date_time(b, g.date, g.clock, g.zone);
	if (!g.message)
		build_add(b, STR("message"), message);
	b->ev.format = b->ctx->decoders->format;
	return true;
}

static bool match_any(struct build *b, uint64_t which, struct str message)
{
	const struct decoders *d = b->ctx->decoders;

	for (; which != 0; which &= which - 1)
		if (match_one(b, &d->decoder[__builtin_ctzll(which)], message))
			return true;
	return false;
}

static bool fits(struct texts list, struct str s)
{
	for (size_t i = 0; i < list.n; i++)
		if (str_starts(s, list.p[i]) ||
		    (ascii_digit(s.p[0]) && str_eq(list.p[i], STR("digit"))))
			return true;
	return false;
}

/* Those of `which` of which a beginning fits. */
static uint64_t fitting(const struct decoders *d, uint64_t which, struct str s, bool line)
{
	uint64_t out = 0;

	for (; which != 0; which &= which - 1) {
		size_t i = (size_t)__builtin_ctzll(which);

		if (fits(line ? d->decoder[i].line : d->decoder[i].begins, s))
			out |= UINT64_C(1) << i;
	}
	return out;
}

/* "/usr/sbin/sshd", "postfix/smtpd", "CRON" are asked whole, then by what stands before the last and
 * behind the first slash. */
static uint64_t by_program(const struct decoders *d, struct str program)
{
	uint64_t which = decoders_of_program(d, program);
	size_t slash = str_find_char(program, '/');

	if (which != 0 || slash == program.n)
		return which;
	if (slash > 0)
		return decoders_of_program(d, str_sub(program, 0, slash));
	while (slash < program.n) {
		program = str_skip(program, slash + 1);
		slash = str_find_char(program, '/');
	}
	return decoders_of_program(d, program);
}

/* Some daemons' tags stand in brackets: "[sshd]: ". */
static struct str bracketed(struct str s, struct str *program)
{
	size_t end = s.n > 2 && s.p[0] == '[' ? str_find_char(str_sub(s, 0, 32), ']') : s.n;

	if (end >= s.n || end >= 32)
		return s;
	*program = str_sub(s, 1, end);
	s = str_skip(s, end + 1);
	return str_trim(s.n > 0 && s.p[0] == ':' ? str_skip(s, 1) : s);
}

bool text_payload(struct build *b, struct str message)
{
	const struct decoders *d = b->ctx->decoders;
	struct str program = b->program, rest;
	uint64_t which;

	message = str_trim(message);
	if (d == NULL || message.n == 0 || message.n > TEXT_MAX_LINE)
		return false;
	rest = program.n == 0 ? bracketed(message, &program) : message;
	which = program.n > 0 ? by_program(d, program) : 0;
	if (which != 0 && rest.n > 0 && match_any(b, which, skip_msgid(rest))) {
		b->program = program;
		return true;
	}
	which = d->begins[(unsigned char)message.p[0]];
	return which != 0 && match_any(b, fitting(d, which, message, false), message);
}

bool text_read(struct build *b, struct str record, struct err *why)
{
	const struct decoders *d = b->ctx->decoders;
	uint64_t which;

	record = str_trim(record);
	if (d == NULL || record.n == 0 || record.n > TEXT_MAX_LINE)
		return err_set(why, ERR_INPUT, 0, "no text decoder for this");
	which = d->line[(unsigned char)record.p[0]];
	if (which != 0 && match_any(b, fitting(d, which, record, true), record))
		return true;
	return err_set(why, ERR_INPUT, 0, "no text decoder for this");
}

/* "Thu Aug 25 09:36:02 2016": what syslog never begins with. */
static bool weekday(struct str s)
{
	static const char days[] = "MonTueWedThuFriSatSun";

	for (size_t i = 0; i < 7; i++)
		if (s.n > 8 && memcmp(s.p, days + 3 * i, 3) == 0 && s.p[3] == ' ')
			return true;
	return false;
}

int text_probe(struct str record)
{
	if (record.n == 0)
		return 0;
	if (weekday(record))
		return 85;
	return ascii_digit(record.p[0]) || record.p[0] == '[' ? 65 : 1;
}
