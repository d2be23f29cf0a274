/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xml.h - XML as a bounded stream of elements and text, by expat.
 *
 * Input is hostile: a document type is refused, so no entities but the five of XML and character
 * references exist; depth, attributes and bytes are capped. Bytes are UTF-8 whatever the document
 * says of itself. Namespaces are not resolved: a prefix stands in the name. Never logs. A stream can
 * be used for one document after another; not safe for two threads at once.
 */
#ifndef BASE_XML_H
#define BASE_XML_H

#include "base/err.h"

enum {
	XML_MAX_DEPTH = 64,
	XML_MAX_ATTRS = 256,
	XML_MAX_BYTES = 256 << 20, /* of one document */
};

struct xml_attr {
	struct str name, val;
};

/* Views live until the call returns. False ends the stream with the error that was set; its place is
 * put in by the stream. */
struct xml_calls {
	void *ctx;
	bool (*open)(void *ctx, struct str name, const struct xml_attr *attrs, size_t n,
		     struct err *why);
	bool (*text)(void *ctx, struct str text, struct err *why); /* one text may come in pieces */
	bool (*close)(void *ctx, struct str name, struct err *why);
};

struct xml;
/* NULL when the system has no memory. xml_free takes NULL. */
struct xml *xml_new(void);
void xml_free(struct xml *x);

/* A new document; *calls is copied, what it points to is borrowed until the next one. */
MUST_USE bool xml_begin(struct xml *x, const struct xml_calls *calls, struct err *why);
/* The next bytes; with `last` the document must be whole. why->at is the byte from its beginning. */
MUST_USE bool xml_feed(struct xml *x, struct str bytes, bool last, struct err *why);
/* After a failure: the document was good as far as it went and only its end is missing. */
bool xml_cut(const struct xml *x);

#endif
