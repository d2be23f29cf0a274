/* SPDX-License-Identifier: Apache-2.0 */
/*
 * indicator_plain.c - lists are millions of lines that are nearly all plain: what a line is made of
 * tells which form it can have.
 *
 * Invariant: in doubt it declines, and the forms of indicator.c decide; indicator_test.c holds both
 * together.
 */
#include "detect/indicator_int.h"

#include "detect/domain.h"
#include "detect/file_name.h"

enum { OTHER, DIGIT = 1, HEX = 2, LETTER = 4, DOT = 8, DASH = 16 };

static const uint8_t classes[256] = {
	['0' ... '9'] = DIGIT,  ['a' ... 'f'] = HEX, ['A' ... 'F'] = HEX, ['g' ... 'z'] = LETTER,
	['G' ... 'Z'] = LETTER, ['.'] = DOT,         ['-'] = DASH,        ['_'] = DASH,
};

static bool plain_digest(struct str s, struct indicator *out)
{
	struct indicator x = { .text = s };

	switch (s.n) {
	case 2 * HASH_MD5_LEN:
		x.type = IND_MD5;
		break;
	case 2 * HASH_SHA1_LEN:
		x.type = IND_SHA1;
		break;
	case 2 * HASH_SHA256_LEN:
		x.type = IND_SHA256;
		break;
	default:
		return false;
	}
	if (!hash_hex_parse(s, x.hash, s.n / 2))
		return false;
	*out = x;
	return true;
}

static bool plain_v4(struct str s, struct indicator *out)
{
	struct indicator x = { .type = IND_IP, .text = s };

	if (!addr_parse(s, &x.range.lo))
		return false;
	x.range.hi = x.range.lo;
	x.notes = addr_is_inside(NULL, &x.range.lo) ? IND_PRIVATE : 0;
	*out = x;
	return true;
}

/* Labels of 1 to DOMAIN_LABEL_MAX bytes, the last with a letter in it. */
static bool plain_name(struct arena *a, struct str s, struct indicator *out)
{
	struct arena before = *a;
	char *p = s.n <= DOMAIN_MAX ? arena_bytes(a, s.n + 1) : NULL;
	size_t label = 0;
	bool letter = false;

	for (size_t i = 0; p != NULL && i < s.n; i++) {
		p[i] = ascii_lower(s.p[i]);
		if (s.p[i] != '.') {
			label++;
			letter |= ascii_alpha(s.p[i]);
			continue;
		}
		if (label == 0 || label > DOMAIN_LABEL_MAX)
			break;
		label = 0;
		letter = false;
	}
	if (p == NULL || !letter || label > DOMAIN_LABEL_MAX || s.p[s.n - 1] == '.') {
		*a = before;
		return false;
	}
	p[s.n] = '\0';
	*out = (struct indicator){ .type = IND_DOMAIN, .text = { p, s.n } };
	return true;
}

bool indicator_plain(struct arena *a, struct str s, struct indicator *out)
{
	unsigned is = 0;

	if (s.n > DOMAIN_MAX)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned class = classes[(unsigned char)s.p[i]];

		if (class == OTHER)
			return false;
		is |= class;
	}
	if ((is & ~(unsigned)(DIGIT | HEX)) == 0)
		return plain_digest(s, out);
	if (is == (DIGIT | DOT))
		return plain_v4(s, out);
	struct str name;

	/* "hxx" is told as defanged; "a.exe" is a file */
	return (is & DOT) != 0 && !str_starts_nocase(s, STR("hxx")) && !file_claims(s, &name) &&
	       plain_name(a, s, out);
}
