/* SPDX-License-Identifier: Apache-2.0 */
/* evtx_feed.c - invariant: what evtx_feed_next() hands out is dropped by the next call. */
#include "event/evtx_feed.h"

enum { HOLD_MAX = 4 * EVTX_CHUNK_BYTES, SECTOR = 512 };

static const struct str magic = STR("ElfChnk\0");

void evtx_feed_begin(struct evtx_feed *f, bool carve)
{
	struct buf hold = f->hold;

	hold.max = HOLD_MAX;
	buf_clear(&hold);
	*f = (struct evtx_feed){ .carve = carve, .hold = hold };
}

void evtx_feed_free(struct evtx_feed *f)
{
	buf_free(&f->hold);
}

bool evtx_feed_add(struct evtx_feed *f, struct str bytes)
{
	assert(bytes.n <= EVTX_CHUNK_BYTES);
	buf_add(&f->hold, bytes);
	return !f->hold.full;
}

size_t evtx_feed_wants(const struct evtx_feed *f)
{
	size_t whole = f->begun || f->carve ? EVTX_CHUNK_BYTES : EVTX_HEAD_BYTES;
	size_t held = f->hold.n - f->given;

	return held < whole ? whole - held : EVTX_CHUNK_BYTES;
}

static void eat(struct evtx_feed *f, size_t n)
{
	f->at += n;
	buf_eat(&f->hold, n);
}

static bool empty(struct str s)
{
	return s.n == 0 || (s.p[0] == 0 && memcmp(s.p, s.p + 1, s.n - 1) == 0);
}

static bool next_of_file(struct evtx_feed *f, bool last, struct str *out)
{
	size_t want = EVTX_CHUNK_BYTES;

	if (!f->begun) {
		if (f->hold.n < EVTX_HEAD_BYTES)
			return false;
		eat(f, EVTX_HEAD_BYTES);
		f->begun = true;
	}
	while (f->hold.n >= want || (last && f->hold.n > 0)) {
		struct str block = str_sub(buf_str(&f->hold), 0, want);

		if (str_starts(block, magic)) {
			f->cut += block.n < want;
			*out = block;
			return true;
		}
		f->lost += !empty(block);
		eat(f, block.n);
	}
	return false;
}

/* A chunk goes up to the next one, wherever that begins: pieces of files lie on sectors. */
static size_t chunk_end(struct str s)
{
	for (size_t at = SECTOR; at < s.n; at += SECTOR)
		if (str_starts(str_skip(s, at), magic))
			return at;
	return s.n;
}

static bool next_of_blob(struct evtx_feed *f, bool last, struct str *out)
{
	struct str held = buf_str(&f->hold);
	size_t at = str_find(held, magic);

	if (at == held.n) {
		/* the magic may be cut in two */
		size_t keep = last || held.n < magic.n ? 0 : magic.n - 1;

		if (held.n >= magic.n)
			eat(f, held.n - keep);
		return false;
	}
	if (at > 0)
		eat(f, at);
	held = buf_str(&f->hold);
	if (held.n < EVTX_CHUNK_BYTES && !last)
		return false;
	held = str_sub(held, 0, EVTX_CHUNK_BYTES);
	*out = str_sub(held, 0, chunk_end(held));
	return true;
}

bool evtx_feed_next(struct evtx_feed *f, bool last, struct str *out)
{
	size_t given = f->given;

	f->given = 0;
	eat(f, given);
	bool ok = f->carve ? next_of_blob(f, last, out) : next_of_file(f, last, out);

	f->given = ok ? out->n : 0;
	f->chunks += ok;
	return ok;
}

bool evtx_feed_fault(const struct evtx_feed *f, uint64_t more, struct err *why)
{
	more += f->lost + f->cut;
	if (f->chunks == 0 && !f->carve)
		return !err_set(why, ERR_INPUT, 0, "no chunk of EVTX");
	if (more > 0)
		return !err_set(why, ERR_INPUT, 0, "damaged in %llu places; the rest was read",
				(unsigned long long)more);
	return false;
}
