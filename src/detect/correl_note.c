/* SPDX-License-Identifier: Apache-2.0 */
/*
 * correl_note.c - one note:
 *
 *   u8 1  i64 time  i64 received  u64 place  text rule  u16 fields  { text name  text value }...
 *   u8 2  i64 now
 *
 * all little-endian, a text behind its u32 length. Invariant: `at` only grows and stays within the bytes.
 */
#include "detect/correl_note.h"

#include "base/num.h"

enum { NOTE_SIGHTING = 1, NOTE_CLOCK = 2, FIELDS_MAX = 1024 };

static void put(struct buf *out, uint64_t v, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		buf_char(out, (char)(v >> 8 * i & 0xff));
}

static void put_text(struct buf *out, struct str s)
{
	put(out, s.n, 4);
	buf_add(out, s);
}

void correl_note(const struct rule_set *rs, const struct sighting *s, struct buf *out)
{
	size_t n = s->n < FIELDS_MAX ? s->n : FIELDS_MAX;

	put(out, NOTE_SIGHTING, 1);
	put(out, (uint64_t)s->time, 8);
	put(out, (uint64_t)s->received, 8);
	put(out, s->place, 8);
	put_text(out, rule_set_at(rs, s->rule)->id);
	put(out, n, 2);
	for (size_t i = 0; i < n; i++) {
		put_text(out, rule_set_field(rs, s->field[i].name));
		put_text(out, s->field[i].value);
	}
}

void correl_note_clock(int64_t now, struct buf *out)
{
	put(out, NOTE_CLOCK, 1);
	put(out, (uint64_t)now, 8);
}

struct notes {
	struct str s;
	size_t at;
	bool bad;
};

/* What the next `bytes` bytes tell; 0 and `bad` where there are fewer. */
static uint64_t get(struct notes *x, size_t bytes)
{
	uint64_t v = 0;

	if (x->bad || x->s.n - x->at < bytes) {
		x->bad = true;
		return 0;
	}
	for (size_t i = 0; i < bytes; i++)
		v |= (uint64_t)(unsigned char)x->s.p[x->at + i] << 8 * i;
	x->at += bytes;
	return v;
}

static struct str get_text(struct notes *x)
{
	uint64_t n = get(x, 4);

	if (x->bad || x->s.n - x->at < n) {
		x->bad = true;
		return STR("");
	}
	x->at += n;
	return str_sub(x->s, x->at - n, x->at);
}

static void nothing(void *ctx, const struct correl_fire *f)
{
	(void)ctx, (void)f;
}

/* False: it is no sighting, or there is no room. */
static bool take_sighting(const struct rule_set *rs, struct notes *x, struct arena *a,
			  struct sighting *out, bool *known)
{
	*out = (struct sighting){ .time = (int64_t)get(x, 8) };
	out->received = (int64_t)get(x, 8);
	out->place = get(x, 8);
	size_t rule = rule_set_find(rs, get_text(x)), n = get(x, 2);
	struct sight_field *field = n > FIELDS_MAX ? NULL : NEW(a, struct sight_field, n);

	for (size_t i = 0; i < n && field != NULL && !x->bad; i++) {
		uint32_t name = rule_set_name_find(rs, get_text(x));
		struct str value = get_text(x);

		if (name != NAME_NONE)
			field[out->n++] = (struct sight_field){ name, value };
	}
	*known = rule < rule_set_count(rs);
	out->rule = (uint32_t)rule;
	out->field = field;
	return field != NULL && !x->bad;
}

bool correl_note_feed(const struct rule_set *rs, struct arena a, struct str notes, struct correl *c,
		      uint64_t *place, struct err *why)
{
	struct notes x = { .s = notes };

	while (x.at < notes.n) {
		struct arena scratch = a;
		size_t begin = x.at;
		uint64_t kind = get(&x, 1);
		struct sighting s;
		bool known = false, ok = kind == NOTE_CLOCK || kind == NOTE_SIGHTING;

		if (kind == NOTE_CLOCK) {
			int64_t now = (int64_t)get(&x, 8);

			if (!x.bad)
				correl_clock(c, now, nothing, NULL);
		} else if (ok) {
			ok = take_sighting(rs, &x, &scratch, &s, &known);
		}
		if (!ok || x.bad)
			return err_set(why, ERR_INPUT, begin, "not a note of a correlation");
		if (kind == NOTE_SIGHTING && s.place > *place)
			*place = s.place;
		if (known)
			correl_feed(c, &s, nothing, NULL);
	}
	return true;
}
