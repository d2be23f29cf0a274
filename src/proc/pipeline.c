/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline.c - invariant: a chunk is in `waiting` from the moment its events are staged until the
 * commit that holds them; its done() is called once, after that commit.
 */
#include "proc/pipeline.h"

#include "base/log.h"
#include "base/num.h"
#include "base/time.h"
#include "detect/detector.h"
#include "event/formats.h"
#include "event/shape.h"
#include "proc/correl_journal.h"
#include "proc/fault.h"
#include "proc/old_days.h"
#include "proc/pipeline_int.h"
#include "proc/tally.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void wits_free(struct wits *w)
{
	if (w == NULL)
		return;
	detector_free(w->detector);
	decoders_free(w->decoders);
	zone_free(w->zone);
	ways_free(&w->ways);
	arena_release(w->whole);
	free(w);
}

void pipeline_wits(struct pipeline *p, struct wits *w)
{
	wits_free(__atomic_exchange_n(&p->next, w, __ATOMIC_ACQ_REL));
}

bool pipeline_stream(struct pipeline *p, struct str key, struct stream_place *out)
{
	return streams_find(p->streams, key, out);
}

static void keep_stream(void *ctx, struct str key, const struct store_stream *at)
{
	struct pipeline *p = ctx;
	struct stream_place kept = { .place = at->place, .inode = at->inode };

	kept.head_len = at->head.n < STREAM_HEAD_MAX ? at->head.n : STREAM_HEAD_MAX;
	if (kept.head_len > 0)
		memcpy(kept.head, at->head.p, kept.head_len);
	if (!streams_put(p->streams, key, &kept))
		log_error("more streams than can be followed: %.*s", STR_ARG(key));
}

/* The zone that a chunk brings. The one before it goes: every chunk tells its reader anew. */
static const struct zone *lent_zone(struct pipeline *p, struct str name,
				    const struct zone *otherwise)
{
	struct err why = { 0 };

	if (p->lent == NULL || !str_eq(name, str_of(p->lent_name))) {
		zone_free(p->lent);
		p->lent = zone_load(name, &why);
		snprintf(p->lent_name, sizeof p->lent_name, "%.*s", STR_ARG(name));
	}
	return p->lent != NULL ? p->lent : otherwise;
}

static void context(struct pipeline *p, const struct chunk *c, struct read_ctx *ctx)
{
	/* the host is a view into the chunk: given anew with each */
	*ctx = (struct read_ctx){ .host = c->door <= DOOR_TLS ? c->peer : STR(""),
				  .now = c->received,
				  .shapes = p->shapes };
	if (p->wits == NULL)
		return;
	const struct way *way = ways_find(&p->wits->ways, c->name, c->peer);

	ctx->zone = way != NULL && way->zone != NULL ? way->zone : p->wits->zone;
	ctx->format = way != NULL ? way->format : FORMAT_UNPARSED;
	ctx->own = &p->wits->own;
	ctx->decoders = p->wits->decoders;
	if (c->format != FORMAT_UNPARSED)
		ctx->format = c->format;
	if (c->zone.n > 0)
		ctx->zone = lent_zone(p, c->zone, ctx->zone);
}

/* Use the wits that were made aside, if there are any; readers are told with their next chunk. */
static void swap_wits(struct pipeline *p)
{
	struct wits *next = __atomic_exchange_n(&p->next, NULL, __ATOMIC_ACQ_REL), *old = p->wits;

	if (next == NULL)
		return;
	p->wits = next;
	detect_scratch_free(p->scratch);
	p->scratch = detect_scratch_new(next->detector);
	if (p->scratch == NULL)
		die("no memory");
	memset(p->seen, 0, sizeof p->seen);
	pipeline_correl_swap(p, next->detector);
	wits_free(old);
}

/* A reader of a former life knew the directives (#Fields ...) that hold for what comes now. */
static void remind(struct pipeline *p, struct reader *r, uint32_t source)
{
	struct str rest = store_context(p->store, source), line;

	while (str_line(&rest, &line)) {
		struct arena a = p->whole;
		struct event ignored = { 0 };

		reader_read(r, &a, line, &ignored);
	}
}

void pipeline_begin_count(struct pipeline *p, uint32_t source)
{
	if (counts_known(p->counts, source))
		return;
	struct source_totals t = store_totals(p->store, source);

	counts_begin(p->counts, source, t.stored, t.dropped);
}

static struct seat *take_seat(struct pipeline *p, const struct chunk *c, uint32_t source)
{
	struct seat *s = &p->seats[source];
	struct read_ctx ctx;

	pipeline_begin_count(p, source);
	context(p, c, &ctx);
	if (s->reader != NULL) {
		reader_context(s->reader, &ctx);
		return s;
	}
	s->reader = reader_new(&ctx);
	if (s->reader == NULL)
		die("no memory");
	remind(p, s->reader, source);
	return s;
}

static void keep_hits(struct pipeline *p, const struct event *ev, const struct store_ref *ref)
{
	struct hits hits = { 0 };
	struct err why = { 0 };

	if (p->wits == NULL || p->scratch == NULL)
		return;
	detector_run(p->wits->detector, p->scratch, ev, &hits);
	pipeline_correl_event(p, ev, &hits, ref);
	for (size_t i = 0; i < hits.n; i++)
		if (hits.hit[i].use == HIT_COUNT)
			tally_hit(p->tally, &hits.hit[i]);
		else if (!store_hit(p->store, ref, &hits.hit[i], &why))
			log_error("a hit could not be stored: %s", why.text);
}

/* Whose door it came through, for people. */
static struct str source_of(const struct chunk *c)
{
	return c->name.n > 0 && c->door != DOOR_UDP ? c->name : c->peer;
}

/* Read, store and judge one record. False when the store is full for now (commit first). */
static bool take_record(struct pipeline *p, const struct chunk *c, size_t i, uint32_t source,
			struct seat *s)
{
	struct str record = c->records[i];
	struct arena a = p->whole;
	struct event ev = { 0 };
	struct store_ref ref;
	struct err why = { 0 };
	bool known = poison_known(p->poison, record);

	if (known) {
		/* it has killed a watch before: kept as it is, not read */
		ev = (struct event){ .raw = record,
				     .format = FORMAT_UNPARSED,
				     .partial = true,
				     .time = c->received };
	} else {
		poison_enter(p->poison, source_of(c), record);
		fault_read(record);
		reader_read(s->reader, &a, record, &ev);
	}
	ev.received = c->received;
	ev.partial = ev.partial || c->cut[i];
	if (!ev.time_told)
		ev.time = c->received;
	ev.source = source;
	ev.seq = counts_next(p->counts, source);
	if (!store_add(p->store, &ev, &ref, &why)) {
		poison_leave(p->poison);
		return false;
	}
	if (!known) {
		keep_hits(p, &ev, &ref);
		pipeline_beat(p, record, &ref);
	}
	poison_leave(p->poison);
	counts_stage(p->counts, source);
	p->staged_bytes += record.n + STAGED_RECORD;
	p->staged_events++;
	return true;
}

/* What is durable now may be told to the doors. */
static void move_stream(struct pipeline *p, const struct chunk *c)
{
	struct store_stream at = { c->stream_offset, c->stream_inode, c->stream_head };

	if (c->stream[0] == '\0')
		return;
	if (c->stream_ended)
		streams_forget(p->streams, str_of(c->stream));
	else
		keep_stream(p, str_of(c->stream), &at);
}

static void commit(struct pipeline *p)
{
	struct store_receipt receipt = { 0 };
	struct err why = { 0 };

	pipeline_correl_note(p);
	/* What is staged stays staged over a failure; doors wait, senders are held back. */
	while (!store_commit(p->store, &receipt, &why)) {
		log_error("the store cannot be written, trying again: %s", why.text);
		pipeline_tell(p, false);
		old_days_go(p->store, &p->calls); /* the disk may be full */
		usleep(500000);
	}
	tally_commit(p->tally);
	counts_commit(p->counts);
	for (size_t i = 0; i < p->n_waiting; i++) {
		struct waiting *w = &p->waiting[i];

		move_stream(p, w->chunk);
		w->result.ok = true;
		w->chunk->done(w->chunk, &w->result);
	}
	p->n_waiting = p->staged_bytes = p->staged_events = 0;
	if (receipt.batch != 0)
		p->calls.committed(p->calls.ctx, &receipt);
}

/* Whether the record's id was stored before, or stands earlier in what is staged. */
static bool seen_before(struct pipeline *p, const struct chunk *c, size_t i)
{
	struct arena a = p->whole;
	struct store_answer known = { .token = c->peer, .key = c->ids[i] };
	struct err why = { 0 };

	return c->ids[i].n > 0 &&
	       (store_answer_find(p->store, &a, &known, &why) || why.kind == ERR_STATE);
}

/* Only behind its record: a commit between the two must not say of a record that it was stored. */
static void note_id(struct pipeline *p, const struct chunk *c, size_t i)
{
	struct store_answer id = { .token = c->peer, .key = c->ids[i], .answer = STR("") };
	struct err why = { 0 };

	id.request = id.answer;
	if (id.key.n > 0 && !store_answer_set(p->store, &id, &why))
		log_warn("an id could not be kept: %s", why.text);
}

/* One that was not stored before; `s` is the seat of the chunk's sender. */
static void take_new(struct pipeline *p, struct chunk *c, const struct sides *sides, struct seat *s,
		     size_t i)
{
	uint32_t source = sides_of(sides, i);

	if (source != sides->source)
		s = take_seat(p, c, source);
	if (take_record(p, c, i, source, s))
		return;
	commit(p);
	if (!take_record(p, c, i, source, s))
		die("the store takes no record of %zu bytes", c->records[i].n);
}

static void take_records(struct pipeline *p, struct chunk *c, const struct sides *sides,
			 struct chunk_result *r)
{
	struct seat *s = sides->source == 0 ? NULL : take_seat(p, c, sides->source);

	for (size_t i = 0; i < c->n; i++) {
		if (c->ids != NULL && seen_before(p, c, i)) {
			c->seen[i] = true;
			r->seen++;
			continue;
		}
		take_new(p, c, sides, s, i);
		if (c->ids != NULL)
			note_id(p, c, i);
		r->stored++;
	}
}

static void take_drops(struct pipeline *p, const struct chunk *c, uint32_t source,
		       struct chunk_result *r)
{
	struct err why = { 0 };

	for (int k = 0; k < DROP_COUNT; k++) {
		if (c->dropped[k] == 0)
			continue;
		pipeline_begin_count(p, source);
		if (!store_drop(p->store, source, str_of(drop_name((enum drop_reason)k)),
				c->dropped[k], &why))
			log_error("drops could not be counted: %s", why.text);
		counts_drop(p->counts, source, c->dropped[k]);
		r->dropped += c->dropped[k];
	}
}

static void take_stream(struct pipeline *p, const struct chunk *c)
{
	struct store_stream at = { .place = c->stream_offset,
				   .inode = c->stream_inode,
				   .head = c->stream_head };
	struct err why = { 0 };

	if (c->stream[0] == '\0')
		return;
	if (c->stream_ended ? !store_stream_forget(p->store, str_of(c->stream), &why)
			    : !store_stream_set(p->store, str_of(c->stream), &at, &why))
		log_error("a stream's position could not be kept: %s", why.text);
}

/* The answer that a key was given before: "stored dropped". */
static bool answered_before(struct pipeline *p, const struct chunk *c, struct chunk_result *r)
{
	struct arena a = p->whole;
	struct store_answer known = { .token = c->peer, .key = c->idempotency_key };
	struct err why = { 0 };

	if (c->idempotency_key.n == 0)
		return false;
	if (!store_answer_find(p->store, &a, &known, &why)) {
		/* staged in this very group: commit, then it can be read */
		if (why.kind != ERR_STATE)
			return false;
		commit(p);
		a = p->whole;
		if (!store_answer_find(p->store, &a, &known, &why))
			return false;
	}
	r->replay = true;
	r->clash = !str_eq(known.request, c->request_hash);
	struct str rest = known.answer, stored = { NULL, 0 };
	if (!str_split(&rest, ' ', &stored) || !num_parse(stored, 0, UINT64_MAX, &r->stored) ||
	    !num_parse(rest, 0, UINT64_MAX, &r->dropped))
		log_error("a kept answer is damaged");
	return true;
}

static void keep_answer(struct pipeline *p, const struct chunk *c, const struct chunk_result *r)
{
	struct arena a = p->whole;
	struct store_answer answer = { .token = c->peer,
				       .key = c->idempotency_key,
				       .request = c->request_hash };
	struct err why = { 0 };

	if (c->idempotency_key.n == 0)
		return;
	answer.answer = arena_printf(&a, "%llu %llu", (unsigned long long)r->stored,
				     (unsigned long long)r->dropped);
	if (!store_answer_set(p->store, &answer, &why))
		log_warn("an answer could not be kept: %s", why.text);
}

static void take_chunk(struct pipeline *p, struct chunk *c)
{
	struct chunk_result r = { 0 };
	struct sides sides;

	/* before a chunk that might not fit whole: it is stored in one commit or not at all */
	if (p->n_waiting == MAX_WAITING ||
	    p->staged_bytes + c->bytes + c->n * STAGED_RECORD > STORE_MAX_STAGED / 2)
		commit(p);
	if (!sides_find(p, c, &sides)) {
		c->done(c, &r);
		return;
	}
	if (!answered_before(p, c, &r)) {
		take_records(p, c, &sides, &r);
		take_drops(p, c, sides.source, &r);
		take_stream(p, c);
		keep_answer(p, c, &r);
	}
	r.received = r.stored + r.dropped + r.seen;
	p->waiting[p->n_waiting++] = (struct waiting){ c, r };
}

static void housekeeping(struct pipeline *p)
{
	int64_t now = time_monotonic();
	struct err why = { 0 };

	if (now - p->told > TELL_MS * 1000) {
		bool tally = now - p->tallied > TALLY_MS * 1000;

		p->told = now;
		pipeline_correl_clock(p, time_now());
		p->tallied = tally ? now : p->tallied;
		pipeline_tell(p, tally);
	}
	if (now - p->ticked > 10 * TIME_SECOND && !store_waiting(p->store)) {
		p->ticked = now;
		if (!store_tick(p->store, &why))
			log_warn("the store's day: %s", why.text);
		old_days_go(p->store, &p->calls);
	}
}

/* What came in before the rules are there would never be judged. */
static void await_wits(struct pipeline *p)
{
	int64_t until = time_monotonic() + (int64_t)p->calls.wits_wait_ms * 1000;

	while (__atomic_load_n(&p->next, __ATOMIC_ACQUIRE) == NULL) {
		if (time_monotonic() >= until || queue_closed(p->intake)) {
			if (p->calls.wits_wait_ms > 0)
				log_error("no rules and lists yet: events are stored unjudged");
			return;
		}
		usleep(10000);
	}
}

void pipeline_run(struct pipeline *p)
{
	await_wits(p);
	queue_hold(p->intake, false);
	if (p->calls.began != NULL)
		p->calls.began(p->calls.ctx);
	for (;;) {
		struct chunk *c = queue_take(p->intake, p->n_waiting > 0 ? 0 : TELL_MS);

		swap_wits(p);
		if (c != NULL)
			take_chunk(p, c);
		if (p->n_waiting > 0 && (c == NULL || p->staged_events >= COMMIT_EVENTS ||
					 p->staged_bytes >= COMMIT_BYTES))
			commit(p);
		housekeeping(p);
		if (c == NULL && queue_closed(p->intake) && queue_length(p->intake) == 0)
			break;
	}
	commit(p);
	pipeline_tell(p, true);
}

struct pipeline *pipeline_new(const char *store_folder, struct queue *intake,
			      struct poison_page *poison, const struct pipeline_calls *calls,
			      struct err *why)
{
	struct pipeline *p = calloc(1, sizeof *p);

	if (p == NULL || (p->streams = streams_new()) == NULL || (p->tally = tally_new()) == NULL ||
	    (p->shapes = shapes_new()) == NULL ||
	    (p->seats = calloc(MAX_SOURCES, sizeof *p->seats)) == NULL ||
	    (p->counts = counts_new(MAX_SOURCES - 1)) == NULL ||
	    !arena_reserve(&p->whole, BATCH_ARENA)) {
		err_set(why, ERR_LIMIT, 0, "no memory");
		pipeline_free(p);
		return NULL;
	}
	p->intake = intake;
	p->poison = poison;
	p->calls = *calls;
	p->store = store_open(store_folder, NULL, why);
	if (p->store != NULL)
		pipeline_correl_open(p, store_folder);
	if (p->store == NULL || !store_streams_each(p->store, keep_stream, p, why)) {
		pipeline_free(p);
		return NULL;
	}
	return p;
}

void pipeline_keep(struct pipeline *p, int keep_days, uint64_t min_free_bytes)
{
	__atomic_store_n(&p->calls.keep_days, keep_days, __ATOMIC_RELAXED);
	__atomic_store_n(&p->calls.min_free_bytes, min_free_bytes, __ATOMIC_RELAXED);
}

void pipeline_free(struct pipeline *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; p->seats != NULL && i < MAX_SOURCES; i++)
		reader_free(p->seats[i].reader);
	store_close(p->store);
	streams_free(p->streams);
	tally_free(p->tally);
	zone_free(p->lent);
	pipe_correl_free(p->correl);
	correl_journal_close(p->journal);
	buf_free(&p->notes);
	detect_scratch_free(p->scratch);
	shapes_free(p->shapes);
	wits_free(p->wits);
	wits_free(p->next);
	arena_release(p->whole);
	free(p->seats);
	counts_free(p->counts);
	free(p);
}
