/* SPDX-License-Identifier: Apache-2.0 */
/*
 * matcher.c - packages stand sorted by the name that records have for them; a record's verdicts hang on
 * them until it ends.
 */
#include "vuln/matcher.h"

#include "vuln/system.h"

#include <stdlib.h>

/* From the best to the worst; CLEAR is no finding. */
enum standing_of { CLEAR, FIXED, UNKNOWN, AFFECTED };

struct verdict {
	enum standing_of is;
	enum finding_reason reason;
	struct str fixed_in;
};

struct subject {
	struct system_key key; /* that records know it by */
	struct str asset;
	const struct package *package;
	/* The verdict of the record at hand. */
	uint64_t record;
	struct verdict verdict;
	struct str ecosystem; /* that it was judged by; of the record */
	struct subject *next_named;
	/* Of all records. */
	bool affected, unknown;
};

struct found {
	struct finding finding; /* first, so that one is the other */
	struct subject *subject;
	bool generic, silent;
	struct found *next;
};

struct name {
	struct str text;
	const struct feed *feed;
	struct name *next;
};

struct pending {
	struct str asset;
	const struct inventory *inventory;
	struct pending *next;
};

struct matcher {
	struct arena *a;
	struct pending *pending; /* before matcher_seal() */
	struct subject *subject; /* after it, sorted by key */
	size_t n;
	struct subject **by_name; /* the same, sorted by the package's own name */
	const struct feed *feed;  /* of the record at hand */
	bool generic;             /* it is */
	uint64_t record;
	struct subject *named; /* by it */
	struct found *first;
	size_t n_found;
	struct name *exploited, *systems;
	size_t n_exploited, n_systems;
	bool full;
};

enum { MAX_SYSTEMS = 4096, NAME_MAX_FOLDED = 1024 };

struct matcher *matcher_new(struct arena *a)
{
	struct matcher *m = NEW(a, struct matcher, 1);

	if (m != NULL)
		m->a = a;
	return m;
}

bool matcher_add(struct matcher *m, struct str asset, const struct inventory *inv)
{
	struct pending *p = NEW(m->a, struct pending, 1);

	if (p == NULL || m->n + inv->n > MATCHER_MAX_SUBJECTS)
		return false;
	*p = (struct pending){ asset, inv, m->pending };
	m->pending = p;
	m->n += inv->n;
	return true;
}

static int by_key(const void *a, const void *b)
{
	const struct subject *x = a, *y = b;

	return str_cmp(x->key.name, y->key.name);
}

static int by_own_name(const void *a, const void *b)
{
	const struct subject *x = *(struct subject *const *)a, *y = *(struct subject *const *)b;

	return str_cmp(x->package->name, y->package->name);
}

bool matcher_seal(struct matcher *m)
{
	struct subject *s = NEW(m->a, struct subject, m->n + 1);

	m->by_name = NEW(m->a, struct subject *, m->n + 1);
	if (s == NULL || m->by_name == NULL)
		return false;
	m->subject = s;
	for (const struct pending *from = m->pending; from != NULL; from = from->next)
		for (const struct package *p = from->inventory->first; p != NULL; p = p->next) {
			if (!system_key(m->a, p, &s->key))
				return false;
			s->asset = from->asset;
			s->package = p;
			s++;
		}
	qsort(m->subject, m->n, sizeof *m->subject, by_key);
	for (size_t i = 0; i < m->n; i++)
		m->by_name[i] = &m->subject[i];
	qsort(m->by_name, m->n, sizeof *m->by_name, by_own_name);
	return true;
}

/* The first subject of this name, or where it would stand. */
static size_t find(const struct matcher *m, struct str name)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (str_cmp(m->subject[mid].key.name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* --- one record --- */

void matcher_begin(struct matcher *m, const struct feed *feed, bool generic)
{
	m->record++;
	m->feed = feed;
	m->generic = generic;
	m->named = NULL;
}

void matcher_speaks(struct matcher *m, struct str ecosystem)
{
	for (const struct name *x = m->systems; x != NULL; x = x->next)
		if (x->feed == m->feed && str_eq(x->text, ecosystem))
			return;
	if (m->n_systems == MAX_SYSTEMS)
		return; /* a package of one more is of no feed */
	struct name *x = NEW(m->a, struct name, 1);
	if (x == NULL) {
		m->full = true;
		return;
	}
	*x = (struct name){ arena_str(m->a, ecosystem), m->feed, m->systems };
	m->systems = x;
	m->n_systems++;
}

static struct verdict unknown(enum finding_reason why)
{
	return (struct verdict){ UNKNOWN, why, STR("") };
}

/* The worse of two; of the same the one that tells a fix. */
static struct verdict worse(struct verdict a, struct verdict b)
{
	if (a.is != b.is)
		return a.is > b.is ? a : b;
	return b.fixed_in.n > 0 ? b : a;
}

static struct verdict by_range(enum ecosystem e, struct str version, const struct claim_range *r)
{
	static const enum standing_of is[] = {
		[STANDS_OUTSIDE] = CLEAR, [STANDS_BEHIND] = FIXED, [STANDS_IN] = AFFECTED
	};
	struct range_told told;

	if (!range_judge(e, version, r->event, r->n, &told, NULL))
		return unknown(REASON_BAD_VERSION);
	return (struct verdict){ is[told.standing], REASON_NONE, told.fixed };
}

static bool names_version(const struct claim *c, struct str version)
{
	enum ecosystem e;
	bool ordered = system_order(c->ecosystem, &e) && version_check(e, version, NULL);

	for (size_t i = 0; i < c->n_versions; i++)
		if (str_eq(c->version[i], version) ||
		    (ordered && version_check(e, c->version[i], NULL) &&
		     version_compare(e, c->version[i], version) == 0))
			return true;
	return false;
}

static struct verdict judge(const struct claim *c, const struct subject *s)
{
	struct str version = s->key.version;
	struct verdict v = { c->unordered ? UNKNOWN : CLEAR,
			     c->unordered ? REASON_NO_RANGE : REASON_NONE, STR("") };
	enum ecosystem e;

	if (s->package->partial)
		return unknown(REASON_PARTIAL);
	if (version.n == 0)
		return unknown(REASON_NO_VERSION);
	if (names_version(c, version))
		v = (struct verdict){ AFFECTED, REASON_NONE, STR("") };
	if (c->n_ranges > 0 && !system_order(c->ecosystem, &e))
		return worse(v, unknown(REASON_NO_ORDER));
	for (size_t i = 0; i < c->n_ranges; i++)
		v = worse(v, by_range(e, version, &c->range[i]));
	return v;
}

static void hang(struct matcher *m, struct subject *s, struct str ecosystem, struct verdict v)
{
	if (s->record != m->record) {
		s->record = m->record;
		s->next_named = m->named;
		m->named = s;
	} else if (system_unsure(ecosystem, s->package) && v.is != s->verdict.is &&
		   !str_eq(s->ecosystem, ecosystem)) {
		v = unknown(REASON_RELEASES);
	} else {
		v = worse(s->verdict, v);
	}
	v.fixed_in = arena_str(m->a, v.fixed_in);
	m->full |= v.fixed_in.p == NULL;
	s->verdict = v;
	s->ecosystem = ecosystem;
}

void matcher_claim(struct matcher *m, const struct claim *c)
{
	char room[NAME_MAX_FOLDED];
	struct str name = c->name.n <= sizeof room ? system_fold_of(c->ecosystem, c->name, room)
						   : c->name;

	matcher_speaks(m, c->ecosystem);
	for (size_t i = find(m, name); i < m->n && str_eq(m->subject[i].key.name, name); i++)
		if (system_speaks_of(c->ecosystem, m->subject[i].package))
			hang(m, &m->subject[i], c->ecosystem, judge(c, &m->subject[i]));
}

/* The first subject whose package has this name, or where it would stand. */
static size_t find_own(const struct matcher *m, struct str name)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (str_cmp(m->by_name[mid]->package->name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool matcher_next(const struct matcher *m, struct str name, struct str type, size_t *at,
		  struct installed *out)
{
	size_t i = *at > 0 ? *at : find_own(m, name);

	for (; i < m->n && str_eq(m->by_name[i]->package->name, name); i++) {
		const struct subject *s = m->by_name[i];

		if (!str_eq(s->package->type, type))
			continue;
		*out = (struct installed){ s->package, s->asset, (size_t)(s - m->subject) };
		*at = i + 1;
		return true;
	}
	return false;
}

void matcher_say(struct matcher *m, size_t subject, const struct said *s)
{
	static const enum standing_of is[] = {
		[FINDING_AFFECTED] = AFFECTED, [FINDING_FIXED] = FIXED, [FINDING_UNKNOWN] = UNKNOWN
	};

	assert(subject < m->n);
	hang(m, &m->subject[subject], s->ecosystem,
	     (struct verdict){ is[s->state], s->reason, s->fixed_in });
}

static bool add(struct matcher *m, struct subject *s, struct str advisory, struct str severity,
		struct str cve)
{
	static const enum finding_state states[] = {
		[FIXED] = FINDING_FIXED, [UNKNOWN] = FINDING_UNKNOWN, [AFFECTED] = FINDING_AFFECTED
	};
	struct found *f = m->n_found < MATCHER_MAX_FINDINGS ? NEW(m->a, struct found, 1) : NULL;

	if (f == NULL)
		return false;
	f->subject = s;
	f->generic = m->generic;
	f->finding = (struct finding){
		.asset = s->asset,
		.package = s->package,
		.cve = cve,
		.advisory = advisory,
		.fixed_in = s->verdict.fixed_in,
		.severity = severity,
		.state = states[s->verdict.is],
		.reason = s->verdict.reason,
		.feed = m->feed,
	};
	f->next = m->first;
	m->first = f;
	m->n_found++;
	return true;
}

bool matcher_end(struct matcher *m, struct str advisory, struct str severity, const struct str *cve,
		 size_t n)
{
	if (m->full)
		return false;
	if (m->named == NULL)
		return true;
	advisory = arena_str(m->a, advisory);
	severity = arena_str(m->a, severity);
	if (advisory.p == NULL || severity.p == NULL)
		return false;
	for (size_t i = 0; i < n || i == 0; i++) {
		struct str kept = n == 0 ? STR("") : arena_str(m->a, cve[i]);

		if (kept.p == NULL)
			return false;
		for (struct subject *s = m->named; s != NULL; s = s->next_named)
			if (s->verdict.is != CLEAR && !add(m, s, advisory, severity, kept))
				return false;
	}
	return true;
}

bool matcher_exploited(struct matcher *m, struct str cve)
{
	struct name *x = NEW(m->a, struct name, 1);

	if (x == NULL)
		return false;
	*x = (struct name){ arena_str(m->a, cve), m->feed, m->exploited };
	m->exploited = x;
	m->n_exploited++;
	return x->text.p != NULL;
}

/* --- all records --- */

static int by_text(const void *a, const void *b)
{
	const struct str *x = a, *y = b;

	return str_cmp(*x, *y);
}

static bool mark_exploited(struct matcher *m)
{
	struct str *sorted = NEW(m->a, struct str, m->n_exploited + 1);
	size_t n = 0;

	if (sorted == NULL)
		return false;
	for (const struct name *x = m->exploited; x != NULL; x = x->next)
		sorted[n++] = x->text;
	qsort(sorted, n, sizeof *sorted, by_text);
	for (struct found *f = m->first; f != NULL; f = f->next)
		f->finding.exploited = bsearch(&f->finding.cve, sorted, n, sizeof *sorted,
					       by_text) != NULL;
	return true;
}

static int by_place(const void *a, const void *b)
{
	const struct finding *x = &(*(struct found *const *)a)->finding;
	const struct finding *y = &(*(struct found *const *)b)->finding;
	const struct str left[] = { x->asset, x->package->name, x->package->arch, x->cve,
				    x->advisory };
	const struct str right[] = { y->asset, y->package->name, y->package->arch, y->cve,
				     y->advisory };

	for (size_t i = 0; i < COUNT(left); i++) {
		int diff = str_cmp(left[i], right[i]);

		if (diff != 0)
			return diff;
	}
	return 0;
}

static bool same_matter(const struct found *x, const struct found *y)
{
	return x->subject == y->subject && x->finding.cve.n > 0 &&
	       str_eq(x->finding.cve, y->finding.cve);
}

static bool assessed(const struct finding *f)
{
	return f->state == FINDING_AFFECTED || (f->state == FINDING_FIXED && !f->feed->old);
}

/* In their order; of the same package and CVE a generic one is silent beside one of the maker's. */
static struct found **in_order(struct matcher *m)
{
	struct found **sorted = NEW(m->a, struct found *, m->n_found + 1);
	size_t n = 0, end;

	if (sorted == NULL)
		return NULL;
	for (struct found *f = m->first; f != NULL; f = f->next)
		sorted[n++] = f;
	qsort(sorted, n, sizeof *sorted, by_place);
	for (size_t i = 0; i < n; i = end) {
		bool maker = false;

		for (end = i; end < n && (end == i || same_matter(sorted[i], sorted[end])); end++)
			maker |= !sorted[end]->generic && assessed(&sorted[end]->finding);
		for (size_t k = i; k < end; k++)
			sorted[k]->silent = maker && sorted[k]->generic;
	}
	return sorted;
}

static void settle(struct found *f)
{
	if (f->finding.feed->old && f->finding.state == FINDING_FIXED) {
		f->finding.state = FINDING_UNKNOWN;
		f->finding.reason = REASON_OLD;
	}
	f->subject->affected |= f->finding.state == FINDING_AFFECTED;
	f->subject->unknown |= f->finding.state == FINDING_UNKNOWN;
}

static void count_subject(const struct matcher *m, const struct subject *s, struct matcher_sum *sum)
{
	bool covered = false, fresh = false;

	sum->packages++;
	sum->partial += s->package->partial;
	for (const struct name *x = m->systems; x != NULL; x = x->next) {
		if (!system_speaks_of(x->text, s->package))
			continue;
		covered = true;
		fresh |= !x->feed->old && x->feed->bad == 0;
	}
	sum->with_feed += covered;
	sum->without_feed += !covered;
	if (s->affected)
		sum->affected++;
	else if (s->unknown || (covered && (!fresh || s->package->partial)))
		sum->not_assessed++;
	else if (covered)
		sum->nothing_known++;
}

bool matcher_finish(struct matcher *m, struct matcher_sum *sum, const struct finding **out)
{
	struct found **sorted = in_order(m);
	const struct finding *first = NULL;
	struct matcher_sum s = { 0 };

	if (sorted == NULL || !mark_exploited(m))
		return false;
	for (size_t i = m->n_found; i > 0; i--) {
		struct found *f = sorted[i - 1];

		if (f->silent)
			continue;
		settle(f);
		f->finding.next = first;
		first = &f->finding;
		s.findings++;
		s.exploited += f->finding.exploited && f->finding.state != FINDING_FIXED;
	}
	for (size_t i = 0; i < m->n; i++)
		count_subject(m, &m->subject[i], &s);
	*sum = s;
	*out = first;
	return true;
}
