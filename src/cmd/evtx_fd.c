/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/evtx_fd.h"

#include "base/num.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

bool evtx_fd_page(struct evtx *e, const char *page)
{
	uint64_t n = 0;

	return page == NULL ||
	       (num_parse(str_of(page), 0, 9999, &n) && evtx_code_page(e, (unsigned)n));
}

static bool take_chunks(struct evtx_fd *x, bool last)
{
	struct evtx_record r;
	struct str chunk;

	while (evtx_feed_next(&x->feed, last, &chunk)) {
		if (!evtx_chunk(x->evtx, chunk, NULL)) {
			x->damaged++;
			continue;
		}
		if (x->chunk != NULL && !x->chunk(x->ctx, chunk, true))
			return false;
		while (evtx_next(x->evtx, x->carve, &r))
			if (!x->record(x->ctx, &r))
				return false;
		if (x->chunk != NULL && !x->chunk(x->ctx, chunk, false))
			return false;
	}
	return true;
}

static bool walk(struct evtx_fd *x, int fd, struct err *why)
{
	static char block[EVTX_CHUNK_BYTES];
	ssize_t n = 1;

	while (n > 0) {
		n = read(fd, block, evtx_feed_wants(&x->feed));
		if (n == -1 && errno == EINTR) {
			n = 1;
			continue;
		}
		if (n == -1)
			return err_set(why, ERR_IO, 0, "%s", strerror(errno));
		x->bytes += (uint64_t)n;
		if (!evtx_feed_add(&x->feed, (struct str){ block, (size_t)n }))
			return err_set(why, ERR_LIMIT, 0, "no memory");
		if (!take_chunks(x, n == 0))
			return true;
	}
	return true;
}

bool evtx_fd_walk(struct evtx_fd *x, int fd, struct str head, struct err *why)
{
	uint64_t before = evtx_counts(x->evtx).damaged;

	x->bytes = x->damaged = 0;
	evtx_feed_begin(&x->feed, x->carve);
	if (!evtx_feed_add(&x->feed, head))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	bool ok = walk(x, fd, why);

	x->damaged += evtx_counts(x->evtx).damaged - before;
	if (ok && !x->carve && x->feed.chunks == 0)
		return !evtx_feed_fault(&x->feed, x->damaged, why);
	return ok;
}

bool evtx_fd_damage(const struct evtx_fd *x, struct err *why)
{
	return evtx_feed_fault(&x->feed, x->damaged, why);
}
