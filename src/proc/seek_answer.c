/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seek_answer.c - one pass over the bytes, no tree: a page holds megabytes.
 *
 * Invariant: `at` only grows and never passes `end`; what a function took of the text is well-formed.
 */
#include "proc/seek_answer.h"

#include "base/num.h"
#include "base/time.h"
#include "base/utf8.h"

enum { GAPS_MAX = 400, DAYS_MAX = 100000, SHORT_MAX = 128, MEMBERS_MAX = 16 };

struct scan {
	const char *at, *end;
	int64_t most; /* of the items, of the counts */
};

enum want {
	TEXT,
	SHORT,      /* text without escapes, as ids and times are */
	MAYBE_TEXT, /* or null */
	TIME,
	MAYBE_TIME,
	INT,
	NUMBER,
	BOOL,
	SOURCE,
	FIELDS,
	ITEMS,
	COUNTS,
	DAYS,
	GAPS,
	COVERAGE,
};

struct member {
	const char *name;
	enum want want;
	bool may_lack;
};
static const struct member event[] = {
	{ "id", SHORT, false },      { "time", TIME, false }, { "received", TIME, false },
	{ "source", SOURCE, false }, { "seq", INT, false },   { "format", SHORT, false },
	{ "partial", BOOL, false },  { "raw", TEXT, false },  { "fields", FIELDS, false },
};
static const struct member source[] = {
	{ "id", SHORT, false },
	{ "name", TEXT, false },
	{ "kind", SHORT, true },
	{ "peer", TEXT, true },
};
static const struct member gap[] = {
	{ "day", SHORT, false },
	{ "block", INT, true },
	{ "reason", TEXT, false },
};
static const struct member coverage[] = {
	{ "from", MAYBE_TIME, false },    { "to", MAYBE_TIME, false }, { "blocks", INT, false },
	{ "events_scanned", INT, false }, { "complete", BOOL, false }, { "days", DAYS, false },
	{ "missing", GAPS, false },       { "damaged", GAPS, false },
};
static const struct member page[] = {
	{ "items", ITEMS, false },
	{ "next", MAYBE_TEXT, false },
	{ "coverage", COVERAGE, false },
};
static const struct member bars[] = {
	{ "from", TIME, false },     { "to", TIME, false },           { "width_s", NUMBER, false },
	{ "counts", COUNTS, false }, { "coverage", COVERAGE, false },
};

/* --- tokens --- */

static void blanks(struct scan *s)
{
	while (s->at < s->end && memchr(" \t\r\n", *s->at, 4) != NULL)
		s->at++;
}

static bool sign(struct scan *s, char c)
{
	blanks(s);
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

static bool escape(struct scan *s)
{
	uint64_t code;

	if (s->at == s->end || *s->at == '\0' || strchr("\"\\/bfnrtu", *s->at) == NULL)
		return false;
	if (*s->at++ != 'u')
		return true;
	if (s->end - s->at < 4 || !num_parse_hex((struct str){ s->at, 4 }, 0xFFFF, &code))
		return false;
	s->at += 4;
	return true;
}

/* A text; *out is what stands between the quotes, escapes and all. */
static bool text(struct scan *s, struct str *out)
{
	if (!sign(s, '"'))
		return false;
	const char *begin = s->at;
	while (s->at < s->end && *s->at != '"') {
		unsigned char c = (unsigned char)*s->at++;

		if (c < 0x20 || (c == '\\' && !escape(s)))
			return false;
	}
	*out = (struct str){ begin, (size_t)(s->at - begin) };
	return sign(s, '"') && utf8_valid(*out);
}

static bool short_text(struct scan *s, struct str *out)
{
	return text(s, out) && out->n <= SHORT_MAX && memchr(out->p, '\\', out->n) == NULL;
}

static bool word(struct scan *s, struct str w)
{
	blanks(s);
	if ((size_t)(s->end - s->at) < w.n || memcmp(s->at, w.p, w.n) != 0)
		return false;
	s->at += w.n;
	return true;
}

static bool number(struct scan *s, struct str *out)
{
	blanks(s);
	const char *begin = s->at;
	while (s->at < s->end && (ascii_digit(*s->at) || memchr("+-.eE", *s->at, 5) != NULL))
		s->at++;
	*out = (struct str){ begin, (size_t)(s->at - begin) };
	return out->n > 0 && out->n <= SHORT_MAX;
}

static bool whole(struct scan *s)
{
	struct str n;
	int64_t i;

	return number(s, &n) && num_parse_i64(n, 0, INT64_MAX, &i);
}

static bool real(struct scan *s)
{
	struct str n;
	double d;

	return number(s, &n) && (ascii_digit(n.p[0]) || n.p[0] == '-') && num_parse_double(n, &d);
}

static bool truth(struct scan *s)
{
	return word(s, STR("true")) || word(s, STR("false"));
}

/* --- shapes --- */

static bool take(struct scan *s, enum want want);

/* Elements until the end of the array; -1 when one is not as wanted, or there are more than `most`. */
static int64_t elements(struct scan *s, int64_t most, bool (*one)(struct scan *s))
{
	int64_t n = 0;

	if (!sign(s, '['))
		return -1;
	if (sign(s, ']'))
		return 0;
	do {
		if (++n > most || !one(s))
			return -1;
	} while (sign(s, ','));
	return sign(s, ']') ? n : -1;
}

/* The members of the table, each once. */
static bool object(struct scan *s, const struct member *m, size_t n)
{
	bool had[MEMBERS_MAX] = { false };
	struct str key;

	if (!sign(s, '{'))
		return false;
	do {
		size_t i = 0;

		if (!text(s, &key) || !sign(s, ':'))
			return false;
		while (i < n && !str_eq(key, str_of(m[i].name)))
			i++;
		if (i == n || had[i] || !take(s, m[i].want))
			return false;
		had[i] = true;
	} while (sign(s, ','));
	for (size_t i = 0; i < n; i++)
		if (!had[i] && !m[i].may_lack)
			return false;
	return sign(s, '}');
}

static bool scalar(struct scan *s)
{
	struct str t;

	blanks(s);
	if (s->at == s->end)
		return false;
	if (*s->at == '"')
		return text(s, &t);
	return word(s, STR("null")) || truth(s) || real(s);
}

/* NAME to a value, or to several. */
static bool fields(struct scan *s)
{
	struct str name;

	if (!sign(s, '{'))
		return false;
	if (sign(s, '}'))
		return true;
	do {
		if (!text(s, &name) || !sign(s, ':'))
			return false;
		blanks(s);
		bool several = s->at < s->end && *s->at == '[';
		if (several ? elements(s, INT64_MAX, scalar) < 0 : !scalar(s))
			return false;
	} while (sign(s, ','));
	return sign(s, '}');
}

static bool one_event(struct scan *s)
{
	return object(s, event, COUNT(event));
}

static bool one_gap(struct scan *s)
{
	return object(s, gap, COUNT(gap));
}

static bool one_day(struct scan *s)
{
	struct str t;

	return short_text(s, &t);
}

static bool moment(struct scan *s)
{
	struct str t;
	int64_t at;
	bool zone;

	return short_text(s, &t) && time_parse_rfc3339(t, &at, &zone);
}

static bool take_plain(struct scan *s, enum want want)
{
	struct str t;

	switch (want) {
	case TEXT:
		return text(s, &t);
	case SHORT:
		return short_text(s, &t);
	case MAYBE_TEXT:
		return word(s, STR("null")) || text(s, &t);
	case TIME:
		return moment(s);
	case MAYBE_TIME:
		return word(s, STR("null")) || moment(s);
	case INT:
		return whole(s);
	case NUMBER:
		return real(s);
	default:
		return truth(s);
	}
}

static bool take(struct scan *s, enum want want)
{
	switch (want) {
	case SOURCE:
		return object(s, source, COUNT(source));
	case FIELDS:
		return fields(s);
	case ITEMS:
		return elements(s, s->most, one_event) >= 0;
	case COUNTS:
		return elements(s, s->most, whole) == s->most;
	case DAYS:
		return elements(s, DAYS_MAX, one_day) >= 0;
	case GAPS:
		return elements(s, GAPS_MAX, one_gap) >= 0;
	case COVERAGE:
		return object(s, coverage, COUNT(coverage));
	default:
		return take_plain(s, want);
	}
}

bool seek_answer_check(struct str op, int64_t most, struct str answer, struct err *why)
{
	struct scan s = { answer.p, answer.p + answer.n, most };
	bool ok;

	if (answer.n == 0 || answer.n > SEEK_ANSWER_MAX)
		return err_set(why, ERR_LIMIT, 0, "the answer is too long");
	if (str_eq(op, STR("search")))
		ok = object(&s, page, COUNT(page));
	else if (str_eq(op, STR("histogram")))
		ok = object(&s, bars, COUNT(bars));
	else
		ok = one_event(&s);
	blanks(&s);
	if (ok && s.at == s.end)
		return true;
	return err_set(why, ERR_IO, (size_t)(s.at - answer.p),
		       "process %s sent what it may not send", "seek");
}
