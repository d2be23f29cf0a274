/* SPDX-License-Identifier: Apache-2.0 */
/*
 * regex_needs.c - of a sequence the rarest run of letters or the needs of one group; of alternatives the
 * needs of all.
 *
 * Invariant: whatever is not understood ends the search with nothing (`lost`), and every piece that is
 * found stands unbroken in each match of the part it was found in.
 */
#include "detect/regex_needs.h"

#include "detect/guard.h"

enum { DEPTH_MAX = 24 };

struct scan {
	struct arena *a;
	struct str s;
	size_t at;
	bool lost, full;
};

/* The needs of a part as they come. */
struct part {
	struct regex_needs best;
	double odds; /* of best */
	char run[REGEX_NEED_LEN_MAX];
	size_t n_run;
};

static bool at_end(const struct scan *s)
{
	return s->at >= s->s.n;
}

static char peek(const struct scan *s, size_t ahead)
{
	return s->at + ahead < s->s.n ? s->s.p[s->at + ahead] : '\0';
}

static double odds_of(const struct regex_needs *needs)
{
	double sum = 0;

	for (size_t i = 0; i < needs->n; i++)
		sum += text_odds(needs->text[i]) + 0.0005;
	return sum;
}

/* Take these needs when they say more than those known so far. */
static void offer(struct part *p, const struct regex_needs *needs)
{
	if (needs->n == 0 || (p->best.n > 0 && odds_of(needs) >= p->odds))
		return;
	p->best = *needs;
	p->odds = odds_of(needs);
}

/* The run ends here. */
static void end_run(struct scan *s, struct part *p)
{
	struct regex_needs one = { .n = 1 };

	if (p->n_run > 0) {
		one.text[0] = arena_str(s->a, (struct str){ p->run, p->n_run });
		if (one.text[0].p == NULL)
			s->full = true;
		else
			offer(p, &one);
	}
	p->n_run = 0;
}

static void add_char(struct scan *s, struct part *p, char c)
{
	if (p->n_run == sizeof p->run)
		end_run(s, p);
	p->run[p->n_run++] = ascii_lower(c);
}

/* How often what stands before may be there. */
enum times { ONCE, MAYBE, OFTEN };

/* "{3}", "{3,}" or "{3,5}" at s->at; its least count, or -1 when a brace stands for itself. */
static int braces(struct scan *s)
{
	size_t i = 1;
	int least = 0;

	for (; ascii_digit(peek(s, i)) && i < 6; i++)
		least = least * 10 + (peek(s, i) - '0');
	if (i == 1) {
		/* later versions take {,n} and blanks */
		s->lost = s->lost || peek(s, 1) == ',' || peek(s, 1) == ' ';
		return -1;
	}
	if (peek(s, i) == ',')
		for (i++; ascii_digit(peek(s, i)) && i < 12; i++)
			;
	if (peek(s, i) != '}') {
		s->lost = true;
		return -1;
	}
	s->at += i + 1;
	return least;
}

static enum times quantifier(struct scan *s)
{
	enum times t = ONCE;
	char c = peek(s, 0);

	if (at_end(s))
		return ONCE;
	if (c == '{') {
		int least = braces(s);

		if (least < 0)
			return ONCE;
		t = least == 0 ? MAYBE : OFTEN;
	} else if (c == '*' || c == '?') {
		t = MAYBE;
		s->at++;
	} else if (c == '+') {
		t = OFTEN;
		s->at++;
	} else {
		return ONCE;
	}
	if (peek(s, 0) == '?' || peek(s, 0) == '+')
		s->at++;
	return t;
}

/* A letter that stands for itself, just stepped over. */
static void literal(struct scan *s, struct part *p, char c)
{
	enum times t;

	if ((unsigned char)c >= 0x80) {
		end_run(s, p);
		while (!at_end(s) && ((unsigned char)peek(s, 0) & 0xC0) == 0x80)
			s->at++;
		(void)quantifier(s);
		return;
	}
	t = quantifier(s);
	if (t == MAYBE) {
		end_run(s, p);
		return;
	}
	add_char(s, p, c);
	if (t == OFTEN) {
		end_run(s, p);
		add_char(s, p, c); /* the last of them, before what follows */
	}
}

/* Something of one place or none that is no text. */
static void other(struct scan *s, struct part *p)
{
	end_run(s, p);
	(void)quantifier(s);
}

/* Behind a backslash. */
static void escape(struct scan *s, struct part *p)
{
	char c = peek(s, 0);

	if (at_end(s)) {
		s->lost = true;
		return;
	}
	s->at++;
	if (!ascii_alpha(c) && !ascii_digit(c) && (unsigned char)c < 0x80)
		literal(s, p, c);
	else if (c != '\0' && strchr("bBdDwWsSnrtAzZ", c) != NULL)
		other(s, p);
	else
		s->lost = true;
}

/* From behind '[' up to behind its ']'. */
static void class(struct scan *s)
{
	if (peek(s, 0) == '^')
		s->at++;
	if (peek(s, 0) == ']')
		s->at++;
	while (!at_end(s) && peek(s, 0) != ']') {
		if (peek(s, 0) == '[' &&
		    (peek(s, 1) == ':' || peek(s, 1) == '.' || peek(s, 1) == '='))
			s->lost = true;
		if (peek(s, 0) == '\\') {
			char c = peek(s,
				      1); /* \Q, \E, and \c, which takes what follows, even a ']' */

			s->lost = s->lost || c == 'Q' || c == 'E' || c == 'c';
			s->at++;
		}
		s->at++;
	}
	s->lost = s->lost || at_end(s);
	s->at++;
}

enum group { GROUP_PLAIN, GROUP_ASIDE /* looks around: takes no place */, GROUP_FLAGS };

/* "?<name>" and "?P<name>", s->at on the first letter of the name. */
static enum group group_name(struct scan *s)
{
	while (!at_end(s) &&
	       (ascii_alpha(peek(s, 0)) || ascii_digit(peek(s, 0)) || peek(s, 0) == '_'))
		s->at++;
	s->lost = s->lost || peek(s, 0) != '>';
	s->at++;
	return GROUP_PLAIN;
}

/* "?i)" and "?i:", s->at on the first flag. */
static enum group group_flags(struct scan *s)
{
	while (peek(s, 0) == 'i' || peek(s, 0) == 'm' || peek(s, 0) == 's')
		s->at++;
	if (peek(s, 0) != ')' && peek(s, 0) != ':')
		s->lost = true;
	return peek(s, 0) == ')' ? GROUP_FLAGS : (s->at++, GROUP_PLAIN);
}

/* What stands behind '(' before the group's own text. */
static enum group group_head(struct scan *s)
{
	char c = peek(s, 1), next = peek(s, 2);

	s->lost = s->lost || peek(s, 0) == '*';
	if (peek(s, 0) != '?')
		return GROUP_PLAIN;
	s->at += 2;
	if (c == ':' || c == '>')
		return GROUP_PLAIN;
	if (c == '=' || c == '!')
		return GROUP_ASIDE;
	if (c == '<' && (next == '=' || next == '!')) {
		s->at++;
		return GROUP_ASIDE;
	}
	if (c == '<')
		return group_name(s);
	if (c == 'P' && next == '<') {
		s->at++;
		return group_name(s);
	}
	s->at--;
	return group_flags(s);
}

static void alternatives(struct scan *s, struct regex_needs *out, unsigned depth);

/* From behind '(' up to behind its ')'. */
static void group(struct scan *s, struct part *p, unsigned depth)
{
	struct regex_needs inner = { 0 };
	enum group kind = group_head(s);

	end_run(s, p);
	if (s->lost || depth == 0) {
		s->lost = true;
		return;
	}
	if (kind != GROUP_FLAGS)
		alternatives(s, &inner, depth - 1);
	s->lost = s->lost || peek(s, 0) != ')';
	s->at++;
	if (quantifier(s) != MAYBE && kind == GROUP_PLAIN)
		offer(p, &inner);
}

static void sequence(struct scan *s, struct regex_needs *out, unsigned depth)
{
	struct part p = { 0 };

	while (!at_end(s) && !s->lost && !s->full && peek(s, 0) != '|' && peek(s, 0) != ')') {
		char c = s->s.p[s->at++];

		if (c == '\\')
			escape(s, &p);
		else if (c == '(')
			group(s, &p, depth);
		else if (c == '[') {
			class(s);
			other(s, &p);
		} else if (c == '.' || c == '^' || c == '$')
			other(s, &p);
		else if (c == '*' || c == '+' || c == '?')
			s->lost = true;
		else
			literal(s, &p, c);
	}
	end_run(s, &p);
	*out = p.best;
}

static void alternatives(struct scan *s, struct regex_needs *out, unsigned depth)
{
	struct regex_needs all = { 0 }, one;
	bool free = false; /* one of them needs nothing */

	do {
		sequence(s, &one, depth);
		free = free || one.n == 0 || all.n + one.n > REGEX_NEEDS_MAX;
		for (size_t i = 0; !free && i < one.n; i++)
			all.text[all.n++] = one.text[i];
	} while (!s->lost && !s->full && peek(s, 0) == '|' && s->at++ < s->s.n);
	if (!free)
		*out = all;
}

bool regex_needs_find(struct arena *a, struct str regex, struct regex_needs *out)
{
	struct scan s = { .a = a, .s = regex };
	struct regex_needs found = { 0 };

	out->n = 0;
	alternatives(&s, &found, DEPTH_MAX);
	if (!s.lost && !s.full && at_end(&s))
		*out = found;
	return !s.full;
}
