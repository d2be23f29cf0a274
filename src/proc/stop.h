/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stop.h - a process waits for its link or for SIGTERM, whichever comes first.
 */
#ifndef PROC_STOP_H
#define PROC_STOP_H

#include "base/str.h"

/* Before threads start: SIGTERM and SIGINT are taken here and nowhere else. */
void stop_prepare(void);
/* True when the link has something to read (or has ended), false when the process must stop. */
bool stop_wait(int link);

#endif
