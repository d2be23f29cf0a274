/* SPDX-License-Identifier: Apache-2.0 */
/*
 * simclock.h - a clock that somebody else moves: `canh serve --clock FILE`, for the demonstration
 * and for tests.
 *
 * FILE holds one int64_t, microseconds in the machine's byte order, that time_now() of every process
 * adds to the real time; whoever writes it moves the clock of all at once. A second number behind it
 * that is not 0 when the server starts: hours that the hand skips were not lived, so nobody was blind
 * in them, no control test is sent but on demand, and none runs out by them. A data folder that once
 * ran under such a clock says so for ever: setting "simulated", and on every screen.
 */
#ifndef PROC_SIMCLOCK_H
#define PROC_SIMCLOCK_H

#include "base/err.h"

/* In the parent, before any child: open and map the file; its children inherit it. */
MUST_USE bool simclock_open(const char *path, struct err *why);
/* In a child, before its sandbox: map what the parent left open, if it did. */
MUST_USE bool simclock_inherit(struct err *why);
bool simclock_used(void);
bool simclock_skips(void);

#endif
