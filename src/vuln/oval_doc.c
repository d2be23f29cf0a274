/* SPDX-License-Identifier: Apache-2.0 */
#include "vuln/oval_doc.h"

#include "base/buf.h"
#include "base/xml.h"

enum { TEXT_MAX = 64 << 10 };

struct parse {
	struct arena *a;
	struct oval_doc doc;
	/* What stands open. */
	struct oval_definition *definition;
	struct oval_node *node;
	struct oval_test *test;
	struct oval_object *object;
	struct oval_state *state;
	struct oval_entity *entity;
	struct oval_variable *variable;
	bool root, wanted;
	struct buf text; /* of the element at hand, where it is wanted */
};

struct element {
	struct str name; /* without its prefix */
	const struct xml_attr *attrs;
	size_t n;
};

static struct str bare(struct str name)
{
	return str_skip(name, str_find_char(name, ':') < name.n ? str_find_char(name, ':') + 1 : 0);
}

static bool is(const struct element *e, const char *name)
{
	return str_eq(e->name, str_of(name));
}

static bool no_memory(struct err *why)
{
	return err_set(why, ERR_LIMIT, 0, "the document is too large");
}

/* Empty where there is none; *ok turns false when there is no room. */
static struct str attr(struct parse *p, const struct element *e, const char *name, bool *ok)
{
	for (size_t i = 0; i < e->n; i++) {
		if (!str_eq(e->attrs[i].name, str_of(name)))
			continue;
		struct str kept = arena_str(p->a, e->attrs[i].val);
		*ok = *ok && kept.p != NULL;
		return kept;
	}
	return STR("");
}

static bool keep_text(struct parse *p, struct oval_text **list, struct str text, struct err *why)
{
	struct oval_text *t = NEW(p->a, struct oval_text, 1);

	if (t == NULL || text.p == NULL)
		return no_memory(why);
	*t = (struct oval_text){ text, *list };
	*list = t;
	return true;
}

/* --- definitions --- */

static bool open_definition(struct parse *p, const struct element *e, struct err *why)
{
	struct oval_definition *d = NEW(p->a, struct oval_definition, 1);
	bool ok = d != NULL;

	if (!ok)
		return no_memory(why);
	d->id = attr(p, e, "id", &ok);
	d->class = attr(p, e, "class", &ok);
	d->deprecated = str_eq(attr(p, e, "deprecated", &ok), STR("true"));
	d->next = p->doc.definitions;
	p->doc.definitions = p->definition = d;
	p->node = NULL;
	return ok || no_memory(why);
}

static bool take_operator(struct str name, enum oval_operator *out)
{
	static const char *const names[] = { "AND", "OR", "ONE", "XOR" };

	if (name.n == 0) {
		*out = OVAL_AND;
		return true;
	}
	for (size_t i = 0; i < COUNT(names); i++) {
		if (!str_eq(name, str_of(names[i])))
			continue;
		*out = (enum oval_operator)i;
		return true;
	}
	return false;
}

static bool open_node(struct parse *p, const struct element *e, enum oval_node_kind kind,
		      struct err *why)
{
	struct oval_node *node = NEW(p->a, struct oval_node, 1);
	bool ok = node != NULL;

	if (!ok)
		return no_memory(why);
	node->kind = kind;
	node->negate = str_eq(attr(p, e, "negate", &ok), STR("true"));
	node->ref = attr(p, e, kind == OVAL_EXTEND ? "definition_ref" : "test_ref", &ok);
	struct str joined = attr(p, e, "operator", &ok);
	if (!take_operator(joined, &node->operator))
		return err_set(why, ERR_INPUT, 0, "an operator '%.*s'", STR_ARG(joined));
	node->parent = p->node;
	if (p->node == NULL && p->definition->root == NULL)
		p->definition->root = node;
	else if (p->node == NULL)
		return err_set(why, ERR_INPUT, 0, "a second set of criteria");
	else if (p->node->last == NULL)
		p->node->first = p->node->last = node;
	else
		p->node->last = p->node->last->next = node;
	p->node = node;
	return ok || no_memory(why);
}

static bool open_reference(struct parse *p, const struct element *e, struct err *why)
{
	bool ok = true;
	struct str id = attr(p, e, "ref_id", &ok), source = attr(p, e, "source", &ok);

	if (!ok)
		return no_memory(why);
	if (str_eq_nocase(source, STR("CVE")))
		return keep_text(p, &p->definition->cves, id, why);
	if (p->definition->advisory.n == 0)
		p->definition->advisory = id;
	return true;
}

static bool in_definition(struct parse *p, const struct element *e, struct err *why)
{
	if (is(e, "criteria"))
		return open_node(p, e, OVAL_CRITERIA, why);
	if (is(e, "criterion"))
		return open_node(p, e, OVAL_CRITERION, why);
	if (is(e, "extend_definition"))
		return open_node(p, e, OVAL_EXTEND, why);
	if (is(e, "reference"))
		return open_reference(p, e, why);
	p->wanted = is(e, "platform") || is(e, "severity") || is(e, "cve");
	return true;
}

/* --- tests, objects, states, variables --- */

static enum oval_kind kind_of(struct str name)
{
	if (str_starts(name, STR("dpkginfo_")))
		return OVAL_DPKG;
	return str_starts(name, STR("rpminfo_")) ? OVAL_RPM : OVAL_OTHER;
}

static bool open_test(struct parse *p, const struct element *e, struct err *why)
{
	struct oval_test *t = NEW(p->a, struct oval_test, 1);
	bool ok = t != NULL;

	if (!ok)
		return no_memory(why);
	t->id = attr(p, e, "id", &ok);
	t->check = attr(p, e, "check", &ok);
	t->existence = attr(p, e, "check_existence", &ok);
	t->joined = attr(p, e, "state_operator", &ok);
	t->kind = kind_of(e->name);
	t->next = p->doc.tests;
	p->doc.tests = p->test = t;
	return ok || no_memory(why);
}

static bool in_test(struct parse *p, const struct element *e, struct err *why)
{
	bool ok = true;

	if (is(e, "object"))
		p->test->object = attr(p, e, "object_ref", &ok);
	else if (is(e, "state"))
		return keep_text(p, &p->test->states, attr(p, e, "state_ref", &ok), why);
	return ok || no_memory(why);
}

static bool open_object(struct parse *p, const struct element *e, struct err *why)
{
	struct oval_object *o = NEW(p->a, struct oval_object, 1);
	bool ok = o != NULL;

	if (!ok)
		return no_memory(why);
	o->id = attr(p, e, "id", &ok);
	o->plain = kind_of(e->name) != OVAL_OTHER;
	o->next = p->doc.objects;
	p->doc.objects = p->object = o;
	return ok || no_memory(why);
}

static bool in_object(struct parse *p, const struct element *e, struct err *why)
{
	bool ok = true;
	struct str operation = attr(p, e, "operation", &ok);

	if (is(e, "name") && (operation.n == 0 || str_eq(operation, STR("equals")))) {
		p->object->variable = attr(p, e, "var_ref", &ok);
		p->wanted = true;
	} else if (!is(e, "behaviors")) {
		p->object->plain = false;
	}
	return ok || no_memory(why);
}

static bool open_state(struct parse *p, const struct element *e, struct err *why)
{
	struct oval_state *s = NEW(p->a, struct oval_state, 1);
	bool ok = s != NULL;

	if (!ok)
		return no_memory(why);
	s->id = attr(p, e, "id", &ok);
	s->either = str_eq(attr(p, e, "operator", &ok), STR("OR"));
	s->next = p->doc.states;
	p->doc.states = p->state = s;
	return ok || no_memory(why);
}

static bool in_state(struct parse *p, const struct element *e, struct err *why)
{
	struct oval_entity *x = NEW(p->a, struct oval_entity, 1);
	bool ok = x != NULL;

	if (!ok)
		return no_memory(why);
	x->name = arena_str(p->a, e->name);
	x->operation = attr(p, e, "operation", &ok);
	x->variable = attr(p, e, "var_ref", &ok).n > 0;
	x->next = p->state->entities;
	p->state->entities = p->entity = x;
	p->wanted = true;
	return (ok && x->name.p != NULL) || no_memory(why);
}

static bool open_variable(struct parse *p, const struct element *e, struct err *why)
{
	struct oval_variable *v = NEW(p->a, struct oval_variable, 1);
	bool ok = v != NULL;

	if (!ok)
		return no_memory(why);
	v->id = attr(p, e, "id", &ok);
	v->next = p->doc.variables;
	p->doc.variables = p->variable = v;
	return ok || no_memory(why);
}

/* --- the stream --- */

static bool open_outer(struct parse *p, const struct element *e, struct err *why)
{
	if (is(e, "definition"))
		return open_definition(p, e, why);
	if (is(e, "constant_variable"))
		return open_variable(p, e, why);
	if (str_ends(e->name, STR("_test")))
		return open_test(p, e, why);
	if (str_ends(e->name, STR("_object")))
		return open_object(p, e, why);
	if (str_ends(e->name, STR("_state")))
		return open_state(p, e, why);
	p->wanted = is(e, "timestamp");
	return true;
}

static bool on_open(void *ctx, struct str name, const struct xml_attr *attrs, size_t n,
		    struct err *why)
{
	struct parse *p = ctx;
	const struct element e = { bare(name), attrs, n };

	buf_clear(&p->text);
	p->wanted = false;
	if (!p->root) {
		p->root = true;
		return is(&e, "oval_definitions") ||
		       err_set(why, ERR_INPUT, 0, "no document of OVAL definitions");
	}
	if (p->definition != NULL)
		return in_definition(p, &e, why);
	if (p->test != NULL)
		return in_test(p, &e, why);
	if (p->object != NULL)
		return in_object(p, &e, why);
	if (p->state != NULL)
		return in_state(p, &e, why);
	if (p->variable != NULL) {
		p->wanted = is(&e, "value");
		return true;
	}
	return open_outer(p, &e, why);
}

static bool on_text(void *ctx, struct str text, struct err *why)
{
	struct parse *p = ctx;

	if (p->wanted)
		buf_add(&p->text, text);
	return !p->text.full || err_set(why, ERR_LIMIT, 0, "a text longer than %d bytes", TEXT_MAX);
}

/* The text of an element that was wanted. */
static bool take_text(struct parse *p, struct str name, struct err *why)
{
	struct str text = arena_str(p->a, str_trim(buf_str(&p->text)));

	if (text.p == NULL)
		return no_memory(why);
	if (p->definition != NULL && str_eq(name, STR("platform")))
		return keep_text(p, &p->definition->platforms, text, why);
	if (p->definition != NULL && str_eq(name, STR("cve")))
		return keep_text(p, &p->definition->cves, text, why);
	if (p->definition != NULL)
		p->definition->severity = text;
	else if (p->object != NULL)
		p->object->name = text;
	else if (p->entity != NULL)
		p->entity->value = text;
	else if (p->variable != NULL)
		return keep_text(p, &p->variable->values, text, why);
	else
		p->doc.timestamp = text;
	return true;
}

static bool on_close(void *ctx, struct str name, struct err *why)
{
	struct parse *p = ctx;
	struct str end = bare(name);
	bool ok = !p->wanted || take_text(p, end, why);

	p->wanted = false;
	p->entity = NULL;
	if (p->definition != NULL && p->node != NULL &&
	    (str_starts(end, STR("criteri")) || str_eq(end, STR("extend_definition"))))
		p->node = p->node->parent;
	else if (str_eq(end, STR("definition")))
		p->definition = NULL;
	else if (str_eq(end, STR("constant_variable")))
		p->variable = NULL;
	else if (str_ends(end, STR("_test")))
		p->test = NULL;
	else if (str_ends(end, STR("_object")))
		p->object = NULL;
	else if (str_ends(end, STR("_state")))
		p->state = NULL;
	return ok;
}

bool oval_doc_parse(struct arena *a, struct str text, struct oval_doc *out, struct err *why)
{
	struct parse p = { .a = a, .text = BUF(TEXT_MAX) };
	const struct xml_calls calls = { &p, on_open, on_text, on_close };
	struct xml *x = xml_new();
	bool ok;

	if (x == NULL)
		return no_memory(why);
	ok = xml_begin(x, &calls, why) && xml_feed(x, text, true, why);
	xml_free(x);
	buf_free(&p.text);
	if (ok)
		*out = p.doc;
	return ok;
}
