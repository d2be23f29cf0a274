/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rulebase.h - one liblognorm rule base (version 2): a line in, named fields out.
 *
 * The only file that sees liblognorm. The library counts inside its contexts and hands out shared
 * references, so a context is used under a lock. A rule base begins with one context; where threads
 * wait for it often more are opened, at most one a processor, and a match takes a free one. Never logs.
 */
#ifndef EVENT_RULEBASE_H
#define EVENT_RULEBASE_H

#include "base/err.h"

enum { RULEBASE_MAX_LANES = 8, RULEBASE_MAX_BYTES = 1 << 20 };

struct rulebase;

/*
 * `text` is the file `name`, its first line "version=2". NULL and *why on failure; why->at is the line.
 * rulebase_free takes NULL.
 */
struct rulebase *rulebase_new(struct str text, const char *name, struct err *why);
void rulebase_free(struct rulebase *r);

/* A field, or a tag of the rule (`name` empty). Both views live until the function returns. */
typedef void rulebase_give(void *ctx, struct str name, struct str val);

/*
 * False when no rule fits the whole of `line`, and then `give` was not called. One byte behind the
 * line must be readable and NUL. Fields come in the order of the line, tags last. Any thread.
 */
bool rulebase_match(struct rulebase *r, struct str line, rulebase_give *give, void *ctx);

#endif
