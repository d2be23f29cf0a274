/* SPDX-License-Identifier: Apache-2.0 */
/* feed_oval.c - a document of OVAL definitions: those of patches and vulnerabilities are its records. */
#include "vuln/feed_int.h"
#include "vuln/oval.h"

static bool is_record(const struct oval_definition *d)
{
	return str_eq(d->class, STR("patch")) || str_eq(d->class, STR("vulnerability"));
}

static bool read_definition(struct reading *r, const struct oval_index *x,
			    const struct oval_definition *d)
{
	struct cve_names *names = NEW(r->a, struct cve_names, 1);

	if (names == NULL)
		return false;
	for (const struct oval_text *t = d->cves; t != NULL; t = t->next)
		cve_names_add(names, t->text);
	matcher_begin(r->m, r->feed, false);
	if (!oval_definition_judge(x, r->a, r->m, d))
		return false;
	return matcher_end(r->m, d->advisory.n > 0 ? d->advisory : d->id, d->severity, names->v,
			   names->n);
}

bool oval_feed_read(struct reading *r, struct str text, struct err *why)
{
	struct oval_doc doc = { .definitions = NULL };
	const struct oval_index *x;
	struct arena mark;

	if (!oval_doc_parse(r->a, text, &doc, why)) {
		if (why != NULL && why->kind == ERR_LIMIT)
			why->kind = ERR_INPUT; /* of this document, not of the findings */
		return false;
	}
	x = oval_index_new(r->a, &doc, r->m);
	if (x == NULL)
		return no_room(why);
	mark = *r->a;
	for (const struct oval_definition *d = doc.definitions; d != NULL; d = d->next) {
		*r->a = mark; /* of the record before */
		if (d->deprecated)
			r->feed->withdrawn++;
		if (d->deprecated || !is_record(d))
			continue;
		if (!read_definition(r, x, d))
			return no_room(why);
		r->feed->records++;
	}
	feed_dated(r->feed, doc.timestamp);
	return true;
}
