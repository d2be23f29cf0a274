/* SPDX-License-Identifier: Apache-2.0 */
/* clerk_look.c - a file that somebody holds out: looked at, or its records handed on to be kept. */
#include "base/unpack.h"
#include "detect/list_file.h"
#include "event/evtx.h"
#include "ingest/chunk.h"
#include "proc/clerk_int.h"
#include "proc/look.h"
#include "proc/look_feed.h"
#include "proc/rpc.h"
#include "proc/wire.h"

#include <poll.h>

enum {
	LOOK_SECONDS = 60,
	BODY_BYTES = 8 << 20, /* with a record more it stays below PUSH_BYTES */
	BODY_RECORDS = PUSH_RECORDS / 2
};

/* --- look --- */

/*
 * What the file is for. Lines with a time that a log format told are a log; a column of addresses is a list,
 * also where dates stand beside it.
 */
static const char *kind_of(const struct look_counts *n, bool listed, const struct list_counts *l)
{
	bool list = listed && l->entries > 0 && 2 * l->bad <= l->rows;

	if (list && (2 * n->timed < n->records || 2 * n->loose > n->records))
		return "list";
	if (n->records > n->bad)
		return "log";
	if (listed && l->entries > 0)
		return "list";
	return n->records > 0 ? "unknown" : "unreadable";
}

bool clerk_look(struct job *job, struct err *why)
{
	struct look *l = look_new(job->wits, LOOK_SECONDS);
	struct list_counts counts = { 0 };
	struct err none = { 0 };

	if (l == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	look_at(l, job->a, job->upload);
	jsonw_open(&job->w, '{');
	jsonw_key(&job->w, "list");
	struct look_counts n = look_counts(l);
	bool listed = n.records > 0 && !unpack_knows(job->upload) && !evtx_known(job->upload) &&
		      clerk_list(job, &counts, &none);
	if (!listed)
		jsonw_null(&job->w);
	jsonw_kv_str(&job->w, "kind", str_of(kind_of(&n, listed, &counts)));
	jsonw_kv_int(&job->w, "bytes", (int64_t)job->upload.n);
	look_write(l, &job->w);
	jsonw_close(&job->w, '}');
	look_free(l);
	return true;
}

/* --- keep --- */

struct keeping {
	int link;
	struct buf body;
	size_t records;
	uint64_t files;
	struct err why; /* why it could not be sent */
};

static bool put(struct keeping *k, enum wire_type type, struct str payload)
{
	struct pollfd p = { .fd = k->link, .events = POLLOUT };

	/* the store behind who takes it may wait for a disk */
	while (poll(&p, 1, -1) != 1)
		;
	return wire_send(k->link, type, 1, payload, -1, &k->why);
}

static bool flush(struct keeping *k)
{
	struct str rest = buf_str(&k->body);

	if (rest.n == 0)
		return true;
	for (; rest.n > 0; rest = str_skip(rest, UNPACK_PIECE))
		if (!put(k, WIRE_BYTES, str_sub(rest, 0, UNPACK_PIECE)))
			return false;
	buf_clear(&k->body);
	k->records = 0;
	return put(k, WIRE_BYTES, STR(""));
}

static bool begin(void *ctx, const struct look_file *f)
{
	(void)ctx, (void)f;
	return true;
}

static bool record(void *ctx, const struct look_file *f, const struct look_record *r)
{
	struct keeping *k = ctx;

	(void)f;
	buf_add(&k->body, r->text);
	buf_char(&k->body, '\n');
	if (k->body.full)
		return err_set(&k->why, ERR_LIMIT, 0, "no memory");
	return (k->body.n < BODY_BYTES && ++k->records < BODY_RECORDS) || flush(k);
}

static bool end(void *ctx, const struct look_file *f, const struct err *lost)
{
	struct keeping *k = ctx;
	struct buf b = BUF(1 << 16);

	k->files++;
	bool ok = flush(k);
	if (ok && lost != NULL) {
		rpc_write_failure(lost, &b);
		ok = put(k, WIRE_MEMBER, str_of(f->name)) && put(k, WIRE_MEMBER_END, buf_str(&b));
	}
	buf_free(&b);
	return ok;
}

bool clerk_keep(struct job *job, struct err *why)
{
	struct keeping k = { .link = job->link, .body = BUF(BODY_BYTES + (size_t)(32 << 20)) };
	const struct look_sink sink = { begin, record, end, &k };

	clerk_long();
	bool ok = look_feed(job->a, job->upload, &sink, why);

	buf_free(&k.body);
	if (ok && k.why.kind != ERR_NONE) {
		*why = k.why;
		return false;
	}
	if (!ok)
		return false;
	jsonw_open(&job->w, '{');
	jsonw_kv_int(&job->w, "files", (int64_t)k.files);
	jsonw_close(&job->w, '}');
	return true;
}
