/* SPDX-License-Identifier: Apache-2.0 */
/* controls_int.h - control tests: what controls.c asks of controls_send.c. */
#ifndef PROC_CONTROLS_INT_H
#define PROC_CONTROLS_INT_H

#include "proc/jobs_int.h"

/* Learn from the parent which doors are open; false: it does not answer now. */
MUST_USE bool control_doors(struct desk *d, struct err *why);
/* Send the control event of that number through a door, as a sender of this machine would. */
MUST_USE bool control_send(struct desk *d, const struct door_seen *door, const char *id,
			   struct err *why);
/* hunt.c: the oldest span of blind minutes whose senders had their time. */
void control_hunt(struct desk *d, const struct silence *s);

#endif
