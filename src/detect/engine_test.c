/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compiled engine against the reference evaluator: events made of what the rules look for (hit, near
 * miss, other case, escapes, absent, null, several values), then recorded ones. Both must find the same
 * rules in the same order, at the same place.
 *
 * usage: engine_test [EVENTS [SEED]]     without: fewer events, for a build with sanitizers
 */
#include "detect/engine.h"

#include "base/num.h"
#include "base/test.h"
#include "base/utf8.h"
#include "detect/engine_int.h"
#include "detect/test_event.h"
#include "detect/test_load.h"
#include "event/reader.h"

#include <inttypes.h>

enum { FIELDS = 512, TEXT = 1 << 18, FOUND_MAX = 8192, DEPTH = 128 };

static uint64_t seed = 1;

static uint32_t next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 32);
}

static bool chance(uint32_t percent)
{
	return next_random() % 100 < percent;
}

/* The event that is being made. */
struct made {
	struct field f[FIELDS];
	bool ecs[FIELDS];
	uint32_t n;
	char text[TEXT];
	size_t used;
	struct field laid[FIELDS]; /* raw ones first */
	struct event ev;
	const struct rule_set *rs;
	const struct source_shape *shape; /* whose renames apply */
};

static void put(struct made *m, const void *p, size_t n)
{
	if (n > 0 && m->used + n <= TEXT) {
		memcpy(m->text + m->used, p, n);
		m->used += n;
	}
}

static void put_junk(struct made *m)
{
	static const char *const junk[] = {
		"",     " ",      "x",    "\\", "C:\\Windows\\System32\\",
		".",    "a.exe",  " -c ", "*",  "\xc4\x90\xe1\xbb\x8b",
		"\xff", "http://"
	};

	for (uint32_t i = next_random() % 4; i > 0; i--) {
		const char *s = junk[next_random() % COUNT(junk)];

		put(m, s, strlen(s));
	}
	for (uint32_t i = chance(5) ? next_random() % 300 : 0; i > 0; i--)
		put(m, &(char){ (char)(32 + next_random() % 95) }, 1);
}

/* The same letters in another case; ASCII, and one code point that has only a folded partner. */
static void put_text(struct made *m, struct str s, bool other_case)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (other_case && chance(2) && c == 'k')
			put(m, "\xe2\x84\xaa", 3); /* KELVIN SIGN */
		else
			put(m,
			    &(char){ other_case && chance(50) && c >= 'a' && c <= 'z'
					     ? (char)(c - 32)
					     : c },
			    1);
	}
}

static void put_dash(struct made *m)
{
	static const char *const dashes[] = { "-", "/", "\xe2\x80\x93", "\xe2\x80\x94",
					      "\xe2\x80\x95" };
	const char *s = dashes[next_random() % COUNT(dashes)];

	put(m, s, strlen(s));
}

static struct str made_pattern(struct made *m, const struct pattern *p)
{
	size_t from = m->used;
	bool other_case = chance(60);

	for (size_t i = 0; i < p->n; i++) {
		if (p->piece[i].kind == PIECE_TEXT)
			put_text(m, p->piece[i].text, other_case);
		else if (p->piece[i].kind == PIECE_ANY)
			put_junk(m);
		else if (p->piece[i].kind == PIECE_ONE)
			put(m, "?", 1);
		else
			put_dash(m);
	}
	return (struct str){ m->text + from, m->used - from };
}

/* Nearly the same: a byte changed, taken away or added, or a backslash before one. */
static struct str near_miss(struct made *m, struct str s)
{
	size_t at = s.n == 0 ? 0 : next_random() % s.n;
	size_t from = m->used;
	static const char with[] = "xA\\*?\xc3";

	put(m, s.p, at);
	switch (next_random() % 3) {
	case 0:
		put(m, &with[next_random() % 6], 1);
		at += at < s.n;
		break;
	case 1:
		at += at < s.n;
		break;
	default:
		put(m, "\\", 1);
	}
	put(m, s.p + at, s.n - at);
	return (struct str){ m->text + from, m->used - from };
}

static struct str printed(struct made *m, const char *fmt, double v)
{
	char text[64];
	int n = snprintf(text, sizeof text, fmt, v);
	size_t from = m->used;

	put(m, text, (size_t)n);
	return (struct str){ m->text + from, m->used - from };
}

static struct str made_address(struct made *m, const struct range *r)
{
	size_t from = m->used;
	char text[ADDR_TEXT_MAX];

	addr_text(chance(50) ? &r->lo : &r->hi, text);
	put(m, text, strlen(text));
	return (struct str){ m->text + from, m->used - from };
}

/* A value for which the atom holds, where that can be told. */
static struct str made_value(struct made *m, const struct atom *at)
{
	static const char *const samples[] = {
		"cmd.exe /c whoami", "2026-11-22T03:04:05Z",     "1234", "AAAA",
		"10.0.0.1",          "https://example.com/x.php"
	};

	switch ((enum atom_kind)at->kind) {
	case ATOM_PATTERN:
		return made_pattern(m, &at->pattern);
	case ATOM_CIDR:
		return made_address(m, &at->range);
	case ATOM_COMPARE:
		return printed(m, "%.0f", at->number + (double)(next_random() % 3) - 1);
	default:
		return str_of(samples[next_random() % COUNT(samples)]);
	}
}

static uint32_t renamed(const struct made *m, uint32_t name)
{
	for (size_t i = 0; m->shape != NULL && i < m->shape->n_renames; i++)
		if (m->shape->rename[i].from == name)
			return m->shape->rename[i].to;
	return name;
}

static void put_field(struct made *m, uint32_t name, struct str value, bool null)
{
	struct field *f = &m->f[m->n];
	struct str s;
	size_t from = m->used;

	if (m->n == FIELDS || m->rs->names.n == 0)
		return;
	if (name == FIELD_ANY)
		name = next_random() % m->rs->names.n;
	s = m->rs->names.name[renamed(m, name)];
	m->ecs[m->n] = chance(10) && ecs_find(s) != ECS_NONE;
	f->bare = 0;
	if (!m->ecs[m->n] && chance(20)) {
		put(m, "winlog.event_data.", 18);
		f->bare = 18;
	}
	put_text(m, s, chance(10));
	f->name = (struct str){ m->text + from, m->used - from };
	f->id = m->ecs[m->n] ? (uint16_t)ecs_find(s) : ECS_NONE;
	f->type = null ? FIELD_NULL : FIELD_STRING;
	f->val = null ? STR("") : value;
	m->n++;
}

static void make_atom(struct made *m, const struct atom *at, bool want)
{
	struct str v = made_value(m, at);

	if (!want && chance(40))
		return; /* absent */
	if (at->kind == ATOM_NULL && want && chance(70))
		return;
	if (at->kind == ATOM_FIELDREF)
		put_field(m, at->other, v, false);
	if (!want || chance(15))
		v = near_miss(m, v);
	put_field(m, at->field, v, at->kind == ATOM_NULL ? want : chance(4));
	if (chance(4))
		put_field(m, at->field, made_value(m, at), false);
}

static void make_node(struct made *m, const struct node *v, bool want, size_t depth)
{
	if (depth == 0)
		return;
	if (v->kind == NODE_ATOM) {
		make_atom(m, v->atom, want);
		return;
	}
	if (v->kind == NODE_NOT) {
		make_node(m, v->kid[0], !want, depth - 1);
		return;
	}
	if ((v->kind == NODE_AND) == want) {
		for (uint32_t i = 0; i < v->n && i < 64; i++)
			make_node(m, v->kid[i], want, depth - 1);
		return;
	}
	for (uint32_t i = 0; i <= chance(20); i++)
		make_node(m, v->kid[next_random() % v->n], want, depth - 1);
}

/* What an event of the log source shows. */
static void make_source(struct made *m, const struct source_need *need)
{
	size_t only = need->any ? next_random() % need->n : need->n;

	m->shape = NULL;
	for (size_t i = 0; i < need->n; i++) {
		const struct source_entry *e = &m->rs->map.entry[need->entry[i]];
		const struct source_shape *shape = &e->shape[next_random() % e->n];

		if (only != need->n && only != i)
			continue;
		make_node(m, shape->when, !chance(2), DEPTH);
		if (shape->n_renames > 0)
			m->shape = shape;
	}
}

static void make_event(struct made *m)
{
	const struct rule *r = m->rs->rule[next_random() % m->rs->n];

	m->n = 0;
	m->used = 0;
	make_source(m, &m->rs->source[r->source].need);
	make_node(m, r->sigma.condition, !chance(25), DEPTH);
	for (uint32_t i = chance(50) ? next_random() % 4 : 0; i > 0; i--)
		make_node(m, m->rs->rule[next_random() % m->rs->n]->sigma.condition, chance(80),
			  DEPTH);
	/* and what many rules of one source look for, at once */
	for (uint32_t i = chance(3) ? 60 : 0; i > 0 && r->next != NO_RULE; i--) {
		r = m->rs->rule[r->next];
		make_node(m, r->sigma.condition, true, DEPTH);
	}
	m->ev = (struct event){ .fields = m->laid, .n_fields = m->n };
	for (int ecs = 0; ecs < 2; ecs++)
		for (uint32_t i = 0, k = ecs ? m->ev.n_raw : 0; i < m->n; i++) {
			if (m->ecs[i] != ecs)
				continue;
			m->laid[k++] = m->f[i];
			m->ev.n_raw += !ecs;
		}
	m->ev.raw = chance(30) && m->n > 0 ? m->f[next_random() % m->n].val : STR("{}");
}

/* What one engine finds. */
struct found {
	uint32_t rule[FOUND_MAX];
	struct sigma_match where[FOUND_MAX];
	size_t n;
};

static void add_found(void *ctx, size_t rule, const struct sigma_match *where)
{
	struct found *f = ctx;

	if (f->n < FOUND_MAX) {
		f->rule[f->n] = (uint32_t)rule;
		f->where[f->n] = *where;
	}
	f->n++;
}

static bool same_view(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || a.p == b.p);
}

enum { REFERENCE, COMPILED, FORGETFUL /* compiled, without its memo */, WAYS };

struct pair {
	struct rule_set *rs[WAYS]; /* the last two are the same */
	struct rule_scratch *s[WAYS];
	struct found found[WAYS];
	uint64_t events, hits, most, wrong, gave_up;
};

/* Where the engine gave up, what it told must be the beginning of what the reference says. */
static bool agree(const struct found *a, const struct found *b, bool gave_up)
{
	if (gave_up ? a->n < b->n : a->n != b->n)
		return false;
	for (size_t i = 0; i < b->n && i < FOUND_MAX; i++)
		if (a->rule[i] != b->rule[i] || !same_view(a->where[i].field, b->where[i].field) ||
		    !same_view(a->where[i].text, b->where[i].text))
			return false;
	return true;
}

static void tell(const struct pair *p, const struct event *ev)
{
	static const char *const names[] = { "reference", "compiled", "forgetful" };

	for (int e = 0; e < WAYS; e++) {
		printf("  %s:", names[e]);
		for (size_t i = 0; i < p->found[e].n && i < 40; i++)
			printf(" %.*s", STR_ARG(rule_set_at(p->rs[e], p->found[e].rule[i])->id));
		printf("\n");
	}
	for (uint32_t i = 0; i < ev->n_fields; i++)
		printf("  %s%.*s=%.*s\n", i < ev->n_raw ? "" : "@", STR_ARG(ev->fields[i].name),
		       STR_ARG(ev->fields[i].val));
	printf("  raw %.*s\n", STR_ARG(ev->raw));
}

static void compare(struct pair *p, const struct event *ev)
{
	for (int e = 0; e < WAYS; e++) {
		p->found[e].n = 0;
		rule_set_match(p->rs[e], p->s[e], ev, add_found, &p->found[e]);
	}
	bool gave_up = rule_scratch_gave_up(p->s[1]);
	p->gave_up += gave_up;
	p->events++;
	p->hits += p->found[0].n;
	p->most = p->found[0].n > p->most ? p->found[0].n : p->most;
	bool same = agree(&p->found[REFERENCE], &p->found[COMPILED], gave_up) &&
		    (gave_up || agree(&p->found[COMPILED], &p->found[FORGETFUL], false));
	if (!same && ++p->wrong <= 3) {
		printf("event %" PRIu64 ":\n", p->events);
		tell(p, ev);
	}
}

static struct rule_set *load_rules_of(struct arena scratch)
{
	static const char *const folders[] = { "rules", "rules-compliance",
					       "rules-emerging-threats", "rules-placeholder",
					       "rules-threat-hunting" };
	struct load l = { .rs = rule_set_new(), .scratch = scratch };
	char path[4096];

	snprintf(path, sizeof path, "%s/content/sigma/logsources", getenv("CANH_SOURCE"));
	file_walk(path, &(struct walk){ .fn = load_source, .ctx = &l });
	snprintf(path, sizeof path, "%s/content/rules", getenv("CANH_SOURCE"));
	file_walk(path, &(struct walk){ .fn = load_rule, .ctx = &l });
	for (size_t i = 0; test_corpus() != NULL && i < COUNT(folders); i++) {
		snprintf(path, sizeof path, "%s/sigma-rules/%s", test_corpus(), folders[i]);
		file_walk(path, &(struct walk){ .fn = load_rule, .ctx = &l });
	}
	rule_set_link(l.rs);
	return l.rs;
}

static void check_made(struct pair *p, uint64_t n)
{
	static struct made m;

	m.rs = p->rs[0];
	for (uint64_t i = 0; i < n; i++) {
		make_event(&m);
		compare(p, &m.ev);
	}
	printf("%" PRIu64 " made events, %" PRIu64 " hits, at most %" PRIu64 " on one, %" PRIu64
	       " judged otherwise, %" PRIu64 " too costly\n",
	       p->events, p->hits, p->most, p->wrong, p->gave_up);
	CHECK("few are too costly", p->gave_up <= n / 1000);
	struct engine_counts c = engine_scratch_counts(p->s[COMPILED]->engine);
	CHECK("few rules are tried", c.tried < p->events * rule_set_count(p->rs[COMPILED]) / 10);
	CHECK("kinds come again", c.kinds > 0 && (n < 1000 || c.kinds < p->events));
	CHECK("made events", p->wrong == 0 && p->hits > n / 4);
	/* our own rules alone are too few for that */
	CHECK("more than ten rules on one event",
	      n < 1000 || test_corpus() == NULL || p->most > 10);
}

/* Recorded ones. */

struct files {
	struct pair *p;
	struct arena scratch;
};

static bool compare_file(void *ctx, const char *path, const char *name)
{
	struct files *f = ctx;
	struct arena a = f->scratch;
	struct str text, record;
	struct read_ctx read = { .now = 1 };
	struct reader *r = reader_new(&read);
	bool cut = false;

	(void)name;
	if (CHECK(path, r != NULL) && file_load(&a, AT_FDCWD, path, 64 << 20, &text, NULL))
		while (records_next(&text, true, &record, &cut)) {
			struct arena batch = a;
			struct event ev = { 0 };

			reader_read(r, &batch, record, &ev);
			compare(f->p, &ev);
		}
	reader_free(r);
	return true;
}

/* All that is recorded, or a part that a build with sanitizers is done with soon. */
static void check_files(struct pair *p, struct arena scratch, bool all)
{
	static const char *const folders[] = { "windows-json-otrf", "logs-crowdsec", "logs-auditd",
					       "sigma-regression" };
	struct files f = { p, scratch };
	char path[4096];

	p->events = p->hits = p->wrong = p->gave_up = 0;
	for (size_t i = 0; i < (all ? COUNT(folders) : 1); i++) {
		snprintf(path, sizeof path, "%s/%s", test_corpus(), folders[i]);
		file_walk(path, &(struct walk){ .fn = compare_file, .ctx = &f });
	}
	printf("%" PRIu64 " recorded events, %" PRIu64 " hits, %" PRIu64 " judged otherwise\n",
	       p->events, p->hits, p->wrong);
	CHECK("recorded events", p->wrong == 0 && p->hits > 0 && p->gave_up == 0);
}

/* Both counted the same events for each log source. */
static void check_seen(struct pair *p)
{
	for (size_t i = 0; i < rule_set_n_sources(p->rs[0]); i++)
		if (!CHECK("seen", rule_scratch_seen(p->s[0], i) == rule_scratch_seen(p->s[1], i)))
			printf("  %.*s: %" PRIu64 ", %" PRIu64 "\n",
			       STR_ARG(rule_set_source(p->rs[0], i).key),
			       rule_scratch_seen(p->s[0], i), rule_scratch_seen(p->s[1], i));
}

/* A scratch of the compiled set that looks at every value anew. */
static struct rule_scratch *forgetful(const struct rule_set *rs)
{
	struct rule_scratch *s = rule_scratch_plain(rs);

	if (s != NULL)
		s->engine = engine_scratch_new(rs->engine, false);
	CHECK("memory", s != NULL && s->engine != NULL);
	return s;
}

static void check_rules(struct arena scratch, uint64_t n, bool all)
{
	struct pair *p = calloc(1, sizeof *p);
	struct err why = { 0 };

	for (int e = REFERENCE; e <= COMPILED; e++)
		p->rs[e] = load_rules_of(scratch);
	CHECK("compiled", rule_set_compile(p->rs[COMPILED], &why));
	for (int e = REFERENCE; e <= COMPILED; e++)
		p->s[e] = rule_scratch_new(p->rs[e]);
	p->rs[FORGETFUL] = p->rs[COMPILED];
	p->s[FORGETFUL] = forgetful(p->rs[COMPILED]);
	CHECK("rules",
	      rule_set_count(p->rs[0]) > 0 && rule_set_count(p->rs[0]) == rule_set_count(p->rs[1]));
	check_made(p, n);
	if (test_corpus() != NULL)
		check_files(p, scratch, all);
	else
		test_skip("recorded events", "CANH_CORPUS is not set");
	check_seen(p);
	for (int e = 0; e < WAYS; e++)
		rule_scratch_free(p->s[e]);
	rule_set_free(p->rs[REFERENCE]);
	rule_set_free(p->rs[COMPILED]);
	free(p);
}

int main(int argc, char **argv)
{
	uint64_t n = 1000;
	struct arena whole;

	if (argc > 1)
		CHECK("how many", num_parse(str_of(argv[1]), 1, UINT64_MAX, &n));
	if (argc > 2)
		CHECK("the seed", num_parse(str_of(argv[2]), 1, UINT64_MAX, &seed));
	if (getenv("CANH_SOURCE") == NULL) {
		test_skip("engine", "CANH_SOURCE is not set");
	} else if (CHECK("memory", arena_reserve(&whole, (size_t)256 << 20))) {
		check_rules(whole, n, argc > 1);
		arena_release(whole);
	}
	return TEST_REPORT();
}
