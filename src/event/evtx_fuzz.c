/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evtx_fuzz.c - a chunk: records, templates, values, XML. The header of the input need not hold: the magic
 * is put there, the checksums are only a mark.
 */
#include "event/evtx.h"
#include "base/buf.h"
#include "base/fuzz.h"
#include "event/formats.h"

#include <assert.h>
#include <stdlib.h>

static unsigned touch(struct str s)
{
	unsigned sum = 0;

	for (size_t i = 0; i < s.n; i++)
		sum += (unsigned char)s.p[i];
	return sum;
}

static unsigned one(struct reader *r, struct evtx *e, struct str record, struct buf *out)
{
	static unsigned char mem[8 << 20];
	struct arena a = { mem, mem + sizeof mem };
	struct event ev;
	unsigned sum = 0;

	reader_read(r, &a, record, &ev);
	assert(ev.n_raw <= ev.n_fields && ev.n_fields <= EVENT_MAX_FIELDS);
	for (uint32_t i = 0; i < ev.n_fields; i++) {
		assert(ev.fields[i].bare <= ev.fields[i].name.n);
		sum += touch(ev.fields[i].name) + touch(ev.fields[i].val);
	}
	buf_clear(out);
	out->full = false;
	(void)!evtx_xml(e, record, out, NULL);
	return sum + touch(buf_str(out));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char chunk[EVTX_CHUNK_BYTES];
	static struct reader *r; /* keeps its templates, as over the chunks of a file */
	static struct buf out = BUF(1 << 20);
	struct read_ctx ctx = { .format = format_find(STR("evtx")), .now = 1 };
	struct evtx_record rec;
	volatile unsigned sum = 0;

	if (r == NULL)
		r = reader_new(&ctx);
	size = size > sizeof chunk ? sizeof chunk : size;
	if (size < 512)
		return 0;
	memcpy(chunk, data, size);
	memcpy(chunk, "ElfChnk", 8);
	struct evtx *e = reader_evtx(r);
	/* exactly as long as it is, so that a read behind it is found */
	char *copy = malloc(size);

	assert(copy != NULL);
	memcpy(copy, chunk, size);
	if (evtx_chunk(e, (struct str){ copy, size }, NULL))
		while (evtx_next(e, true, &rec))
			sum += one(r, e, rec.bytes, &out);
	free(copy);
	(void)sum;
	return 0;
}
