/* SPDX-License-Identifier: Apache-2.0 */
/*
 * domain.c - label by label: ASCII is lowered, Unicode is folded and encoded as RFC 3492 says.
 *
 * Invariant: a label is written only after it is known to fit in what is left of `out`.
 */
#include "detect/domain.h"

#include "base/utf8.h"

enum { PUNY_BASE = 36, PUNY_TMIN = 1, PUNY_TMAX = 26, PUNY_SKEW = 38, PUNY_DAMP = 700 };

bool domain_char(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

/* RFC 3492 section 6.1 */
static uint32_t adapt(uint32_t delta, uint32_t points, bool first)
{
	uint32_t k = 0;

	delta = first ? delta / PUNY_DAMP : delta / 2;
	delta += delta / points;
	for (; delta > ((PUNY_BASE - PUNY_TMIN) * PUNY_TMAX) / 2; k += PUNY_BASE)
		delta /= PUNY_BASE - PUNY_TMIN;
	return k + (PUNY_BASE - PUNY_TMIN + 1) * delta / (delta + PUNY_SKEW);
}

static char puny_digit(uint32_t d)
{
	return (char)(d < 26 ? 'a' + (int)d : '0' + (int)(d - 26));
}

struct puny {
	char *out;
	size_t n, cap;
	uint32_t bias;
};

static void puny_put(struct puny *p, char c)
{
	if (p->n < p->cap)
		p->out[p->n] = c;
	p->n++;
}

/* One delta as a variable-length integer. */
static void puny_delta(struct puny *p, uint32_t q)
{
	for (uint32_t k = PUNY_BASE;; k += PUNY_BASE) {
		uint32_t t = k <= p->bias ? PUNY_TMIN : k - p->bias;

		if (t > PUNY_TMAX)
			t = PUNY_TMAX;
		if (q < t)
			break;
		puny_put(p, puny_digit(t + (q - t) % (PUNY_BASE - t)));
		q = (q - t) / (PUNY_BASE - t);
	}
	puny_put(p, puny_digit(q));
}

/* The smallest code point that is not below `from`. */
static uint32_t next_point(const uint32_t *cp, size_t n, uint32_t from)
{
	uint32_t least = UINT32_MAX;

	for (size_t i = 0; i < n; i++)
		if (cp[i] >= from && cp[i] < least)
			least = cp[i];
	return least;
}

/* RFC 3492 section 6.3; at most DOMAIN_LABEL_MAX code points, so nothing overflows. */
static bool puny_encode(const uint32_t *cp, size_t n, struct puny *p)
{
	uint32_t at = 0x80, delta = 0, done = 0, basic;

	for (size_t i = 0; i < n; i++)
		if (cp[i] < 0x80) {
			puny_put(p, (char)cp[i]);
			done++;
		}
	basic = done;
	if (basic > 0)
		puny_put(p, '-');
	p->bias = 72;
	while (done < n) {
		uint32_t least = next_point(cp, n, at);

		delta += (least - at) * (done + 1);
		at = least;
		for (size_t i = 0; i < n; i++) {
			if (cp[i] < at)
				delta++;
			if (cp[i] != at)
				continue;
			puny_delta(p, delta);
			p->bias = adapt(delta, done + 1, done == basic);
			delta = 0;
			done++;
		}
		delta++;
		at++;
	}
	return p->n <= p->cap;
}

/* Letters, digits and marks of other scripts; controls, blanks and punctuation are no label. */
static bool idn_point(uint32_t cp)
{
	if (cp < 0x80)
		return domain_char((char)cp);
	return cp != UTF8_BAD && cp >= 0xAA && cp != 0xAB && (cp < 0xBB || cp > 0xBF) &&
	       cp != 0xD7 && cp != 0xF7 && (cp < 0x2000 || cp >= 0x2C00) &&
	       (cp < 0x3000 || cp > 0x3004) && (cp < 0x3008 || cp > 0x3020) &&
	       (cp < 0xE000 || cp > 0xF8FF) && (cp < 0xFE00 || cp > 0xFE6F) &&
	       (cp < 0xFF00 || cp > 0xFF0F) && cp != 0xFEFF && cp < 0xFFF0;
}

static bool label_unicode(struct str s, size_t at, struct puny *p, struct err *why)
{
	uint32_t cp[DOMAIN_LABEL_MAX];
	size_t n = 0;

	for (size_t i = 0; i < s.n;) {
		size_t from = i;
		uint32_t c;

		i = utf8_next(s, i, &c);
		if (!idn_point(c))
			return err_set(why, ERR_INPUT, at + from, "not a character of a name");
		c = utf8_fold_case_cp(c);
		uint32_t one = n > 0 ? utf8_compose_vi(cp[n - 1], c) : 0;

		if (one != 0) {
			cp[n - 1] = one;
			continue;
		}
		if (n == COUNT(cp))
			return err_set(why, ERR_INPUT, at, "a label longer than %d bytes",
				       DOMAIN_LABEL_MAX);
		cp[n++] = c;
	}
	memcpy(p->out, "xn--", 4);
	p->n = 4;
	if (!puny_encode(cp, n, p))
		return err_set(why, ERR_INPUT, at, "a label longer than %d bytes",
			       DOMAIN_LABEL_MAX);
	return true;
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

/* One label to out[cap]; *n its length there. */
static bool label_normal(struct str s, size_t at, struct puny *p, struct err *why)
{
	if (s.n == 0)
		return err_set(why, ERR_INPUT, at, "an empty label");
	if (!is_ascii(s))
		return label_unicode(s, at, p, why);
	if (s.n > p->cap)
		return err_set(why, ERR_INPUT, at, "a label longer than %d bytes",
			       DOMAIN_LABEL_MAX);
	for (size_t i = 0; i < s.n; i++) {
		if (!domain_char(s.p[i]))
			return err_set(why, ERR_INPUT, at + i, "not a character of a name");
		p->out[i] = ascii_lower(s.p[i]);
	}
	p->n = s.n;
	return true;
}

static bool any_letter(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ascii_alpha(p[i]))
			return true;
	return false;
}

bool domain_normal(struct str s, char out[DOMAIN_MAX], size_t *n, bool *idn, struct err *why)
{
	char buf[DOMAIN_MAX + 1];
	size_t to = 0, labels = 0, last = 0, from = str_starts(s, STR("*.")) ? 2 : 0;
	struct str label;

	if (from == 0 && str_starts(s, STR(".")))
		from = 1;
	if (s.n > from && s.p[s.n - 1] == '.')
		s.n--;
	struct str rest = str_skip(s, from);

	for (size_t at = from; str_split(&rest, '.', &label); at += label.n + 1) {
		char piece[DOMAIN_LABEL_MAX];
		struct puny p = { .out = piece, .cap = sizeof piece };

		if (!label_normal(label, at, &p, why))
			return false;
		if (to + p.n + 1 > sizeof buf)
			return err_set(why, ERR_INPUT, at, "a name longer than %d bytes",
				       DOMAIN_MAX);
		last = to;
		memcpy(buf + to, piece, p.n);
		to += p.n;
		buf[to++] = '.';
		labels++;
	}
	if (labels < 2)
		return err_set(why, ERR_INPUT, 0, "a single label would match everything below it");
	if (!any_letter(buf + last, to - 1 - last))
		return err_set(why, ERR_INPUT, 0, "neither an address nor a domain name");
	*n = to - 1;
	memcpy(out, buf, *n);
	*idn = !is_ascii(s);
	return true;
}
