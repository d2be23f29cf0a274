/* SPDX-License-Identifier: Apache-2.0 */
/* xml_test.c - what comes out of a document, whole and byte by byte, and where a bad one fails. */
#include "base/xml.h"

#include "base/buf.h"
#include "base/test.h"

static const struct {
	const char *name, *text;
	const char *out; /* "(name key=val|text)" */
	enum err_kind kind;
	size_t at;
	bool cut;
} cases[] = {
	{ "element", "<a>b</a>", "(a|b)", ERR_NONE, 0, false },
	{ "attributes", "<a x='1' y=\"2\"/>", "(a x=1 y=2|)", ERR_NONE, 0, false },
	{ "declaration", "<?xml version=\"1.0\" encoding=\"utf-16\"?><a/>", "(a|)", ERR_NONE, 0,
	  false },
	{ "entities of XML", "<a x='&lt;&#x41;'>&amp;&#273;</a>", "(a x=<A|&đ)", ERR_NONE, 0,
	  false },
	{ "CDATA, comment, instruction", "<a><!-- x --><?p q?><![CDATA[<b>]]></a>", "(a|<b>)",
	  ERR_NONE, 0, false },
	{ "prefix", "<n:a xmlns:n='u'><n:b/></n:a>", "(n:a xmlns:n=u|(n:b|))", ERR_NONE, 0, false },
	{ "document type", "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "", ERR_INPUT, 12, false },
	{ "unknown entity", "<a>b&e;</a>", "(a|b", ERR_INPUT, 4, false },
	{ "no element", "", "", ERR_INPUT, 0, true },
	{ "text alone", "abc", "", ERR_INPUT, 0, false },
	{ "cut in text", "<a><b>c", "(a|(b|c", ERR_INPUT, 7, true },
	{ "cut in a tag", "<a>b</", "(a|b", ERR_INPUT, 4, true },
	{ "crossed", "<a><b></a></b>", "(a|(b|", ERR_INPUT, 8, false },
	{ "same attribute twice", "<a x='1' x='2'/>", "", ERR_INPUT, 9, false },
	{ "not UTF-8", "<a>\xff</a>", "(a|", ERR_INPUT, 3, false },
	{ "control character", "<a>\x01</a>", "(a|", ERR_INPUT, 3, false },
	{ "bytes behind", "<a/>x", "(a|)", ERR_INPUT, 4, false },
};

static bool on_open(void *ctx, struct str name, const struct xml_attr *attrs, size_t n,
		    struct err *why)
{
	(void)why;
	buf_printf(ctx, "(%.*s", STR_ARG(name));
	for (size_t i = 0; i < n; i++)
		buf_printf(ctx, " %.*s=%.*s", STR_ARG(attrs[i].name), STR_ARG(attrs[i].val));
	buf_add(ctx, STR("|"));
	return true;
}

static bool on_text(void *ctx, struct str text, struct err *why)
{
	(void)why;
	buf_add(ctx, text);
	return true;
}

static bool on_close(void *ctx, struct str name, struct err *why)
{
	buf_add(ctx, STR(")"));
	return !str_eq(name, STR("stop")) || err_set(why, ERR_STATE, 1, "stopped");
}

static bool run(struct xml *x, struct str text, size_t step, struct buf *out, struct err *why)
{
	struct xml_calls calls = { out, on_open, on_text, on_close };

	buf_clear(out);
	if (!xml_begin(x, &calls, why))
		return false;
	for (size_t at = 0; at + step < text.n; at += step)
		if (!xml_feed(x, str_sub(text, at, at + step), false, why))
			return false;
	size_t left = text.n == 0 ? 0 : (text.n - 1) / step * step;
	return xml_feed(x, str_skip(text, left), true, why);
}

static void check_case(struct xml *x, size_t i, size_t step)
{
	struct buf out = BUF(1 << 16);
	struct err why = { 0 };
	bool ok = run(x, str_of(cases[i].text), step, &out, &why);

	CHECK(cases[i].name, ok == (cases[i].kind == ERR_NONE) && why.kind == cases[i].kind);
	if (!CHECK(cases[i].name, str_eq(buf_str(&out), str_of(cases[i].out))))
		printf("  %.*s\n", STR_ARG(buf_str(&out)));
	if (!CHECK(cases[i].name, why.at == cases[i].at))
		printf("  at %zu: %s\n", why.at, why.text);
	CHECK(cases[i].name, xml_cut(x) == cases[i].cut);
	CHECK(cases[i].name, ok || !xml_feed(x, STR("<a/>"), true, NULL));
	buf_free(&out);
}

/* `n` elements one in another. */
static void check_depth(struct xml *x, size_t n, bool fits)
{
	struct buf text = BUF(1 << 16), out = BUF(1 << 16);
	struct err why = { 0 };

	for (size_t i = 0; i < n; i++)
		buf_add(&text, STR("<a>"));
	for (size_t i = 0; i < n; i++)
		buf_add(&text, STR("</a>"));
	CHECK("depth", run(x, buf_str(&text), text.n, &out, &why) == fits);
	CHECK("depth", fits || (why.kind == ERR_LIMIT && why.at == 3 * (size_t)XML_MAX_DEPTH));
	buf_free(&text);
	buf_free(&out);
}

static void check_attrs(struct xml *x, size_t n, bool fits)
{
	struct buf text = BUF(1 << 16), out = BUF(1 << 16);
	struct err why = { 0 };

	buf_add(&text, STR("<a"));
	for (size_t i = 0; i < n; i++)
		buf_printf(&text, " a%zu=''", i);
	buf_add(&text, STR("/>"));
	CHECK("attributes", run(x, buf_str(&text), text.n, &out, &why) == fits);
	CHECK("attributes", fits || why.kind == ERR_LIMIT);
	buf_free(&text);
	buf_free(&out);
}

int main(void)
{
	struct xml *x = xml_new();
	struct buf out = BUF(1 << 16);
	struct err why = { 0 };

	if (!CHECK("new", x != NULL))
		return TEST_REPORT();
	for (size_t i = 0; i < COUNT(cases); i++) {
		check_case(x, i, 1 << 16);
		check_case(x, i, 1);
	}
	check_depth(x, XML_MAX_DEPTH, true);
	check_depth(x, XML_MAX_DEPTH + 1, false);
	check_attrs(x, XML_MAX_ATTRS, true);
	check_attrs(x, XML_MAX_ATTRS + 1, false);
	/* a call that fails is the error, and nothing comes behind it */
	CHECK("stop", !run(x, STR("<a><stop/><b/></a>"), 100, &out, &why) &&
			      why.kind == ERR_STATE && !xml_cut(x) &&
			      str_eq(buf_str(&out), STR("(a|(stop|)")));
	buf_free(&out);
	xml_free(x);
	xml_free(NULL);
	return TEST_REPORT();
}
