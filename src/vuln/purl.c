/* SPDX-License-Identifier: Apache-2.0 */
#include "vuln/purl.h"

#include "base/num.h"

/* How OSV names releases: all of the version, what stands before its first or second point. */
enum release { WHOLE, MAJOR, MINOR, NONE };

static const struct {
	struct str id; /* of os-release, and the namespace of package URLs */
	struct str name, prefix;
	enum release release;
} distros[] = {
	{ STR("debian"), STR("Debian"), STR(""), MAJOR },
	{ STR("ubuntu"), STR("Ubuntu"), STR(""), WHOLE },
	{ STR("alpine"), STR("Alpine"), STR("v"), MINOR },
	{ STR("rocky"), STR("Rocky Linux"), STR(""), MAJOR },
	{ STR("almalinux"), STR("AlmaLinux"), STR(""), MAJOR },
	{ STR("rhel"), STR("Red Hat"), STR(""), NONE },
	{ STR("redhat"), STR("Red Hat"), STR(""), NONE },
	{ STR("photon"), STR("Photon OS"), STR(""), WHOLE },
	{ STR("suse"), STR("SUSE"), STR(""), NONE },
	{ STR("opensuse"), STR("openSUSE"), STR(""), NONE },
	{ STR("mageia"), STR("Mageia"), STR(""), MAJOR },
	{ STR("openeuler"), STR("openEuler"), STR(""), NONE },
	{ STR("azurelinux"), STR("Azure Linux"), STR(""), NONE },
	{ STR("wolfi"), STR("Wolfi"), STR(""), NONE },
	{ STR("chainguard"), STR("Chainguard"), STR(""), NONE },
};

static struct str release_of(enum release r, struct str version)
{
	size_t first = str_find_char(version, '.');

	if (r == NONE)
		return STR("");
	if (r == WHOLE || first == version.n)
		return version;
	if (r == MAJOR)
		return str_sub(version, 0, first);
	return str_sub(version, 0, first + 1 + str_find_char(str_skip(version, first + 1), '.'));
}

struct str distro_name(struct arena *a, struct str id, struct str version)
{
	for (size_t i = 0; i < COUNT(distros); i++) {
		if (!str_eq_nocase(id, distros[i].id))
			continue;
		struct str release = release_of(distros[i].release, version);
		if (release.n == 0)
			return distros[i].name;
		return arena_printf(a, "%.*s:%.*s%.*s", STR_ARG(distros[i].name),
				    STR_ARG(distros[i].prefix), STR_ARG(release));
	}
	return STR("");
}

static struct str unquoted(struct str v)
{
	if (v.n >= 2 && (v.p[0] == '"' || v.p[0] == '\'') && v.p[v.n - 1] == v.p[0])
		return str_sub(v, 1, v.n - 1);
	return v;
}

struct str distro_of_os_release(struct arena *a, struct str text)
{
	struct str id = STR(""), version = STR(""), line;

	while (str_line(&text, &line)) {
		size_t eq = str_find_char(line, '=');
		struct str key = str_sub(line, 0, eq), value = unquoted(str_skip(line, eq + 1));

		if (str_eq(key, STR("ID")))
			id = value;
		else if (str_eq(key, STR("VERSION_ID")))
			version = value;
	}
	return distro_name(a, id, version);
}

/* --- package URLs --- */

static bool decode(struct arena *a, struct str s, struct str *out, struct err *why)
{
	char *p = arena_bytes(a, s.n);
	size_t n = 0;

	if (p == NULL)
		return err_set(why, ERR_LIMIT, 0, "too many packages");
	for (size_t i = 0; i < s.n; i++) {
		uint64_t byte;

		if (s.p[i] == '%' && num_parse_hex(str_sub(s, i + 1, i + 3), 255, &byte) &&
		    i + 2 < s.n) {
			p[n++] = (char)(unsigned char)byte;
			i += 2;
		} else {
			p[n++] = s.p[i];
		}
	}
	*out = (struct str){ p, n };
	return true;
}

static size_t find_last(struct str s, char c)
{
	size_t i = s.n;

	while (i > 0 && s.p[i - 1] != c)
		i--;
	return i == 0 ? s.n : i - 1;
}

struct pieces {
	struct str type, space, name, version;
	struct str arch, distro, upstream, epoch; /* qualifiers */
};

static bool decode_all(struct arena *a, struct pieces *p, struct err *why)
{
	struct str *const parts[] = { &p->space, &p->name,   &p->version,
				      &p->arch,  &p->distro, &p->upstream };

	for (size_t i = 0; i < COUNT(parts); i++)
		if (!decode(a, *parts[i], parts[i], why))
			return false;
	return true;
}

static void take_qualifiers(struct str rest, struct pieces *p)
{
	struct str pair;

	while (str_split(&rest, '&', &pair)) {
		size_t eq = str_find_char(pair, '=');
		struct str key = str_sub(pair, 0, eq), value = str_skip(pair, eq + 1);

		if (str_eq(key, STR("arch")))
			p->arch = value;
		else if (str_eq(key, STR("distro")))
			p->distro = value;
		else if (str_eq(key, STR("upstream")))
			p->upstream = value;
		else if (str_eq(key, STR("epoch")))
			p->epoch = value;
	}
}

/* type/namespace/name@version?qualifiers#subpath, split from the right. */
static bool split(struct str text, struct pieces *p, struct err *why)
{
	struct str s = text;

	if (!str_starts_nocase(s, STR("pkg:")))
		return err_set(why, ERR_INPUT, 0, "'%.*s' is no package URL", STR_ARG(text));
	s = str_skip(s, 4);
	while (s.n > 0 && s.p[0] == '/')
		s = str_skip(s, 1);
	s.n = str_find_char(s, '#');
	size_t question = str_find_char(s, '?');
	take_qualifiers(str_skip(s, question + 1), p);
	s.n = question;
	size_t slash = str_find_char(s, '/'), last = find_last(s, '/');
	struct str tail = str_skip(s, last + 1);
	size_t at = find_last(tail, '@');
	p->type = str_sub(s, 0, slash);
	p->space = slash < last ? str_sub(s, slash + 1, last) : STR("");
	p->name = str_sub(tail, 0, at);
	p->version = str_skip(tail, at + 1);
	if (p->type.n == 0 || slash == s.n || p->name.n == 0)
		return err_set(why, ERR_INPUT, 0, "'%.*s' is no package URL", STR_ARG(text));
	return true;
}

static struct str full_name(struct arena *a, const struct pieces *p)
{
	static const struct {
		struct str type;
		const char *between;
	} joined[] = {
		{ STR("golang"), "/" },    { STR("npm"), "/" },    { STR("composer"), "/" },
		{ STR("maven"), ":" },     { STR("github"), "/" }, { STR("swift"), "/" },
		{ STR("bitbucket"), "/" }, { STR("docker"), "/" },
	};

	for (size_t i = 0; i < COUNT(joined) && p->space.n > 0; i++)
		if (str_eq_nocase(p->type, joined[i].type))
			return arena_printf(a, "%.*s%s%.*s", STR_ARG(p->space), joined[i].between,
					    STR_ARG(p->name));
	return p->name;
}

static bool is_system(struct str type)
{
	return str_eq(type, STR("deb")) || str_eq(type, STR("apk")) || str_eq(type, STR("rpm"));
}

/* "debian-12", or "12" where the namespace says the rest. A system that OSV does not know keeps its name, so
 * that no record of another one speaks of it. */
static struct str distro_of(struct arena *a, const struct pieces *p)
{
	struct str release = p->distro;

	if (release.n > p->space.n && str_starts_nocase(release, p->space) &&
	    release.p[p->space.n] == '-')
		release = str_skip(release, p->space.n + 1);
	if (release.n == 0 || !ascii_digit(release.p[0]))
		release = STR("");
	struct str distro = distro_name(a, p->space, release);
	return distro.p != NULL && distro.n == 0 ? p->space : distro;
}

/* p == NULL when `a` is full. */
static struct str lower(struct arena *a, struct str s)
{
	char *p = arena_bytes(a, s.n);

	for (size_t i = 0; i < s.n && p != NULL; i++)
		p[i] = ascii_lower(s.p[i]);
	return (struct str){ p, p == NULL ? 0 : s.n };
}

bool purl_parse(struct arena *a, struct str text, struct package *out, struct err *why)
{
	struct pieces p = { 0 };

	if (!split(text, &p, why) || !decode_all(a, &p, why))
		return false;
	struct package got = { .type = lower(a, p.type), .version = p.version, .arch = p.arch };
	got.name = full_name(a, &p);
	if (p.epoch.n > 0 && str_eq(got.type, STR("rpm")))
		got.version = arena_printf(a, "%.*s:%.*s", STR_ARG(p.epoch), STR_ARG(p.version));
	if (got.type.p == NULL || got.name.p == NULL || got.version.p == NULL)
		return err_set(why, ERR_LIMIT, 0, "too many packages");
	if (is_system(got.type))
		got.distro = distro_of(a, &p);
	size_t at = find_last(p.upstream, '@');
	got.source = p.upstream.n > 0 ? str_sub(p.upstream, 0, at) : got.name;
	got.source_version = at < p.upstream.n ? str_skip(p.upstream, at + 1) : got.version;
	*out = got;
	return true;
}
