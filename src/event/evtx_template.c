/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evtx_template.c - the templates of all chunks so far, each compiled once.
 *
 * A definition is the same as one met before only when its GUID, its size and its whole body are, but for
 * the offsets of names, which must lead to the same names. So no file can pass one template off as
 * another. Within a chunk the place of a definition says which it is.
 *
 * Invariant: what the cache holds points into e->mem only, never into a chunk.
 */
#include "base/hash.h"
#include "base/num.h"
#include "event/evtx_int.h"

enum { VARIANTS_MAX = 16 };

static bool same_name(const struct evtx_name *a, const struct evtx_name_key *key)
{
	return a->below == key->at.bare && a->attr == key->attr && a->depth == key->depth &&
	       a->data == key->data && a->windows == key->windows &&
	       a->last_bare == key->at.last_bare && str_eq(a->path, key->path);
}

const struct evtx_name *evtx_name_get(struct evtx *e, const struct evtx_name_key *key)
{
	uint64_t h = hash_quick(key->path, e->seed ^ key->depth);
	struct evtx_name_row **bucket = &e->name_bucket[h % EVTX_NAME_BUCKETS], *row;

	for (row = *bucket; row != NULL; row = row->next)
		if (same_name(&row->name, key))
			return &row->name;
	row = NEW(&e->mem, struct evtx_name_row, 1);
	struct str path = row == NULL ? (struct str){ NULL, 0 } : arena_str(&e->mem, key->path);
	if (path.p == NULL)
		return NULL;
	row->name = (struct evtx_name){ .path = path,
					.id = e->names++,
					.bare = xml_path_bare(&key->at),
					.below = key->at.bare,
					.attr = key->attr,
					.data = key->data,
					.windows = key->windows,
					.last_bare = key->at.last_bare,
					.depth = (uint8_t)key->depth,
					.name_at = (uint16_t)key->at.name_at };
	row->next = *bucket;
	*bucket = row;
	return &row->name;
}

/* The bytes from *at up to the hole are the same; *at is then behind it. */
static bool same_up_to(const struct evtx *e, const struct evtx_template *t, uint32_t def,
		       const struct evtx_hole *hole, uint32_t *at)
{
	const unsigned char *chunk = (const unsigned char *)e->chunk.p;
	uint32_t body = def + EVTX_DEF_HEAD, name_at = load_le32(chunk + body + hole->at);
	struct wide_str name;

	if (memcmp(t->head + EVTX_DEF_HEAD + *at, chunk + body + *at, hole->at - *at) != 0 ||
	    (name_at == body + hole->at + 4) != hole->here ||
	    !evtx_name_read(chunk, (uint32_t)e->chunk.n, name_at, &name) ||
	    name.n != hole->name.n || memcmp(name.p, hole->name.p, 2 * (size_t)name.n) != 0)
		return false;
	/* where the name stands here, the offset of the next one of its bucket does, too */
	*at = hole->at + (hole->here ? 8 : 4);
	return true;
}

static bool same_template(const struct evtx *e, const struct evtx_template *t, uint32_t def)
{
	const unsigned char *chunk = (const unsigned char *)e->chunk.p;
	uint32_t at = 0;

	/* GUID and size */
	if (memcmp(t->head + 4, chunk + def + 4, EVTX_DEF_HEAD - 4) != 0)
		return false;
	for (uint32_t i = 0; i < t->n_holes; i++)
		if (!same_up_to(e, t, def, &t->hole[i], &at))
			return false;
	return memcmp(t->head + EVTX_DEF_HEAD + at, chunk + def + EVTX_DEF_HEAD + at,
		      t->size - at) == 0;
}

/* Its own bytes, so that the names in it can be looked up there once the chunk is gone. */
static bool keep_body(struct evtx *e, uint32_t def, struct evtx_template *t)
{
	char *copy = arena_bytes(&e->mem, EVTX_DEF_HEAD + t->size);

	if (copy == NULL)
		return false;
	memcpy(copy, e->chunk.p + def, EVTX_DEF_HEAD + t->size);
	t->head = (const unsigned char *)copy;
	return true;
}

static struct evtx_template *compile(struct evtx *e, uint32_t def, uint32_t size,
				     const struct evtx_name *context)
{
	struct evtx_template *t = NEW(&e->mem, struct evtx_template, 1);
	struct evtx_tokens tokens = evtx_tokens_of(e, def + EVTX_DEF_HEAD,
						   def + EVTX_DEF_HEAD + size);

	if (t == NULL)
		return NULL;
	e->counts.templates++;
	t->size = size;
	t->context = context;
	tokens.dependency = true;
	if (!keep_body(e, def, t))
		return NULL;
	t->bad = !evtx_compile(e, &e->mem, tokens, context, true, t);
	return t;
}

static struct evtx_template *find(struct evtx *e, uint32_t def, uint32_t size,
				  const struct evtx_name *context)
{
	uint64_t h = hash_quick(str_sub(e->chunk, def + 4, def + EVTX_DEF_HEAD),
				e->seed ^ (uintptr_t)context);
	struct evtx_template **bucket = &e->bucket[h % EVTX_BUCKETS], *t;
	unsigned variants = 0;

	for (t = *bucket; t != NULL && variants < VARIANTS_MAX; t = t->next, variants++)
		if (t->size == size && t->context == context && same_template(e, t, def))
			return t;
	t = compile(e, def, size, context);
	if (t == NULL || t->bad || t->local)
		return t;
	t->next = *bucket;
	*bucket = t;
	return t;
}

struct evtx_template *evtx_template_get(struct evtx *e, uint32_t def,
					const struct evtx_name *context)
{
	uint64_t h = (def ^ ((uintptr_t)context >> 4)) * (e->seed | 1);
	struct evtx_seen *s = &e->seen[(h >> 32) % EVTX_SEEN];

	if (s->epoch == e->epoch && s->def == def && s->context == context)
		return s->template;
	if (e->chunk.n < EVTX_DEF_HEAD || def > e->chunk.n - EVTX_DEF_HEAD)
		return NULL;
	uint32_t size = load_le32(e->chunk.p + def + 20);

	if (size > e->chunk.n - EVTX_DEF_HEAD - def || size > e->bodies_left)
		return NULL;
	e->bodies_left -= size;
	*s = (struct evtx_seen){ e->epoch, def, context, find(e, def, size, context) };
	return s->template;
}
