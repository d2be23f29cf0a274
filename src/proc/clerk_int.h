/* SPDX-License-Identifier: Apache-2.0 */
/* clerk_int.h - one upload at a clerk: what was asked, what it holds, what is answered. */
#ifndef PROC_CLERK_INT_H
#define PROC_CLERK_INT_H

#include "base/arena.h"
#include "base/json.h"
#include "base/jsonw.h"
#include "proc/procs.h"

enum { CLERK_UNPACK_SECONDS = 3600 }; /* of CPU time, for an archive of logs */

struct job {
	const struct config *config;
	const struct json *ask;
	struct str upload;
	int link; /* to who asks */
	struct arena a;
	struct jsonw w;   /* the answer */
	struct buf *keep; /* what desk shall keep */
};

/* The files of an archive go out as WIRE_MEMBER, WIRE_BYTES, WIRE_MEMBER_END. */
MUST_USE bool clerk_unpack(struct job *job, struct err *why);

/* clerk_duty.c: a roster file. */
MUST_USE bool clerk_duty(struct job *job, struct err *why);

#endif
