/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fake_push_test.h - the pushing half of a backend for tests (fake_test.h).
 */
#ifndef WEB_FAKE_PUSH_TEST_H
#define WEB_FAKE_PUSH_TEST_H

#include "base/test.h"
#include "ingest/bulk.h"
#include "web/backend.h"

#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FAKE_KEEP = 1 << 16 };

#define FAKE_OUTCOME                                                                                        \
	"{\"at\":\"2026-11-22T00:00:00Z\",\"by\":\"canh\",\"outcome\":{\"ok\":true,\"file\":\"canh.yaml\"," \
	"\"changed\":[\"zone\"],\"restart\":[],\"watch_anew\":false,\"mistakes\":[]}}"

struct fake {
	pthread_mutex_t lock;
	enum err_kind fail; /* of every call, ERR_NONE: succeed */
	unsigned sleep_ms;  /* in push */
	unsigned pushes;
	uint64_t bytes;           /* of all bodies */
	struct push_request last; /* views as below */
	char body[FAKE_KEEP], token[128], source[128], index[128], key[256];
	size_t body_n;
	char asked[FAKE_KEEP];  /* the last JSON request of seek or clerk */
	char upload[FAKE_KEEP]; /* what the clerk was given */
	const char *answer;     /* of seek, clerk, reload; NULL: an empty list */
	const char *live;       /* NULL: one source, that of fake_live() */
	unsigned asks, reloads, woken;
	bool exists; /* each item of _bulk was stored before */
};

static void fake_keep(char *out, size_t cap, struct str s)
{
	size_t n = s.n < cap - 1 ? s.n : cap - 1;

	memcpy(out, n > 0 ? s.p : "", n);
	out[n] = '\0';
}

static void fake_notify(void *ctx)
{
	((struct fake *)ctx)->woken++;
}

static bool fake_fails(struct fake *f, struct err *why)
{
	if (f->fail == ERR_NONE)
		return false;
	err_set(why, f->fail, 0, "the fake was told to fail");
	return true;
}

/* An item for each action of a body that is not packed. */
static struct str fake_items(struct fake *f, struct arena *a, struct push_answer *out)
{
	struct buf items = BUF(1 << 20);
	struct str body = { f->body, f->body_n };
	struct bulk_doc doc;
	struct err why = { 0 };
	size_t pos = 0;

	while (bulk_next(body, &pos, &doc, &why)) {
		struct bulk_item item = { BULK_STORED, doc.op, doc.index, doc.id };

		if (doc.op == BULK_UPDATE || doc.op == BULK_DELETE)
			item.fault = BULK_NOT_ADDING;
		else if (f->exists)
			item.fault = BULK_EXISTS;
		out->received++;
		out->stored += item.fault == BULK_STORED;
		bulk_item_put(&items, &item);
	}
	struct str kept = arena_str(a, buf_str(&items));
	buf_free(&items);
	return why.kind == ERR_NONE ? kept : (struct str){ NULL, 0 };
}

static void fake_wait(struct fake *f)
{
	pthread_mutex_lock(&f->lock);
	unsigned wait = f->sleep_ms;
	pthread_mutex_unlock(&f->lock);
	usleep(wait * 1000);
}

static bool fake_push(void *ctx, struct arena *a, const struct push_request *r,
		      struct push_answer *out, struct err *why)
{
	struct fake *f = ctx;
	bool ok = true;

	fake_wait(f);
	pthread_mutex_lock(&f->lock);
	f->pushes++;
	f->bytes += r->len;
	f->last = *r;
	ssize_t n = read(r->body_fd, f->body, sizeof f->body);
	f->body_n = n < 0 ? 0 : (size_t)n;
	fake_keep(f->token, sizeof f->token, r->token_name);
	fake_keep(f->source, sizeof f->source, r->source_name);
	fake_keep(f->index, sizeof f->index, r->index);
	fake_keep(f->key, sizeof f->key, r->idempotency_key);
	if (fake_fails(f, why)) {
		ok = false;
	} else if (r->kind == PUSH_BULK) {
		out->bulk_items = fake_items(f, a, out);
		ok = out->bulk_items.p != NULL || err_set(why, ERR_INPUT, 0, "not an action line");
	} else {
		for (size_t i = 0; i < f->body_n; i++)
			out->received += f->body[i] == '\n';
		out->dropped[0] = (struct push_drop){ STR("too_long"), 1 };
		out->n_dropped = out->received > 1;
		out->stored = out->received - out->n_dropped;
	}
	pthread_mutex_unlock(&f->lock);
	return ok;
}

static bool fake_configure(void *ctx, struct str actor, struct buf *answer, struct err *why)
{
	(void)ctx, (void)actor, (void)why;
	buf_add(answer, STR(FAKE_OUTCOME));
	return true;
}

static bool fake_configured(void *ctx, struct buf *answer)
{
	return fake_configure(ctx, STR(""), answer, NULL);
}

#endif
