/* SPDX-License-Identifier: Apache-2.0 */
/* feed_osv.c - one record of OSV (ossf.github.io/osv-schema). */
#include "vuln/feed_int.h"

static bool take_event(const struct json *event, struct range_event *out, bool *told)
{
	static const struct {
		const char *key;
		enum range_what what;
	} keys[] = {
		{ "introduced", RANGE_INTRODUCED },
		{ "fixed", RANGE_FIXED },
		{ "last_affected", RANGE_LAST },
	};

	*told = false;
	for (size_t i = 0; i < COUNT(keys); i++) {
		struct str v = json_get_str(event, keys[i].key);

		if (v.p == NULL)
			continue;
		*out = (struct range_event){ keys[i].what, v };
		*told = true;
		return true;
	}
	return json_get_str(event, "limit").p != NULL; /* of commits */
}

/* One of commits is passed over: it says nothing of versions. */
static bool take_range(struct reading *r, const struct json *range, struct claim *c,
		       struct claim_range *out, struct err *why)
{
	const struct json *events = json_get(range, "events");
	struct str type = json_get_str(range, "type");
	size_t n = json_count(events);

	if (str_eq(type, STR("GIT")))
		return true;
	if (!str_eq(type, STR("SEMVER")) && !str_eq(type, STR("ECOSYSTEM")))
		return err_set(why, ERR_INPUT, 0, "a range of type '%.*s'", STR_ARG(type));
	struct range_event *event = NEW(r->a, struct range_event, n + 1);
	bool begins = false;

	if (event == NULL)
		return no_room(why);
	for (size_t i = 0; i < n; i++) {
		bool told;

		if (!take_event(json_at(events, i), &event[out->n], &told))
			return err_set(why, ERR_INPUT, 0, "an event that is none of OSV's");
		out->n += told;
		begins |= told && event[out->n - 1].what == RANGE_INTRODUCED;
	}
	if (!begins) {
		c->unordered = true; /* OSV wants to know where it begins */
		out->n = 0;
		return true;
	}
	out->event = event;
	c->n_ranges++;
	return true;
}

static bool take_versions(struct reading *r, const struct json *list, struct claim *c,
			  struct err *why)
{
	size_t n = json_count(list);
	struct str *v = NEW(r->a, struct str, n + 1);

	if (v == NULL)
		return no_room(why);
	for (size_t i = 0; i < n; i++)
		v[i] = json_str(json_at(list, i));
	c->version = v;
	c->n_versions = n;
	return true;
}

static bool take_affected(struct reading *r, const struct json *affected, struct err *why)
{
	const struct json *package = json_get(affected, "package"), *list;
	struct claim c = { .ecosystem = json_get_str(package, "ecosystem"),
			   .name = json_get_str(package, "name") };

	if (c.name.n == 0 || c.ecosystem.n == 0)
		return true; /* of commits of a repository: no package is meant */
	list = json_get(affected, "ranges");
	struct claim_range *range = NEW(r->a, struct claim_range, json_count(list) + 1);
	if (range == NULL)
		return no_room(why);
	for (size_t i = 0; i < json_count(list); i++)
		if (!take_range(r, json_at(list, i), &c, &range[c.n_ranges], why))
			return false;
	c.range = range;
	if (!take_versions(r, json_get(affected, "versions"), &c, why))
		return false;
	c.unordered |= c.n_ranges + c.n_versions == 0;
	matcher_claim(r->m, &c);
	return true;
}

static void add_names(struct cve_names *names, const struct json *list)
{
	for (size_t i = 0; i < json_count(list); i++)
		cve_names_add(names, json_str(json_at(list, i)));
}

static struct str severity_of(const struct json *root)
{
	static const char *const places[] = { "database_specific", "ecosystem_specific" };
	static const char *const keys[] = { "severity", "urgency" };
	const struct json *first = json_at(json_get(root, "affected"), 0);

	for (size_t p = 0; p < COUNT(places); p++)
		for (size_t k = 0; k < COUNT(keys); k++) {
			struct str s = json_get_str(json_get(root, places[p]), keys[k]);

			if (s.n == 0)
				s = json_get_str(json_get(first, places[p]), keys[k]);
			if (s.n > 0)
				return s;
		}
	struct str score = json_get_str(json_at(json_get(root, "severity"), 0), "score");
	return score.p == NULL ? STR("") : score;
}

bool osv_record_read(struct reading *r, const struct json *root, struct err *why)
{
	const struct json *affected = json_get(root, "affected");
	struct cve_names *names = NEW(r->a, struct cve_names, 1);
	struct str id = json_get_str(root, "id");

	if (names == NULL)
		return no_room(why);
	if (json_get_str(root, "withdrawn").p != NULL) {
		r->feed->withdrawn++;
		return true;
	}
	cve_names_add(names, id);
	add_names(names, json_get(root, "aliases"));
	add_names(names, json_get(root, "upstream"));
	if (names->n == 0) /* older records of distributions */
		add_names(names, json_get(root, "related"));
	matcher_begin(r->m, r->feed, false);
	for (size_t i = 0; i < json_count(affected); i++)
		if (!take_affected(r, json_at(affected, i), why))
			return false;
	if (!matcher_end(r->m, id, severity_of(root), names->v, names->n))
		return no_room(why);
	r->feed->records++;
	feed_dated(r->feed, json_get_str(root, "modified"));
	return true;
}
