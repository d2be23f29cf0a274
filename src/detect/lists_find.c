/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lists_find.c - from a value to the entries that name it, and from entries to hits.
 *
 * Invariant: the filter may say "perhaps" wrongly, never "no"; every fingerprint that fits is
 * compared with the whole value.
 */
#include "detect/found_int.h"

#include "base/num.h"
#include "base/time.h"
#include "detect/file_name.h"

enum table_class class_of(enum indicator_type t)
{
	switch (t) {
	case IND_IP:
		return T_ADDR;
	case IND_DOMAIN:
		return T_NAME;
	case IND_URL:
		return T_URL;
	case IND_EMAIL:
		return T_MAIL;
	case IND_FILE:
		return T_FILE;
	case IND_MD5:
	case IND_SHA1:
	case IND_SHA256:
		return T_HASH;
	default:
		return T_N;
	}
}

uint64_t hash_addr(const struct list_set *set, const struct addr *a)
{
	if (addr_is_v4(a))
		return hash_v4(set, load_be32(a->b + 12));
	return hash_quick((struct str){ (const char *)a->b, sizeof a->b }, set->seed);
}

uint64_t hash_name(const struct list_set *set, struct str name)
{
	uint64_t h = set->seed;

	for (size_t i = name.n; i > 0; i--)
		h = roll(h, name.p[i - 1]);
	return h;
}

uint64_t hash_path(uint64_t h, struct str path)
{
	for (size_t i = 0; i < path.n; i++)
		h = roll(h, path.p[i]);
	return h;
}

struct str entry_text(const struct list_set *set, const struct entry *e)
{
	const unsigned char *p = set->blob.p + (size_t)e->val * 4;

	switch (e->type) {
	case IND_IP:
	case IND_RANGE:
		return STR("");
	case IND_MD5:
		return (struct str){ (const char *)p, HASH_MD5_LEN };
	case IND_SHA1:
		return (struct str){ (const char *)p, HASH_SHA1_LEN };
	case IND_SHA256:
		return (struct str){ (const char *)p, HASH_SHA256_LEN };
	default:
		return (struct str){ (const char *)p + 2, load_le16(p) };
	}
}

struct range entry_range(const struct list_set *set, const struct entry *e)
{
	struct range r = { 0 };
	const unsigned char *p = set->blob.p + (size_t)e->val * 4;

	if (e->type == IND_RANGE) {
		memcpy(&r, p, sizeof r);
		return r;
	}
	if (e->v4) {
		r.lo.b[10] = r.lo.b[11] = 0xff;
		for (unsigned i = 0; i < 4; i++)
			r.lo.b[12 + i] = (uint8_t)(e->val >> (24 - 8 * i));
	} else {
		memcpy(r.lo.b, p, sizeof r.lo.b);
	}
	r.hi = r.lo;
	return r;
}

bool same_value(const struct list_set *set, const struct entry *e, enum table_class c,
		const struct key *key)
{
	struct str s;

	if (c == T_ADDR) {
		struct addr a = entry_range(set, e).lo;

		return memcmp(a.b, key->a.p, sizeof a.b) == 0;
	}
	if (c == T_HASH && e->type != key->type)
		return false;
	s = entry_text(set, e);
	return s.n == key->a.n + key->b.n && str_starts(s, key->a) && str_ends(s, key->b);
}

/* The head of the chain of entries of that value, or NO_ENTRY; h from the hash_* functions. */
static uint32_t table_find(const struct list_set *set, enum table_class c, uint64_t h,
			   const struct key *key)
{
	const struct table *t = &set->tables[c];

	if (!bloom_has(t->bloom, t->bloom_mask, h))
		return NO_ENTRY;
	for (uint64_t at = h >> 24 & t->slot_mask; t->slots[at].ent != 0;
	     at = (at + 1) & t->slot_mask)
		if (t->slots[at].mark == (uint32_t)h &&
		    same_value(set, &set->ents[t->slots[at].ent - 1], c, key))
			return t->slots[at].ent - 1;
	return NO_ENTRY;
}

/* Is the list valid at that time? TIME_NONE: any list is. */
static bool list_in_force(const struct list_info *list, int64_t at)
{
	return at == TIME_NONE || ((list->valid_from == TIME_NONE || at >= list->valid_from) &&
				   (list->valid_until == TIME_NONE || at <= list->valid_until));
}

/* Are the list and the line valid at that time? TIME_NONE: any is. */
bool entry_in_force(const struct list_set *set, const struct entry *e, int64_t at)
{
	int64_t from, until;

	if (at == TIME_NONE || !list_in_force(&set->lists[e->list], at))
		return at == TIME_NONE;
	entry_validity(set, e, &from, &until);
	return (from == TIME_NONE || at >= from) && (until == TIME_NONE || at <= until);
}

/* Has *f a place left for a list of that sort? */
static bool has_place(const struct found *f, bool good)
{
	return good ? f->n_good < FOUND_GOOD : f->n - f->n_good < FOUND_MAX - FOUND_GOOD;
}

/* The place of an entry of that sort that is not valid, or f->n. */
static size_t dead_place(const struct list_set *set, const struct found *f, bool good)
{
	size_t i = 0;

	while (i < f->n && (entry_good(set, &set->ents[f->ent[i]]) != good ||
			    entry_in_force(set, &set->ents[f->ent[i]], f->at)))
		i++;
	return i;
}

/* Does another line of the same list stand among the places from `from` on? One that is valid stays. */
static bool stands(const struct list_set *set, struct found *f, size_t from, uint32_t i)
{
	while (from < f->n &&
	       (f->ent[from] == i || set->ents[f->ent[from]].list != set->ents[i].list))
		from++;
	if (from == f->n)
		return false;
	if (!entry_in_force(set, &set->ents[f->ent[from]], f->at))
		f->ent[from] = i;
	return true;
}

void found_add(const struct list_set *set, struct found *f, uint32_t head, unsigned narrow)
{
	size_t from = f->n;

	for (uint32_t i = head; i != NO_ENTRY; i = set->ents[i].next) {
		const struct entry *e = &set->ents[i];
		bool good = entry_good(set, e), place = has_place(f, good);

		if (!place && !entry_in_force(set, e, f->at))
			continue;
		size_t at = place ? f->n : dead_place(set, f, good);
		if (!place && at == f->n) {
			if (!good)
				return; /* none but its like follow */
			continue;
		}
		if (stands(set, f, from, i))
			continue;
		f->ent[at] = i;
		f->narrow[at] = (uint16_t)narrow;
		f->n += place;
		f->n_good += place && good;
	}
}

void find_addr(const struct list_set *set, const struct addr *a, struct found *out)
{
	struct key key = { .a = { (const char *)a->b, sizeof a->b } };

	found_add(set, out, table_find(set, T_ADDR, hash_addr(set, a), &key), 128);
	ranges_find(set, a, out);
}

void find_name(const struct list_set *set, struct str name, struct found *out)
{
	uint64_t h = set->seed;
	unsigned dots = 0;

	for (size_t i = name.n; i > 0; i--) {
		bool border = i == 1 || name.p[i - 2] == '.';

		h = roll(h, name.p[i - 1]);
		dots += name.p[i - 1] == '.';
		if (!border || name.p[i - 1] == '.')
			continue;
		if (dots == 0 && !tld_known(set, mix64(h)))
			return;
		if (dots == 0)
			continue;
		struct key key = { .a = str_skip(name, i - 1) };

		found_add(set, out, table_find(set, T_NAME, mix64(h), &key),
			  (unsigned)(name.n - (i - 1)));
	}
}

static bool url_end(char c)
{
	return (unsigned char)c <= ' ' || c == '"' || c == '<' || c == '>' || c == '`' ||
	       c == '\x7f';
}

/* A byte that goes on with a name in a path. */
static bool path_word(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || c == '_' || c == '~' || c == '-' || c == '%' ||
	       (unsigned char)c >= 0x80;
}

/* Does a piece of the path end in front of `at`? */
static bool path_border(struct str path, size_t at)
{
	if (at == path.n || url_end(path.p[at]))
		return true;
	if (path.p[at] == '.')
		return at + 1 == path.n || !path_word(path.p[at + 1]);
	return !path_word(path.p[at]) || !path_word(path.p[at - 1]);
}

void find_url(const struct list_set *set, struct str host, struct str path, struct found *out)
{
	uint64_t h = hash_name(set, host);

	if (!bloom_has(set->url_hosts, set->url_hosts_mask, mix64(h)))
		return;
	for (size_t i = 0; i < path.n && i < INDICATOR_MAX && !url_end(path.p[i]); i++) {
		h = roll(h, path.p[i]);
		if (!path_border(path, i + 1))
			continue;
		struct key key = { .a = host, .b = str_sub(path, 0, i + 1) };

		found_add(set, out, table_find(set, T_URL, mix64(h), &key), 65535);
	}
}

void find_hash(const struct list_set *set, enum indicator_type type, const unsigned char *sum,
	       struct found *out)
{
	size_t n = type == IND_MD5    ? HASH_MD5_LEN
		   : type == IND_SHA1 ? HASH_SHA1_LEN
				      : HASH_SHA256_LEN;
	struct key key = { .a = { (const char *)sum, n }, .type = (uint8_t)type };

	found_add(set, out, table_find(set, T_HASH, hash_quick(key.a, set->seed), &key), 65535);
}

void find_mail(const struct list_set *set, struct str mail, struct found *out)
{
	struct key key = { .a = mail };

	found_add(set, out, table_find(set, T_MAIL, mix64(hash_name(set, mail)), &key), 65535);
}

void find_file(const struct list_set *set, struct str path, bool text, struct found *out)
{
	uint64_t h = set->seed;

	for (size_t i = path.n; i > 0; i--) {
		char before = i == 1 ? '/' : path.p[i - 2];

		h = roll(h, path.p[i - 1]);
		if (before != '/' && !(text && memchr(" :([{", before, 5) != NULL))
			continue;
		struct key key = { .a = str_skip(path, i - 1) };

		found_add(set, out, table_find(set, T_FILE, mix64(h), &key),
			  (unsigned)(path.n - (i - 1)));
	}
}

void find_path(const struct list_set *set, struct str path, struct found *out)
{
	char low[FILE_NAME_MAX];

	if (set->tables[T_FILE].n == 0)
		return;
	path = str_skip(path, path.n > sizeof low ? path.n - sizeof low : 0);
	for (size_t i = 0; i < path.n; i++)
		low[i] = file_byte(path.p[i]);
	find_file(set, (struct str){ low, path.n }, false, out);
}

/* The length of the prefix that is this range, or 129. */
static unsigned prefix_len(const struct range *r)
{
	unsigned same = 0, len;

	while (same < 128 && ((r->lo.b[same / 8] ^ r->hi.b[same / 8]) >> (7 - same % 8) & 1) == 0)
		same++;
	for (len = same; len < 128; len++) {
		unsigned shift = 7 - len % 8;

		if ((r->lo.b[len / 8] >> shift & 1) != 0 || (r->hi.b[len / 8] >> shift & 1) == 0)
			return 129;
	}
	return same;
}

static struct str range_text(const struct range *r, struct arena *a)
{
	char lo[ADDR_TEXT_MAX], hi[ADDR_TEXT_MAX];
	unsigned len = prefix_len(r), skip = addr_is_v4(&r->lo) ? 96 : 0;

	if (len == 128)
		return arena_str(a, str_of(addr_text(&r->lo, lo)));
	if (len < 128 && len >= skip)
		return arena_printf(a, "%s/%u", addr_text(&r->lo, lo), len - skip);
	return arena_printf(a, "%s-%s", addr_text(&r->lo, lo), addr_text(&r->hi, hi));
}

/* The indicator as people write it. */
static struct str entry_shown(const struct list_set *set, const struct entry *e, struct arena *a)
{
	struct str s = entry_text(set, e);
	char hex[HASH_HEX_MAX];

	switch (class_of((enum indicator_type)e->type)) {
	case T_HASH:
		return arena_str(a, str_of(hash_hex(s.p, s.n, hex)));
	case T_ADDR:
	case T_N: {
		struct range r = entry_range(set, e);

		return range_text(&r, a);
	}
	default:
		return s;
	}
}

/* The place in *f of the narrowest entry of a known-good list that is valid then, or f->n. */
static size_t narrowest_good(const struct list_set *set, const struct found *f, int64_t at)
{
	size_t best = f->n;

	for (size_t i = 0; i < f->n; i++) {
		const struct entry *e = &set->ents[f->ent[i]];

		if (entry_good(set, e) && entry_in_force(set, e, at) &&
		    (best == f->n || f->narrow[i] > f->narrow[best]))
			best = i;
	}
	return best;
}

size_t found_hits(const struct list_set *set, const struct found *f, const struct list_text *text,
		  struct arena *a, struct found_hit out[FOUND_MAX])
{
	size_t good = narrowest_good(set, f, text->at), n = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct entry *e = &set->ents[f->ent[i]];
		const struct list_info *list = &set->lists[e->list];

		if (list->kind == LIST_KNOWN_GOOD || list->kind == LIST_INFECTED)
			continue;
		struct found_hit *h = &out[n++];

		*h = (struct found_hit){ 0 };
		h->hit.kind = HIT_INDICATOR;
		h->hit.type = e->type;
		h->hit.list = list;
		h->hit.line = e->line;
		h->hit.in_force = entry_in_force(set, e, text->at);
		h->hit.note = entry_note(set, e);
		h->hit.indicator = entry_shown(set, e, a);
		h->hit.text = text->text;
		if (good < f->n) {
			h->hit.known_good = &set->lists[set->ents[f->ent[good]].list];
			h->held = f->narrow[good] >= f->narrow[i];
		}
	}
	return n;
}
