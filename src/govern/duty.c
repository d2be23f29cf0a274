/* SPDX-License-Identifier: Apache-2.0 */
#include "govern/duty.h"

#include <stdlib.h>

enum { GAPS_TOLD = 1000, OVERLAPS_TOLD = 500 };
static const int64_t looked_ahead = 7 * TIME_DAY;

size_t duty_gaps(const struct shift *s, size_t n, struct duty_span in, struct duty_span *out,
		 size_t most)
{
	int64_t at = in.from;
	size_t got = 0;

	for (size_t i = 0; i < n && at < in.to && got < most; i++) {
		if (s[i].post != POST_WATCH || s[i].to <= at)
			continue;
		if (s[i].from > at)
			out[got++] = (struct duty_span){ at,
							 s[i].from < in.to ? s[i].from : in.to };
		at = s[i].to;
	}
	if (at < in.to && got < most)
		out[got++] = (struct duty_span){ at, in.to };
	return got;
}

size_t duty_overlaps(const struct shift *s, size_t n, struct duty_overlap *out, size_t most)
{
	size_t got = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n && s[k].from < s[i].to && got < most; k++) {
			bool person = strcmp(s[i].person, s[k].person) == 0;

			if (person || s[i].post == s[k].post)
				out[got++] = (struct duty_overlap){
					{ s[k].from, s[k].to < s[i].to ? s[k].to : s[i].to },
					person,
					&s[i],
					&s[k]
				};
		}
	return got;
}

static int by_begin(const void *a, const void *b)
{
	const struct shift *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

size_t duty_as_entered(struct shift *s, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i].entered >= s[i].to)
			continue;
		s[kept] = s[i];
		if (s[kept].from < s[kept].entered)
			s[kept].from = s[kept].entered;
		kept++;
	}
	if (kept > 0)
		qsort(s, kept, sizeof *s, by_begin);
	return kept;
}

/* --- JSON --- */

void duty_shift_put(struct jsonw *w, const struct shift *s)
{
	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", str_of(s->id));
	jsonw_key(w, "person");
	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", str_of(s->person));
	jsonw_kv_bool(w, "user", s->user);
	jsonw_kv_str(w, "name", s->name);
	jsonw_kv_str(w, "phone", s->phone);
	jsonw_close(w, '}');
	jsonw_kv_str(w, "post", str_of(post_name(s->post)));
	jsonw_kv_time(w, "from", s->from);
	jsonw_kv_time(w, "to", s->to);
	jsonw_kv_str(w, "note", s->note);
	jsonw_kv_time(w, "entered", s->entered);
	jsonw_kv_bool(w, "late", s->entered > s->from);
	jsonw_close(w, '}');
}

static void put_span(struct jsonw *w, struct duty_span s)
{
	jsonw_kv_time(w, "from", s.from);
	jsonw_kv_time(w, "to", s.to);
}

static void put_overlaps(struct jsonw *w, const struct duty_overlap *o, size_t n)
{
	jsonw_key(w, "overlaps");
	jsonw_open(w, '[');
	for (size_t i = 0; i < n; i++) {
		jsonw_open(w, '{');
		put_span(w, o[i].at);
		jsonw_kv_str(w, "kind", o[i].same_person ? STR("same_person") : STR("same_post"));
		jsonw_key(w, "shifts");
		jsonw_open(w, '[');
		jsonw_str(w, str_of(o[i].a->id));
		jsonw_str(w, str_of(o[i].b->id));
		jsonw_close(w, ']');
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static bool put_gaps(struct jsonw *w, struct arena a, const struct shift *s, size_t n,
		     struct duty_span in)
{
	struct duty_span *gaps = NEW(&a, struct duty_span, GAPS_TOLD);
	size_t n_gaps = gaps == NULL ? 0 : duty_gaps(s, n, in, gaps, GAPS_TOLD);

	jsonw_key(w, "gaps");
	jsonw_open(w, '[');
	for (size_t i = 0; i < n_gaps; i++) {
		jsonw_open(w, '{');
		put_span(w, gaps[i]);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	return gaps != NULL;
}

bool duty_put(struct db *db, struct arena a, struct duty_span in, struct jsonw *w, struct err *why)
{
	struct duty_overlap *o = NEW(&a, struct duty_overlap, OVERLAPS_TOLD);
	struct shifts all;

	if (!shift_list(db, &a, in.from, in.to, &all, why))
		return false;
	struct shift *s = all.at;
	size_t n = all.n;
	jsonw_open(w, '{');
	put_span(w, in);
	jsonw_key(w, "items");
	jsonw_open(w, '[');
	for (size_t i = 0; i < n; i++)
		duty_shift_put(w, &s[i]);
	jsonw_close(w, ']');
	if (o == NULL || !put_gaps(w, a, s, n, in))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	put_overlaps(w, o, duty_overlaps(s, n, o, OVERLAPS_TOLD));
	jsonw_close(w, '}');
	return true;
}

bool duty_shift_overlaps_put(struct db *db, struct arena a, const struct shift *s, struct jsonw *w,
			     struct err *why)
{
	struct duty_overlap *o = NEW(&a, struct duty_overlap, OVERLAPS_TOLD);
	struct shifts all;
	size_t mine = 0;

	if (!shift_list(db, &a, s->from, s->to, &all, why))
		return false;
	if (o == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	size_t some = duty_overlaps(all.at, all.n, o, OVERLAPS_TOLD);
	for (size_t i = 0; i < some; i++)
		if (strcmp(o[i].a->id, s->id) == 0 || strcmp(o[i].b->id, s->id) == 0)
			o[mine++] = o[i];
	put_overlaps(w, o, mine);
	return true;
}

/* --- now --- */

bool duty_around(struct db *db, struct arena *a, int64_t now, struct shifts *out, struct err *why)
{
	return shift_list(db, a, now - SHIFT_LONGEST, now + 35 * TIME_DAY, out, why);
}

bool duty_stands(const struct shift *s, int64_t now)
{
	return s->from <= now && s->to > now;
}

int64_t duty_handover(const struct shift *s, size_t n, int64_t now)
{
	int64_t at = TIME_NONE;

	for (size_t i = 0; i < n; i++) {
		int64_t edge = s[i].from > now ? s[i].from : s[i].to;

		if (s[i].post == POST_WATCH && edge > now && (at == TIME_NONE || edge < at))
			at = edge;
	}
	return at;
}

static void put_next(struct jsonw *w, const struct shift *s, size_t n, int64_t now)
{
	int64_t at = duty_handover(s, n, now);

	jsonw_key(w, "next");
	if (at == TIME_NONE) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	jsonw_kv_time(w, "at", at);
	jsonw_key(w, "people");
	jsonw_open(w, '[');
	for (size_t i = 0; i < n; i++)
		if (s[i].from == at)
			duty_shift_put(w, &s[i]);
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

bool duty_now_put(struct db *db, struct arena a, int64_t now, struct jsonw *w, struct err *why)
{
	bool covered = false;
	struct shifts all;
	int64_t since;

	if (!shift_since(db, &since, why) || !duty_around(db, &a, now, &all, why))
		return false;
	const struct shift *s = all.at;
	size_t n = all.n;
	jsonw_open(w, '{');
	jsonw_kv_time(w, "at", now);
	jsonw_kv_bool(w, "kept", since != TIME_NONE);
	jsonw_key(w, "now");
	jsonw_open(w, '[');
	for (size_t i = 0; i < n; i++) {
		if (!duty_stands(&s[i], now))
			continue;
		duty_shift_put(w, &s[i]);
		covered = covered || s[i].post == POST_WATCH;
	}
	jsonw_close(w, ']');
	jsonw_kv_bool(w, "covered", covered);
	put_next(w, s, n, now);
	if (!put_gaps(w, a, s, n, (struct duty_span){ now, now + looked_ahead }))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	jsonw_close(w, '}');
	return true;
}
