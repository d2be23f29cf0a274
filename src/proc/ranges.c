/* SPDX-License-Identifier: Apache-2.0 */
/* ranges.c - NAT pools are public addresses of ours like any other. */
#include "proc/ranges.h"

const char *const range_settings[3] = { "public_ranges", "inside_ranges", "nat_pools" };

/* Append the ranges of one array to out[*n]. */
static bool append(const struct json *list, struct range *out, size_t *n, struct err *why)
{
	for (size_t i = 0; i < json_count(list); i++) {
		struct str text = json_str(json_at(list, i));
		struct err bad = { 0 };

		if (*n == OWN_MAX_RANGES)
			return err_set(why, ERR_LIMIT, 0, "more than %d own ranges",
				       OWN_MAX_RANGES);
		if (!range_parse(text, &out[*n], &bad))
			return err_set(why, ERR_INPUT, i, "'%.*s' is not a range: %s",
				       STR_ARG(text), bad.text);
		(*n)++;
	}
	return true;
}

bool ranges_read(struct arena *a, const struct json *j, struct own_ranges *out, struct err *why)
{
	const struct json *public = json_get(j, range_settings[0]);
	const struct json *inside = json_get(j, range_settings[1]);
	const struct json *nat = json_get(j, range_settings[2]);
	struct own_ranges own = { 0 };

	own.public = NEW(a, struct range, json_count(public) + json_count(nat) + 1);
	own.inside = NEW(a, struct range, json_count(inside) + 1);
	if (own.public == NULL || own.inside == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	if (!append(public, own.public, &own.n_public, why) ||
	    !append(nat, own.public, &own.n_public, why) ||
	    !append(inside, own.inside, &own.n_inside, why))
		return false;
	*out = own;
	return true;
}
