/* SPDX-License-Identifier: Apache-2.0 */
/* fake_rules_test.h - a backend that knows one rule, one import, and a list that cannot be read. */
#ifndef WEB_FAKE_RULES_TEST_H
#define WEB_FAKE_RULES_TEST_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

static bool fake_known(void *ctx, struct str id, bool *known, struct err *why)
{
	(void)ctx, (void)why;
	*known = str_eq(id, STR("r1"));
	return true;
}

static struct str fake_list_fault(void *ctx, struct arena *a, struct str id, enum lang lang,
				  bool *kept)
{
	(void)ctx, (void)a, (void)id;
	*kept = true;
	return lang == LANG_EN ? STR("cannot open 'x.list': gone")
			       : STR("không mở được 'x.list': mất rồi");
}

static bool fake_imports(void *ctx, struct buf *answer, struct err *why)
{
	(void)ctx, (void)why;
	buf_add(answer, STR("{\"items\":[{\"id\":\"01a0b2c3-0000-7000-8000-000000000001\",\"name\":"
			    "\"x.yml\",\"imported\":\"2026-11-22T00:00:00.000000Z\",\"bytes\":9}],"
			    "\"next\":null}"));
	return true;
}

static bool fake_import_remove(void *ctx, struct str id, struct str actor, struct err *why)
{
	(void)ctx, (void)actor;
	return str_starts(id, STR("01a0b2c3")) || err_set(why, ERR_ABSENT, 0, "none");
}

#endif
