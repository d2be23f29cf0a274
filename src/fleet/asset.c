/* SPDX-License-Identifier: Apache-2.0 */
/* asset.c - the words for kinds, states, sources, facts and fields. */
#include "fleet/asset.h"

// clang-format off
static const char *const kinds[ASSET_KINDS] = { "server", "workstation", "appliance", "other" };
static const char *const states[ASSET_STATES] = { "in_use", "off" };
static const char *const origins[ORIGINS] = { "book", "ad", "dhcp", "av" };
static const char *const facts[FACTS] = {
	"address", "mac", "vendor", "model", "serial", "os", "system", "level", "owner", "department",
	"place", "purpose", "support_end", "account",
};
static const char *const fields[FIELDS] = {
	"ignore", "name", "fqdn", "address", "mac", "unit", "site", "kind", "vendor", "model", "serial", "os",
	"os_version", "system", "level", "owner", "place", "purpose", "state", "confirmed_by", "confirmed",
	"support_end", "enabled", "seen",
};
// clang-format on

static bool find(const char *const *names, size_t n, struct str s, size_t *out)
{
	for (size_t i = 0; i < n; i++) {
		if (!str_eq(s, str_of(names[i])))
			continue;
		*out = i;
		return true;
	}
	return false;
}

const char *asset_kind_name(enum asset_kind k)
{
	return k < ASSET_KINDS ? kinds[k] : NULL;
}

const char *asset_state_name(enum asset_state s)
{
	return s < ASSET_STATES ? states[s] : NULL;
}

const char *asset_origin_name(enum asset_origin o)
{
	return o < ORIGINS ? origins[o] : NULL;
}

const char *asset_fact_name(enum asset_fact f)
{
	return f < FACTS ? facts[f] : NULL;
}

bool asset_origin_find(struct str s, enum asset_origin *out)
{
	size_t i;

	if (!find(origins, ORIGINS, s, &i))
		return false;
	*out = (enum asset_origin)i;
	return true;
}

bool asset_fact_find(struct str s, enum asset_fact *out)
{
	size_t i;

	if (!find(facts, FACTS, s, &i))
		return false;
	*out = (enum asset_fact)i;
	return true;
}

bool asset_field_find(struct str s, enum asset_field *out)
{
	size_t i;

	if (!find(fields, FIELDS, s, &i))
		return false;
	*out = (enum asset_field)i;
	return true;
}
