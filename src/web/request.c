/* SPDX-License-Identifier: Apache-2.0 */
/*
 * request.c - small scanners over one header or one part of the request line each.
 *
 * Invariant: results never reach beyond the input or what was allocated for them.
 */
#include "web/request.h"

#include "base/crypt.h"
#include "base/num.h"

/* %XX to bytes (and '+' to a blank where `form`), in `a`. Fails on a bad escape and on NUL. */
static bool unescape(struct arena *a, struct str s, bool form, struct str *out, struct err *why)
{
	char *p = arena_bytes(a, s.n + 1);
	size_t n = 0;

	if (p == NULL)
		return err_set(why, ERR_LIMIT, 0, "request too large");
	for (size_t i = 0; i < s.n; i++) {
		uint64_t byte = (unsigned char)s.p[i];

		if (s.p[i] == '%') {
			struct str hex = str_sub(s, i + 1, i + 3);

			if (hex.n != 2 || !num_parse_hex(hex, 0xFF, &byte))
				return err_set(why, ERR_INPUT, i, "bad percent escape");
			i += 2;
		} else if (form && s.p[i] == '+') {
			byte = ' ';
		}
		if (byte == 0)
			return err_set(why, ERR_INPUT, i, "NUL byte in the address");
		p[n++] = (char)byte;
	}
	p[n] = '\0';
	*out = (struct str){ p, n };
	return true;
}

bool request_params(struct arena *a, struct str query, struct params *out, struct err *why)
{
	struct params got = { 0 };
	struct str rest = query, pair;

	while (rest.p != NULL && str_split(&rest, '&', &pair)) {
		if (pair.n == 0)
			continue;
		if (got.n == PARAMS_MAX)
			return err_set(why, ERR_LIMIT, 0, "more than %d parameters", PARAMS_MAX);
		struct param *p = &got.at[got.n++];
		size_t eq = str_find_char(pair, '=');
		if (!unescape(a, str_sub(pair, 0, eq), true, &p->name, why) ||
		    !unescape(a, str_skip(pair, eq + 1), true, &p->value, why))
			return false;
	}
	*out = got;
	return true;
}

struct str request_param(const struct params *p, const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (str_eq(p->at[i].name, str_of(name)))
			return p->at[i].value;
	return (struct str){ NULL, 0 };
}

static bool plain_part(struct str part)
{
	return part.n > 0 && !str_eq(part, STR(".")) && !str_eq(part, STR(".."));
}

bool request_segments(struct arena *a, struct str path, struct segments *out, struct err *why)
{
	struct segments got = { 0 };
	struct str rest = path, part;

	if (path.n == 0 || path.p[0] != '/')
		return err_set(why, ERR_INPUT, 0, "not an absolute path");
	rest = str_skip(path, 1);
	while (rest.p != NULL && str_split(&rest, '/', &part)) {
		if (part.n == 0 && rest.p == NULL)
			break;
		if (got.n == SEGMENTS_MAX)
			return err_set(why, ERR_LIMIT, 0, "path too deep");
		struct str *s = &got.at[got.n++];
		if (!unescape(a, part, false, s, why))
			return false;
		if (!plain_part(*s))
			return err_set(why, ERR_INPUT, 0, "not a plain path");
	}
	*out = got;
	return true;
}

struct str request_cookie(struct str header, const char *name)
{
	struct str rest = header, pair;

	while (rest.p != NULL && str_split(&rest, ';', &pair)) {
		pair = str_trim(pair);
		size_t eq = str_find_char(pair, '=');
		if (eq == pair.n || !str_eq(str_sub(pair, 0, eq), str_of(name)))
			continue;
		struct str value = str_skip(pair, eq + 1);
		if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
			value = str_sub(value, 1, value.n - 1);
		return value;
	}
	return (struct str){ NULL, 0 };
}

/* "Scheme rest" with the scheme in any case. */
static bool scheme(struct str header, struct str name, struct str *rest)
{
	if (!str_starts_nocase(header, name) || header.n <= name.n || header.p[name.n] != ' ')
		return false;
	*rest = str_trim(str_skip(header, name.n));
	return rest->n > 0;
}

bool request_credentials(struct arena *a, struct str header, struct credentials *out)
{
	struct str rest, pair;

	header = str_trim(header);
	if (scheme(header, STR("Bearer"), &rest)) {
		*out = (struct credentials){ .secret = rest };
		return true;
	}
	if (!scheme(header, STR("Basic"), &rest) && !scheme(header, STR("ApiKey"), &rest))
		return false;
	if (!crypt_base64_parse(a, rest, &pair, NULL))
		return false;
	size_t colon = str_find_char(pair, ':');
	if (colon == pair.n)
		return false;
	*out = (struct credentials){ str_sub(pair, 0, colon), str_skip(pair, colon + 1) };
	return true;
}

/* "q=0.5" among the parameters behind an element, in thousandths; 1000 without one. */
static unsigned quality(struct str params)
{
	struct str p;

	while (params.p != NULL && str_split(&params, ';', &p)) {
		double q;

		p = str_trim(p);
		if (str_starts_nocase(p, STR("q=")) && num_parse_double(str_skip(p, 2), &q))
			return q <= 0 ? 0 : q >= 1 ? 1000 : (unsigned)(q * 1000);
	}
	return 1000;
}

/* The next element of a comma list with its quality. */
static bool element(struct str *rest, struct str *name, unsigned *q)
{
	struct str item;

	if (rest->p == NULL || !str_split(rest, ',', &item))
		return false;
	size_t semi = str_find_char(item, ';');
	*name = str_trim(str_sub(item, 0, semi));
	*q = semi < item.n ? quality(str_skip(item, semi + 1)) : 1000;
	return true;
}

/* "en" and "en-US", but not "eng". */
static bool is_lang(struct str tag, struct str lang)
{
	return str_starts_nocase(tag, lang) && (tag.n == lang.n || tag.p[lang.n] == '-');
}

enum lang request_lang(struct str header)
{
	struct str rest = header, tag;
	unsigned q, vi = 0, en = 0;

	while (element(&rest, &tag, &q)) {
		if (is_lang(tag, STR("vi")) && q > vi)
			vi = q;
		else if (is_lang(tag, STR("en")) && q > en)
			en = q;
	}
	return en > vi ? LANG_EN : LANG_VI;
}

bool request_accepts(struct str header, struct str what)
{
	struct str rest = header, name;
	unsigned q;

	while (element(&rest, &name, &q))
		if (str_eq_nocase(name, what))
			return q > 0;
	return false;
}

bool request_etag_in(struct str header, struct str tag)
{
	struct str rest = header, item;

	while (rest.p != NULL && str_split(&rest, ',', &item)) {
		item = str_trim(item);
		if (str_eq(item, STR("*")))
			return true;
		if (str_starts(item, STR("W/")))
			item = str_skip(item, 2);
		if (item.n == tag.n + 2 && item.p[0] == '"' && item.p[item.n - 1] == '"' &&
		    str_eq(str_sub(item, 1, item.n - 1), tag))
			return true;
	}
	return false;
}

int64_t request_version(struct str header)
{
	struct str tag = str_trim(header);
	int64_t version;

	if (tag.n == 0 || str_eq(tag, STR("*")))
		return -1;
	if (tag.n > 2 && tag.p[0] == '"' && tag.p[tag.n - 1] == '"')
		tag = str_sub(tag, 1, tag.n - 1);
	return num_parse_i64(tag, 0, INT64_MAX, &version) ? version : INT64_MAX;
}
