/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that load and rules that must not, each with its line and reason; then the corpus. */
#include "detect/rule_set.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/num.h"
#include "base/test.h"
#include "detect/test_event.h"
#include "detect/test_load.h"
#include "event/reader.h"

#include <fcntl.h>
#include <inttypes.h>

#define HEAD "title: x\nlogsource: {category: any}\n"
#define SEL(body) HEAD "detection: {sel: {" body "}, condition: sel}\n"

static const struct {
	const char *name, *rule, *reason; /* NULL: it loads */
	size_t line;
} cases[] = {
	{ "smallest", SEL("a: 1"), NULL, 0 },
	{ "all metadata",
	  "title: x\nid: 11111111-2222-4333-8444-555555555555\nname: n\nrelated: [{id: y, type: similar}]\n"
	  "taxonomy: sigma\nstatus: test\ndescription: d\nlicense: MIT\nauthor: me\nreferences: [r]\n"
	  "date: 2026-01-01\nmodified: 2026-01-02\nlogsource: {category: any, definition: z, custom: y}\n"
	  "detection: {sel: {a: 1}, condition: sel}\nfields: [a]\nfalsepositives: [no]\nlevel: critical\n"
	  "tags: [attack.t1059]\nscope: [server]\nown: {x: y}\n",
	  NULL, 0 },
	{ "two documents", SEL("a: 1") "---\n" SEL("b: 1"), NULL, 0 },
	{ "ECS taxonomy", "taxonomy: ecs\n" SEL("dns.question.name: a"), NULL, 0 },
	{ "windash twice in 'all'", SEL("a|contains|all|windash: [-x, -y]"), NULL, 0 },
	{ "empty file", "", "the file is empty", 0 },
	{ "empty document", "---\n# x\n", "the file is empty", 0 },
	{ "no YAML", "a: [\n", "not YAML: did not find expected node content", 2 },
	{ "a list", "- a\n", "not a Sigma rule", 1 },
	{ "no title", "logsource: {category: any}\ndetection: {s: {a: 1}, condition: s}\n",
	  "the rule has no title", 1 },
	{ "no logsource", "title: x\ndetection: {s: {a: 1}, condition: s}\n",
	  "the rule has no logsource", 1 },
	{ "empty logsource",
	  "title: x\nlogsource: {definition: y}\ndetection: {s: {a: 1}, condition: s}\n",
	  "the logsource has no category, product or service", 2 },
	{ "no detection", HEAD, "the rule has no detection", 1 },
	{ "no condition", HEAD "detection:\n  s: {a: 1}\n", "the rule has no condition", 4 },
	{ "unknown level", SEL("a: 1") "level: severe\n", "level 'severe' is not known", 4 },
	{ "unknown status", SEL("a: 1") "status: good\n", "status 'good' is not known", 4 },
	{ "unsupported", SEL("a: 1") "status: unsupported\n",
	  "the rule says of itself that it is unsupported", 4 },
	{ "unknown taxonomy", SEL("a: 1") "taxonomy: mine\n", "taxonomy 'mine' is not known", 4 },
	{ "tags are text", SEL("a: 1") "tags: [{x: y}]\n", "'tags' must be a list of text", 4 },
	{ "title is text", "title: [x]\n", "the rule has no detection", 1 },
	{ "unknown modifier", HEAD "detection:\n  s:\n    a|contain: 1\n  condition: s\n",
	  "modifier 'contain' is not known", 5 },
	{ "modifier in capitals", SEL("a|Contains: 1"), "modifier 'Contains' is not known", 3 },
	{ "empty modifier", SEL("a|: 1"), "modifier '' is not known", 3 },
	{ "all of one", SEL("a|contains|all: [x]"), "'all' needs a list of more than one value",
	  3 },
	{ "all of a scalar", SEL("a|contains|all: x"), "'all' needs a list of more than one value",
	  3 },
	{ "re behind contains", SEL("a|contains|re: x"),
	  "'re', 'cidr', 'exists', 'fieldref' must be the first modifier", 3 },
	{ "cidr behind re", SEL("a|re|cidr: x"),
	  "'re', 'cidr', 'exists', 'fieldref' must be the first modifier", 3 },
	{ "i without re", SEL("a|i: x"), "'i', 'm', 's' go behind 're'", 3 },
	{ "bad expression", SEL("a|re: 'x('"),
	  "not a regular expression at byte 2: missing closing parenthesis", 3 },
	{ "bad network", SEL("a|cidr: 10.0.0.0/33"), "'10.0.0.0/33' is not a network", 3 },
	{ "range is no network", SEL("a|cidr: 10.0.0.1-10.0.0.9"),
	  "'10.0.0.1-10.0.0.9' is not a network", 3 },
	{ "gt of text", SEL("a|gt: x"), "'x' is not a number", 3 },
	{ "gt of quoted number", SEL("a|gt: '1'"), "'1' is not a number", 3 },
	{ "exists of text", SEL("a|exists: x"), "'exists' is true or false", 3 },
	{ "base64 with a wildcard", SEL("a|base64: 'x*'"),
	  "'base64' cannot encode a value with wildcards", 3 },
	{ "wide with a wildcard", SEL("a|wide: 'x?'"),
	  "'utf16le' cannot encode a value with wildcards", 3 },
	{ "base64 behind contains", SEL("a|contains|base64: x"),
	  "'base64' cannot encode a value with wildcards", 3 },
	{ "expand without a list", SEL("a|expand: '%x%'"),
	  "'expand' needs a list for %x%, and there is none", 3 },
	{ "expand of an expression", SEL("a|re|expand: '%x'"), "'expand' is for text", 3 },
	{ "null in a list", SEL("a: [x, null]"), "null cannot stand in a list", 3 },
	{ "null with a modifier", SEL("a|contains: null"),
	  "null takes no modifier, and is no keyword", 3 },
	{ "null keyword", HEAD "detection: {s: null, condition: s}\n",
	  "null takes no modifier, and is no keyword", 3 },
	{ "empty list", SEL("a: []"), "the list of values is empty", 3 },
	{ "map as value", SEL("a: {b: c}"), "a value must be text, a number, true, false or null",
	  3 },
	{ "list in a list", SEL("a: [[x]]"), "a value must be text, a number, true, false or null",
	  3 },
	{ "empty detection", HEAD "detection: {s: {}, condition: s}\n", "the detection is empty",
	  3 },
	{ "empty list detection", HEAD "detection: {s: [], condition: s}\n",
	  "the detection is empty", 3 },
	{ "condition names nothing", HEAD "detection:\n  s: {a: 1}\n  condition: t\n",
	  "the condition names 't', which is no detection", 5 },
	{ "pattern fits nothing", HEAD "detection:\n  s: {a: 1}\n  condition: 1 of t*\n",
	  "no detection fits 't*'", 5 },
	{ "1 of them, all hidden", HEAD "detection:\n  _s: {a: 1}\n  condition: 1 of them\n",
	  "no detection fits 'them'", 5 },
	{ "aggregation", HEAD "detection:\n  s: {a: 1}\n  condition: s | count() > 5\n",
	  "aggregation by '|' is no longer part of Sigma; correlation rules stand in its place",
	  5 },
	{ "timeframe", HEAD "detection:\n  s: {a: 1}\n  timeframe: 5m\n  condition: s\n",
	  "'timeframe' is no longer part of Sigma; correlation rules stand in its place", 5 },
	{ "collection", "action: global\ntitle: x\n",
	  "rule collections by 'action' are no longer part of Sigma", 1 },
	{ "unmapped",
	  "title: x\nlogsource:\n  category: nowhere\ndetection: {s: {a: 1}, condition: s}\n",
	  "it cannot fire: nothing here is known to be such a log source", 3 },
	{ "same id twice", "id: q\n" SEL("a: 1") "---\nid: q\n" SEL("a: 2"),
	  "its id is that of 'x.yml' already", 6 },
	{ "duplicate key", SEL("a: 1, a: 2"), "key 'a' stands twice", 3 },
	{ "filter",
	  "title: x\nlogsource: {category: any}\nfilter:\n  rules: [q]\n  s: {a: 1}\n  condition: s\n",
	  "it names 'q', which is no rule that is loaded", 1 },
	{ "bad filter",
	  "title: x\nlogsource: {category: any}\nfilter:\n  rules: [q]\n  s: {a: 1}\n  condition: t\n",
	  "the condition names 't', which is no detection", 6 },
	{ "correlation",
	  "title: x\ncorrelation:\n  type: event_count\n  rules: [q]\n  timespan: 1h\n"
	  "  condition: {gte: 5}\n",
	  "it names 'q', which is no rule that is loaded", 1 },
	{ "bad correlation", "title: x\ncorrelation:\n  type: count\n",
	  "correlation type 'count' is not known", 3 },
};

static const char any_source[] = "- category: any\n  events:\n    - when: {t: 1}\n";

static void check_cases(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct rule_set *rs = rule_set_new();
		const char *name = cases[i].name;

		CHECK(name, rule_set_sources(rs, str_of(any_source), NULL));
		size_t n = rule_set_add(rs, STR("x.yml"), str_of(cases[i].rule));
		rule_set_link(rs);
		CHECK(name, n >= rule_set_count(rs));
		if (cases[i].reason == NULL) {
			CHECK(name, n >= 1 && rule_set_faults(rs) == 0);
		} else if (CHECK(name, rule_set_faults(rs) == 1)) {
			const struct rule_fault *f = rule_set_fault(rs, 0);

			CHECK(name, strcmp(f->why.text, cases[i].reason) == 0);
			CHECK(name, f->why.at == cases[i].line);
			if (test_failed > 0)
				printf("  line %zu: %s\n", f->why.at, f->why.text);
		}
		rule_set_free(rs);
	}
}

static void check_info(void)
{
	static const char rule[] =
		"title: A title\nid: r1\nlevel: high\nstatus: test\ntags: [attack.t1059, attack.execution]\n"
		"logsource: {product: p, category: any, service: s}\n"
		"detection: {sel: {a: 1}, condition: sel}\n"
		"canh:\n  vi: {title: Tiêu đề, what: Gì, check: [Xem], act: [Làm, Gọi], call: Ai}\n";
	static const char source[] =
		"- {category: any, product: p, service: s, events: [{when: {t: 1}}]}\n";
	struct rule_set *rs = rule_set_new();

	CHECK("loads", rule_set_sources(rs, str_of(source), NULL) &&
			       rule_set_add(rs, STR("d/x.yml"), str_of(rule)) == 1 &&
			       rule_set_add(rs, STR("y.yml"),
					    STR("title: b\nlogsource: {service: s, "
						"product: p, category: any}\n"
						"detection: {k: [x], condition: k}")) == 1);
	const struct rule_info *r = rule_set_at(rs, 0);
	CHECK("title", str_eq(r->title, STR("A title")) && str_eq(r->title_vi, STR("Tiêu đề")));
	CHECK("level", r->severity == SEV_HIGH && rule_set_at(rs, 1)->severity == SEV_MEDIUM);
	CHECK("tags", r->n_tags == 2 && str_eq(r->tags[1], STR("attack.execution")));
	CHECK("file", str_eq(r->file, STR("d/x.yml")) && r->line == 1);
	CHECK("logsource", str_eq(r->logsource, STR("category=any product=p service=s")));
	CHECK("guide", r->guide_vi != NULL && r->guide_vi->n_act == 2 &&
			       str_eq(r->guide_vi->what, STR("Gì")) && r->guide_en == NULL);
	CHECK("id of its own", str_eq(rule_set_at(rs, 1)->id, STR("y.yml#1")));
	CHECK("find", rule_set_find(rs, STR("R1")) == 0 && rule_set_find(rs, STR("zz")) == 2);
	CHECK("one source", rule_set_n_sources(rs) == 1 && rule_set_source(rs, 0).rules == 2 &&
				    rule_set_source_of(rs, 1) == 0);
	rule_set_free(rs);
	rule_set_free(NULL);
}

static const struct {
	const char *name, *text, *reason;
	size_t line;
} maps[] = {
	{ "no list", "a: b\n", "a list of log sources is expected", 1 },
	{ "unknown key", "- {categor: x, events: [{when: {a: 1}}]}\n",
	  "'categor' is not known here", 1 },
	{ "nothing named", "- {events: [{when: {a: 1}}]}\n",
	  "the logsource has no category, product or service", 1 },
	{ "no events", "- {category: x}\n", "'events' is missing", 1 },
	{ "no when", "- category: x\n  events:\n    - {rename: {a: b}}\n", "'when' is missing", 3 },
	{ "bad when", "- category: x\n  events:\n    - when: {a|b: c}\n",
	  "modifier 'b' is not known", 3 },
	{ "twice",
	  "- {category: x, events: [{when: {a: 1}}]}\n- {category: X, events: [{when: {a: 1}}]}\n",
	  "this log source stands twice", 2 },
};

static void check_maps(void)
{
	for (size_t i = 0; i < COUNT(maps); i++) {
		struct rule_set *rs = rule_set_new();
		struct err why = { 0 };

		CHECK(maps[i].name, !rule_set_sources(rs, str_of(maps[i].text), &why));
		CHECK(maps[i].name,
		      strcmp(why.text, maps[i].reason) == 0 && why.at == maps[i].line);
		rule_set_free(rs);
	}
}

/* The corpus. */

/* How often each reason stands, by its format. */
static void print_reasons(const struct rule_set *rs)
{
	const char *id[64];
	size_t n[64], count = 0;

	for (size_t i = 0; i < rule_set_faults(rs); i++) {
		const struct err *why = &rule_set_fault(rs, i)->why;
		size_t k = 0;

		while (k < count && strcmp(id[k], why->id) != 0)
			k++;
		if (k == COUNT(id))
			continue;
		if (k == count) {
			id[count] = why->id;
			n[count++] = 0;
		}
		n[k]++;
	}
	for (size_t k = 0; k < count; k++)
		printf("  %zu: %s\n", n[k], id[k]);
}

static bool load_corpus(struct load *l)
{
	static const char *const folders[] = { "rules",
					       "rules-compliance",
					       "rules-emerging-threats",
					       "rules-placeholder",
					       "rules-threat-hunting",
					       "unsupported" };
	char path[4096];
	size_t refused_main = 0;

	snprintf(path, sizeof path, "%s/content/sigma/logsources", getenv("CANH_SOURCE"));
	file_walk(path, &(struct walk){ .fn = load_source, .ctx = l });
	for (size_t i = 0; i < COUNT(folders); i++) {
		l->root = (size_t)snprintf(path, sizeof path, "%s/sigma-rules/%s", test_corpus(),
					   folders[i]) -
			  strlen(folders[i]);
		file_walk(path, &(struct walk){ .fn = load_rule, .ctx = l });
		if (strcmp(folders[i], "unsupported") != 0)
			refused_main = rule_set_faults(l->rs);
	}
	rule_set_link(l->rs);
	printf("sigma-rules: %zu files, %zu rules loaded, %zu refused (%zu outside unsupported)\n",
	       l->files, rule_set_count(l->rs), rule_set_faults(l->rs), refused_main);
	print_reasons(l->rs);
	/* Every document is one or the other: 3780 rules and what `unsupported` holds. */
	CHECK("each file", rule_set_count(l->rs) + rule_set_faults(l->rs) >= l->files);
	CHECK("loaded", rule_set_count(l->rs) >= 3759);
	for (size_t i = 0; i < rule_set_faults(l->rs); i++) {
		const struct rule_fault *f = rule_set_fault(l->rs, i);

		CHECK("a reason", f->why.kind != ERR_NONE && f->why.at > 0 && f->file.n > 0);
	}
	return l->files > 0;
}

struct twin {
	const struct rule_set *rs;
	struct rule_scratch *scratch;
	size_t want, hits;
};

static void count_hit(void *ctx, size_t rule, const struct sigma_match *where)
{
	struct twin *t = ctx;

	(void)where;
	t->hits += rule == t->want;
}

/* Run every record of a file; returns how often the wanted rule fired. */
static size_t run_twin(struct load *l, struct twin *t, const char *path)
{
	struct arena a = l->scratch;
	struct str text, record;
	struct read_ctx ctx = { .now = 1 };
	struct reader *r = reader_new(&ctx);
	bool cut;

	t->hits = 0;
	if (CHECK(path, file_load(&a, AT_FDCWD, path, 8 << 20, &text, NULL)))
		while (records_next(&text, true, &record, &cut)) {
			struct arena batch = a;
			struct event ev = { 0 };

			reader_read(r, &batch, record, &ev);
			rule_set_match(t->rs, t->scratch, &ev, count_hit, t);
		}
	reader_free(r);
	return t->hits;
}

static void run_twins(struct load *l)
{
	struct twin t = { .rs = l->rs, .scratch = rule_scratch_new(l->rs) };
	char path[4096];
	struct str text, line, col[7];
	struct arena a = l->scratch;
	size_t n = 0, fired = 0, exact = 0;

	snprintf(path, sizeof path, "%s/sigma-regression/expected.tsv", test_corpus());
	CHECK("expected.tsv", file_load(&a, AT_FDCWD, path, 1 << 20, &text, NULL));
	l->scratch = a;
	str_line(&text, &line); /* the head */
	while (str_line(&text, &line)) {
		for (size_t i = 0; i < COUNT(col); i++)
			if (!str_split(&line, '\t', &col[i]))
				col[i] = STR("");
		int len = snprintf(path, sizeof path, "%s/sigma-regression/%.*sjson", test_corpus(),
				   (int)(col[0].n - 4), col[0].p);
		t.want = rule_set_find(l->rs, col[2]);
		size_t hits = run_twin(l, &t, path);
		n++;
		fired += CHECK(path + len - 41, hits > 0);
		/* An empty match_count: the same event stands in the file of the recording only once. */
		uint64_t count = 1;
		bool told = num_parse(col[3], 1, 1000, &count);
		exact += hits == count;
		if (hits != count)
			printf("  %.*s: %zu hits, %s%" PRIu64 "\n", STR_ARG(col[0]), hits,
			       told ? "told " : "", count);
	}
	printf("sigma-regression: %zu cases, the named rule fired in %zu, as often as told in %zu\n",
	       n, fired, exact);
	CHECK("93 cases", n == 93);
	rule_scratch_free(t.scratch);
}

static void check_corpus(void)
{
	struct load l = { .rs = rule_set_new() };
	struct arena whole;

	if (test_corpus() == NULL || getenv("CANH_SOURCE") == NULL) {
		test_skip("sigma-rules", "CANH_CORPUS or CANH_SOURCE is not set");
	} else if (CHECK("memory", arena_reserve(&whole, (size_t)256 << 20))) {
		l.scratch = whole;
		if (load_corpus(&l))
			run_twins(&l);
		arena_release(whole);
	}
	rule_set_free(l.rs);
}

int main(void)
{
	check_cases();
	check_info();
	check_maps();
	check_corpus();
	return TEST_REPORT();
}
