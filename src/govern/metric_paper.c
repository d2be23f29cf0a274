/* SPDX-License-Identifier: Apache-2.0 */
/* metric_paper.c - what lists and the dispatch itself say. */
#include "govern/calendar.h"
#include "govern/metrics_int.h"

/* --- the national list against the own ranges --- */

/* What a list says is as old as the end of its month, or its import where that came first. */
static int64_t list_time(struct str month, int64_t imported)
{
	char text[16];
	int64_t first;

	if (month.n != 7)
		return imported;
	memcpy(text, month.p, 7);
	memcpy(text + 7, "-01", 3);
	if (!time_parse_date((struct str){ text, 10 }, &first))
		return imported;
	struct civil c = civil_from_time(first);
	c.year += c.month == 12;
	c.month = c.month == 12 ? 1 : c.month + 1;
	int64_t end = time_from_civil(&c);
	return end < imported ? end : imported;
}

bool national_list_get(struct db *db, struct national_list *out, struct err *why)
{
	struct national_list n = { .at = TIME_NONE,
				   .checked = TIME_NONE,
				   .ranges_changed = TIME_NONE };
	struct db_rows *r =
		db_query(db,
			 "SELECT l.id, l.name, coalesce(l.month, ''), l.imported, c.at, c.ranges,"
			 " (SELECT max(s.changed) FROM settings s JOIN units u ON u.id = s.unit"
			 " WHERE u.parent IS NULL AND s.name IN ('public_ranges', 'nat_pools'))"
			 " FROM lists l LEFT JOIN own_checks c ON c.list = l.id"
			 " WHERE l.kind = 'infected' AND l.removed IS NULL"
			 " ORDER BY coalesce(l.month, '') DESC, l.imported DESC LIMIT 1",
			 NULL, 0, why);

	if (db_next(r)) {
		db_put(r, 0, n.id, sizeof n.id);
		db_put(r, 1, n.name, sizeof n.name);
		db_put(r, 2, n.month, sizeof n.month);
		n.at = list_time(db_text(r, 2), db_int(r, 3));
		n.checked = db_time(r, 4);
		n.ranges = db_int(r, 5);
		n.ranges_changed = db_time(r, 6);
	}
	if (!db_end(r, why))
		return false;
	*out = n;
	return true;
}

/* Why the findings say nothing, if so. */
static bool says_nothing(const struct national_list *n, struct err *reason)
{
	if (n->id[0] == '\0')
		return !err_set(reason, ERR_ABSENT, 0,
				"no list of infected addresses has been imported");
	if (n->checked == TIME_NONE)
		return !err_set(reason, ERR_STATE, 0,
				"the list was not yet held against the own addresses");
	if (n->ranges == 0)
		return !err_set(reason, ERR_ABSENT, 0, "the own public ranges are not declared");
	return n->ranges_changed != TIME_NONE && n->ranges_changed > n->checked &&
	       !err_set(reason, ERR_STATE, 0,
			"the own ranges changed after they were held against the list");
}

bool metric_infected_open(const struct metric_look *l, struct metric_found *out, struct err *why)
{
	struct national_list list;
	struct names names = { .n = 0 };
	int64_t n = 0;

	if (!national_list_get(l->db, &list, why))
		return false;
	if (says_nothing(&list, &out->unknown))
		return true;
	struct db_rows *r = db_query(
		l->db,
		"SELECT DISTINCT value FROM own_findings WHERE closed IS NULL ORDER BY value", NULL,
		0, why);

	for (; db_next(r); n++)
		metric_name_add(&names, db_text(r, 0));
	if (!db_end(r, why))
		return false;
	/* The findings are as old as what the list says. */
	metric_plain(out, n, -1, list.at < l->now ? list.at : l->now);
	out->list_at = list.at;
	out->has_detail = true;
	if (n > 0)
		(void)err_set(&out->detail, ERR_STATE, 0, "%jd open: %s", (intmax_t)n, names.text);
	else
		(void)err_set(&out->detail, ERR_STATE, 0, "none open in %jd own ranges",
			      (intmax_t)list.ranges);
	return metric_shown_by(l->db, "own_addresses.checked", out, why);
}

/* --- contacts --- */

bool metric_contacts_verified(const struct metric_look *l, struct metric_found *out,
			      struct err *why)
{
	const struct directive *d = l->directive;
	int64_t within = l->check->within == TIME_NONE ? 30 * TIME_DAY : l->check->within;
	int64_t n = 0, last = TIME_NONE;
	char text[TIME_TEXT_MAX];

	(void)why;
	for (size_t i = 0; i < d->n_contacts; i++) {
		int64_t on = d->contacts[i].verified_on;

		n += on != TIME_NONE && on >= l->now - within && on <= l->now;
		if (on != TIME_NONE && on > last)
			last = on;
	}
	metric_share(out, n, (int64_t)d->n_contacts, TIME_NONE);
	if (n < (int64_t)d->n_contacts && last != TIME_NONE) {
		out->has_detail = true;
		(void)err_set(&out->detail, ERR_STATE, 0, "%jd of %jd; last verified on %s",
			      (intmax_t)n, (intmax_t)d->n_contacts, time_day(last, text));
	}
	return true;
}

/* --- slip --- */

static bool days_between(int64_t from, int64_t to, struct metric_found *out)
{
	if (from == TIME_NONE || to == TIME_NONE)
		(void)err_set(&out->unknown, ERR_ABSENT, 0, "the slip does not tell the day");
	else
		metric_plain(out, (to - from) / TIME_DAY, -1, TIME_NONE);
	return true;
}

static int64_t slip_day(const struct directive *d, const char *name)
{
	int64_t t;

	return time_parse_date(slip_value(d, name), &t) ? t : TIME_NONE;
}

bool metric_slip_to_arrived(const struct metric_look *l, struct metric_found *out, struct err *why)
{
	(void)why;
	return days_between(l->directive->issued, l->directive->arrived, out);
}

bool metric_slip_to_presented(const struct metric_look *l, struct metric_found *out,
			      struct err *why)
{
	(void)why;
	return days_between(l->directive->arrived, slip_day(l->directive, "presented_on"), out);
}

/* Does so many hold what the check asks for? Only "<= N" can be judged before all days are certain. */
static bool early(const struct check *c, int64_t days)
{
	return c->compare == IS_LE && (double)days <= c->bound;
}

/* Presented after so many working days, or not yet after so many. */
static void say_worked(const struct metric_look *l, int64_t least, int64_t most, bool presented,
		       struct metric_found *out)
{
	const struct check *c = l->check;
	bool same = least == most, good = early(c, most), late = !early(c, least);

	if (!same && (c->compare != IS_LE || (!good && !late)))
		(void)err_set(&out->unknown, ERR_STATE, 0,
			      "%jd to %jd working days: which days were worked is not confirmed in "
			      "content/calendar/",
			      (intmax_t)least, (intmax_t)most);
	else if (!presented && good)
		(void)err_set(&out->unknown, ERR_STATE, 0,
			      "not presented yet, %jd working days after it arrived",
			      (intmax_t)most);
	else
		metric_plain(out, good ? most : least, -1, presented ? TIME_NONE : l->now);
	if (out->known && !presented) {
		out->has_detail = true;
		(void)err_set(&out->detail, ERR_STATE, 0,
			      "not presented yet, %jd working days after it arrived",
			      (intmax_t)least);
	}
}

/* Decree 30/2020, article 23: the same or the next working day. */
bool metric_slip_worked_to_presented(const struct metric_look *l, struct metric_found *out,
				     struct err *why)
{
	int64_t from = l->directive->arrived, to = slip_day(l->directive, "presented_on");
	int64_t local = l->now + 7 * TIME_HOUR, least, most;
	bool presented = to != TIME_NONE;
	struct calendar c;

	(void)why;
	if (!presented)
		to = local - local % TIME_DAY;
	if (from == TIME_NONE)
		(void)err_set(&out->unknown, ERR_ABSENT, 0, "the slip does not tell the day");
	else if (to < from)
		(void)err_set(&out->unknown, ERR_INPUT, 0,
			      "the slip has it presented before it arrived");
	else if (calendar_get(l->db, l->scratch, &c, &out->unknown) &&
		 calendar_count(&c, from, to, &least, &most, &out->unknown))
		say_worked(l, least, most, presented, out);
	return true;
}

/* The fields of the decree begin with a capital; the others are the receiving body's own. */
bool metric_slip_filled(const struct metric_look *l, struct metric_found *out, struct err *why)
{
	int64_t n = 0, of = 0;

	(void)why;
	for (size_t i = 0; i < l->directive->n_slip; i++) {
		const struct slip_field *f = &l->directive->slip[i];
		bool theirs = f->name.n > 0 && f->name.p[0] >= 'A' && f->name.p[0] <= 'Z';

		of += theirs;
		n += theirs && f->value.n > 0;
	}
	metric_share(out, n, of, TIME_NONE);
	return true;
}
