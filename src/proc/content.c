/* SPDX-License-Identifier: Apache-2.0 */
/* content.c - the shipped data that desk works with: directives, clocks, techniques; and own addresses on lists. */
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "govern/govern.h"
#include "proc/jobs_int.h"
#include "proc/ranges.h"
#include "respond/respond.h"
#include "respond/technique.h"
#include "web/snippets.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	CLOCKS_MAX = 1 << 16,
	TECHNIQUES_MAX = 1 << 20,
	SNIPPETS_MAX = 1 << 20,
	FOUND_MAX = 65536,
	CONTENT_ROOM = 64 << 20
};

static bool load_clocks(struct desk *d, struct arena a, struct err *why)
{
	char path[4096];
	struct clocks clocks;
	struct str text;

	snprintf(path, sizeof path, "%.*s/clocks.yaml", STR_ARG(d->config->content));
	return file_load(&a, AT_FDCWD, path, CLOCKS_MAX, &text, why) &&
	       clocks_parse(a, text, &clocks, why) && clocks_put(d->db, &clocks, "canh", why);
}

static bool load_snippets(struct desk *d, struct arena *kept, struct err *why)
{
	char path[4096];
	struct str text;

	snprintf(path, sizeof path, "%.*s/snippets.yaml", STR_ARG(d->config->content));
	return file_load(kept, AT_FDCWD, path, SNIPPETS_MAX, &text, why) &&
	       snippets_parse(kept, text, &d->snippets, why);
}

static const struct techniques *load_techniques(struct desk *d, struct arena *kept, struct err *why)
{
	static struct techniques all;
	char path[4096];
	struct str text;

	snprintf(path, sizeof path, "%.*s/techniques.yaml", STR_ARG(d->config->content));
	return file_load(kept, AT_FDCWD, path, TECHNIQUES_MAX, &text, why) &&
			       techniques_parse(kept, text, &all, why)
		       ? &all
		       : NULL;
}

struct directives *content_load(struct desk *d, struct err *why)
{
	static struct arena kept; /* as long as the process */
	static struct directives all;
	char path[4096];
	bool ok;

	if (!arena_reserve(&kept, CONTENT_ROOM)) {
		err_set(why, ERR_LIMIT, 0, "no memory");
		return NULL;
	}
	snprintf(path, sizeof path, "%.*s/directives", STR_ARG(d->config->content));
	pthread_mutex_lock(&d->lock);
	ok = load_clocks(d, kept, why) && directives_load(&kept, path, &all, why) &&
	     directives_note(d->db, &all, why);
	pthread_mutex_unlock(&d->lock);
	ok = ok && load_snippets(d, &kept, why);
	d->techniques = ok ? load_techniques(d, &kept, why) : NULL;
	return d->techniques != NULL ? &all : NULL;
}

/* The addresses of ours that the list `id` names. */
static size_t of_list(const struct json *own, struct str id, struct str *out)
{
	size_t n = 0;

	for (size_t i = 0; i < json_count(own) && n < FOUND_MAX; i++)
		if (str_eq(json_get_str(json_at(own, i), "list"), id))
			out[n++] = json_get_str(json_at(own, i), "address");
	return n;
}

static bool keep_list(struct desk *d, struct str id, size_t ranges, const struct str *found,
		      size_t n, struct err *why)
{
	const struct own_check check = { id, ranges, found, n, time_now() };

	return own_addresses_put(d->db, &check, why);
}

static bool keep_findings(struct desk *d, struct arena a, const struct json *j, size_t ranges,
			  struct err *why)
{
	const struct json *lists = json_get(j, "lists"), *own = json_get(j, "own");
	struct str *found = NEW(&a, struct str, FOUND_MAX);
	bool ok = found != NULL || err_set(why, ERR_LIMIT, 0, "no memory");

	for (size_t i = 0; ok && i < json_count(lists); i++) {
		struct str id = json_get_str(json_at(lists, i), "id");

		if (str_eq(json_get_str(json_at(lists, i), "kind"), STR("infected")))
			ok = keep_list(d, id, ranges, found, of_list(own, id, found), why);
	}
	return ok;
}

bool own_findings(struct desk *d, struct str reloaded, struct err *why)
{
	struct arena whole;
	struct json *j = NULL;
	int64_t ranges = 0;

	if (!json_parse(reloaded, 32 << 20, &j, why))
		return false;
	if (!arena_reserve(&whole, CONTENT_ROOM)) {
		json_free(j);
		return err_set(why, ERR_LIMIT, 0, "no memory");
	}
	if (!json_int(json_get(j, "public_ranges"), &ranges))
		ranges = 0;
	pthread_mutex_lock(&d->lock);
	bool ok = keep_findings(d, whole, j, (size_t)ranges, why);
	pthread_mutex_unlock(&d->lock);
	arena_release(whole);
	json_free(j);
	return ok;
}
