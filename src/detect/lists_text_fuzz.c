/* SPDX-License-Identifier: Apache-2.0 */
/* The fast finders find exactly what the scalar ones find, in any text. */
#include "detect/found_int.h"

#include "base/fuzz.h"
#include "base/time.h"
#include "detect/scan.h"

#include <assert.h>

static struct list_set *make(void)
{
	static const char *const lines[] = {
		"1.2.3.4",
		"10.0.0.0/8",
		"192.0.2.1-192.0.2.9",
		"2001:db8::1",
		"fe80::/10",
		"a.bc",
		"example.com",
		"b.bc/d",
		"1.1.1.1/a",
		"x@example.com",
		"00000000000000000000000000000000",
		"thờitiết.vn",
		"a.exe",
		"/b/c d.dll",
	};
	static unsigned char mem[1 << 16];
	struct list_builder *b = list_builder_new(3);
	struct list_info info = { .valid_from = TIME_NONE, .valid_until = TIME_NONE };
	bool ok = list_builder_begin(b, &info, NULL);

	for (size_t i = 0; i < COUNT(lines) && ok; i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct indicator x;

		ok = indicator_parse(&a, str_of(lines[i]), &x, NULL) &&
		     list_builder_add(b, &x, STR(""), i, NULL);
	}
	assert(ok);
	return list_builder_done(b, NULL);
}

struct sum {
	uint64_t lines, places, n;
	const char *text;
	size_t len;
};

static bool add(void *ctx, const struct hit *hit, size_t at)
{
	struct sum *s = ctx;

	assert(at <= s->len);
	s->lines += (hit->line + 1) * 31;
	s->places += at;
	s->n++;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[1 << 18];
	static struct list_set *set;
	struct arena a = { mem, mem + sizeof mem };
	struct str text = { (const char *)data, size };
	struct sum one = { .len = size }, two = { .len = size };

	if (set == NULL)
		set = make();
	lists_search(set, &scan_scalar, (struct list_text){ text, TIME_NONE }, a, add, &one);
	lists_search(set, scan_best(), (struct list_text){ text, TIME_NONE }, a, add, &two);
	assert(one.n == two.n && one.lines == two.lines && one.places == two.places);
	return 0;
}
