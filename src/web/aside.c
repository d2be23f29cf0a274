/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aside.c - records that ended the process watch: which, whose, and the beginning of one as text. Whose
 * unit such a record belongs to is not known, nobody having read it: a role for a part of the house sees
 * none.
 *
 * The bytes are hostile, have killed one of ours and are never read here, only copied: as text, what
 * is no UTF-8 replaced.
 */
#include "state/aside_row.h"

#include "base/file.h"
#include "web/backend_int.h"
#include "web/handlers_int.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

enum { ASIDE_FILE_MAX = 1 << 20, ASIDE_PATH = 4400 };

/* The file of a record; false for an id that is no name of ours. */
static bool path_of(const struct web *web, struct str id, char out[ASIDE_PATH])
{
	for (size_t i = 0; i < id.n; i++)
		if (!ascii_digit(id.p[i]) && !ascii_alpha(id.p[i]) && id.p[i] != '-' &&
		    id.p[i] != '.')
			return false;
	int n = snprintf(out, ASIDE_PATH, "%s/%.*s.record", web->aside, STR_ARG(id));
	return web->aside[0] != '\0' && n > 0 && n < ASIDE_PATH;
}

static void write_row(struct call *c, struct jsonw *w, const struct aside_row *r)
{
	char path[ASIDE_PATH];
	struct stat st;
	bool there = path_of(c->web, r->id, path) && stat(path, &st) == 0;

	jsonw_kv_str(w, "id", r->id);
	jsonw_kv_time(w, "at", r->at);
	jsonw_kv_str(w, "source", r->source);
	jsonw_kv_int(w, "bytes", r->bytes);
	jsonw_kv_int(w, "kept", there ? r->kept : 0);
	jsonw_kv_str(w, "reason", r->reason);
	jsonw_kv_str(w, "how", r->how);
}

bool aside_list(struct call *c, struct err *why)
{
	struct str cursor = request_param(&c->params, "cursor");
	struct aside_page page = { 0 };
	int64_t limit = 100;

	if (!param_int(c, "limit", 1, 1000, &limit, why))
		return false;
	page.n = (size_t)limit + 1;
	if (!scope_is_whole(&c->who.scope))
		page.n = 0;
	else if (!aside_row_list(call_db(c), &c->a, cursor, &page, why))
		return false;
	bool more = page.n > (size_t)limit;
	struct jsonw w = reply_json(c, 200);
	list_begin(&w);
	page.n -= more;
	for (size_t i = 0; i < page.n; i++) {
		jsonw_open(&w, '{');
		write_row(c, &w, &page.rows[i]);
		jsonw_close(&w, '}');
	}
	list_end(&w, more ? page.rows[page.n - 1].id : (struct str){ NULL, 0 });
	return true;
}

bool aside_get(struct call *c, struct err *why)
{
	struct aside_row row;
	char path[ASIDE_PATH];
	struct str text = { NULL, 0 };
	struct arena file;
	struct err gone = { 0 };

	if (!scope_is_whole(&c->who.scope))
		return err_set(why, ERR_ABSENT, 0, "no such record");
	if (!aside_row_find(call_db(c), &c->a, c->args[0], &row, why))
		return false;
	if (!arena_reserve(&file, ASIDE_FILE_MAX + 4096))
		return err_set(why, ERR_IO, 0, "no memory");
	struct arena a = file;
	if (!path_of(c->web, row.id, path) ||
	    !file_load(&a, AT_FDCWD, path, ASIDE_FILE_MAX, &text, &gone))
		text = (struct str){ NULL, 0 };
	struct jsonw w = reply_json(c, 200);
	jsonw_open(&w, '{');
	write_row(c, &w, &row);
	jsonw_kv_str(&w, "beginning", text);
	jsonw_close(&w, '}');
	arena_release(file);
	return true;
}
