/* SPDX-License-Identifier: Apache-2.0 */
/*
 * supervisor.h - what systemd wants to hear of a service: ready, stopping, still alive.
 *
 * The protocol of sd_notify(3): datagrams to the socket that $NOTIFY_SOCKET names. Without that
 * variable, nothing is sent. The parent alone speaks; its children do not inherit the variables.
 */
#ifndef PROC_SUPERVISOR_H
#define PROC_SUPERVISOR_H

/* Take NOTIFY_SOCKET and WATCHDOG_USEC out of the environment. Call once, before any child. */
void supervisor_open(void);
/* "READY=1", "STOPPING=1", "STATUS=..."; lines are joined by '\n'. */
void supervisor_tell(const char *state);
/*
 * Tell that the caller's loop still turns, when that is due. Returns how long it may sleep now, in
 * milliseconds: at most `wait`, where -1 stands for ever.
 */
int supervisor_alive(int wait);

#endif
