/* SPDX-License-Identifier: Apache-2.0 */
/* The comparable form of an indicator is itself an indicator of the same type and form; behind a host whose
 * name could be a file's stands a '/'. */
#include "detect/indicator.h"

#include "base/fuzz.h"
#include "detect/file_name.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[1 << 17];
	struct arena a = { mem, mem + sizeof mem };
	struct indicator x = { .type = IND_TYPE_N }, y;
	struct err why = { 0 };

	if (!indicator_parse(&a, (struct str){ (const char *)data, size }, &x, &why)) {
		assert(why.kind != ERR_NONE && x.type == IND_TYPE_N);
		return 0;
	}
	assert(x.type < IND_TYPE_N);
	if (x.type != IND_DOMAIN && x.type != IND_EMAIL)
		return 0;
	struct str form = x.text, name;

	if (x.type == IND_DOMAIN && file_claims(form, &name))
		form = arena_printf(&a, "%.*s/", STR_ARG(form));
	assert(indicator_parse(&a, form, &y, &why));
	assert(y.type == x.type && str_eq(y.text, x.text));
	return 0;
}
