/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bulk.h - the body of an Elasticsearch `_bulk` request, and the answer to each of its items.
 *
 * Input is hostile. Pure: no allocation but the given buf, no state. An action line that is no
 * action ends the reading, since what follows cannot be framed any more; documents are not looked
 * into. `_id` and `_index` stay as they stand between the quotes, JSON escapes and all.
 */
#ifndef INGEST_BULK_H
#define INGEST_BULK_H

#include "base/buf.h"
#include "base/err.h"

enum bulk_op { BULK_INDEX, BULK_CREATE, BULK_UPDATE, BULK_DELETE };
enum { BULK_ID_MAX = 512, BULK_ACTION_MAX = 8192 };

/* One action with its document (empty for BULK_DELETE); views into the body. */
struct bulk_doc {
	enum bulk_op op;
	struct str index, id; /* empty: none given */
	struct str source;    /* the line of the document, without its end */
};

/*
 * The next action at *pos of `body`; moves *pos past it. False with why->kind == ERR_NONE at the end
 * of the body (set *why to zero before), else why->at is the offset of the bad line. Blank lines
 * between actions are skipped.
 */
MUST_USE bool bulk_next(struct str body, size_t *pos, struct bulk_doc *out, struct err *why);

/* What became of one item. */
enum bulk_fault {
	BULK_STORED,      /* 201 */
	BULK_SEEN,        /* 200: an id stored before */
	BULK_EXISTS,      /* 409: `create` with an id stored before */
	BULK_NO_DOCUMENT, /* 400: no document line, or it is no JSON object */
	BULK_TOO_LONG,    /* 400 */
	BULK_NOT_ADDING,  /* 400: update and delete; what is stored is not changed */
	BULK_BUSY,        /* 429: send it again */
	BULK_FAULTS
};

struct bulk_item {
	enum bulk_fault fault;
	enum bulk_op op;
	struct str index, id;
};

/* Append one item to `out`; take the next from *rest (views into it), false at the end or when the
 * bytes are none of bulk_item_put(). */
void bulk_item_put(struct buf *out, const struct bulk_item *item);
MUST_USE bool bulk_item_next(struct str *rest, struct bulk_item *out);

int bulk_status(enum bulk_fault fault); /* the HTTP status of an item */

#endif
