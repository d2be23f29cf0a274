/* SPDX-License-Identifier: Apache-2.0 */
/* log.c - a line is built whole and written by one call, so that processes do not mix. */
#include "base/log.h"

#include "base/time.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SLOTS = 64, BURST = 20, LINE_MAX_BYTES = 2000 };

static const char *process = "canh";
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct slot {
	const char *fmt;
	int64_t since;
	unsigned n, held;
} slots[SLOTS];

void log_name(const char *name)
{
	process = name;
}

/* Whether one more line of this format may go out now; *held: how many were kept back before. */
static bool allowed(const char *fmt, unsigned *held)
{
	struct slot *s = &slots[((uintptr_t)fmt >> 4) % SLOTS];
	int64_t now = time_monotonic();
	bool ok;

	*held = 0;
	pthread_mutex_lock(&lock);
	if (s->fmt != fmt || now - s->since > 10 * TIME_SECOND) {
		*held = s->fmt == fmt ? s->held : 0;
		*s = (struct slot){ .fmt = fmt, .since = now };
	}
	ok = s->n < BURST;
	if (ok)
		s->n++;
	else
		s->held++;
	pthread_mutex_unlock(&lock);
	return ok;
}

static void emit(int level, const char *fmt, va_list ap)
{
	char line[LINE_MAX_BYTES], when[TIME_TEXT_MAX];
	unsigned held;
	int n;

	if (!allowed(fmt, &held))
		return;
	if (getenv("JOURNAL_STREAM") != NULL)
		n = snprintf(line, sizeof line, "<%d>%s: ", level, process);
	else
		n = snprintf(line, sizeof line, "%s %s: %s", time_rfc3339(time_now(), when),
			     process,
			     level <= 3   ? "error: "
			     : level == 4 ? "warning: "
					  : "");
	size_t at = (size_t)n;
	n = vsnprintf(line + at, sizeof line - at - 64, fmt, ap);
	at += n < 0 ? 0 : (size_t)n < sizeof line - at - 64 ? (size_t)n : sizeof line - at - 65;
	for (size_t i = 0; i < at; i++)
		if ((unsigned char)line[i] < 0x20)
			line[i] = ' ';
	if (held > 0)
		at += (size_t)snprintf(line + at, 48, " (%u more held back)", held);
	line[at++] = '\n';
	if (write(STDERR_FILENO, line, at) == -1)
		return; /* nowhere left to say it */
}

void log_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit(3, fmt, ap);
	va_end(ap);
}

void log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit(4, fmt, ap);
	va_end(ap);
}

void log_info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit(6, fmt, ap);
	va_end(ap);
}

void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit(2, fmt, ap);
	va_end(ap);
	exit(70);
}
