/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kv.h - `key=value key="quoted value"` pairs, as FortiGate and many other appliances log them.
 *
 * Pairs stand apart by blanks, or by commas where the first pair ends in one. In quotes `\"` is a
 * quote; other backslashes are kept. Words without '=' between pairs belong to the value before
 * them, capital ones (the flags of netfilter) are fields of their own. Input is hostile. Never
 * logs, never allocates outside b->a. No state: safe from any thread.
 */
#ifndef EVENT_KV_H
#define EVENT_KV_H

#include "event/build.h"

/* The row of formats[]. */
int kv_probe(struct str record);
MUST_USE bool kv_read(struct build *b, struct str record, struct err *why);

#endif
