/* SPDX-License-Identifier: Apache-2.0 */
#include "vuln/oval.h"

#include "vuln/purl.h"
#include "vuln/system.h"

#include <stdlib.h>

enum { MAX_DEPTH = 32, MAX_PLATFORMS = 16, MAX_STEPS = 1 << 18 };

struct entry {
	char kind;
	struct str id;
	const void *what;
};

struct oval_index {
	const struct matcher *m;
	struct entry *entry; /* by kind, then id */
	size_t n;
};

/* --- what an id names --- */

static int by_id(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return x->kind != y->kind ? x->kind - y->kind : str_cmp(x->id, y->id);
}

static const void *find(const struct oval_index *x, char kind, struct str id)
{
	const struct entry key = { kind, id, NULL };
	const struct entry *hit = x->n == 0 ? NULL
					    : (const struct entry *)bsearch(&key, x->entry, x->n,
									    sizeof key, by_id);

	return hit == NULL ? NULL : hit->what;
}

static void put(struct entry *into, size_t *n, char kind, struct str id, const void *what)
{
	if (into != NULL)
		into[*n] = (struct entry){ kind, id, what };
	++*n;
}

/* Counts them; with `into` also puts them there. */
static size_t collect(const struct oval_doc *doc, struct entry *into)
{
	size_t n = 0;

	for (const struct oval_definition *d = doc->definitions; d != NULL; d = d->next)
		put(into, &n, 'd', d->id, d);
	for (const struct oval_test *t = doc->tests; t != NULL; t = t->next)
		put(into, &n, 't', t->id, t);
	for (const struct oval_object *o = doc->objects; o != NULL; o = o->next)
		put(into, &n, 'o', o->id, o);
	for (const struct oval_state *s = doc->states; s != NULL; s = s->next)
		put(into, &n, 's', s->id, s);
	for (const struct oval_variable *v = doc->variables; v != NULL; v = v->next)
		put(into, &n, 'v', v->id, v);
	return n;
}

struct oval_index *oval_index_new(struct arena *a, const struct oval_doc *doc,
				  const struct matcher *m)
{
	struct oval_index *x = NEW(a, struct oval_index, 1);
	size_t n = collect(doc, NULL);
	struct entry *entry = NEW(a, struct entry, n + 1);

	if (x == NULL || entry == NULL)
		return NULL;
	collect(doc, entry);
	qsort(entry, n, sizeof *entry, by_id);
	*x = (struct oval_index){ m, entry, n };
	return x;
}

/* --- three-valued logic --- */

static enum oval_truth turned(enum oval_truth t)
{
	return t == OVAL_YES ? OVAL_NO : t == OVAL_NO ? OVAL_YES : OVAL_MAYBE;
}

struct votes {
	size_t no, maybe, yes;
};

static void vote(struct votes *v, enum oval_truth t)
{
	v->no += t == OVAL_NO;
	v->maybe += t == OVAL_MAYBE;
	v->yes += t == OVAL_YES;
}

static enum oval_truth joined(enum oval_operator how, const struct votes *v)
{
	if (v->no + v->maybe + v->yes == 0)
		return OVAL_MAYBE;
	switch (how) {
	case OVAL_AND:
		return v->no > 0 ? OVAL_NO : v->maybe > 0 ? OVAL_MAYBE : OVAL_YES;
	case OVAL_OR:
		return v->yes > 0 ? OVAL_YES : v->maybe > 0 ? OVAL_MAYBE : OVAL_NO;
	case OVAL_ONE:
		if (v->yes > 1)
			return OVAL_NO;
		return v->maybe > 0 ? OVAL_MAYBE : v->yes == 1 ? OVAL_YES : OVAL_NO;
	case OVAL_XOR:
		break;
	}
	return v->maybe > 0 ? OVAL_MAYBE : v->yes % 2 == 1 ? OVAL_YES : OVAL_NO;
}

/* --- states --- */

static enum oval_truth holds(struct str operation, int order)
{
	static const struct {
		const char *name;
		bool less, equal, greater;
	} operations[] = {
		{ "", false, true, false },
		{ "equals", false, true, false },
		{ "not equal", true, false, true },
		{ "less than", true, false, false },
		{ "less than or equal", true, true, false },
		{ "greater than", false, false, true },
		{ "greater than or equal", false, true, true },
	};

	for (size_t i = 0; i < COUNT(operations); i++) {
		if (!str_eq(operation, str_of(operations[i].name)))
			continue;
		bool yes = order < 0   ? operations[i].less
			   : order > 0 ? operations[i].greater
				       : operations[i].equal;
		return yes ? OVAL_YES : OVAL_NO;
	}
	return OVAL_MAYBE;
}

static enum ecosystem order_of(enum oval_kind kind)
{
	return kind == OVAL_DPKG ? ECO_DEBIAN : ECO_RPM;
}

/* "x86_64|aarch64", the one pattern that definitions have for it; other patterns are not looked at. */
static enum oval_truth arch_in(struct str pattern, struct str arch)
{
	struct str one;
	bool hit = false;

	for (size_t i = 0; i < pattern.n; i++)
		if (!ascii_alpha(pattern.p[i]) && !ascii_digit(pattern.p[i]) &&
		    pattern.p[i] != '_' && pattern.p[i] != '|')
			return OVAL_MAYBE;
	while (str_split(&pattern, '|', &one))
		hit |= str_eq(one, arch);
	return hit ? OVAL_YES : OVAL_MAYBE; /* it may stand within a longer word */
}

static enum oval_truth entity_truth(const struct oval_entity *e, const struct package *p,
				    enum oval_kind kind)
{
	enum ecosystem order = order_of(kind);

	if (e->variable)
		return OVAL_MAYBE;
	if (str_eq(e->name, STR("evr"))) {
		if (!version_check(order, p->version, NULL) ||
		    !version_check(order, e->value, NULL))
			return OVAL_MAYBE;
		return holds(e->operation, version_compare(order, p->version, e->value));
	}
	if (str_eq(e->name, STR("name")) && !str_eq(e->operation, STR("pattern match")))
		return holds(e->operation, str_cmp(p->name, e->value));
	if (!str_eq(e->name, STR("arch")) || p->arch.n == 0)
		return OVAL_MAYBE;
	if (str_eq(e->operation, STR("pattern match")))
		return arch_in(e->value, p->arch);
	return holds(e->operation, str_cmp(p->arch, e->value));
}

static enum oval_truth state_truth(const struct oval_state *s, const struct package *p,
				   enum oval_kind kind)
{
	struct votes v = { 0 };

	for (const struct oval_entity *e = s->entities; e != NULL; e = e->next)
		vote(&v, entity_truth(e, p, kind));
	return joined(s->either ? OVAL_OR : OVAL_AND, &v);
}

static enum oval_truth item_truth(const struct oval_index *x, const struct oval_test *t,
				  const struct package *p)
{
	struct votes v = { 0 };

	if (t->states == NULL)
		return OVAL_YES;
	for (const struct oval_text *ref = t->states; ref != NULL; ref = ref->next) {
		const struct oval_state *s = find(x, 's', ref->text);

		vote(&v, s == NULL ? OVAL_MAYBE : state_truth(s, p, t->kind));
	}
	return joined(str_eq(t->joined, STR("OR")) ? OVAL_OR : OVAL_AND, &v);
}

/* --- tests --- */

/* The names that an object asks for, one after another; false at the end. */
struct names {
	struct str one;
	const struct oval_text *more;
};

/* False: it does not ask by plain names. */
static bool names_of(const struct oval_index *x, const struct oval_test *t, struct names *out)
{
	const struct oval_object *o = find(x, 'o', t->object);
	const struct oval_variable *v;

	if (t->kind == OVAL_OTHER || o == NULL || !o->plain)
		return false;
	*out = (struct names){ o->name, NULL };
	if (o->variable.n == 0)
		return o->name.n > 0;
	v = find(x, 'v', o->variable);
	if (v == NULL || v->values == NULL)
		return false;
	*out = (struct names){ v->values->text, v->values->next };
	return true;
}

static bool next_name(struct names *n)
{
	if (n->more == NULL)
		return false;
	n->one = n->more->text;
	n->more = n->more->next;
	return true;
}

static struct str type_of(enum oval_kind kind)
{
	return kind == OVAL_DPKG ? STR("deb") : STR("rpm");
}

static enum oval_truth checked(const struct oval_test *t, const struct votes *v)
{
	size_t n = v->no + v->maybe + v->yes;
	struct str must = t->existence;

	if (str_eq(must, STR("none_exist")))
		return n == 0 ? OVAL_YES : OVAL_NO;
	if (str_eq(must, STR("only_one_exists")) && n != 1)
		return OVAL_NO;
	if (n == 0)
		return str_eq(must, STR("any_exist")) ? OVAL_YES : OVAL_NO;
	if (str_eq(t->check, STR("all")))
		return joined(OVAL_AND, v);
	if (str_eq(t->check, STR("at least one")))
		return joined(OVAL_OR, v);
	if (str_eq(t->check, STR("only one")))
		return joined(OVAL_ONE, v);
	if (str_eq(t->check, STR("none satisfy")) || str_eq(t->check, STR("none exist")))
		return turned(joined(OVAL_OR, v));
	return OVAL_MAYBE;
}

enum oval_truth oval_test_truth(const struct oval_index *x, const struct oval_test *t,
				struct str asset)
{
	struct votes v = { 0 };
	struct installed one;
	struct names names;

	if (!names_of(x, t, &names))
		return OVAL_MAYBE;
	do {
		for (size_t at = 0; matcher_next(x->m, names.one, type_of(t->kind), &at, &one);)
			if (str_eq(one.asset, asset))
				vote(&v, item_truth(x, t, one.package));
	} while (next_name(&names));
	return checked(t, &v);
}

/* --- definitions --- */

struct steps {
	const struct oval_index *x;
	struct str asset;
	size_t left; /* definitions that extend others often end here */
};

static enum oval_truth tree_truth(struct steps *s, const struct oval_node *n, unsigned depth);

static enum oval_truth leaf_truth(struct steps *s, const struct oval_node *n, unsigned depth)
{
	if (n->kind == OVAL_CRITERION) {
		const struct oval_test *t = find(s->x, 't', n->ref);

		return t == NULL ? OVAL_MAYBE : oval_test_truth(s->x, t, s->asset);
	}
	const struct oval_definition *d = find(s->x, 'd', n->ref);
	return d == NULL || d->root == NULL ? OVAL_MAYBE : tree_truth(s, d->root, depth + 1);
}

/* Definitions that extend one another in a circle end at a depth. */
static enum oval_truth tree_truth(struct steps *s, const struct oval_node *n, unsigned depth)
{
	struct votes v = { 0 };
	enum oval_truth t;

	if (depth > MAX_DEPTH || s->left == 0)
		return OVAL_MAYBE;
	s->left--;
	if (n->kind != OVAL_CRITERIA) {
		t = leaf_truth(s, n, depth);
		return n->negate ? turned(t) : t;
	}
	for (const struct oval_node *one = n->first; one != NULL; one = one->next)
		vote(&v, tree_truth(s, one, depth + 1));
	t = joined(n->operator, & v);
	return n->negate ? turned(t) : t;
}

enum oval_truth oval_definition_truth(const struct oval_index *x, const struct oval_definition *d,
				      struct str asset)
{
	struct steps s = { x, asset, MAX_STEPS };

	return d->root == NULL ? OVAL_MAYBE : tree_truth(&s, d->root, 0);
}

/* --- verdicts --- */

struct judging {
	const struct oval_index *x;
	struct matcher *m;
	const struct oval_definition *definition;
	struct str ecosystem[MAX_PLATFORMS]; /* that it is of */
	size_t n;
	struct str asset;    /* p == NULL: none yet */
	enum oval_truth all; /* of it */
};

/* "Debian GNU/Linux 12" to "Debian:12"; empty for what is not known. */
static struct str ecosystem_of(struct arena *a, struct str platform)
{
	static const struct {
		struct str word, id;
	} known[] = {
		{ STR("Debian"), STR("debian") },  { STR("Ubuntu"), STR("ubuntu") },
		{ STR("Photon"), STR("photon") },  { STR("Rocky"), STR("rocky") },
		{ STR("Alma"), STR("almalinux") }, { STR("Red Hat"), STR("rhel") },
	};
	struct str rest = platform, word = STR("");

	while (str_split(&rest, ' ', &word) && (word.n == 0 || !ascii_digit(word.p[0])))
		word = STR("");
	for (size_t i = 0; i < COUNT(known); i++)
		if (str_find(platform, known[i].word) < platform.n)
			return distro_name(a, known[i].id, word);
	return STR("");
}

static bool take_platforms(struct judging *j, struct arena *a)
{
	for (const struct oval_text *t = j->definition->platforms; t != NULL; t = t->next) {
		struct str e = ecosystem_of(a, t->text);

		if (e.p == NULL)
			return false;
		if (e.n > 0 && j->n < MAX_PLATFORMS)
			j->ecosystem[j->n++] = e;
	}
	return true;
}

/* The platform that speaks of it; empty: none does. */
static struct str speaker(const struct judging *j, const struct package *p, enum oval_kind kind)
{
	if (j->n == 0)
		return kind == OVAL_DPKG ? STR("dpkg") : STR("rpm");
	for (size_t i = 0; i < j->n; i++)
		if (system_speaks_of(j->ecosystem[i], p))
			return j->ecosystem[i];
	return STR("");
}

/* The version below which it is affected. */
static struct str fix_of(const struct oval_index *x, const struct oval_test *t)
{
	for (const struct oval_text *ref = t->states; ref != NULL; ref = ref->next) {
		const struct oval_state *s = find(x, 's', ref->text);

		for (const struct oval_entity *e = s == NULL ? NULL : s->entities; e != NULL;
		     e = e->next)
			if (str_eq(e->name, STR("evr")) && str_eq(e->operation, STR("less than")))
				return e->value;
	}
	return STR("");
}

static bool asks_below(const struct oval_index *x, const struct oval_test *t)
{
	for (const struct oval_text *ref = t->states; ref != NULL; ref = ref->next) {
		const struct oval_state *s = find(x, 's', ref->text);

		for (const struct oval_entity *e = s == NULL ? NULL : s->entities; e != NULL;
		     e = e->next)
			if ((str_eq(e->name, STR("evr")) || str_eq(e->name, STR("version"))) &&
			    str_starts(e->operation, STR("less than")))
				return true;
	}
	return false;
}

/* Asked once an asset. */
static enum oval_truth whole_truth(struct judging *j, struct str asset)
{
	if (j->asset.p != asset.p) {
		j->all = oval_definition_truth(j->x, j->definition, asset);
		j->asset = asset;
	}
	return j->all;
}

/* It is not below the fix; what is no YES for another reason is not mended. */
static bool mended(const struct installed *one, enum oval_kind kind, struct str fix)
{
	enum ecosystem e = order_of(kind);

	return version_check(e, fix, NULL) && version_compare(e, one->package->version, fix) >= 0;
}

static void judge_item(struct judging *j, const struct oval_test *t, const struct installed *one)
{
	struct str fix = fix_of(j->x, t), by = speaker(j, one->package, t->kind);
	enum oval_truth leaf = item_truth(j->x, t, one->package), all;
	struct said s = { by, FINDING_AFFECTED, REASON_NONE, fix };

	if (by.n == 0 || (leaf == OVAL_NO && fix.n == 0) ||
	    (leaf == OVAL_MAYBE && !asks_below(j->x, t)))
		return;
	all = whole_truth(j, one->asset);
	if (one->package->partial) {
		s.state = FINDING_UNKNOWN;
		s.reason = REASON_PARTIAL;
	} else if (!version_check(order_of(t->kind), one->package->version, NULL)) {
		s.state = FINDING_UNKNOWN;
		s.reason = REASON_BAD_VERSION;
	} else if (leaf == OVAL_NO && !mended(one, t->kind, fix)) {
		return; /* of another architecture */
	} else if (leaf == OVAL_NO) {
		s.state = FINDING_FIXED;
	} else if (all == OVAL_NO) {
		return;
	} else if (fix.n == 0 && leaf == OVAL_MAYBE) {
		s.state = FINDING_UNKNOWN;
		s.reason = REASON_NO_RANGE;
	} else if (leaf == OVAL_MAYBE || all == OVAL_MAYBE) {
		s.reason = REASON_ASSUMED;
	}
	matcher_say(j->m, one->subject, &s);
}

static void judge_test(struct judging *j, const struct oval_test *t)
{
	struct installed one;
	struct names names;

	if (!names_of(j->x, t, &names))
		return;
	if (j->n == 0)
		matcher_speaks(j->m, t->kind == OVAL_DPKG ? STR("dpkg") : STR("rpm"));
	do {
		for (size_t at = 0; matcher_next(j->x->m, names.one, type_of(t->kind), &at, &one);)
			judge_item(j, t, &one);
	} while (next_name(&names));
}

/* Each criterion that speaks for its test, not against it. */
static void judge_tree(struct judging *j, const struct oval_node *n, unsigned depth)
{
	const struct oval_test *t;

	if (n->negate || depth > MAX_DEPTH)
		return;
	t = n->kind == OVAL_CRITERION ? find(j->x, 't', n->ref) : NULL;
	if (t != NULL)
		judge_test(j, t);
	for (const struct oval_node *one = n->first; one != NULL; one = one->next)
		judge_tree(j, one, depth + 1);
}

bool oval_definition_judge(const struct oval_index *x, struct arena *a, struct matcher *m,
			   const struct oval_definition *d)
{
	struct judging j = { .x = x, .m = m, .definition = d };

	if (!take_platforms(&j, a))
		return false;
	for (size_t i = 0; i < j.n; i++)
		matcher_speaks(m, j.ecosystem[i]);
	if (d->root != NULL)
		judge_tree(&j, d->root, 0);
	return true;
}
