/* SPDX-License-Identifier: Apache-2.0 */
/* version_int.h - one order a file, and what they share. */
#ifndef VULN_VERSION_INT_H
#define VULN_VERSION_INT_H

#include "vuln/version.h"

bool debian_version_check(struct str v, struct err *why);
int debian_version_compare(struct str a, struct str b);
bool rpm_version_check(struct str v, struct err *why);
int rpm_version_compare(struct str a, struct str b);
bool apk_version_check(struct str v, struct err *why);
int apk_version_compare(struct str a, struct str b);
bool semver_version_check(struct str v, struct err *why);
int semver_version_compare(struct str a, struct str b);

/* Take the digits that *s begins with, maybe none. */
static inline struct str take_digits(struct str *s)
{
	size_t n = 0;

	while (n < s->n && ascii_digit(s->p[n]))
		n++;
	struct str digits = str_sub(*s, 0, n);
	*s = str_skip(*s, n);
	return digits;
}

/* Two runs of digits as numbers; none is 0. */
static inline int digits_compare(struct str a, struct str b)
{
	while (a.n > 0 && a.p[0] == '0')
		a = str_skip(a, 1);
	while (b.n > 0 && b.p[0] == '0')
		b = str_skip(b, 1);
	return a.n != b.n ? (a.n < b.n ? -1 : 1) : str_cmp(a, b);
}

/* Take "12:" off the front; without one the epoch is empty, which is 0. False: what stands before
 * the colon is no number, and nothing was taken. */
static inline bool take_epoch(struct str *s, struct str *epoch)
{
	struct str rest = *s;

	*epoch = take_digits(&rest);
	if (epoch->n > 0 && rest.n > 0 && rest.p[0] == ':') {
		*s = str_skip(rest, 1);
		return true;
	}
	epoch->n = 0;
	return str_find_char(*s, ':') == s->n;
}

/* Split at the last '-': false when there is none, and *release is empty. */
static inline bool take_release(struct str *s, struct str *release)
{
	size_t at = s->n;

	*release = str_sub(*s, s->n, s->n);
	while (at > 0 && s->p[at - 1] != '-')
		at--;
	if (at == 0)
		return false;
	*release = str_skip(*s, at);
	*s = str_sub(*s, 0, at - 1);
	return true;
}

#endif
