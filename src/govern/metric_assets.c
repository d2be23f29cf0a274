/* SPDX-License-Identifier: Apache-2.0 */
/* metric_assets.c - whether each machine has its system, and each that is seen is registered. */
#include "base/inet.h"
#include "govern/metrics_int.h"

#include <stdlib.h>

/* Machines that are registered, in use or off, and when a source last told of any. */
static bool registered(const struct metric_look *l, int64_t *n, int64_t *at,
		       struct metric_found *out, struct err *why)
{
	if (!db_number(l->db,
		       "SELECT count(*) FROM assets WHERE " IN_SCOPE("unit", "site", "$1", "$2"),
		       DB_VALS(SCOPE_VALS(&l->scope)), n, why) ||
	    !db_number(l->db, "SELECT max(imported) FROM asset_sources", NULL, 0, at, why))
		return false;
	if (*n == 0)
		(void)err_set(&out->unknown, ERR_ABSENT, 0,
			      "no machine is registered: import an asset book or a directory");
	return true;
}

#define WITHOUT_SYSTEM                          \
	" FROM assets a WHERE " IN_SCOPE(       \
		"a.unit", "a.site", "$1",       \
		"$2") " AND NOT EXISTS (SELECT" \
		      " 1 FROM asset_facts f WHERE f.asset = a.id AND f.fact = 'system' AND f.ended IS NULL)"

static bool name_some(const struct metric_look *l, struct names *names, struct err *why)
{
	struct db_rows *r =
		db_query(l->db, "SELECT a.name" WITHOUT_SYSTEM " ORDER BY a.name, a.id LIMIT 4",
			 DB_VALS(SCOPE_VALS(&l->scope)), why);

	while (db_next(r))
		metric_name_add(names, db_text(r, 0));
	return db_end(r, why);
}

bool metric_assets_without_system(const struct metric_look *l, struct metric_found *out,
				  struct err *why)
{
	int64_t of = 0, n = 0, at;
	struct names names = { .n = 0 };

	if (!registered(l, &of, &at, out, why))
		return false;
	if (of == 0)
		return true;
	if (!db_number(l->db, "SELECT count(*)" WITHOUT_SYSTEM, DB_VALS(SCOPE_VALS(&l->scope)), &n,
		       why) ||
	    !name_some(l, &names, why))
		return false;
	metric_plain(out, n, of, at);
	out->has_detail = n > 0;
	if (n > 0)
		(void)err_set(&out->detail, ERR_STATE, 0, "%jd of %jd: %s", (intmax_t)n,
			      (intmax_t)of, names.text);
	return metric_shown_by(l->db, "asset.imported", out, why);
}

/* --- who sends logs --- */

typedef char address_text[INET_TEXT_MAX];

/* An address that sent something since then; loopback and what is named otherwise (a token) is none. */
static bool sender(const struct json *source, int64_t since, address_text out)
{
	int64_t at;
	bool zone;

	return time_parse_rfc3339(json_get_str(source, "last_seen"), &at, &zone) && at >= since &&
	       inet_text(json_get_str(source, "peer"), out) == INET_HOST;
}

static int by_text(const void *x, const void *y)
{
	return strcmp(x, y);
}

/* The addresses, each once: one may come by several doors. */
static bool senders(struct arena *a, const struct json *all, int64_t since, address_text **out,
		    size_t *n, struct err *why)
{
	address_text *list = NEW(a, address_text, json_count(all) + 1);
	size_t got = 0, kept = 0;

	if (list == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	for (size_t i = 0; i < json_count(all); i++)
		got += sender(json_at(all, i), since, list[got]);
	qsort(list, got, sizeof *list, by_text);
	for (size_t i = 0; i < got; i++)
		if (kept == 0 || strcmp(list[i], list[kept - 1]) != 0)
			memmove(list[kept++], list[i], sizeof *list);
	*out = list;
	*n = kept;
	return true;
}

static bool is_registered(struct db *db, const char *address, bool *yes, struct err *why)
{
	int64_t n = 0;

	if (!db_number(db,
		       "SELECT count(*) FROM asset_facts WHERE fact = 'address' AND value = $1"
		       " AND ended IS NULL",
		       DB_VALS(V_Z(address)), &n, why))
		return false;
	*yes = n > 0;
	return true;
}

static void say_unknown(struct metric_found *out, const struct names *names)
{
	if (names->n > 0)
		(void)err_set(&out->detail, ERR_STATE, 0,
			      "%jd of %jd addresses that send logs are not registered: %s",
			      (intmax_t)out->n, (intmax_t)out->of, names->text);
	out->has_detail = names->n > 0;
	out->partial = true;
	(void)err_set(&out->partly, ERR_STATE, 0,
		      "%jd addresses that send logs are registered; those within the logs are not "
		      "looked at yet",
		      (intmax_t)(out->of - out->n));
}

bool metric_assets_unknown(const struct metric_look *l, struct metric_found *out, struct err *why)
{
	int64_t within = l->check->within == TIME_NONE ? 7 * TIME_DAY : l->check->within, of, at;
	const struct json *all = json_get(l->live, "sources");
	struct arena scratch = l->scratch;
	struct names names = { .n = 0 };
	address_text *list = NULL;
	size_t n = 0;

	if (!registered(l, &of, &at, out, why))
		return false;
	if (of > 0 && !json_is_array(all))
		(void)err_set(&out->unknown, ERR_ABSENT, 0, "the processes do not tell");
	if (of == 0 || !json_is_array(all))
		return true;
	if (!senders(&scratch, all, l->now - within, &list, &n, why))
		return false;
	for (size_t i = 0; i < n; i++) {
		bool yes;

		if (!is_registered(l->db, list[i], &yes, why))
			return false;
		if (!yes)
			metric_name_add(&names, str_of(list[i]));
	}
	metric_plain(out, (int64_t)names.n, (int64_t)n, l->live_at);
	say_unknown(out, &names);
	return true;
}
