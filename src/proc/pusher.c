/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pusher.c - invariant: a job belongs to one worker from the queue to its answer; the chunk it made
 * is the pipeline's in between, which wakes the worker by the job's semaphore.
 */
#include "proc/pusher.h"

#include "base/hash.h"
#include "base/json.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "base/time.h"
#include "event/formats.h"
#include "ingest/push.h"
#include "proc/fault.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WORKERS = POISON_PUSHERS, MAX_JOBS = 256 };

struct job {
	struct pusher *pusher;
	int body;
	uint64_t link, number;
	struct json *request; /* owned */
	sem_t stored;
	struct chunk_result result;
	bool *seen; /* the chunk's, valid until the chunk is freed */
	struct poison_page *page;
};

struct pusher {
	struct queue *intake; /* borrowed */
	struct links *links;  /* borrowed */
	struct queue *jobs;   /* owned */
	pthread_t worker[WORKERS];
	size_t n_workers;
	struct poison_page *pages; /* borrowed */
	unsigned begun;            /* workers so far */
};

static void answer(struct job *job, struct str payload, const struct err *reason)
{
	links_answer(job->pusher->links, job->link, job->number, payload, reason);
}

static void job_free(struct job *job)
{
	if (job->body != -1)
		close(job->body);
	json_free(job->request);
	sem_destroy(&job->stored);
	free(job);
}

static void done(struct chunk *c, const struct chunk_result *r)
{
	struct job *job = c->owner;

	job->result = *r;
	sem_post(&job->stored);
}

static void write_answer(const struct job *job, const struct push *push, const uint64_t *dropped,
			 struct buf *out)
{
	const struct chunk_result *r = &job->result;
	struct jsonw w = { .out = out };

	jsonw_open(&w, '{');
	jsonw_kv_int(&w, "received", (int64_t)r->received);
	jsonw_kv_int(&w, "stored", (int64_t)(r->stored + r->seen));
	jsonw_kv_bool(&w, "replay", r->replay);
	jsonw_key(&w, "dropped");
	jsonw_open(&w, '{');
	for (int i = 0; i < DROP_COUNT; i++)
		if (dropped[i] > 0)
			jsonw_kv_int(&w, drop_name((enum drop_reason)i), (int64_t)dropped[i]);
	jsonw_close(&w, '}');
	jsonw_close(&w, '}');
	if (push->form == PUSH_FORM_BULK) {
		buf_char(out, '\0');
		push_items(push, job->seen, out);
	}
}

/* Put the chunk on the queue, wait for its commit, answer. */
static bool store_push(struct job *job, struct push *push, struct err *why)
{
	struct chunk *c = push->chunk;
	struct buf out = BUF(WIRE_MAX);
	uint64_t dropped[DROP_COUNT];

	for (int i = 0; i < DROP_COUNT; i++)
		dropped[i] = c->dropped[i];
	c->owner = job;
	c->done = done;
	c->received = time_now();
	job->seen = c->seen;
	if (!queue_put(job->pusher->intake, c, chunk_weight(c)))
		return err_set(why, ERR_STATE, 0, "canh is stopping");
	while (sem_wait(&job->stored) == -1)
		; /* EINTR */
	if (!job->result.ok)
		return err_set(why, ERR_IO, 0, "the store did not take it");
	if (job->result.clash)
		return err_set(why, ERR_INPUT, 0,
			       "this Idempotency-Key was used for another request before");
	write_answer(job, push, dropped, &out);
	if (out.full)
		err_set(why, ERR_LIMIT, 0, "the answer is too long");
	else
		answer(job, buf_str(&out), NULL);
	bool ok = !out.full;
	buf_free(&out);
	return ok;
}

static bool read_and_store(struct job *job, struct str body, struct err *why)
{
	const struct json *j = job->request;
	struct str packing = json_get_str(j, "encoding"), key = json_get_str(j, "idempotency_key");
	struct push_body in = {
		.bytes = body,
		.form = str_eq(json_get_str(j, "kind"), STR("bulk")) ? PUSH_FORM_BULK
								     : PUSH_FORM_LINES,
		.packing = str_eq(packing, STR("gzip"))   ? PUSH_GZIP
			   : str_eq(packing, STR("zstd")) ? PUSH_ZSTD
							  : PUSH_PLAIN_BYTES,
		.token = json_get_str(j, "token"),
		.name = json_get_str(j, "name"),
		.index = json_get_str(j, "index"),
	};
	struct push push;
	unsigned char digest[HASH_SHA256_LEN];

	if (poison_known(job->page, body))
		return err_set(
			why, ERR_INPUT, 0,
			"this body has ended the process that reads it: it was set aside and is "
			"not read again");
	poison_enter(job->page, in.name.n > 0 ? in.name : in.token, body);
	fault_body(body);
	bool readable = push_read(&in, &push, why);
	poison_leave(job->page);
	if (!readable)
		return false;
	if (key.n > 0) {
		hash_sha256(body, digest);
		push.chunk->idempotency_key = arena_str(&push.chunk->mem, key);
		push.chunk->request_hash = arena_str(&push.chunk->mem,
						     (struct str){ (char *)digest, sizeof digest });
	}
	if (json_bool(json_get(j, "import"), false))
		push.chunk->door = DOOR_IMPORT;
	push.chunk->format = format_find(json_get_str(j, "format"));
	push.chunk->zone = arena_str(&push.chunk->mem, json_get_str(j, "zone"));
	bool ok = store_push(job, &push, why);
	push_free(&push);
	return ok;
}

static bool map_body(int fd, struct str *out, struct err *why)
{
	struct stat st;
	void *p;

	if (fd == -1 || fstat(fd, &st) == -1 || st.st_size > (off_t)WIRE_MAX)
		return err_set(why, ERR_INPUT, 0, "no body");
	if (st.st_size == 0) {
		*out = STR("");
		return true;
	}
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	*out = (struct str){ p, (size_t)st.st_size };
	return true;
}

static void work(struct job *job)
{
	struct err why = { 0 };
	struct str body = { NULL, 0 };

	if (!map_body(job->body, &body, &why) || !read_and_store(job, body, &why))
		answer(job, STR(""), &why);
	if (body.n > 0) {
		union {
			const void *c;
			void *v;
		} p = { body.p };
		munmap(p.v, body.n);
	}
	job_free(job);
}

static void *run(void *arg)
{
	struct pusher *p = arg;
	struct poison_page *page = &p->pages[__atomic_fetch_add(&p->begun, 1, __ATOMIC_RELAXED)];

	for (struct job *job; (job = queue_take(p->jobs, -1)) != NULL;) {
		job->page = page;
		work(job);
	}
	return NULL;
}

struct pusher *pusher_new(struct queue *intake, struct links *links, struct poison_page *pages)
{
	struct pusher *p = calloc(1, sizeof *p);

	if (p == NULL || (p->jobs = queue_new(MAX_JOBS, MAX_JOBS)) == NULL) {
		free(p);
		return NULL;
	}
	p->intake = intake;
	p->links = links;
	p->pages = pages;
	for (; p->n_workers < WORKERS; p->n_workers++)
		if (pthread_create(&p->worker[p->n_workers], NULL, run, p) != 0)
			die("cannot start a thread");
	return p;
}

void pusher_take(struct pusher *p, uint64_t link, struct wire_msg *m)
{
	struct job *job = calloc(1, sizeof *job);
	struct err why = { 0 };

	if (job == NULL)
		die("no memory");
	*job = (struct job){ .pusher = p, .link = link, .body = m->fd, .number = m->number };
	m->fd = -1;
	sem_init(&job->stored, 0, 0);
	if (json_parse(m->payload, 1 << 16, &job->request, &why)) {
		/* never wait here: what else desk asks comes by the same thread */
		if (queue_try_put(p->jobs, job, 1))
			return;
		err_set(&why, ERR_STATE, 0, "too many requests wait to be stored");
	}
	answer(job, STR(""), &why);
	job_free(job);
}

void pusher_free(struct pusher *p)
{
	if (p == NULL)
		return;
	queue_close(p->jobs);
	for (size_t i = 0; i < p->n_workers; i++)
		pthread_join(p->worker[i], NULL);
	queue_free(p->jobs);
	free(p);
}
