/* SPDX-License-Identifier: Apache-2.0 */
/*
 * syslog.h - the frame of RFC 5424, of RFC 3164 and of what devices write instead.
 *
 * The header gives time, host, program, process id, priority; the rest is handed to the format that
 * fits it (event/reader.c), or stands as `message`. Input is hostile. Never logs, never allocates
 * outside b->a.
 */
#ifndef EVENT_SYSLOG_H
#define EVENT_SYSLOG_H

#include "event/build.h"

/* The row of formats[]. */
int syslog_probe(struct str record);
MUST_USE bool syslog_read(struct build *b, struct str record, struct err *why);

#endif
