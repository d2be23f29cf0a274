/* SPDX-License-Identifier: Apache-2.0 */
/* evtx_make_xml.h - binary XML of our own making: elements, templates, an event. */
#ifndef EVENT_EVTX_MAKE_XML_H
#define EVENT_EVTX_MAKE_XML_H

#include "event/evtx_make.h"

/* `bare`: without attributes. */
UNUSED static void make_open(struct make *m, struct str name, bool bare)
{
	make_int(m, bare ? 0x01 : 0x41, 1);
	if (m->dependency)
		make_int(m, 0xffff, 2);
	m->element[m->depth++] = m->n;
	make_int(m, 0, 4);
	make_name(m, name);
	m->attrs = bare ? 0 : m->n;
	if (!bare)
		make_int(m, 0, 4);
	m->start = true;
}

UNUSED static void make_opened(struct make *m, uint8_t token)
{
	if (!m->start)
		return;
	if (m->attrs > 0)
		store_le32(m->b + m->attrs, m->n - m->attrs - 4);
	make_int(m, token, 1);
	m->start = false;
}

UNUSED static void make_attr(struct make *m, struct str name)
{
	make_int(m, 0x46, 1);
	make_name(m, name);
}

UNUSED static void make_text(struct make *m, struct str s)
{
	make_int(m, 0x05, 1);
	make_int(m, EVTX_UTF16, 1);
	make_int(m, s.n, 2);
	make_wide(m, s);
}

UNUSED static void make_close(struct make *m)
{
	uint32_t at = m->element[--m->depth];

	if (m->start)
		make_opened(m, 0x03);
	else
		make_int(m, 0x04, 1);
	store_le32(m->b + at, m->n - at - 4);
}

UNUSED static void make_subst(struct make *m, unsigned i, uint8_t type, bool optional)
{
	make_int(m, optional ? 0x0e : 0x0d, 1);
	make_int(m, i, 2);
	make_int(m, type, 1);
}

/* <name>text</name>, or a value where text.p is NULL. */
UNUSED static void make_leaf(struct make *m, struct str name, struct str text, unsigned i,
			     uint8_t type)
{
	make_open(m, name, true);
	make_opened(m, 0x02);
	if (text.p != NULL)
		make_text(m, text);
	else
		make_subst(m, i, type, true);
	make_close(m);
}

/* The instance of the template that stood at `def`, or, for 0, of one that is defined here; its body ends
 * with make_values(). Returns where the definition stands. */
UNUSED static uint32_t make_instance(struct make *m, uint32_t def, uint8_t guid)
{
	make_int(m, 0x0c, 1);
	make_int(m, 1, 1);
	make_int(m, guid, 4);
	if (def > 0) {
		make_int(m, def, 4);
		return def;
	}
	make_int(m, m->n + 4, 4);
	def = m->n;
	make_int(m, 0, 4);
	for (int i = 0; i < 16; i++)
		make_int(m, guid, 1);
	m->body = m->n;
	make_int(m, 0, 4);
	make_bytes(m, STR("\x0f\x01\x01\x00"));
	m->dependency = true;
	return def;
}

UNUSED static void make_values(struct make *m, const struct make_value *v, uint32_t n)
{
	if (m->dependency) {
		make_int(m, 0, 1);
		store_le32(m->b + m->body, m->n - m->body - 4);
		m->dependency = false;
	}
	make_int(m, n, 4);
	for (uint32_t i = 0; i < n; i++) {
		make_int(m, v[i].bytes.n, 2);
		make_int(m, v[i].type, 2);
	}
	for (uint32_t i = 0; i < n; i++)
		if (v[i].bytes.n > 0)
			make_bytes(m, v[i].bytes);
}

#endif
