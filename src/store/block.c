/* SPDX-License-Identifier: Apache-2.0 */
/*
 * block.c - columns of varints, then the raw bytes.
 *
 *     version 1 | n | n_formats | (len, name)... | n_contexts | (source, len, text)...
 *     | received | time | seq | source | format | flags | raw length | raw bytes to the end
 *
 * Numbers are LEB128; received, time and seq are zigzag differences: received to the record before,
 * time to received, seq to the record before plus one. Differences wrap, so every value survives.
 * Invariant of the decoder: `at` never passes bytes.n, and the raw lengths sum up to what is left.
 */
#include "store/block.h"

#include <assert.h>
#include <stdlib.h>

enum { VERSION = 1, VARINT_MAX = 10, LEVEL = 3 };
enum column { RECEIVED, TIME, SEQ, SOURCE, FORMAT, FLAGS, LENGTH, COLUMNS };

struct block_builder {
	struct buf column[COLUMNS], raw, whole, context;
	uint32_t with_context[BLOCK_MAX_CONTEXTS]; /* sources */
	size_t n_contexts;
	char names[BLOCK_MAX_FORMATS][BLOCK_MAX_NAME];
	uint8_t name_len[BLOCK_MAX_FORMATS];
	size_t n_names;
	uint64_t last_received, last_seq;
	struct block_span span;
};

/* --- writing --- */

static uint64_t zigzag(uint64_t v)
{
	return v << 1 ^ (v >> 63 ? UINT64_MAX : 0);
}

static void put(struct buf *b, uint64_t v)
{
	char bytes[VARINT_MAX];
	size_t n = 0;

	for (; v >= 0x80; v >>= 7)
		bytes[n++] = (char)(v | 0x80);
	bytes[n++] = (char)v;
	buf_add(b, (struct str){ bytes, n });
}

struct block_builder *block_new(void)
{
	struct block_builder *b = calloc(1, sizeof *b);

	if (b == NULL)
		return NULL;
	for (size_t i = 0; i < COLUMNS; i++)
		b->column[i] = BUF((size_t)BLOCK_MAX_RECORDS * VARINT_MAX);
	b->raw = BUF(BLOCK_MAX_RAW);
	b->context = BUF((size_t)BLOCK_MAX_CONTEXTS * (BLOCK_MAX_CONTEXT + 2 * VARINT_MAX));
	b->whole = BUF(BLOCK_MAX_BYTES);
	block_clear(b);
	return b;
}

void block_free(struct block_builder *b)
{
	if (b == NULL)
		return;
	for (size_t i = 0; i < COLUMNS; i++)
		buf_free(&b->column[i]);
	buf_free(&b->raw);
	buf_free(&b->context);
	buf_free(&b->whole);
	free(b);
}

/* A buffer that one giant record blew up is not kept. */
static void reuse(struct buf *b)
{
	if (b->cap > 4 * BLOCK_FULL_RAW)
		buf_free(b);
	else
		buf_clear(b);
}

void block_clear(struct block_builder *b)
{
	for (size_t i = 0; i < COLUMNS; i++)
		buf_clear(&b->column[i]);
	reuse(&b->raw);
	reuse(&b->whole);
	buf_clear(&b->context);
	b->n_contexts = 0;
	b->n_names = 0;
	b->last_received = 0;
	b->last_seq = 0;
	b->span = (struct block_span){ INT64_MAX, INT64_MIN, INT64_MAX, INT64_MIN, 0, 0 };
}

bool block_fits(const struct block_builder *b, const struct event *ev)
{
	if (b->span.n == 0)
		return true;
	return b->span.n < BLOCK_MAX_RECORDS && b->n_contexts < BLOCK_MAX_CONTEXTS &&
	       b->raw.n + ev->raw.n <= BLOCK_FULL_RAW;
}

static size_t name_of(struct block_builder *b, struct str format)
{
	size_t i = 0;

	assert(format.n <= BLOCK_MAX_NAME);
	while (i < b->n_names && !str_eq((struct str){ b->names[i], b->name_len[i] }, format))
		i++;
	if (i == b->n_names) {
		assert(i < BLOCK_MAX_FORMATS);
		memcpy(b->names[i], format.p, format.n);
		b->name_len[i] = (uint8_t)format.n;
		b->n_names++;
	}
	return i;
}

static bool add_context(struct block_builder *b, uint32_t source, struct str context)
{
	for (size_t i = 0; i < b->n_contexts; i++)
		if (b->with_context[i] == source)
			return true;
	assert(context.n <= BLOCK_MAX_CONTEXT);
	if (buf_room(&b->context, context.n + (size_t)2 * VARINT_MAX) == NULL)
		return false;
	put(&b->context, source);
	put(&b->context, context.n);
	buf_add(&b->context, context);
	b->with_context[b->n_contexts++] = source;
	return true;
}

bool block_add(struct block_builder *b, const struct event *ev, struct str format,
	       struct str context, struct err *why)
{
	assert(block_fits(b, ev) && ev->raw.n <= EVENT_MAX_RAW);
	uint64_t received = (uint64_t)ev->received, time = (uint64_t)ev->time;
	uint64_t values[COLUMNS] = {
		[RECEIVED] = zigzag(received - b->last_received),
		[TIME] = zigzag(time - received),
		[SEQ] = zigzag(ev->seq - b->last_seq - 1),
		[SOURCE] = ev->source,
		[FORMAT] = name_of(b, format),
		[FLAGS] = (ev->time_told ? BLOCK_TIME_TOLD : 0U) |
			  (ev->partial ? BLOCK_PARTIAL : 0U) | (ev->header ? BLOCK_HEADER : 0U),
		[LENGTH] = ev->raw.n,
	};

	for (size_t i = 0; i < COLUMNS; i++)
		if (buf_room(&b->column[i], VARINT_MAX) == NULL)
			return err_set(why, ERR_LIMIT, 0, "no memory");
	if (buf_room(&b->raw, ev->raw.n + 1) == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	if (context.n > 0 && !add_context(b, ev->source, context))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	for (size_t i = 0; i < COLUMNS; i++)
		put(&b->column[i], values[i]);
	buf_add(&b->raw, ev->raw);
	b->last_received = received;
	b->last_seq = ev->seq;
	struct block_span *s = &b->span;

	s->time_min = ev->time < s->time_min ? ev->time : s->time_min;
	s->time_max = ev->time > s->time_max ? ev->time : s->time_max;
	s->received_min = ev->received < s->received_min ? ev->received : s->received_min;
	s->received_max = ev->received > s->received_max ? ev->received : s->received_max;
	s->n++;
	s->raw += ev->raw.n;
	return true;
}

const struct block_span *block_span(const struct block_builder *b)
{
	return &b->span;
}

bool block_close(struct block_builder *b, struct zstd *z, struct buf *out, struct err *why)
{
	assert(b->span.n > 0);
	buf_clear(&b->whole);
	buf_char(&b->whole, VERSION);
	put(&b->whole, b->span.n);
	put(&b->whole, b->n_names);
	for (size_t i = 0; i < b->n_names; i++) {
		put(&b->whole, b->name_len[i]);
		buf_add(&b->whole, (struct str){ b->names[i], b->name_len[i] });
	}
	put(&b->whole, b->n_contexts);
	buf_add(&b->whole, buf_str(&b->context));
	for (size_t i = 0; i < COLUMNS; i++)
		buf_add(&b->whole, buf_str(&b->column[i]));
	buf_add(&b->whole, buf_str(&b->raw));
	if (b->whole.full)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	if (!zstd_pack(z, buf_str(&b->whole), LEVEL, out, why))
		return false;
	block_clear(b);
	return true;
}

/* --- reading --- */

struct scan {
	struct str bytes;
	size_t at;
};

static bool take(struct scan *s, uint64_t max, uint64_t *out, struct err *why)
{
	uint64_t v = 0;
	size_t at = s->at;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		if (at == s->bytes.n)
			return err_set(why, ERR_INPUT, at, "the block ends too early");
		uint8_t c = (uint8_t)s->bytes.p[at++];

		if (shift == 63 && c > 1)
			break;
		v |= (uint64_t)(c & 0x7f) << shift;
		if (c >= 0x80)
			continue;
		if (v > max)
			return err_set(why, ERR_INPUT, s->at, "number %ju is above %ju",
				       (uintmax_t)v, (uintmax_t)max);
		s->at = at;
		*out = v;
		return true;
	}
	return err_set(why, ERR_INPUT, s->at, "number longer than 64 bits");
}

static uint64_t unzigzag(uint64_t v)
{
	return v >> 1 ^ (v & 1 ? UINT64_MAX : 0);
}

static bool take_text(struct scan *s, uint64_t max, struct str *out, struct err *why)
{
	uint64_t len = 0;

	if (!take(s, max, &len, why))
		return false;
	if (len > s->bytes.n - s->at)
		return err_set(why, ERR_INPUT, s->at, "the block ends too early");
	*out = str_sub(s->bytes, s->at, s->at + (size_t)len);
	s->at += (size_t)len;
	return true;
}

static bool take_contexts(struct arena *a, struct scan *s, struct block *out, struct err *why)
{
	uint64_t n = 0, source = 0;

	if (!take(s, BLOCK_MAX_CONTEXTS, &n, why))
		return false;
	struct block_context *all = NEW(a, struct block_context, (size_t)n);

	if (all == NULL)
		return err_set(why, ERR_LIMIT, s->at, "no room for the block");
	for (size_t i = 0; i < n; i++) {
		if (!take(s, UINT32_MAX, &source, why) ||
		    !take_text(s, BLOCK_MAX_CONTEXT, &all[i].text, why))
			return false;
		all[i].source = (uint32_t)source;
	}
	out->contexts = all;
	out->n_contexts = (size_t)n;
	return true;
}

static bool take_names(struct arena *a, struct scan *s, struct block *out, struct err *why)
{
	uint64_t n = 0;

	if (!take(s, BLOCK_MAX_FORMATS, &n, why))
		return false;
	struct str *names = NEW(a, struct str, (size_t)n);

	if (names == NULL)
		return err_set(why, ERR_LIMIT, s->at, "no room for the block");
	for (size_t i = 0; i < n; i++)
		if (!take_text(s, BLOCK_MAX_NAME, &names[i], why))
			return false;
	out->formats = names;
	out->n_formats = (size_t)n;
	return true;
}

static const uint64_t column_max[COLUMNS] = {
	[RECEIVED] = UINT64_MAX,  [TIME] = UINT64_MAX,    [SEQ] = UINT64_MAX,
	[SOURCE] = UINT32_MAX,    [FORMAT] = 0 /* set */, [FLAGS] = 7,
	[LENGTH] = EVENT_MAX_RAW,
};

static void set(struct block_record *r, const struct block_record *before, enum column c,
		uint64_t v)
{
	switch (c) {
	case RECEIVED:
		r->received = (int64_t)(unzigzag(v) + (uint64_t)before->received);
		break;
	case TIME:
		r->time = (int64_t)(unzigzag(v) + (uint64_t)r->received);
		break;
	case SEQ:
		r->seq = unzigzag(v) + before->seq + 1;
		break;
	case SOURCE:
		r->source = (uint32_t)v;
		break;
	case FORMAT:
		r->format = (uint8_t)v;
		break;
	case FLAGS:
		r->flags = (uint8_t)v;
		break;
	case LENGTH:
		r->raw.n = (size_t)v;
		break;
	case COLUMNS:
		break;
	}
}

static bool take_column(struct scan *s, struct block_record *records, struct block *b,
			enum column c, struct err *why)
{
	static const struct block_record zero = { 0 };
	uint64_t v, max = c == FORMAT ? b->n_formats - 1 : column_max[c];

	for (size_t i = 0; i < b->n; i++) {
		if (!take(s, max, &v, why))
			return false;
		set(&records[i], i == 0 ? &zero : &records[i - 1], c, v);
	}
	return true;
}

static bool take_raw(struct scan *s, struct block_record *records, size_t n, struct err *why)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = records[i].raw.n;

		if (len > s->bytes.n - s->at)
			return err_set(why, ERR_INPUT, s->at, "the block ends too early");
		records[i].raw.p = s->bytes.p + s->at;
		s->at += len;
	}
	if (s->at != s->bytes.n)
		return err_set(why, ERR_INPUT, s->at, "bytes behind the end of the block");
	return true;
}

bool block_parse(struct arena *a, struct str bytes, struct block *out, struct err *why)
{
	struct scan s = { bytes, 0 };
	struct block b = { 0 };
	uint64_t n = 0;

	if (bytes.n == 0 || bytes.p[0] != VERSION)
		return err_set(why, ERR_INPUT, 0, "not a block of version %d", VERSION);
	s.at = 1;
	if (!take(&s, BLOCK_MAX_RECORDS, &n, why) || !take_names(a, &s, &b, why))
		return false;
	if (n == 0 || b.n_formats == 0)
		return err_set(why, ERR_INPUT, s.at, "the block is empty");
	if (!take_contexts(a, &s, &b, why))
		return false;
	struct block_record *records = NEW(a, struct block_record, (size_t)n);

	if (records == NULL)
		return err_set(why, ERR_LIMIT, s.at, "no room for the block");
	b.n = (size_t)n;
	b.records = records;
	for (int c = 0; c < COLUMNS; c++)
		if (!take_column(&s, records, &b, (enum column)c, why))
			return false;
	if (!take_raw(&s, records, b.n, why))
		return false;
	*out = b;
	return true;
}

bool block_open(struct arena *a, struct zstd *z, struct str packed, struct buf *bytes,
		struct block *out, struct err *why)
{
	buf_clear(bytes);
	return zstd_unpack(z, packed, bytes, why) && block_parse(a, buf_str(bytes), out, why);
}
