/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seek_answer.h - what seek answers, looked at by desk before it goes to a client.
 *
 * seek reads what hostile senders sent: its answer is input. It goes on as it is, but only where it is JSON
 * of the shape that docs/openapi.yaml gives the answer to the question, every member known, none twice,
 * and no more of it than was asked for. Names of fields are the senders' own: they may be anything.
 */
#ifndef PROC_SEEK_ANSWER_H
#define PROC_SEEK_ANSWER_H

#include "base/err.h"

enum { SEEK_ANSWER_MAX = 64 << 20 };

/* `op`: "search", "histogram" or "event"; `most`: events of a page, bars of a histogram. */
MUST_USE bool seek_answer_check(struct str op, int64_t most, struct str answer, struct err *why);

#endif
