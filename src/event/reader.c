/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader.c - one record to one event: which format it is, its fields, their ECS names.
 *
 * A source keeps to its formats, so the one that fitted last is tried first, outside and inside a
 * frame apart. The event is put together in the reader's own build and copied into the arena at its
 * exact size, so an event costs the arena no more than it holds.
 *
 * Invariant: every record becomes an event; what fails leaves no trace but `unparsed`.
 */
#include "event/reader.h"

#include "base/xml.h"
#include "event/build.h"
#include "event/evtx.h"
#include "event/formats.h"
#include "event/map.h"
#include "event/normal.h"
#include "event/reader_int.h"
#include "event/shape.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

/* From this on a format that fitted last is taken without asking the others. */
enum { SURE_ENOUGH = 60 };

struct reader {
	struct build b; /* first: reader_inner() finds the reader by it */
	struct read_ctx ctx;
	struct w3c w3c;
	struct shapes *own_shapes; /* owned; NULL: those of the context, or none yet */
	uint16_t last[READER_MAX_DEPTH + 1];
};

static struct zone *home; /* of records without a zone where the context names none; for good */
static pthread_once_t once = PTHREAD_ONCE_INIT;
/* By the first byte, a bit a format: of which of them something surely can begin so. For good. */
static uint64_t surely[256];
_Static_assert(FORMATS_MAX <= 64, "a bit a format");

static void load_surely(void)
{
	for (size_t i = 0; i < formats_n; i++)
		for (const char *c = formats[i].begins; c != NULL && *c != '\0'; c++)
			surely[(unsigned char)*c] |= UINT64_C(1) << i;
}

static void load_once(void)
{
	load_surely();
	home = zone_load(STR("Asia/Ho_Chi_Minh"), NULL);
	/* Without the system's zone files: the offset that has held since 1975. */
	if (home == NULL)
		home = zone_load(STR("+07:00"), NULL);
}

struct reader *reader_new(const struct read_ctx *ctx)
{
	struct reader *r = calloc(1, sizeof *r);

	if (r == NULL)
		return NULL;
	assert(formats_n <= FORMATS_MAX);
	map_init();
	pthread_once(&once, load_once);
	reader_context(r, ctx);
	return r;
}

void reader_free(struct reader *r)
{
	if (r == NULL)
		return;
	free(r->b.csv);
	xml_free(r->b.xml);
	evtx_free(r->b.evtx);
	shapes_free(r->own_shapes);
	free(r);
}

struct evtx *reader_evtx(struct reader *r)
{
	if (r->b.evtx == NULL)
		r->b.evtx = evtx_new();
	return r->b.evtx;
}

void reader_context(struct reader *r, const struct read_ctx *ctx)
{
	r->ctx = *ctx;
}

/* Try one format; what a failure left is taken back. */
static bool try_format(struct build *b, struct str record, uint16_t format)
{
	struct event ev = b->ev;
	struct str host = b->host, program = b->program;
	uint32_t n = b->n;
	bool framed = b->framed, wrapped = b->wrapped;

	if (formats[format].read(b, record, NULL)) {
		/* A frame keeps the format that its payload set. */
		if (b->ev.format == FORMAT_UNPARSED)
			b->ev.format = format;
		return true;
	}
	b->ev = ev;
	b->host = host;
	b->program = program;
	b->n = n;
	b->framed = framed;
	b->wrapped = wrapped;
	return false;
}

/* Cheaply, before the probe: can it be that sure? */
static bool may_be(const struct build *b, const struct format *f, struct str record, int sure)
{
	if (f->surest < sure || (b->framed && f->frame))
		return false;
	return sure < FORMAT_SURE ||
	       (record.n > 0 && (surely[(unsigned char)record.p[0]] >> (f - formats) & 1) != 0);
}

/* The formats from the likeliest down; those below `sure` are not tried. */
static bool try_all(struct build *b, struct str record, int sure, uint16_t *last)
{
	int how[FORMATS_MAX];

	if (sure >= FORMAT_SURE && (record.n == 0 || surely[(unsigned char)record.p[0]] == 0))
		return false;
	memset(how, 0, formats_n * sizeof how[0]);
	for (size_t i = 0; i < formats_n; i++)
		if (may_be(b, &formats[i], record, sure))
			how[i] = formats[i].probe(record);
	for (;;) {
		size_t best = 0;

		for (size_t i = 1; i < formats_n; i++)
			if (how[i] > how[best])
				best = i;
		if (how[best] == 0 || how[best] < sure)
			return false;
		how[best] = 0;
		if (try_format(b, record, (uint16_t)best)) {
			*last = (uint16_t)best;
			return true;
		}
	}
}

static bool read_some(struct build *b, struct str record, int sure, uint16_t *last)
{
	const struct format *f = &formats[*last];
	int how = *last != FORMAT_UNPARSED && may_be(b, f, record, sure) ? f->probe(record) : 0;

	if (how >= SURE_ENOUGH && how >= sure && try_format(b, record, *last))
		return true;
	return try_all(b, record, sure, last);
}

bool reader_inner(struct build *b, struct str payload, int sure)
{
	struct reader *r = (struct reader *)b;
	bool ok;

	if (b->depth >= READER_MAX_DEPTH || payload.n == 0)
		return false;
	uint32_t outer = b->inner;
	b->depth++;
	b->inner = b->n;
	ok = read_some(b, payload, sure, &r->last[b->depth]);
	b->depth--;
	if (!ok)
		b->inner = outer;
	return ok;
}

/* Copy the build's fields at their exact number; without room the event keeps none. */
static void finish(struct build *b, struct arena *a, struct event *out)
{
	struct field *f = NULL;

	if (b->n > 0)
		f = (struct field *)(void *)arena_alloc(a, sizeof *f, _Alignof(struct field), b->n);
	if (f == NULL) {
		b->ev.partial = b->ev.partial || b->n > 0;
		b->ev.n_raw = b->n = 0;
		b->ev.shape = 0;
	} else {
		memcpy(f, b->f, b->n * sizeof *f);
	}
	b->ev.fields = f;
	b->ev.n_fields = b->n;
	*out = b->ev;
}

/* Where no memory is left for them, names are looked at one by one. */
static struct shapes *shapes_of(struct reader *r)
{
	if (r->ctx.shapes != NULL)
		return r->ctx.shapes;
	if (r->own_shapes == NULL)
		r->own_shapes = shapes_new();
	return r->own_shapes;
}

void reader_read(struct reader *r, struct arena *a, struct str record, struct event *out)
{
	struct build *b = &r->b;
	int64_t now = r->ctx.now != 0 ? r->ctx.now : time_now();
	uint16_t forced = r->ctx.format;
	bool ok;

	b->a = a;
	b->ctx = &r->ctx;
	b->zone = r->ctx.zone != NULL ? r->ctx.zone : home;
	b->now = now;
	b->w3c = &r->w3c;
	b->shapes = shapes_of(r);
	b->depth = 0;
	b->inner = 0;
	b->framed = b->wrapped = false;
	b->names = 0;
	b->timed = UINT32_MAX;
	memset(b->has, 0, sizeof b->has);
	b->n = 0;
	b->shape = NULL;
	b->host = b->program = (struct str){ NULL, 0 };
	b->ev = (struct event){ .time = now, .received = now, .raw = record };
	if (forced != FORMAT_UNPARSED && forced < formats_n)
		ok = try_format(b, record, forced);
	else
		ok = read_some(b, record, 1, &r->last[0]);
	if (!ok)
		(void)formats[FORMAT_UNPARSED].read(b, record, NULL);
	normal_run(b, formats[b->ev.format].family);
	finish(b, a, out);
}
