/* SPDX-License-Identifier: Apache-2.0 */
#include "vuln/apk.h"

struct record {
	struct package p;
	uint64_t line; /* of its first line; 0: nothing yet */
};

static bool end_record(struct record *r, const struct package_sink *sink)
{
	struct record got = *r;
	struct err why;

	*r = (struct record){ 0 };
	if (got.line == 0)
		return true;
	if (got.p.name.n == 0 || got.p.version.n == 0) {
		if (got.p.name.n == 0)
			err_set(&why, ERR_INPUT, got.line, "a package without a name");
		else
			err_set(&why, ERR_INPUT, got.line, "package '%.*s' has no version",
				STR_ARG(got.p.name));
		sink->bad(sink->ctx, got.line, &why);
		return true;
	}
	got.p.type = STR("apk");
	if (got.p.source.n == 0)
		got.p.source = got.p.name;
	got.p.source_version = got.p.version;
	return sink->package(sink->ctx, &got.p);
}

static void take_line(struct record *r, char key, struct str value)
{
	switch (key) {
	case 'P':
		r->p.name = value;
		break;
	case 'V':
		r->p.version = value;
		break;
	case 'A':
		r->p.arch = value;
		break;
	case 'o':
		r->p.source = value;
		break;
	default: /* files, digests, dependencies */
		break;
	}
}

bool apk_read(struct str text, const struct package_sink *sink)
{
	struct record r = { 0 };
	struct str rest = text, line;
	struct err why;

	for (uint64_t n = 1; str_line(&rest, &line); n++) {
		if (str_trim(line).n == 0) {
			if (!end_record(&r, sink))
				return false;
			continue;
		}
		if (line.n < 2 || line.p[1] != ':') {
			err_set(&why, ERR_INPUT, n, "expected 'X:value'");
			sink->bad(sink->ctx, n, &why);
			continue;
		}
		if (r.line == 0)
			r.line = n;
		take_line(&r, line.p[0], str_trim(str_skip(line, 2)));
	}
	return end_record(&r, sink);
}
