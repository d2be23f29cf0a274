/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/counts.h"

#include "base/test.h"

static struct counts *c;

/* What is told now. */
static void expect(const char *name, const char *want)
{
	struct buf b = BUF(4096);
	struct jsonw w = { .out = &b };
	bool any = counts_tell(c, &w);

	if (!CHECK(name, str_eq(buf_str(&b), str_of(want)) && any == (b.n > 2)))
		printf("  %.*s\n", STR_ARG(buf_str(&b)));
	buf_free(&b);
}

int main(void)
{
	c = counts_new(9);
	CHECK("not known", c != NULL && !counts_known(c, 3));
	expect("nothing", "{}");
	counts_begin(c, 3, 100, 5);
	counts_begin(c, 9, 0, 0);
	CHECK("known", counts_known(c, 3) && counts_next(c, 3) == 101 && counts_next(c, 9) == 1);
	expect("as the store has it", "{}");
	counts_queue_none(c);
	counts_queue(c, 3, 4);
	counts_queue(c, 3, 3);
	expect("on the queue", "{\"3\":{\"received\":112,\"stored\":100}}");
	expect("told once", "{}");
	counts_queue_none(c);
	counts_queue(c, 3, 3);
	for (int i = 0; i < 4; i++)
		counts_stage(c, 3);
	counts_stage(c, 9);
	expect("staged is not stored", "{\"9\":{\"received\":1,\"stored\":0}}");
	counts_commit(c);
	expect("committed",
	       "{\"3\":{\"received\":112,\"stored\":104},\"9\":{\"received\":1,\"stored\":1}}");
	counts_queue_none(c);
	counts_drop(c, 3, 3);
	expect("dropped", "{}");
	counts_drop(c, 3, 1);
	expect("more dropped", "{\"3\":{\"received\":113,\"stored\":104}}");
	counts_stage(c, 3);
	counts_commit(c);
	counts_commit(c);
	CHECK("the next", counts_next(c, 3) == 106);
	expect("the next", "{\"3\":{\"received\":114,\"stored\":105}}");
	counts_free(c);
	counts_free(NULL);
	return TEST_REPORT();
}
