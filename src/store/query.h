/* SPDX-License-Identifier: Apache-2.0 */
/*
 * query.h - what people type to find events: words and field:value, all of which must hold.
 *
 *     failed "log cleared" user.name:admin* source.ip:192.0.2.1 canh.format:cef
 *
 * A word is looked for anywhere in the record as received, and in its decoded values where the
 * record escapes. field:value holds when a value of that field is the value as a whole; the field is
 * named by its ECS name, its raw name or the bare end of it. `*` outside quotes stands for anything;
 * "..." keeps blanks and stars; a backslash takes away the meaning of the next * " : or backslash.
 * Case and marks do not count. canh.source is the source's number or one of its names (as people call
 * it, its own, who sends), canh.format the format; source and source.name are canh.source, too, besides
 * a field of that name.
 * The parser reads hostile text; *why->at is the offset. A query is immutable and safe to share.
 */
#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include "base/arena.h"
#include "base/err.h"
#include "event/event.h"

enum { QUERY_MAX_LEN = 4096 /* characters */, QUERY_MAX_TERMS = 32, QUERY_MAX_PIECES = 16 };

struct query;
/* In `a`, with no views into `text`. Blank text is the query that everything answers. */
MUST_USE bool query_parse(struct arena *a, struct str text, const struct query **out,
			  struct err *why);
/* Everything answers it? NULL counts as such. */
bool query_is_all(const struct query *q);

struct query_subject {
	const struct event *event;
	/* what is known of it beside its fields */
	uint32_t source;
	struct str source_name, source_peer, source_given, format;
};
enum query_answer { QUERY_NO, QUERY_YES, QUERY_READ /* its fields must be read first */ };
/* By what is known beside the record alone: canh.source, canh.format. `scratch` by value: nothing
 * stays. */
bool query_known(const struct query *q, struct arena scratch, const struct query_subject *s);
/* Before the fields are read: by the raw bytes, as far as they go, of what query_known() lets through. */
enum query_answer query_unread(const struct query *q, struct arena scratch, struct str raw);
/* With the fields. */
bool query_match(const struct query *q, struct arena scratch, const struct query_subject *s);

#endif
