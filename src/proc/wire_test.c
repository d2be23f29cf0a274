/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/wire.h"

#include "base/num.h"
#include "base/test.h"

#include <sys/socket.h>
#include <unistd.h>

static struct arena whole;

static void round_trip(size_t len)
{
	struct arena a = whole;
	struct err why = { 0 };
	struct wire_msg m;
	int link[2], pipes[2];
	char *big = malloc(len + 1);

	if (!CHECK("pair", big != NULL && wire_pair(link, &why) && pipe(pipes) == 0)) {
		free(big);
		return;
	}
	memset(big, 'x', len);
	CHECK("sent", wire_send(link[0], WIRE_PUSH, 7, (struct str){ big, len }, pipes[1], &why));
	CHECK("received", wire_recv(link[1], PROC_DESK, &a, &m, &why));
	CHECK("whole", m.type == WIRE_PUSH && m.number == 7 && m.fd != -1 &&
			       str_eq(m.payload, (struct str){ big, len }));
	CHECK("the descriptor works", write(m.fd, "!", 1) == 1 && read(pipes[0], big, 1) == 1);
	wire_drop(&m);
	CHECK("dropped", m.fd == -1 && m.payload.p == NULL);
	close(link[0]);
	a = whole;
	CHECK("the end", !wire_recv(link[1], PROC_DESK, &a, &m, &why) && why.kind == ERR_ABSENT);
	close(link[1]);
	close(pipes[0]);
	close(pipes[1]);
	free(big);
}

static void refusals(void)
{
	struct err why = { 0 };
	struct wire_msg m = { .fd = -1 };
	unsigned char head[24] = { WIRE_HITS };
	int link[2];

	if (!CHECK("pair", wire_pair(link, &why)))
		return;
	struct arena a = whole;
	CHECK("sent", wire_send(link[0], WIRE_PUSH, 1, STR("{}"), -1, &why));
	CHECK("seek may not push",
	      !wire_recv(link[1], PROC_SEEK, &a, &m, &why) && why.kind == ERR_INPUT);
	a = whole;
	CHECK("short",
	      send(link[0], head, 5, 0) == 5 && !wire_recv(link[1], PROC_WATCH, &a, &m, &why));
	a = whole;
	store_le64(head + 16, 99);
	CHECK("length lies",
	      send(link[0], head, 24, 0) == 24 && !wire_recv(link[1], PROC_WATCH, &a, &m, &why));
	a = whole;
	store_le64(head + 16, 0);
	store_le32(head, WIRE_COUNT);
	CHECK("no such type",
	      send(link[0], head, 24, 0) == 24 && !wire_recv(link[1], PROC_WATCH, &a, &m, &why));
	a = whole;
	store_le32(head, WIRE_HITS);
	store_le32(head + 4, 2);
	CHECK("descriptor missing",
	      send(link[0], head, 24, 0) == 24 && !wire_recv(link[1], PROC_WATCH, &a, &m, &why));
	close(link[0]);
	close(link[1]);
}

int main(void)
{
	if (!arena_reserve(&whole, 1 << 20))
		return 1;
	round_trip(2);
	round_trip(WIRE_INLINE);
	round_trip(WIRE_INLINE + 1);
	round_trip(3 << 20);
	refusals();
	arena_release(whole);
	return TEST_REPORT();
}
