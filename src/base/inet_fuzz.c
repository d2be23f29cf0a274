/* SPDX-License-Identifier: Apache-2.0 */
/* What comes out reads as itself. */
#include "base/inet.h"

#include "base/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct str s = { (const char *)data, size };
	char out[INET_TEXT_MAX], again[INET_TEXT_MAX], mac[MAC_TEXT_MAX], twice[MAC_TEXT_MAX];
	enum inet_is is = inet_text(s, out);

	if (is != INET_NONE)
		assert(inet_text(str_of(out), again) == is && strcmp(out, again) == 0);
	if (mac_text(s, mac))
		assert(mac_text(str_of(mac), twice) && strcmp(mac, twice) == 0);
	return 0;
}
