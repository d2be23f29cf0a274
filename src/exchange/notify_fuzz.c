/* SPDX-License-Identifier: Apache-2.0 */
/* The body of PUT /notify: what is taken can be written, read again and is the same. */
#include "exchange/notify.h"
#include "base/fuzz.h"

static void fault(void *ctx, const char *field, const struct err *why)
{
	assert(field[0] != '\0' && why->kind == ERR_INPUT && why->text[0] != '\0');
	++*(size_t *)ctx;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[4 << 20];
	struct arena a = { mem, mem + sizeof mem };
	struct notify n = { .critical_always = true };
	size_t faults = 0;
	const struct notify_sink sink = { fault, &faults };
	struct buf b = BUF(1 << 20);
	struct jsonw w = { .out = &b };
	struct json *j = NULL;

	if (size > 1 << 16 ||
	    !json_parse((struct str){ (const char *)data, size }, 1 << 16, &j, NULL))
		return 0;
	bool ok = notify_change(&a, j, &n, &sink);

	assert(ok == (faults == 0));
	json_free(j);
	if (ok) {
		jsonw_open(&w, '{');
		notify_put(&w, &n);
		jsonw_close(&w, '}');
		assert(b.full || json_parse(buf_str(&b), 1 << 20, &j, NULL));
		json_free(b.full ? NULL : j);
	}
	buf_free(&b);
	return 0;
}
