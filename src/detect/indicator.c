/* SPDX-License-Identifier: Apache-2.0 */
/*
 * indicator.c - forms are tried from the narrowest to the widest: digest, address, file, URL, e-mail,
 * name.
 *
 * Invariant: the first form that claims the text decides; its error is the answer.
 */
#include "detect/indicator.h"

#include "base/num.h"
#include "detect/defang.h"
#include "detect/domain.h"
#include "detect/file_name.h"
#include "detect/indicator_int.h"

#include <stdio.h>

_Static_assert((int)DOMAIN_MAX > (int)ADDR_TEXT_MAX, "a name has room for an address");

/* Ranges wider than this would match a good part of the Internet. */
enum { WIDEST_V4 = 4, WIDEST_V6 = 7 };

enum claim { NOT_MINE, TAKEN, REFUSED };

static enum claim refuse(struct err *why, const char *reason)
{
	/* The reasons are message ids without conversions. */
	err_set(why, ERR_INPUT, 0, reason, 0);
	return REFUSED;
}

/* At least one byte, each out of `set`. */
static bool all_of(struct str s, const char *set)
{
	size_t n = strlen(set);

	for (size_t i = 0; i < s.n; i++)
		if (memchr(set, s.p[i], n) == NULL)
			return false;
	return s.n > 0;
}

static struct str skip_algorithm(struct str s)
{
	static const struct str names[] = { STR("md5"), STR("sha1"), STR("sha-1"), STR("sha256"),
					    STR("sha-256") };

	for (size_t i = 0; i < COUNT(names); i++) {
		struct str rest = str_skip(s, names[i].n);

		if (str_starts_nocase(s, names[i]) && rest.n > 0 &&
		    (rest.p[0] == ':' || rest.p[0] == '='))
			return str_trim(str_skip(rest, 1));
	}
	return s;
}

static enum claim take_hash(struct arena *a, struct str s, struct indicator *out, struct err *why)
{
	struct str hex = skip_algorithm(s);
	size_t len;

	(void)a;
	if (hex.n < 32 || !all_of(hex, "0123456789abcdefABCDEF"))
		return NOT_MINE;
	switch (hex.n) {
	case 2 * HASH_MD5_LEN:
		out->type = IND_MD5;
		break;
	case 2 * HASH_SHA1_LEN:
		out->type = IND_SHA1;
		break;
	case 2 * HASH_SHA256_LEN:
		out->type = IND_SHA256;
		break;
	default:
		return refuse(why, "a digest that is not MD5, SHA-1 or SHA-256");
	}
	len = hex.n / 2;
	if (!hash_hex_parse(hex, out->hash, len))
		return refuse(why, "a digest that is not MD5, SHA-1 or SHA-256");
	out->text = hex;
	return TAKEN;
}

/* The length of "scheme://" at the start, or 0. Starred and crossed-out letters are defanged ones. */
static size_t scheme_len(struct str s)
{
	size_t i = 0;

	while (i < s.n && i < 32 &&
	       (ascii_alpha(s.p[i]) || ascii_digit(s.p[i]) || memchr("+-.*_", s.p[i], 5) != NULL))
		i++;
	return i > 0 && str_starts(str_skip(s, i), STR("://")) ? i + 3 : 0;
}

static bool port_valid(struct str s)
{
	uint64_t port;

	return s.n == 0 || num_parse(s, 0, 65535, &port);
}

/* "host", "host:port", "[v6]:port", "v6": the host; *port when one was set aside. */
static struct str host_of(struct str s, bool *port)
{
	size_t colon = str_find_char(s, ':');

	*port = false;
	if (s.n > 0 && s.p[0] == '[') {
		size_t close = str_find_char(s, ']');
		struct str rest = str_skip(s, close + 1);

		*port = rest.n > 1;
		if (close < s.n &&
		    (rest.n == 0 || (rest.p[0] == ':' && port_valid(str_skip(rest, 1)))))
			return str_sub(s, 1, close);
		return s;
	}
	if (colon == s.n || str_find_char(str_skip(s, colon + 1), ':') + colon + 1 < s.n)
		return s;
	if (!port_valid(str_skip(s, colon + 1)))
		return s;
	*port = true;
	return str_sub(s, 0, colon);
}

/* Where host and port end: at a slash, a question mark or a number sign. */
static size_t authority_end(struct str s)
{
	size_t i = 0;

	while (i < s.n && s.p[i] != '/' && s.p[i] != '?' && s.p[i] != '#' && s.p[i] != '\\')
		i++;
	return i;
}

bool url_normal(struct arena *a, struct str s, struct url_parts *out, struct err *why)
{
	struct url_parts u = { 0 };
	char name[DOMAIN_MAX];
	struct str rest = str_skip(s, scheme_len(s));
	size_t end = authority_end(rest), n;
	struct str host = str_sub(rest, 0, end), path = str_skip(rest, end);
	size_t at = str_find_char(host, '@');

	path = str_sub(path, 0, str_find_char(path, '#'));
	if (at < host.n)
		host = str_skip(host, at + 1);
	host = host_of(host, &u.port);
	u.is_addr = addr_parse(host, &u.addr);
	if (u.is_addr)
		n = strlen(addr_text(&u.addr, name));
	else if (!domain_normal(host, name, &n, &u.idn, why))
		return false;
	char *p = arena_bytes(a, n + path.n + 1);

	if (p == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for %zu bytes", n + path.n);
	memcpy(p, name, n);
	if (path.n > 0)
		memcpy(p + n, path.p, path.n);
	u.text = (struct str){ p, n + path.n };
	u.path = n;
	*out = u;
	return true;
}

static void set_addr(struct indicator *out, const struct addr *x)
{
	out->type = IND_IP;
	out->range = (struct range){ *x, *x };
	if (addr_is_inside(NULL, x))
		out->notes |= IND_PRIVATE;
}

static enum claim take_url(struct arena *a, struct str s, struct indicator *out, struct err *why)
{
	struct url_parts u = { 0 };

	if (scheme_len(s) == 0 && authority_end(s) == s.n)
		return NOT_MINE;
	if (!url_normal(a, s, &u, why))
		return REFUSED;
	out->notes |= (uint8_t)((u.idn ? IND_IDN : 0) | (u.port ? IND_PORT : 0));
	out->text = u.text;
	if (u.text.n - u.path > 1) {
		out->type = IND_URL;
		return TAKEN;
	}
	out->text = str_sub(u.text, 0, u.path);
	out->notes |= IND_WHOLE_HOST;
	out->type = IND_DOMAIN;
	if (u.is_addr)
		set_addr(out, &u.addr);
	return TAKEN;
}

static bool local_char(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || (unsigned char)c >= 0x80 ||
	       memchr("!#$%&'*+-/=?^_`{|}~.", c, 20) != NULL;
}

static enum claim take_email(struct arena *a, struct str s, struct indicator *out, struct err *why)
{
	char name[DOMAIN_MAX];
	size_t at = str_find_char(s, '@'), n;
	bool idn = false;

	if (at == s.n)
		return NOT_MINE;
	if (at == 0 || at > 64)
		return refuse(why, "not an e-mail address");
	for (size_t i = 0; i < at; i++)
		if (!local_char(s.p[i]))
			return refuse(why, "not an e-mail address");
	if (!domain_normal(str_skip(s, at + 1), name, &n, &idn, why))
		return REFUSED;
	char *p = arena_bytes(a, at + 1 + n);

	if (p == NULL)
		return refuse(why, "no room for this indicator");
	for (size_t i = 0; i <= at; i++)
		p[i] = ascii_lower(s.p[i]);
	memcpy(p + at + 1, name, n);
	out->text = (struct str){ p, at + 1 + n };
	out->type = IND_EMAIL;
	out->notes |= idn ? IND_IDN : 0;
	return TAKEN;
}

static enum claim take_file(struct arena *a, struct str s, struct indicator *out, struct err *why)
{
	struct str name;

	if (!file_claims(s, &name))
		return NOT_MINE;
	if (!file_normal(a, name, &out->text, why))
		return REFUSED;
	out->type = IND_FILE;
	return TAKEN;
}

/* How many leading bits both ends share. */
static unsigned shared_bits(const struct range *r)
{
	unsigned n = 0;

	while (n < 128 && ((r->lo.b[n / 8] ^ r->hi.b[n / 8]) >> (7 - n % 8) & 1) == 0)
		n++;
	return n;
}

static enum claim set_range(struct indicator *out, const struct range *r, struct err *why)
{
	bool v4 = addr_is_v4(&r->lo) && addr_is_v4(&r->hi);
	unsigned bits = shared_bits(r);

	if (addr_cmp(&r->lo, &r->hi) == 0) {
		set_addr(out, &r->lo);
		return TAKEN;
	}
	if (bits < (v4 ? 96 + WIDEST_V4 : WIDEST_V6))
		return refuse(why, "a range so wide that it would match almost everything");
	out->type = IND_RANGE;
	out->range = *r;
	if (addr_is_inside(NULL, &r->lo) && addr_is_inside(NULL, &r->hi))
		out->notes |= IND_PRIVATE;
	return TAKEN;
}

/* "1.2.3.*", "1.2.*.*" */
static bool star_range(struct str s, struct range *out)
{
	char lo[16], hi[3 * 16];
	size_t n = 0, m = 0;

	if (s.n > 15 || memchr(s.p, '*', s.n) == NULL || s.p[s.n - 1] != '*')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool star = s.p[i] == '*';

		if (i > 0 && s.p[i - 1] == '.' && !star && memchr(s.p, '*', i) != NULL)
			return false;
		lo[n++] = star ? '0' : s.p[i];
		memcpy(hi + m, star ? "255" : &s.p[i], star ? 3 : 1);
		m += star ? 3 : 1;
	}
	return addr_parse((struct str){ lo, n }, &out->lo) &&
	       addr_parse((struct str){ hi, m }, &out->hi);
}

/* The text without blanks, an en dash made a hyphen: "192.0.2.1 – 192.0.2.9". */
static struct str squeeze(struct str s, char *buf, size_t cap)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n && n < cap; i++) {
		if (str_starts(str_skip(s, i), STR("\xE2\x80\x93"))) {
			buf[n++] = '-';
			i += 2;
		} else if (!ascii_space(s.p[i])) {
			buf[n++] = s.p[i];
		}
	}
	return (struct str){ buf, n };
}

/* "a/255.255.255.0": the prefix length of the mask, or false. */
static bool mask_range(struct str s, struct range *out)
{
	size_t slash = str_find_char(s, '/');
	struct addr mask;
	char text[ADDR_TEXT_MAX + 8];

	if (slash > 15 || !addr_parse(str_skip(s, slash + 1), &mask) || !addr_is_v4(&mask))
		return false;
	uint32_t host = ~load_be32(mask.b + 12);

	if ((host & (host + 1)) != 0)
		return false;
	int n = snprintf(text, sizeof text, "%.*s/%d", STR_ARG(str_sub(s, 0, slash)),
			 host == 0 ? 32 : __builtin_clz(host));
	return range_parse((struct str){ text, (size_t)n }, out, NULL);
}

/* "192.0.2.1:443/tcp", "192.0.2.1/udp" */
static struct str without_protocol(struct str s)
{
	static const struct str ends[] = { STR("/tcp"), STR("/udp") };

	for (size_t i = 0; i < COUNT(ends); i++)
		if (s.n > ends[i].n && str_eq_nocase(str_skip(s, s.n - ends[i].n), ends[i]))
			return str_sub(s, 0, s.n - ends[i].n);
	return s;
}

/*
 * An address, then '/' or '-' and what can only be the end of a range. With a path it is a URL, with
 * letters a name ("192.0.2.1-static.example.net"); "192.0.2.1/33" claims to be a range.
 */
static bool claims_range(struct str t)
{
	struct addr x;
	size_t cut = 0;

	while (cut < t.n && t.p[cut] != '/' && t.p[cut] != '-')
		cut++;
	if (cut == t.n || !addr_parse(str_sub(t, 0, cut), &x))
		return false;
	struct str rest = str_skip(t, cut + 1);
	bool six = t.p[cut] == '-' && str_find_char(rest, ':') < rest.n;

	return all_of(rest, six ? "0123456789abcdefABCDEF.:" : "0123456789.");
}

static enum claim take_addr(struct arena *a, struct str s, struct indicator *out, struct err *why)
{
	char buf[2 * ADDR_TEXT_MAX + 4];
	struct addr x;
	struct range r;
	bool port;
	struct str t = without_protocol(squeeze(s, buf, sizeof buf));
	struct str host = host_of(t, &port);

	(void)a;
	out->text = s;
	if (addr_parse(host, &x)) {
		set_addr(out, &x);
		out->notes |= port ? IND_PORT : 0;
		return TAKEN;
	}
	if (claims_range(t)) {
		if (mask_range(t, &r) || range_parse(t, &r, why))
			return set_range(out, &r, why);
		return REFUSED;
	}
	if (star_range(t, &r))
		return set_range(out, &r, why);
	return NOT_MINE;
}

static enum claim take_domain(struct arena *a, struct str s, struct indicator *out, struct err *why)
{
	char name[DOMAIN_MAX];
	size_t n;
	bool idn = false, port;
	struct str host = host_of(s, &port);

	if (!domain_normal(host, name, &n, &idn, why))
		return REFUSED;
	if (claims_range((struct str){ name, n }))
		return refuse(why, "neither a name nor a range of addresses");
	out->text = arena_str(a, (struct str){ name, n });
	if (out->text.p == NULL)
		return refuse(why, "no room for this indicator");
	out->type = IND_DOMAIN;
	out->notes |= (uint8_t)((idn ? IND_IDN : 0) | (port ? IND_PORT : 0));
	return TAKEN;
}

/* Without the quotes or brackets around all of it, and what separated it from the next. */
static struct str unwrap(struct str s)
{
	static const char pairs[][2] = { { '"', '"' }, { '\'', '\'' }, { '<', '>' }, { '`', '`' } };

	s = str_trim(s);
	while (s.n > 0 && (s.p[s.n - 1] == ';' || s.p[s.n - 1] == ','))
		s.n--;
	for (size_t i = 0; i < COUNT(pairs); i++)
		if (s.n >= 2 && s.p[0] == pairs[i][0] && s.p[s.n - 1] == pairs[i][1])
			s = str_trim(str_sub(s, 1, s.n - 1));
	return s;
}

bool indicator_parse(struct arena *a, struct str s, struct indicator *out, struct err *why)
{
	static enum claim (*const forms[])(struct arena *, struct str, struct indicator *,
					   struct err *) = {
		take_hash, take_addr, take_file, take_url, take_email, take_domain,
	};
	struct indicator made = { 0 };
	struct str given = unwrap(s);
	enum claim c = NOT_MINE;

	if (indicator_plain(a, given, out))
		return true;
	if (given.n == 0)
		return err_set(why, ERR_INPUT, 0, "empty");
	if (given.n > INDICATOR_MAX)
		return err_set(why, ERR_LIMIT, 0, "longer than %d bytes", INDICATOR_MAX);
	struct str t = defang_undo(a, given);

	if (t.p == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for %zu bytes", given.n);
	made.notes = t.p == given.p ? 0 : IND_DEFANGED;
	for (size_t i = 0; i < COUNT(forms) && c == NOT_MINE; i++)
		c = forms[i](a, t, &made, why);
	if (c != TAKEN)
		return false;
	if (str_starts_nocase(t, STR("hxx")) || str_starts_nocase(t, STR("h**")))
		made.notes |= IND_DEFANGED;
	*out = made;
	return true;
}
