/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cef.h - ArcSight Common Event Format: "CEF:0|vendor|product|version|class|name|severity|k=v ...".
 *
 * The header's parts stand under the names of the specification (deviceVendor ...), the extension
 * under its own keys; escapes (`\|`, `\=`, `\\`, `\n`) are resolved into the arena where present.
 * Input is hostile. Never logs, never allocates outside b->a. No state.
 */
#ifndef EVENT_CEF_H
#define EVENT_CEF_H

#include "event/build.h"

/* The row of formats[]. */
int cef_probe(struct str record);
MUST_USE bool cef_read(struct build *b, struct str record, struct err *why);

/* `key=value key=value` where values hold blanks: a value ends before the next key. */
void cef_extension(struct build *b, struct str ext);

#endif
