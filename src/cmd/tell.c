/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/tell.h"

#include "base/time.h"

#include <stdio.h>
#include <unistd.h>

void tell_fault(const char *what, const struct err *why)
{
	char text[ERR_TEXT_MAX];

	fprintf(stderr, "%s: %s\n", what, err_text(why, msg_lang(), text, sizeof text));
}

bool tell_progress_due(struct tell_progress *p, bool last)
{
	int64_t now = time_monotonic();

	if (p->started == 0)
		p->started = now;
	if (!isatty(STDERR_FILENO) || now - p->started < TIME_SECOND ||
	    (!last && now - p->shown < TIME_SECOND / 5))
		return false;
	p->shown = now;
	if (last)
		fprintf(stderr, "\r\033[K");
	return !last;
}
