/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leef.h - QRadar Log Event Extended Format 1.0 and 2.0: "LEEF:2.0|vendor|product|version|id|^|k=v^k=v".
 *
 * The header's parts stand as devVendor, devProduct, devVersion, eventId. Input is hostile. Never
 * logs, never allocates outside b->a. No state.
 */
#ifndef EVENT_LEEF_H
#define EVENT_LEEF_H

#include "event/build.h"

/* The row of formats[]. */
int leef_probe(struct str record);
MUST_USE bool leef_read(struct build *b, struct str record, struct err *why);

#endif
