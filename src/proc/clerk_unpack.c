/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clerk_unpack.c - an archive of logs, a file after the other, to watch, which may be slow: what waits
 * is what the socket holds.
 */
#include "base/unpack.h"
#include "proc/clerk_int.h"
#include "proc/rpc.h"

#include <poll.h>
#include <sys/resource.h>

enum { MEMBERS_MAX = 100000, INNER_MAX = 512 << 20, DEPTH_MAX = 3, RATIO_MAX = 500 };
#define BYTES_MAX ((uint64_t)64 << 30)

struct out {
	int link;
	struct err *why; /* why it could not be sent */
};

static bool put(struct out *o, enum wire_type type, struct str payload)
{
	struct pollfd p = { .fd = o->link, .events = POLLOUT };

	/* the store behind watch may wait for a disk */
	while (poll(&p, 1, -1) != 1)
		;
	return wire_send(o->link, type, 1, payload, -1, o->why);
}

static bool begin(void *ctx, struct str name)
{
	/* where it cannot be sent, what comes next cannot either, and ends the walk */
	(void)!put(ctx, WIRE_MEMBER, name);
	return true;
}

static bool bytes(void *ctx, struct str piece)
{
	return put(ctx, WIRE_BYTES, piece);
}

static bool end(void *ctx, const struct err *why)
{
	struct buf b = BUF(1 << 16);

	if (why != NULL)
		rpc_write_failure(why, &b);
	bool ok = put(ctx, WIRE_MEMBER_END, buf_str(&b));
	buf_free(&b);
	return ok;
}

static void bad(void *ctx, struct str name, const struct err *why)
{
	(void)!(put(ctx, WIRE_MEMBER, name) && end(ctx, why));
}

bool clerk_unpack(struct job *job, struct err *why)
{
	struct err unsent = { 0 };
	struct out out = { job->link, &unsent };
	const struct unpack_sink sink = { begin, bytes, end, bad, &out };
	const struct unpack_caps caps = { .bytes = BYTES_MAX,
					  .ratio = RATIO_MAX,
					  .members = MEMBERS_MAX,
					  .inner = INNER_MAX,
					  .depth = DEPTH_MAX,
					  .single = true };
	struct rlimit cpu;

	/* so much takes longer than a list */
	if (getrlimit(RLIMIT_CPU, &cpu) == 0) {
		cpu.rlim_cur = CLERK_UNPACK_SECONDS;
		setrlimit(RLIMIT_CPU, &cpu);
	}
	if (unpack_stream(job->a, job->upload, &caps, &sink, why)) {
		jsonw_open(&job->w, '{');
		jsonw_close(&job->w, '}');
		return true;
	}
	if (why->kind == ERR_NONE)
		*why = unsent;
	return false;
}
