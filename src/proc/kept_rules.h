/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kept_rules.h - rules that were handed in, one file an import: rules/ID.rules.
 *
 * "canh-rules 1 TAB NAME", then for each file "PATH TAB BYTES" on a line and its bytes, and a line end.
 * The files stay as they came: what is refused today may be used tomorrow. The form around them is so
 * plain that watch has nothing hostile to parse but the rules. What is imported again under the same
 * name takes the place of what was.
 */
#ifndef PROC_KEPT_RULES_H
#define PROC_KEPT_RULES_H

#include "base/arena.h"
#include "base/buf.h"
#include "state/db.h"

#include <pthread.h>

enum { KEPT_RULES_MAX = 192 << 20 };

/* .yml and .yaml that look like a rule: an archive of rules holds other YAML, too. */
bool kept_rules_wanted(struct str path, struct str text);

void kept_rules_begin(struct buf *out, struct str name);
void kept_rules_put(struct buf *out, struct str path, struct str text);

/* Each file in turn; *name (may be NULL) and what is handed over are views into `text`. False when it is
 * damaged, after what stands before that. */
MUST_USE bool kept_rules_read(struct str text, struct str *name,
			      void (*fn)(void *ctx, struct str path, struct str rules), void *ctx,
			      struct err *why);

struct kept_rules {
	const char *data, *actor;
	struct str name, text; /* text: as above */
	struct str sha256;     /* of the file as it was handed in; of text where there is no such */
	int64_t bytes, loaded, refused;
};
/* Save it, tell the ledger, drop what had its name. `lock` (may be NULL) is held around the database. */
MUST_USE bool kept_rules_save(struct db *db, pthread_mutex_t *lock, const struct kept_rules *k,
			      struct err *why);

#endif
