/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calendar.c - years of days that are worked or off.
 *
 * Invariant: of several rows for one day the ones that are certain decide; of those the one of a day in
 * exchange, which is the exception from the week.
 */
#include "govern/calendar.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/jsonw.h"
#include "base/yaml.h"
#include "state/ledger.h"
#include "state/state.h"

#include <fcntl.h>
#include <stdlib.h>

enum { YEAR_LEAST = 1990, YEAR_MOST = 2200, SPAN_MOST = 60 };
static const char setting[] = "calendar";

static int32_t day_number(int64_t midnight)
{
	return (int32_t)(midnight / TIME_DAY);
}

/* --- from YAML --- */

static bool fault(const struct yml *v, const char *want, struct err *why)
{
	return err_set(why, ERR_INPUT, v->line, want, 0);
}

static const struct yml *needed(const struct yml *map, const char *key, struct err *why)
{
	const struct yml *v = yml_get(map, key);

	if (v == NULL)
		(void)err_set(why, ERR_INPUT, map != NULL ? map->line : 1, "'%s' is missing", key);
	return v;
}

/* What such a day is called, and whether a source confirms it. */
static bool take_about(const struct yml *v, bool *sure, struct err *why)
{
	const struct yml *name = needed(v, "name", why), *confirmed = needed(v, "confirmed", why);

	if (name == NULL || confirmed == NULL)
		return false;
	if (name->n != 2 || yml_get_str(name, "vi").n == 0 || yml_get_str(name, "en").n == 0)
		return fault(name, "expected 'vi' and 'en'", why);
	return yml_bool(confirmed, sure) || fault(confirmed, "expected true or false", why);
}

static bool add_day(struct calendar *c, const struct yml *at, int32_t day, bool worked, bool sure,
		    struct err *why)
{
	if (c->n_days == CALENDAR_DAYS)
		return err_set(why, ERR_LIMIT, at->line, "more than %d days", CALENDAR_DAYS);
	c->day[c->n_days].day = day;
	c->day[c->n_days].worked = worked;
	c->day[c->n_days++].sure = sure;
	return true;
}

/* A day of that year, its midnight. */
static bool read_day(struct str s, int year, int64_t *out)
{
	return time_parse_date(s, out) && civil_from_time(*out).year == year;
}

/* {days: 2024-02-08/2024-02-14, name: {vi, en}, confirmed: false} */
static bool take_off(const struct yml *v, int year, struct calendar *c, struct err *why)
{
	static const char *const keys[] = { "days", "name", "confirmed" };
	const struct yml *days = needed(v, "days", why);
	struct str text = yml_str(days), first = text;
	int64_t from, to;
	bool sure = false, range = str_find_char(text, '/') < text.n;

	if (days == NULL || !yml_only(v, keys, COUNT(keys), why) || !take_about(v, &sure, why))
		return false;
	if ((range && !str_split(&text, '/', &first)) || !read_day(first, year, &from) ||
	    !read_day(text, year, &to) || from > to || to - from > SPAN_MOST * TIME_DAY)
		return fault(days, "expected days of that year such as 2024-02-08/2024-02-14", why);
	for (int64_t t = from; t <= to; t += TIME_DAY)
		if (!add_day(c, v, day_number(t), false, sure, why))
			return false;
	return true;
}

/* {day: 2024-05-04, instead_of: 2024-04-29, name: {vi, en}, confirmed: false} */
static bool take_worked(const struct yml *v, int year, struct calendar *c, struct err *why)
{
	static const char *const keys[] = { "day", "instead_of", "name", "confirmed" };
	const struct yml *day = needed(v, "day", why), *other = needed(v, "instead_of", why);
	int64_t on, off;
	bool sure = false;

	if (day == NULL || other == NULL || !yml_only(v, keys, COUNT(keys), why) ||
	    !take_about(v, &sure, why))
		return false;
	if (!read_day(yml_str(day), year, &on))
		return fault(day, "expected a day of that year such as 2024-05-04", why);
	if (!read_day(yml_str(other), year, &off))
		return fault(other, "expected a day of that year such as 2024-05-04", why);
	return add_day(c, v, day_number(on), true, sure, why) &&
	       add_day(c, v, day_number(off), false, sure, why);
}

static bool take_week(const struct yml *seq, uint8_t *out, struct err *why)
{
	static const struct str names[] = { STR("sun"), STR("mon"), STR("tue"), STR("wed"),
					    STR("thu"), STR("fri"), STR("sat") };
	uint8_t week = 0;

	for (const struct yml *v = yml_first(seq); v != NULL; v = v->next) {
		size_t d = 0;

		while (d < COUNT(names) && !str_eq(yml_str(v), names[d]))
			d++;
		if (d == COUNT(names))
			return fault(v, "expected days of the week such as mon", why);
		week |= (uint8_t)(1U << d);
	}
	*out = week;
	return week != 0 || fault(seq, "expected days of the week such as mon", why);
}

typedef bool take_fn(const struct yml *v, int year, struct calendar *c, struct err *why);

static bool take_all(const struct yml *seq, take_fn *take, int year, struct calendar *c,
		     struct err *why)
{
	if (seq != NULL && seq->kind != YML_SEQ)
		return fault(seq, "expected a list", why);
	for (const struct yml *v = yml_first(seq); v != NULL; v = v->next)
		if (!take(v, year, c, why))
			return false;
	return true;
}

static bool known_year(const struct calendar *c, int year)
{
	for (size_t i = 0; i < c->n_years; i++)
		if (c->year[i].year == year)
			return true;
	return false;
}

static int by_day(const void *a, const void *b)
{
	/* the number of the day stands first */
	const int32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static bool take_year(const struct yml *doc, struct calendar *c, struct err *why)
{
	static const char *const keys[] = { "year", "week", "off", "worked" };
	const struct yml *year = needed(doc, "year", why);
	const struct yml *week = year != NULL ? needed(doc, "week", why) : NULL;
	uint8_t bits = 0;
	int64_t n = 0;

	if (week == NULL || !yml_only(doc, keys, COUNT(keys), why))
		return false;
	if (!yml_int(year, &n) || n < YEAR_LEAST || n > YEAR_MOST)
		return fault(year, "expected a year such as 2024", why);
	if (known_year(c, (int)n))
		return err_set(why, ERR_INPUT, year->line, "the year %jd stands twice",
			       (intmax_t)n);
	if (c->n_years == CALENDAR_YEARS)
		return err_set(why, ERR_LIMIT, year->line, "more than %d years", CALENDAR_YEARS);
	if (!take_week(week, &bits, why))
		return false;
	c->year[c->n_years].year = (int16_t)n;
	c->year[c->n_years++].week = bits;
	return take_all(yml_get(doc, "off"), take_off, (int)n, c, why) &&
	       take_all(yml_get(doc, "worked"), take_worked, (int)n, c, why);
}

bool calendar_parse(struct arena scratch, struct str yaml, struct calendar *io, struct err *why)
{
	struct calendar c = *io;
	const struct yml *doc = NULL;

	if (!yml_parse(&scratch, yaml, &doc, why))
		return false;
	if (doc != NULL && doc->next != NULL)
		return fault(doc->next, "expected one document", why);
	if (!take_year(doc, &c, why))
		return false;
	qsort(c.day, c.n_days, sizeof c.day[0], by_day);
	*io = c;
	return true;
}

/* --- days --- */

/* The first row that is not before the day. */
static size_t first_row(const struct calendar *c, int32_t day)
{
	size_t lo = 0, hi = c->n_days;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (c->day[mid].day < day)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

enum workday calendar_day(const struct calendar *c, int64_t midnight)
{
	int year = civil_from_time(midnight).year;
	int32_t day = day_number(midnight);
	bool week, worked = false, off = false, unsure = false;
	size_t y = 0;

	while (y < c->n_years && c->year[y].year != year)
		y++;
	if (y == c->n_years)
		return WORKDAY_UNKNOWN;
	week = (c->year[y].week >> day_of_week(midnight) & 1) != 0;
	for (size_t i = first_row(c, day); i < c->n_days && c->day[i].day == day; i++) {
		worked |= c->day[i].sure && c->day[i].worked;
		off |= c->day[i].sure && !c->day[i].worked;
		unsure |= !c->day[i].sure && c->day[i].worked != week;
	}
	if (worked)
		return WORKDAY_WORKED;
	if (off)
		return WORKDAY_OFF;
	return unsure ? WORKDAY_UNSURE : week ? WORKDAY_WORKED : WORKDAY_OFF;
}

bool calendar_count(const struct calendar *c, int64_t from, int64_t to, int64_t *least,
		    int64_t *most, struct err *why)
{
	int64_t sure = 0, unsure = 0;

	for (int64_t t = from + TIME_DAY; t <= to; t += TIME_DAY) {
		enum workday w = calendar_day(c, t);

		if (w == WORKDAY_UNKNOWN)
			return err_set(why, ERR_ABSENT, 0,
				       "there is no calendar of working days for %d",
				       civil_from_time(t).year);
		sure += w == WORKDAY_WORKED;
		unsure += w == WORKDAY_UNSURE;
	}
	*least = sure;
	*most = sure + unsure;
	return true;
}

/* --- the folder --- */

struct loading {
	struct arena *a;
	struct calendar_texts texts;
	struct calendar all;
	struct err *why;
};

static bool load_one(void *ctx, const char *path, const char *name)
{
	struct loading *l = ctx;
	struct calendar_texts *t = &l->texts;
	struct err here = { .kind = ERR_NONE };
	char said[ERR_TEXT_MAX];

	if (!str_ends(str_of(name), STR(".yaml")))
		return true;
	if (t->n == CALENDAR_YEARS)
		return err_set(l->why, ERR_LIMIT, 0, "more than %d years", CALENDAR_YEARS);
	if (file_load(l->a, AT_FDCWD, path, CALENDAR_BYTES, &t->text[t->n], &here) &&
	    calendar_parse(*l->a, t->text[t->n], &l->all, &here)) {
		t->n++;
		return true;
	}
	return err_set(l->why, here.kind, here.at, "%s line %zu: %s", name, here.at,
		       err_text(&here, msg_lang(), said, sizeof said));
}

static void unreadable(void *ctx, const char *path, const struct err *why)
{
	struct loading *l = ctx;

	(void)path;
	if (l->why->kind == ERR_NONE)
		*l->why = *why;
}

bool calendar_load(struct arena *a, const char *folder, struct calendar_texts *texts,
		   struct calendar *out, struct err *why)
{
	struct err none = { .kind = ERR_NONE };
	struct loading l = { .a = a, .why = &none };
	const struct walk w = { load_one, unreadable, &l };

	if (!file_walk(folder, &w) || none.kind != ERR_NONE) {
		if (why != NULL)
			*why = none;
		return false;
	}
	*texts = l.texts;
	*out = l.all;
	return true;
}

/* --- as a setting --- */

static bool keep(struct db *db, const struct calendar_texts *t, struct str json, const char *actor,
		 struct err *why)
{
	const struct ledger_note note = { actor, "calendar.changed", STR("calendar"), TIME_NONE };
	unsigned char digest[HASH_SHA256_LEN];
	char hex[HASH_HEX_MAX];

	hash_sha256(json, digest);
	return state_setting_put(db, setting, json, actor, why) &&
	       ledger_append(db, &note,
			     LEDGER_FIELDS(F_INT("files", t->n),
					   F_Z("sha256", hash_hex(digest, sizeof digest, hex))),
			     NULL, why);
}

bool calendar_put(struct db *db, const struct calendar_texts *texts, const char *actor,
		  struct err *why)
{
	struct buf b = BUF(8 * CALENDAR_YEARS * CALENDAR_BYTES);
	struct jsonw w = { .out = &b };
	struct str old = { NULL, 0 };
	struct arena whole;

	if (!arena_reserve(&whole, 8 * CALENDAR_YEARS * CALENDAR_BYTES + 4096))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct arena a = whole;
	jsonw_open(&w, '[');
	for (size_t i = 0; i < texts->n; i++)
		jsonw_str(&w, texts->text[i]);
	jsonw_close(&w, ']');
	bool ok = !b.full || err_set(why, ERR_LIMIT, 0, "no memory");
	if (ok && db_begin(db, why)) {
		ok = state_setting(db, &a, setting, &old, why) &&
		     (str_eq(old, buf_str(&b)) || keep(db, texts, buf_str(&b), actor, why));
		ok = db_leave(db, ok, why);
	} else {
		ok = false;
	}
	buf_free(&b);
	arena_release(whole);
	return ok;
}

bool calendar_get(struct db *db, struct arena scratch, struct calendar *out, struct err *why)
{
	struct calendar c = { .n_years = 0 };
	struct str text = { NULL, 0 };
	struct json *v = NULL;
	bool ok = true;

	if (!state_setting(db, &scratch, setting, &text, why))
		return false;
	if (text.n == 0)
		return err_set(why, ERR_ABSENT, 0, "no calendar of working days was loaded");
	if (!json_parse(text, 8 * CALENDAR_YEARS * CALENDAR_BYTES, &v, why))
		return false;
	for (size_t i = 0; ok && i < json_count(v); i++)
		ok = calendar_parse(scratch, json_str(json_at(v, i)), &c, why);
	json_free(v);
	if (ok)
		*out = c;
	return ok;
}
