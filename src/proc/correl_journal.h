/* SPDX-License-Identifier: Apache-2.0 */
/*
 * correl_journal.h - what correlations saw, kept over a restart: a file in the store's folder.
 *
 * A row is written and synced before the commit of the records it is about, and names how far the store was
 * then; a row whose commit never came is dropped at the next start. So after kill -9 the state of
 * correlations is that of the records that are stored. Rows older than the longest window go.
 */
#ifndef PROC_CORREL_JOURNAL_H
#define PROC_CORREL_JOURNAL_H

#include "base/arena.h"
#include "base/err.h"
#include "store/seal.h"

struct correl_journal;
/* `head` is how far the store is. A file that cannot be read is begun anew, and *why says so; NULL only when
 * there is no memory or the file cannot be written. */
struct correl_journal *correl_journal_open(const char *folder, const struct store_root *head,
					   struct err *why);
void correl_journal_close(struct correl_journal *j);

/* `notes` are of records that the next commit holds. */
MUST_USE bool correl_journal_add(struct correl_journal *j, const struct store_root *head,
				 int64_t now, struct str notes, struct err *why);
/* All rows written since `since`, the oldest first. False and *why: it could not be read. */
typedef void correl_journal_fn(void *ctx, struct str notes);
MUST_USE bool correl_journal_each(struct correl_journal *j, int64_t since, correl_journal_fn *fn,
				  void *ctx, struct err *why);

#endif
