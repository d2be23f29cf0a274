/* SPDX-License-Identifier: Apache-2.0 */
/* records_fuzz.c - records lie in order inside the input, and cutting always comes to an end. */
#include "event/reader.h"

#include "base/fuzz.h"

#include <assert.h>

static size_t count(struct str all, size_t step)
{
	struct str rest = { all.p, 0 }, out;
	const char *from = all.p;
	size_t n = 0, given = 0;
	bool cut;

	for (;;) {
		bool last = given == all.n;

		while (records_next(&rest, last, &out, &cut)) {
			assert(out.n > 0 && out.p >= from && out.p + out.n <= all.p + given);
			from = out.p + out.n;
			assert(rest.p >= from && rest.p + rest.n == all.p + given);
			n++;
		}
		if (last)
			return n;
		size_t more = all.n - given < step ? all.n - given : step;
		rest.n += more;
		given += more;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = { (const char *)data, size };

	if (size < 4096)
		assert(count(all, size + 1) == count(all, 3));
	return 0;
}
