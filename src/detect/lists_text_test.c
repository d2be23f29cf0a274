/* SPDX-License-Identifier: Apache-2.0 */
/* Indicators in raw text: borders, forms, and scalar against AVX2. */
#include "detect/found_int.h"

#include "base/test.h"
#include "base/time.h"
#include "detect/scan.h"

static unsigned char mem[1 << 20];

static const char *const list[] = {
	"1.2.3.4",
	"198.51.100.0/25",
	"192.0.2.10-192.0.2.13",
	"2001:db8::1",
	"2001:db8:5::/48",
	"evil.example.com",
	"thờitiết.vn",
	"http://example.org/mal",
	"http://203.0.113.9:8080/sh",
	"lure@example.net",
	"44d88612fea8a8f36de82e1278abb02f",
	"3395856ce81f2b7382dee72602f798b642f14140",
	"275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f",
	"Evil.exe",
	"C:\\Temp\\drop.zip",
	"public\\run me.ps1",
	"_odd+name_.dll",
};

static const struct {
	struct str line;
	const char *want; /* indicators, in any order, each once */
} cases[] = {
	{ STR("1.2.3.4"), "1.2.3.4" },
	{ STR("src=1.2.3.4 dst=10.0.0.1"), "1.2.3.4" },
	{ STR("11.2.3.4 1.2.3.45 1.2.3.4.5 0.1.2.3.4 1.2.3"), "" },
	{ STR("from 1.2.3.4:443, [1.2.3.4] (1.2.3.4)"), "1.2.3.4" },
	{ STR("1.2.3.4/32 is a host"), "1.2.3.4" },
	{ STR("by 1.2.3.4."), "1.2.3.4" },
	{ STR("by 1.2.3.4: refused"), "1.2.3.4" },
	{ STR("d:1.2.3.4 "), "1.2.3.4" },
	{ STR("ip:1.2.3.4:80:5.6.7.8"), "1.2.3.4" },
	{ STR("1.2.3.4abc"), "" }, /* a run of hexadecimal digits goes on */
	{ STR("1.2.3.4x 01.2.3.4"), "1.2.3.4" },
	{ STR("::ffff:1.2.3.4 "), "1.2.3.4" },
	{ STR("1[.]2[.]3[.]4"), "1.2.3.4" },
	{ STR("1(.)2.3[dot]4 and evil[.]example{.}com"), "1.2.3.4 evil.example.com" },
	{ STR("a line\n1[.]2.3.4\nb"), "1.2.3.4" },
	{ STR("198.51.100.127 198.51.100.128"), "198.51.100.0/25" },
	{ STR("192.0.2.9 192.0.2.14"), "" },
	{ STR("192.0.2.13"), "192.0.2.10-192.0.2.13" },
	{ STR("2001:DB8:0:0:0:0:0:1"), "2001:db8::1" },
	{ STR("[2001:0db8::0001]:443"), "2001:db8::1" },
	{ STR("peer:2001:db8::1: x 12:34:56"), "2001:db8::1" },
	{ STR("2001:db8::1."), "2001:db8::1" },
	{ STR("2001:db8:5:1::9 2001:db8:6::9 2001:db8::11"), "2001:db8:5::/48" },
	{ STR("2001[:]db8[:][:]1"), "2001:db8::1" },
	{ STR("evil.example.com"), "evil.example.com" },
	{ STR("http://WWW.Evil.Example.COM:80/x"), "evil.example.com" },
	{ STR("notevil.example.com evil.example.com.vn evil-example.com example.com"), "" },
	{ STR("host evil.example.com."), "evil.example.com" },
	{ STR("q=http%3A%2F%2Fevil.example.com%2Fx"), "evil.example.com" },
	{ STR("_x._tcp.evil.example.com"), "evil.example.com" },
	{ STR("ThờiTiết.VN"), "xn--thitit-0i8blj.vn" },
	{ STR("Tho\xCC\x9B\xCC\x80iTie\xCC\x82\xCC\x81t.VN"), "xn--thitit-0i8blj.vn" }, /* NFD */
	{ STR("“www.thờitiết.vn”"), "xn--thitit-0i8blj.vn" },
	{ STR("evil.example.com\u2013log.txt"), "evil.example.com" }, /* no indicator ends so */
	{ STR("evil.example.com\u2026log.txt"), "evil.example.com" },
	{ STR("evil.example.com\u2026x\u2013log.old.txt"), "evil.example.com" },
	{ STR("XN--thitit-0i8blj.vn"), "xn--thitit-0i8blj.vn" },
	{ STR("hxxps://example.org/mal"), "example.org/mal" },
	{ STR("http://example.org:8080/mal/x.exe?a"), "example.org/mal" },
	{ STR("http://example.org/malware example.org/MAL x.example.org/mal"), "" },
	{ STR("\"http://example.org/mal\""), "example.org/mal" },
	{ STR("GET http://203.0.113.9/sh HTTP/1.1"), "203.0.113.9/sh" },
	{ STR("to=<Lure@Example.NET> from=lure@example.net"), "lure@example.net" },
	{ STR("xlure@example.net lure@x.example.net"), "" },
	{ STR("MD5=44D88612FEA8A8F36DE82E1278ABB02F"), "44d88612fea8a8f36de82e1278abb02f" },
	{ STR("044d88612fea8a8f36de82e1278abb02f"), "" },
	{ STR("x44d88612fea8a8f36de82e1278abb02f"), "" },
	{ STR("3395856ce81f2b7382dee72602f798b642f14140."),
	  "3395856ce81f2b7382dee72602f798b642f14140" },
	{ STR("275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"),
	  "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f" },
	{ STR("1.2.3\n.4 1.2.3.\n4"), "" },
	{ STR("EVIL.EXE"), "evil.exe" },
	{ STR("started \"D:\\x y\\evil.exe\" -a"), "evil.exe" },
	{ STR("GET http://example.com/a/Evil.exe?x HTTP/1.1"), "evil.exe" },
	{ STR("notevil.exe evil.exe.config evil.exe_ x-evil.exe evil-exe"), "" },
	{ STR("removed evil.exe."), "evil.exe" },
	{ STR("Image: c:\\temp\\DROP.ZIP, pid 7"), "c:/temp/drop.zip" },
	{ STR("c:\\temp\\x\\drop.zip drop.zip"), "" },
	{ STR("(C:\\Users\\Public\\Run me.ps1)"), "public/run me.ps1" },
	{ STR("C:\\Republic\\run me.ps1"), "" },
	{ STR("loaded C:\\a\\_ODD+name_.dll"), "_odd+name_.dll" },
	{ STR(""), "" },
};

static struct list_set *build(void)
{
	struct list_builder *b = list_builder_new(7);
	struct list_info info = { .valid_from = TIME_NONE, .valid_until = TIME_NONE };
	struct err why = { 0 };

	CHECK("begin", list_builder_begin(b, &info, &why));
	for (size_t i = 0; i < COUNT(list); i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct indicator x;

		CHECK(list[i], indicator_parse(&a, str_of(list[i]), &x, &why) &&
				       list_builder_add(b, &x, STR(""), i, &why));
	}
	return list_builder_done(b, &why);
}

struct seen {
	char text[1024];
	size_t n;
	bool outside; /* a place that is not in the text */
	size_t len;
};

static bool see(void *ctx, const struct hit *hit, size_t at)
{
	struct seen *s = ctx;
	char one[256];

	snprintf(one, sizeof one, "%s%.*s", s->n > 0 ? " " : "", STR_ARG(hit->indicator));
	s->outside |= at > s->len || hit->use != HIT_GROUP;
	if (strstr(s->text, one + (s->n > 0)) == NULL)
		s->n += (size_t)snprintf(s->text + s->n, sizeof s->text - s->n, "%s", one);
	return true;
}

static const char *search(const struct list_set *set, const struct scan_ops *ops, struct str text,
			  struct seen *out)
{
	struct arena a = { mem, mem + sizeof mem };

	*out = (struct seen){ .len = text.n };
	lists_search(set, ops, (struct list_text){ text, TIME_NONE }, a, see, out);
	return out->text;
}

/* Each case alone, and deep inside a longer text at every offset of a block. */
static void test_cases(const struct list_set *set, const struct scan_ops *ops)
{
	static char pad[SCAN_STEP + 512];

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct seen s;
		struct str line = cases[i].line;

		if (!CHECK(line.p, strcmp(search(set, ops, line, &s), cases[i].want) == 0))
			printf("  %s: got '%s', want '%s'\n", ops->name, s.text, cases[i].want);
		CHECK(line.p, !s.outside);
		bool same = true;

		for (size_t off = 0; off < SCAN_STEP + 100;
		     off += off == 130 ? SCAN_STEP - 230 : 1) {
			memset(pad, ' ', sizeof pad);
			pad[off] = '\n';
			memcpy(pad + off + 1, line.p, line.n);
			same &= strcmp(search(set, ops, (struct str){ pad, sizeof pad }, &s),
				       cases[i].want) == 0 &&
				!s.outside;
		}
		CHECK(line.p, same);
	}
}

/* In the order of the text, each place and list line once. */
static void test_collect(const struct list_set *set)
{
	static const struct str text = { "evil.example.com 1.2.3.4\n[x] 1[.]2[.]3[.]4 1.2.3.4\n"
					 "lure@example.net\n",
					 68 };
	static const size_t want[] = { 0, 17, 25, 43, 51 };
	struct arena a = { mem, mem + sizeof mem };
	struct text_hit *hit;
	size_t n, i = 0;

	if (!CHECK("collect", list_set_collect(set, text, &a, &hit, &n) && n == COUNT(want)))
		return;
	for (; i < n && hit[i].at == want[i]; i++)
		;
	CHECK("places", i == n);
	CHECK("text of a defanged one", str_eq(hit[2].text, STR("1.2.3.4")));
	struct arena none = { mem, mem + 100 };

	CHECK("no room", !list_set_collect(set, text, &none, &hit, &n));
}

enum { CELL = 16, CELLS = 512 };

/* Addresses stand one in each cell of the text. */
static bool mark_cell(void *ctx, const struct hit *hit, size_t at)
{
	bool *met = ctx;

	(void)hit;
	met[at / CELL] = true;
	return true;
}

enum { SPACE = 1 << 17, RANGES = 24000, EDGE = 512 };

/* As many ranges as have an index of their own, against a bit for each address they can name. */
static void test_many_ranges(void)
{
	static bool in[SPACE + EDGE];
	const uint32_t first = 198u << 24 | 18u << 16; /* 198.18.0.0/15 */
	struct list_builder *b = list_builder_new(11);
	struct list_info info = { .valid_from = TIME_NONE, .valid_until = TIME_NONE };
	bool ok = list_builder_begin(b, &info, NULL), same = true;
	uint32_t dice = 3;

	for (uint32_t i = 0; ok && i < RANGES; i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct indicator x;

		dice = dice * 1664525 + 1013904223;
		uint32_t lo = (dice >> 8) % (SPACE - 700), n = i % 200 == 0 ? 600 : 2 + i % 3;
		uint32_t hi = first + lo + n - 1;
		char text[64];

		snprintf(text, sizeof text, "198.%u.%u.%u-198.%u.%u.%u", (first + lo) >> 16 & 255,
			 (first + lo) >> 8 & 255, (first + lo) & 255, hi >> 16 & 255, hi >> 8 & 255,
			 hi & 255);
		memset(in + EDGE + lo, 1, n);
		ok = indicator_parse(&a, str_of(text), &x, NULL) &&
		     list_builder_add(b, &x, STR(""), i, NULL);
	}
	CHECK("ranges added", ok);
	struct list_set *set = list_builder_done(b, NULL);

	for (uint32_t i = 0; set != NULL && i < SPACE; i += CELLS) {
		char text[CELLS * CELL + 1];
		bool met[CELLS] = { false };
		struct arena a = { mem, mem + sizeof mem };

		for (uint32_t k = 0; k < CELLS; k++) {
			uint32_t v = first - EDGE + i + k;

			char one[CELL + 1];

			snprintf(one, sizeof one, "%u.%u.%u.%u", v >> 24, v >> 16 & 255,
				 v >> 8 & 255, v & 255);
			snprintf(text + (size_t)k * CELL, CELL + 1, "%-16s", one);
		}
		lists_search(set, scan_best(),
			     (struct list_text){ { text, sizeof text - 1 }, TIME_NONE }, a,
			     mark_cell, met);
		same &= memcmp(met, in + i, sizeof met) == 0;
	}
	CHECK("each address is found where a range names it, and nowhere else", same);
	list_set_free(set);
}

static struct list_builder *add_many(struct list_builder *b, enum list_kind kind, const char *line,
				     size_t n)
{
	struct list_info info = { .kind = (uint8_t)kind,
				  .valid_from = TIME_NONE,
				  .valid_until = TIME_NONE };
	struct arena a = { mem, mem + sizeof mem };
	struct indicator x;
	bool ok = indicator_parse(&a, str_of(line), &x, NULL) && list_builder_begin(b, &info, NULL);

	for (size_t i = 1; ok && i <= n; i++)
		ok = list_builder_add(b, &x, STR(""), i, NULL);
	CHECK(line, ok);
	return b;
}

/* Entries that a walk from the first one found goes over. */
static size_t chain_len(const struct list_set *set, const struct found *f)
{
	size_t n = 0;

	for (uint32_t i = f->n > 0 ? f->ent[0] : NO_ENTRY; i != NO_ENTRY; i = set->ents[i].next)
		n++;
	return n;
}

static bool has_list(const struct list_set *set, const struct found *f, unsigned nr)
{
	for (size_t i = 0; i < f->n; i++)
		if (set->ents[f->ent[i]].list == nr)
			return set->ents[f->ent[i]].line == 1;
	return false;
}

/* A list that says one thing again and again keeps no other list from being heard. */
static void test_repeated(void)
{
	static const char *const lines[] = { "198.51.100.9", "198.51.100.0/24", "2001:db8::/32",
					     "often.example.com" };
	enum { OFTEN = 100000, RANGES_OFTEN = 5000 }; /* cutting ranges is slow */

	for (size_t i = 0; i < COUNT(lines); i++) {
		struct list_builder *b = list_builder_new(3);
		struct addr addr = { 0 };
		struct found f = { 0 };
		size_t often = i == 1 || i == 2 ? RANGES_OFTEN : OFTEN;

		add_many(b, LIST_C2, lines[i], often);
		add_many(b, LIST_KNOWN_GOOD, lines[i], often);
		add_many(b, LIST_PHISHING, lines[i], 1);
		struct list_set *set = list_builder_done(b, NULL);

		CHECK("address",
		      addr_parse(i == 2 ? STR("2001:db8::9") : STR("198.51.100.9"), &addr));
		if (i == 3)
			find_name(set, str_of(lines[i]), &f);
		else
			find_addr(set, &addr, &f);
		CHECK(lines[i], f.n == 3 && has_list(set, &f, 0) && has_list(set, &f, 1) &&
					has_list(set, &f, 2));
		CHECK(lines[i], set->n_pfx4 <= 3 && set->n_pfx6 <= 3 && chain_len(set, &f) <= 3);
		CHECK("each line counts", list_set_list(set, 0)->entries == often);
		list_set_free(set);
	}
}

/* Many lists of one sort leave their places to those of the other; the walk ends when none is left. */
static void test_many_lists(void)
{
	enum { MANY_LISTS = 200 };

	for (unsigned good = 0; good < 2; good++) {
		struct list_builder *b = list_builder_new(3);
		struct found f = { 0 };
		unsigned kinds[2] = { 0 };

		for (unsigned i = 0; i < MANY_LISTS; i++)
			add_many(b, (i == 1) != good ? LIST_KNOWN_GOOD : LIST_C2,
				 "often.example.com", 1);
		struct list_set *set = list_builder_done(b, NULL);

		find_name(set, STR("often.example.com"), &f);
		for (size_t i = 0; i < f.n; i++)
			kinds[set->lists[set->ents[f.ent[i]].list].kind == LIST_KNOWN_GOOD]++;
		CHECK("the single one", kinds[!good] == 1);
		CHECK("the many", kinds[good] == (good ? FOUND_GOOD : FOUND_MAX - FOUND_GOOD));
		/* From the last one a longer walk would not come back. */
		if (CHECK("found", f.n > 0))
			set->ents[f.ent[f.n - 1]].next = f.ent[f.n - 1];
		f.n = f.n_good = 0;
		find_name(set, STR("often.example.com"), &f);
		CHECK("the walk ends", f.n >= kinds[0] + kinds[1] && f.n <= FOUND_MAX);
		list_set_free(set);
	}
}

int main(void)
{
	struct list_set *set = build();
	struct seen s;

	if (!CHECK("built", set != NULL))
		return TEST_REPORT();
	test_cases(set, &scan_scalar);
	if (scan_best() != &scan_scalar)
		test_cases(set, scan_best());
	else
		test_skip("avx2", "this machine has none");
	test_collect(set);
	test_many_ranges();
	test_repeated();
	test_many_lists();
	list_set_free(set);
	struct list_builder *b = list_builder_new(1);

	set = list_builder_done(b, NULL);
	CHECK("empty set", set != NULL && search(set, scan_best(), STR("1.2.3.4"), &s)[0] == '\0');
	list_set_free(set);
	return TEST_REPORT();
}
