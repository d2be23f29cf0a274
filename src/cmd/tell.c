/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/tell.h"

#include "base/time.h"
#include "cmd/plain.h"

#include <stdio.h>
#include <unistd.h>

enum { SHOWN_MAX = 64 << 10 };

void tell_fault(const char *what, const struct err *why)
{
	char text[ERR_TEXT_MAX];
	struct buf b = BUF(SHOWN_MAX);

	plain_put(&b, str_of(what), SIZE_MAX);
	buf_add(&b, STR(": "));
	plain_put(&b, str_of(err_text(why, msg_lang(), text, sizeof text)), SIZE_MAX);
	fprintf(stderr, "%.*s\n", STR_ARG(buf_str(&b)));
	buf_free(&b);
}

bool tell_progress_due(struct tell_progress *p, bool last)
{
	int64_t now = time_monotonic();
	bool terminal = isatty(STDERR_FILENO);

	if (p->started == 0)
		p->started = now;
	if (!p->forced && (!terminal || now - p->started < TIME_SECOND))
		return false;
	if (!last && p->shown != 0 && now - p->shown < (terminal ? TIME_SECOND / 5 : TIME_SECOND))
		return false;
	p->shown = now;
	if (last && terminal)
		fprintf(stderr, "\r\033[K");
	return !last || !terminal;
}

void tell_progress_line(struct str text)
{
	bool terminal = isatty(STDERR_FILENO);

	fprintf(stderr, "%s%.*s%s", terminal ? "\r\033[K" : "", STR_ARG(text),
		terminal ? "" : "\n");
}
