/* SPDX-License-Identifier: Apache-2.0 */
/* version_rpm.c - [epoch:]version[-release] in the order of rpmvercmp(). */
#include "vuln/version_int.h"

bool rpm_version_check(struct str v, struct err *why)
{
	struct str rest = v, epoch;

	(void)take_epoch(&rest, &epoch); /* "a:1" is a version without an epoch */
	if (rest.n == 0)
		return err_set(why, ERR_INPUT, v.n, "'%.*s' has nothing behind its epoch",
			       STR_ARG(v));
	return true;
}

static bool counts(char c)
{
	return ascii_digit(c) || ascii_alpha(c) || c == '~' || c == '^';
}

/* What stands next, in its order: a tilde, the end, a caret, letters, digits. */
enum next { TILDE, END, CARET, LETTERS, DIGITS };

static enum next skip_to_next(struct str *s)
{
	while (s->n > 0 && !counts(s->p[0]))
		*s = str_skip(*s, 1);
	if (s->n == 0)
		return END;
	if (s->p[0] == '~')
		return TILDE;
	if (s->p[0] == '^')
		return CARET;
	return ascii_digit(s->p[0]) ? DIGITS : LETTERS;
}

static struct str take_letters(struct str *s)
{
	size_t n = 0;

	while (n < s->n && ascii_alpha(s->p[n]))
		n++;
	struct str letters = str_sub(*s, 0, n);
	*s = str_skip(*s, n);
	return letters;
}

static int part_compare(struct str a, struct str b)
{
	for (;;) {
		enum next x = skip_to_next(&a), y = skip_to_next(&b);
		int diff = 0;

		if (x != y)
			return x < y ? -1 : 1;
		if (x == END)
			return 0;
		if (x == DIGITS) {
			struct str m = take_digits(&a), n = take_digits(&b);

			diff = digits_compare(m, n);
		} else if (x == LETTERS) {
			struct str m = take_letters(&a), n = take_letters(&b);

			diff = str_cmp(m, n);
		} else {
			a = str_skip(a, 1);
			b = str_skip(b, 1);
		}
		if (diff != 0)
			return diff;
	}
}

int rpm_version_compare(struct str a, struct str b)
{
	struct str epoch_a, epoch_b, release_a, release_b;

	(void)take_epoch(&a, &epoch_a);
	(void)take_epoch(&b, &epoch_b);
	int has_a = take_release(&a, &release_a), has_b = take_release(&b, &release_b);
	int diff = digits_compare(epoch_a, epoch_b);
	if (diff == 0)
		diff = part_compare(a, b);
	if (diff == 0)
		diff = has_a - has_b; /* "1" is older than any release of 1 */
	return diff != 0 ? diff : part_compare(release_a, release_b);
}
