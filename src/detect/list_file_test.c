/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/list_file.h"

#include "base/file.h"
#include "base/test.h"
#include "base/time.h"

#include <fcntl.h>

static struct arena whole;

/* `want`: the columns, then each entry as line:type=note, then each bad line as !line. */
static const struct {
	const char *name;
	struct str text;
	const char *map;
	enum list_kind kind;
	const char *want;
} cases[] = {
	{ "one a line", STR("# a comment\n192.0.2.1\n\nexample.com\n// x\n192.0.2.0/24\n"), NULL, 0,
	  "indicator | 2:ip 4:domain 6:range" },
	{ "remarks", STR("192.0.2.1 # Mirai\r\n192.0.2.2\t# b\n"), NULL, 0,
	  "ip | 1:ip=Mirai 2:ip=b" },
	{ "remarks of two kinds beside a range",
	  STR("203.0.113.5 # c\n203.0.113.6 ; d\nexample.com // e\n203.0.113.0 - 203.0.113.9\n"),
	  NULL, 0, "indicator | 1:ip=c 2:ip=d 3:domain=e 4:range" },
	{ "a range with blanks among columns of blanks",
	  STR("203.0.113.5 seen often\n203.0.113.0 - 203.0.113.9 some\n203.0.113.7 \xe2\x80\x93 203.0.113.8 "
	      "x\n203.0.113.6 - rest\n"),
	  NULL, 0, "ip note note | 1:ip=seen; often 2:range=some 3:range=x 4:ip=rest" },
	{ "mostly rubbish", STR("!!\nnothing here\n12\n2026-11-22\n192.0.2.1\n"), NULL, 0,
	  "indicator | !1 !2 !3 !4 5:ip" },
	{ "files beside digests are remarks",
	  STR("44d88612fea8a8f36de82e1278abb02f,setup.exe\n44d88612fea8a8f36de82e1278abb02e,a.dll\n"),
	  NULL, 0, "hash note | 1:md5=setup.exe 2:md5=a.dll" },
	{ "unless they are said to be indicators",
	  STR("44d88612fea8a8f36de82e1278abb02f,setup.exe\n44d88612fea8a8f36de82e1278abb02e,readme.zip\n"),
	  "file=2", 0, "ignore file | 1:file 2:file" },
	{ "files alone", STR("evil.exe\nC:\\Temp\\a b.dat\n/tmp/x.sh\n"), NULL, 0,
	  "file | 1:file 2:file 3:file" },
	{ "a range in two columns",
	  STR("STT,IP bắt đầu,IP kết thúc,Ghi chú\n1,192.0.2.1,192.0.2.9,a\n2,192.0.2.77,,b\n"
	      "3,192.0.2.9,192.0.2.1,c\n"),
	  NULL, 0, "number ip ip note | 2:range=a 3:ip=b !4" },
	{ "start and end", STR("start_ip;end_ip\n192.0.2.1;192.0.2.9\n192.0.2.17;192.0.2.29\n"),
	  NULL, 0, "ip ip | 2:range 3:range" },
	{ "two columns that are no range",
	  STR("src ip,dst ip\n192.0.2.1,192.0.2.9\n192.0.2.2,192.0.2.8\n"), NULL, 0,
	  "ip ip | 2:ip 2:ip 3:ip 3:ip" },
	{ "bad lines", STR("192.0.2.1\n192.0.2.999\nhello world\n192.0.2.3"), NULL, 0,
	  "ip | 1:ip !2 !3 4:ip" },
	{ "defanged", STR("192[.]0[.]2[.]1\nhxxp://example[.]com/a\nexample(.)com\n"), NULL, 0,
	  "indicator | 1:ip 2:url 3:domain" },
	{ "Vietnamese header",
	  STR("STT,Địa chỉ IP,Mã độc,Thời gian,Ghi chú\n"
	      "1,192.0.2.1,Mirai,2026-01-05 10:00,\"a, b\"\n2,192.0.2.2,Gh0st,2026-01-06,\n"),
	  NULL, LIST_INFECTED, "number ip note time note | 2:ip=Mirai; a, b 3:ip=Gh0st" },
	{ "without marks, in decomposed form",
	  STR("stt;dia chi ip;Ghi chu\xCC\x81\n1;192.0.2.1;x\n2;192.0.2.2;y\n"), NULL, 0,
	  "number ip note | 2:ip=x 3:ip=y" },
	{ "title above the header",
	  STR("DANH SÁCH MÁY NHIỄM MÃ ĐỘC THÁNG 11/2026,,\n,,\nTT,IP,Tên mã độc\n"
	      "1,192.0.2.1,Mirai\n2,192.0.2.2,Mirai\n"),
	  NULL, 0, "number ip note | 4:ip=Mirai 5:ip=Mirai" },
	{ "tabs, no header", STR("# IP\tcount\n192.0.2.1\t10\n192.0.2.2\t9\n"), NULL, 0,
	  "ip number | 2:ip 3:ip" },
	{ "only some lines have a second column", STR("example.com\n192.0.2.1;65\nexample.net\n"),
	  NULL, 0, "indicator number | 1:domain 2:ip 3:domain" },
	{ "URLs with a column behind",
	  STR("http://example.com/a,phish\nhttp://example.net/b,phish\n"), NULL, 0,
	  "url note | 1:url=phish 2:url=phish" },
	{ "URLs with commas", STR("http://example.com/a,b\nhttp://example.net/b\n"), NULL, 0,
	  "url | 1:url 2:url" },
	{ "mapped", STR("a,192.0.2.9,192.0.2.1,n1\nb,192.0.2.9,example.com,n2\n"), "ip=3,note=4", 0,
	  "ignore ignore ip note | 1:ip=n1 !2" },
	{ "mapped by header", STR("x,Đích,Ghi chú\n1,192.0.2.1,n\n"), "ip=dich,note=GHI CHÚ", 0,
	  "ignore ip note | 2:ip=n" },
	{ "no such column", STR("a,192.0.2.1\n"), "ip=5", 0, NULL },
	{ "both ends, infected", STR("IP nguồn,IP C2\n192.0.2.1,198.51.100.7\n"), NULL,
	  LIST_INFECTED, "ip note | 2:ip=198.51.100.7" },
	{ "both ends, c2", STR("IP nguồn,IP C2\n192.0.2.1,198.51.100.7\n"), NULL, LIST_C2,
	  "note ip | 2:ip=192.0.2.1" },
	{ "several in a cell", STR("ip,note\n\"192.0.2.1, 192.0.2.2\",x\n192.0.2.3,y\n"), NULL, 0,
	  "ip note | 2:ip=x 2:ip=x 3:ip=y" },
	{ "quoted over lines", STR("ip,note\n192.0.2.1,\"a\nb\"\n192.0.2.2,c\n"), NULL, 0,
	  "ip note | 2:ip=a\nb 4:ip=c" },
	{ "quote never closed", STR("ip,note\n192.0.2.1,\"a\n192.0.2.2,c\n"), NULL, 0,
	  "ip note | !2 3:ip=c" },
	{ "doubled quotes", STR("ip,note\n192.0.2.1,\"a \"\"b\"\"\"\n192.0.2.2,\n"), NULL, 0,
	  "ip note | 2:ip=a \"b\" 3:ip" },
	{ "lines with a validity of their own",
	  STR("IP,Hiệu lực từ,Hết hạn,Ghi chú\n192.0.2.1,01/01/2026,31/12/2026,a\n192.0.2.2,,2026-06-30,b\n"
	      "192.0.2.3,2026-01-01T00:00:00Z,-,c\n192.0.2.4,,,d\n192.0.2.5,soon,,e\n"
	      "192.0.2.6,2026-02-01,2026-01-01,f\n192.0.2.7,31/02/2026,,g\n"),
	  NULL, 0,
	  "ip valid_from valid_until note | 2:ip=a[1767200400,1798736399] 3:ip=b[,1782838799] "
	  "4:ip=c[1767225600,] 5:ip=d !6 !7 !8" },
	{ "in English, in JSON",
	  STR("[{\"ip\":\"192.0.2.1\",\"valid_until\":\"2026-06-30\"},{\"ip\":\"192.0.2.2\"}]"),
	  NULL, 0, "ip valid_until | 1:ip[,1782838799] 2:ip" },
	{ "a column that is said to hold dates, and does not",
	  STR("ip,expires\n192.0.2.1,never\n192.0.2.2,no\n"), NULL, 0,
	  "ip note | 2:ip=never 3:ip=no" },
	{ "lines that do not end, days with a clock",
	  STR("ip,hết hạn\n192.0.2.1,Never\n192.0.2.2,30/06/2026 12:00\n"
	      "192.0.2.3,VÔ THỜI HẠN\n192.0.2.4,1/7/2026 7:00:01\n192.0.2.5,30/06/2026 24:00\n"),
	  NULL, 0, "ip valid_until | 2:ip 3:ip[,1782795600] 4:ip 5:ip[,1782864001] !6" },
	{ "from and to of what was seen is no validity",
	  STR("IP,Từ ngày,Đến ngày\n192.0.2.1,2026-01-01,2026-01-31\n192.0.2.2,2026-01-01,2026-01-31\n"),
	  NULL, 0, "ip time time | 2:ip 3:ip" },
	{ "validity, mapped", STR("192.0.2.1,2026-06-30\n"), "ip=1,valid_until=2", 0,
	  "ip valid_until | 1:ip[,1782838799]" },
	{ "empty cells", STR("ip,domain\n-,example.com\n192.0.2.1,N/A\n-,-\n"), NULL, 0,
	  "ip domain | 2:domain 3:ip !4" },
	{ "hosts file", STR("127.0.0.1 example.com\n127.0.0.1 example.net\n"), NULL, 0,
	  "ignore domain | 1:domain 2:domain" },
	{ "mark of UTF-8", STR("\xEF\xBB\xBFip,note\n192.0.2.1,x\n"), NULL, 0, "ip note | 2:ip=x" },
	{ "UTF-16",
	  STR("\xFF\xFE"
	      "1\0.\0002\0.\0003\0.\0004\0\r\0\n\0"),
	  NULL, 0, "ip | 1:ip" },
	{ "JSON lines",
	  STR("{\"ioc\":\"example.com\",\"note\":\"x\"}\n{bad\n"
	      "{\"ioc\":\"192.0.2.1\",\"n\":5}\n"),
	  NULL, 0, "indicator note number | 1:domain=x !2 3:ip" },
	{ "one JSON line", STR("{\"ip\":\"192.0.2.1\"}"), NULL, 0, "ip | 1:ip" },
	{ "JSON array", STR("[\"192.0.2.1\", \"x\", \"example.com\"]"), NULL, 0,
	  "indicator | 1:ip !2 3:domain" },
	{ "JSON with a list", STR("{\"name\":\"n\",\"type\":\"cidr\",\"list\":[\"192.0.2.0/24\"]}"),
	  NULL, 0, "ip | 1:range" },
	{ "expressions are no indicators", STR("{\"type\":\"regex\",\"list\":[\"a\"]}"), NULL, 0,
	  NULL },
	{ "digests",
	  STR("md5,sha1\n44d88612fea8a8f36de82e1278abb02f,"
	      "3395856ce81f2b7382dee72602f798b642f14140\n"),
	  NULL, 0, "hash hash | 2:md5 2:sha1" },
	{ "mail", STR("Người gửi;Tiêu đề\nlure@example.com;x\na@example.net;y\n"), NULL, 0,
	  "email note | 2:email=x 3:email=y" },
	{ "nothing", STR(" \n\n"), NULL, 0, NULL },
};

struct out {
	char text[2048];
	size_t n;
};

/* A sign, and the second where there is one. */
static void put(struct out *o, const char *sign, int64_t t)
{
	size_t cap = sizeof o->text - o->n;

	o->n += (size_t)(t == TIME_NONE ? snprintf(o->text + o->n, cap, "%s", sign)
					: snprintf(o->text + o->n, cap, "%s%lld", sign,
						   (long long)(t / TIME_SECOND)));
}

static bool entry(void *ctx, const struct indicator *x, struct str note, uint64_t line)
{
	struct out *o = ctx;

	o->n += (size_t)snprintf(o->text + o->n, sizeof o->text - o->n, " %u:%s%s%.*s",
				 (unsigned)line, indicator_type_name(x->type),
				 note.n > 0 ? "=" : "", STR_ARG(note));
	if (x->dated) {
		put(o, "[", x->valid_from);
		put(o, ",", x->valid_until);
		put(o, "]", TIME_NONE);
	}
	return o->n < sizeof o->text - 300;
}

static void bad(void *ctx, uint64_t line, const struct err *why)
{
	struct out *o = ctx;

	o->n += (size_t)snprintf(o->text + o->n, sizeof o->text - o->n, " !%u", (unsigned)line);
	CHECK("reason", why->kind != ERR_NONE && why->text[0] != '\0');
}

static void describe(const struct list_file *f, struct out *o)
{
	o->n = 0;
	for (size_t i = 0; i < f->n_columns; i++)
		o->n += (size_t)snprintf(o->text + o->n, sizeof o->text - o->n, "%s ",
					 list_column_name(f->column[i].holds));
	o->n += (size_t)snprintf(o->text + o->n, sizeof o->text - o->n, "|");
}

static void test_cases(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = whole;
		struct list_map map;
		struct list_file f;
		struct list_counts counts;
		struct err why = { 0 };
		struct out o;
		struct list_sink sink = { entry, bad, &o };

		CHECK(cases[i].name,
		      cases[i].map == NULL || list_map_parse(str_of(cases[i].map), &map, &why));
		bool ok = list_file_open(&a, cases[i].text, cases[i].map == NULL ? NULL : &map,
					 cases[i].kind, &f, &why);

		CHECK(cases[i].name, ok == (cases[i].want != NULL) && ok == (why.kind == ERR_NONE));
		if (!ok || cases[i].want == NULL)
			continue;
		describe(&f, &o);
		CHECK(cases[i].name, list_file_read(&f, a, &sink, &counts));
		if (!CHECK(cases[i].name, strcmp(o.text, cases[i].want) == 0))
			printf("  got '%s'\n want '%s'\n", o.text, cases[i].want);
	}
}

static const struct {
	const char *map;
	bool ok;
	size_t n;
} maps[] = {
	{ "ip=3,note=4", true, 2 },   { "Indicator=1", true, 1 }, { "ip=Địa chỉ", true, 1 },
	{ "ip", false, 0 },           { "colour=1", false, 0 },   { "ip=", false, 0 },
	{ "ip=1,,note=2", false, 0 },
};

static void test_maps(void)
{
	for (size_t i = 0; i < COUNT(maps); i++) {
		struct list_map m = { .n = 0 };

		CHECK(maps[i].map, list_map_parse(str_of(maps[i].map), &m, NULL) == maps[i].ok &&
					   m.n == maps[i].n);
	}
}

/* Lists that others wrote: how many entries, by what they say of themselves. */
static const struct {
	const char *path;
	uint64_t entries, bad;
	enum indicator_type most;
} files[] = {
	{ "ioc-ipsum/ipsum.txt", 120430, 0, IND_IP },
	{ "ioc-ipsum/levels/3.txt", 14217, 0, IND_IP },
	{ "ioc-eset/dukes/samples.md5", 18, 0, IND_MD5 },
	{ "ioc-eset/dukes/samples.sha1", 18, 0, IND_SHA1 },
	{ "ioc-eset/telebots/samples.sha256", 36, 0, IND_SHA256 },
	{ "yara-signature-base/iocs/c2-iocs.txt", 1844, 0, IND_DOMAIN },
	{ "warninglists/lists/rfc1918/list.json", 3, 0, IND_RANGE },
	{ "warninglists/lists/google-gcp/list.json", 471, 0, IND_RANGE },
	{ "warninglists/lists/bank-website/list.json", 2225, 1, IND_DOMAIN },
	{ "warninglists/lists/vpn-ipv6/list.json", 1250, 0, IND_RANGE },
	{ "warninglists/lists/tlds/list.json", 0, 1438, IND_DOMAIN },
};

static bool count(void *ctx, const struct indicator *x, struct str note, uint64_t line)
{
	(void)ctx;
	(void)x;
	(void)note;
	(void)line;
	return true;
}

static void test_files(const char *corpus)
{
	for (size_t i = 0; i < COUNT(files); i++) {
		struct arena a = whole;
		char path[512];
		struct str bytes;
		struct list_file f;
		struct list_counts counts;
		struct list_sink sink = { .entry = count };
		struct err why = { 0 };

		snprintf(path, sizeof path, "%s/%s", corpus, files[i].path);
		if (!CHECK(files[i].path,
			   file_load(&a, AT_FDCWD, path, (size_t)64 << 20, &bytes, &why) &&
				   list_file_open(&a, bytes, NULL, LIST_UNKNOWN, &f, &why)))
			continue;
		CHECK(files[i].path, list_file_read(&f, a, &sink, &counts));
		if (!CHECK(files[i].path,
			   counts.entries == files[i].entries && counts.bad == files[i].bad))
			printf("  %llu entries, %llu bad\n", (unsigned long long)counts.entries,
			       (unsigned long long)counts.bad);
		CHECK(files[i].path,
		      counts.entries == 0 || counts.type[files[i].most] * 2 >= counts.entries);
	}
}

int main(void)
{
	if (!CHECK("arena", arena_reserve(&whole, (size_t)256 << 20)))
		return TEST_REPORT();
	test_cases();
	test_maps();
	if (test_corpus() != NULL)
		test_files(test_corpus());
	else
		test_skip("lists of the corpus", "CANH_CORPUS is not set");
	arena_release(whole);
	return TEST_REPORT();
}
