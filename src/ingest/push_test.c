/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/push.h"

#include "base/test.h"
#include "base/zstd.h"

static bool read(struct str bytes, enum push_form form, enum push_packing packing,
		 const char *index, struct push *out, struct err *why)
{
	struct push_body body = { bytes, form, packing, STR("t"), STR("n"), str_of(index) };

	return push_read(&body, out, why);
}

static void lines(void)
{
	static const struct {
		const char *name;
		struct str body;
		size_t n;
		struct str last;
	} cases[] = {
		{ "lines", STR("a\nb\r\n\nc d\n"), 3, STR("c d") },
		{ "JSON lines", STR("{\"a\":1}\n{\"a\":2}"), 2, STR("{\"a\":2}") },
		{ "UTF-16", STR("\xff\xfe\x42\x1e\n\0a\0\x42\x1e"), 2, STR("a\xe1\xb9\x82") },
		{ "nothing", STR(""), 0, STR("") },
		{ "blank", STR("\n \n"), 0, STR("") },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct push p;
		struct err why = { 0 };

		if (!CHECK(cases[i].name,
			   read(cases[i].body, PUSH_FORM_LINES, PUSH_PLAIN_BYTES, "", &p, &why)))
			continue;
		CHECK(cases[i].name, p.chunk->n == cases[i].n);
		if (p.chunk->n > 0)
			CHECK(cases[i].name,
			      str_eq(p.chunk->records[p.chunk->n - 1], cases[i].last));
		push_free(&p);
	}
}

static void packed(void)
{
	struct zstd *z = zstd_new();
	struct buf body = BUF(1 << 20);
	struct push p;
	struct err why = { 0 };

	CHECK("pack", zstd_pack(z, STR("one\ntwo\n"), 3, &body, &why));
	zstd_free(z);
	CHECK("zstd", read(buf_str(&body), PUSH_FORM_LINES, PUSH_ZSTD, "", &p, &why));
	CHECK("two", p.chunk->n == 2 && str_eq(p.chunk->records[1], STR("two")));
	push_free(&p);
	CHECK("damaged",
	      !read(str_sub(buf_str(&body), 0, 9), PUSH_FORM_LINES, PUSH_ZSTD, "", &p, &why) &&
		      why.kind == ERR_INPUT);
	CHECK("not gzip", !read(buf_str(&body), PUSH_FORM_LINES, PUSH_GZIP, "", &p, &why) &&
				  why.kind == ERR_INPUT);
	buf_free(&body);
}

static void bulk(void)
{
	struct str body = STR("{\"index\":{\"_id\":\"7\"}}\n{\"m\":1}\n"
			      "{\"create\":{\"_index\":\"b\",\"_id\":\"8\"}}\n{\"m\":2}\n"
			      "{\"delete\":{\"_id\":\"9\"}}\n"
			      "{\"index\":{}}\nnot a document\n"
			      "{\"index\":{}}\n{\"m\":3}\n");
	static const enum bulk_fault want[] = { BULK_STORED, BULK_EXISTS, BULK_NOT_ADDING,
						BULK_NO_DOCUMENT, BULK_STORED };
	bool seen[3] = { false, true, false };
	struct buf out = BUF(1 << 16);
	struct push p;
	struct err why = { 0 };
	struct bulk_item item;
	size_t n = 0;

	if (!CHECK("bulk", read(body, PUSH_FORM_BULK, PUSH_PLAIN_BYTES, "logs", &p, &why)))
		return;
	CHECK("records", p.chunk->n == 3 && str_eq(p.chunk->records[2], STR("{\"m\":3}")));
	CHECK("ids", str_eq(p.chunk->ids[0], STR("id:4:logs/7")) &&
			     str_eq(p.chunk->ids[1], STR("id:1:b/8")) && p.chunk->ids[2].n == 0);
	push_items(&p, seen, &out);
	for (struct str rest = buf_str(&out); bulk_item_next(&rest, &item); n++)
		CHECK("item", n < COUNT(want) && item.fault == want[n]);
	CHECK("an item each", n == COUNT(want));
	buf_free(&out);
	push_free(&p);
	CHECK("no action",
	      !read(STR("{\"m\":1}\n"), PUSH_FORM_BULK, PUSH_PLAIN_BYTES, "", &p, &why) &&
		      why.kind == ERR_INPUT);
}

int main(void)
{
	lines();
	packed();
	bulk();
	return TEST_REPORT();
}
