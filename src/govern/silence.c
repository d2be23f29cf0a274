/* SPDX-License-Identifier: Apache-2.0 */
/* silence.c - invariant: a struct silence is whole; what the file leaves out is a mistake, not a zero. */
#include "govern/silence.h"

#include "base/json.h"
#include "base/jsonw.h"
#include "base/num.h"
#include "base/yaml.h"
#include "state/ledger.h"
#include "state/state.h"

#include <stdio.h>

enum { DAYS_MOST = 400, DAY_MINUTES = 24 * 60 };
static const char setting[] = "silence";

const char *const source_class_names[SOURCE_CLASSES] = { "server", "appliance", "workstation",
							 "unknown" };

enum source_class source_class_find(struct str name)
{
	enum source_class c = CLASS_SERVER;

	while (c < SOURCE_CLASSES && !str_eq(name, str_of(source_class_names[c])))
		c++;
	return c;
}

/* --- from YAML --- */

static bool unknown_key(const struct yml *v, struct err *why)
{
	return err_set(why, ERR_INPUT, v->key_line, "unknown key '%.*s'", STR_ARG(v->key));
}

static bool take_span(const struct yml *map, const char *key, int64_t *out, struct err *why)
{
	const struct yml *v = yml_get(map, key);
	int64_t t;

	if (v == NULL)
		return err_set(why, ERR_INPUT, map->line, "'%s' is missing", key);
	if (!time_parse_span(yml_str(v), &t) || t <= 0)
		return err_set(why, ERR_INPUT, v->line, "expected a span of time such as PT15M");
	*out = t;
	return true;
}

static bool take_class(const struct yml *v, struct silence *s, struct err *why)
{
	static const char *const keys[] = { "quiet", "expected" };
	enum source_class c = source_class_find(v->key);
	struct str expected = yml_get_str(v, "expected");

	if (c == SOURCE_CLASSES)
		return unknown_key(v, why);
	s->class[c].working = str_eq(expected, STR("working_hours"));
	if (!s->class[c].working && !str_eq(expected, STR("always")))
		return err_set(why, ERR_INPUT, v->line,
			       "'expected' is always or working_hours, not '%.*s'",
			       STR_ARG(expected));
	return yml_only(v, keys, COUNT(keys), why) &&
	       take_span(v, "quiet", &s->class[c].quiet, why);
}

static bool take_classes(const struct yml *map, struct silence *s, struct err *why)
{
	for (const struct yml *v = yml_first(map); v != NULL; v = v->next)
		if (!take_class(v, s, why))
			return false;
	for (size_t i = 0; i < SOURCE_CLASSES; i++)
		if (s->class[i].quiet == 0)
			return err_set(why, ERR_INPUT, map->line, "'%s' is missing",
				       source_class_names[i]);
	return true;
}

static bool take_infer(const struct yml *map, struct silence *s, struct err *why)
{
	for (const struct yml *v = yml_first(map); v != NULL; v = v->next) {
		enum source_class c = source_class_find(v->key);
		size_t n = 0;

		if (c == SOURCE_CLASSES || c == CLASS_UNKNOWN)
			return unknown_key(v, why);
		for (const struct yml *f = yml_first(v); f != NULL; f = f->next, n++) {
			struct str name = yml_str(f);

			if (n == SILENCE_FORMATS - 1 || name.n == 0 ||
			    name.n >= sizeof s->format[c][0])
				return err_set(why, ERR_INPUT, f->line, "expected a few formats");
			snprintf(s->format[c][n], sizeof s->format[c][n], "%.*s", STR_ARG(name));
		}
	}
	return true;
}

/* "07:30" in minutes of the day; "24:00" is its end. */
static bool read_clock(struct str s, int16_t *out)
{
	struct str hour;
	uint64_t h, m;

	if (s.n != 5 || !str_split(&s, ':', &hour) || !num_parse(hour, 0, 24, &h) ||
	    !num_parse(s, 0, 59, &m) || h * 60 + m > DAY_MINUTES)
		return false;
	*out = (int16_t)(h * 60 + m);
	return true;
}

static bool take_hours(const struct yml *map, struct silence *s, struct err *why)
{
	static const struct str days[] = { STR("sun"), STR("mon"), STR("tue"), STR("wed"),
					   STR("thu"), STR("fri"), STR("sat") };
	bool any = false;

	for (const struct yml *v = yml_first(map); v != NULL; v = v->next, any = true) {
		struct str text = yml_str(v), from;
		int16_t open = 0, close = 0;
		size_t d = 0;

		while (d < COUNT(days) && !str_eq(v->key, days[d]))
			d++;
		if (d == COUNT(days))
			return unknown_key(v, why);
		if (!str_split(&text, '-', &from) || !read_clock(from, &open) ||
		    !read_clock(text, &close) || open >= close)
			return err_set(why, ERR_INPUT, v->line,
				       "expected hours such as 07:30-17:00");
		s->hours[d].open = open;
		s->hours[d].close = close;
	}
	return any || err_set(why, ERR_INPUT, 1, "'%s' is missing", "working_hours");
}

/* "2027-02-04" to 20270204, "04-30" to 430. */
static bool read_day(struct str s, int32_t *out)
{
	char text[16];
	int64_t t;

	/* a leap year, so that 29 February is a day of every year */
	if (s.n != 5 && s.n != 10)
		return false;
	snprintf(text, sizeof text, "%s%.*s", s.n == 5 ? "2024-" : "", STR_ARG(s));
	if (!time_parse_date(str_of(text), &t))
		return false;
	struct civil c = civil_from_time(t);
	*out = (int32_t)((s.n == 5 ? 0 : c.year * 10000) + c.month * 100 + c.day);
	return true;
}

static bool take_holidays(const struct yml *seq, struct silence *s, struct err *why)
{
	for (const struct yml *v = yml_first(seq); v != NULL; v = v->next) {
		struct str text = yml_str(v), first = text;
		int32_t from, to;
		bool range = str_find_char(text, '/') < text.n;

		if (s->n_holidays == SILENCE_HOLIDAYS)
			return err_set(why, ERR_LIMIT, v->line, "more than %d holidays",
				       SILENCE_HOLIDAYS);
		if ((range && !str_split(&text, '/', &first)) || !read_day(first, &from) ||
		    !read_day(text, &to) || from > to || (from < 10000) != (to < 10000))
			return err_set(why, ERR_INPUT, v->line,
				       "expected a day such as 04-30 or 2027-02-04/2027-02-10");
		s->holiday[s->n_holidays].from = from;
		s->holiday[s->n_holidays++].to = to;
	}
	return true;
}

static bool take_calendar(const struct yml *v, struct silence *s, struct err *why)
{
	static const char *const keys[] = { "zone", "working_hours", "holidays" };
	struct str zone = yml_get_str(v, "zone");

	if (zone.n == 0 || zone.n >= sizeof s->zone)
		return err_set(why, ERR_INPUT, v->line, "'%s' is missing", "zone");
	snprintf(s->zone, sizeof s->zone, "%.*s", STR_ARG(zone));
	return yml_only(v, keys, COUNT(keys), why) &&
	       take_hours(yml_get(v, "working_hours"), s, why) &&
	       take_holidays(yml_get(v, "holidays"), s, why);
}

static bool take_pace(const struct yml *all, const char *key, struct control_pace *out,
		      struct err *why)
{
	static const char *const keys[] = { "every", "back_within", "again" };
	const struct yml *v = yml_get(all, key);

	if (v == NULL)
		return err_set(why, ERR_INPUT, all->line, "'%s' is missing", key);
	return yml_only(v, keys, COUNT(keys), why) && take_span(v, "every", &out->every, why) &&
	       take_span(v, "back_within", &out->back, why) &&
	       take_span(v, "again", &out->again, why);
}

static bool take_controls(const struct yml *v, struct silence *s, struct err *why)
{
	static const char *const keys[] = { "rules", "doors", "proved_for" };

	return yml_only(v, keys, COUNT(keys), why) && take_pace(v, "rules", &s->rules, why) &&
	       take_pace(v, "doors", &s->doors, why) &&
	       take_span(v, "proved_for", &s->proved_for, why);
}

static bool take_blind(const struct yml *v, struct silence *s, struct err *why)
{
	static const char *const keys[] = { "hunt_after" };

	return yml_only(v, keys, COUNT(keys), why) &&
	       take_span(v, "hunt_after", &s->hunt_after, why);
}

static const struct {
	const char *key;
	bool (*take)(const struct yml *v, struct silence *s, struct err *why);
} parts[] = {
	{ "classes", take_classes },   { "infer", take_infer }, { "calendar", take_calendar },
	{ "controls", take_controls }, { "blind", take_blind },
};

static bool take_part(const struct yml *v, struct silence *s, unsigned *seen, struct err *why)
{
	for (size_t i = 0; i < COUNT(parts); i++)
		if (str_eq(v->key, str_of(parts[i].key))) {
			*seen |= 1U << i;
			return parts[i].take(v, s, why);
		}
	return unknown_key(v, why);
}

bool silence_parse(struct arena scratch, struct str yaml, struct silence *out, struct err *why)
{
	struct silence s = { .n_holidays = 0 };
	const struct yml *doc = NULL;
	unsigned seen = 0;

	if (!yml_parse(&scratch, yaml, &doc, why))
		return false;
	for (const struct yml *v = yml_first(doc); v != NULL; v = v->next)
		if (!take_part(v, &s, &seen, why))
			return false;
	for (size_t i = 0; i < COUNT(parts); i++)
		if ((seen & 1U << i) == 0)
			return err_set(why, ERR_INPUT, 1, "'%s' is missing", parts[i].key);
	*out = s;
	return true;
}

/* --- as a setting --- */

static bool keep(struct db *db, struct str json, struct str yaml, const char *actor,
		 struct err *why)
{
	const struct ledger_note note = { actor, "silence.changed", STR("silence"), TIME_NONE };

	return state_setting_put(db, setting, json, actor, why) &&
	       ledger_append(db, &note, LEDGER_FIELDS(F_TEXT("yaml", yaml)), NULL, why);
}

bool silence_put(struct db *db, struct str yaml, const char *actor, struct err *why)
{
	struct buf b = BUF(8 * SILENCE_BYTES);
	struct jsonw w = { .out = &b };
	struct str old = { NULL, 0 };
	struct arena whole;

	if (!arena_reserve(&whole, 8 * SILENCE_BYTES + 4096))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct arena a = whole;
	jsonw_str(&w, yaml);
	bool ok = !b.full && db_begin(db, why);
	if (ok) {
		ok = state_setting(db, &a, setting, &old, why) &&
		     (str_eq(old, buf_str(&b)) || keep(db, buf_str(&b), yaml, actor, why));
		ok = db_leave(db, ok, why);
	}
	buf_free(&b);
	arena_release(whole);
	return ok;
}

bool silence_get(struct db *db, struct arena scratch, struct silence *out, struct err *why)
{
	struct str text = { NULL, 0 };
	struct json *v = NULL;

	if (!state_setting(db, &scratch, setting, &text, why))
		return false;
	if (text.n == 0)
		return err_set(why, ERR_ABSENT, 0,
			       "it was never loaded when a source counts as silent");
	if (!json_parse(text, 8 * SILENCE_BYTES, &v, why))
		return false;
	bool ok = silence_parse(scratch, json_str(v), out, why);
	json_free(v);
	/* without one the week and the holidays of the file decide */
	if (ok && !calendar_get(db, scratch, &out->calendar, NULL))
		out->calendar = (struct calendar){ .n_years = 0 };
	return ok;
}

/* --- judging --- */

static bool is_holiday(const struct silence *s, const struct civil *c)
{
	int32_t day = (int32_t)(c->month * 100 + c->day), full = (int32_t)(c->year * 10000) + day;

	for (size_t i = 0; i < s->n_holidays; i++) {
		int32_t d = s->holiday[i].from < 10000 ? day : full;

		if (d >= s->holiday[i].from && d <= s->holiday[i].to)
			return true;
	}
	return false;
}

/* The part of [from, to] in the working hours of the local day that begins at `day`; all local. */
static int64_t working(const struct silence *s, int64_t day, int64_t from, int64_t to)
{
	struct civil c = civil_from_time(day);
	enum workday kind = calendar_day(&s->calendar, day);
	int d = day_of_week(day);

	/* A day that may be off is not held against a machine. */
	if (kind == WORKDAY_OFF || kind == WORKDAY_UNSURE)
		return 0;
	/* Worked in exchange: by the hours of another day. */
	for (int i = 0; kind == WORKDAY_WORKED && s->hours[d].open == s->hours[d].close && i < 7;
	     i++)
		d = (d + 1) % 7;
	int64_t open = day + s->hours[d].open * TIME_MINUTE;
	int64_t close = day + s->hours[d].close * TIME_MINUTE;

	if (open == close || is_holiday(s, &c))
		return 0;
	open = open < from ? from : open;
	close = close > to ? to : close;
	return close > open ? close - open : 0;
}

int64_t silence_expected(const struct silence *s, const struct zone *z, enum source_class c,
			 int64_t from, int64_t to)
{
	int64_t n = 0;

	if (to <= from || !s->class[c].working)
		return to > from ? to - from : 0;
	/* further back the answer is the same: too long */
	if (to - from > DAYS_MOST * TIME_DAY)
		from = to - DAYS_MOST * TIME_DAY;
	from += zone_offset(z, from) * TIME_SECOND;
	to += zone_offset(z, to) * TIME_SECOND;
	for (int64_t day = from - from % TIME_DAY; day < to; day += TIME_DAY)
		n += working(s, day, from, to);
	return n;
}

bool silence_is(const struct silence *s, const struct zone *z, enum source_class c,
		int64_t last_seen, int64_t now)
{
	return silence_expected(s, z, c, last_seen, now) > s->class[c].quiet;
}

static bool lists(const struct silence *s, size_t c, struct str format)
{
	for (size_t i = 0; i < SILENCE_FORMATS && s->format[c][i][0] != '\0'; i++)
		if (str_eq(format, str_of(s->format[c][i])))
			return true;
	return false;
}

enum source_class silence_infer(const struct silence *s, const struct str *formats, size_t n)
{
	for (size_t c = 0; c < SOURCE_CLASSES; c++) {
		size_t theirs = 0, others = 0;

		for (size_t i = 0; i < n; i++) {
			theirs += lists(s, c, formats[i]);
			others += !lists(s, c, formats[i]) && !str_eq(formats[i], STR("unparsed"));
		}
		if (theirs > 0 && others == 0)
			return (enum source_class)c;
	}
	return CLASS_UNKNOWN;
}
