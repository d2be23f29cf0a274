/* SPDX-License-Identifier: Apache-2.0 */
#include "base/inet.h"

#include "base/num.h"

#include <arpa/inet.h>
#include <stdio.h>

static enum inet_is sort4(const unsigned char b[4])
{
	if (b[0] == 0 || b[0] == 127 || b[0] >= 224)
		return INET_NONE;
	return b[0] == 169 && b[1] == 254 ? INET_LINK : INET_HOST;
}

static enum inet_is sort6(const unsigned char b[16])
{
	static const unsigned char loopback[16] = { [15] = 1 }, none[16] = { 0 };

	if (b[0] == 0xff || memcmp(b, loopback, 16) == 0 || memcmp(b, none, 16) == 0)
		return INET_NONE;
	return b[0] == 0xfe && (b[1] & 0xc0) == 0x80 ? INET_LINK : INET_HOST;
}

static enum inet_is text4(const unsigned char b[4], char out[INET_TEXT_MAX])
{
	enum inet_is is = sort4(b);

	if (is != INET_NONE)
		snprintf(out, INET_TEXT_MAX, "%u.%u.%u.%u", b[0], b[1], b[2], b[3]);
	return is;
}

enum inet_is inet_text(struct str s, char out[INET_TEXT_MAX])
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	char z[INET_TEXT_MAX];
	unsigned char b[16];

	s = str_sub(s, 0, str_find_char(s, '%')); /* the zone of an fe80:: */
	if (s.n == 0 || s.n >= sizeof z || memchr(s.p, '\0', s.n) != NULL)
		return INET_NONE;
	memcpy(z, s.p, s.n);
	z[s.n] = '\0';
	if (inet_pton(AF_INET, z, b) == 1)
		return text4(b, out);
	if (inet_pton(AF_INET6, z, b) != 1)
		return INET_NONE;
	if (memcmp(b, mapped, sizeof mapped) == 0)
		return text4(b + sizeof mapped, out);
	enum inet_is is = sort6(b);
	if (is != INET_NONE && inet_ntop(AF_INET6, b, out, INET_TEXT_MAX) == NULL)
		is = INET_NONE;
	return is;
}

/* The bytes of hexadecimal pairs, signs between them left out; 0: something else. */
static size_t hex_bytes(struct str s, unsigned char *out, size_t most)
{
	size_t digits = 0;
	uint64_t v;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == ':' || s.p[i] == '-' || s.p[i] == '.')
			continue;
		if (digits == 2 * most || !num_parse_hex(str_sub(s, i, i + 1), 15, &v))
			return 0;
		out[digits / 2] = (unsigned char)(digits % 2 == 0 ? v << 4 : out[digits / 2] | v);
		digits++;
	}
	return digits % 2 == 0 ? digits / 2 : 0;
}

bool mac_text(struct str s, char out[MAC_TEXT_MAX])
{
	static const unsigned char none[6] = { 0 };
	unsigned char b[7];
	size_t n = hex_bytes(s, b, sizeof b);
	const unsigned char *mac = n == 7 && b[0] == 1 ? b + 1 : b;

	if ((n != 6 && mac == b) || (mac[0] & 1) || memcmp(mac, none, sizeof none) == 0)
		return false;
	snprintf(out, MAC_TEXT_MAX, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
		 mac[4], mac[5]);
	return true;
}
