/* SPDX-License-Identifier: Apache-2.0 */
/* evtx_read.h - the row "evtx" of the table of formats; its records are those of the reader's chunk. */
#ifndef EVENT_EVTX_READ_H
#define EVENT_EVTX_READ_H

#include "event/build.h"
#include "event/evtx.h"

int evtx_probe(struct str record);
MUST_USE bool evtx_read(struct build *b, struct str record, struct err *why);

#endif
