/* SPDX-License-Identifier: Apache-2.0 */
#include "vuln/sbom.h"

#include "base/json.h"
#include "vuln/purl.h"

struct sbom {
	struct arena *a;
	const struct package_sink *sink;
	uint64_t number; /* of the component at hand */
};

static struct str property(const struct json *list, const char *name)
{
	for (size_t i = 0; i < json_count(list); i++)
		if (str_eq(json_get_str(json_at(list, i), "name"), str_of(name)))
			return json_get_str(json_at(list, i), "value");
	return STR("");
}

/* Trivy tells the source beside the package URL. */
static void take_source(struct sbom *s, const struct json *list, struct package *p)
{
	struct str name = property(list, "aquasecurity:trivy:SrcName");
	struct str version = property(list, "aquasecurity:trivy:SrcVersion");
	struct str release = property(list, "aquasecurity:trivy:SrcRelease");
	struct str epoch = property(list, "aquasecurity:trivy:SrcEpoch");

	if (name.n == 0 || version.n == 0 || !str_eq(p->source, p->name))
		return;
	p->source = arena_str(s->a, name);
	p->source_version = arena_printf(s->a, "%.*s%s%.*s%s%.*s", STR_ARG(epoch),
					 epoch.n > 0 ? ":" : "", STR_ARG(version),
					 release.n > 0 ? "-" : "", STR_ARG(release));
}

/* False ends the reading. */
static bool hand_out(struct sbom *s, struct str url, struct str name, struct str version,
		     const struct json *properties)
{
	struct package p = { .source = STR("") };
	struct err why = { 0 };
	bool good = url.n == 0 || purl_parse(s->a, url, &p, &why);

	s->number++;
	if (good && p.name.n == 0)
		p.name = p.source = arena_str(s->a, name);
	if (good && p.version.n == 0)
		p.version = p.source_version = arena_str(s->a, version);
	if (good)
		take_source(s, properties, &p);
	if (good && p.name.n == 0)
		good = err_set(&why, ERR_INPUT, 0, "a package without a name");
	if (!good) {
		s->sink->bad(s->sink->ctx, s->number, &why);
		return true;
	}
	return s->sink->package(s->sink->ctx, &p);
}

/* --- CycloneDX --- */

static bool of_type_file(const struct json *c)
{
	return str_eq(json_get_str(c, "type"), STR("file"));
}

static bool put_component(struct sbom *s, const struct json *c)
{
	struct str name = json_get_str(c, "name"), group = json_get_str(c, "group");

	if (group.n > 0)
		name = arena_printf(s->a, "%.*s/%.*s", STR_ARG(group), STR_ARG(name));
	return hand_out(s, json_get_str(c, "purl"), name, json_get_str(c, "version"),
			json_get(c, "properties"));
}

static bool put_components(struct sbom *s, const struct json *list, unsigned depth)
{
	struct err why;

	if (depth == SBOM_MAX_DEPTH && json_count(list) > 0) {
		err_set(&why, ERR_INPUT, 0, "nested deeper than %d", SBOM_MAX_DEPTH);
		s->sink->bad(s->sink->ctx, s->number, &why);
		return true;
	}
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *c = json_at(list, i);

		if (!of_type_file(c) && !put_component(s, c))
			return false;
		if (!put_components(s, json_get(c, "components"), depth + 1))
			return false;
	}
	return true;
}

static bool read_cyclonedx(struct sbom *s, const struct json *root)
{
	const struct json *itself = json_get(json_get(root, "metadata"), "component");

	if (json_get_str(itself, "purl").n > 0 && !put_component(s, itself))
		return false;
	return put_components(s, json_get(root, "components"), 0);
}

/* --- SPDX --- */

static struct str spdx_url(const struct json *package)
{
	const struct json *refs = json_get(package, "externalRefs");

	for (size_t i = 0; i < json_count(refs); i++) {
		const struct json *ref = json_at(refs, i);

		if (str_eq(json_get_str(ref, "referenceType"), STR("purl")))
			return json_get_str(ref, "referenceLocator");
	}
	return STR("");
}

static bool read_spdx(struct sbom *s, const struct json *root)
{
	const struct json *list = json_get(root, "packages");

	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *p = json_at(list, i);

		if (!hand_out(s, spdx_url(p), json_get_str(p, "name"),
			      json_get_str(p, "versionInfo"), NULL))
			return false;
	}
	return true;
}

bool sbom_read(struct arena *a, struct str text, const struct package_sink *sink, struct err *why)
{
	struct sbom s = { a, sink, 0 };
	struct json *root;
	bool ok;

	if (!json_parse(text, SBOM_MAX_BYTES, &root, why))
		return false;
	if (str_eq(json_get_str(root, "bomFormat"), STR("CycloneDX")))
		ok = read_cyclonedx(&s, root);
	else if (str_starts(json_get_str(root, "spdxVersion"), STR("SPDX-2")))
		ok = read_spdx(&s, root);
	else
		ok = err_set(why, ERR_INPUT, 0, "neither CycloneDX nor SPDX 2");
	json_free(root);
	return ok;
}
