/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/hit.h"

#include "base/test.h"

int main(void)
{
	enum severity s = SEV_LOW;
	enum list_kind k = LIST_C2;

	for (int i = 0; i < SEV_N; i++)
		CHECK(severity_name((enum severity)i),
		      severity_find(str_of(severity_name((enum severity)i)), &s) && (int)s == i);
	for (int i = 0; i < LIST_KIND_N; i++)
		CHECK(list_kind_name((enum list_kind)i),
		      list_kind_find(str_of(list_kind_name((enum list_kind)i)), &k) && (int)k == i);
	CHECK("any case", severity_find(STR("Critical"), &s) && s == SEV_CRITICAL);
	CHECK("no such level", !severity_find(STR("severe"), &s) && s == SEV_CRITICAL);
	CHECK("no such kind", !list_kind_find(STR(""), &k));
	CHECK("high alerts", hit_use_of(SEV_HIGH) == HIT_ALERT);
	CHECK("medium groups", hit_use_of(SEV_MEDIUM) == HIT_GROUP);
	CHECK("low is context", hit_use_of(SEV_LOW) == HIT_CONTEXT);
	CHECK("informational counts", hit_use_of(SEV_INFORMATIONAL) == HIT_COUNT);
	CHECK("names", strcmp(hit_use_name(HIT_GROUP), "group") == 0 &&
			       strcmp(indicator_type_name(IND_SHA256), "sha256") == 0);
	return TEST_REPORT();
}
