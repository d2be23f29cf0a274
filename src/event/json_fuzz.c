/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_fuzz.c - our reader and jansson agree on what is JSON.
 *
 * What may differ: jansson refuses bytes that are not UTF-8, doubled keys, lone surrogates and
 * numbers beyond its types, all of which RFC 8259 leaves open, and takes a NUL behind the value for
 * the end of the text; we stop at our own depth.
 */
#include "event/json.h"

#include "base/fuzz.h"
#include "base/json.h"

#include <assert.h>

static bool known_difference(const struct err *why)
{
	static const struct str texts[] = { STR("UTF-8"),    STR("duplicate"),  STR("too big"),
					    STR("overflow"), STR("\\u"),        STR("underflow"),
					    STR("NUL"),      STR("decode byte") };

	for (size_t i = 0; i < COUNT(texts); i++)
		if (str_find(str_of(why->text), texts[i]) < str_of(why->text).n)
			return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[1 << 20];
	static struct build b;
	struct arena a = { mem, mem + sizeof mem };
	struct str text = { (const char *)data, size };
	struct json *tree = NULL;
	struct err why = { 0 }, other = { 0 };
	size_t end = 0;

	b.a = &a;
	b.n = 0;
	bool ok = json_fields(&b, text, &why);
	assert(ok || (why.kind != ERR_NONE && why.at <= size));
	for (uint32_t i = 0; ok && i < b.n; i++)
		assert(b.f[i].bare <= b.f[i].name.n);
	enum json_extent extent = json_extent(text, &end);
	assert(!ok || (extent == JSON_WHOLE && end <= size));
	bool theirs = json_parse(text, size, &tree, &other);
	if (theirs)
		json_free(tree);
	if (theirs && !ok && str_find_char(text, '\0') == size)
		assert(why.kind == ERR_LIMIT);
	if (ok && !theirs)
		assert(known_difference(&other));
	return 0;
}
