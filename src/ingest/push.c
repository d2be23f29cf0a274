/* SPDX-License-Identifier: Apache-2.0 */
/*
 * push.c - two passes over the text: count, so that the chunk is made with the right room, then fill.
 */
#include "ingest/push.h"

#include "base/hash.h"
#include "base/inflate.h"
#include "base/utf8.h"
#include "base/zstd.h"
#include "event/reader.h"

#include <stdlib.h>

enum { ID_PLAIN = 200 }; /* with what stands around it well below STORE_MAX_KEY */

static bool unpack(struct str body, enum push_packing packing, struct buf *out, struct err *why)
{
	if (packing == PUSH_GZIP)
		return inflate_gzip(body, out, why);
	struct zstd *z = zstd_new();
	if (z == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	bool ok = zstd_unpack(z, body, out, why);
	zstd_free(z);
	return ok;
}

/* Lines as a Windows console saves them. */
static bool to_utf8(struct push *p, struct str *text, struct err *why)
{
	enum wide wide = utf16_told(*text);
	struct buf out = BUF(PUSH_BYTES);

	if (wide == WIDE_NONE)
		return true;
	utf16_take(*text, wide, true, &out);
	if (out.full) {
		buf_free(&out);
		return err_set(why, ERR_LIMIT, 0, "more than %zu bytes", (size_t)PUSH_BYTES);
	}
	buf_free(&p->text);
	p->text = out;
	*text = buf_str(&p->text);
	return true;
}

static bool too_many(struct err *why)
{
	return err_set(why, ERR_LIMIT, 0, "more than %d records in one request", PUSH_RECORDS);
}

static bool read_lines(struct push *p, struct str text, const struct push_body *body,
		       struct err *why)
{
	struct str rest = text, record;
	size_t n = 0;
	bool cut;

	while (records_next(&rest, true, &record, &cut))
		n++;
	if (n > PUSH_RECORDS)
		return too_many(why);
	p->chunk = chunk_new(DOOR_PUSH, body->token, body->name, n, 0);
	if (p->chunk == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	for (rest = text; records_next(&rest, true, &record, &cut);) {
		if (str_trim(record).n == 0)
			continue;
		if (!chunk_add_view(p->chunk, record))
			return too_many(why);
		if (cut)
			chunk_cut(p->chunk);
	}
	return true;
}

/* How many actions there are; false when the body cannot be framed. */
static bool count_actions(struct str text, size_t *out, struct err *why)
{
	struct bulk_doc doc;
	size_t pos = 0, n = 0;
	struct err end = { 0 };

	while (bulk_next(text, &pos, &doc, &end))
		n++;
	if (end.kind != ERR_NONE) {
		*why = end;
		return false;
	}
	if (n > PUSH_RECORDS)
		return too_many(why);
	*out = n;
	return true;
}

static enum bulk_fault judge(const struct bulk_doc *doc)
{
	struct str body = str_trim(doc->source);

	if (doc->op == BULK_UPDATE || doc->op == BULK_DELETE)
		return BULK_NOT_ADDING;
	if (body.n < 2 || body.p[0] != '{' || body.p[body.n - 1] != '}')
		return BULK_NO_DOCUMENT;
	return body.n > RECORD_MAX ? BULK_TOO_LONG : BULK_STORED;
}

/* An id names a document within its index; what is longer than a key may be goes in as its hash. */
static struct str id_of(struct arena *a, struct str index, struct str id)
{
	unsigned char sum[HASH_SHA256_LEN];
	char hex[2 * HASH_SHA256_LEN + 1];
	struct hash h;

	if (id.n == 0)
		return STR("");
	if (index.n + id.n <= ID_PLAIN)
		return arena_printf(a, "id:%zu:%.*s/%.*s", index.n, STR_ARG(index), STR_ARG(id));
	hash_begin(&h, HASH_SHA256);
	hash_add(&h, index);
	hash_add(&h, STR("/"));
	hash_add(&h, id);
	hash_end(&h, sum);
	hash_hex(sum, sizeof sum, hex);
	return arena_printf(a, "id:%zu#%s", index.n, hex);
}

static void take_action(struct push *p, const struct bulk_doc *doc, struct str index)
{
	struct chunk *c = p->chunk;
	struct push_item *it = &p->items[p->n_items++];

	*it = (struct push_item){
		.item = { judge(doc), doc->op, doc->index.n > 0 ? doc->index : index, doc->id },
		.place = SIZE_MAX,
	};
	if (it->item.fault != BULK_STORED)
		return;
	it->place = c->n;
	c->ids[c->n] = id_of(&c->mem, it->item.index, doc->id);
	if (c->ids[c->n].p == NULL || !chunk_add_view(c, doc->source)) {
		it->place = SIZE_MAX;
		it->item.fault = BULK_BUSY;
	}
}

static bool read_bulk(struct push *p, struct str text, const struct push_body *body,
		      struct err *why)
{
	struct bulk_doc doc;
	struct err end = { 0 };
	size_t n = 0, pos = 0;

	if (!count_actions(text, &n, why))
		return false;
	p->items = calloc(n + 1, sizeof *p->items);
	/* room for the ids, which are no longer than the text, and their tables */
	p->chunk = chunk_new(
		DOOR_BULK, body->token, body->name, n,
		text.n + n * (sizeof(struct str) + sizeof(bool) + 128 + body->index.n) + 4096);
	if (p->items == NULL || p->chunk == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	p->chunk->ids = NEW(&p->chunk->mem, struct str, n + 1);
	p->chunk->seen = NEW(&p->chunk->mem, bool, n + 1);
	while (bulk_next(text, &pos, &doc, &end))
		take_action(p, &doc, body->index);
	return true;
}

bool push_read(const struct push_body *body, struct push *out, struct err *why)
{
	struct push p = { .form = body->form, .text = BUF(PUSH_BYTES) };
	struct str text = body->bytes;
	bool ok = true;

	if (body->packing != PUSH_PLAIN_BYTES) {
		ok = unpack(body->bytes, body->packing, &p.text, why);
		text = buf_str(&p.text);
	} else if (text.n > PUSH_BYTES) {
		ok = err_set(why, ERR_LIMIT, 0, "more than %zu bytes", (size_t)PUSH_BYTES);
	}
	if (ok && body->form == PUSH_FORM_LINES)
		ok = to_utf8(&p, &text, why);
	if (ok)
		ok = body->form == PUSH_FORM_BULK ? read_bulk(&p, text, body, why)
						  : read_lines(&p, text, body, why);
	if (!ok) {
		push_free(&p);
		return false;
	}
	*out = p;
	return true;
}

void push_free(struct push *p)
{
	chunk_free(p->chunk);
	free(p->items);
	buf_free(&p->text);
	*p = (struct push){ 0 };
}

void push_items(const struct push *p, const bool *seen, struct buf *out)
{
	for (size_t i = 0; i < p->n_items; i++) {
		struct bulk_item item = p->items[i].item;

		if (item.fault == BULK_STORED && seen != NULL && seen[p->items[i].place])
			item.fault = item.op == BULK_CREATE ? BULK_EXISTS : BULK_SEEN;
		bulk_item_put(out, &item);
	}
}
