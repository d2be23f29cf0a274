/* SPDX-License-Identifier: Apache-2.0 */
/* evtx_fd.h - the records of an event log that a descriptor gives, or of any blob. */
#ifndef CMD_EVTX_FD_H
#define CMD_EVTX_FD_H

#include "event/evtx_feed.h"

struct evtx_fd {
	struct evtx *evtx; /* borrowed */
	bool carve;        /* any blob, and what chunks no longer use */
	/* False ends the walk. chunk: before the first and behind the last record of one; may be NULL. */
	bool (*record)(void *ctx, const struct evtx_record *r);
	bool (*chunk)(void *ctx, struct str chunk, bool begins);
	void *ctx;

	struct evtx_feed feed;
	uint64_t bytes;   /* read by evtx_fd_walk() */
	uint64_t damaged; /* places in chunks that could not be read */
};

/* Code pages that --code-page takes. */
#define EVTX_PAGES "874|1250|1251|1252|1253|1254|1255|1256|1257|1258"
/* `page`: one of them, or NULL. */
MUST_USE bool evtx_fd_page(struct evtx *e, const char *page);

/* `head` was read before. False: it is no log, or could not be read to its end. */
MUST_USE bool evtx_fd_walk(struct evtx_fd *x, int fd, struct str head, struct err *why);
/* What was damaged, in words; false where nothing was. */
bool evtx_fd_damage(const struct evtx_fd *x, struct err *why);

#endif
