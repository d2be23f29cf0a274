/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feed_cve.c - one CVE record in JSON 5, where it names a package of a collection. Such ranges are
 * generic: of the one who reported it, not of the one who ships it.
 */
#include "vuln/feed_int.h"

static const struct {
	const char *url; /* that collectionURL begins with, behind "https://" */
	struct str ecosystem;
} collections[] = {
	{ "pkg.go.dev", STR("Go") },
	{ "www.npmjs.com", STR("npm") },
	{ "registry.npmjs.org", STR("npm") },
	{ "crates.io", STR("crates.io") },
	{ "hex.pm", STR("Hex") },
	{ "pypi.org", STR("PyPI") },
	{ "rubygems.org", STR("RubyGems") },
	{ "repo.maven.apache.org", STR("Maven") },
	{ "www.nuget.org", STR("NuGet") },
	{ "packagist.org", STR("Packagist") },
};

static struct str ecosystem_of(struct str url)
{
	struct str rest = url;

	if (str_starts(rest, STR("https://")))
		rest = str_skip(rest, 8);
	for (size_t i = 0; i < COUNT(collections); i++)
		if (str_starts(rest, str_of(collections[i].url)))
			return collections[i].ecosystem;
	return STR("");
}

/* "version" up to "lessThan" or with "lessThanOrEqual": an interval; alone: itself. */
static size_t take_version(const struct json *v, struct range_event out[2])
{
	struct str from = json_get_str(v, "version"), below = json_get_str(v, "lessThan");
	struct str last = json_get_str(v, "lessThanOrEqual");

	if (below.p == NULL && last.p == NULL)
		last = from;
	out[0] = (struct range_event){ RANGE_INTRODUCED, from };
	out[1] = below.p != NULL ? (struct range_event){ RANGE_FIXED, below }
				 : (struct range_event){ RANGE_LAST, last };
	return str_eq(out[1].version, STR("*")) ? 1 : 2;
}

static bool take_product(struct reading *r, const struct json *product, struct err *why)
{
	const struct json *list = json_get(product, "versions");
	struct claim c = { .ecosystem = ecosystem_of(json_get_str(product, "collectionURL")),
			   .name = json_get_str(product, "packageName") };
	size_t n = json_count(list);
	struct str rest = json_get_str(product, "defaultStatus");

	if (c.ecosystem.n == 0 || c.name.n == 0)
		return true; /* a product, which no package is told by */
	struct claim_range *range = NEW(r->a, struct claim_range, n + 1);
	struct range_event *event = NEW(r->a, struct range_event, 2 * n + 1);
	if (range == NULL || event == NULL)
		return no_room(why);
	for (size_t i = 0; i < n; i++) {
		const struct json *v = json_at(list, i);

		struct str status = json_get_str(v, "status");

		/* A status that changes on its way, or is not known: affected or not. */
		c.unordered |= json_count(json_get(v, "changes")) > 0 ||
			       !(str_eq(status, STR("affected")) ||
				 str_eq(status, STR("unaffected")));
		if (!str_eq(status, STR("affected")))
			continue;
		struct claim_range *one = &range[c.n_ranges++];
		one->event = &event[2 * i];
		one->n = take_version(v, &event[2 * i]);
	}
	c.range = range;
	/* All but what is listed as sound, or nothing is listed. */
	c.unordered |= str_eq(rest, STR("affected")) || str_eq(rest, STR("unknown")) ||
		       (n == 0 && !str_eq(rest, STR("unaffected")));
	matcher_claim(r->m, &c);
	return true;
}

static struct str severity_of(const struct json *cna)
{
	static const char *const keys[] = { "cvssV4_0", "cvssV3_1", "cvssV3_0" };
	const struct json *list = json_get(cna, "metrics");

	for (size_t i = 0; i < json_count(list); i++)
		for (size_t k = 0; k < COUNT(keys); k++) {
			struct str s = json_get_str(json_get(json_at(list, i), keys[k]),
						    "baseSeverity");
			if (s.n > 0)
				return s;
		}
	return STR("");
}

bool cve_record_read(struct reading *r, const struct json *root, struct err *why)
{
	const struct json *about = json_get(root, "cveMetadata");
	const struct json *cna = json_get(json_get(root, "containers"), "cna");
	const struct json *products = json_get(cna, "affected");
	struct str id = json_get_str(about, "cveId");

	if (id.n == 0)
		return err_set(why, ERR_INPUT, 0, "a record without a cveId");
	if (str_eq(json_get_str(about, "state"), STR("REJECTED"))) {
		r->feed->withdrawn++;
		return true;
	}
	matcher_begin(r->m, r->feed, true);
	for (size_t i = 0; i < json_count(products); i++)
		if (!take_product(r, json_at(products, i), why))
			return false;
	if (!matcher_end(r->m, id, severity_of(cna), &id, 1))
		return no_room(why);
	r->feed->records++;
	feed_dated(r->feed, json_get_str(about, "dateUpdated"));
	return true;
}
