/* SPDX-License-Identifier: Apache-2.0 */
#include "event/evtx_lines.h"

#include "event/evtx_feed.h"
#include "event/formats.h"
#include "event/write.h"

#include <stdlib.h>

#define EVENT_ROOM ((size_t)32 << 20)

struct evtx_lines {
	struct reader *reader;
	struct evtx *evtx; /* the reader's */
	struct evtx_feed feed;
	struct arena events;
	uint64_t damaged; /* chunks that are none, events that are partial */
	uint64_t before;  /* places that earlier logs had counted */
};

struct evtx_lines *evtx_lines_new(void)
{
	struct evtx_lines *l = calloc(1, sizeof *l);
	struct read_ctx ctx = { .format = format_find(STR("evtx")) };

	if (l == NULL)
		return NULL;
	l->reader = reader_new(&ctx);
	l->evtx = l->reader == NULL ? NULL : reader_evtx(l->reader);
	if (l->evtx == NULL || !arena_reserve(&l->events, EVENT_ROOM)) {
		evtx_lines_free(l);
		return NULL;
	}
	return l;
}

void evtx_lines_free(struct evtx_lines *l)
{
	if (l == NULL)
		return;
	evtx_feed_free(&l->feed);
	arena_release(l->events);
	reader_free(l->reader);
	free(l);
}

void evtx_lines_begin(struct evtx_lines *l)
{
	evtx_feed_begin(&l->feed, false);
	l->damaged = 0;
	l->before = evtx_counts(l->evtx).damaged;
}

/* The objects that a field stands in: what comes before the name that rules use, "Event.System.". */
static struct str objects_of(const struct field *f)
{
	struct str name = f->name;

	if (f->bare > 0 && name.p[f->bare - 1] == '.')
		return str_sub(name, 0, f->bare);
	return str_starts(name, STR("Event.")) ? str_sub(name, 0, STR("Event.").n) : STR("");
}

/* How much of both is the same, in whole parts. */
static size_t common(struct str a, struct str b)
{
	size_t n = 0;

	for (size_t i = 0; i < a.n && i < b.n && a.p[i] == b.p[i]; i++)
		if (a.p[i] == '.')
			n = i + 1;
	return n;
}

/* Leave the objects `in` for `to`. */
static void go(struct jsonw *w, struct str in, struct str to)
{
	size_t same = common(in, to);
	struct str rest = str_skip(to, same), part;

	for (size_t i = same; i < in.n; i++)
		if (in.p[i] == '.')
			jsonw_close(w, '}');
	while (rest.n > 0 && str_split(&rest, '.', &part)) {
		jsonw_key_str(w, part);
		jsonw_open(w, '{');
	}
}

void evtx_line(const struct event *ev, struct buf *out)
{
	struct event raw = *ev;
	struct jsonw w = { .out = out };
	struct str in = STR("");

	raw.n_fields = raw.n_raw; /* the others follow from these */
	jsonw_open(&w, '{');
	for (uint32_t i = 0; i < raw.n_raw; i++) {
		struct str to = objects_of(&raw.fields[i]);

		if (event_write_repeats(&raw, i))
			continue;
		go(&w, in, to);
		in = to;
		jsonw_key_str(&w, str_skip(raw.fields[i].name, to.n));
		event_write_values(&w, &raw, i);
	}
	go(&w, in, STR(""));
	jsonw_close(&w, '}');
	buf_char(out, '\n');
}

static void put_chunk(struct evtx_lines *l, struct str chunk, struct buf *out)
{
	struct evtx_record r;
	struct event ev;

	if (!evtx_chunk(l->evtx, chunk, NULL)) {
		l->damaged++;
		return;
	}
	while (evtx_next(l->evtx, false, &r)) {
		struct arena a = l->events;
		size_t n = out->n;

		reader_read(l->reader, &a, r.bytes, &ev);
		evtx_line(&ev, out);
		l->damaged += ev.partial || out->full;
		if (out->full) { /* no log of a system makes that much of a chunk */
			out->n = n;
			out->full = false;
			return;
		}
	}
}

bool evtx_lines_next(struct evtx_lines *l, struct str *bytes, bool last, struct buf *out)
{
	struct str chunk;

	buf_clear(out);
	for (;;) {
		if (evtx_feed_next(&l->feed, last && bytes->n == 0, &chunk)) {
			put_chunk(l, chunk, out);
			return true;
		}
		struct str some = str_sub(*bytes, 0, EVTX_CHUNK_BYTES);

		if (some.n == 0)
			return false;
		*bytes = str_skip(*bytes, some.n);
		if (!evtx_feed_add(&l->feed, some)) {
			l->damaged++;
			return false;
		}
	}
}

bool evtx_lines_damage(const struct evtx_lines *l, struct err *why)
{
	return evtx_feed_fault(&l->feed, l->damaged + evtx_counts(l->evtx).damaged - l->before,
			       why);
}
