/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.c - the only file that sees jansson. A struct json is a json_t under our own name.
 *
 * jansson caps nesting at JSON_PARSER_MAX_DEPTH (2048) by itself; the writer keeps no stack.
 */
#include "base/json.h"

#include <jansson.h>

/* macros there, functions here */
#undef json_is_object
#undef json_is_array
#undef json_is_null

static const json_t *tree(const struct json *v)
{
	return (const json_t *)v;
}

bool json_parse(struct str text, size_t max, struct json **out, struct err *why)
{
	json_error_t e;
	json_t *v;

	if (text.n > max)
		return err_set(why, ERR_LIMIT, 0, "JSON longer than %zu bytes", max);
	v = json_loadb(text.p == NULL ? "" : text.p, text.n,
		       JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &e);
	if (v == NULL)
		return err_set(why, ERR_INPUT, e.position < 0 ? 0 : (size_t)e.position,
			       "not JSON at byte %d: %s", e.position, e.text);
	*out = (struct json *)v;
	return true;
}

void json_free(struct json *root)
{
	json_decref((json_t *)root);
}

const struct json *json_get(const struct json *object, const char *key)
{
	return (const struct json *)json_object_get(tree(object), key);
}

const struct json *json_at(const struct json *array, size_t i)
{
	return (const struct json *)json_array_get(tree(array), i);
}

size_t json_count(const struct json *array)
{
	return json_array_size(tree(array));
}

const void *json_next(const struct json *object, const void *iter, struct str *key,
		      const struct json **value)
{
	/* jansson's iterators take the object without const but only read it */
	union {
		const void *c;
		void *v;
	} o = { object }, i = { iter };

	if (!json_is_object(object))
		return NULL;
	i.v = iter == NULL ? json_object_iter(o.v) : json_object_iter_next(o.v, i.v);
	if (i.v == NULL)
		return NULL;
	*key = str_of(json_object_iter_key(i.v));
	*value = (const struct json *)json_object_iter_value(i.v);
	return i.c;
}

struct str json_str(const struct json *v)
{
	if (!json_is_string(tree(v)))
		return (struct str){ NULL, 0 };
	return (struct str){ json_string_value(tree(v)), json_string_length(tree(v)) };
}

bool json_int(const struct json *v, int64_t *out)
{
	if (!json_is_integer(tree(v)))
		return false;
	*out = json_integer_value(tree(v));
	return true;
}

bool json_number(const struct json *v, double *out)
{
	if (!json_is_number(tree(v)))
		return false;
	*out = json_number_value(tree(v));
	return true;
}

bool json_bool(const struct json *v, bool otherwise)
{
	return json_is_boolean(tree(v)) ? json_is_true(tree(v)) : otherwise;
}

bool json_is_object(const struct json *v)
{
	return v != NULL && json_typeof(tree(v)) == JSON_OBJECT;
}

bool json_is_array(const struct json *v)
{
	return v != NULL && json_typeof(tree(v)) == JSON_ARRAY;
}

bool json_is_null(const struct json *v)
{
	return v != NULL && json_typeof(tree(v)) == JSON_NULL;
}

struct str json_get_str(const struct json *object, const char *key)
{
	return json_str(json_get(object, key));
}
