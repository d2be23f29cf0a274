/* SPDX-License-Identifier: Apache-2.0 */
#include "vuln/dpkg.h"

struct stanza {
	struct str package, status, version, arch, source;
	uint64_t line; /* of its first line; 0: nothing yet */
};

static void take_field(struct stanza *s, struct str name, struct str value)
{
	const struct {
		struct str name;
		struct str *into;
	} fields[] = {
		{ STR("Package"), &s->package },   { STR("Status"), &s->status },
		{ STR("Version"), &s->version },   { STR("Source"), &s->source },
		{ STR("Architecture"), &s->arch },
	};

	for (size_t i = 0; i < COUNT(fields); i++)
		if (str_eq_nocase(name, fields[i].name))
			*fields[i].into = value;
}

/* The third word of "install ok installed": what is there, whatever is wanted. */
static struct str state_of(struct str status)
{
	struct str word = STR(""), rest = status;

	for (int i = 0; i < 3; i++)
		if (!str_split(&rest, ' ', &word))
			return STR("");
	return word;
}

enum presence { GONE, PARTIAL, THERE };

static enum presence presence_of(const struct stanza *s, bool in_folder)
{
	static const struct {
		struct str state;
		enum presence is;
	} states[] = {
		{ STR("installed"), THERE },        { STR("triggers-pending"), THERE },
		{ STR("triggers-awaited"), THERE }, { STR("half-configured"), PARTIAL },
		{ STR("half-installed"), PARTIAL }, { STR("unpacked"), PARTIAL },
	};
	struct str state = state_of(s->status);

	if (s->status.n == 0)
		return in_folder ? THERE : GONE;
	for (size_t i = 0; i < COUNT(states); i++)
		if (str_eq(state, states[i].state))
			return states[i].is;
	return GONE;
}

/* "gcc-12 (12.2.0-14)": the version is told where it is another one. */
static void split_source(struct str told, struct package *p)
{
	size_t at = str_find_char(told, '(');
	struct str version = str_trim(str_skip(told, at + 1));

	p->source = str_trim(str_sub(told, 0, at));
	if (version.n > 1 && version.p[version.n - 1] == ')')
		p->source_version = str_trim(str_sub(version, 0, version.n - 1));
}

static bool end_stanza(struct stanza *s, bool in_folder, const struct package_sink *sink)
{
	struct stanza got = *s;
	enum presence is = presence_of(s, in_folder);
	struct err why;

	*s = (struct stanza){ 0 };
	if (got.line == 0)
		return true;
	if (got.package.n == 0) {
		err_set(&why, ERR_INPUT, got.line, "a package without a name");
		sink->bad(sink->ctx, got.line, &why);
		return true;
	}
	if (is == GONE)
		return true;
	if (got.version.n == 0) {
		err_set(&why, ERR_INPUT, got.line, "package '%.*s' has no version",
			STR_ARG(got.package));
		sink->bad(sink->ctx, got.line, &why);
		return true;
	}
	struct package p = {
		.type = STR("deb"),
		.name = got.package,
		.version = got.version,
		.arch = got.arch,
		.source = got.package,
		.source_version = got.version,
		.partial = is == PARTIAL,
	};
	if (got.source.n > 0)
		split_source(got.source, &p);
	return sink->package(sink->ctx, &p);
}

bool dpkg_read(struct str text, bool in_folder, const struct package_sink *sink)
{
	struct stanza s = { 0 };
	struct str rest = text, line;
	struct err why;

	for (uint64_t n = 1; str_line(&rest, &line); n++) {
		if (str_trim(line).n == 0) {
			if (!end_stanza(&s, in_folder, sink))
				return false;
			continue;
		}
		if (line.p[0] == ' ' || line.p[0] == '\t')
			continue; /* the field goes on */
		size_t colon = str_find_char(line, ':');
		if (colon == line.n || colon == 0) {
			err_set(&why, ERR_INPUT, n, "expected 'Field: value'");
			sink->bad(sink->ctx, n, &why);
			continue;
		}
		if (s.line == 0)
			s.line = n;
		take_field(&s, str_sub(line, 0, colon), str_trim(str_skip(line, colon + 1)));
	}
	return end_stanza(&s, in_folder, sink);
}
