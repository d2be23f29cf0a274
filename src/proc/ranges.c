/* SPDX-License-Identifier: Apache-2.0 */
/* ranges.c - NAT pools are public addresses of ours like any other. */
#include "proc/ranges.h"

#include "base/jsonw.h"
#include "state/state.h"

enum { TEXT_MAX = 1 << 20 };

/* The settings that say which addresses are ours, each a JSON array of ranges. */
static const char *const range_settings[3] = { "public_ranges", "inside_ranges", "nat_pools" };

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

bool ranges_text(struct arena *a, struct db *db, struct str *out, struct err *why)
{
	struct buf b = BUF(TEXT_MAX);
	struct jsonw w = { .out = &b };
	bool ok = true;

	jsonw_open(&w, '{');
	for (size_t i = 0; i < COUNT(range_settings) && ok; i++) {
		struct str kept = { NULL, 0 };

		ok = state_setting(db, a, range_settings[i], &kept, why);
		jsonw_key(&w, range_settings[i]);
		jsonw_raw(&w, kept.n > 0 ? kept : STR("[]"));
	}
	jsonw_close(&w, '}');
	struct str text = ok && !b.full ? arena_str(a, buf_str(&b)) : (struct str){ NULL, 0 };

	buf_free(&b);
	if (ok && text.p == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	if (ok)
		*out = text;
	return ok;
}

bool ranges_load(struct arena *a, struct db *db, struct own_ranges *out, struct err *why)
{
	struct json *j = NULL;
	struct str text = { NULL, 0 };

	if (!ranges_text(a, db, &text, why) || !json_parse(text, TEXT_MAX, &j, why))
		return false;
	bool ok = ranges_read(a, j, out, why);

	json_free(j);
	return ok;
}
