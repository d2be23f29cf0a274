/* SPDX-License-Identifier: Apache-2.0 */
/* keep.h - a file that somebody wants kept, from the page to the store. */
#ifndef PROC_KEEP_H
#define PROC_KEEP_H

#include "proc/desk_int.h"

/* web/backend.h: keep */
bool desk_keep(void *desk, const struct push_request *request, struct str name, struct str actor,
	       struct buf *answer, struct err *why);

/* desk_backend.c: web/backend.h, push; wait for what a clerk says, and take it as wire_recv(). */
bool desk_push(void *desk, struct arena *a, const struct push_request *request,
	       struct push_answer *out, struct err *why);
MUST_USE bool desk_clerk_says(int link, struct arena *a, struct wire_msg *out, struct err *why);

#endif
