/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seek.c - the process that searches: one question at a time, read only, at low priority.
 *
 * Questions and answers as web/backend.h has them, with the ranges to read with beside. A question
 * that takes too long ends with what was found, and its coverage says so.
 */
#include "base/json.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "base/num.h"
#include "event/formats.h"
#include "proc/given.h"
#include "proc/procs.h"
#include "proc/ranges.h"
#include "proc/rpc.h"
#include "proc/stop.h"
#include "store/day.h"
#include "store/found.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
	RECV_ARENA = 1 << 20,
	ANSWER_MAX = 128 << 20,
	PAGE_DEFAULT = 100,
	PAGE_MAX = 1000,
	BUCKETS_DEFAULT = 60,
	BUCKETS_MAX = 2000,
	NICE = 10,
};
#define SEARCH_ROOM ((size_t)512 << 20)
#define PATIENCE (20 * TIME_SECOND)

struct question {
	const struct json *j;
	struct store_reader *store;
	struct arena a;
	struct buf *out;
};

static void write_gaps(struct jsonw *w, const char *key, const struct store_gap *gaps, size_t n)
{
	jsonw_key(w, key);
	jsonw_open(w, '[');
	for (size_t i = 0; i < n; i++) {
		char day[TIME_TEXT_MAX];

		jsonw_open(w, '{');
		jsonw_kv_str(w, "day", str_of(day_text(gaps[i].day, day)));
		if (gaps[i].block > 0)
			jsonw_kv_int(w, "block", gaps[i].block);
		jsonw_kv_str(w, "reason", str_of(gaps[i].why.text));
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static void write_coverage(struct jsonw *w, const struct store_coverage *c)
{
	jsonw_key(w, "coverage");
	jsonw_open(w, '{');
	jsonw_kv_time(w, "from", c->from);
	jsonw_kv_time(w, "to", c->to);
	jsonw_kv_int(w, "blocks", (int64_t)c->blocks);
	jsonw_kv_int(w, "events_scanned", (int64_t)c->events);
	jsonw_kv_bool(w, "complete", c->complete);
	jsonw_key(w, "days");
	jsonw_open(w, '[');
	for (size_t i = 0; i < c->n_days; i++) {
		char day[TIME_TEXT_MAX];

		jsonw_str(w, str_of(day_text(c->days[i], day)));
	}
	jsonw_close(w, ']');
	write_gaps(w, "missing", c->missing, c->n_missing);
	write_gaps(w, "damaged", c->damaged, c->n_damaged);
	jsonw_close(w, '}');
}

static int64_t number_or(const struct json *j, const char *key, int64_t otherwise)
{
	int64_t n;

	return json_int(json_get(j, key), &n) ? n : otherwise;
}

static int by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* "sources": only what these sent may be found; absent: whoever sent it. */
static bool read_senders(struct question *q, struct store_search *s, struct err *why)
{
	const struct json *list = json_get(q->j, "sources");
	size_t most = json_count(list);
	uint32_t *ids = list == NULL ? NULL : NEW(&q->a, uint32_t, most + 1);

	if (list == NULL)
		return true;
	if (ids == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	for (size_t i = 0; i < most; i++) {
		uint64_t id;

		if (!num_parse(json_str(json_at(list, i)), 0, UINT32_MAX, &id))
			return err_set(why, ERR_INPUT, i, "no such source");
		ids[s->n_senders++] = (uint32_t)id;
	}
	if (most > 0)
		qsort(ids, most, sizeof *ids, by_number);
	s->senders = ids;
	return true;
}

static bool read_search(struct question *q, struct store_search *s, struct err *why)
{
	const struct query *query = NULL;
	struct str text = json_get_str(q->j, "q"), order = json_get_str(q->j, "order");

	if (text.n > 0 && !query_parse(&q->a, text, &query, why))
		return false;
	*s = (struct store_search){
		.query = query,
		.from = number_or(q->j, "from", TIME_NONE),
		.to = number_or(q->j, "to", TIME_NONE),
		.order = str_eq(order, STR("time")) ? STORE_BY_TIME : STORE_BY_PLACE,
		.limit = (uint32_t)number_or(q->j, "limit", PAGE_DEFAULT),
		.cursor = json_get_str(q->j, "cursor"),
		.patience = PATIENCE,
	};
	if (!read_senders(q, s, why))
		return false;
	if (s->limit < 1 || s->limit > PAGE_MAX)
		return err_set(why, ERR_INPUT, 0, "limit is from 1 to %d", PAGE_MAX);
	return true;
}

static bool search(struct question *q, struct err *why)
{
	struct jsonw w = { .out = q->out };
	struct store_search s;
	struct store_page page;
	struct store_coverage c = { 0 };

	if (!read_search(q, &s, why) || !store_scan(q->store, &q->a, &s, &page, &c, why))
		return false;
	jsonw_open(&w, '{');
	jsonw_key(&w, "items");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < page.n; i++)
		found_write(&w, &page.items[i]);
	jsonw_close(&w, ']');
	jsonw_key(&w, "next");
	jsonw_str(&w, page.next[0] == '\0' ? (struct str){ NULL, 0 } : str_of(page.next));
	write_coverage(&w, &c);
	jsonw_close(&w, '}');
	return true;
}

static bool histogram(struct question *q, struct err *why)
{
	struct jsonw w = { .out = q->out };
	int64_t n = number_or(q->j, "buckets", BUCKETS_DEFAULT);
	struct store_search s;
	struct store_coverage c = { 0 };

	if (n < 1 || n > BUCKETS_MAX)
		return err_set(why, ERR_INPUT, 0, "buckets are from 1 to %d", BUCKETS_MAX);
	if (!read_search(q, &s, why))
		return false;
	if (s.to == TIME_NONE)
		s.to = time_now();
	if (s.from == TIME_NONE)
		s.from = s.to - TIME_DAY;
	uint64_t *counts = NEW(&q->a, uint64_t, (size_t)n);
	if (counts == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct store_bars bars = { counts, (size_t)n };
	if (!store_histogram(q->store, &q->a, &s, &bars, &c, why))
		return false;
	jsonw_open(&w, '{');
	jsonw_kv_time(&w, "from", s.from);
	jsonw_kv_time(&w, "to", s.to);
	jsonw_key(&w, "width_s");
	jsonw_double(&w, (double)(s.to - s.from) / (double)n / 1e6);
	jsonw_key(&w, "counts");
	jsonw_open(&w, '[');
	for (int64_t i = 0; i < n; i++)
		jsonw_int(&w, (int64_t)counts[i]);
	jsonw_close(&w, ']');
	write_coverage(&w, &c);
	jsonw_close(&w, '}');
	return true;
}

static bool one_event(struct question *q, struct err *why)
{
	struct jsonw w = { .out = q->out };
	struct store_id id;
	struct store_search of = { .senders = NULL };
	struct store_found found;

	if (!read_senders(q, &of, why))
		return false;
	if (!store_id_parse(json_get_str(q->j, "id"), &id))
		return err_set(why, ERR_ABSENT, 0, "no such event");
	if (!store_event(q->store, &q->a, &id, &found, why))
		return false;
	if (of.senders != NULL && bsearch(&found.event.source, of.senders, of.n_senders,
					  sizeof *of.senders, by_number) == NULL)
		return err_set(why, ERR_ABSENT, 0, "no such event");
	found_write(&w, &found);
	return true;
}

static bool answer(struct question *q, struct err *why)
{
	static const struct {
		const char *op;
		bool (*run)(struct question *q, struct err *why);
	} ops[] = { { "search", search }, { "histogram", histogram }, { "event", one_event } };
	struct str op = json_get_str(q->j, "op");

	for (size_t i = 0; i < COUNT(ops); i++)
		if (str_eq(op, str_of(ops[i].op)))
			return ops[i].run(q, why) &&
			       (!q->out->full ||
				err_set(why, ERR_LIMIT, 0, "the answer is too long"));
	return err_set(why, ERR_INPUT, 0, "unknown question '%.*s'", STR_ARG(op));
}

struct seek {
	const struct config *config;
	struct decoders *decoders; /* loaded once */
	char folder[4096];
	int link;
};

static bool take_question(struct seek *s, struct str payload, struct buf *out, struct err *why)
{
	struct own_ranges own = { 0 };
	struct store_reading with = { s->decoders, &own };
	struct arena whole;
	struct json *j = NULL;

	if (!json_parse(payload, 1 << 20, &j, why))
		return false;
	if (!arena_reserve(&whole, SEARCH_ROOM)) {
		json_free(j);
		return err_set(why, ERR_LIMIT, 0, "no memory");
	}
	struct question q = { .j = json_get(j, "request"), .a = whole, .out = out };
	struct source_given *given = NULL;
	size_t n_given = 0;
	bool ok = ranges_read(&q.a, json_get(j, "ranges"), &own, why) &&
		  given_read(&q.a, json_get(j, "names"), &given, &n_given, why);
	if (ok && (q.store = store_reader_new(s->folder, &with)) == NULL)
		ok = err_set(why, ERR_LIMIT, 0, "no memory");
	if (ok)
		store_reader_given(q.store, given, n_given);
	ok = ok && answer(&q, why);
	store_reader_free(q.store);
	arena_release(whole);
	json_free(j);
	return ok;
}

static void *serve(void *arg)
{
	struct seek s = *(struct seek *)arg;
	struct arena whole;
	struct wire_msg m;
	struct err why = { 0 };

	free(arg);
	if (!arena_reserve(&whole, RECV_ARENA))
		die("no memory");
	for (;;) {
		struct arena a = whole;
		struct buf out = BUF(ANSWER_MAX);
		struct err reason = { 0 };

		if (!wire_recv(s.link, PROC_DESK, &a, &m, &why))
			break;
		bool sent = m.type == WIRE_SEEK && take_question(&s, m.payload, &out, &reason)
				    ? rpc_answer(s.link, m.number, buf_str(&out), &why)
				    : rpc_refuse(s.link, m.number, &reason, &why);
		if (!sent)
			log_warn("desk: %s", why.text);
		buf_free(&out);
		wire_drop(&m);
	}
	close(s.link);
	arena_release(whole);
	return NULL;
}

static void take_peer(const struct seek *s, struct wire_msg *m)
{
	struct seek *mine = malloc(sizeof *mine);
	pthread_t thread;

	if (mine == NULL)
		die("no memory");
	*mine = *s;
	mine->link = m->fd;
	m->fd = -1;
	if (pthread_create(&thread, NULL, serve, mine) != 0)
		die("cannot start a thread");
	pthread_detach(thread);
}

int seek_run(const struct config *c, int parent_link)
{
	static struct seek s;
	char content[4096];
	struct arena whole;
	struct wire_msg m;
	struct err why = { 0 };

	s.config = c;
	snprintf(s.folder, sizeof s.folder, "%.*s/store", STR_ARG(c->data));
	snprintf(content, sizeof content, "%.*s/decoders", STR_ARG(c->content));
	setpriority(PRIO_PROCESS, 0, NICE);
	s.decoders = decoders_load(content, &why);
	if (s.decoders == NULL)
		log_warn("no text decoders: %s", why.text);
	if (!arena_reserve(&whole, RECV_ARENA))
		die("no memory");
	if (!wire_send(parent_link, WIRE_READY, 0, STR("{}"), -1, &why))
		die("%s", why.text);
	while (stop_wait(parent_link)) {
		struct arena a = whole;

		if (!wire_recv(parent_link, PROC_PARENT, &a, &m, &why))
			break;
		if (m.type == WIRE_PEER)
			take_peer(&s, &m);
		wire_drop(&m);
	}
	return 0;
}
