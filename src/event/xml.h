/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xml.h - events written as XML: Windows (wevtutil, the Event Viewer, Sysmon for Linux, NXLog), ePO.
 *
 * Input is hostile. Names become what the same event has as JSON: "Event.System.EventID",
 * "Event.System.Provider_Name", "Event.EventData.Image" with the bare name behind the envelope; the
 * flat <Event> of NXLog gives the names of its elements alone, other documents the path. A document
 * that the sender cut off, or that holds what XML does not allow, is read as far as it goes with
 * U+FFFD in those places, and the event is marked partial. Why->at is a byte of the record.
 */
#ifndef EVENT_XML_H
#define EVENT_XML_H

#include "event/build.h"

enum { XML_TEXT_MAX = 1 << 20 };

int xml_probe(struct str record);
MUST_USE bool xml_read(struct build *b, struct str record, struct err *why);

enum xml_extent { XML_WHOLE, XML_MORE, XML_NONE };
/*
 * Where the <Event> at the front of `text` ends. XML_NONE: there is none or its end is not within
 * `cap` bytes.
 */
enum xml_extent xml_event_extent(struct str text, size_t cap, size_t *end);
/* How long the declaration or the tag of a list of events ("<Events>") at the front is, 0 for none. */
size_t xml_between(struct str text);

#endif
