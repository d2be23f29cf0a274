/* SPDX-License-Identifier: Apache-2.0 */
/*
 * w3c.h - logs whose columns are named by a `#Fields` line: W3C extended logs (IIS), Windows
 * Firewall, Exchange (commas), Zeek (tabs).
 *
 * The reader remembers the columns (struct w3c); a line is one only when it has exactly as many.
 * Columns stand under the names that Sigma uses: cs(User-Agent) is cs-user-agent. Times are UTC as
 * the format says, local where `#Time Format: Local` says so. Input is hostile.
 */
#ifndef EVENT_W3C_H
#define EVENT_W3C_H

#include "event/build.h"

/* The row of formats[]. */
int w3c_probe(struct str record);
MUST_USE bool w3c_read(struct build *b, struct str record, struct err *why);

#endif
