/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ranges.c - one scanner for dotted quads, one for RFC 4291 section 2.2 text, both over (pointer,
 * length).
 *
 * Invariant: an IPv4 address is always ::ffff:a.b.c.d, so that one comparison orders both families.
 * Octets with a leading zero are refused: some programs read them as octal.
 */
#include "event/ranges.h"

#include "base/num.h"

#include <stdio.h>

static const uint8_t v4_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

static bool parse_v4(struct str s, uint8_t out[4])
{
	size_t i = 0;

	for (int part = 0; part < 4; part++) {
		unsigned v = 0;
		size_t from = i;

		while (i < s.n && i - from < 3 && ascii_digit(s.p[i]))
			v = v * 10 + (unsigned)(s.p[i++] - '0');
		if (i == from || v > 255 || (s.p[from] == '0' && i - from > 1))
			return false;
		if (part < 3 && (i == s.n || s.p[i++] != '.'))
			return false;
		out[part] = (uint8_t)v;
	}
	return i == s.n;
}

/* One group of one to four hexadecimal digits at *i. */
static bool take_group(struct str s, size_t *i, uint8_t out[2])
{
	size_t from = *i;
	unsigned v = 0;

	for (; *i < s.n && *i - from < 4; (*i)++) {
		char c = ascii_lower(s.p[*i]);

		if (ascii_digit(c))
			v = v << 4 | (unsigned)(c - '0');
		else if (c >= 'a' && c <= 'f')
			v = v << 4 | (unsigned)(c - 'a' + 10);
		else
			break;
	}
	out[0] = (uint8_t)(v >> 8);
	out[1] = (uint8_t)v;
	return *i > from;
}

/* RFC 4291 section 2.2: groups, one "::", a dotted quad as the last two groups. */
static bool parse_v6(struct str s, uint8_t out[16])
{
	size_t n = 0, gap = 17, i = 0; /* n: bytes written; gap: where "::" stands */

	memset(out, 0, 16);
	if (s.n >= 2 && s.p[0] == ':' && s.p[1] == ':') {
		gap = 0;
		i = 2;
	}
	while (i < s.n) {
		size_t from = i;

		if (n > 14 || !take_group(s, &i, out + n))
			return false;
		if (i < s.n && s.p[i] == '.') {
			if (n > 12 || !parse_v4(str_skip(s, from), out + n))
				return false;
			n += 4;
			break;
		}
		n += 2;
		if (i == s.n)
			break;
		if (s.p[i++] != ':' || i == s.n)
			return false;
		if (s.p[i] != ':')
			continue;
		if (gap != 17)
			return false;
		gap = n;
		i++;
	}
	if (gap == 17)
		return n == 16;
	if (n > 14)
		return false;
	memmove(out + 16 - (n - gap), out + gap, n - gap);
	memset(out + gap, 0, 16 - n);
	return true;
}

bool addr_parse(struct str s, struct addr *out)
{
	struct addr a;

	if (s.n < 2 || s.n >= ADDR_TEXT_MAX)
		return false;
	if (memchr(s.p, ':', s.n) != NULL) {
		if (!parse_v6(s, a.b))
			return false;
	} else {
		memcpy(a.b, v4_prefix, sizeof v4_prefix);
		if (!parse_v4(s, a.b + 12))
			return false;
	}
	*out = a;
	return true;
}

bool addr_is_v4(const struct addr *a)
{
	return memcmp(a->b, v4_prefix, sizeof v4_prefix) == 0;
}

int addr_cmp(const struct addr *a, const struct addr *b)
{
	return memcmp(a->b, b->b, sizeof a->b);
}

/* RFC 5952: the longest run of two or more zero groups, the first of equals, becomes "::". */
static void longest_zeros(const struct addr *a, int *at, int *len)
{
	*at = -1;
	*len = 1;
	for (int i = 0; i < 8; i++) {
		int j = i;

		while (j < 8 && load_be16(a->b + 2 * j) == 0)
			j++;
		if (j - i > *len) {
			*at = i;
			*len = j - i;
		}
		if (j > i)
			i = j - 1;
	}
}

const char *addr_text(const struct addr *a, char out[ADDR_TEXT_MAX])
{
	int at, len, n = 0;

	if (addr_is_v4(a)) {
		snprintf(out, ADDR_TEXT_MAX, "%u.%u.%u.%u", a->b[12], a->b[13], a->b[14], a->b[15]);
		return out;
	}
	longest_zeros(a, &at, &len);
	for (int i = 0; i < 8; i++) {
		if (i == at) {
			n += snprintf(out + n, (size_t)(ADDR_TEXT_MAX - n), "::");
			i += len - 1;
			continue;
		}
		const char *sep = n > 0 && out[n - 1] != ':' ? ":" : "";
		n += snprintf(out + n, (size_t)(ADDR_TEXT_MAX - n), "%s%x", sep,
			      load_be16(a->b + 2 * i));
	}
	return out;
}

/* Keep the first `bits` of lo, fill the rest with zeros there and with ones in hi. */
static void spread(struct range *r, unsigned bits)
{
	for (unsigned i = 0; i < 16; i++) {
		unsigned kept = bits >= 8 * (i + 1) ? 8 : bits <= 8 * i ? 0 : bits - 8 * i;
		uint8_t host = (uint8_t)(0xff >> kept);

		r->hi.b[i] = (uint8_t)(r->lo.b[i] | host);
		r->lo.b[i] = (uint8_t)(r->lo.b[i] & ~host);
	}
}

static bool parse_cidr(struct str s, size_t slash, struct range *out, struct err *why)
{
	struct range r;
	struct str base = str_sub(s, 0, slash);
	bool dotted = memchr(base.p, ':', base.n) == NULL;
	uint64_t bits;

	if (!addr_parse(base, &r.lo))
		return err_set(why, ERR_INPUT, 0, "not an IP address");
	if (!num_parse(str_skip(s, slash + 1), 0, dotted ? 32 : 128, &bits))
		return err_set(why, ERR_INPUT, slash + 1, "not a prefix length");
	spread(&r, (unsigned)bits + (dotted ? 96 : 0));
	*out = r;
	return true;
}

bool range_parse(struct str s, struct range *out, struct err *why)
{
	struct range r;
	size_t cut = str_find_char(s, '/');

	if (cut < s.n)
		return parse_cidr(s, cut, out, why);
	cut = str_find_char(s, '-');
	if (!addr_parse(str_trim(str_sub(s, 0, cut)), &r.lo))
		return err_set(why, ERR_INPUT, 0, "not an IP address");
	r.hi = r.lo;
	if (cut < s.n && !addr_parse(str_trim(str_skip(s, cut + 1)), &r.hi))
		return err_set(why, ERR_INPUT, cut + 1, "not an IP address");
	if (addr_is_v4(&r.lo) != addr_is_v4(&r.hi) || addr_cmp(&r.lo, &r.hi) > 0)
		return err_set(why, ERR_INPUT, cut + 1, "the range ends before it begins");
	*out = r;
	return true;
}

static bool within(const struct range *r, size_t n, const struct addr *a)
{
	for (size_t i = 0; i < n; i++)
		if (addr_cmp(a, &r[i].lo) >= 0 && addr_cmp(a, &r[i].hi) <= 0)
			return true;
	return false;
}

/* RFC 1918, RFC 6598, RFC 3927, loopback and this host; RFC 4193, RFC 4291 loopback, link-local. */
static bool is_private(const struct addr *a)
{
	const uint8_t *b = a->b + 12;

	if (addr_is_v4(a))
		return b[0] == 10 || b[0] == 127 || b[0] == 0 ||
		       (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168) ||
		       (b[0] == 169 && b[1] == 254) || (b[0] == 100 && (b[1] & 0xc0) == 64);
	if ((a->b[0] & 0xfe) == 0xfc || (a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80))
		return true;
	for (int i = 0; i < 15; i++)
		if (a->b[i] != 0)
			return false;
	return a->b[15] <= 1;
}

bool addr_is_inside(const struct own_ranges *own, const struct addr *a)
{
	if (is_private(a))
		return true;
	return own != NULL &&
	       (within(own->inside, own->n_inside, a) || within(own->public, own->n_public, a));
}

bool addr_is_own_public(const struct own_ranges *own, const struct addr *a)
{
	return own != NULL && within(own->public, own->n_public, a);
}
