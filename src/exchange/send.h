/* SPDX-License-Identifier: Apache-2.0 */
/*
 * send.h - one thing that desk wants brought out: a mail, a webhook call, the addresses of a name.
 *
 * Runs in the courier, in any of its threads. It connects to what the question names and to nothing else.
 *     {"op":"mail","server","starttls","user","password","from","to","ca_pem","message"}
 *     {"op":"webhook","url","body","signature","key","ca_pem"}
 *     {"op":"resolve","host"}
 * The answer: {"receipt"} of what went, or {"addresses":[..]}; what is in the way is in *why.
 */
#ifndef EXCHANGE_SEND_H
#define EXCHANGE_SEND_H

#include "base/buf.h"
#include "base/json.h"

/* False: it did not go, *why says what was in the way; *doubt: it may have gone all the same. */
MUST_USE bool send_one(const struct json *ask, struct buf *answer, bool *doubt, struct err *why);

#endif
