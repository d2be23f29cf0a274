/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inspect.c - from a descriptor to what is said about the file.
 *
 * Invariant: lists are asked before YARA, so that a file that is known as good is known so when a rule
 * holds for it.
 */
#include "sweep/inspect.h"

#include "base/time.h"
#include "sweep/yara_scan.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { KEEP = 4 << 20, SCRATCH = 1 << 20, KINDS = HASH_MD5 + 1 };

struct inspect {
	struct inspect_with with;
	bool needs[KINDS]; /* digests that a list has */
	bool any_digest;
	struct yara_scan *scan; /* owned; NULL: no rules */
	struct arena room;      /* WINDOW_BYTES: the file, or a window of it */
	struct arena scratch;   /* of the lists */
	struct arena windows;
};

const char *inspect_kind_name(enum inspect_kind k)
{
	static const char *const names[] = { "yara", "hash", "name" };

	return names[k];
}

const char *inspect_part_name(enum inspect_part p)
{
	static const char *const names[] = { "changed", "too_large", "timeout", "too_many" };

	return names[p];
}

static bool reserve(struct inspect *l)
{
	return arena_reserve(&l->room, WINDOW_BYTES) && arena_reserve(&l->scratch, SCRATCH) &&
	       arena_reserve(&l->windows, 2 * WINDOW_MAX * sizeof(struct window));
}

struct inspect *inspect_new(const struct inspect_with *with)
{
	static const enum indicator_type types[KINDS] = {
		[HASH_SHA256] = IND_SHA256, [HASH_SHA1] = IND_SHA1, [HASH_MD5] = IND_MD5
	};
	struct inspect *l = calloc(1, sizeof *l);

	if (l == NULL)
		return NULL;
	l->with = *with;
	for (size_t i = 0; with->lists != NULL && i < KINDS; i++) {
		l->needs[i] = list_set_count(with->lists, types[i]) > 0;
		l->any_digest |= l->needs[i];
	}
	bool rules = with->rules != NULL && yara_set_rules(with->rules) > 0;

	if (rules)
		l->scan = yara_scan_new(with->rules, with->timeout_s);
	if (reserve(l) && rules == (l->scan != NULL))
		return l;
	inspect_free(l);
	return NULL;
}

void inspect_free(struct inspect *l)
{
	if (l == NULL)
		return;
	yara_scan_free(l->scan);
	arena_release(l->room);
	arena_release(l->scratch);
	arena_release(l->windows);
	free(l);
}

/* One file being looked at. */
struct inspecting {
	struct inspect *l;
	struct arena *a;
	struct str path;
	int fd;
	const struct stat *st;
	struct str bytes; /* the whole file, where it is held */
	bool held;
	int error; /* errno where a part of it could not be read, or 0 */
	unsigned char sum[KINDS][HASH_MAX_LEN];
	bool summed[KINDS];
	const struct list_info *good;
	struct inspected *out;
};

static void part(struct inspecting *x, enum inspect_part p)
{
	x->out->parts |= 1U << p;
}

static void add_hit(struct inspecting *x, const struct inspect_hit *h)
{
	struct inspected *out = x->out;

	if (out->hit == NULL)
		out->hit = NEW(x->a, struct inspect_hit, INSPECT_HITS_MAX);
	if (out->hit == NULL || out->n == INSPECT_HITS_MAX)
		part(x, INSPECT_TOO_MANY);
	else
		out->hit[out->n++] = *h;
}

/* Some file systems say that a file is shorter than it is. */
static bool goes_on(const struct inspecting *x)
{
	char more;

	return pread(x->fd, &more, 1, (off_t)x->bytes.n) == 1;
}

static bool size_held(const struct stat *st)
{
	return (uint64_t)st->st_size <= WINDOW_BYTES;
}

static bool cannot_read(struct inspecting *x, int number)
{
	return err_set(&x->out->why, ERR_IO, 0, "cannot read: %s", strerror(number));
}

/* The file to the room; one that became shorter is what is left of it. */
static bool hold(struct inspecting *x)
{
	size_t len = (size_t)x->st->st_size, have = 0;
	char *p = (char *)x->l->room.beg;

	while (have < len) {
		ssize_t n = pread(x->fd, p + have, len - have, (off_t)have);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return cannot_read(x, errno);
		if (n == 0)
			break;
		have += (size_t)n;
	}
	x->bytes = (struct str){ p, have };
	x->held = true;
	x->out->bytes = have;
	if (have == len && goes_on(x))
		part(x, INSPECT_CHANGED);
	return true;
}

static void sum_held(struct inspecting *x, const bool want[KINDS])
{
	for (unsigned k = 0; k < KINDS; k++) {
		if (!want[k] || x->summed[k])
			continue;
		hash_once((enum hash_kind)k, x->bytes, x->sum[k]);
		x->summed[k] = true;
	}
}

/* One that is not held: read through once. */
static void sum_read(struct inspecting *x, const bool want[KINDS])
{
	struct hash h[KINDS];
	uint64_t size = (uint64_t)x->st->st_size;

	for (unsigned k = 0; k < KINDS; k++)
		if (want[k])
			hash_begin(&h[k], (enum hash_kind)k);
	for (uint64_t at = 0; at < size && x->error == 0; at += WINDOW_OVERLAP) {
		size_t len = size - at < WINDOW_OVERLAP ? (size_t)(size - at) : WINDOW_OVERLAP;
		struct str piece = { (char *)x->l->room.beg, len };

		x->out->bytes += window_read(x->fd, at, (char *)x->l->room.beg, len, &x->error);
		for (unsigned k = 0; k < KINDS; k++)
			if (want[k])
				hash_add(&h[k], piece);
	}
	for (unsigned k = 0; k < KINDS; k++) {
		if (!want[k])
			continue;
		hash_end(&h[k], x->sum[k]);
		x->summed[k] = x->error == 0;
	}
}

static void sum(struct inspecting *x, const bool want[KINDS])
{
	if (x->held)
		sum_held(x, want);
	else if ((uint64_t)x->st->st_size <= INSPECT_FILE_MAX)
		sum_read(x, want);
	else
		part(x, INSPECT_TOO_LARGE);
}

static bool list_hit(void *ctx, const struct hit *h, size_t at)
{
	struct inspecting *x = ctx;
	struct inspect_hit hit = { .kind = h->type == IND_FILE ? INSPECT_NAME : INSPECT_DIGEST,
				   .rule = arena_str(x->a, h->indicator),
				   .source = h->list->name,
				   .note = h->note,
				   .list = h->list,
				   .line = h->line,
				   .known_good = h->known_good,
				   .held = h->use == HIT_COUNT };

	(void)at;
	add_hit(x, &hit);
	return true;
}

static void ask_lists(struct inspecting *x)
{
	struct list_file_facts f = { .path = x->path, .at = time_now() };

	if (x->l->with.lists == NULL)
		return;
	for (unsigned k = 0; k < KINDS; k++)
		if (x->summed[k])
			f.sum[k] = x->sum[k];
	list_set_match_file(x->l->with.lists, &f, x->l->scratch, list_hit, x, &x->good);
	x->out->known_good = x->good != NULL;
}

static void rule_hit(void *ctx, const struct yara_hit *h)
{
	struct inspecting *x = ctx;
	struct inspect_hit hit = { .kind = INSPECT_YARA,
				   .rule = h->rule,
				   .source = h->file,
				   .note = h->description,
				   .known_good = x->good,
				   .held = x->good != NULL };

	add_hit(x, &hit);
}

static bool search_windows(struct inspecting *x, const struct file_facts *f,
			   const struct yara_sink *sink, struct yara_end *end)
{
	struct arena a = x->l->windows;
	struct yara_windows w = { .fd = x->fd,
				  .size = (uint64_t)x->st->st_size,
				  .room = (char *)x->l->room.beg };
	struct windows cut;

	if (!windows_cut(&a, x->fd, w.size, INSPECT_FILE_MAX, &cut))
		return err_set(&x->out->why, ERR_LIMIT, 0, "no memory");
	w.window = cut.one;
	w.n = cut.n;
	if (cut.cut)
		part(x, INSPECT_TOO_LARGE);
	x->out->windows = true;
	bool ok = yara_scan_windows(x->l->scan, f, &w, sink, end, &x->out->why);
	x->out->bytes += w.read;
	if (w.error != 0)
		x->error = w.error;
	return ok;
}

static bool ask_rules(struct inspecting *x)
{
	struct yara_sink sink = { rule_hit, x };
	struct yara_end end = { 0 };
	struct file_facts f;
	char head[FILE_TYPE_HEAD];
	struct str first = x->bytes;

	if (!x->held)
		first = (struct str){ head, window_read(x->fd, 0, head, sizeof head, &x->error) };
	if (!file_facts_of(x->a, x->path, first, x->st->st_uid, x->l->with.owners, &f))
		return err_set(&x->out->why, ERR_LIMIT, 0, "no memory");
	bool ok = x->held ? yara_scan_bytes(x->l->scan, &f, x->bytes, &sink, &end, &x->out->why)
			  : search_windows(x, &f, &sink, &end);
	if (end.timed_out)
		part(x, INSPECT_TIMED_OUT);
	if (end.too_many)
		part(x, INSPECT_TOO_MANY);
	return ok;
}

static bool same_still(const struct inspecting *x)
{
	const struct stat *was = x->st;
	struct stat is;

	return fstat(x->fd, &is) == 0 && is.st_size == was->st_size &&
	       is.st_mtim.tv_sec == was->st_mtim.tv_sec &&
	       is.st_mtim.tv_nsec == was->st_mtim.tv_nsec &&
	       is.st_ctim.tv_sec == was->st_ctim.tv_sec &&
	       is.st_ctim.tv_nsec == was->st_ctim.tv_nsec;
}

/* What was hashed need not be what was searched: its digest holds nothing down. */
static void doubt(struct inspecting *x)
{
	part(x, INSPECT_CHANGED);
	if (x->held)
		return;
	x->out->known_good = false;
	for (size_t i = 0; i < x->out->n; i++) {
		x->out->hit[i].held = false;
		x->out->hit[i].known_good = NULL;
	}
}

static bool inspect_into(struct inspecting *x)
{
	static const bool sha256[KINDS] = { [HASH_SHA256] = true };
	struct inspect *l = x->l;
	bool read = l->any_digest || l->scan != NULL;

	if (read && size_held(x->st) && !hold(x))
		return false;
	if (l->any_digest)
		sum(x, l->needs);
	ask_lists(x);
	if (l->scan != NULL && !ask_rules(x))
		return false;
	/* a hit says which file it was */
	if (x->out->n > 0 && !x->summed[HASH_SHA256]) {
		if (!read && size_held(x->st) && !hold(x))
			return false;
		sum(x, sha256);
	}
	x->out->read = read;
	return x->error == 0 || cannot_read(x, x->error);
}

void inspect_file(struct inspect *l, struct arena *a, struct str path, int fd,
		  const struct stat *st, struct inspected *out)
{
	struct inspecting x = { .l = l, .a = a, .path = path, .fd = fd, .st = st, .out = out };

	*out = (struct inspected){ 0 };
	out->failed = !inspect_into(&x);
	if (!out->failed && !same_still(&x))
		doubt(&x);
	if (x.summed[HASH_SHA256]) {
		out->hashed = true;
		hash_hex(x.sum[HASH_SHA256], HASH_SHA256_LEN, out->sha256);
	}
	if (st->st_size > KEEP)
		arena_trim(l->room, KEEP);
}
