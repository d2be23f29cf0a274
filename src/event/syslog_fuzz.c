/* SPDX-License-Identifier: Apache-2.0 */
/* syslog_fuzz.c - hostile bytes as syslog. */
#define FUZZ_FORMAT "syslog"
#include "event/reader_fuzz.h"
