/* SPDX-License-Identifier: Apache-2.0 */
/* links_test.c - an answer that comes late goes to nobody, though its descriptor came again. */
#include "proc/links.h"

#include "base/test.h"

#include <fcntl.h>
#include <unistd.h>

static struct arena whole;

/* Whether a message waits on `link`; its number. */
static bool waits(int link, uint64_t *number)
{
	struct arena a = whole;
	struct wire_msg m;

	fcntl(link, F_SETFL, O_NONBLOCK);
	if (!wire_recv(link, PROC_WATCH, &a, &m, NULL))
		return false;
	*number = m.number;
	wire_drop(&m);
	return true;
}

int main(void)
{
	struct links *l = links_new();
	struct err reason = { .kind = ERR_LIMIT, .text = "no" };
	int one[2], two[2];
	uint64_t n = 0;

	if (l == NULL || !arena_reserve(&whole, 1 << 20) || !wire_pair(one, NULL))
		return 1;
	uint64_t first = links_begin(l, one[0]);

	links_answer(l, first, 7, STR("{}"), NULL);
	CHECK("answered", waits(one[1], &n) && n == 7);
	links_answer(l, first, 8, STR(""), &reason);
	CHECK("refused", waits(one[1], &n) && n == 8);
	links_tell(l, WIRE_HITS, STR(""));
	CHECK("told", waits(one[1], &n) && n == 0);
	links_end(l, first);
	close(one[0]);
	close(one[1]);
	if (!CHECK("pair", wire_pair(two, NULL)))
		return 1;
	CHECK("the descriptor came again", two[0] == one[0]);
	uint64_t second = links_begin(l, two[0]);

	CHECK("its number did not", second != first && second != 0);
	links_answer(l, first, 9, STR("{}"), NULL);
	CHECK("a late answer goes to nobody", !waits(two[1], &n));
	links_end(l, second);
	links_tell(l, WIRE_HITS, STR(""));
	CHECK("nobody to tell", !waits(two[1], &n));
	close(two[0]);
	close(two[1]);
	links_free(l);
	arena_release(whole);
	return TEST_REPORT();
}
