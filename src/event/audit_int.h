/* SPDX-License-Identifier: Apache-2.0 */
/* audit_int.h - the dialect of auoms, which audit.c leaves to audit_oms.c. */
#ifndef EVENT_AUDIT_INT_H
#define EVENT_AUDIT_INT_H

#include "event/build.h"

/* The fields behind "type=AUOMS_X audit(time:serial):"; never fails, what is no pair is passed over. */
void audit_oms(struct build *b, struct str s);

#endif
