/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uploads.h - lists and rules that were handed in: what desk keeps of them, and tells watch to load.
 *
 * A list is kept as a canonical text (one line an entry: VALUE TAB LINE TAB NOTE) in lists/ID.list,
 * written by a clerk, so that watch never parses what came from outside. Rules: kept_rules.h.
 */
#ifndef PROC_UPLOADS_H
#define PROC_UPLOADS_H

#include "base/json.h"
#include "proc/desk_int.h"

/*
 * What to do with a clerk's answer to `request` (web/backend.h, clerk): a preview is passed on; an
 * import is kept (file, row, ledger), watch is told, and *answer is the new item.
 */
MUST_USE bool upload_keep(struct desk *d, const struct json *request, int upload_fd,
			  struct str parsed, struct buf *answer, struct err *why);
/* What watch shall load: {"ranges": {...}, "lists": [{id, name, kind, ...}], "exceptions": [...]}. */
MUST_USE bool upload_inventory(struct desk *d, struct buf *out, struct err *why);

#endif
