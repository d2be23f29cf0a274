/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/chunk.h"

#include "base/test.h"

int main(void)
{
	struct chunk *c = chunk_new(DOOR_TCP, STR("192.0.2.1"), STR("fw"), 100, 1000);

	if (!CHECK("made", c != NULL))
		return TEST_REPORT();
	CHECK("names", str_eq(c->peer, STR("192.0.2.1")) && str_eq(c->name, STR("fw")));
	CHECK("one", chunk_add(c, STR("line")) && c->n == 1 && c->bytes == 4);
	CHECK("empty record", chunk_add(c, STR("")) && c->records[1].n == 0);
	char big[1 << 20] = { 0 };
	CHECK("too big changes nothing",
	      !chunk_add(c, (struct str){ big, sizeof big }) && c->n == 2);
	while (chunk_add_view(c, STR("x")))
		;
	c->dropped[DROP_KERNEL] = 7;
	c->dropped[DROP_TOO_LONG] = 1;
	CHECK("received", chunk_received(c) == 108);
	CHECK("full", c->n == 100 && !chunk_add(c, STR("y")));
	chunk_cut(c);
	CHECK("only the last is cut", c->cut[99] && !c->cut[98] && !c->cut[0]);
	chunk_free(c);
	for (int i = 0; i < DOOR_COUNT; i++)
		CHECK("door names", door_name((enum door)i) != NULL);
	for (int i = 0; i < DROP_COUNT; i++)
		CHECK("reason names", drop_name((enum drop_reason)i) != NULL);
	return TEST_REPORT();
}
