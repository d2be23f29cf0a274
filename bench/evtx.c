/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evtx.c - how fast event logs become values, text and events. One thread, processor time, best of five.
 * Built and run by bench/evtx.sh.
 *
 * usage: evtx FILE     prints: what, MB/s, events/s; the checksum of the chunks included
 */
#include "base/file.h"
#include "event/evtx_feed.h"
#include "event/formats.h"

#include <fcntl.h>
#include <stdio.h>
#include <time.h>

#define FILE_MAX ((size_t)2 << 30)

static struct arena memory;
static struct reader *reader;
static struct evtx *evtx;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static size_t values(struct str record)
{
	struct evtx_slots s = { 0 };

	return evtx_slots(evtx, record, &s, NULL) ? s.n : 0;
}

static size_t texts(struct str record)
{
	struct arena a = memory;
	struct evtx_slots s = { 0 };
	size_t n = 0;

	if (evtx_slots(evtx, record, &s, NULL))
		for (size_t i = 0; i < s.n; i++)
			n += evtx_text(evtx, &s.slot[i], &a).n;
	return n;
}

static size_t events(struct str record)
{
	struct arena a = memory;
	struct event ev;

	reader_read(reader, &a, record, &ev);
	return ev.n_fields;
}

static size_t pass(struct str file, size_t (*each)(struct str record), size_t *sum)
{
	struct evtx_record r;
	size_t n = 0;

	for (size_t at = EVTX_HEAD_BYTES; at < file.n; at += EVTX_CHUNK_BYTES) {
		if (!evtx_chunk(evtx, str_sub(file, at, at + EVTX_CHUNK_BYTES), NULL))
			continue;
		while (evtx_next(evtx, false, &r)) {
			*sum += each(r.bytes);
			n++;
		}
	}
	return n;
}

static void measure(const char *what, struct str file, size_t (*each)(struct str record))
{
	double best = 0;
	size_t n = 0, sum = 0;

	for (int k = 0; k < 5; k++) {
		double began = now();

		n = pass(file, each, &sum);
		double took = now() - began;
		best = best == 0 || took < best ? took : best;
	}
	printf("canh: %-28s %8.0f MB/s %10.0f events/s  (%zu events, %zu)\n", what,
	       (double)file.n / best / 1e6, (double)n / best, n, sum);
}

int main(int argc, char **argv)
{
	struct read_ctx ctx = { .format = format_find(STR("evtx")), .now = 1 };
	struct err why = { 0 };
	struct str file;

	if (argc != 2 || !arena_reserve(&memory, FILE_MAX + ((size_t)1 << 30)))
		return 64;
	if (!file_load(&memory, AT_FDCWD, argv[1], FILE_MAX, &file, &why)) {
		fprintf(stderr, "%s\n", why.text);
		return 70;
	}
	reader = reader_new(&ctx);
	evtx = reader == NULL ? NULL : reader_evtx(reader);
	if (evtx == NULL)
		return 70;
	measure("values", file, values);
	measure("values, all as text", file, texts);
	measure("events, ECS names and all", file, events);
	reader_free(reader);
	return 0;
}
