/* SPDX-License-Identifier: Apache-2.0 */
/*
 * w3c.c - directives fill the struct w3c, lines are cut by it.
 *
 * Invariant: column[] points into text[] of the same struct; n is 0 while they do not fit.
 */
#include "event/w3c.h"

#include "event/stamp.h"

/* What Sigma calls the columns that W3C writes as header(Name). */
static struct str sigma_name(struct str name)
{
	static const struct {
		struct str from, to;
	} names[] = {
		{ STR("cs(User-Agent)"), STR("cs-user-agent") },
		{ STR("cs(Referer)"), STR("cs-referer") },
		{ STR("cs(Cookie)"), STR("cs-cookie") },
		{ STR("cs(Host)"), STR("cs-host") },
		{ STR("X-Forwarded-For"), STR("x-forwarded-for") },
	};

	for (size_t i = 0; i < COUNT(names); i++)
		if (str_eq_nocase(name, names[i].from))
			return names[i].to;
	return name;
}

static void remember(struct w3c *w, struct str names)
{
	struct str one;
	size_t used = 0;

	w->n = 0;
	w->sep = str_find_char(names, '\t') < names.n  ? '\t'
		 : str_find_char(names, ',') < names.n ? ','
						       : ' ';
	names = str_trim(names);
	while (str_split(&names, w->sep, &one)) {
		one = str_trim(one);
		if (one.n == 0)
			continue;
		if (w->n == W3C_MAX_COLUMNS || used + one.n > sizeof w->text) {
			w->n = 0;
			return;
		}
		memcpy(w->text + used, one.p, one.n);
		w->column[w->n++] = sigma_name((struct str){ w->text + used, one.n });
		used += one.n;
	}
}

static void directive(struct build *b, struct str line)
{
	struct str name = str_sub(line, 1, 1 + str_find_char(str_skip(line, 1), ':')), val;
	struct w3c *w = b->w3c;

	if (str_starts_nocase(line, STR("#fields\t"))) {
		remember(w, str_skip(line, STR("#fields\t").n));
		return;
	}
	val = str_trim(str_skip(line, name.n + 2));
	if (str_eq_nocase(name, STR("Fields"))) {
		remember(w, val);
	} else if (str_eq_nocase(name, STR("Date"))) {
		struct str day = str_sub(val, 0, 10);

		if (day.n > 0)
			memcpy(w->date, day.p, day.n);
		w->date[day.n] = '\0';
	} else if (str_eq_nocase(name, STR("Time Format"))) {
		w->local = str_eq_nocase(val, STR("Local"));
	} else if (str_eq_nocase(name, STR("Software"))) {
		build_add_some(b, STR("software"), val);
		w->local = false;
		w->date[0] = '\0';
	}
}

/* One cell at the front of *rest; by commas it may stand in quotes. */
static bool take_cell(struct str *rest, char sep, struct str *out)
{
	size_t end;

	if (rest->p == NULL)
		return false;
	if (sep != ',' || rest->n == 0 || rest->p[0] != '"')
		return str_split(rest, sep, out);
	for (end = 1; end < rest->n; end++) {
		if (rest->p[end] != '"')
			continue;
		if (end + 1 == rest->n || rest->p[end + 1] != '"')
			break;
		end++;
	}
	*out = str_sub(*rest, 1, end);
	*rest = str_skip(*rest, end + 1);
	if (rest->n > 0 && rest->p[0] == sep)
		*rest = str_skip(*rest, 1);
	else
		*rest = (struct str){ NULL, 0 };
	return true;
}

static bool tell_time(struct build *b, struct str date, struct str clock)
{
	struct stamp_at when = { b->w3c->local ? b->zone : NULL, b->now };
	char text[64];
	int64_t t;

	if (date.n == 0)
		date = str_of(b->w3c->date);
	if (date.n == 0)
		return true;
	if (date.n + clock.n + 1 > sizeof text)
		return false;
	memcpy(text, date.p, date.n);
	text[date.n] = ' ';
	if (clock.n > 0)
		memcpy(text + date.n + 1, clock.p, clock.n);
	if (stamp_iso((struct str){ text, date.n + 1 + clock.n }, &when, &t) == 0)
		return false;
	build_time(b, t);
	return true;
}

/* "date" and "time", or both in one column ("date-time", "ts"). False where these hold no time:
 * then the line has as many columns only by chance. */
static bool find_time(struct build *b, uint32_t from)
{
	struct stamp_at when = { b->w3c->local ? b->zone : NULL, b->now };
	struct str date = { NULL, 0 }, clock = { NULL, 0 };
	int64_t t;

	for (uint32_t i = from; i < b->n; i++) {
		struct str name = b->f[i].name, val = b->f[i].val;

		if (str_eq_nocase(name, STR("date-time")) || str_eq(name, STR("ts"))) {
			if (!stamp_whole(val, &when, &t))
				return false;
			build_time(b, t);
		} else if (str_eq_nocase(name, STR("date"))) {
			date = val;
		} else if (str_eq_nocase(name, STR("time"))) {
			clock = val;
		}
	}
	return (date.n == 0 && clock.n == 0) || tell_time(b, date, clock);
}

/* "stem?query" as Sigma's cs-uri, where the log has them apart. */
static void whole_uri(struct build *b)
{
	struct str stem = build_raw(b, STR("cs-uri-stem")),
		   query = build_raw(b, STR("cs-uri-query"));
	char *p;

	if (stem.n == 0 || build_raw(b, STR("cs-uri")).p != NULL)
		return;
	if (query.n == 0 || str_eq(query, STR("-"))) {
		build_add(b, STR("cs-uri"), stem);
		return;
	}
	p = arena_bytes(b->a, stem.n + 1 + query.n);
	if (p == NULL) {
		b->ev.partial = true;
		return;
	}
	memcpy(p, stem.p, stem.n);
	p[stem.n] = '?';
	memcpy(p + stem.n + 1, query.p, query.n);
	build_add(b, STR("cs-uri"), (struct str){ p, stem.n + 1 + query.n });
}

bool w3c_read(struct build *b, struct str record, struct err *why)
{
	const struct w3c *w = b->w3c;
	struct str rest = record, cell;
	uint32_t from = b->n;
	size_t n = 0;

	if (record.n > 0 && record.p[0] == '#') {
		build_add(b, STR("message"), record);
		b->ev.header = true;
		directive(b, record);
		return true;
	}
	if (w->n == 0)
		return err_set(why, ERR_INPUT, 0, "no #Fields line before");
	while (take_cell(&rest, w->sep, &cell)) {
		if (cell.n == 0 && w->sep == ' ')
			continue; /* IIS doubles blanks now and then, and leaves one at the end */
		if (n == w->n)
			return err_set(why, ERR_INPUT, 0, "more columns than #Fields names");
		/* The columns' names live as long as the reader; the event does not outlive it. */
		struct str name = arena_str(b->a, w->column[n++]);
		if (name.p != NULL)
			build_add(b, name, cell);
		else
			b->ev.partial = true;
	}
	if (n != w->n)
		return err_set(why, ERR_INPUT, record.n, "fewer columns than #Fields names");
	if (!find_time(b, from))
		return err_set(why, ERR_INPUT, 0, "expected a time");
	whole_uri(b);
	return true;
}

int w3c_probe(struct str record)
{
	static const struct str heads[] = {
		STR("#Fields:"),       STR("#Software:"),    STR("#Version:"),
		STR("#Date:"),         STR("#Time Format:"), STR("#fields\t"),
		STR("#separator "),    STR("#path\t"),       STR("#types\t"),
		STR("#set_separator"), STR("#empty_field"),  STR("#unset_field"),
		STR("#open\t"),        STR("#close\t"),      STR("#Start-Date:"),
		STR("#End-Date:"),     STR("#Log-type:"),    STR("#Remark:")
	};

	if (record.n == 0)
		return 0;
	if (record.p[0] != '#')
		return 61; /* as likely as any line, but only where #Fields stood before */
	for (size_t i = 0; i < COUNT(heads); i++)
		if (str_starts_nocase(record, heads[i]))
			return 100;
	return 0;
}
