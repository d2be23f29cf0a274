/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/members.h"

#include "base/buf.h"
#include "base/unpack.h"
#include "event/evtx.h"
#include "event/evtx_lines.h"
#include "proc/rpc.h"

#include <poll.h>

enum { MEMBERS_MAX = 100000, INNER_MAX = 512 << 20, DEPTH_MAX = 3, RATIO_MAX = 500 };
enum { LINES_MAX = 16 << 20 }; /* of a chunk of an event log */
#define BYTES_MAX ((uint64_t)64 << 30)

static bool put(struct members *m, enum wire_type type, struct str payload)
{
	struct pollfd p = { .fd = m->link, .events = POLLOUT };

	/* the store behind who takes it may wait for a disk */
	while (poll(&p, 1, -1) != 1)
		;
	return wire_send(m->link, type, 1, payload, -1, m->why);
}

bool members_begin(struct members *m, struct str name)
{
	struct buf whole = BUF(WIRE_INLINE);

	buf_add(&whole, m->prefix);
	if (m->prefix.n > 0 && name.n > 0)
		buf_char(&whole, '/');
	buf_add(&whole, name);
	bool ok = put(m, WIRE_MEMBER, buf_str(&whole));
	buf_free(&whole);
	m->fresh = true;
	m->is_log = false;
	return ok;
}

void members_fini(struct members *m)
{
	evtx_lines_free(m->log);
	buf_free(&m->lines);
}

static bool put_bytes(struct members *m, struct str bytes)
{
	for (; bytes.n > 0; bytes = str_skip(bytes, UNPACK_PIECE))
		if (!put(m, WIRE_BYTES, str_sub(bytes, 0, UNPACK_PIECE)))
			return false;
	return true;
}

/* What the log says so far; with `last` all of it. */
static bool put_lines(struct members *m, struct str bytes, bool last)
{
	while (m->log != NULL && evtx_lines_next(m->log, &bytes, last, &m->lines))
		if (!put_bytes(m, buf_str(&m->lines)))
			return false;
	return true;
}

bool members_bytes(struct members *m, struct str bytes)
{
	if (m->fresh && evtx_known(bytes)) {
		m->is_log = true;
		m->lines.max = LINES_MAX;
		if (m->log == NULL)
			m->log = evtx_lines_new();
		if (m->log != NULL)
			evtx_lines_begin(m->log);
	}
	m->fresh = m->fresh && bytes.n == 0;
	return m->is_log ? put_lines(m, bytes, false) : put_bytes(m, bytes);
}

/* What is left of a log; *damage: what could not be read of it. */
static bool end_log(struct members *m, struct err *damage, const struct err **lost)
{
	if (m->log == NULL)
		err_set(damage, ERR_LIMIT, 0, "no memory");
	else if (!put_lines(m, STR(""), true))
		return false;
	else if (!evtx_lines_damage(m->log, damage))
		return true;
	if (*lost == NULL)
		*lost = damage;
	return true;
}

bool members_end(struct members *m, const struct err *lost)
{
	struct buf b = BUF(1 << 16);
	struct err damage;

	if (m->is_log && !end_log(m, &damage, &lost))
		return false;
	m->fresh = m->is_log = false;
	if (lost != NULL)
		rpc_write_failure(lost, &b);
	bool ok = put(m, WIRE_MEMBER_END, buf_str(&b));
	buf_free(&b);
	return ok;
}

bool members_bad(struct members *m, struct str name, const struct err *lost)
{
	return members_begin(m, name) && members_end(m, lost);
}

static bool begin(void *ctx, struct str name)
{
	/* where it cannot be sent, what comes next cannot either, and ends the walk */
	(void)!members_begin(ctx, name);
	return true;
}

static bool bytes(void *ctx, struct str piece)
{
	return members_bytes(ctx, piece);
}

static bool end(void *ctx, const struct err *why)
{
	return members_end(ctx, why);
}

static void bad(void *ctx, struct str name, const struct err *why)
{
	(void)!members_bad(ctx, name, why);
}

struct unpack_caps members_caps(uint64_t bytes, size_t members)
{
	return (struct unpack_caps){ .bytes = bytes,
				     .ratio = RATIO_MAX,
				     .members = members,
				     .inner = INNER_MAX,
				     .depth = DEPTH_MAX,
				     .single = true };
}

bool members_unpack(struct members *m, struct arena scratch, struct str archive, struct err *why)
{
	const struct unpack_sink sink = { begin, bytes, end, bad, m };
	const struct unpack_caps caps = members_caps(BYTES_MAX, MEMBERS_MAX);

	return unpack_stream(scratch, archive, &caps, &sink, why);
}
