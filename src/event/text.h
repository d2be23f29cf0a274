/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.h - what daemons and appliances write as sentences, read by the rule bases of content/decoders.
 *
 * decoders.yaml names the files, one product each: for which syslog programs they stand, with which
 * words a message of any program begins, with which byte a line without a syslog header. Rules give
 * fields under the names of event/ecs.h and tags (outcome=, action=, category=). Behind a syslog
 * header the program decides; else the first byte. Input is hostile: a message longer than
 * TEXT_MAX_LINE is no text. Values are views of the message. Never logs; safe from any thread.
 */
#ifndef EVENT_TEXT_H
#define EVENT_TEXT_H

#include "event/build.h"

enum { TEXT_MAX_LINE = 64 << 10 };

/* The row of formats[]: lines that no frame tells the program of. */
int text_probe(struct str record);
MUST_USE bool text_read(struct build *b, struct str record, struct err *why);

/* The message of b->program; false, and nothing added, where no rule fits. Sets b->ev.format. */
bool text_payload(struct build *b, struct str message);

#endif
