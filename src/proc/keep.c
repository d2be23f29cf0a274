/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keep.c - a file that somebody wants kept: a clerk cuts it into bodies of whole records, watch stores each
 * like any that is pushed, and what came of it is in the ledger.
 *
 * The key of a body follows from the file, the source and its place: the same file again stores nothing twice.
 */
#include "proc/keep.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "ingest/chunk.h"
#include "proc/wire.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOST_TOLD = 100, RECV_ROOM = 1 << 20, PUSH_ROOM = 1 << 20 };

struct keep {
	struct desk *desk;
	struct push_request push;
	char key[128], sha256[HASH_HEX_MAX];
	uint64_t size, bodies;
	int body;   /* the one that grows, or -1 */
	size_t len; /* of it */
	uint64_t files, lost;
	struct push_answer sum; /* of all bodies */
	struct arena words;     /* of its reasons */
	struct buf faults;      /* a JSON array without its brackets */
	struct jsonw fw;
	char member[512];
};

static bool digest(struct keep *k, struct err *why)
{
	unsigned char sum[HASH_SHA256_LEN];
	struct stat st;
	void *p;

	if (fstat(k->push.body_fd, &st) == -1 || st.st_size == 0)
		return err_set(why, ERR_INPUT, 0, "the upload is empty");
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, k->push.body_fd, 0);
	if (p == MAP_FAILED)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	hash_sha256((struct str){ p, (size_t)st.st_size }, sum);
	munmap(p, (size_t)st.st_size);
	hash_hex(sum, sizeof sum, k->sha256);
	k->size = (uint64_t)st.st_size;
	return true;
}

/* Of the body at hand: a fact of the file and of how it is to be kept. */
static void make_key(struct keep *k)
{
	const struct push_request *r = &k->push;
	uint64_t manner = hash_quick(r->source_name, 1) ^ hash_quick(r->format, 2) ^
			  hash_quick(r->zone, 3);

	snprintf(k->key, sizeof k->key, "look-%.32s-%016llx-%llu", k->sha256,
		 (unsigned long long)manner, (unsigned long long)k->bodies++);
	k->push.idempotency_key = str_of(k->key);
}

static void count(struct keep *k, const struct push_answer *got)
{
	struct push_answer *sum = &k->sum;

	sum->received += got->received;
	sum->stored += got->stored;
	for (size_t i = 0; i < got->n_dropped; i++) {
		size_t at = 0;

		while (at < sum->n_dropped &&
		       !str_eq(sum->dropped[at].reason, got->dropped[i].reason))
			at++;
		if (at == PUSH_DROPS_MAX)
			continue; /* there are no more reasons than that */
		if (at == sum->n_dropped)
			sum->dropped[sum->n_dropped++] = (struct push_drop){
				arena_str(&k->words, got->dropped[i].reason), 0
			};
		sum->dropped[at].n += got->dropped[i].n;
	}
}

/* A body is whole. */
static bool store(struct keep *k, struct err *why)
{
	struct push_answer got = { 0 };
	struct push_request r;
	struct arena whole;

	if (k->body == -1)
		return true;
	if (!arena_reserve(&whole, PUSH_ROOM))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	make_key(k);
	r = k->push;
	r.body_fd = k->body;
	r.len = k->len;
	struct arena a = whole;
	bool ok = lseek(k->body, 0, SEEK_SET) == 0 && desk_push(k->desk, &a, &r, &got, why);
	if (ok)
		count(k, &got);
	arena_release(whole);
	close(k->body);
	k->body = -1;
	return ok;
}

static bool grow(struct keep *k, struct str bytes, struct err *why)
{
	if (bytes.n == 0)
		return store(k, why);
	if (k->body == -1) {
		k->body = memfd_create("kept", MFD_CLOEXEC);
		k->len = 0;
	}
	/* who sends it has read bytes of strangers */
	if (bytes.n > PUSH_BYTES - k->len)
		return err_set(why, ERR_LIMIT, 0, "more than %zu bytes", (size_t)PUSH_BYTES);
	k->len += bytes.n;
	return k->body == -1 ? err_set(why, ERR_LIMIT, 0, "no memory")
			     : fd_write_all(k->body, bytes, why);
}

static void put_lost(struct keep *k, const struct err *why)
{
	char vi[ERR_TEXT_MAX];

	if (k->lost++ >= LOST_TOLD)
		return;
	jsonw_open(&k->fw, '{');
	jsonw_kv_str(&k->fw, "file",
		     k->member[0] == '\0' ? (struct str){ NULL, 0 } : str_of(k->member));
	jsonw_key(&k->fw, "reason");
	jsonw_open(&k->fw, '{');
	jsonw_kv_str(&k->fw, "vi", str_of(err_text(why, LANG_VI, vi, sizeof vi)));
	jsonw_kv_str(&k->fw, "en", str_of(why->text));
	jsonw_close(&k->fw, '}');
	jsonw_close(&k->fw, '}');
}

static void take_files(struct keep *k, struct str answer)
{
	struct json *j = NULL;
	int64_t n;

	if (json_parse(str_sub(answer, 0, str_find_char(answer, '\0')), 1 << 16, &j, NULL) &&
	    json_int(json_get(j, "files"), &n) && n >= 0)
		k->files = (uint64_t)n;
	json_free(j);
}

/* One message of the clerk. *over: it was the last. */
static bool take(struct keep *k, const struct wire_msg *m, bool *over, struct err *why)
{
	struct err lost = { 0 };

	switch (m->type) {
	case WIRE_BYTES:
		return grow(k, m->payload, why);
	case WIRE_MEMBER:
		snprintf(k->member, sizeof k->member, "%.*s", STR_ARG(m->payload));
		return true;
	case WIRE_MEMBER_END:
		(void)rpc_read_failure(m->payload, &lost);
		put_lost(k, &lost);
		return true;
	case WIRE_FAILED:
		*over = true;
		k->member[0] = '\0';
		if (k->sum.received == 0)
			return rpc_read_failure(m->payload, why);
		(void)rpc_read_failure(m->payload, &lost);
		put_lost(k, &lost);
		return true;
	case WIRE_DONE:
		*over = true;
		take_files(k, m->payload);
		return true;
	default:
		return err_set(why, ERR_STATE, 0, "a process gave an unreadable answer");
	}
}

static bool take_all(struct keep *k, int link, struct err *why)
{
	struct arena whole;
	bool ok = true, over = false;

	if (!arena_reserve(&whole, RECV_ROOM))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	while (ok && !over) {
		struct arena a = whole;
		struct wire_msg m = { .fd = -1 };

		ok = desk_clerk_says(link, &a, &m, why) && take(k, &m, &over, why);
		wire_drop(&m);
	}
	arena_release(whole);
	return ok;
}

static uint64_t all_dropped(const struct keep *k)
{
	uint64_t n = 0;

	for (size_t i = 0; i < k->sum.n_dropped; i++)
		n += k->sum.dropped[i].n;
	return n;
}

/* What was brought in by hand is an act that a report may cite; also where it ended half way. */
static bool note(struct keep *k, struct str name, struct str actor, struct err *why)
{
	struct desk *d = k->desk;
	char who[80], source[600];
	struct ledger_note n = { who, "events.imported", name, TIME_NONE };

	snprintf(who, sizeof who, "%.*s", STR_ARG(actor));
	snprintf(source, sizeof source, "%.*s", STR_ARG(k->push.source_name));
	pthread_mutex_lock(&d->lock);
	bool ok = db_begin(d->db, why) &&
		  db_leave(d->db,
			   ledger_append(
				   d->db, &n,
				   LEDGER_FIELDS(F_Z("source", source), F_Z("sha256", k->sha256),
						 F_INT("bytes", k->size), F_INT("files", k->files),
						 F_INT("unread", k->lost),
						 F_INT("received", k->sum.received),
						 F_INT("stored", k->sum.stored),
						 F_INT("dropped", all_dropped(k))),
				   NULL, why),
			   why);
	pthread_mutex_unlock(&d->lock);
	return ok;
}

static void put_answer(struct keep *k, struct buf *answer)
{
	struct jsonw w = { .out = answer };

	jsonw_open(&w, '{');
	push_answer_put(&w, &k->sum);
	jsonw_kv_int(&w, "files", (int64_t)k->files);
	jsonw_key(&w, "lost");
	buf_add(answer, STR("["));
	buf_add(answer, buf_str(&k->faults));
	buf_add(answer, STR("]"));
	w.comma = true;
	jsonw_close(&w, '}');
}

static bool run(struct keep *k, struct str name, struct str actor, struct err *why)
{
	struct err unnoted = { 0 };
	int upload = k->push.body_fd, link;

	if (!digest(k, why) || (link = desk_clerk(k->desk, why)) == -1)
		return false;
	bool ok = wire_send(link, WIRE_PARSE, 1, STR("{\"op\":\"look-keep\"}"), upload, why) &&
		  take_all(k, link, why);
	close(link);
	k->lost += !ok;
	if (k->sum.received > 0 && !note(k, name, actor, &unnoted)) {
		log_error("the import is not in the ledger: %s", unnoted.text);
		if (ok)
			*why = unnoted;
		return false;
	}
	return ok;
}

bool desk_keep(void *desk, const struct push_request *request, struct str name, struct str actor,
	       struct buf *answer, struct err *why)
{
	struct keep k = { .desk = desk, .push = *request, .body = -1, .faults = BUF(1 << 20) };
	struct arena whole;

	if (!arena_reserve(&whole, 1 << 16))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	k.words = whole;
	k.fw.out = &k.faults;
	bool ok = run(&k, name, actor, why);
	if (ok)
		put_answer(&k, answer);
	if (k.body != -1)
		close(k.body);
	buf_free(&k.faults);
	arena_release(whole);
	return ok;
}
