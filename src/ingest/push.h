/* SPDX-License-Identifier: Apache-2.0 */
/*
 * push.h - one pushed body (HTTP) to one chunk: decompressed, cut into records.
 *
 * Input is hostile: what comes out of a compressed body is capped at PUSH_BYTES. A body is one chunk
 * and so is stored whole or not at all. The chunk's records are views into text that lives in the
 * struct push; free it after the chunk.
 */
#ifndef INGEST_PUSH_H
#define INGEST_PUSH_H

#include "base/buf.h"
#include "base/err.h"
#include "ingest/bulk.h"
#include "ingest/chunk.h"

enum push_form { PUSH_FORM_LINES, PUSH_FORM_BULK }; /* records of lines or JSON; _bulk actions */
enum push_packing { PUSH_PLAIN_BYTES, PUSH_GZIP, PUSH_ZSTD };

struct push {
	enum push_form form;
	struct buf text;     /* owned, when it was compressed */
	struct chunk *chunk; /* owned until it is put on the queue */
	/* PUSH_FORM_BULK: one an action, in order; place: its record in the chunk, or SIZE_MAX */
	struct push_item {
		struct bulk_item item;
		size_t place;
	} * items; /* owned */
	size_t n_items;
};

struct push_body {
	struct str bytes;
	enum push_form form;
	enum push_packing packing;
	struct str token, name; /* of the source */
	struct str index;       /* of the path, for _bulk actions that name none */
};

/*
 * ERR_LIMIT: too large (413). ERR_INPUT: damaged, or a
 * _bulk body that cannot be framed; why->at is the offset in the text.
 */
MUST_USE bool push_read(const struct push_body *body, struct push *out, struct err *why);
void push_free(struct push *p); /* the chunk, too, if it is still there */
/* After the chunk was stored: what became of each item, appended by bulk_item_put(). `seen` is the
 * chunk's, copied before it was freed; may be NULL. */
void push_items(const struct push *p, const bool *seen, struct buf *out);

#endif
