/* SPDX-License-Identifier: Apache-2.0 */
/* xml_fuzz.c - in one piece or in many a document gives the same; elements close as they opened. */
#include "base/xml.h"

#include "base/fuzz.h"

#include <assert.h>

struct seen {
	size_t depth, opened, closed;
	uint64_t sum; /* of names, attributes and text, as if one text */
};

static void add(struct seen *s, struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		s->sum = s->sum * 31 + (unsigned char)text.p[i];
}

static bool on_open(void *ctx, struct str name, const struct xml_attr *attrs, size_t n,
		    struct err *why)
{
	struct seen *s = ctx;

	(void)why;
	assert(n <= XML_MAX_ATTRS && ++s->depth <= XML_MAX_DEPTH);
	s->opened++;
	add(s, name);
	for (size_t i = 0; i < n; i++) {
		add(s, attrs[i].name);
		add(s, attrs[i].val);
	}
	return true;
}

static bool on_text(void *ctx, struct str text, struct err *why)
{
	(void)why;
	add(ctx, text);
	return true;
}

static bool on_close(void *ctx, struct str name, struct err *why)
{
	struct seen *s = ctx;

	(void)name, (void)why;
	assert(s->depth-- > 0);
	s->closed++;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct xml *x = xml_new();
	struct seen whole = { 0 }, parts = { 0 };
	struct xml_calls calls = { &whole, on_open, on_text, on_close };
	struct err why = { 0 };

	assert(x != NULL && xml_begin(x, &calls, NULL));
	bool ok = xml_feed(x, text, true, &why), also = true;
	assert(ok ? whole.depth == 0 && whole.opened == whole.closed
		  : why.kind != ERR_NONE && why.at <= size);
	calls.ctx = &parts;
	assert(xml_begin(x, &calls, NULL));
	for (size_t at = 0; also && at < size; at += 3)
		also = xml_feed(x, str_sub(text, at, at + 3), at + 3 >= size, NULL);
	assert(size == 0 || also == ok);
	assert(!ok || size == 0 || (parts.sum == whole.sum && parts.opened == whole.opened));
	xml_free(x);
	return 0;
}
