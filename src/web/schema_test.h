/* SPDX-License-Identifier: Apache-2.0 */
/*
 * schema_test.h - holds a JSON answer to a schema of docs/openapi.yaml: the part of JSON Schema that
 * the document uses ($ref, type, enum, required, properties, items, additionalProperties).
 */
#ifndef WEB_SCHEMA_TEST_H
#define WEB_SCHEMA_TEST_H

#include "base/json.h"
#include "base/yaml.h"

#include <stdio.h>

struct schema_fault {
	char text[400]; /* "items[0].name: no text"; empty: it holds */
};

static const struct yml *schema_resolve(const struct yml *doc, const struct yml *schema)
{
	static const struct str prefix = STR("#/components/");
	struct str ref = yml_get_str(schema, "$ref"), part;

	if (ref.p == NULL)
		return schema;
	const struct yml *at = yml_get(doc, "components");
	struct str rest = str_starts(ref, prefix) ? str_skip(ref, prefix.n) : (struct str){ 0 };
	while (rest.p != NULL && str_split(&rest, '/', &part)) {
		const struct yml *next = NULL;

		for (const struct yml *c = yml_first(at); c != NULL; c = c->next)
			if (str_eq(c->key, part))
				next = c;
		at = next;
	}
	return at == NULL ? NULL : schema_resolve(doc, at);
}

static bool schema_is(const struct json *v, struct str type)
{
	int64_t n;
	double real;

	if (str_eq(type, STR("object")))
		return json_is_object(v);
	if (str_eq(type, STR("array")))
		return json_is_array(v);
	if (str_eq(type, STR("string")))
		return json_str(v).p != NULL;
	if (str_eq(type, STR("integer")))
		return json_int(v, &n);
	if (str_eq(type, STR("number")))
		return json_number(v, &real);
	if (str_eq(type, STR("boolean")))
		return v != NULL && json_bool(v, true) == json_bool(v, false);
	return str_eq(type, STR("null")) && json_is_null(v);
}

static bool schema_type(const struct yml *schema, const struct json *v)
{
	const struct yml *type = yml_get(schema, "type"), *choices = yml_get(schema, "enum");
	bool ok = type == NULL || (type->kind == YML_SCALAR && schema_is(v, yml_str(type)));

	for (const struct yml *t = yml_first(type); t != NULL; t = t->next)
		ok = ok || schema_is(v, t->text);
	if (choices == NULL)
		return ok;
	for (const struct yml *c = yml_first(choices); c != NULL; c = c->next)
		if (str_eq(json_str(v), c->text))
			return ok;
	return false;
}

static bool schema_bad(struct schema_fault *f, const char *path, const char *what, struct str name)
{
	snprintf(f->text, sizeof f->text, "%s: %s %.*s", path, what, STR_ARG(name));
	return false;
}

static bool schema_holds(const struct yml *doc, const struct yml *schema, const struct json *v,
			 const char *path, struct schema_fault *f);

static bool schema_members(const struct yml *doc, const struct yml *schema, const struct json *v,
			   const char *path, struct schema_fault *f)
{
	const struct yml *known = yml_get(schema, "properties");
	const struct yml *others = yml_get(schema, "additionalProperties");
	const struct json *value;
	const void *at = NULL;
	struct str key;
	char below[300];

	for (const struct yml *r = yml_first(yml_get(schema, "required")); r != NULL; r = r->next) {
		char name[100];

		snprintf(name, sizeof name, "%.*s", STR_ARG(r->text));
		if (json_get(v, name) == NULL)
			return schema_bad(f, path, "lacks", r->text);
	}
	while ((at = json_next(v, at, &key, &value)) != NULL) {
		const struct yml *inner = others;

		for (const struct yml *p = yml_first(known); p != NULL; p = p->next)
			if (str_eq(p->key, key))
				inner = p;
		if (inner == NULL && known != NULL && others == NULL)
			return schema_bad(f, path, "is not described:", key);
		snprintf(below, sizeof below, "%s.%.*s", path, STR_ARG(key));
		if (inner != NULL && !schema_holds(doc, inner, value, below, f))
			return false;
	}
	return true;
}

static bool schema_holds(const struct yml *doc, const struct yml *schema, const struct json *v,
			 const char *path, struct schema_fault *f)
{
	const struct yml *s = schema_resolve(doc, schema), *items = yml_get(s, "items");
	char below[300];

	if (s == NULL)
		return schema_bad(f, path, "no such schema", yml_get_str(schema, "$ref"));
	if (!schema_type(s, v))
		return schema_bad(f, path, "is of another type", STR(""));
	for (size_t i = 0; items != NULL && i < json_count(v); i++) {
		snprintf(below, sizeof below, "%s[%zu]", path, i);
		if (!schema_holds(doc, items, json_at(v, i), below, f))
			return false;
	}
	return !json_is_object(v) || schema_members(doc, s, v, path, f);
}

#endif
