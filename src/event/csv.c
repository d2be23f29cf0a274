/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csv.c - a record to its shape, to the header that holds, or to a header of its own.
 *
 * Invariant: b->roles runs along the fields that were added, an enum ecs or enum csv_role each.
 */
#include "event/csv.h"

#include "base/num.h"
#include "event/cells.h"
#include "event/formats.h"
#include "event/stamp.h"

#include <stdio.h>
#include <stdlib.h>

/* How a row is cut and what its columns are. */
struct table {
	const struct csv_column *column;
	size_t n;
	char sep;
	bool us, windows;
	bool own; /* names live in the reader: they are copied */
};

/* --- times --- */

/* "1445", "145", "144501" behind "20180130": to "2018-01-30", "14:45:01". */
static void spread(struct str *date, struct str *clock, char text[32])
{
	int h;

	if (date->n != 8 || memchr(date->p, '/', 8) != NULL || memchr(date->p, '-', 8) != NULL)
		return;
	snprintf(text, 32, "%.4s-%.2s-%.2s", date->p, date->p + 4, date->p + 6);
	if (clock->n >= 3 && clock->n <= 6 && memchr(clock->p, ':', clock->n) == NULL) {
		h = clock->n % 2 == 0 ? 2 : 1;
		snprintf(text + 11, 21, "%.*s:%.2s:%.2s", h, clock->p, clock->p + h,
			 clock->n > 4 ? clock->p + h + 2 : "00");
		*clock = str_of(text + 11);
	}
	*date = (struct str){ text, 10 };
}

/* Six bytes: years since 1970, month from 0, day, hour, minute, second. */
static bool hex_time(const struct build *b, struct str s, int64_t *out)
{
	struct civil t = { 0 };
	int *const parts[] = { &t.year, &t.month, &t.day, &t.hour, &t.minute, &t.second };
	uint64_t v;

	for (size_t i = 0; i < COUNT(parts); i++) {
		if (s.n != 12 || !num_parse_hex(str_sub(s, 2 * i, 2 * i + 2), 255, &v))
			return false;
		*parts[i] = (int)v;
	}
	t.year += 1970;
	t.month += 1;
	if (!civil_valid(&t))
		return false;
	*out = zone_to_utc(b->zone, &t);
	return true;
}

static bool any_time(const struct stamp_at *when, struct str s, bool us, int64_t *out)
{
	s = str_trim(s);
	return stamp_slash(s, when, us, out) || stamp_whole(s, when, out);
}

static bool date_and_clock(const struct stamp_at *when, struct str date, struct str clock, bool us,
			   int64_t *out)
{
	char spread_text[32], text[80];

	date = str_trim(date);
	clock = str_trim(clock);
	spread(&date, &clock, spread_text);
	if (date.n == 0 || date.n + clock.n + 2 > sizeof text)
		return false;
	int n = snprintf(text, sizeof text, "%.*s %.*s", STR_ARG(date), STR_ARG(clock));
	return any_time(when, (struct str){ text, (size_t)n }, us, out);
}

/* The first cell of that role that holds a time, or TIME_NONE. */
static int64_t time_of(const struct build *b, const struct table *t, enum csv_role role,
		       const struct stamp_at *when)
{
	uint32_t from = b->n - b->n_roles;
	int64_t out = TIME_NONE;

	for (uint32_t i = from; i < b->n; i++)
		if (b->roles[i - from] == role && any_time(when, b->f[i].val, t->us, &out))
			return out;
	return TIME_NONE;
}

static struct str cell_of(const struct build *b, enum csv_role role)
{
	uint32_t from = b->n - b->n_roles;

	for (uint32_t i = from; i < b->n; i++)
		if (b->roles[i - from] == role)
			return b->f[i].val;
	return (struct str){ NULL, 0 };
}

/* The best time that the row tells: seconds first, then what is no time of receipt. */
static bool row_time(const struct build *b, const struct table *t, int64_t *out)
{
	struct str zone = cell_of(b, CSV_ZONE);
	bool utc = str_eq_nocase(zone, STR("UTC")) || str_eq_nocase(zone, STR("GMT"));
	struct stamp_at when = { utc ? NULL : b->zone, b->now };

	if (stamp_epoch(cell_of(b, CSV_EPOCH), out) || hex_time(b, cell_of(b, CSV_HEXTIME), out))
		return true;
	*out = time_of(b, t, CSV_TIME, &when);
	if (*out == TIME_NONE &&
	    !date_and_clock(&when, cell_of(b, CSV_DATE), cell_of(b, CSV_CLOCK), t->us, out))
		*out = time_of(b, t, CSV_RECEIVED, &when);
	return *out != TIME_NONE;
}

/* --- rows --- */

/* Cells as fields; what is empty tells nothing. How many cells there were. */
static size_t add_cells(struct build *b, const struct table *t, struct str record, uint8_t *roles)
{
	struct str rest = record, name, val;
	struct cell cell;
	size_t n = 0;
	uint32_t from = b->n;

	for (; cells_next(&rest, t->sep, &cell); n++) {
		val = str_trim(cell_text(b->a, &cell));
		if (val.n == 0 || n > t->n)
			continue;
		if (n == t->n) {
			/* the Event Viewer names no column for the text */
			name = t->windows ? STR("Message") : STR("more");
			roles[b->n - from] = t->windows ? CSV_TEXT : ECS_NONE;
		} else {
			name = t->own ? arena_str(b->a, t->column[n].name) : t->column[n].name;
			roles[b->n - from] = t->column[n].role;
		}
		if (name.p == NULL || b->n == EVENT_MAX_FIELDS)
			b->ev.partial = true;
		else
			build_add(b, name, val);
	}
	return n;
}

static bool read_row(struct build *b, const struct table *t, struct str record, size_t *cells)
{
	uint8_t *roles = NEW(b->a, uint8_t, t->n + 2);
	uint32_t from = b->n;
	int64_t when;

	if (roles == NULL) {
		b->ev.partial = true;
		*cells = 0;
		return false;
	}
	*cells = add_cells(b, t, record, roles);
	b->roles = roles;
	b->n_roles = b->n - from;
	b->windows = t->windows;
	if (!row_time(b, t, &when))
		return false;
	build_time(b, when);
	return true;
}

/* Snare's tabs as rsyslog writes them, Trend Micro's separator: both as tabs. */
static struct str with_tabs(struct build *b, struct str s)
{
	struct str mark = str_starts(s, STR("MSWinEventLog#011")) ? STR("#011") : STR("<;>");
	char *out;
	size_t n = 0;

	if (str_find(str_sub(s, 0, 64), mark) >= 64 || str_find(s, mark) == s.n)
		return s;
	out = arena_bytes(b->a, s.n);
	if (out == NULL)
		return s;
	for (size_t i = 0; i < s.n; i++) {
		bool hit = str_starts(str_skip(s, i), mark);

		out[n++] = hit ? '\t' : s.p[i];
		i += hit ? mark.n - 1 : 0;
	}
	return (struct str){ out, n };
}

static bool read_shape(struct build *b, struct str record)
{
	struct str text = with_tabs(b, record);
	const struct csv_shape *shape = csv_shape_of(text);
	size_t cells;

	if (shape == NULL || cells_count(text, shape->sep, shape->least) < shape->least)
		return false;
	struct table t = { shape->column, shape->n, shape->sep, shape->us, shape->windows, false };
	(void)read_row(b, &t, text, &cells);
	if (shape->product != NULL) {
		b->product = str_of(shape->product);
		b->vendor = str_of(shape->vendor);
	}
	return b->roles != NULL;
}

/* A row of the header that holds: as many cells, one more, or fewer with a time. */
static bool read_known(struct build *b, struct str record, bool forced, struct err *why)
{
	const struct csv *c = b->csv;
	struct table t = { c->column, c->n, c->sep, c->us, c->windows, true };
	size_t cells;
	bool timed = read_row(b, &t, record, &cells);

	if (cells == c->n || cells == c->n + 1 || (cells > 2 && cells < c->n && timed) || forced)
		return true;
	return err_set(why, ERR_INPUT, record.n, "expected %zu columns, found %zu", c->n, cells);
}

static bool take_header(struct build *b, struct str record, bool sure)
{
	struct csv *fresh = b->csv != NULL ? b->csv : calloc(1, sizeof *fresh);

	if (fresh == NULL)
		return false;
	b->csv = fresh;
	if (!csv_header(fresh, *b->a, record, sure))
		return false;
	build_add(b, STR("message"), record);
	b->ev.header = true;
	return true;
}

/* Cheaply: a header begins with a name and tells no time of day. */
static bool may_be_header(struct str record)
{
	struct str head = str_sub(record, 0, 256);
	char c = record.n > 0 ? record.p[0] : '\0';

	if (!ascii_alpha(c) && c != '"' && (unsigned char)c < 0x80)
		return false;
	for (size_t i = 1; i + 5 < head.n; i++)
		if (head.p[i] == ':' && head.p[i + 3] == ':' && ascii_digit(head.p[i - 1]) &&
		    ascii_digit(head.p[i + 1]) && ascii_digit(head.p[i + 4]))
			return false;
	return true;
}

bool csv_read(struct build *b, struct str record, struct err *why)
{
	bool forced = b->depth == 0 && b->ctx->format == format_find(STR("csv"));

	b->roles = NULL;
	b->n_roles = 0;
	b->product = b->vendor = (struct str){ NULL, 0 };
	b->windows = false;
	if (read_shape(b, record))
		return true;
	if (b->framed || b->depth > 0)
		return err_set(why, ERR_INPUT, 0, "no known columns");
	if (may_be_header(record) && take_header(b, record, true))
		return true;
	if (b->csv != NULL && b->csv->n > 0)
		return read_known(b, record, forced, why);
	if (forced && take_header(b, record, false))
		return true;
	return err_set(why, ERR_INPUT, 0, "no known columns");
}

int csv_probe(struct str record)
{
	static const char separators[] = { ',', ';', '\t', '|' };
	struct str head = str_sub(record, 0, 512), front = str_sub(record, 0, 24);

	if (record.n < 3 || record.p[0] == '{' || record.p[0] == '<')
		return 0;
	if (csv_shape_of(record) != NULL || str_starts(record, STR("MSWinEventLog#011")) ||
	    str_find(front, STR("<;>")) < front.n)
		return 96;
	for (size_t i = 0; i < COUNT(separators); i++)
		if (memchr(head.p, separators[i], head.n) != NULL)
			return 62;
	return 0;
}
