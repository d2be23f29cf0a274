/* SPDX-License-Identifier: Apache-2.0 */
/*
 * post.h - desk's side of the courier: alerts into notices, notices out, receipts back.
 */
#ifndef PROC_POST_H
#define PROC_POST_H

#include "base/jsonw.h"
#include "proc/desk_int.h"

/* A thread each: mails, webhooks. They end like desk_jobs(). */
void *desk_post_mail(void *desk);
void *desk_post_hooks(void *desk);
/* Once, before they begin: what was on its way when the last desk ended. */
MUST_USE bool post_begin(struct desk *d, struct err *why);
/* New alerts and such as nobody has acknowledged go into the outbox; called by the clock. */
void post_plan(struct desk *d, struct arena a);
/* Settings changed or a test was queued: look now. */
void post_wake(void *desk);

#endif
