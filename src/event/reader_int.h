/* SPDX-License-Identifier: Apache-2.0 */
/* reader_int.h - what the readers of frames (syslog, JSON that wraps a line) ask of reader.c. */
#ifndef EVENT_READER_INT_H
#define EVENT_READER_INT_H

#include "event/build.h"

enum { READER_MAX_DEPTH = 3 };

/*
 * Read the payload of a frame by the format that fits it best, of those whose probe is at least
 * `sure`. False when none fits; `b` is then as it was.
 */
bool reader_inner(struct build *b, struct str payload, int sure);

#endif
