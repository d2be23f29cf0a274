/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/bulk.h"

#include "base/test.h"

#define DOC "\n{\"message\":\"x\"}\n"

static const struct {
	const char *name;
	struct str body;
	size_t n; /* actions read */
	bool bad; /* then an error, at `at` */
	size_t at;
	struct str index, id, source; /* of the last action */
	enum bulk_op op;
} cases[] = {
	{ "filebeat 8", STR("{\"create\":{\"_index\":\"filebeat-8.11.0\"}}" DOC), 1, false, 0,
	  STR("filebeat-8.11.0"), STR(""), STR("{\"message\":\"x\"}"), BULK_CREATE },
	{ "winlogbeat 7",
	  STR("{\"index\":{\"_index\":\"w\",\"_type\":\"_doc\",\"pipeline\":\"\"}}" DOC), 1, false,
	  0, STR("w"), STR(""), STR("{\"message\":\"x\"}"), BULK_INDEX },
	{ "spaces and numbers",
	  STR(" { \"index\" : { \"_index\" : \"a\" , \"version\": 3, \"x\": {\"y\":[1,\"}\"]}, "
	      "\"_id\":\"7\\u00e9\\\"\" } } " DOC),
	  1, false, 0, STR("a"), STR("7\\u00e9\\\""), STR("{\"message\":\"x\"}"), BULK_INDEX },
	{ "empty metadata", STR("{\"index\":{}}" DOC), 1, false, 0, STR(""), STR(""),
	  STR("{\"message\":\"x\"}"), BULK_INDEX },
	{ "delete has no document", STR("{\"delete\":{\"_id\":\"1\"}}\n{\"index\":{}}" DOC), 2,
	  false, 0, STR(""), STR(""), STR("{\"message\":\"x\"}"), BULK_INDEX },
	{ "CRLF and blank lines", STR("\r\n{\"index\":{}}\r\n{}\r\n\r\n"), 1, false, 0, STR(""),
	  STR(""), STR("{}"), BULK_INDEX },
	{ "document missing at the end", STR("{\"index\":{}}"), 1, false, 0, STR(""), STR(""),
	  STR(""), BULK_INDEX },
	{ "no end of line at the end", STR("{\"index\":{}}\n{\"a\":1}"), 1, false, 0, STR(""),
	  STR(""), STR("{\"a\":1}"), BULK_INDEX },
	{ "nothing", STR(""), 0, false, 0, STR(""), STR(""), STR(""), BULK_INDEX },
	{ "a document for an action", STR("{\"index\":{}}\n{}\n{\"message\":1}\n"), 1, true, 16,
	  STR(""), STR(""), STR("{}"), BULK_INDEX },
	{ "another verb", STR("{\"upsert\":{}}" DOC), 0, true, 0, STR(""), STR(""), STR(""),
	  BULK_INDEX },
	{ "junk behind", STR("{\"index\":{}} x" DOC), 0, true, 0, STR(""), STR(""), STR(""),
	  BULK_INDEX },
	{ "bad escape", STR("{\"index\":{\"_id\":\"\\x\"}}" DOC), 0, true, 0, STR(""), STR(""),
	  STR(""), BULK_INDEX },
	{ "half an escape", STR("{\"index\":{\"_id\":\"\\u00"), 0, true, 0, STR(""), STR(""),
	  STR(""), BULK_INDEX },
	{ "nested too deep", STR("{\"index\":{\"a\":[[[[[[[[[1]]]]]]]]]}}" DOC), 0, true, 0,
	  STR(""), STR(""), STR(""), BULK_INDEX },
	{ "unbalanced", STR("{\"index\":{\"a\":]}}" DOC), 0, true, 0, STR(""), STR(""), STR(""),
	  BULK_INDEX },
};

static void items_go_round(void)
{
	struct buf b = BUF(4096);
	struct bulk_item in[] = {
		{ BULK_STORED, BULK_CREATE, STR("logs"), STR("") },
		{ BULK_EXISTS, BULK_INDEX, STR(""), STR("a\\n") },
		{ BULK_BUSY, BULK_DELETE, STR(""), STR("") },
	}, out;

	for (size_t i = 0; i < COUNT(in); i++)
		bulk_item_put(&b, &in[i]);
	struct str rest = buf_str(&b);
	for (size_t i = 0; i < COUNT(in); i++) {
		if (!CHECK("item read", bulk_item_next(&rest, &out)))
			break;
		CHECK("item same", out.fault == in[i].fault && out.op == in[i].op);
		CHECK("item texts", str_eq(out.index, in[i].index) && str_eq(out.id, in[i].id));
	}
	CHECK("items end", !bulk_item_next(&rest, &out));
	rest = str_sub(buf_str(&b), 0, 8);
	CHECK("cut item", !bulk_item_next(&rest, &out));
	CHECK("statuses", bulk_status(BULK_STORED) == 201 && bulk_status(BULK_BUSY) == 429);
	buf_free(&b);
}

int main(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *name = cases[i].name;
		struct bulk_doc doc = { 0 };
		struct err why = { 0 };
		size_t pos = 0, n = 0;

		while (bulk_next(cases[i].body, &pos, &doc, &why))
			n++;
		CHECK(name, n == cases[i].n);
		CHECK(name, (why.kind == ERR_INPUT) == cases[i].bad && why.at == cases[i].at);
		CHECK(name, n == 0 || doc.op == cases[i].op);
		CHECK(name, str_eq(doc.index, cases[i].index) && str_eq(doc.id, cases[i].id));
		CHECK(name, str_eq(doc.source, cases[i].source));
	}
	items_go_round();
	return TEST_REPORT();
}
