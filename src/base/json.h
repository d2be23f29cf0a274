/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.h - JSON documents (requests, settings, content) as a tree, by jansson.
 *
 * Input is hostile: size and depth are capped, duplicate keys refused, the fault's byte offset told.
 * Logs do not come this way: event/json.c reads them in one pass. A tree is owned by the struct json
 * that json_parse() returned; values got from it live as long. Getters take NULL and wrong types and
 * answer NULL, empty or the default.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/err.h"

struct json; /* any value */

MUST_USE bool json_parse(struct str text, size_t max, struct json **out, struct err *why);
void json_free(struct json *root);

const struct json *json_get(const struct json *object, const char *key);
const struct json *json_at(const struct json *array, size_t i);
size_t json_count(const struct json *array); /* 0 for anything but an array */
/* Walk an object: start with iter = NULL; NULL at the end. *value is borrowed. */
const void *json_next(const struct json *object, const void *iter, struct str *key,
		      const struct json **value);
struct str json_str(const struct json *v); /* p == NULL when it is no string */
bool json_int(const struct json *v, int64_t *out);
bool json_number(const struct json *v, double *out); /* an integer, too */
bool json_bool(const struct json *v, bool otherwise);
bool json_is_object(const struct json *v);
bool json_is_array(const struct json *v);
bool json_is_null(const struct json *v);
/* json_str(json_get(object, key)). */
struct str json_get_str(const struct json *object, const char *key);

#endif
