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
	bool forced;            /* from the beginning, and where there is no terminal each second */
};
/* Is it time to print it? With `last` it is wiped away instead where it stands on a terminal: false. */
bool tell_progress_due(struct tell_progress *p, bool last);
/* Over the line before it on a terminal, else a line of its own. */
void tell_progress_line(struct str text);

#endif
