/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xml_path.h - what the elements of an event are called: "Event.System.EventID" of <Event><System>
 * <EventID>, "Event.EventData.Image" of <Data Name="Image">, with the name that rules use at its end.
 *
 * The same for text (event/xml.c) and for binary XML (event/evtx_template.c), so that an event has the
 * same names whichever way it came.
 */
#ifndef EVENT_XML_PATH_H
#define EVENT_XML_PATH_H

#include "base/str.h"

enum { XML_PATH_MAX = 512, XML_EVENT_DEPTH = 16 };

/* Where the children of an element stand. */
struct xml_at {
	size_t len;     /* of the path so far, dot included */
	size_t name_at; /* where its own name begins in it */
	uint8_t bare;   /* where the name that rules use begins */
	bool last_bare; /* it is the last part of the path, whatever that is */
};

struct xml_path {
	bool windows; /* the root is <Event> */
	bool cut;     /* a name did not fit and was left out */
	char text[XML_PATH_MAX];
};

/* Is this element, with `depth` open ones around it, one whose attribute Name is its name? */
bool xml_path_is_data(const struct xml_path *p, size_t depth, struct str name);
/*
 * The element `name` below `up`, which has `depth` open elements (0: the root, whose `up` is unused);
 * `data`: its attribute Name where it is <Data>, else empty. Writes behind up->len only.
 */
struct xml_at xml_path_enter(struct xml_path *p, const struct xml_at *up, size_t depth,
			     struct str name, struct str data);
/* Where the name that rules use begins in that of the element itself or of an attribute of it: a part whose
 * children go without its name keeps its own. */
static inline uint8_t xml_path_bare(const struct xml_at *at)
{
	return at->bare == at->len && at->len > 0 ? (uint8_t)at->name_at : at->bare;
}
/* The element's own name. */
static inline struct str xml_path_name(const struct xml_path *p, const struct xml_at *at)
{
	return (struct str){ p->text + at->name_at, at->len > 0 ? at->len - 1 - at->name_at : 0 };
}
/* The whole path without the last dot. */
static inline struct str xml_path_str(const struct xml_path *p, const struct xml_at *at)
{
	return (struct str){ p->text, at->len > 0 ? at->len - 1 : 0 };
}

#endif
