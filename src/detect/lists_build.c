/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lists_build.c - takes indicators one by one, then lays out tables and ranges once.
 *
 * Invariant: an entry is complete before n_ents counts it, so that a failed addition leaves the
 * builder as it was.
 */
#include "detect/found_int.h"

#include "base/num.h"
#include "base/pages.h"
#include "base/time.h"
#include "detect/file_name.h"

#include <stdlib.h>

/* AHEAD: entries whose places in the tables are on their way while others are filed. */
enum { NAMES_CAP = 64 << 20, RECENT = 4096, BLOOM_BITS = 12, AHEAD = 32, VALIDITY = 16 };

struct list_builder {
	struct list_set *set; /* owned */
	struct arena names;
	uint32_t recent[RECENT]; /* notes seen lately, place + 1 by hash */
};

void list_set_free(struct list_set *set)
{
	if (set == NULL)
		return;
	for (size_t i = 0; i < T_N; i++) {
		struct table *t = &set->tables[i];

		pages_free(t->bloom, (t->bloom_mask + 1) * sizeof *t->bloom);
		pages_free(t->slots, (t->slot_mask + 1) * sizeof *t->slots);
	}
	ranges_free(set);
	pages_free(set->url_hosts, (set->url_hosts_mask + 1) * sizeof *set->url_hosts);
	free(set->ents);
	free(set->blob.p);
	free(set->notes.p);
	free(set->lists);
	arena_release(set->names);
	free(set);
}

void list_builder_free(struct list_builder *b)
{
	if (b == NULL)
		return;
	list_set_free(b->set);
	free(b);
}

struct list_builder *list_builder_new(uint64_t seed)
{
	struct list_builder *b = calloc(1, sizeof *b);

	if (b == NULL || (b->set = calloc(1, sizeof *b->set)) == NULL ||
	    !arena_reserve(&b->set->names, NAMES_CAP)) {
		list_builder_free(b);
		return NULL;
	}
	b->names = b->set->names;
	b->set->seed = mix64(seed ^ UINT64_C(0x5851F42D4C957F2D));
	return b;
}

static bool copy_str(struct arena *a, struct str *s)
{
	if (s->n == 0) {
		*s = STR("");
		return true;
	}
	*s = arena_str(a, *s);
	return s->p != NULL;
}

bool list_builder_begin(struct list_builder *b, const struct list_info *info, struct err *why)
{
	struct list_set *set = b->set;
	struct list_info made = *info;

	if (set->n_lists == LISTS_MAX)
		return err_set(why, ERR_LIMIT, 0, "more than %d lists", LISTS_MAX);
	if (!copy_str(&b->names, &made.id) || !copy_str(&b->names, &made.name) ||
	    !copy_str(&b->names, &made.letter) || !copy_str(&b->names, &made.issuer) ||
	    !copy_str(&b->names, &made.month) || !copy_str(&b->names, &made.tlp))
		return err_set(why, ERR_LIMIT, 0, "no room for the names of the lists");
	struct list_info *more = realloc(set->lists, (set->n_lists + 1) * sizeof *more);

	if (more == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for the names of the lists");
	made.entries = made.bad_lines = 0;
	more[set->n_lists] = made;
	set->lists = more;
	set->n_lists++;
	return true;
}

void list_builder_bad(struct list_builder *b)
{
	if (b->set->n_lists > 0)
		b->set->lists[b->set->n_lists - 1].bad_lines++;
}

/* Room for `n` more bytes, or NULL. */
static unsigned char *bytes_room(struct bytes *b, size_t n)
{
	if (b->cap - b->n < n) {
		size_t cap = b->cap == 0 ? 1 << 16 : b->cap + b->cap / 2;
		unsigned char *p;

		if (cap < b->n + n)
			cap = b->n + n;
		p = realloc(b->p, cap);
		if (p == NULL)
			return NULL;
		b->p = p;
		b->cap = cap;
	}
	return b->p + b->n;
}

/* Two pieces at the next unit of the blob; *place in units of 4 bytes. */
static bool blob_add(struct list_set *set, struct str s, bool with_len, uint32_t *place)
{
	size_t head = with_len ? 2 : 0, len = (head + s.n + 3) & ~(size_t)3;
	unsigned char *p;

	if (set->blob.n / 4 > UINT32_MAX - 1 - len / 4 || (p = bytes_room(&set->blob, len)) == NULL)
		return false;
	memset(p, 0, len);
	if (with_len) {
		p[0] = (unsigned char)s.n;
		p[1] = (unsigned char)(s.n >> 8);
	}
	memcpy(p + head, s.p, s.n);
	*place = (uint32_t)(set->blob.n / 4);
	set->blob.n += len;
	return true;
}

static struct str note_at(const struct list_set *set, uint32_t place)
{
	const unsigned char *p = set->notes.p + place - 1;

	return (struct str){ (const char *)p + 2, load_le16(p) };
}

struct str entry_note(const struct list_set *set, const struct entry *e)
{
	struct str s = e->note == 0 ? STR("") : note_at(set, e->note);

	return str_skip(s, e->dated ? VALIDITY : 0);
}

void entry_validity(const struct list_set *set, const struct entry *e, int64_t *from,
		    int64_t *until)
{
	*from = *until = TIME_NONE;
	if (!e->dated)
		return;
	struct str s = note_at(set, e->note);
	memcpy(from, s.p, sizeof *from);
	memcpy(until, s.p + sizeof *from, sizeof *until);
}

/* Place + 1 of the note, 0 for none; lists repeat their notes, so the recent ones are looked up. */
static bool note_add(struct list_builder *b, const struct indicator *x, struct str s,
		     uint32_t *place)
{
	struct bytes *notes = &b->set->notes;
	char both[VALIDITY + LISTS_MAX_NOTE];

	*place = 0;
	s = str_sub(s, 0, LISTS_MAX_NOTE);
	if (x->dated) {
		memcpy(both, &x->valid_from, sizeof x->valid_from);
		memcpy(both + sizeof x->valid_from, &x->valid_until, sizeof x->valid_until);
		if (s.n > 0)
			memcpy(both + VALIDITY, s.p, s.n);
		s = (struct str){ both, VALIDITY + s.n };
	}
	if (s.n == 0)
		return true;
	uint32_t *seen = &b->recent[hash_quick(s, b->set->seed) % RECENT];

	if (*seen == 0 || !str_eq(note_at(b->set, *seen), s)) {
		unsigned char *p = notes->n < UINT32_MAX - 512 ? bytes_room(notes, s.n + 2) : NULL;

		if (p == NULL)
			return false;
		p[0] = (unsigned char)s.n;
		p[1] = (unsigned char)(s.n >> 8);
		memcpy(p + 2, s.p, s.n);
		*seen = (uint32_t)notes->n + 1;
		notes->n += s.n + 2;
	}
	*place = *seen;
	return true;
}

/* What does not fit in the entry goes to the blob. */
static bool value_add(struct list_set *set, const struct indicator *x, struct entry *e)
{
	switch (x->type) {
	case IND_IP:
		e->v4 = addr_is_v4(&x->range.lo);
		if (e->v4) {
			e->val = load_be32(x->range.lo.b + 12);
			return true;
		}
		return blob_add(set, (struct str){ (const char *)x->range.lo.b, 16 }, false,
				&e->val);
	case IND_RANGE:
		e->v4 = addr_is_v4(&x->range.lo) && addr_is_v4(&x->range.hi);
		return blob_add(set, (struct str){ (const char *)&x->range, 32 }, false, &e->val);
	case IND_MD5:
		return blob_add(set, (struct str){ (const char *)x->hash, HASH_MD5_LEN }, false,
				&e->val);
	case IND_SHA1:
		return blob_add(set, (struct str){ (const char *)x->hash, HASH_SHA1_LEN }, false,
				&e->val);
	case IND_SHA256:
		return blob_add(set, (struct str){ (const char *)x->hash, HASH_SHA256_LEN }, false,
				&e->val);
	default:
		return blob_add(set, x->text, true, &e->val);
	}
}

static bool entry_room(struct list_set *set)
{
	if (set->n_ents < set->cap_ents)
		return true;
	size_t cap = set->cap_ents == 0 ? 1024 : set->cap_ents + set->cap_ents / 2;
	struct entry *p = realloc(set->ents, cap * sizeof *p);

	if (p == NULL)
		return false;
	set->ents = p;
	set->cap_ents = cap;
	return true;
}

bool list_builder_add(struct list_builder *b, const struct indicator *x, struct str note,
		      uint64_t line, struct err *why)
{
	struct list_set *set = b->set;
	struct entry e = { .type = (uint8_t)x->type, .next = NO_ENTRY, .dated = x->dated };

	if (set->n_lists == 0 || x->type >= IND_TYPE_N)
		return err_set(why, ERR_INPUT, 0, "no list to add to");
	if (set->n_ents == LISTS_MAX_ENTRIES)
		return err_set(why, ERR_LIMIT, 0, "more than %d indicators", LISTS_MAX_ENTRIES);
	if (!entry_room(set) || !note_add(b, x, note, &e.note) || !value_add(set, x, &e))
		return err_set(why, ERR_LIMIT, 0, "no room for this indicator");
	e.line = line > UINT32_MAX ? UINT32_MAX : (uint32_t)line;
	e.list = (uint16_t)(set->n_lists - 1);
	set->ents[set->n_ents++] = e;
	set->lists[e.list].entries++;
	return true;
}

static void indicator_of(const struct list_set *set, const struct entry *e, struct indicator *out)
{
	struct str text = entry_text(set, e);

	*out = (struct indicator){ .type = (enum indicator_type)e->type,
				   .text = text,
				   .dated = e->dated };
	entry_validity(set, e, &out->valid_from, &out->valid_until);
	if (e->type == IND_IP || e->type == IND_RANGE)
		out->range = entry_range(set, e);
	else if (class_of((enum indicator_type)e->type) == T_HASH)
		memcpy(out->hash, text.p, text.n);
}

bool list_builder_keep(struct list_builder *b, const struct list_set *from, struct str id,
		       bool *found, struct err *why)
{
	size_t list = 0;

	while (list < from->n_lists && !str_eq(from->lists[list].id, id))
		list++;
	*found = list < from->n_lists;
	for (size_t i = 0; *found && i < from->n_ents; i++) {
		const struct entry *e = &from->ents[i];
		struct indicator x;

		if (e->list != list)
			continue;
		indicator_of(from, e, &x);
		if (!list_builder_add(b, &x, entry_note(from, e), e->line, why))
			return false;
	}
	if (*found && b->set->n_lists > 0)
		b->set->lists[b->set->n_lists - 1].bad_lines = from->lists[list].bad_lines;
	return true;
}

static uint64_t pow2_above(uint64_t n)
{
	uint64_t p = 1;

	while (p < n)
		p *= 2;
	return p;
}

/* An empty filter for `n` values, and its mask. */
static uint64_t *bloom_new(size_t n, uint64_t *mask)
{
	uint64_t words = pow2_above((uint64_t)n * BLOOM_BITS / 64 + 1);

	*mask = words - 1;
	return pages_new(words * sizeof(uint64_t));
}

static void bloom_set(uint64_t *bloom, uint64_t mask, uint64_t h)
{
	bloom[h >> 34 & mask] |= bloom_bits(h);
}

static bool table_new(struct table *t, size_t bloom_n)
{
	uint64_t n = pow2_above((uint64_t)t->n + t->n / 2 + 1);

	t->bloom = bloom_new(bloom_n, &t->bloom_mask);
	t->slots = pages_new(n * sizeof *t->slots);
	t->slot_mask = n - 1;
	return t->bloom != NULL && t->slots != NULL;
}

static size_t host_len(struct str url)
{
	size_t i = 0;

	while (i < url.n && url.p[i] != '/' && url.p[i] != '?')
		i++;
	return i;
}

/* The hash an entry is filed under, and its key. */
static uint64_t entry_hash(const struct list_set *set, const struct entry *e, struct addr *addr,
			   struct key *key)
{
	struct str s = entry_text(set, e);

	*key = (struct key){ .a = s, .type = e->type };
	switch (class_of((enum indicator_type)e->type)) {
	case T_ADDR:
		*addr = entry_range(set, e).lo;
		key->a = (struct str){ (const char *)addr->b, 16 };
		return hash_addr(set, addr);
	case T_URL:
		return mix64(hash_path(hash_name(set, str_sub(s, 0, host_len(s))),
				       str_skip(s, host_len(s))));
	case T_HASH:
		return hash_quick(s, set->seed);
	default:
		return mix64(hash_name(set, s));
	}
}

/* An entry on its way into its table. */
struct filing {
	uint64_t h;
	uint32_t ent;
};

static struct table *table_of(struct list_set *set, uint32_t ent)
{
	return &set->tables[class_of((enum indicator_type)set->ents[ent].type)];
}

static void filing_begin(struct list_set *set, uint32_t ent, struct filing *out)
{
	struct table *t = table_of(set, ent);
	struct addr addr;
	struct key key;

	*out = (struct filing){ entry_hash(set, &set->ents[ent], &addr, &key), ent };
	__builtin_prefetch(&t->slots[out->h >> 24 & t->slot_mask], 1);
	__builtin_prefetch(&t->bloom[out->h >> 34 & t->bloom_mask], 1);
}

/* Do both entries hold the same value? */
static bool same_entry(const struct list_set *set, uint32_t one, uint32_t other)
{
	const struct entry *e = &set->ents[one];
	struct addr addr;
	struct key key;

	entry_hash(set, e, &addr, &key);
	return same_value(set, &set->ents[other], class_of((enum indicator_type)e->type), &key);
}

/*
 * Hang the entry on the chain whose head stands in *slot. Entries come list by list, so that those of the
 * same list are the last that came: from the head on or behind it. Known-good ones come last, to the front.
 */
static void chain_add(struct list_set *set, struct slot *slot, uint32_t ent)
{
	struct entry *e = &set->ents[ent], *head = &set->ents[slot->ent - 1];

	if (entry_said(set, head->list == e->list ? slot->ent - 1 : head->next, e))
		return;
	if (!entry_good(set, e)) {
		e->next = head->next;
		head->next = ent;
		return;
	}
	e->next = slot->ent - 1;
	slot->ent = ent + 1;
}

static void filing_end(struct list_set *set, const struct filing *f)
{
	struct table *t = table_of(set, f->ent);
	uint64_t at = f->h >> 24 & t->slot_mask;

	for (; t->slots[at].ent != 0; at = (at + 1) & t->slot_mask) {
		struct slot *slot = &t->slots[at];

		if (slot->mark == (uint32_t)f->h && same_entry(set, f->ent, slot->ent - 1)) {
			chain_add(set, slot, f->ent);
			return;
		}
	}
	t->slots[at] = (struct slot){ (uint32_t)f->h, f->ent + 1 };
	bloom_set(t->bloom, t->bloom_mask, f->h);
}

/* Remember the last label of a name or host. */
static void tld_put(struct list_set *set, struct str name)
{
	size_t at = name.n;

	while (at > 0 && name.p[at - 1] != '.')
		at--;
	uint64_t h = mix64(hash_name(set, str_skip(name, at)));

	set->tlds[h >> 6 & 1023] |= UINT64_C(1) << (h & 63);
}

static void note_host(struct list_set *set, const struct entry *e)
{
	struct str s = entry_text(set, e);

	if (e->type == IND_DOMAIN) {
		tld_put(set, s);
	} else if (e->type == IND_FILE) {
		const struct table *t = &set->tables[T_FILE];

		/* Text is searched for the end of the name: the filter must let it through. */
		s = file_key(file_base(s));
		tld_put(set, s);
		bloom_set(t->bloom, t->bloom_mask, mix64(hash_name(set, s)));
	} else if (e->type == IND_URL) {
		s = str_sub(s, 0, host_len(s));
		tld_put(set, s);
		bloom_set(set->url_hosts, set->url_hosts_mask, mix64(hash_name(set, s)));
	}
}

/* The entries of known-good lists, or all others. */
static void fill_tables(struct list_set *set, bool good)
{
	struct filing ring[AHEAD];
	size_t n = 0;

	for (size_t i = 0; i < set->n_ents; i++) {
		struct filing *f = &ring[n % AHEAD];

		if (entry_good(set, &set->ents[i]) != good ||
		    class_of((enum indicator_type)set->ents[i].type) == T_N)
			continue;
		if (n >= AHEAD)
			filing_end(set, f);
		filing_begin(set, (uint32_t)i, f);
		note_host(set, &set->ents[i]);
		n++;
	}
	for (size_t k = n < AHEAD ? 0 : n - AHEAD; k < n; k++)
		filing_end(set, &ring[k % AHEAD]);
}

static bool lay_out(struct list_set *set)
{
	for (size_t i = 0; i < set->n_ents; i++) {
		const struct entry *e = &set->ents[i];
		enum table_class c = class_of((enum indicator_type)e->type);

		if (c != T_N)
			set->tables[c].n++;
		if (e->type == IND_IP && e->v4)
			set->n_v4++;
		else if (e->type == IND_IP)
			set->n_v6++;
	}
	for (size_t i = 0; i < T_N; i++)
		if (!table_new(&set->tables[i], set->tables[i].n * (i == T_FILE ? 2 : 1)))
			return false;
	set->url_hosts = bloom_new(set->tables[T_URL].n, &set->url_hosts_mask);
	if (set->url_hosts == NULL)
		return false;
	fill_tables(set, false);
	fill_tables(set, true);
	return ranges_build(set);
}

/* Give back what growing took too much of; fine when the system does not want it. */
static void shrink(struct list_set *set)
{
	struct entry *e = realloc(set->ents, (set->n_ents + 1) * sizeof *e);
	unsigned char *blob = realloc(set->blob.p, set->blob.n + 1);
	unsigned char *notes = realloc(set->notes.p, set->notes.n + 1);

	set->ents = e != NULL ? e : set->ents;
	set->blob.p = blob != NULL ? blob : set->blob.p;
	set->notes.p = notes != NULL ? notes : set->notes.p;
	set->cap_ents = set->n_ents;
	set->blob.cap = set->blob.n;
	set->notes.cap = set->notes.n;
}

struct list_set *list_builder_done(struct list_builder *b, struct err *why)
{
	struct list_set *set = b->set;

	b->set = NULL;
	list_builder_free(b);
	shrink(set);
	if (!lay_out(set)) {
		list_set_free(set);
		err_set(why, ERR_LIMIT, 0, "no room for the tables of the lists");
		return NULL;
	}
	return set;
}

size_t list_set_lists(const struct list_set *set)
{
	return set->n_lists;
}

const struct list_info *list_set_list(const struct list_set *set, size_t i)
{
	return i < set->n_lists ? &set->lists[i] : NULL;
}

size_t list_set_bytes(const struct list_set *set)
{
	size_t n = sizeof *set + set->cap_ents * sizeof *set->ents + set->blob.cap +
		   set->notes.cap + set->n_lists * sizeof *set->lists +
		   set->n_pfx4 * sizeof *set->pfx4 + set->n_pfx6 * sizeof *set->pfx6;

	for (size_t i = 0; i < T_N; i++)
		n += (set->tables[i].bloom_mask + 1) * sizeof(uint64_t) +
		     (set->tables[i].slot_mask + 1) * sizeof(struct slot);
	return n + (set->url_hosts_mask + 1) * sizeof *set->url_hosts;
}
