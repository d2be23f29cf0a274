/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evtx_tokens.h - binary XML, token by token ([MS-EVEN6] 2.2.12).
 *
 * Input is hostile. Offsets are those of the chunk; nothing is read beyond it or, of the tokens
 * themselves, beyond `end`. Opens and closes are balanced and capped.
 */
#ifndef EVENT_EVTX_TOKENS_H
#define EVENT_EVTX_TOKENS_H

#include "base/err.h"

enum { EVTX_MAX_ELEMENTS = 512, EVTX_MAX_DEPTH = 64, EVTX_MAX_NAME = 255 };

enum evtx_token_kind {
	EVTX_OPEN,     /* name */
	EVTX_ATTR,     /* name; its value are the texts up to the next or EVTX_OPENED */
	EVTX_OPENED,   /* the start tag ends */
	EVTX_CLOSE,    /* of an element, empty or not */
	EVTX_TEXT,     /* p, len: UTF-16 */
	EVTX_CHAR,     /* number: one unit of UTF-16 */
	EVTX_VALUE,    /* number: which of the values; type, optional */
	EVTX_INSTANCE, /* a template instance stands from `at` to `len` and is stepped over */
	EVTX_NAMED,    /* a name that means nothing here (processing instructions) */
	EVTX_END,
	EVTX_BAD
};

/* UTF-16, little-endian, not aligned. */
struct wide_str {
	const unsigned char *p;
	uint32_t n; /* units */
};

struct evtx_token {
	enum evtx_token_kind kind;
	struct wide_str name;
	uint32_t name_at; /* where the offset of the name stands, 0 where there is none */
	bool name_here;   /* and the name behind it */
	const unsigned char *p;
	uint32_t len, at;
	uint16_t number;
	uint8_t type;
	bool optional;
};

struct evtx_tokens {
	const unsigned char *chunk;
	uint32_t chunk_n; /* readable bytes of the chunk */
	uint32_t at, end;
	bool dependency; /* elements carry a dependency id: in the body of a template */
	bool start;      /* within a start tag */
	bool attr;       /* behind the name of an attribute */
	bool closing;    /* an empty element: the close is still to be told */
	unsigned depth, elements;
};

struct evtx_token evtx_token_next(struct evtx_tokens *t);
/* Step over the heads of fragments; then, does a template instance stand here? */
void evtx_skip_heads(struct evtx_tokens *t);
bool evtx_is_instance(const struct evtx_tokens *t);

/* The name that stands at `at` of the chunk. */
MUST_USE bool evtx_name_read(const unsigned char *chunk, uint32_t chunk_n, uint32_t at,
			     struct wide_str *out);

/* A template instance: which template, and the values for it. */
struct evtx_instance {
	uint32_t def;    /* where the definition stands: next, GUID, size, body; may be anywhere */
	uint32_t values; /* where the descriptors stand, four bytes each */
	uint32_t n;      /* of the values */
	uint32_t data;   /* where their bytes begin */
	uint32_t end;    /* behind them */
	bool cut;        /* the values reach beyond the end */
};
/* `offset`: where each value begins, room for EVTX_MAX_VALUES, or NULL. */
MUST_USE bool evtx_instance_read(const struct evtx_tokens *t, uint32_t at, uint32_t *offset,
				 struct evtx_instance *out);

#endif
