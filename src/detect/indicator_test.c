/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/indicator.h"

#include "base/test.h"

#define IS(t, form) true, (t), STR(form)
#define NOT(kind) false, IND_TYPE_N, STR(""), 0, (kind)

static const struct {
	struct str in;
	bool ok;
	enum indicator_type type;
	struct str form; /* address or lo-hi for addresses, hexadecimal for digests */
	unsigned notes;
	enum err_kind kind;
} cases[] = {
	{ STR("192.0.2.1"), IS(IND_IP, "192.0.2.1") },
	{ STR(" \"192.0.2.1\" "), IS(IND_IP, "192.0.2.1") },
	{ STR("192[.]0[.]2[.]1"), IS(IND_IP, "192.0.2.1"), IND_DEFANGED },
	{ STR("192.0.2(.)1"), IS(IND_IP, "192.0.2.1"), IND_DEFANGED },
	{ STR("192[dot]0{.}2.1"), IS(IND_IP, "192.0.2.1"), IND_DEFANGED },
	{ STR("192.0.2.1:8443"), IS(IND_IP, "192.0.2.1"), IND_PORT },
	{ STR("192.0.2.1[:]8443"), IS(IND_IP, "192.0.2.1"), IND_PORT | IND_DEFANGED },
	{ STR("10.1.2.3"), IS(IND_IP, "10.1.2.3"), IND_PRIVATE },
	{ STR("192.0.2.256"), NOT(ERR_INPUT) },
	{ STR("192.0.2"), NOT(ERR_INPUT) },
	{ STR("192.0.2.1.5"), NOT(ERR_INPUT) },
	{ STR("2001:DB8::1"), IS(IND_IP, "2001:db8::1") },
	{ STR("2001:db8:0:0:0:0:0:1"), IS(IND_IP, "2001:db8::1") },
	{ STR("[2001:db8::1]:443"), IS(IND_IP, "2001:db8::1"), IND_PORT },
	{ STR("2001[:]db8[:][:]1"), IS(IND_IP, "2001:db8::1"), IND_DEFANGED },
	{ STR("::ffff:192.0.2.1"), IS(IND_IP, "192.0.2.1") },
	{ STR("192.0.2.0/24"), IS(IND_RANGE, "192.0.2.0-192.0.2.255") },
	{ STR("192.0.2.77/24"), IS(IND_RANGE, "192.0.2.0-192.0.2.255") },
	{ STR("192.0.2.0/255.255.255.128"), IS(IND_RANGE, "192.0.2.0-192.0.2.127") },
	{ STR("192.0.2.0/255.0.255.0"), NOT(ERR_INPUT) },
	{ STR("192.0.2.1/32"), IS(IND_IP, "192.0.2.1") },
	{ STR("192.0.2.1 - 192.0.2.9"), IS(IND_RANGE, "192.0.2.1-192.0.2.9") },
	{ STR("192.0.2.1–192.0.2.9"), IS(IND_RANGE, "192.0.2.1-192.0.2.9") },
	{ STR("192.0.2.1-static.example.net"), IS(IND_DOMAIN, "192.0.2.1-static.example.net") },
	{ STR("192.0.2.1-1aaa97"), IS(IND_DOMAIN, "192.0.2.1-1aaa97") },
	{ STR("192.0.2.*"), IS(IND_RANGE, "192.0.2.0-192.0.2.255") },
	{ STR("192.0.*.*"), IS(IND_RANGE, "192.0.0.0-192.0.255.255") },
	{ STR("192.*.2.*"), NOT(ERR_INPUT) },
	{ STR("192.0.2.9-192.0.2.1"), NOT(ERR_INPUT) },
	{ STR("192.0.2.0/33"), NOT(ERR_INPUT) },
	{ STR("0.0.0.0/0"), NOT(ERR_INPUT) },
	{ STR("::/0"), NOT(ERR_INPUT) },
	{ STR("2001:db8::/32"),
	  IS(IND_RANGE, "2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff") },
	{ STR("C2.Example.COM."), IS(IND_DOMAIN, "c2.example.com") },
	{ STR("*.example.com"), IS(IND_DOMAIN, "example.com") },
	{ STR(".example.com"), IS(IND_DOMAIN, "example.com") },
	{ STR("example[.]com"), IS(IND_DOMAIN, "example.com"), IND_DEFANGED },
	{ STR("example(dot)com"), IS(IND_DOMAIN, "example.com"), IND_DEFANGED },
	{ STR("example.com:8080"), IS(IND_DOMAIN, "example.com"), IND_PORT },
	{ STR("192.0.2.0/24;"), IS(IND_RANGE, "192.0.2.0-192.0.2.255") },
	{ STR("example.com,"), IS(IND_DOMAIN, "example.com") },
	{ STR("192.0.2.1:443/tcp"), IS(IND_IP, "192.0.2.1"), IND_PORT },
	{ STR("192.0.2.1/UDP"), IS(IND_IP, "192.0.2.1") },
	{ STR("192.0.2.1/tcp/x"), IS(IND_URL, "192.0.2.1/tcp/x") },
	{ STR(";"), NOT(ERR_INPUT) },
	{ STR("_dmarc.example.com"), IS(IND_DOMAIN, "_dmarc.example.com") },
	{ STR("MÜNCHEN.example"), IS(IND_DOMAIN, "xn--mnchen-3ya.example"), IND_IDN },
	{ STR("xn--mnchen-3ya.example"), IS(IND_DOMAIN, "xn--mnchen-3ya.example") },
	{ STR("ngânhàng.vn"), IS(IND_DOMAIN, "xn--ngnhng-ltan.vn"), IND_IDN },
	{ STR("ThờiTiết.vn"), IS(IND_DOMAIN, "xn--thitit-0i8blj.vn"), IND_IDN },
	{ STR("Tho\xCC\x9B\xCC\x80iTie\xCC\x82\xCC\x81t.vn"),
	  IS(IND_DOMAIN, "xn--thitit-0i8blj.vn"), IND_IDN }, /* NFD */
	{ STR("O\xCC\x9B\xCC\xA3"
	      "A\xCC\xA3\xCC\x82"
	      "A\xCC\xA3\xCC\x86"
	      "E\xCC\xA3\xCC\x82O\xCC\xA3\xCC\x82U\xCC\x9B\xCC\xA3\xC4\x90"
	      "A\xCC\x82\xCC\x83U\xCC\x9B\xCC\x89.vn"),
	  IS(IND_DOMAIN, "xn--fea072mea4bye2ewc9d7a.vn"), IND_IDN }, /* NFD */
	{ STR("бг.рф"), IS(IND_DOMAIN, "xn--90ae.xn--p1ai"), IND_IDN },
	{ STR("nga\xCC\x82n.vn"), IS(IND_DOMAIN, "xn--ngn-jla.vn"), IND_IDN },
	{ STR("com"), NOT(ERR_INPUT) },
	{ STR("exa mple.com"), NOT(ERR_INPUT) },
	{ STR("a..com"), NOT(ERR_INPUT) },
	{ STR("hxxp://example[.]com/a/b.php?x=1#top"), IS(IND_URL, "example.com/a/b.php?x=1"),
	  IND_DEFANGED },
	{ STR("hXXps[:]//Example.com/A"), IS(IND_URL, "example.com/A"), IND_DEFANGED },
	{ STR("https://user:pw@example.com:8443/A"), IS(IND_URL, "example.com/A"), IND_PORT },
	{ STR("example.com/a"), IS(IND_URL, "example.com/a") },
	{ STR("192.0.2.1/a.sh"), IS(IND_URL, "192.0.2.1/a.sh") },
	{ STR("http://192.0.2.1:8080/a.sh"), IS(IND_URL, "192.0.2.1/a.sh"), IND_PORT },
	{ STR("http://[2001:db8::1]/x"), IS(IND_URL, "2001:db8::1/x") },
	{ STR("http://example.com/"), IS(IND_DOMAIN, "example.com"), IND_WHOLE_HOST },
	{ STR("http://192.0.2.1"), IS(IND_IP, "192.0.2.1"), IND_WHOLE_HOST },
	{ STR("http://localhost/x"), NOT(ERR_INPUT) },
	{ STR("http:///x"), NOT(ERR_INPUT) },
	{ STR("d41d8cd98f00b204e9800998ecf8427e"),
	  IS(IND_MD5, "d41d8cd98f00b204e9800998ecf8427e") },
	{ STR("MD5: D41D8CD98F00B204E9800998ECF8427E"),
	  IS(IND_MD5, "d41d8cd98f00b204e9800998ecf8427e") },
	{ STR("da39a3ee5e6b4b0d3255bfef95601890afd80709"),
	  IS(IND_SHA1, "da39a3ee5e6b4b0d3255bfef95601890afd80709") },
	{ STR("SHA256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
	  IS(IND_SHA256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855") },
	{ STR("d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f"), NOT(ERR_INPUT) },
	{ STR("Lure@Example.com"), IS(IND_EMAIL, "lure@example.com") },
	{ STR("lure[at]example[.]com"), IS(IND_EMAIL, "lure@example.com"), IND_DEFANGED },
	{ STR("@example.com"), NOT(ERR_INPUT) },
	{ STR("Evil.EXE"), IS(IND_FILE, "evil.exe") },
	{ STR("Hoa don thang 11.pdf.exe"), IS(IND_FILE, "hoa don thang 11.pdf.exe") },
	{ STR("C:\\Users\\Public\\a.zip"), IS(IND_FILE, "c:/users/public/a.zip") },
	{ STR("%APPDATA%\\Roaming\\svch0st.exe"), IS(IND_FILE, "roaming/svch0st.exe") },
	{ STR("\\\\server\\share\\x"), NOT(ERR_INPUT) },
	{ STR("temp\\run.ps1"), IS(IND_FILE, "temp/run.ps1") },
	{ STR("/tmp/.x/kdevtmpfsi"), IS(IND_FILE, "/tmp/.x/kdevtmpfsi") },
	{ STR("file: readme.zip"), IS(IND_FILE, "readme.zip") },
	{ STR("file:a\x01b.exe"), NOT(ERR_INPUT) },
	{ STR("file:"), NOT(ERR_INPUT) },
	{ STR("readme.zip"), IS(IND_DOMAIN, "readme.zip") },
	{ STR("http://example.com/evil.exe"), IS(IND_URL, "example.com/evil.exe") },
	{ STR("example.com/evil.exe"), IS(IND_URL, "example.com/evil.exe") },
	{ STR("a b@example.com"), NOT(ERR_INPUT) },
	{ STR(""), NOT(ERR_INPUT) },
	{ STR("\"\""), NOT(ERR_INPUT) },
};

static struct str form_of(const struct indicator *x, char *buf, size_t cap)
{
	char lo[ADDR_TEXT_MAX], hi[ADDR_TEXT_MAX];

	switch (x->type) {
	case IND_IP:
		return str_of(addr_text(&x->range.lo, buf));
	case IND_RANGE:
		snprintf(buf, cap, "%s-%s", addr_text(&x->range.lo, lo),
			 addr_text(&x->range.hi, hi));
		return str_of(buf);
	case IND_MD5:
		return str_of(hash_hex(x->hash, HASH_MD5_LEN, buf));
	case IND_SHA1:
		return str_of(hash_hex(x->hash, HASH_SHA1_LEN, buf));
	case IND_SHA256:
		return str_of(hash_hex(x->hash, HASH_SHA256_LEN, buf));
	default:
		return x->text;
	}
}

static bool same_form(const struct indicator *x, const struct indicator *y)
{
	char one[128], other[128];

	return x->type == y->type && x->notes == (y->notes & ~IND_DEFANGED) &&
	       str_eq(form_of(x, one, sizeof one), form_of(y, other, sizeof other));
}

struct made {
	char text[128], slow[160]; /* slow: the same, in a form that is read slowly */
	size_t n, n_slow;
};

static uint32_t roll_dice(uint32_t *dice)
{
	*dice = *dice * 1664525 + 1013904223;
	return *dice >> 8;
}

static void make_digest(struct made *m, uint32_t *dice)
{
	static const struct {
		size_t n;
		const char *name;
	} kinds[] = { { 32, "md5:" }, { 40, "sha1:" }, { 64, "sha256:" }, { 33, "md5:" } };
	uint32_t kind = roll_dice(dice) % COUNT(kinds);

	m->n = kinds[kind].n;
	for (size_t i = 0; i < m->n; i++)
		m->text[i] = "0123456789abcdefABCDEF"[roll_dice(dice) % 22];
	m->n_slow = (size_t)snprintf(m->slow, sizeof m->slow, "%s%.*s", kinds[kind].name, (int)m->n,
				     m->text);
}

/* With its first dot defanged. */
static void make_name(struct made *m, uint32_t *dice, uint32_t most)
{
	static const char letters[] = "aF09zQ.x-._1";
	size_t dot;

	m->n = 2 + roll_dice(dice) % most;
	for (size_t i = 0; i < m->n; i++)
		m->text[i] = letters[(roll_dice(dice) >> 8) % (sizeof letters - 1)];
	m->text[roll_dice(dice) % m->n] = '.';
	dot = str_find_char((struct str){ m->text, m->n }, '.');
	m->n_slow = (size_t)snprintf(m->slow, sizeof m->slow, "%.*s[.]%.*s", (int)dot, m->text,
				     (int)(m->n - dot - 1), m->text + dot + 1);
}

/* Plain forms are read fast, and mean what they mean where they are read slowly. */
static void test_plain(unsigned char *mem, size_t cap)
{
	uint32_t dice = 1;
	size_t good = 0, differ = 0;

	for (int round = 0; round < 40000; round++) {
		struct arena a = { mem, mem + cap / 2 }, b = { mem + cap / 2, mem + cap };
		struct made m;
		struct indicator x, y;

		if (round % 8 == 0)
			make_digest(&m, &dice);
		else
			make_name(&m, &dice, round % 4 == 0 ? 90 : 12);
		bool one = indicator_parse(&a, (struct str){ m.text, m.n }, &x, NULL);
		bool other = indicator_parse(&b, (struct str){ m.slow, m.n_slow }, &y, NULL);

		good += one;
		if (one == other && (!one || same_form(&x, &y)))
			continue;
		differ++;
		printf("  %.*s: %d, %.*s: %d\n", (int)m.n, m.text, one, (int)m.n_slow, m.slow,
		       other);
	}
	CHECK("plain forms are what they are otherwise", differ == 0);
	CHECK("and some are indicators", good > 4000);
}

int main(void)
{
	static unsigned char mem[1 << 16];

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct indicator x = { .type = IND_TYPE_N };
		struct err why = { 0 };
		char buf[128];
		bool ok = indicator_parse(&a, cases[i].in, &x, &why);

		CHECK(cases[i].in.p, ok == cases[i].ok && x.type == cases[i].type);
		CHECK(cases[i].in.p, why.kind == cases[i].kind);
		if (!ok)
			continue;
		CHECK(cases[i].in.p, x.notes == cases[i].notes);
		if (!CHECK(cases[i].in.p, str_eq(form_of(&x, buf, sizeof buf), cases[i].form)))
			printf("  got %.*s\n", STR_ARG(form_of(&x, buf, sizeof buf)));
	}
	test_plain(mem, sizeof mem);
	return TEST_REPORT();
}
