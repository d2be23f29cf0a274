/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expected.h - what watch was told to expect: control events of canh, each once and through its door
 * only, and the words of senders' heartbeats.
 *
 * A record that merely says that it is a control event is one only when its number is expected here,
 * so that nobody hides behind the word; a heartbeat's record stays a record like any other. Safe from
 * any thread; costs nothing per record while nothing is expected.
 */
#ifndef PROC_EXPECTED_H
#define PROC_EXPECTED_H

#include "base/err.h"
#include "base/jsonw.h"
#include "base/uuid.h"

enum { EXPECTED_CONTROLS = 64, EXPECTED_BEATS = 4096, BEAT_MAX = 40 };

struct expected;
struct expected *expected_new(void); /* NULL: no memory */
void expected_free(struct expected *e);

/* {"controls":[{"id","door"}],"heartbeats":["word"]} in place of what was expected before; a control event
 * that has come stays one that has come. */
MUST_USE bool expected_set(struct expected *e, struct str json, struct err *why);
/* Is the record a control event that is due through this door ("udp" and the listener's name)? Then
 * it is not expected any more. */
bool expected_control(struct expected *e, struct str record, const char *door, struct str name);
/* The word of an expected heartbeat that stands in the record, a view into it. */
bool expected_beat(struct expected *e, struct str record, struct str *word);
/* Put the ids of control events that came and were not told; false: none did. Then they were told. */
bool expected_came(struct expected *e, struct jsonw *w);
void expected_told(struct expected *e);

#endif
