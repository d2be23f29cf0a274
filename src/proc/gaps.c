/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gaps.c - TLS connections after the watch that read them has ended: what had come and is not stored.
 *
 * Their keys died with watch, so each is ended here and its sender connects anew. The parent holds the
 * socket: the kernel says how many bytes came in, the mark that watch left says how many of them are
 * accounted for. The difference is an upper bound, zero for a connection that was at rest. A mark is
 * believed only within what the kernel says.
 */
#include "base/jsonw.h"
#include "base/log.h"
#include "base/time.h"
#include "proc/notes.h"
#include "proc/parent_int.h"

#include <linux/filter.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* tcpi_state of a connection whose other side has closed: then the kernel counts the end as a byte */
enum { STATE_CLOSE_WAIT = 8, STATE_LAST_ACK = 9 };

struct gap {
	const char *peer; /* of the first connection */
	int64_t from;
	uint64_t bytes;
	unsigned connections;
};

/* All bytes that the kernel took in for the connection; none is taken in any more. */
static uint64_t arrived(int fd)
{
	struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog drop = { 1, &nothing };
	struct tcp_info info = { 0 };
	socklen_t len = sizeof info;

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &drop, sizeof drop) == -1)
		log_warn("a TLS connection goes on for a moment while it is counted");
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == -1)
		return 0; /* it is no connection any more */
	bool ended = info.tcpi_state == STATE_CLOSE_WAIT || info.tcpi_state == STATE_LAST_ACK;
	return (uint64_t)info.tcpi_bytes_received - (uint64_t)ended;
}

uint64_t gap_bytes(const struct tls_mark *m, uint64_t came)
{
	uint64_t unread = m->taken < came ? came - m->taken : 0;
	uint64_t held = m->stored <= m->opened ? m->opened - m->stored : came;

	/* text is never longer than what it came in */
	return held > came - unread ? came : unread + held;
}

static struct gap *gap_of(struct gap *gaps, size_t *n, const struct connection *c)
{
	for (size_t i = 0; i < *n; i++)
		if (strcmp(gaps[i].peer, c->peer) == 0)
			return &gaps[i];
	gaps[*n] = (struct gap){ .peer = c->peer, .from = INT64_MAX };
	return &gaps[(*n)++];
}

static void measure(const struct parent *p, struct connection *c, struct gap *g, int64_t now)
{
	struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
	struct tls_mark m = p->shared->tls[c - p->connections];
	int64_t from = m.clean >= c->accepted && m.clean <= now ? m.clean : c->accepted;

	g->bytes += gap_bytes(&m, arrived(c->fd));
	g->from = from < g->from ? from : g->from;
	g->connections++;
	/* the sender is told now, not when it writes the next time */
	setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

static void write_note(struct parent *p, const struct gap *gaps, size_t n, int64_t now)
{
	struct buf b = BUF(NOTE_BYTES);
	struct jsonw w = { .out = &b };
	struct err why = { 0 };
	bool gone = false;

	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "note", STR("gap"));
	jsonw_kv_str(&w, "kind", STR("tls"));
	jsonw_kv_str(&w, "reason", p->stopping ? STR("stop") : STR("restart"));
	jsonw_kv_int(&w, "to", now);
	jsonw_key(&w, "items");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < n; i++) {
		jsonw_open(&w, '{');
		jsonw_kv_str(&w, "peer", str_of(gaps[i].peer));
		jsonw_kv_int(&w, "from", gaps[i].from);
		jsonw_kv_int(&w, "bytes", (int64_t)gaps[i].bytes);
		jsonw_kv_int(&w, "connections", gaps[i].connections);
		jsonw_close(&w, '}');
	}
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	if (!note_put(p->config->data, buf_str(&b), &gone, &why))
		log_error("a gap of %zu senders over TLS could not be noted: %s", n, why.text);
	if (gone)
		log_error("a note that nobody took for long was given up");
	buf_free(&b);
}

void gaps_note(struct parent *p)
{
	struct gap *gaps = calloc(MAX_TLS, sizeof *gaps);
	int64_t now = time_now();
	size_t n = 0;

	if (gaps == NULL)
		die("no memory");
	for (size_t i = 0; i < MAX_CONNECTIONS; i++) {
		struct connection *c = &p->connections[i];

		/* one that was not read from goes to the next watch as it is */
		if (c->fd == -1 || !c->tls || !c->handed || p->shared->tls[i].touched == 0)
			continue;
		measure(p, c, gap_of(gaps, &n, c), now);
		connection_end(p, c);
	}
	if (n > 0)
		write_note(p, gaps, n, now);
	free(gaps);
}
