/* SPDX-License-Identifier: Apache-2.0 */
/* evtx_tokens_fuzz.c - binary XML, token by token, with and without dependency ids. */
#include "event/evtx_tokens.h"

#include "base/fuzz.h"

#include <assert.h>
#include <stdlib.h>

static unsigned run(const unsigned char *p, uint32_t n, bool dependency)
{
	struct evtx_tokens t = { .chunk = p, .chunk_n = n, .end = n, .dependency = dependency };
	struct evtx_token k;
	unsigned sum = 0, open = 0;

	do {
		k = evtx_token_next(&t);
		assert(t.at <= t.end && t.depth <= EVTX_MAX_DEPTH);
		open += k.kind == EVTX_OPEN;
		assert(k.kind != EVTX_CLOSE || open > 0);
		open -= k.kind == EVTX_CLOSE;
		assert(k.kind != EVTX_END || open == 0);
		for (uint32_t i = 0; i < 2 * k.name.n; i++)
			sum += k.name.p[i];
		for (uint32_t i = 0; k.kind == EVTX_TEXT && i < k.len; i++)
			sum += k.p[i];
	} while (k.kind != EVTX_END && k.kind != EVTX_BAD);
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	volatile unsigned sum = 0;

	if (size == 0 || size > 65536)
		return 0;
	unsigned char *copy = malloc(size);

	assert(copy != NULL);
	memcpy(copy, data, size);
	sum += run(copy, (uint32_t)size, false);
	sum += run(copy, (uint32_t)size, true);
	free(copy);
	(void)sum;
	return 0;
}
