/* SPDX-License-Identifier: Apache-2.0 */
/* clerk_int.h - one upload at a clerk: what was asked, what it holds, what is answered. */
#ifndef PROC_CLERK_INT_H
#define PROC_CLERK_INT_H

#include "base/arena.h"
#include "base/json.h"
#include "base/jsonw.h"
#include "proc/procs.h"

enum { CLERK_UNPACK_SECONDS = 3600 }; /* of CPU time, for an archive of logs */

struct wits; /* proc/pipeline.h */

struct job {
	const struct config *config;
	const struct json *ask;
	struct str upload;
	const struct wits *wits; /* to judge with, where a file is looked at */
	int link;                /* to who asks */
	struct arena a;
	struct jsonw w;   /* the answer */
	struct buf *keep; /* what desk shall keep */
};

/* Take CLERK_UNPACK_SECONDS of CPU time instead of what is given to a list. */
void clerk_long(void);

/* The files of an archive go out as WIRE_MEMBER, WIRE_BYTES, WIRE_MEMBER_END. */
MUST_USE bool clerk_unpack(struct job *job, struct err *why);

/* clerk.c: how a list would be read, as a JSON object. On failure nothing of it is written. */
struct list_counts;
MUST_USE bool clerk_list(struct job *job, struct list_counts *counts, struct err *why);

/* clerk_look.c: what the wits say of a file; its records, for desk to have them stored: bodies of whole
 * records as WIRE_BYTES, an empty one behind each, and files that could not be read to their end as
 * WIRE_MEMBER, WIRE_MEMBER_END. */
MUST_USE bool clerk_look(struct job *job, struct err *why);
MUST_USE bool clerk_keep(struct job *job, struct err *why);

/* clerk_duty.c: a roster file. */
MUST_USE bool clerk_duty(struct job *job, struct err *why);

#endif
