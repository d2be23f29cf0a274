/* SPDX-License-Identifier: Apache-2.0 */
/*
 * correl_journal.c - rows one behind the other:
 *
 *   u32 magic  u32 length  u64 XXH64 of what follows  i64 written  i64 day  i64 records  notes
 *
 * little-endian. What is behind a row that is not whole is dropped. Over JOURNAL_MAX the older half goes.
 */
#include "proc/correl_journal.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/num.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { MAGIC = 0x314a4e43, HEAD = 40, ROW_MAX = 16 << 20, JOURNAL_MAX = 64 << 20 };
#define NAME "correlation.journal"

struct correl_journal {
	int dir, fd;
	size_t size;
};

struct row {
	int64_t written, day, records;
	struct str notes;
};

static void put64(char *p, uint64_t v)
{
	for (size_t i = 0; i < 8; i++)
		p[i] = (char)(v >> 8 * i & 0xff);
}

static void put_row(struct buf *out, const struct row *r)
{
	char *p = buf_room(out, HEAD + r->notes.n);

	if (p == NULL)
		return;
	put64(p, (uint64_t)MAGIC | (uint64_t)(24 + r->notes.n) << 32);
	put64(p + 16, (uint64_t)r->written);
	put64(p + 24, (uint64_t)r->day);
	put64(p + 32, (uint64_t)r->records);
	if (r->notes.n > 0)
		memcpy(p + HEAD, r->notes.p, r->notes.n);
	put64(p + 8, hash_quick((struct str){ p + 16, 24 + r->notes.n }, 0));
	out->n += HEAD + r->notes.n;
}

/* The row that begins at *rest, which is moved behind it; false: there is none that is whole. */
static bool take_row(struct str *rest, struct row *out)
{
	if (rest->n < HEAD || load_le32(rest->p) != MAGIC)
		return false;
	size_t n = load_le32(rest->p + 4);
	if (n < 24 || n > ROW_MAX + 24 || n > rest->n - 16)
		return false;
	struct str body = str_sub(*rest, 16, 16 + n);
	if (hash_quick(body, 0) != load_le64(rest->p + 8))
		return false;
	*out = (struct row){ (int64_t)load_le64(body.p), (int64_t)load_le64(body.p + 8),
			     (int64_t)load_le64(body.p + 16), str_skip(body, 24) };
	*rest = str_skip(*rest, 16 + n);
	return true;
}

/* Was it committed? */
static bool committed(const struct row *r, const struct store_root *head)
{
	return r->day != head->day ? r->day < head->day : r->records < head->records;
}

/* The file anew, with the rows of `text` that are committed and begin behind `from`. */
static bool rewrite(struct correl_journal *j, struct str text, size_t from,
		    const struct store_root *head, struct err *why)
{
	struct buf out = BUF(2 * (size_t)JOURNAL_MAX);
	struct str rest = text;
	struct row r;

	while (take_row(&rest, &r))
		if (text.n - rest.n > from && (head == NULL || committed(&r, head)))
			put_row(&out, &r);
	bool ok = !out.full || err_set(why, ERR_LIMIT, 0, "no memory");
	ok = ok && file_save(j->dir, NAME, buf_str(&out), 0600, why);
	size_t size = out.n;
	buf_free(&out);
	int fd = ok ? openat(j->dir, NAME, O_WRONLY | O_APPEND | O_CLOEXEC) : -1;
	if (ok && fd == -1)
		ok = err_set(why, ERR_IO, 0, "%s", strerror(errno));
	if (!ok)
		return false;
	if (j->fd != -1)
		close(j->fd);
	j->fd = fd;
	j->size = size;
	return true;
}

/* What stands in the file; empty where there is none. */
static bool load(struct correl_journal *j, struct arena *a, struct str *out, struct err *why)
{
	*out = STR("");
	if (faccessat(j->dir, NAME, F_OK, 0) != 0)
		return true;
	return file_load(a, j->dir, NAME, 2 * (size_t)JOURNAL_MAX, out, why);
}

struct correl_journal *correl_journal_open(const char *folder, const struct store_root *head,
					   struct err *why)
{
	struct correl_journal *j = calloc(1, sizeof *j);
	struct arena whole;
	struct str text = STR("");

	if (j == NULL || !arena_reserve(&whole, 3 * (size_t)JOURNAL_MAX)) {
		free(j);
		err_set(why, ERR_LIMIT, 0, "no memory");
		return NULL;
	}
	j->fd = -1;
	j->dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct arena a = whole;
	if (j->dir != -1 && !load(j, &a, &text, why))
		text = STR("");
	bool ok = j->dir != -1 ? rewrite(j, text, 0, head, why)
			       : err_set(why, ERR_IO, 0, "%s", strerror(errno));
	arena_release(whole);
	if (ok)
		return j;
	correl_journal_close(j);
	return NULL;
}

void correl_journal_close(struct correl_journal *j)
{
	if (j == NULL)
		return;
	if (j->fd != -1)
		close(j->fd);
	if (j->dir != -1)
		close(j->dir);
	free(j);
}

/* The newer half stays. */
static bool shorten(struct correl_journal *j, struct err *why)
{
	struct arena whole;
	struct str text;

	if (!arena_reserve(&whole, 3 * (size_t)JOURNAL_MAX))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct arena a = whole;
	bool ok = load(j, &a, &text, why) && rewrite(j, text, text.n / 2, NULL, why);
	if (ok)
		log_warn(
			"the journal of correlations is full: its older half goes, a restart will know "
			"less of the past");
	arena_release(whole);
	return ok;
}

bool correl_journal_add(struct correl_journal *j, const struct store_root *head, int64_t now,
			struct str notes, struct err *why)
{
	const struct row r = { now, head->day, head->records, notes };
	struct buf out = BUF(HEAD + (size_t)ROW_MAX);

	if (j->size + HEAD + notes.n > JOURNAL_MAX && !shorten(j, why))
		return false;
	put_row(&out, &r);
	bool ok = !out.full || err_set(why, ERR_LIMIT, 0, "no memory");
	ok = ok && fd_write_all(j->fd, buf_str(&out), why) &&
	     (fdatasync(j->fd) == 0 || err_set(why, ERR_IO, 0, "%s", strerror(errno)));
	if (ok)
		j->size += out.n;
	else if (ftruncate(j->fd, (off_t)j->size) == -1) /* behind half a row none is read */
		log_error("the journal of correlations cannot be cut back: %s", strerror(errno));
	buf_free(&out);
	return ok;
}

bool correl_journal_each(struct correl_journal *j, int64_t since, correl_journal_fn *fn, void *ctx,
			 struct err *why)
{
	struct arena whole;
	struct str text;
	struct row r;

	if (!arena_reserve(&whole, 3 * (size_t)JOURNAL_MAX))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct arena a = whole;
	bool ok = load(j, &a, &text, why);
	while (ok && take_row(&text, &r))
		if (r.written >= since)
			fn(ctx, r.notes);
	arena_release(whole);
	return ok;
}
