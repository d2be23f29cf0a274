/* SPDX-License-Identifier: Apache-2.0 */
/* feed_fuzz.c - hostile bytes as a feed, against a few packages. */
#include "vuln/feed.h"
#include "base/fuzz.h"
#include "base/time.h"

#define PACKAGES                                        \
	"{\"bomFormat\":\"CycloneDX\",\"components\":[" \
	"{\"purl\":\"pkg:deb/debian/curl@7.1-2?distro=debian-12\"},{\"purl\":\"pkg:golang/m@v1\"}]}"

static void bad(void *ctx, uint64_t place, const struct err *why)
{
	(void)ctx, (void)place, (void)why;
	assert(false);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[1 << 20], work[1 << 20];
	struct arena a = { mem, mem + sizeof mem }, scratch = { work, work + sizeof work };
	const struct inventory_ask ask = { false, STR(""), bad, NULL };
	struct inventory inventory = { 0 };
	struct feed feed = { .newest = TIME_NONE };
	struct matcher *m = matcher_new(&a);
	const struct finding *first;
	struct matcher_sum sum;
	struct err why = { 0 };
	size_t n = 0;

	if (!inventory_read(&inventory, &a, STR(PACKAGES), &ask, NULL) ||
	    !matcher_add(m, STR("host"), &inventory) || !matcher_seal(m))
		return 1;
	if (!feed_read(m, &feed, scratch, (struct str){ (const char *)data, size }, &why))
		assert(why.kind != ERR_NONE);
	if (!matcher_finish(m, &sum, &first))
		return 0; /* no room */
	for (const struct finding *f = first; f != NULL; f = f->next, n++)
		assert(f->package != NULL &&
		       (f->state == FINDING_UNKNOWN) ==
			       (f->reason != REASON_NONE && f->reason != REASON_ASSUMED));
	assert(n == sum.findings && sum.packages == 2);
	assert(sum.affected + sum.not_assessed + sum.nothing_known + sum.without_feed >= 2);
	return 0;
}
