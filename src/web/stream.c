/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream.c - the ring and its readers.
 *
 * Events are numbered from 1; the ring holds [first, next). An id on the wire is BOOT-NUMBER, where
 * BOOT changes with every start, so that an id of an earlier run is known for what it is.
 * Invariants, under the lock: a reader's `at` lies in [first, next] or it gets a reset before its
 * next event; `asleep` is true exactly while its connection is suspended.
 */
#include "web/stream_int.h"

#include "base/num.h"
#include "base/time.h"
#include "web/auth_int.h"
#include "web/backend_int.h"
#include "web/handlers_int.h"
#include "web/reach_int.h"
#include "web/server_int.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { RING = 2048, RING_BYTES = 16 << 20, READERS_MAX = 1024, EVENT_MAX = 4 << 20 };

struct entry {
	struct buf text; /* as it goes over the wire */
	struct str kind; /* views into it; json empty where it is of several lines */
	struct str json;
};

struct reader {
	struct reader *prev, *next;
	struct stream *stream;
	struct MHD_Connection *conn;
	enum who_kind kind;
	char secret[ACCESS_SECRET_MAX];
	enum role role;
	struct scope scope;
	struct reach *reach; /* owned; NULL: everything */
	uint64_t number;     /* one of its own */
	uint64_t at;
	struct buf out; /* what is being sent */
	size_t sent;
	bool asleep, beat, ended;
};

struct stream {
	pthread_mutex_t lock;
	struct entry ring[RING];
	uint64_t first, next, boot;
	size_t bytes;
	struct reader *readers;
	unsigned n_readers, heartbeat_s;
	unsigned since_beat; /* the ticker's alone */
	uint64_t joined;
	bool ending, review;
};

struct stream *stream_new(unsigned heartbeat_s)
{
	struct stream *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	pthread_mutex_init(&s->lock, NULL);
	s->first = s->next = 1;
	s->boot = (uint64_t)time_now();
	s->heartbeat_s = heartbeat_s;
	return s;
}

static void drop_first(struct stream *s)
{
	struct entry *e = &s->ring[s->first++ % RING];

	s->bytes -= e->text.n;
	buf_free(&e->text);
	*e = (struct entry){ 0 };
}

void stream_free(struct stream *s)
{
	if (s == NULL)
		return;
	while (s->first < s->next)
		drop_first(s);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

/* Lock held. */
static void wake(struct reader *r)
{
	if (!r->asleep)
		return;
	r->asleep = false;
	server_resume(r->conn);
}

/* "id", "event" and one "data" line per line of the text. */
static void compose(struct buf *out, const struct stream *s, uint64_t n, const char *kind,
		    struct str json)
{
	struct str line;

	buf_printf(out, "id: %llx-%llu\nevent: %s\n", (unsigned long long)s->boot,
		   (unsigned long long)n, kind);
	while (str_line(&json, &line)) {
		buf_add(out, STR("data: "));
		buf_add(out, line);
		buf_char(out, '\n');
	}
	buf_char(out, '\n');
}

/* Where kind and JSON stand in what compose() wrote. */
static struct entry entry_of(struct buf text)
{
	struct entry e = { .text = text };
	struct str rest = buf_str(&text), line;

	while (str_line(&rest, &line) && line.n > 0) {
		if (str_starts(line, STR("event: ")))
			e.kind = str_skip(line, 7);
		else if (str_starts(line, STR("data: ")))
			e.json = e.json.p == NULL ? str_skip(line, 6) : STR("");
	}
	return e;
}

void stream_publish(struct stream *s, const char *kind, struct str json)
{
	struct buf text = BUF(EVENT_MAX);

	pthread_mutex_lock(&s->lock);
	compose(&text, s, s->next, kind, json);
	if (text.full) {
		/* Too long to send, or no memory: whoever listens fetches anew. */
		while (s->first < s->next)
			drop_first(s);
		s->first = ++s->next;
		buf_free(&text);
	} else {
		while (s->first < s->next &&
		       (s->next - s->first == RING || s->bytes + text.n > RING_BYTES))
			drop_first(s);
		s->ring[s->next++ % RING] = entry_of(text);
		s->bytes += text.n;
	}
	for (struct reader *r = s->readers; r != NULL; r = r->next)
		wake(r);
	pthread_mutex_unlock(&s->lock);
}

/* A reader as it is asked about, without the lock. */
struct asked {
	uint64_t number;
	enum who_kind kind;
	char secret[ACCESS_SECRET_MAX];
	enum role role;
	struct scope scope;
	struct reach *reach; /* as it is now, until a reader takes it; NULL: keep the old one */
	bool gone;
};

static size_t copy_readers(struct stream *s, struct asked *out, size_t max)
{
	size_t n = 0;

	pthread_mutex_lock(&s->lock);
	for (struct reader *r = s->readers; r != NULL && n < max; r = r->next, n++) {
		out[n] = (struct asked){
			.number = r->number, .kind = r->kind, .role = r->role, .scope = r->scope
		};
		memcpy(out[n].secret, r->secret, sizeof r->secret);
	}
	pthread_mutex_unlock(&s->lock);
	return n;
}

static struct asked *asked_of(struct asked *asked, size_t n, uint64_t number)
{
	for (size_t i = 0; i < n; i++)
		if (asked[i].number == number)
			return &asked[i];
	return NULL; /* came meanwhile */
}

/* A beat for everybody; those among `asked` that are gone end, the others reach what they do now. */
static void beat(struct stream *s, struct asked *asked, size_t n)
{
	pthread_mutex_lock(&s->lock);
	for (struct reader *r = s->readers; r != NULL; r = r->next) {
		struct asked *a = asked_of(asked, n, r->number);

		r->beat = true;
		r->ended = r->ended || (a != NULL && a->gone);
		if (a != NULL && a->reach != NULL) {
			reach_free(r->reach);
			r->reach = a->reach;
			a->reach = NULL;
		}
		wake(r);
	}
	pthread_mutex_unlock(&s->lock);
}

/* Is the caller still who he was, and what does he reach now? A state that is busy says nothing. */
static void ask(struct asked *a, struct desk *d, const struct json *live)
{
	struct who now;
	struct err why = { 0 };

	if (!who_now(d->access, a->kind, str_of(a->secret), &now, &why)) {
		a->gone = why.kind == ERR_DENIED;
		return;
	}
	a->gone = now.role != a->role || strcmp(now.scope.unit, a->scope.unit) != 0 ||
		  strcmp(now.scope.site, a->scope.site) != 0;
	if (!a->gone && !scope_is_whole(&a->scope))
		a->reach = reach_new(d->db, &a->scope, live, &why);
}

static bool any_part(const struct asked *asked, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!scope_is_whole(&asked[i].scope))
			return true;
	return false;
}

void stream_review(struct stream *s)
{
	pthread_mutex_lock(&s->lock);
	s->review = true;
	pthread_mutex_unlock(&s->lock);
}

static bool due(struct stream *s)
{
	pthread_mutex_lock(&s->lock);
	bool now = ++s->since_beat >= s->heartbeat_s || s->review;
	s->review = false;
	pthread_mutex_unlock(&s->lock);
	return now;
}

void stream_tick(struct stream *s, struct web *web, struct desk *d)
{
	size_t n = 0;

	if (!due(s))
		return;
	s->since_beat = 0;
	struct asked *asked = calloc(READERS_MAX, sizeof *asked);
	if (asked != NULL)
		n = copy_readers(s, asked, READERS_MAX);
	struct json *live = any_part(asked, n) ? web_live(web) : NULL;
	for (size_t i = 0; i < n; i++)
		ask(&asked[i], d, live);
	beat(s, asked, n);
	for (size_t i = 0; i < n; i++)
		reach_free(asked[i].reach);
	json_free(live);
	free(asked);
}

void stream_end(struct stream *s)
{
	if (s == NULL)
		return;
	pthread_mutex_lock(&s->lock);
	s->ending = true;
	for (struct reader *r = s->readers; r != NULL; r = r->next)
		wake(r);
	pthread_mutex_unlock(&s->lock);
}

unsigned stream_count(struct stream *s)
{
	pthread_mutex_lock(&s->lock);
	unsigned n = s->n_readers;
	pthread_mutex_unlock(&s->lock);
	return n;
}

static bool has_room(struct stream *s)
{
	pthread_mutex_lock(&s->lock);
	bool room = s->n_readers < READERS_MAX && !s->ending;
	pthread_mutex_unlock(&s->lock);
	return room;
}

/* Where a reader that last saw `id` goes on; 0, which is before everything, when nobody knows. */
static uint64_t place_of(const struct stream *s, struct str id)
{
	size_t dash = str_find_char(id, '-');
	uint64_t boot, n;

	if (id.n == 0)
		return s->next;
	if (!num_parse_hex(str_sub(id, 0, dash), UINT64_MAX, &boot) || boot != s->boot ||
	    !num_parse(str_skip(id, dash + 1), 0, s->next - 1, &n))
		return 0;
	return n + 1;
}

void *stream_join(struct call *c)
{
	struct stream *s = c->web->stream;
	struct reader *r = calloc(1, sizeof *r);

	if (r == NULL || c->secret.n >= sizeof r->secret) {
		free(r);
		return NULL;
	}
	memcpy(r->secret, c->secret.p, c->secret.n);
	r->kind = c->who.kind;
	r->role = c->who.role;
	r->scope = c->who.scope;
	r->reach = c->reach;
	c->reach = NULL;
	r->stream = s;
	r->conn = c->conn;
	r->out = BUF(EVENT_MAX + 4096);
	buf_add(&r->out, STR("retry: 2000\n\n"));
	pthread_mutex_lock(&s->lock);
	r->at = place_of(s, c->header[H_LAST_EVENT_ID]);
	r->next = s->readers;
	if (r->next != NULL)
		r->next->prev = r;
	s->readers = r;
	s->n_readers++;
	r->number = ++s->joined;
	pthread_mutex_unlock(&s->lock);
	return r;
}

void stream_leave(void *reader)
{
	struct reader *r = reader;
	struct stream *s = r->stream;

	pthread_mutex_lock(&s->lock);
	if (r->prev != NULL)
		r->prev->next = r->next;
	else
		s->readers = r->next;
	if (r->next != NULL)
		r->next->prev = r->prev;
	s->n_readers--;
	pthread_mutex_unlock(&s->lock);
	buf_free(&r->out);
	reach_free(r->reach);
	free(r);
}

/* The entry as this reader may see it; nothing when he may not. */
static void tell(struct stream *s, struct reader *r, uint64_t n)
{
	const struct entry *e = &s->ring[n % RING];
	struct buf json = BUF(EVENT_MAX);
	char kind[32];

	if (r->reach == NULL) {
		buf_add(&r->out, buf_str(&e->text));
	} else if (e->json.n > 0 && reach_passes(r->reach, e->kind, e->json, &json) && !json.full) {
		snprintf(kind, sizeof kind, "%.*s", STR_ARG(e->kind));
		compose(&r->out, s, n, kind, buf_str(&json));
	}
	buf_free(&json);
}

/* Put what comes next into r->out, which is empty; nothing when there is nothing yet. Lock held. */
static void fetch(struct stream *s, struct reader *r)
{
	if (r->ended)
		return;
	if (r->at < s->first) {
		compose(&r->out, s, s->next - 1, "reset", STR("{}"));
		r->at = s->next;
	}
	while (r->out.n == 0 && r->at < s->next)
		tell(s, r, r->at++);
	if (r->out.n == 0 && r->beat)
		buf_add(&r->out, STR(": \n\n"));
	if (r->out.n > 0)
		r->beat = false;
}

ssize_t stream_read(void *reader, uint64_t pos, char *out, size_t max)
{
	struct reader *r = reader;
	struct stream *s = r->stream;
	ssize_t n;

	(void)pos;
	pthread_mutex_lock(&s->lock);
	if (r->sent == r->out.n) {
		buf_clear(&r->out);
		r->sent = 0;
		fetch(s, r);
	}
	size_t left = r->out.n - r->sent;
	if (left > 0) {
		n = (ssize_t)(left < max ? left : max);
		memcpy(out, r->out.p + r->sent, (size_t)n);
		r->sent += (size_t)n;
	} else if (r->ended || s->ending) {
		n = STREAM_END;
	} else {
		r->asleep = true;
		server_suspend(r->conn);
		n = 0;
	}
	pthread_mutex_unlock(&s->lock);
	return n;
}

bool stream_get(struct call *c, struct err *why)
{
	if (!has_room(c->web->stream)) {
		refuse_as(c, 429, "busy");
		return err_set(why, ERR_STATE, 0, "too many open event streams");
	}
	if (!scope_is_whole(&c->who.scope)) {
		struct json *live = live_state(c);

		c->reach = reach_new(call_db(c), &c->who.scope, live, why);
		json_free(live);
		if (c->reach == NULL)
			return false;
	}
	reply_empty(c, 200);
	c->reply.type = "text/event-stream";
	c->reply.stream = true;
	reply_header(c, "X-Accel-Buffering", STR("no"));
	return true;
}
