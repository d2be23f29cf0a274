/* SPDX-License-Identifier: Apache-2.0 */
/* version_debian.c - [epoch:]upstream[-revision], deb-version(7). */
#include "vuln/version_int.h"

bool debian_version_check(struct str v, struct err *why)
{
	struct str rest = v, epoch;

	if (!take_epoch(&rest, &epoch))
		return err_set(why, ERR_INPUT, 0, "the epoch of '%.*s' is no number", STR_ARG(v));
	if (rest.n == 0)
		return err_set(why, ERR_INPUT, v.n, "'%.*s' has nothing behind its epoch",
			       STR_ARG(v));
	return true;
}

/* '~' before the end, the end and digits before letters, letters before all else. */
static int weight(struct str s)
{
	unsigned char c = s.n > 0 ? (unsigned char)s.p[0] : '0';

	if (c == '~')
		return -1;
	if (ascii_digit((char)c))
		return 0;
	return ascii_alpha((char)c) ? c : c + 256;
}

static bool at_text(struct str s)
{
	return s.n > 0 && !ascii_digit(s.p[0]);
}

static int part_compare(struct str a, struct str b)
{
	while (a.n > 0 || b.n > 0) {
		while (at_text(a) || at_text(b)) {
			int diff = weight(a) - weight(b);

			if (diff != 0)
				return diff;
			a = str_skip(a, 1);
			b = str_skip(b, 1);
		}
		struct str x = take_digits(&a), y = take_digits(&b);
		int diff = digits_compare(x, y);
		if (diff != 0)
			return diff;
	}
	return 0;
}

int debian_version_compare(struct str a, struct str b)
{
	struct str epoch_a, epoch_b, revision_a, revision_b;

	(void)take_epoch(&a, &epoch_a);
	(void)take_epoch(&b, &epoch_b);
	(void)take_release(&a, &revision_a);
	(void)take_release(&b, &revision_b);
	int diff = digits_compare(epoch_a, epoch_b);
	if (diff == 0)
		diff = part_compare(a, b);
	return diff != 0 ? diff : part_compare(revision_a, revision_b);
}
