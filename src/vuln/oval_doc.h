/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oval_doc.h - an OVAL 5 document of patch or vulnerability definitions, as far as they ask for packages
 * of dpkg or rpm; other tests are kept as what is not looked at here.
 *
 * Input is hostile. Never logs. All of it is in the arena.
 */
#ifndef VULN_OVAL_DOC_H
#define VULN_OVAL_DOC_H

#include "base/arena.h"
#include "base/err.h"

enum oval_operator { OVAL_AND, OVAL_OR, OVAL_ONE, OVAL_XOR };
enum oval_node_kind { OVAL_CRITERIA, OVAL_CRITERION, OVAL_EXTEND };

struct oval_node {
	enum oval_node_kind kind;
	enum oval_operator operator;
	bool negate;
	struct str ref; /* the test, the definition */
	struct oval_node *parent, *first, *last, *next;
};

struct oval_text { /* a list of texts */
	struct str text;
	struct oval_text *next;
};

struct oval_definition {
	struct str id, class, advisory, severity;
	struct oval_text *platforms, *cves;
	bool deprecated;
	struct oval_node *root; /* NULL: it asks nothing */
	struct oval_definition *next;
};

enum oval_kind { OVAL_OTHER, OVAL_DPKG, OVAL_RPM };

struct oval_test {
	struct str id, object, check, existence, joined; /* joined: state_operator */
	enum oval_kind kind;
	struct oval_text *states;
	struct oval_test *next;
};

struct oval_object {
	struct str id, name, variable;
	bool plain; /* a name, and nothing else, says which */
	struct oval_object *next;
};

struct oval_entity {
	struct str name, operation, value;
	bool variable; /* its value stands elsewhere */
	struct oval_entity *next;
};

struct oval_state {
	struct str id;
	bool either; /* operator="OR" */
	struct oval_entity *entities;
	struct oval_state *next;
};

struct oval_variable {
	struct str id;
	struct oval_text *values;
	struct oval_variable *next;
};

struct oval_doc {
	struct str timestamp;
	struct oval_definition *definitions;
	struct oval_test *tests;
	struct oval_object *objects;
	struct oval_state *states;
	struct oval_variable *variables; /* constant ones */
};

/* why->at is the byte. */
MUST_USE bool oval_doc_parse(struct arena *a, struct str text, struct oval_doc *out,
			     struct err *why);

#endif
