/* SPDX-License-Identifier: Apache-2.0 */
/* version.c - the table of ecosystems. */
#include "vuln/version.h"

#include "vuln/version_int.h"

static const struct {
	const char *name;
	bool (*check)(struct str v, struct err *why);
	int (*compare)(struct str a, struct str b);
} ecosystems[ECO_N] = {
	[ECO_DEBIAN] = { "debian", debian_version_check, debian_version_compare },
	[ECO_RPM] = { "rpm", rpm_version_check, rpm_version_compare },
	[ECO_APK] = { "apk", apk_version_check, apk_version_compare },
	[ECO_SEMVER] = { "semver", semver_version_check, semver_version_compare },
};

const char *ecosystem_name(enum ecosystem e)
{
	assert(e < ECO_N);
	return ecosystems[e].name;
}

bool ecosystem_find(struct str name, enum ecosystem *out)
{
	for (size_t i = 0; i < ECO_N; i++) {
		if (!str_eq(name, str_of(ecosystems[i].name)))
			continue;
		*out = (enum ecosystem)i;
		return true;
	}
	return false;
}

bool version_check(enum ecosystem e, struct str v, struct err *why)
{
	assert(e < ECO_N);
	if (v.n == 0)
		return err_set(why, ERR_INPUT, 0, "an empty version");
	return ecosystems[e].check(v, why);
}

int version_compare(enum ecosystem e, struct str a, struct str b)
{
	assert(e < ECO_N);
	return ecosystems[e].compare(a, b);
}
