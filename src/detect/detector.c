/* SPDX-License-Identifier: Apache-2.0 */
/*
 * detector.c - runs the parts one after the other and lays exceptions over what they say.
 */
#include "detect/detector.h"

#include "base/time.h"
#include "base/utf8.h"

#include <stdlib.h>

#define EXCEPTIONS_CAP ((size_t)64 << 20)
#define SCRATCH_CAP ((size_t)64 << 20)

struct kept_field {
	uint32_t name; /* number in the names of the rule set */
	struct str folded;
};

struct kept_exception {
	struct str id, rule;
	const struct kept_field *field;
	size_t n;
	int64_t expires;
};

struct detector {
	struct rule_set *rules;
	struct list_set *lists;
	const struct own_ranges *own;
	struct arena whole;
	struct kept_exception *exception;
	size_t n_exceptions;
};

static bool keep_exception(struct detector *d, struct arena *a, const struct exception *from,
			   struct kept_exception *out)
{
	struct kept_field *field = NEW(a, struct kept_field, from->n);
	struct str id = arena_str(a, from->id), rule = arena_str(a, from->rule);

	if (field == NULL || rule.p == NULL || id.p == NULL)
		return false;
	for (size_t i = 0; i < from->n; i++) {
		struct str value = arena_str(a, from->field[i].value);

		field[i].name = rule_set_name(d->rules, from->field[i].name);
		field[i].folded = value.p == NULL ? value : utf8_fold_case(a, value);
		if (field[i].name == NAME_NONE || field[i].folded.p == NULL)
			return false;
	}
	*out = (struct kept_exception){ id, rule, field, from->n, from->expires };
	return true;
}

static bool keep_exceptions(struct detector *d, const struct detector_parts *parts, struct err *why)
{
	struct arena a = d->whole;

	if (parts->n_exceptions > EXCEPTIONS_MAX)
		return err_set(why, ERR_LIMIT, 0, "more than %d exceptions", EXCEPTIONS_MAX);
	d->exception = NEW(&a, struct kept_exception, parts->n_exceptions);
	for (size_t i = 0; i < parts->n_exceptions; i++) {
		const struct exception *x = &parts->exception[i];

		/* Without a field it would silence the rule whole: that is taking it out. */
		if (x->n == 0 || x->n > EXCEPTION_MAX_FIELDS)
			return err_set(why, ERR_INPUT, i, "an exception needs 1 to %d fields",
				       EXCEPTION_MAX_FIELDS);
		if (d->exception == NULL || !keep_exception(d, &a, x, &d->exception[i]))
			return err_set(why, ERR_LIMIT, i, "no room for the exceptions");
	}
	d->n_exceptions = parts->n_exceptions;
	return true;
}

struct detector *detector_new(const struct detector_parts *parts, struct err *why)
{
	struct detector *d = calloc(1, sizeof *d);

	if (d == NULL) {
		rule_set_free(parts->rules);
		list_set_free(parts->lists);
		err_set(why, ERR_LIMIT, 0, "no room for the rules");
		return NULL;
	}
	d->rules = parts->rules != NULL ? parts->rules : rule_set_new();
	d->lists = parts->lists;
	d->own = parts->own;
	if (d->rules != NULL)
		rule_set_link(d->rules); /* where the loader did not, to tell what does not fit */
	if (d->rules == NULL || !arena_reserve(&d->whole, EXCEPTIONS_CAP))
		err_set(why, ERR_LIMIT, 0, "no room for the rules");
	else if (keep_exceptions(d, parts, why) &&
		 (parts->reference || rule_set_compile(d->rules, why)))
		return d;
	detector_free(d);
	return NULL;
}

void detector_free(struct detector *d)
{
	if (d == NULL)
		return;
	rule_set_free(d->rules);
	list_set_free(d->lists);
	if (d->whole.beg != NULL)
		arena_release(d->whole);
	free(d);
}

const struct rule_set *detector_rules(const struct detector *d)
{
	return d->rules;
}

const struct list_set *detector_lists(const struct detector *d)
{
	return d->lists;
}

struct detect_scratch {
	struct rule_scratch *rules;
	struct arena whole;
	struct hit *hit; /* owned */
	size_t n, cap;
	struct detect_counts counts;
	const struct detector *d;
};

struct detect_scratch *detect_scratch_new(const struct detector *d)
{
	struct detect_scratch *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->d = d;
	s->rules = rule_scratch_new(d->rules);
	if (s->rules == NULL || !arena_reserve(&s->whole, SCRATCH_CAP)) {
		detect_scratch_free(s);
		return NULL;
	}
	return s;
}

void detect_scratch_free(struct detect_scratch *s)
{
	if (s == NULL)
		return;
	rule_scratch_free(s->rules);
	if (s->whole.beg != NULL)
		arena_release(s->whole);
	free(s->hit);
	free(s);
}

static void add_hit(struct detect_scratch *s, const struct hit *h)
{
	if (s->n == s->cap) {
		size_t cap = s->cap == 0 ? 64 : s->cap * 2;
		struct hit *grown = cap > HITS_MAX ? NULL : realloc(s->hit, cap * sizeof *grown);

		if (grown == NULL) {
			s->counts.lost++;
			return;
		}
		s->hit = grown;
		s->cap = cap;
	}
	s->hit[s->n++] = *h;
}

static void add_rule(void *ctx, size_t rule, const struct sigma_match *where)
{
	struct detect_scratch *s = ctx;
	const struct rule_info *info = rule_set_at(s->d->rules, rule);

	add_hit(s, &(struct hit){
			   .kind = HIT_RULE,
			   .severity = info->severity,
			   .use = (uint8_t)(info->part ? HIT_COUNT
						       : hit_use_of((enum severity)info->severity)),
			   .rule = info,
			   .field = where->field,
			   .text = where->text });
}

/* An event that is made to cost much says something of who sent it: somebody must look at it. */
static void add_gave_up(struct detect_scratch *s)
{
	static const struct str check[] = {
		STR("Read the record itself; look which sender it came from and what else he sent"),
		STR("Run canh hunt --reference over the record: it tries every rule, however long it "
		    "takes"),
	};
	static const struct str check_vi[] = {
		STR("Đọc bản ghi gốc; xem nguồn gửi là máy nào và đã gửi những gì khác"),
		STR("Chạy canh hunt --reference trên bản ghi này: mọi quy tắc sẽ được xét, dù mất bao "
		    "lâu"),
	};
	static const struct rule_guide guide_en = {
		.what = STR(
			"A record called for so much work that not every rule was tried on it."),
		.why = STR(
			"Ordinary records stay far below the limit. One that does not may be made "
			"to hold up the watch or to hide something else in it."),
		.check = check,
		.n_check = COUNT(check),
	};
	static const struct rule_guide guide_vi = {
		.what = STR(
			"Một bản ghi đòi hỏi quá nhiều công xử lý nên chưa được xét hết các quy "
			"tắc."),
		.why = STR(
			"Bản ghi thông thường thấp hơn giới hạn rất nhiều. Bản ghi vượt giới hạn "
			"có thể được tạo ra để cản trở việc giám sát hoặc che giấu nội dung khác."),
		.check = check_vi,
		.n_check = COUNT(check_vi),
	};
	static const struct rule_info rule = {
		.id = STR(DETECT_GAVE_UP_RULE),
		.title = STR("Record too costly to judge by all rules"),
		.title_vi = STR("Bản ghi quá tốn kém, chưa xét hết các quy tắc"),
		.severity = SEV_HIGH,
		.guide_en = &guide_en,
		.guide_vi = &guide_vi,
	};

	s->counts.undecided++;
	add_hit(s, &(struct hit){ .kind = HIT_RULE,
				  .severity = SEV_HIGH,
				  .use = (uint8_t)hit_use_of(SEV_HIGH),
				  .rule = &rule,
				  .field = STR(""),
				  .text = STR("") });
}

static bool holds(struct detect_scratch *s, const struct kept_exception *x, const struct hit *h,
		  int64_t now)
{
	struct sigma_scratch *sigma = rule_scratch_sigma(s->rules);

	if (!str_eq_nocase(x->rule, h->kind == HIT_RULE ? h->rule->id : h->list->id) ||
	    (x->expires != TIME_NONE && now >= x->expires))
		return false;
	for (size_t i = 0; i < x->n; i++)
		if (!sigma_field_is(sigma, x->field[i].name, x->field[i].folded))
			return false;
	return true;
}

static void except(struct detect_scratch *s, struct hit *h, int64_t now)
{
	for (size_t i = 0; i < s->d->n_exceptions; i++) {
		if (!holds(s, &s->d->exception[i], h, now))
			continue;
		h->excepted = true;
		h->exception = s->d->exception[i].id;
		h->use = HIT_COUNT;
		return;
	}
}

/* Does the group have that value in the field of that number? */
static bool group_is(const struct detector *d, const struct hit_window *w,
		     const struct kept_field *f)
{
	unsigned char mem[4096];

	for (size_t i = 0; i < w->n; i++) {
		struct arena a = { mem, mem + sizeof mem };

		if (str_eq_nocase(w->name[i], rule_set_field(d->rules, f->name)) &&
		    str_eq(w->group[i].n == 0 ? STR("") : utf8_fold_case(&a, w->group[i]),
			   f->folded))
			return true;
	}
	return false;
}

static bool window_excepted(const struct detector *d, const struct kept_exception *x,
			    const struct hit *h, int64_t now)
{
	if (!str_eq_nocase(x->rule, h->rule->id) || (x->expires != TIME_NONE && now >= x->expires))
		return false;
	for (size_t i = 0; i < x->n; i++)
		if (!group_is(d, h->window, &x->field[i]))
			return false;
	return true;
}

void detector_except_window(const struct detector *d, struct hit *h, int64_t now)
{
	for (size_t i = 0; i < d->n_exceptions; i++) {
		if (!window_excepted(d, &d->exception[i], h, now))
			continue;
		h->excepted = true;
		h->exception = d->exception[i].id;
		h->use = HIT_COUNT;
		return;
	}
}

void detector_run(const struct detector *d, struct detect_scratch *s, const struct event *ev,
		  struct hits *out)
{
	struct arena a = s->whole;
	struct hits found = { 0 };

	s->counts.events++;
	s->n = 0;
	rule_set_match(d->rules, s->rules, ev, add_rule, s);
	if (rule_scratch_gave_up(s->rules))
		add_gave_up(s);
	if (d->lists != NULL && !list_set_match_event(d->lists, d->own, ev, &a, &found))
		s->counts.undecided++;
	for (size_t i = 0; i < found.n; i++)
		add_hit(s, &found.hit[i]);
	for (size_t i = 0; i < s->n; i++)
		except(s, &s->hit[i], ev->received);
	*out = (struct hits){ s->hit, s->n };
}

struct detect_counts detect_scratch_counts(const struct detect_scratch *s)
{
	struct detect_counts c = s->counts;

	c.undecided += sigma_undecided(rule_scratch_sigma(s->rules));
	return c;
}

uint64_t detect_scratch_seen(const struct detect_scratch *s, size_t i)
{
	return rule_scratch_seen(s->rules, i);
}
