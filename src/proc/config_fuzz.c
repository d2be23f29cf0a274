/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/config.h"

#include "base/fuzz.h"

#include <assert.h>
#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct mistake mistakes[CONFIG_MAX_MISTAKES];
	static struct config c, again;
	static struct arena whole;
	struct buf json = BUF(8 << 20);

	if (whole.beg == NULL && !arena_reserve(&whole, 64 << 20))
		return 0;
	struct arena a = whole;

	config_defaults(&c, STR("data"), STR("content"), STR(""));
	size_t n = config_read(&a, (struct str){ (const char *)data, size }, &c, mistakes);
	assert(n <= CONFIG_MAX_MISTAKES && c.n_listen <= CONFIG_MAX_LISTENERS &&
	       c.n_follow <= CONFIG_MAX_FOLLOW && c.n_way <= CONFIG_MAX_WAYS);
	if (n == 0 && config_check(&c, NULL)) {
		config_write(&c, true, &json);
		if (!json.full && json.n < 1 << 20 &&
		    config_parse(&a, buf_str(&json), &again, NULL))
			assert(str_eq(again.zone, c.zone) && again.n_follow == c.n_follow &&
			       again.n_way == c.n_way);
	}
	buf_free(&json);
	return 0;
}
