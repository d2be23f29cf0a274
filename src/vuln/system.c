/* SPDX-License-Identifier: Apache-2.0 */
#include "vuln/system.h"

static const struct {
	struct str name, type;
	enum ecosystem order; /* ECO_N: none */
} systems[] = {
	{ STR("dpkg"), STR("deb"), ECO_DEBIAN }, /* of OVAL: whichever system it is */
	{ STR("rpm"), STR("rpm"), ECO_RPM },
	{ STR("Debian"), STR("deb"), ECO_DEBIAN },
	{ STR("Ubuntu"), STR("deb"), ECO_DEBIAN },
	{ STR("Alpine"), STR("apk"), ECO_APK },
	{ STR("Wolfi"), STR("apk"), ECO_APK },
	{ STR("Chainguard"), STR("apk"), ECO_APK },
	{ STR("AlmaLinux"), STR("rpm"), ECO_RPM },
	{ STR("Azure Linux"), STR("rpm"), ECO_RPM },
	{ STR("Mageia"), STR("rpm"), ECO_RPM },
	{ STR("openEuler"), STR("rpm"), ECO_RPM },
	{ STR("openSUSE"), STR("rpm"), ECO_RPM },
	{ STR("Photon OS"), STR("rpm"), ECO_RPM },
	{ STR("Red Hat"), STR("rpm"), ECO_RPM },
	{ STR("Rocky Linux"), STR("rpm"), ECO_RPM },
	{ STR("SUSE"), STR("rpm"), ECO_RPM },
	{ STR("crates.io"), STR("cargo"), ECO_SEMVER },
	{ STR("Go"), STR("golang"), ECO_SEMVER },
	{ STR("Hex"), STR("hex"), ECO_SEMVER },
	{ STR("npm"), STR("npm"), ECO_SEMVER },
	{ STR("SwiftURL"), STR("swift"), ECO_SEMVER },
	{ STR("Bitnami"), STR("bitnami"), ECO_SEMVER },
	{ STR("CRAN"), STR("cran"), ECO_N },
	{ STR("Hackage"), STR("hackage"), ECO_N },
	{ STR("Maven"), STR("maven"), ECO_N },
	{ STR("NuGet"), STR("nuget"), ECO_N },
	{ STR("Packagist"), STR("composer"), ECO_N },
	{ STR("Pub"), STR("pub"), ECO_N },
	{ STR("PyPI"), STR("pypi"), ECO_N },
	{ STR("RubyGems"), STR("gem"), ECO_N },
};

static struct str base_of(struct str ecosystem)
{
	return str_sub(ecosystem, 0, str_find_char(ecosystem, ':'));
}

/* In `systems`, or their number. */
static size_t find(struct str ecosystem)
{
	struct str base = base_of(ecosystem);
	size_t i = 0;

	while (i < COUNT(systems) && !str_eq(base, systems[i].name))
		i++;
	return i;
}

bool system_order(struct str ecosystem, enum ecosystem *out)
{
	size_t i = find(ecosystem);

	if (i == COUNT(systems) || systems[i].order == ECO_N)
		return false;
	*out = systems[i].order;
	return true;
}

/* Records name the source that packages of this type were built from, not the package. */
static bool by_source(struct str type)
{
	return str_eq(type, STR("deb")) || str_eq(type, STR("apk"));
}

/* The images of a kernel are built anew to be signed, from a source that no record names. */
static bool key_of_kernel(struct arena *a, const struct package *p, struct system_key *out)
{
	static const char *const of_debian[] = { "-amd64", "-arm64", "-i386" };
	struct str prefix = STR("linux-signed"), rest = str_skip(p->source, prefix.n);

	for (size_t i = 0; i < COUNT(of_debian); i++)
		if (str_eq(rest, str_of(of_debian[i])))
			rest = STR("");
	*out = (struct system_key){ arena_printf(a, "linux%.*s", STR_ARG(rest)), p->version };
	return out->name.p != NULL;
}

/* `out` has room for all of `name`. */
static struct str fold(struct str type, struct str name, char *out)
{
	bool pypi = str_eq(type, STR("pypi"));
	size_t n = 0;

	if (!pypi && !str_eq(type, STR("nuget")))
		return name;
	for (size_t i = 0; i < name.n; i++) {
		char c = ascii_lower(name.p[i]);

		if (pypi && (c == '.' || c == '_'))
			c = '-';
		if (pypi && c == '-' && n > 0 && out[n - 1] == '-')
			continue; /* a run of them is one */
		out[n++] = c;
	}
	return (struct str){ out, n };
}

struct str system_fold_of(struct str ecosystem, struct str name, char *out)
{
	size_t i = find(ecosystem);

	return i == COUNT(systems) ? name : fold(systems[i].type, name, out);
}

static bool key_of_package(struct arena *a, const struct package *p, struct system_key *out)
{
	char *room = arena_bytes(a, p->name.n);

	if (room == NULL)
		return false;
	*out = (struct system_key){ fold(p->type, p->name, room), p->version };
	return true;
}

bool system_key(struct arena *a, const struct package *p, struct system_key *out)
{
	if (!by_source(p->type))
		return key_of_package(a, p, out);
	if (str_eq(p->type, STR("deb")) && str_starts(p->source, STR("linux-signed")))
		return key_of_kernel(a, p, out);
	*out = (struct system_key){ p->source, p->source_version };
	return true;
}

/* "Ubuntu:22.04" holds "Ubuntu:22.04:LTS", "Photon OS:3" holds "Photon OS:3.0". */
static bool holds(struct str whole, struct str part)
{
	if (!str_starts(part, whole))
		return false;
	return part.n == whole.n || part.p[whole.n] == ':' || part.p[whole.n] == '.';
}

static bool of_any_release(struct str ecosystem)
{
	return str_eq(ecosystem, STR("dpkg")) || str_eq(ecosystem, STR("rpm"));
}

/* What Ubuntu mends for Pro only, of a release that is at its end all of it. */
static bool for_pro(struct str ecosystem, struct str distro)
{
	struct str pro = STR("Ubuntu:Pro:"), plain = STR("Ubuntu:");

	return str_starts(ecosystem, pro) && str_starts(distro, plain) &&
	       holds(str_skip(distro, plain.n), str_skip(ecosystem, pro.n));
}

bool system_speaks_of(struct str ecosystem, const struct package *p)
{
	size_t i = find(ecosystem);

	if (i == COUNT(systems) || !str_eq(systems[i].type, p->type))
		return false;
	if (p->distro.n == 0 || of_any_release(ecosystem) ||
	    !(by_source(p->type) || str_eq(p->type, STR("rpm"))))
		return true;
	return holds(ecosystem, p->distro) || holds(p->distro, ecosystem) ||
	       for_pro(ecosystem, p->distro);
}

bool system_unsure(struct str ecosystem, const struct package *p)
{
	bool of_release = str_find_char(ecosystem, ':') < ecosystem.n;

	return of_release && str_find_char(p->distro, ':') == p->distro.n;
}
