/* SPDX-License-Identifier: Apache-2.0 */
/* What canh answers to its witness, where somebody else answers in its place. */
#include "cmd/witness_look.h"

#include "base/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct head held = { .size = 7 };
	struct witness_seen seen;
	struct str body = { (const char *)data, size };

	if (!crypt_init(NULL))
		return 0;

	witness_judge(body, NULL, 0, 1, &seen);
	witness_judge(body, &held, 0, 1, &seen);
	return 0;
}
