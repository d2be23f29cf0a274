/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log.h - the program's own log, one line each to stderr, for the operator, in English.
 *
 * Only cmd/, web/ and proc/ log; a library function returns its error instead. Lines carry
 * journald's <level> prefix when JOURNAL_STREAM is set, a UTC time otherwise. The same format from
 * the same place more than 20 times in 10 s is held back and counted. Safe from any thread.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/str.h"

/* The name of this process in each line; static storage. */
void log_name(const char *name);
void log_error(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_warn(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_info(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* The machine fails: say so and leave with status 70. Only in cmd/ and proc/. */
_Noreturn void die(const char *fmt, ...) PRINTF_LIKE(1, 2);

#endif
