/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include "base/jsonw.h"
#include "base/test.h"
#include "base/time.h"

static void reads(void)
{
	struct json *j = NULL;
	struct err why = { 0 };
	struct str text = STR("{\"a\":[1,true,null,\"x\\u0000y\"],\"b\":{\"c\":2}}"), key;
	const struct json *v;
	int64_t n;

	if (!CHECK("parses", json_parse(text, 1000, &j, &why)))
		return;
	const struct json *a = json_get(j, "a");
	CHECK("count", json_count(a) == 4 && json_is_array(a) && json_is_object(j));
	double real = 0;
	CHECK("number", json_number(json_at(a, 0), &real) && real == 1.0 && !json_number(a, &real));
	CHECK("int", json_int(json_at(a, 0), &n) && n == 1);
	CHECK("bool", json_bool(json_at(a, 1), false) && json_is_null(json_at(a, 2)));
	CHECK("NUL kept", str_eq(json_str(json_at(a, 3)), STR("x\0y")));
	CHECK("absent", json_get_str(j, "none").p == NULL && !json_int(json_get(j, "b"), &n));
	const void *it = json_next(j, NULL, &key, &v);
	CHECK("first key", it != NULL && str_eq(key, STR("a")) && v == a);
	it = json_next(j, it, &key, &v);
	CHECK("second key", it != NULL && str_eq(key, STR("b")));
	CHECK("end", json_next(j, it, &key, &v) == NULL);
	json_free(j);
	CHECK("too long", !json_parse(text, 5, &j, &why) && why.kind == ERR_LIMIT);
	CHECK("bad",
	      !json_parse(STR("{\"a\":}"), 100, &j, &why) && why.kind == ERR_INPUT && why.at > 0);
	CHECK("twice", !json_parse(STR("{\"a\":1,\"a\":2}"), 100, &j, &why));
	CHECK("two documents", !json_parse(STR("1 2"), 100, &j, &why));
}

static void writes(void)
{
	struct buf b = BUF(4096);
	struct jsonw w = { .out = &b };

	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "s", STR("a\"\\\n\x01\x7f\xff\xc3\xa9"));
	jsonw_kv_int(&w, "i", -5);
	jsonw_key(&w, "a");
	jsonw_open(&w, '[');
	jsonw_bool(&w, true);
	jsonw_null(&w);
	jsonw_double(&w, 0.5);
	jsonw_str(&w, (struct str){ NULL, 0 });
	jsonw_close(&w, ']');
	jsonw_kv_time(&w, "t", 0);
	jsonw_key(&w, "u");
	jsonw_time(&w, TIME_NONE);
	jsonw_close(&w, '}');
	CHECK("written",
	      str_eq(buf_str(&b), STR("{\"s\":\"a\\\"\\\\\\n\\u0001\\u007f\xef\xbf\xbd\xc3\xa9\","
				      "\"i\":-5,\"a\":[true,null,0.5,null],"
				      "\"t\":\"1970-01-01T00:00:00.000000Z\",\"u\":null}")));
	struct json *j = NULL;
	CHECK("and read again", json_parse(buf_str(&b), 4096, &j, NULL));
	json_free(j);
	buf_free(&b);
}

int main(void)
{
	reads();
	writes();
	return TEST_REPORT();
}
