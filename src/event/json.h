/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.h - RFC 8259 JSON to fields in one pass: no tree, nothing copied but what must be.
 *
 * Input is hostile. Accepts and rejects as RFC 8259 does; bytes that are not UTF-8 inside a string
 * are kept as they are, a lone surrogate becomes U+FFFD. Keys become dotted paths, the elements of
 * an array repeat the field, an empty object or array is a null. Numbers and booleans keep their
 * text. Recursion is capped at JSON_MAX_DEPTH. No state: safe from any thread.
 */
#ifndef EVENT_JSON_H
#define EVENT_JSON_H

#include "event/build.h"

enum { JSON_MAX_DEPTH = 128, JSON_PATH_MAX = 1024 };

/*
 * Add the fields of the document `text` to `b`. EVTX as JSON is told by its shape: `#attributes`
 * and `#text` vanish from the path (Event.System.Provider_Name), and in the envelopes of Windows
 * events (Event.EventData, winlog.event_data, data.win.eventdata ...) `bare` skips the envelope.
 * why->at is the byte offset of the fault; b->n is unchanged on failure only to the caller's eye:
 * he sets it back.
 */
MUST_USE bool json_fields(struct build *b, struct str text, struct err *why);

/* The same for a document that stands below `path` ("EventData."), which rules do not name; false, and
 * nothing added, where it is none. */
bool json_fields_below(struct build *b, struct str path, struct str text);

/* Where the first value in `text` ends. */
enum json_extent { JSON_WHOLE, JSON_MORE, JSON_BAD };
enum json_extent json_extent(struct str text, size_t *end);

/* Where from `at` on a quote, a backslash or a control byte stands first, or text.n. */
size_t json_plain(struct str text, size_t at);
/* Copy from `at` on up to a backslash or the end; returns where that stands. `out` has JSON_SLACK bytes more
 * than it needs. */
enum { JSON_SLACK = 16 };
size_t json_copy_plain(struct str text, size_t at, char *out);

/* The row of formats[]. */
int json_probe(struct str record);
MUST_USE bool json_read(struct build *b, struct str record, struct err *why);

#endif
