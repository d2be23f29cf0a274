/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xml.c - the only file that sees expat.
 *
 * Invariant: after a call failed or a cap was met nothing more is handed on; `why` is set once, by the
 * first to fail. expat's own guard against entities that grow stays on, though none can be declared.
 */
#include "base/xml.h"

#include <expat.h>
#include <stdlib.h>

enum { FEED_MAX = 1 << 30 };

struct xml {
	XML_Parser parser; /* owned */
	struct xml_calls calls;
	struct err *why; /* of the feed that runs */
	uint64_t fed;
	size_t depth;
	bool failed; /* by ourselves or a call */
	bool cut;
};

static size_t place(const struct xml *x)
{
	XML_Index at = XML_GetCurrentByteIndex(x->parser);

	return at < 0 ? 0 : (size_t)at;
}

static void stop(struct xml *x)
{
	if (x->why != NULL)
		x->why->at = place(x);
	x->failed = true;
	XML_StopParser(x->parser, XML_FALSE);
}

static void on_open(void *ctx, const XML_Char *name, const XML_Char **pairs)
{
	struct xml *x = ctx;
	struct xml_attr attrs[XML_MAX_ATTRS];
	size_t n = 0;

	if (x->failed)
		return;
	if (++x->depth > XML_MAX_DEPTH) {
		err_set(x->why, ERR_LIMIT, 0, "nested deeper than %d", XML_MAX_DEPTH);
		stop(x);
		return;
	}
	for (; pairs[0] != NULL; pairs += 2) {
		if (n == COUNT(attrs)) {
			err_set(x->why, ERR_LIMIT, 0, "more than %d attributes", XML_MAX_ATTRS);
			stop(x);
			return;
		}
		attrs[n++] = (struct xml_attr){ str_of(pairs[0]), str_of(pairs[1]) };
	}
	if (!x->calls.open(x->calls.ctx, str_of(name), attrs, n, x->why))
		stop(x);
}

static void on_close(void *ctx, const XML_Char *name)
{
	struct xml *x = ctx;

	if (x->failed)
		return;
	x->depth--;
	if (!x->calls.close(x->calls.ctx, str_of(name), x->why))
		stop(x);
}

static void on_text(void *ctx, const XML_Char *text, int len)
{
	struct xml *x = ctx;

	if (!x->failed && !x->calls.text(x->calls.ctx, (struct str){ text, (size_t)len }, x->why))
		stop(x);
}

static void on_doctype(void *ctx, const XML_Char *name, const XML_Char *system,
		       const XML_Char *public, int internal)
{
	struct xml *x = ctx;

	(void)name, (void)system, (void)public, (void)internal;
	if (x->failed)
		return;
	err_set(x->why, ERR_INPUT, 0, "a document type is not used here");
	stop(x);
}

struct xml *xml_new(void)
{
	struct xml *x = calloc(1, sizeof *x);

	if (x == NULL)
		return NULL;
	x->parser = XML_ParserCreate("UTF-8");
	if (x->parser != NULL)
		return x;
	free(x);
	return NULL;
}

void xml_free(struct xml *x)
{
	if (x == NULL)
		return;
	XML_ParserFree(x->parser);
	free(x);
}

bool xml_begin(struct xml *x, const struct xml_calls *calls, struct err *why)
{
	if (!XML_ParserReset(x->parser, "UTF-8"))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	XML_SetUserData(x->parser, x);
	XML_SetElementHandler(x->parser, on_open, on_close);
	XML_SetCharacterDataHandler(x->parser, on_text);
	XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
	XML_SetParamEntityParsing(x->parser, XML_PARAM_ENTITY_PARSING_NEVER);
	x->calls = *calls;
	x->fed = 0;
	x->depth = 0;
	x->failed = x->cut = false;
	return true;
}

/* What expat says of the bytes. */
static bool refuse(struct xml *x)
{
	enum XML_Error code = XML_GetErrorCode(x->parser);

	x->cut = code == XML_ERROR_NO_ELEMENTS || code == XML_ERROR_UNCLOSED_TOKEN ||
		 code == XML_ERROR_PARTIAL_CHAR || code == XML_ERROR_UNCLOSED_CDATA_SECTION;
	if (code == XML_ERROR_NO_MEMORY)
		return err_set(x->why, ERR_LIMIT, place(x), "no memory");
	return err_set(x->why, ERR_INPUT, place(x), "not XML: %s", XML_ErrorString(code));
}

bool xml_feed(struct xml *x, struct str bytes, bool last, struct err *why)
{
	if (x->failed || x->cut)
		return err_set(why, ERR_STATE, 0, "the XML before this was refused");
	x->fed += bytes.n;
	if (bytes.n > FEED_MAX || x->fed > XML_MAX_BYTES)
		return err_set(why, ERR_LIMIT, 0, "XML longer than %d bytes", XML_MAX_BYTES);
	x->why = why;
	bool ok = XML_Parse(x->parser, bytes.n > 0 ? bytes.p : "", (int)bytes.n, last) ==
		  XML_STATUS_OK;

	if (!ok && !x->failed)
		refuse(x);
	x->failed = !ok;
	x->why = NULL;
	return ok;
}

bool xml_cut(const struct xml *x)
{
	return x->cut;
}
