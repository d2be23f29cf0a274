/* SPDX-License-Identifier: Apache-2.0 */
/* version_fuzz.c - three lines of hostile bytes as versions: an order that contradicts itself fails. */
#include "vuln/version.h"
#include "base/fuzz.h"

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

static void order_holds(enum ecosystem e, const struct str v[3])
{
	for (size_t i = 0; i < 3; i++) {
		struct str a = v[i], b = v[(i + 1) % 3], c = v[(i + 2) % 3];
		int ab = sign(version_compare(e, a, b)), bc = sign(version_compare(e, b, c));
		int ac = sign(version_compare(e, a, c));

		assert(version_compare(e, a, a) == 0);
		assert(ab == -sign(version_compare(e, b, a)));
		assert(ab != bc || ac == ab);
		assert(ab != 0 || ac == bc);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = { (const char *)data, size }, v[3] = { STR(""), STR(""), STR("") };

	for (size_t i = 0; i < COUNT(v) && str_line(&rest, &v[i]);)
		i++;
	for (size_t e = 0; e < ECO_N; e++) {
		order_holds((enum ecosystem)e, v);
		for (size_t i = 0; i < COUNT(v); i++) {
			struct err why = { 0 };

			if (!version_check((enum ecosystem)e, v[i], &why))
				assert(why.kind == ERR_INPUT && why.at <= v[i].n);
		}
	}
	return 0;
}
