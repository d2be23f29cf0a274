/* SPDX-License-Identifier: Apache-2.0 */
/* records_fuzz.c - records lie in order inside the input, and cutting always comes to an end. */
#include "event/reader.h"

#include "base/fuzz.h"

#include <assert.h>

static const char *from; /* where the next record may begin */

/* All records of `rest`; each must lie behind the one before. */
static size_t drain(struct str *rest, bool last)
{
	const char *end = rest->p + rest->n;
	struct str out;
	size_t n = 0;
	bool cut;

	while (records_next(rest, last, &out, &cut)) {
		assert(out.n > 0 && out.p >= from && out.p + out.n <= end);
		from = out.p + out.n;
		assert(rest->p >= from && rest->p + rest->n == end);
		n++;
	}
	return n;
}

static size_t count(struct str all, size_t step)
{
	struct str rest = { all.p, 0 };
	size_t n = 0;

	from = all.p;
	for (size_t given = 0; given < all.n;) {
		size_t more = all.n - given < step ? all.n - given : step;

		n += drain(&rest, false);
		rest.n += more;
		given += more;
	}
	n += drain(&rest, false);
	return n + drain(&rest, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = { (const char *)data, size };

	if (size < 4096)
		assert(count(all, size + 1) == count(all, 3));
	return 0;
}
