/* SPDX-License-Identifier: Apache-2.0 */
/* tell.h - what commands say on stderr while they work, in the reader's language. */
#ifndef CMD_TELL_H
#define CMD_TELL_H

#include "base/err.h"

/* "WHAT: reason" */
void tell_fault(const char *what, const struct err *why);

/* Progress on a terminal, from the second second on and five times a second. */
struct tell_progress {
	int64_t started, shown; /* zero at first */
};
/* Is it time to print it? With `last` it is wiped away instead: false. */
bool tell_progress_due(struct tell_progress *p, bool last);

#endif
