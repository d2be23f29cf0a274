/* SPDX-License-Identifier: Apache-2.0 */
/* controls_int.h - control tests and exercises: what desk and their own files ask of each other. */
#ifndef PROC_CONTROLS_INT_H
#define PROC_CONTROLS_INT_H

#include "proc/jobs_int.h"

/* controls.c: a thread that sends control tests; ends like desk_jobs(). */
void *desk_controls(void *desk);
/* Send all of them now (web/backend.h, control). */
bool desk_control(void *desk, struct err *why);
/* exercise.c: begin one, list them (web/backend.h); wait for the end of one, once `stop` is set. */
bool desk_exercise(void *desk, struct str scenario, struct str actor, struct err *why);
bool desk_exercises(void *desk, struct buf *answer, struct err *why);
void desk_exercise_end(struct desk *d);
/* Tell watch which control events and heartbeats to expect. */
MUST_USE bool desk_expect(struct desk *d, struct err *why);
/* What watch told: {"controls": [id]} of those that came. */
void controls_came(struct desk *d, struct str counters);
/* controls_send.c: the parent's answer. */
void door_came(struct desk *d, struct wire_msg *m);

/* Learn from the parent which doors are open; false: it does not answer now. */
MUST_USE bool control_doors(struct desk *d, struct err *why);
/* Send the control event of that number through a door, as a sender of this machine would. */
MUST_USE bool control_send(struct desk *d, const struct door_seen *door, const char *id,
			   struct err *why);
/* Push the events of an exercise, under a source of that name. */
MUST_USE bool control_push(struct desk *d, struct str body, struct err *why);
/* Before watch takes anything in: what a former life dropped and nobody took is expected by nobody any
 * more; this one sends its own. */
void controls_withdraw(const struct desk *d);
/* hunt.c: the oldest span of blind minutes whose senders had their time. */
void control_hunt(struct desk *d, const struct silence *s);

#endif
