/* SPDX-License-Identifier: Apache-2.0 */
/* Each semantic of the specification that bites, as one row: a detection, an event, the verdict. */
#include "detect/sigma_eval.h"

#include "base/test.h"
#include "detect/rule_set.h"
#include "detect/test_event.h"

static const char sources[] = "- category: any\n  events:\n    - when: {t: 1}\n"
			      "- category: other\n  events:\n    - when: {t: 2}\n"
			      "      rename: {Image: NewProcessName}\n"
			      "    - when: {t: 3}\n";
static const char lists[] = "Admins: [root, 'adm_*']\nNets: ['10.']\n";

#define SEL(body) "{sel: {" body "}, condition: sel}"
#define NOT(body) "{sel: {" body "}, condition: not sel}"

static const struct {
	const char *name, *detection, *event;
	bool holds;
} cases[] = {
	/* text */
	{ "equal, case aside", SEL("Image: ABC"), "Image=abc", true },
	{ "Unicode case", SEL("User: 'NGUYỄN Đ'"), "User=nguyễn đ", true },
	{ "not a part", SEL("Image: ab"), "Image=abc", false },
	{ "cased", SEL("Image|cased: ABC"), "Image=abc", false },
	{ "cased, same", SEL("Image|cased: ABC"), "Image=ABC", true },
	{ "cased contains", SEL("Image|contains|cased: BC"), "Image=ABCD", true },
	{ "contains", SEL("Image|contains: bc"), "Image=aBcd", true },
	{ "startswith", SEL("Image|startswith: ab"), "Image=ABc", true },
	{ "startswith, not there", SEL("Image|startswith: bc"), "Image=ABc", false },
	{ "endswith", SEL("Image|endswith: '\\cmd.exe'"), "Image=C:\\x\\CMD.exe", true },
	{ "wildcards also after contains", SEL("Image|contains: 'a*c'"), "Image=xabcx", true },
	{ "question mark", SEL("Image: 'a?c'"), "Image=abc", true },
	{ "escaped wildcard", SEL("Image: 'a\\*c'"), "Image=abc", false },
	{ "single backslash stays", SEL("Image: 'C:\\Windows'"), "Image=c:\\windows", true },
	{ "double backslash is one", SEL("Image|contains: '\\\\Temp\\\\'"), "Image=C:\\Temp\\x",
	  true },
	{ "backslash at the end", SEL("Image: 'C:\\x\\'"), "Image=c:\\x\\", true },
	{ "backslash and wildcard", SEL("Image: 'C:\\\\*'"), "Image=c:\\x", true },
	{ "so, and no backslash", SEL("Image: 'C:\\\\*'"), "Image=c:x", false },
	{ "backslash and plain star", SEL("Image: 'a\\\\\\*b'"), "Image=a\\*b", true },
	{ "so, and something for the star", SEL("Image: 'a\\\\\\*b'"), "Image=a\\xb", false },
	{ "three backslashes are two", SEL("Image: '\\\\\\srv'"), "Image=\\\\srv", true },
	{ "four backslashes are two", SEL("Image: '\\\\\\\\srv'"), "Image=\\\\srv", true },
	{ "question mark is one", SEL("Image: 'a?c'"), "Image=ac", false },
	{ "question mark is a letter of any script", SEL("Image: 'a?c'"), "Image=a\u1ed5c", true },
	{ "escaped question mark", SEL("Image: 'a\\?c'"), "Image=a?c", true },
	{ "wildcards in a list with all", SEL("Image|all: ['*a*', '*b*']"), "Image=xbya", true },
	{ "GUID keeps its braces", SEL("G: '{0A1B}'"), "G=0a1b", false },
	{ "SID", SEL("S: S-1-5-18"), "S=s-1-5-18", true },
	{ "list is or", SEL("Image: [a, b]"), "Image=b", true },
	{ "list, none", SEL("Image: [a, b]"), "Image=c", false },
	{ "map is and", SEL("Image: a, User: b"), "Image=a\nUser=c", false },
	{ "all is and", SEL("Image|contains|all: [a, b]"), "Image=xbya", true },
	{ "all, one missing", SEL("Image|contains|all: [a, b]"), "Image=xby", false },
	{ "list of maps is or", "{sel: [{Image: a}, {User: b}], condition: sel}", "User=b", true },
	{ "map in a list is and", "{sel: [{Image: a, User: b}, {User: c}], condition: sel}",
	  "User=b", false },
	{ "numbers as text", SEL("EventID: 1"), "EventID=1", true },
	{ "number and quoted number", SEL("EventID: '1'"), "EventID=1", true },
	{ "number is not a part", SEL("EventID: 1"), "EventID=11", false },
	{ "hex stays text", SEL("Mask: '0x40'"), "Mask=64", false },
	{ "boolean", SEL("Initiated: true"), "Initiated=True", true },
	/* null, empty, absent */
	{ "null: absent", SEL("Image: null"), "User=a", true },
	{ "null: null", SEL("Image: null"), "Image!", true },
	{ "null: empty is not null", SEL("Image: null"), "Image=", false },
	{ "null: there", SEL("Image: null"), "Image=a", false },
	{ "bare key is null", SEL("Image: "), "User=a", true },
	{ "empty: empty", SEL("Image: ''"), "Image=", true },
	{ "empty: absent is not empty", SEL("Image: ''"), "User=a", false },
	{ "empty: null is not empty", SEL("Image: ''"), "Image!", false },
	{ "exists", SEL("Image|exists: true"), "Image=a", true },
	{ "exists: empty", SEL("Image|exists: true"), "Image=", true },
	{ "exists: null", SEL("Image|exists: true"), "Image!", true },
	{ "exists: absent", SEL("Image|exists: true"), "User=a", false },
	{ "exists false", SEL("Image|exists: false"), "User=a", true },
	{ "star needs a value", SEL("Image: '*'"), "User=a", false },
	{ "star takes empty", SEL("Image: '*'"), "Image=", true },
	{ "not over absent is true", NOT("Image: a"), "User=a", true },
	{ "not over another value", NOT("Image: a"), "Image=b", true },
	{ "not over the value", NOT("Image: a"), "Image=a", false },
	{ "neq", SEL("Image|neq: a"), "Image=b", true },
	{ "neq, same", SEL("Image|neq: a"), "Image=A", false },
	{ "neq of a list: none of them", SEL("Image|neq: [a, b]"), "Image=b", false },
	{ "neq over absent", SEL("Image|neq: a"), "User=b", true },
	{ "contains and neq", SEL("Image|contains|neq: a"), "Image=xax", false },
	/* several values of one field */
	{ "any of several values", SEL("Ip: b"), "Ip=a\nIp=b", true },
	{ "several values, all", SEL("Ip|contains|all: [a, b]"), "Ip=xa\nIp=xb", true },
	{ "several values, not", NOT("Ip: b"), "Ip=a\nIp=b", false },
	/* names */
	{ "bare name", SEL("Image: a"), "winlog.event_data.>Image=a", true },
	{ "full name", SEL("winlog.event_data.Image: a"), "winlog.event_data.>Image=a", true },
	{ "name, case aside", SEL("image: a"), "Image=a", true },
	{ "ECS name", SEL("source.ip: 192.0.2.1"),
	  "src=1\n"
	  "@source.ip=192.0.2.1",
	  true },
	{ "raw name before ECS name", SEL("user.name: a"),
	  "user.name=b\n"
	  "@user.name=a",
	  false },
	/* expressions */
	{ "re is somewhere", SEL("Image|re: 'b+c'"), "Image=abbcd", true },
	{ "re: case matters", SEL("Image|re: 'B'"), "Image=abc", false },
	{ "re i", SEL("Image|re|i: 'B'"), "Image=abc", true },
	{ "re m", SEL("Image|re|m: '^b$'"), "Image=a\rb", false },
	{ "re takes no wildcards", SEL("Image|re: 'a*c'"), "Image=abc", true },
	{ "re raw backslash", SEL("Image|re: '\\d\\\\x'"), "Image=1\\x", true },
	{ "re list", SEL("Image|re: ['^x', '^a']"), "Image=abc", true },
	{ "re s", SEL("Image|re|s: 'a.c'"), "Image=a\rc", true },
	{ "re i m", SEL("Image|re|i|m: 'B.D'"), "Image=abcd", true },
	{ "re neq", SEL("Image|re|neq: 'b'"), "Image=abc", false },
	{ "cidr neq", SEL("Ip|cidr|neq: 192.0.2.0/24"), "Ip=198.51.100.1", true },
	{ "re startswith", SEL("Image|re|startswith: 'b'"), "Image=abc", false },
	{ "re endswith", SEL("Image|re|endswith: 'c'"), "Image=abc", true },
	/* encodings */
	{ "base64", SEL("C|base64|contains: 'foobar'"), "C=x Zm9vYmFy y", true },
	{ "base64 is plain text: case aside", SEL("C|base64: foobar"), "C=ZM9VYMFY", true },
	{ "base64offset 0", SEL("C|base64offset|contains: 'http://'"), "C=aHR0cDovL3", true },
	{ "base64offset 1", SEL("C|base64offset|contains: 'http://'"), "C=xodHRwOi8v", true },
	{ "base64offset 2", SEL("C|base64offset|contains: 'http://'"), "C=yyaHR0cDovL", true },
	{ "wide base64offset", SEL("C|wide|base64offset|contains: 'ping'"),
	  "C=eHh4YXAAaQBuAGcAeno=", true },
	{ "utf16le base64", SEL("C|utf16le|base64: 'cmd'"), "C=YwBtAGQA", true },
	{ "utf16be base64", SEL("C|utf16be|base64: 'cmd'"), "C=AGMAbQBk", true },
	{ "utf16 base64", SEL("C|utf16|base64: 'cmd'"), "C=//5jAG0AZAA=", true },
	{ "windash", SEL("C|contains|windash: ' -h '"), "C=x /h y", true },
	{ "windash, every occurrence", SEL("C|contains|windash: '-a -b'"), "C=x /a \u2015b", true },
	{ "windash, not within a word", SEL("C|contains|windash: 'a-b'"), "C=a/b", false },
	{ "windash, as it stands", SEL("C|contains|windash: 'a-b'"), "C=a-b", true },
	{ "windash, en dash", SEL("C|windash|contains: ' /h '"), "C=x –h y", true },
	{ "windash then base64", SEL("C|windash|base64: '-f'"), "C=L2Y=", true },
	/* addresses */
	{ "cidr", SEL("Ip|cidr: 192.0.2.0/24"), "Ip=192.0.2.77", true },
	{ "cidr, outside", SEL("Ip|cidr: 192.0.2.0/24"), "Ip=192.0.3.1", false },
	{ "cidr, one address", SEL("Ip|cidr: 192.0.2.1"), "Ip=192.0.2.1", true },
	{ "cidr v6", SEL("Ip|cidr: 2001:db8::/32"), "Ip=2001:DB8::1", true },
	{ "cidr v6 is not v4", SEL("Ip|cidr: '::/0'"), "Ip=192.0.2.1", false },
	{ "cidr v6, all", SEL("Ip|cidr: '::/0'"), "Ip=2001:db8::1", true },
	{ "cidr, no address", SEL("Ip|cidr: 0.0.0.0/0"), "Ip=host", false },
	/* numbers and times */
	{ "lt", SEL("N|lt: 10"), "N=9.5", true },
	{ "lt, same", SEL("N|lt: 10"), "N=10", false },
	{ "lte", SEL("N|lte: 10"), "N=10", true },
	{ "gt", SEL("N|gt: -1"), "N=0", true },
	{ "gte", SEL("N|gte: 10"), "N=9", false },
	{ "gt, no number", SEL("N|gt: 1"), "N=abc", false },
	{ "gt, absent", SEL("N|gt: 1"), "M=5", false },
	{ "gt, as text it would be less", SEL("N|gt: 9"), "N=10", true },
	{ "neq of a number", SEL("N|neq: 10"), "N=9", true },
	{ "neq of the same number", SEL("N|neq: 10"), "N=10", false },
	{ "gte and lt of one field", "{a: {N|gte: 10, N|lt: 20}, condition: a}", "N=19.9", true },
	{ "so, beyond", "{a: {N|gte: 10, N|lt: 20}, condition: a}", "N=20", false },
	{ "hour", SEL("T|hour: 3"), "T=2026-11-22T03:04:05Z", true },
	{ "hour gte", SEL("T|hour|gte: 18"), "T=2026-11-22 17:59:59", false },
	{ "minute", SEL("T|minute: [4, 5]"), "T=2026-11-22 03:04", true },
	{ "day", SEL("T|day: 22"), "T=2026-11-22", true },
	{ "month", SEL("T|month: 11"), "T=2026-11-22", true },
	{ "year", SEL("T|year|lt: 2026"), "T=2026-11-22", false },
	{ "week", SEL("T|week: 53"), "T=2027-01-02", true },
	{ "week 1", SEL("T|week: 1"), "T=2026-01-01T00:00:00", true },
	{ "no zone is applied", SEL("T|hour: 3"), "T=2026-11-22T03:04:05+07:00", true },
	{ "no time", SEL("T|hour: 3"), "T=at three", false },
	/* another field */
	{ "fieldref", SEL("Image|fieldref: Parent"), "Image=a\nParent=A", true },
	{ "fieldref, other", SEL("Image|fieldref: Parent"), "Image=a\nParent=b", false },
	{ "fieldref, absent", SEL("Image|fieldref: Parent"), "Image=a", false },
	{ "fieldref neq", SEL("Image|fieldref|neq: Parent"), "Image=a\nParent=b", true },
	{ "fieldref endswith", SEL("Image|fieldref|endswith: Name"), "Image=C:\\a.exe\nName=A.exe",
	  true },
	{ "fieldref startswith", SEL("Image|fieldref|startswith: Dir"), "Image=C:\\a\nDir=a",
	  false },
	{ "fieldref contains", SEL("Image|fieldref|contains: X"), "Image=abc\nX=b", true },
	{ "fieldref cased", SEL("Image|fieldref|cased: X"), "Image=a\nX=A", false },
	/* keywords */
	{ "keyword in any field", "{k: [evil], condition: k}", "a=x\nb=an EVIL thing", true },
	{ "keyword, none", "{k: [evil], condition: k}", "a=x", false },
	{ "keywords are or", "{k: [foo, bar], condition: k}", "a=bar", true },
	{ "keyword alone", "{k: bar, condition: k}", "a=xbarx", true },
	{ "keyword with a wildcard", "{k: ['a*c'], condition: k}", "x=1 abc 2", true },
	{ "keyword number", "{k: [4711], condition: k}", "x=id 4711", true },
	{ "all keywords, other fields", "{k: {'|all': [foo, bar]}, condition: k}", "a=foo\nb=bar",
	  true },
	{ "all keywords, one missing", "{k: {'|all': [foo, bar]}, condition: k}", "a=foo", false },
	{ "keyword expression", "{k: {'|re': 'f.o'}, condition: k}", "a=xfoox", true },
	{ "keyword in the record", "{k: ['raw text'], condition: k}", "a=x", true },
	{ "not a keyword", "{k: [evil], condition: not k}", "a=x", true },
	/* lists of values */
	{ "expand", SEL("User|expand: '%Admins%'"), "User=root", true },
	{ "expand, wildcard in the list", SEL("User|expand: '%Admins%'"), "User=adm_x", true },
	{ "expand within text", SEL("Ip|contains|expand: '%Nets%1.'"), "Ip=x10.1.y", true },
	{ "escaped percent", SEL("User|expand: '\\%a%'"), "User=%a%", true },
	{ "no expand: plain percent", SEL("User: '%Admins%'"), "User=%admins%", true },
	/* conditions */
	{ "and binds more than or", "{a: {X: 1}, b: {Y: 1}, c: {Z: 1}, condition: a or b and c}",
	  "X=1", true },
	{ "brackets", "{a: {X: 1}, b: {Y: 1}, c: {Z: 1}, condition: (a or b) and c}", "X=1",
	  false },
	{ "not binds more than and", "{a: {X: 1}, b: {Y: 1}, condition: not a and b}", "Y=1",
	  true },
	{ "not twice", "{a: {X: 1}, condition: not not a}", "X=1", true },
	{ "not of brackets", "{a: {X: 1}, b: {Y: 1}, condition: not (a or b)}", "Y=1", false },
	{ "1 of them", "{a: {X: 1}, b: {Y: 1}, condition: 1 of them}", "Y=1", true },
	{ "any of them", "{a: {X: 1}, b: {Y: 1}, condition: any of them}", "Y=1", true },
	{ "all of them, one is not", "{a: {X: 1}, b: {Y: 1}, condition: all of them}", "Y=1",
	  false },
	{ "star within a pattern", "{sel_a_x: {X: 1}, sel_b_x: {Y: 1}, condition: 1 of sel_*_x}",
	  "Y=1", true },
	{ "star before a pattern", "{a_x: {X: 1}, b_y: {Y: 1}, condition: all of *_x}", "X=1",
	  true },
	{ "underscore by its own pattern", "{_a: {X: 1}, b: {Y: 1}, condition: 1 of _*}", "X=1",
	  true },
	{ "underscore by its name", "{_a: {X: 1}, condition: _a}", "X=1", true },
	{ "list of conditions is or", "{a: {X: 1}, b: {Y: 1}, condition: [a, b]}", "Y=1", true },
	{ "filter", "{sel: {X: 1}, filter_a: {Y: 1}, condition: sel and not 1 of filter_*}",
	  "X=1\nY=2", true },
	{ "filter holds", "{sel: {X: 1}, filter_a: {Y: 1}, condition: sel and not 1 of filter_*}",
	  "X=1\nY=1", false },
	{ "optional filters over absent fields",
	  "{sel: {X: 1}, filter_a: {Y: 1}, filter_b: {Z: null}, condition: sel and not all of filter_*}",
	  "X=1", true },
	{ "all of them leaves _ out", "{a: {X: 1}, _b: {Y: 1}, condition: all of them}", "X=1",
	  true },
};

static void one_hit(void *ctx, size_t rule, const struct sigma_match *where)
{
	struct sigma_match *out = ctx;

	(void)rule;
	*out = *where;
}

/* The match of the only rule, or a field with p == NULL; `compiled`: by detect/engine.h. */
static struct sigma_match run_by(bool compiled, const char *category, const char *detection,
				 struct str event, const char *name)
{
	struct rule_set *rs = rule_set_new();
	struct sigma_match where = { { NULL, 0 }, { NULL, 0 } };
	static struct test_event t;
	char rule[2048];
	struct err why = { 0 };
	int n = snprintf(rule, sizeof rule, "title: x\nlogsource: {category: %s}\ndetection: %s\n",
			 category, detection);

	CHECK(name, rs != NULL && rule_set_sources(rs, str_of(sources), &why) &&
			    rule_set_lists(rs, str_of(lists), &why));
	if (!CHECK(name, rule_set_add(rs, STR("x.yml"), (struct str){ rule, (size_t)n }) == 1))
		printf("  %s\n", rule_set_faults(rs) ? rule_set_fault(rs, 0)->why.text : "?");
	CHECK(name, !compiled || rule_set_compile(rs, &why));
	test_event(&t, event, STR("the raw text"));
	struct rule_scratch *s = rule_scratch_new(rs);
	rule_set_match(rs, s, &t.ev, one_hit, &where);
	CHECK(name, rule_set_count(rs) == 0 || rule_scratch_seen(s, 0) == 1);
	rule_scratch_free(s);
	/* views into the event stay good; the rule set may go */
	rule_set_free(rs);
	return where;
}

/* What both say. */
static struct sigma_match run(const char *category, const char *detection, struct str event,
			      const char *name)
{
	struct sigma_match a = run_by(false, category, detection, event, name);
	struct sigma_match b = run_by(true, category, detection, event, name);

	CHECK(name, (a.field.p == NULL) == (b.field.p == NULL) && str_eq(a.field, b.field) &&
			    str_eq(a.text, b.text));
	return a;
}

static void check_cases(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		char event[1024];
		int n = snprintf(event, sizeof event, "t=1\n%s", cases[i].event);
		struct sigma_match m = run("any", cases[i].detection,
					   (struct str){ event, (size_t)n }, cases[i].name);

		CHECK(cases[i].name, (m.field.p != NULL) == cases[i].holds);
	}
}

static void check_where(void)
{
	struct sigma_match m = run(
		"any",
		"{sel: {EventID: 1, Image|endswith: cmd.exe}, f: {X: 1}, condition: sel and not f}",
		STR("t=1\nEventID=1\nImage=C:\\cmd.exe"), "where");

	CHECK("field", str_eq(m.field, STR("Image")) && str_eq(m.text, STR("C:\\cmd.exe")));
	m = run("any", "{sel: {EventID: 1, Image|re: 'b+c'}, condition: sel}",
		STR("t=1\nEventID=1\nImage=abbcd"), "where");
	CHECK("part", str_eq(m.field, STR("Image")) && str_eq(m.text, STR("bbc")));
	m = run("any", "{a: {Image: abcdef, X: 2}, b: {Y: 1}, condition: a or b}",
		STR("t=1\nImage=abcdef\nX=1\nY=1"), "where");
	CHECK("not of the branch that failed", str_eq(m.field, STR("Y")));
	m = run("any", "{f: {X: 1}, condition: not f}", STR("t=1"), "where");
	CHECK("nowhere", m.field.p != NULL && m.field.n == 0);
}

static void check_renames(void)
{
	const char *rule = SEL("Image: a");

	CHECK("renamed", run("other", rule, STR("t=2\nNewProcessName=a"), "renamed").field.p);
	CHECK("the old name is another field there",
	      !run("other", rule, STR("t=2\nImage=a"), "renamed").field.p);
	CHECK("other shape", run("other", rule, STR("t=3\nImage=a"), "other shape").field.p);
}

int main(void)
{
	check_cases();
	check_where();
	check_renames();
	return TEST_REPORT();
}
