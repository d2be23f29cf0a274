/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sigma_eval.c - a walk over the tree for each rule and event; nothing is indexed but field names.
 *
 * Invariant: links and folded values are of the event at hand; sigma_event() drops those of the one
 * before by moving the stamp on and resetting the arena.
 */
#include "detect/sigma_eval.h"

#include "base/num.h"
#include "base/time.h"
#include "base/utf8.h"
#include "detect/sigma_eval_int.h"

#include <stdlib.h>

enum { WORK_ATOM = 32 }; /* what an atom costs beside the bytes it looks at */
#define ARENA_CAP ((size_t)128 << 20)

struct sigma_scratch *sigma_scratch_new(const struct names *names)
{
	struct sigma_scratch *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->names = names;
	s->slot = calloc(names->n + 1, sizeof *s->slot);
	s->regex = regex_scratch_new();
	if (s->slot == NULL || s->regex == NULL || !arena_reserve(&s->whole, ARENA_CAP)) {
		sigma_scratch_free(s);
		return NULL;
	}
	s->a = s->whole;
	for (enum ecs id = ECS_NONE + 1; id < ECS_COUNT; id++)
		s->ecs[id] = names_find(names, ecs_text(id));
	return s;
}

void sigma_scratch_free(struct sigma_scratch *s)
{
	if (s == NULL)
		return;
	if (s->whole.beg != NULL)
		arena_release(s->whole);
	regex_scratch_free(s->regex);
	sigma_link_fini(s);
	free(s->slot);
	free(s);
}

bool sigma_folded(struct sigma_scratch *s, struct str text, struct str *cache)
{
	if (cache->p == NULL)
		*cache = text.n == 0 ? STR("") : utf8_fold_case(&s->a, text);
	if (cache->p != NULL)
		return true;
	s->undecided++;
	return false;
}

static void note(struct sigma_scratch *s, struct str field, struct str text, size_t weight)
{
	if (weight <= s->best_weight)
		return;
	s->best_weight = weight;
	s->best = (struct sigma_match){ field, text };
}

static bool regex_hits(struct sigma_scratch *s, const struct regex *re, struct str field,
		       struct str value)
{
	size_t from = 0, to = 0;

	switch (regex_match(re, s->regex, value, &from, &to)) {
	case REGEX_YES:
		note(s, field, to > from ? str_sub(value, from, to) : value, 8);
		return true;
	case REGEX_GAVE_UP:
		s->undecided++;
		return false;
	default:
		return false;
	}
}

/* Does this text, whose folded form is kept at *cache, satisfy a pattern or expression? */
static bool text_hits(struct sigma_scratch *s, const struct atom *at, struct str field,
		      struct str value, struct str *cache)
{
	struct str v = value;

	s->work += value.n + WORK_ATOM;
	if (at->kind == ATOM_REGEX)
		return regex_hits(s, at->regex, field, value);
	if (!at->cased) {
		if (!sigma_folded(s, value, cache))
			return false;
		v = *cache;
	}
	if (!pattern_match(&at->pattern, v))
		return false;
	note(s, field, value, 1 + pattern_weight(&at->pattern));
	return true;
}

bool sigma_raw_is_text(struct str raw)
{
	raw = str_trim(str_sub(raw, 0, 64));
	return raw.n > 0 && raw.p[0] != '{' && raw.p[0] != '[';
}

/* Keywords: "applied to the full log message". */
static bool keyword_holds(struct sigma_scratch *s, const struct atom *at)
{
	const struct event *ev = s->ev;
	uint32_t n = ev->n_raw > 0 ? ev->n_raw : ev->n_fields;

	for (uint32_t i = 0; i < n; i++)
		if (ev->fields[i].type != FIELD_NULL &&
		    text_hits(s, at, ev->fields[i].name, ev->fields[i].val, &s->folded[i]))
			return true;
	return sigma_raw_is_text(ev->raw) &&
	       text_hits(s, at, STR(""), ev->raw, &s->folded[ev->n_fields]);
}

/* Two digits (four for the year) at `at` of a time as it is written. */
static bool digits(struct str s, size_t at, size_t n, int *out)
{
	uint64_t v;

	if (at + n > s.n || !num_parse(str_sub(s, at, at + n), 0, 9999, &v))
		return false;
	*out = (int)v;
	return true;
}

static int iso_week(const struct civil *c)
{
	int64_t day = time_from_civil(&(struct civil){ c->year, c->month, c->day });
	int weekday = (day_of_week(day) + 6) % 7; /* 0 Monday */
	int64_t thursday = day + (3 - weekday) * TIME_DAY;
	struct civil t = civil_from_time(thursday);
	int64_t first = time_from_civil(&(struct civil){ t.year, 1, 1 });

	return (int)((thursday - first) / TIME_DAY) / 7 + 1;
}

/* Sigma 2.1, "Time Modifiers": a number out of a date as it is written, no zone is applied. */
static bool time_part(struct str s, enum time_part part, double *out)
{
	struct civil c = { 0 };
	bool clock = part == PART_HOUR || part == PART_MINUTE;

	s = str_trim(s);
	if (!digits(s, 0, 4, &c.year) || !digits(s, 5, 2, &c.month) || !digits(s, 8, 2, &c.day) ||
	    s.p[4] != s.p[7] || (s.p[4] != '-' && s.p[4] != '/') || !civil_valid(&c))
		return false;
	if (clock &&
	    (s.n < 16 || (s.p[10] != 'T' && s.p[10] != ' ') || s.p[13] != ':' ||
	     !digits(s, 11, 2, &c.hour) || !digits(s, 14, 2, &c.minute) || !civil_valid(&c)))
		return false;
	const int parts[] = {
		[PART_NONE] = 0,     [PART_MINUTE] = c.minute,   [PART_HOUR] = c.hour,
		[PART_DAY] = c.day,  [PART_WEEK] = iso_week(&c), [PART_MONTH] = c.month,
		[PART_YEAR] = c.year
	};
	*out = parts[part];
	return true;
}

static bool compare(const struct atom *at, struct str value)
{
	double v;

	if (at->part != PART_NONE ? !time_part(value, (enum time_part)at->part, &v)
				  : !num_parse_double(str_trim(value), &v))
		return false;
	switch ((enum compare_op)at->op) {
	case CMP_LT:
		return v < at->number;
	case CMP_LTE:
		return v <= at->number;
	case CMP_GT:
		return v > at->number;
	case CMP_GTE:
		return v >= at->number;
	default:
		return v >= at->number && v <= at->number;
	}
}

static bool in_range(const struct range *r, struct str value)
{
	struct addr v;

	return addr_parse(str_trim(value), &v) && addr_is_v4(&v) == addr_is_v4(&r->lo) &&
	       addr_cmp(&r->lo, &v) <= 0 && addr_cmp(&v, &r->hi) <= 0;
}

static bool relates(const struct atom *at, struct str v, struct str other)
{
	if (at->front && at->back)
		return other.n == 0 || str_find(v, other) < v.n;
	if (at->front)
		return str_ends(v, other);
	return at->back ? str_starts(v, other) : str_eq(v, other);
}

static bool fieldref_hits(struct sigma_scratch *s, const struct atom *at, uint32_t i)
{
	const struct field *f = &s->ev->fields[i];

	for (uint32_t k = sigma_first(s, at->other); k != NO_LINK; k = s->link[k].next) {
		uint32_t o = s->link[k].field;
		struct str v = f->val, other = s->ev->fields[o].val;

		if (s->ev->fields[o].type == FIELD_NULL)
			continue;
		if (!at->cased) {
			if (!sigma_folded(s, v, &s->folded[i]) ||
			    !sigma_folded(s, other, &s->folded[o]))
				return false;
			v = s->folded[i];
			other = s->folded[o];
		}
		if (relates(at, v, other))
			return true;
	}
	return false;
}

/* One value of a field that is there and not null. */
static bool value_hits(struct sigma_scratch *s, const struct atom *at, uint32_t i)
{
	const struct field *f = &s->ev->fields[i];
	bool hit = false;

	switch ((enum atom_kind)at->kind) {
	case ATOM_PATTERN:
	case ATOM_REGEX:
		return text_hits(s, at, f->name, f->val, &s->folded[i]);
	case ATOM_CIDR:
		hit = in_range(&at->range, f->val);
		break;
	case ATOM_COMPARE:
		hit = compare(at, f->val);
		break;
	case ATOM_FIELDREF:
		hit = fieldref_hits(s, at, i);
		break;
	default:
		break;
	}
	if (hit)
		note(s, f->name, f->val, 2);
	return hit;
}

bool sigma_atom_holds(struct sigma_scratch *s, const struct atom *at)
{
	if (at->field == FIELD_ANY)
		return keyword_holds(s, at);
	uint32_t k = sigma_first(s, at->field);
	if (at->kind == ATOM_EXISTS)
		return k != NO_LINK;
	if (at->kind == ATOM_NULL && k == NO_LINK)
		return true;
	for (; k != NO_LINK; k = s->link[k].next) {
		uint32_t i = s->link[k].field;
		bool null = s->ev->fields[i].type == FIELD_NULL;

		if (null ? at->kind == ATOM_NULL : value_hits(s, at, i))
			return true;
	}
	return false;
}

/* What a part noted counts only when the part holds, and never under a not. */
static bool holds(struct sigma_scratch *s, const struct node *v)
{
	struct sigma_match best = s->best;
	size_t weight = s->best_weight;
	bool ok = v->kind == NODE_AND;

	if (v->kind == NODE_ATOM)
		return sigma_atom_holds(s, v->atom);
	if (v->kind == NODE_NOT)
		ok = !holds(s, v->kid[0]);
	else
		for (uint32_t i = 0; i < v->n && ok == (v->kind == NODE_AND); i++)
			ok = holds(s, v->kid[i]);
	if (!ok || v->kind == NODE_NOT) {
		s->best = best;
		s->best_weight = weight;
	}
	return ok;
}

bool sigma_holds(struct sigma_scratch *s, const struct node *condition, const struct rename *rename,
		 size_t n_renames, struct sigma_match *out)
{
	s->rename = rename;
	s->n_renames = n_renames;
	s->best = (struct sigma_match){ STR(""), STR("") };
	s->best_weight = 0;
	if (!holds(s, condition))
		return false;
	if (out != NULL)
		*out = s->best;
	return true;
}

uint64_t sigma_undecided(const struct sigma_scratch *s)
{
	return s->undecided;
}

size_t sigma_values(struct sigma_scratch *s, uint32_t name, const struct rename *rename,
		    size_t n_renames, struct str *out, size_t max)
{
	size_t n = 0;

	s->rename = rename;
	s->n_renames = n_renames;
	for (uint32_t k = sigma_first(s, name); k != NO_LINK && n < max; k = s->link[k].next) {
		const struct field *f = &s->ev->fields[s->link[k].field];

		if (f->type != FIELD_NULL)
			out[n++] = f->val;
	}
	return n;
}

bool sigma_field_is(struct sigma_scratch *s, uint32_t name, struct str text)
{
	s->n_renames = 0;
	for (uint32_t k = sigma_first(s, name); k != NO_LINK; k = s->link[k].next) {
		uint32_t i = s->link[k].field;

		if (s->ev->fields[i].type != FIELD_NULL &&
		    sigma_folded(s, s->ev->fields[i].val, &s->folded[i]) &&
		    str_eq(s->folded[i], text))
			return true;
	}
	return false;
}
