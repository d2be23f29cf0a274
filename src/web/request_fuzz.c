/* SPDX-License-Identifier: Apache-2.0 */
/* One input for every scanner of a request: what they give lies in the input or the arena. */
#include "web/request.h"

#include "base/fuzz.h"

#include <assert.h>

static unsigned char mem[1 << 18];

static void inside(struct str part, struct str all)
{
	const unsigned char *p = (const unsigned char *)part.p;
	bool of_input = part.p >= all.p && part.p + part.n <= all.p + all.n;
	bool of_arena = p >= mem && p + part.n <= mem + sizeof mem;

	assert(part.p == NULL || of_input || of_arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = { (const char *)data, size };
	struct arena a = { mem, mem + sizeof mem };
	struct params p;
	struct segments g;
	struct credentials c;
	struct err why = { 0 };

	if (size > 16384)
		return 0;
	if (request_params(&a, s, &p, &why)) {
		for (size_t i = 0; i < p.n; i++) {
			inside(p.at[i].name, s);
			inside(p.at[i].value, s);
		}
	} else {
		assert(why.kind != ERR_NONE);
	}
	if (request_segments(&a, s, &g, &why))
		for (size_t i = 0; i < g.n; i++)
			assert(g.at[i].n > 0 && memchr(g.at[i].p, '\0', g.at[i].n) == NULL);
	inside(request_cookie(s, "canh_session"), s);
	if (request_credentials(&a, s, &c)) {
		inside(c.name, s);
		inside(c.secret, s);
	}
	request_lang(s);
	request_accepts(s, STR("gzip"));
	request_etag_in(s, STR("x"));
	return 0;
}
