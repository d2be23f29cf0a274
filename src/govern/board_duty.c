/* SPDX-License-Identifier: Apache-2.0 */
/* board_duty.c - who watches now, how he is reached, who takes over when, where nobody is. */
#include "govern/board_int.h"
#include "govern/duty.h"

static const int64_t looked_ahead = 7 * TIME_DAY;

static bool put_people(struct board *b, const struct shift *s, size_t n)
{
	bool covered = false;

	jsonw_key(b->w, "now");
	jsonw_open(b->w, '[');
	for (size_t i = 0; i < n; i++) {
		if (!duty_stands(&s[i], b->now))
			continue;
		jsonw_open(b->w, '{');
		jsonw_kv_str(b->w, "name", s[i].name);
		jsonw_kv_str(b->w, "post", str_of(post_name(s[i].post)));
		jsonw_kv_str(b->w, "phone", s[i].phone);
		jsonw_kv_time(b->w, "until", s[i].to);
		jsonw_close(b->w, '}');
		covered = covered || s[i].post == POST_WATCH;
	}
	jsonw_close(b->w, ']');
	return covered;
}

static void put_next(struct board *b, const struct shift *s, size_t n)
{
	int64_t at = duty_handover(s, n, b->now);

	jsonw_key(b->w, "next");
	if (at == TIME_NONE) {
		jsonw_null(b->w);
		return;
	}
	jsonw_open(b->w, '{');
	jsonw_kv_time(b->w, "at", at);
	jsonw_key(b->w, "names");
	jsonw_open(b->w, '[');
	for (size_t i = 0; i < n; i++)
		if (s[i].from == at && s[i].post == POST_WATCH)
			jsonw_str(b->w, s[i].name);
	jsonw_close(b->w, ']');
	jsonw_close(b->w, '}');
}

static void put_gap(struct board *b, const struct shift *s, size_t n)
{
	struct duty_span gap;
	size_t some = duty_gaps(s, n, (struct duty_span){ b->now, b->now + looked_ahead }, &gap, 1);

	jsonw_key(b->w, "gap");
	if (some == 0) {
		jsonw_null(b->w);
		return;
	}
	jsonw_open(b->w, '{');
	jsonw_kv_time(b->w, "from", gap.from);
	jsonw_kv_time(b->w, "to", gap.to);
	jsonw_close(b->w, '}');
}

bool board_duty(struct board *b)
{
	struct arena a = b->a;
	int64_t since;
	struct shifts all;

	if (!shift_since(b->db, &since, b->why) || !duty_around(b->db, &a, b->now, &all, b->why))
		return false;
	if (since == TIME_NONE) {
		unknown_put(b->w, "duty", MSG_ID("there is no duty roster yet"));
		return true;
	}
	jsonw_key(b->w, "duty");
	jsonw_open(b->w, '{');
	bool covered = put_people(b, all.at, all.n);
	jsonw_kv_bool(b->w, "covered", covered);
	put_next(b, all.at, all.n);
	put_gap(b, all.at, all.n);
	jsonw_close(b->w, '}');
	return true;
}
