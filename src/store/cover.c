/* SPDX-License-Identifier: Apache-2.0 */
/* cover.c - which days a search takes into account, and what it could not. */
#include "store/reader_int.h"

static void note(struct store_gap *list, size_t *n, int32_t day, int64_t block,
		 const struct err *why)
{
	if (*n < STORE_MAX_GAPS)
		list[(*n)++] = (struct store_gap){ day, block, *why };
}

void cover_damage(struct cover *c, int32_t day, int64_t block, const struct err *why)
{
	note(c->damaged, &c->out->n_damaged, day, block, why);
}

void cover_missing(struct cover *c, int32_t day, const struct err *why)
{
	note(c->missing, &c->out->n_missing, day, 0, why);
}

static const struct store_day *closed_day(const struct store_day *all, size_t n, int32_t day)
{
	for (size_t i = 0; i < n; i++)
		if (all[i].root.day == day)
			return &all[i];
	return NULL;
}

/* A day within the range without a file. */
static void lacks(struct cover *c, int32_t day, const struct store_day *closed)
{
	char text[TIME_TEXT_MAX];
	struct err why;

	day_text(day, text);
	if (closed == NULL)
		(void)err_set(&why, ERR_ABSENT, 0, "nothing was received on %s", text);
	else if (closed->gone != TIME_NONE)
		(void)err_set(&why, ERR_ABSENT, 0, "day %s was removed by retention", text);
	else
		(void)err_set(&why, ERR_INPUT, 0, "the file of day %s is missing", text);
	cover_missing(c, day, &why);
}

static void find_missing(struct cover *c, const int32_t *files, size_t n_files,
			 const struct store_day *closed, size_t n_closed)
{
	int32_t first = files[0], last = files[n_files - 1];
	size_t at = 0;

	if (n_closed > 0 && closed[0].root.day < first)
		first = closed[0].root.day;
	if (c->out->from != TIME_NONE && day_of(c->out->from) > first)
		first = day_of(c->out->from);
	if (c->out->to != TIME_NONE && day_of(c->out->to) < last)
		last = day_of(c->out->to);
	for (int32_t day = first; day <= last && c->out->n_missing < STORE_MAX_GAPS; day++) {
		while (at < n_files && files[at] < day)
			at++;
		if (at == n_files || files[at] != day)
			lacks(c, day, closed_day(closed, n_closed, day));
	}
}

static bool outside(const struct day_span *d, const struct store_coverage *c)
{
	if (d->time_min == TIME_NONE)
		return false;
	return (c->from != TIME_NONE && d->time_max < c->from) ||
	       (c->to != TIME_NONE && d->time_min > c->to);
}

static bool choose(struct cover *c, const int32_t *files, size_t n_files,
		   const struct store_day *closed, size_t n_closed)
{
	struct day_span *days = NEW(c->a, struct day_span, n_files);
	int32_t *names = NEW(c->a, int32_t, n_files);

	if (days == NULL || names == NULL)
		return false;
	for (size_t i = 0; i < n_files; i++) {
		const struct store_day *known = closed_day(closed, n_closed, files[i]);
		struct day_span d = { files[i], TIME_NONE, TIME_NONE };

		if (known != NULL) {
			d.time_min = known->root.time_min;
			d.time_max = known->root.time_max;
		}
		if (outside(&d, c->out))
			continue;
		names[c->n_days] = d.day;
		days[c->n_days++] = d;
	}
	c->days = days;
	c->out->days = names;
	c->out->n_days = c->n_days;
	return true;
}

bool cover_begin(struct store_reader *r, struct arena *a, const struct store_search *want,
		 struct store_coverage *out, struct cover *cover, struct err *why)
{
	const struct store_day *closed = NULL;
	size_t n_files = 0, n_closed = 0;
	int32_t *files = NULL;

	*out = (struct store_coverage){ .from = want->from, .to = want->to, .complete = true };
	*cover = (struct cover){ .a = a, .out = out };
	cover->missing = NEW(a, struct store_gap, STORE_MAX_GAPS);
	cover->damaged = NEW(a, struct store_gap, STORE_MAX_GAPS);
	if (cover->missing == NULL || cover->damaged == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for the search");
	out->missing = cover->missing;
	out->damaged = cover->damaged;
	if (!day_list(a, r->folder, &files, &n_files, why))
		return false;
	if (n_files == 0)
		return true;
	/* Without them every day is opened; the file that is damaged is named when it is. */
	(void)!store_days(r, a, &closed, &n_closed, NULL);
	find_missing(cover, files, n_files, closed, n_closed);
	if (!choose(cover, files, n_files, closed, n_closed))
		return err_set(why, ERR_LIMIT, 0, "no room for the search");
	return true;
}
