/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guard.c - of an `and` the guard of one kid is enough, of an `or` those of all kids are needed; `not`
 * turns one into the other, and a negated atom guards nothing but where it says that a field is there.
 *
 * Invariant: choose() and collect() walk the same way, so that what was chosen is what is collected.
 */
#include "detect/guard.h"

#include "base/utf8.h"

#define NEVER_A_GUARD 1e9
enum { WORK_MAX = 1 << 18, GUARDS_MAX = 1 << 16 };

/* What ordinary events are full of: a piece of this says little. */
static const char ordinary[] =
	"c:\\windows\\system32\\svchost.exe -k netsvcs -p -s c:\\windows\\syswow64\\cmd.exe /c "
	"c:\\windows\\system32\\windowspowershell\\v1.0\\powershell.exe -noprofile -executionpolicy "
	"bypass -command c:\\windows\\explorer.exe c:\\program files (x86)\\microsoft\\ "
	"c:\\programdata\\ c:\\users\\public\\appdata\\local\\temp\\ \\appdata\\roaming\\ "
	"c:\\windows\\temp\\ rundll32.exe conhost.exe services.exe lsass.exe wmiprvse.exe "
	"taskhostw.exe explorer.exe .dll .exe .ps1 .bat .sys .tmp .log .txt "
	"hklm\\system\\currentcontrolset\\services\\ hklm\\software\\microsoft\\windows nt\\"
	"currentversion\\ hkcu\\software\\microsoft\\windows\\currentversion\\run\\ "
	"\\software\\wow6432node\\ microsoft\\windows\\ microsoft corporation nt authority\\system "
	"administrator security system microsoft-windows- function param write-host get-item -object "
	"https://www. http:// /usr/bin/ /bin/bash /bin/sh /var/log/ /etc/ /tmp/ /home/ root "
	"get post index.php ?id= 127.0.0.1 user name failed password for from port ssh2 success "
	"failure true false 0x0 0x1 service.exe - - -";

double text_odds(struct str folded)
{
	static const double by_length[] = { 1.0, 0.5, 0.2, 0.08, 0.02, 0.008, 0.004 };
	double odds = by_length[folded.n < COUNT(by_length) ? folded.n : COUNT(by_length) - 1];

	for (size_t i = 0; i < folded.n; i++)
		if ((unsigned char)folded.p[i] >= 0x80)
			return odds / 20;
	return str_find((struct str){ ordinary, sizeof ordinary - 1 }, folded) < sizeof ordinary - 1
		       ? odds * 0.5 + 0.2
		       : odds;
}

static bool all_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_digit(s.p[i]))
			return false;
	return s.n > 0;
}

static double odds(const struct guard *g)
{
	double any = g->field == FIELD_ANY ? 4 : 1;

	switch ((enum guard_kind)g->kind) {
	case GUARD_EQUAL:
		if (all_digits(g->text))
			return 0.05;
		return g->text.n == 0 ? 0.2 : text_odds(g->text) / 4 + 0.0001;
	case GUARD_STARTS:
	case GUARD_ENDS:
		return text_odds(g->text) / 2 + 0.0002;
	case GUARD_HOLDS:
		return any * (text_odds(g->text) + 0.0005);
	default:
		return g->field == FIELD_ANY ? NEVER_A_GUARD : 0.8;
	}
}

static bool all_ascii(const struct pattern *p)
{
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; p->piece[i].kind == PIECE_TEXT && k < p->piece[i].text.n; k++)
			if ((unsigned char)p->piece[i].text.p[k] >= 0x80)
				return false;
	return true;
}

/* What a pattern asks of a value, as one piece of text; GUARD_THERE when it asks for none. */
static struct guard pattern_guard(const struct pattern *p, uint32_t field)
{
	struct guard best = { STR(""), field, GUARD_THERE };
	double least = 2;

	if (p->n == 0)
		return (struct guard){ STR(""), field, GUARD_EQUAL };
	for (size_t i = 0; i < p->n; i++) {
		bool front = i == 0, back = i + 1 == p->n;
		struct guard g = { p->piece[i].text, field, GUARD_HOLDS };

		if (p->piece[i].kind != PIECE_TEXT)
			continue;
		if (field != FIELD_ANY && (front || back))
			g.kind = front && back ? GUARD_EQUAL : front ? GUARD_STARTS : GUARD_ENDS;
		double few = odds(&g);

		if (few < least) {
			least = few;
			best = g;
		}
	}
	return best;
}

/* False where the atom guards nothing. Expressions have guards of their own. */
static bool atom_guard(const struct atom *at, bool negated, struct guard *out)
{
	*out = (struct guard){ STR(""), at->field, GUARD_THERE };
	if (negated)
		return at->kind == ATOM_NULL;
	if (at->kind == ATOM_NULL)
		return false;
	/* Folding changes bytes beyond ASCII by what stands around them: such a piece of `cased` text
	 * need not be in the folded value. */
	if (at->kind == ATOM_PATTERN && (!at->cased || all_ascii(&at->pattern)))
		*out = pattern_guard(&at->pattern, at->field);
	return out->kind != GUARD_THERE || at->field != FIELD_ANY;
}

/* An expression that needs some texts. */
static bool is_needy(const struct atom *at, bool negated)
{
	return at->kind == ATOM_REGEX && at->n_needs > 0 && !negated;
}

static struct guard need_guard(const struct atom *at, size_t i)
{
	return (struct guard){ at->need[i], at->field, GUARD_HOLDS };
}

static double needs_odds(const struct atom *at)
{
	double sum = 0;

	for (size_t i = 0; i < at->n_needs; i++) {
		struct guard g = need_guard(at, i);

		sum += odds(&g);
	}
	return sum;
}

struct search {
	struct arena *a;
	size_t work;
	struct guard *guard;
	size_t n, cap;
	bool full;
};

/* The expected number of guards of `v` that an event meets; NEVER_A_GUARD or more: it has none. */
static double choose(struct search *s, const struct node *v,
		     bool negated) /* at most as deep as a condition */
{
	struct guard g;

	if (++s->work > WORK_MAX)
		return NEVER_A_GUARD;
	if (v->kind == NODE_ATOM && is_needy(v->atom, negated))
		return needs_odds(v->atom);
	if (v->kind == NODE_ATOM)
		return atom_guard(v->atom, negated, &g) ? odds(&g) : NEVER_A_GUARD;
	if (v->kind == NODE_NOT)
		return choose(s, v->kid[0], !negated);
	bool one_is_enough = (v->kind == NODE_AND) != negated;
	double sum = one_is_enough ? 2 * NEVER_A_GUARD : 0;
	for (uint32_t i = 0; i < v->n; i++) {
		double kid = choose(s, v->kid[i], negated);

		if (!one_is_enough)
			sum += kid;
		else if (kid < sum)
			sum = kid;
	}
	return sum;
}

static void keep(struct search *s, struct guard g)
{
	if (s->n == s->cap) {
		size_t cap = s->cap == 0 ? 8 : 2 * s->cap;
		struct guard *grown = cap > GUARDS_MAX ? NULL : NEW(s->a, struct guard, cap);

		if (grown == NULL) {
			s->full = true;
			return;
		}
		if (s->n > 0)
			memcpy(grown, s->guard, s->n * sizeof *grown);
		s->guard = grown;
		s->cap = cap;
	}
	s->guard[s->n++] = g;
}

static void collect_atom(struct search *s, const struct atom *at, bool negated)
{
	struct guard g;

	for (size_t i = 0; is_needy(at, negated) && i < at->n_needs; i++)
		keep(s, need_guard(at, i));
	if (is_needy(at, negated))
		return;
	if (atom_guard(at, negated, &g))
		keep(s, g);
	else
		s->full = true;
}

static void collect(struct search *s, const struct node *v, bool negated)
{
	uint32_t best = 0;
	double least = 4 * NEVER_A_GUARD;

	if (v->kind == NODE_ATOM) {
		collect_atom(s, v->atom, negated);
		return;
	}
	if (v->kind == NODE_NOT) {
		collect(s, v->kid[0], !negated);
		return;
	}
	if ((v->kind == NODE_AND) == negated) {
		for (uint32_t i = 0; i < v->n && !s->full; i++)
			collect(s, v->kid[i], negated);
		return;
	}
	for (uint32_t i = 0; i < v->n; i++) {
		double kid = choose(s, v->kid[i], negated);

		if (kid < least) {
			least = kid;
			best = i;
		}
	}
	if (v->n > 0)
		collect(s, v->kid[best], negated);
	else
		s->full = true;
}

/* Guards of `cased` text are text of the rule as it stands: fold it. */
static bool fold_all(struct arena *a, struct search *s)
{
	for (size_t i = 0; i < s->n; i++) {
		if (s->guard[i].text.n == 0)
			continue;
		s->guard[i].text = utf8_fold_case(a, s->guard[i].text);
		if (s->guard[i].text.p == NULL)
			return false;
	}
	return true;
}

bool guards_find(struct arena *a, const struct node *condition, struct guards *out)
{
	struct search s = { .a = a };

	*out = (struct guards){ .always = true };
	if (choose(&s, condition, false) >= NEVER_A_GUARD || s.work > WORK_MAX)
		return true;
	s.work = 0;
	collect(&s, condition, false);
	/* Too much to choose from is no guard, not a wrong one. */
	if (s.full || s.work > WORK_MAX)
		return true;
	*out = (struct guards){ s.guard, s.n, false };
	return fold_all(a, &s);
}
