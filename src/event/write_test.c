/* SPDX-License-Identifier: Apache-2.0 */
#include "event/write.h"

#include "base/test.h"

int main(void)
{
	static const struct field fields[] = {
		{ STR("a"), STR("1"), ECS_NONE, FIELD_INT, 0 },
		{ STR("b"), STR("x"), ECS_NONE, FIELD_STRING, 0 },
		{ STR("b"), STR("y\""), ECS_NONE, FIELD_STRING, 0 },
		{ STR("n"), STR(""), ECS_NONE, FIELD_NULL, 0 },
		{ STR("user.name"), STR("raw"), ECS_NONE, FIELD_STRING, 0 },
		{ STR("user.name"), STR("ecs"), ECS_USER_NAME, FIELD_STRING, 0 },
		{ STR("host.name"), STR("h"), ECS_HOST_NAME, FIELD_STRING, 0 },
	};
	struct event ev = { .fields = fields, .n_raw = 5, .n_fields = 7 };
	struct buf b = BUF(4096);
	struct jsonw w = { .out = &b };

	event_write_fields(&w, &ev);
	CHECK("written", str_eq(buf_str(&b), STR("{\"a\":1,\"b\":[\"x\",\"y\\\"\"],\"n\":null,"
						 "\"user.name\":\"raw\",\"host.name\":\"h\"}")));
	buf_clear(&b);
	w.comma = false;
	event_write_fields(&w, &(struct event){ 0 });
	CHECK("nothing", str_eq(buf_str(&b), STR("{}")));
	buf_free(&b);
	return TEST_REPORT();
}
