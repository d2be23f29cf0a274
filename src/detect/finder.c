/* SPDX-License-Identifier: Apache-2.0 */
/*
 * finder.c - each text of four bytes and more is known by four of them, the rarest at hand: a filter of
 * bits says of nearly every place of a value that none of these begins there. Shorter texts are known by
 * their first two bytes or by their only one.
 *
 * Invariant: entries of one key stand side by side, those of key k from first[k] up to first[k + 1].
 */
#include "detect/finder.h"

#include "base/num.h"

enum {
	GRAM = 4,
	FILTER_BITS_MIN = 10,
	FILTER_BITS_MAX = 18,
	FILTER_PER_TEXT = 64, /* bits of the filter for each text, about */
	PAIRS = 1 << 16,
	NOTHING = UINT32_MAX,
	FEW = 4, /* so many texts are faster sought one after the other */
};

struct entry {
	struct str text;
	uint32_t key, id;
	uint32_t off; /* where the key stands in the text */
};

struct finder {
	const struct finder_text
		*few; /* all of them where they are few, and nothing below; else NULL */
	size_t n_few;
	/* texts of four bytes and more */
	unsigned bits; /* of a hashed key */
	uint64_t *filter;
	uint32_t *first;
	struct entry *entry;
	size_t n;
	/* of two and three: by their first two bytes */
	uint64_t *pair_filter; /* NULL: there is none */
	uint32_t *pair_first;  /* by the pair's hash, as above */
	struct entry *pair;
	size_t n_pairs;
	bool ascii_pairs; /* one of them begins with ASCII */
	/* of one */
	uint32_t one[256]; /* id, or NOTHING */
	bool ones, ascii_ones;
};

static uint32_t hash(uint32_t gram, unsigned bits)
{
	return (gram * 2654435761u) >> (32 - bits);
}

static bool is_wide(char c)
{
	return (unsigned char)c >= 0x80;
}

/* How little a byte says. */
static unsigned common(char c)
{
	static const char often[] = "etaoinsrhldcumfpgwybv";
	const char *at = (const char *)memchr(often, c, sizeof often - 1);

	if (at != NULL)
		return 40 - (unsigned)(at - often);
	return c == '\\' || c == '/' || c == ' ' || c == '.' || c == '-' ? 30
	       : ascii_digit(c)                                          ? 12
									 : 5;
}

/* Where the four bytes begin that stand least often in values and least often in `used` so far. */
static uint32_t rarest(struct str text, const uint16_t *used)
{
	uint32_t best = 0;
	unsigned least = UINT32_MAX;

	for (size_t i = 0; i + GRAM <= text.n && i < 64; i++) {
		unsigned cost = 40u * used[hash(load_le32(text.p + i), 16)];

		for (size_t k = i; k < i + GRAM; k++)
			cost += common(text.p[k]);
		if (cost < least) {
			least = cost;
			best = (uint32_t)i;
		}
	}
	return best;
}

/* Lay `n` entries out by the hash of their key. */
static bool lay_out(struct arena *a, struct entry *all, size_t n, unsigned bits, uint32_t **first,
		    struct entry **out)
{
	uint32_t *at = NEW(a, uint32_t, ((size_t)1 << bits) + 2);
	struct entry *sorted = NEW(a, struct entry, n);

	if (at == NULL || sorted == NULL)
		return false;
	/* counted two places on, so that after laying out the sums stand where they belong */
	for (size_t i = 0; i < n; i++)
		at[hash(all[i].key, bits) + 2]++;
	for (size_t i = 2; i < ((size_t)1 << bits) + 2; i++)
		at[i] += at[i - 1];
	for (size_t i = 0; i < n; i++)
		sorted[at[hash(all[i].key, bits) + 1]++] = all[i];
	*first = at;
	*out = sorted;
	return true;
}

static void set_bit(uint64_t *bits, uint32_t i)
{
	bits[i >> 6] |= UINT64_C(1) << (i & 63);
}

static bool has_bit(const uint64_t *bits, uint32_t i)
{
	return bits[i >> 6] >> (i & 63) & 1;
}

static bool build_grams(struct arena *a, struct finder *f, const struct finder_text *all, size_t n)
{
	uint16_t *used = NEW(a, uint16_t, 1 << 16);
	struct entry *e = NEW(a, struct entry, n);

	if (used == NULL || e == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (all[i].text.n < GRAM)
			continue;
		uint32_t off = rarest(all[i].text, used), key = load_le32(all[i].text.p + off);

		if (used[hash(key, 16)] < 1000)
			used[hash(key, 16)]++;
		e[f->n++] = (struct entry){ all[i].text, key, all[i].id, off };
	}
	f->bits = FILTER_BITS_MIN;
	while (f->bits < FILTER_BITS_MAX && ((size_t)1 << f->bits) < f->n * FILTER_PER_TEXT)
		f->bits++;
	f->filter = NEW(a, uint64_t, ((size_t)1 << f->bits) / 64);
	if (f->filter == NULL)
		return false;
	for (size_t i = 0; i < f->n; i++)
		set_bit(f->filter, hash(e[i].key, f->bits));
	return lay_out(a, e, f->n, f->bits, &f->first, &f->entry);
}

static bool build_pairs(struct arena *a, struct finder *f, const struct finder_text *all, size_t n)
{
	struct entry *e = NEW(a, struct entry, n);
	unsigned bits = FILTER_BITS_MIN;

	if (e == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (all[i].text.n < 2 || all[i].text.n >= GRAM)
			continue;
		e[f->n_pairs++] = (struct entry){ all[i].text, load_le16(all[i].text.p), all[i].id,
						  0 };
		f->ascii_pairs = f->ascii_pairs || !is_wide(all[i].text.p[0]);
	}
	if (f->n_pairs == 0)
		return true;
	f->pair_filter = NEW(a, uint64_t, PAIRS / 64);
	if (f->pair_filter == NULL)
		return false;
	for (size_t i = 0; i < f->n_pairs; i++)
		set_bit(f->pair_filter, e[i].key);
	return lay_out(a, e, f->n_pairs, bits, &f->pair_first, &f->pair);
}

static void build_ones(struct finder *f, const struct finder_text *all, size_t n)
{
	for (size_t i = 0; i < COUNT(f->one); i++)
		f->one[i] = NOTHING;
	for (size_t i = 0; i < n; i++) {
		if (all[i].text.n != 1)
			continue;
		f->one[(unsigned char)all[i].text.p[0]] = all[i].id;
		f->ones = true;
		f->ascii_ones = f->ascii_ones || !is_wide(all[i].text.p[0]);
	}
}

static bool keep_few(struct arena *a, struct finder *f, const struct finder_text *all, size_t n)
{
	struct finder_text *own = NEW(a, struct finder_text, n + 1);

	for (size_t i = 0; own != NULL && i < n; i++)
		own[i] = all[i];
	f->few = own;
	f->n_few = n;
	return own != NULL;
}

const struct finder *finder_new(struct arena *a, const struct finder_text *all, size_t n)
{
	struct finder *f = NEW(a, struct finder, 1);

	if (f != NULL && n <= FEW)
		return keep_few(a, f, all, n) ? f : NULL;
	if (f == NULL || !build_grams(a, f, all, n) || !build_pairs(a, f, all, n))
		return NULL;
	build_ones(f, all, n);
	return f;
}

/* The texts whose key stands at `at`. */
static size_t try_grams(const struct finder *f, struct str v, size_t at, finder_fn *fn, void *ctx)
{
	uint32_t key = load_le32(v.p + at), h = hash(key, f->bits);
	size_t work = 0;

	for (uint32_t k = f->first[h]; k < f->first[h + 1]; k++) {
		const struct entry *e = &f->entry[k];

		work++;
		if (e->key != key || e->off > at || e->text.n > v.n - (at - e->off))
			continue;
		work += e->text.n;
		if (memcmp(v.p + (at - e->off), e->text.p, e->text.n) == 0)
			fn(ctx, e->id);
	}
	return work;
}

static size_t run_grams(const struct finder *f, struct str v, finder_fn *fn, void *ctx)
{
	size_t work = 0;

	for (size_t at = 0; at + GRAM <= v.n; at++)
		if (has_bit(f->filter, hash(load_le32(v.p + at), f->bits)))
			work += try_grams(f, v, at, fn, ctx);
	return work;
}

static size_t run_pairs(const struct finder *f, struct str v, finder_fn *fn, void *ctx)
{
	size_t work = 0;

	for (size_t at = 0; at + 2 <= v.n; at++) {
		uint32_t key = load_le16(v.p + at), h;

		if (!has_bit(f->pair_filter, key))
			continue;
		h = hash(key, FILTER_BITS_MIN);
		for (uint32_t k = f->pair_first[h]; k < f->pair_first[h + 1]; k++) {
			const struct entry *e = &f->pair[k];

			work++;
			if (e->key == key && e->text.n <= v.n - at &&
			    (e->text.n == 2 || e->text.p[2] == v.p[at + 2]))
				fn(ctx, e->id);
		}
	}
	return work;
}

static void run_ones(const struct finder *f, struct str v, finder_fn *fn, void *ctx)
{
	for (size_t at = 0; at < v.n; at++)
		if (f->one[(unsigned char)v.p[at]] != NOTHING)
			fn(ctx, f->one[(unsigned char)v.p[at]]);
}

static bool any_wide(struct str v)
{
	size_t at = 0;

	for (; at + 8 <= v.n; at += 8)
		if ((load_le64(v.p + at) & UINT64_C(0x8080808080808080)) != 0)
			return true;
	for (; at < v.n; at++)
		if (is_wide(v.p[at]))
			return true;
	return false;
}

static size_t run_few(const struct finder *f, struct str v, finder_fn *fn, void *ctx)
{
	size_t work = v.n;

	for (size_t i = 0; i < f->n_few; i++) {
		struct str text = f->few[i].text;

		if (text.n > v.n)
			continue;
		for (size_t at = 0; (at += str_find(str_skip(v, at), text)) < v.n; at++) {
			fn(ctx, f->few[i].id);
			work += text.n;
		}
		work += v.n;
	}
	return work;
}

size_t finder_run(const struct finder *f, struct str value, finder_fn *fn, void *ctx)
{
	if (f->few != NULL)
		return run_few(f, value, fn, ctx);

	size_t work = value.n;
	bool wide = (f->n_pairs > 0 || f->ones) && any_wide(value);

	if (f->n > 0)
		work += run_grams(f, value, fn, ctx);
	if (f->n_pairs > 0 && (f->ascii_pairs || wide))
		work += run_pairs(f, value, fn, ctx);
	if (f->ones && (f->ascii_ones || wide))
		run_ones(f, value, fn, ctx);
	return work;
}
