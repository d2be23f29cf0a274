/* SPDX-License-Identifier: Apache-2.0 */
/* rules_lint.c - `canh rules check`: what is likely a mistake in rules that load. */
#include "base/file.h"
#include "base/jsonw.h"
#include "base/msg.h"
#include "cmd/folders.h"
#include "cmd/rule_files.h"
#include "cmd/rules_int.h"
#include "cmd/tell.h"
#include "detect/rule_lint.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#define ROOM ((size_t)64 << 20)

struct lint {
	const struct rule_set *rs;
	struct rule_fields *fields;
	struct arena a, scratch;
	struct buf *out;
	bool json;
	size_t n;
};

static bool take_fields(void *ctx, const char *path, const char *name)
{
	struct lint *l = ctx;
	struct arena scratch = l->scratch;
	struct str text;
	struct err why = { 0 };

	if (rule_file_name(str_of(name)) &&
	    (!file_load(&scratch, AT_FDCWD, path, RULE_FILE_MAX, &text, &why) ||
	     !rule_fields_add(&l->a, scratch, l->fields, text, &why)))
		tell_fault(path, &why);
	return true;
}

static void bad_fields(void *ctx, const char *path, const struct err *why)
{
	(void)ctx;
	tell_fault(path, why);
}

static void put(void *ctx, size_t rule, const struct err *what)
{
	struct lint *l = ctx;
	const struct rule_info *info = rule_set_at(l->rs, rule);
	struct jsonw w = { .out = l->out };
	char text[ERR_TEXT_MAX];

	l->n++;
	err_text(what, msg_lang(), text, sizeof text);
	if (!l->json) {
		buf_printf(l->out, "%.*s:%u: %s: %s\n", STR_ARG(info->file), info->line,
			   msg(MSG_ID("note")), text);
		return;
	}
	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "file", info->file);
	jsonw_kv_int(&w, "line", info->line);
	jsonw_kv_str(&w, "id", info->id);
	jsonw_kv_str(&w, "title", info->title);
	jsonw_kv_str(&w, "status", STR("note"));
	jsonw_kv_str(&w, "reason", str_of(text));
	jsonw_close(&w, '}');
	buf_char(l->out, '\n');
}

size_t rules_lint(const struct rule_set *rs, bool json, struct buf *out)
{
	struct lint l = { .rs = rs, .out = out, .json = json };
	struct arena whole, scratch;

	l.fields = calloc(1, sizeof *l.fields);
	if (l.fields == NULL || !arena_reserve(&whole, ROOM) || !arena_reserve(&scratch, ROOM)) {
		fprintf(stderr, "%s", msg(MSG_ID("the system has no memory\n")));
		free(l.fields);
		return 0;
	}
	l.a = whole;
	l.scratch = scratch;
	struct str content = folder_content(&l.a);
	struct str path = arena_printf(&l.a, "%.*s/sigma/fields", STR_ARG(content));
	if (content.n > 0 && path.p != NULL)
		file_walk(path.p, &(struct walk){ take_fields, bad_fields, &l });
	for (size_t i = 0; i < rule_set_count(rs); i++)
		rule_lint(rs, l.fields, i, put, &l);
	arena_release(scratch);
	arena_release(whole);
	free(l.fields);
	return l.n;
}
