/* SPDX-License-Identifier: Apache-2.0 */
/* hit.c - the names of what a hit says. Tables only. */
#include "detect/hit.h"

#include <assert.h>

static const char *const severities[SEV_N] = { "informational", "low", "medium", "high",
					       "critical" };
static const char *const uses[HIT_USE_N] = { "count", "context", "group", "alert" };
static const char *const kinds[LIST_KIND_N] = { "unknown",  "infected", "c2",
						"attacker", "phishing", "known-good" };
static const char *const types[IND_TYPE_N] = { "ip",   "range",  "domain", "url", "md5",
					       "sha1", "sha256", "email",  "file" };

const char *severity_name(enum severity s)
{
	assert(s < SEV_N);
	return severities[s];
}

const char *hit_use_name(enum hit_use u)
{
	assert(u < HIT_USE_N);
	return uses[u];
}

const char *list_kind_name(enum list_kind k)
{
	assert(k < LIST_KIND_N);
	return kinds[k];
}

const char *indicator_type_name(enum indicator_type t)
{
	assert(t < IND_TYPE_N);
	return types[t];
}

static size_t find(const char *const *names, size_t n, struct str name)
{
	size_t i = 0;

	while (i < n && !str_eq_nocase(str_of(names[i]), name))
		i++;
	return i;
}

bool severity_find(struct str name, enum severity *out)
{
	size_t i = find(severities, SEV_N, name);

	if (i == SEV_N)
		return false;
	*out = (enum severity)i;
	return true;
}

bool list_kind_find(struct str name, enum list_kind *out)
{
	size_t i = find(kinds, LIST_KIND_N, name);

	if (i == LIST_KIND_N)
		return false;
	*out = (enum list_kind)i;
	return true;
}

enum hit_use hit_use_of(enum severity s)
{
	static const enum hit_use use[SEV_N] = { HIT_COUNT, HIT_CONTEXT, HIT_GROUP, HIT_ALERT,
						 HIT_ALERT };

	assert(s < SEV_N);
	return use[s];
}
