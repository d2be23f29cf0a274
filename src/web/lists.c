/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lists.c - indicator lists: what is in use, import with a preview, removal. The file itself is read
 * by the process clerk, never here.
 */
#include "respond/alert.h"
#include "state/list_about.h"
#include "state/list_row.h"
#include "web/backend_int.h"
#include "web/handlers_int.h"

#include <unistd.h>

enum { LISTS_MOST = 2000, LIST_ARENA = 32 << 20, ASK_MAX = 64 << 10 };

/* Lists are for all units; how often they hit elsewhere is not for a role over a part. */
static bool own_hits(struct call *c, struct list_row *row, struct err *why)
{
	return scope_is_whole(&c->who.scope) ||
	       alert_list_hits(call_db(c), &c->who.scope, row->id, &row->hits, why);
}

/* That its file could not be read at the last load. */
static void write_fault(struct call *c, struct arena *a, struct jsonw *w, struct str id)
{
	const struct web_backend *b = &c->web->backend;
	bool kept = false;
	struct str reason = b->list_fault(b->ctx, a, id, c->lang, &kept);

	jsonw_key(w, "fault");
	if (reason.p == NULL) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	jsonw_kv_str(w, "reason", reason);
	jsonw_kv_bool(w, "kept", kept);
	jsonw_close(w, '}');
}

static bool write_all(struct call *c, struct arena *a, struct err *why)
{
	struct list_row *rows;
	size_t n;

	if (!list_row_all(call_db(c), a, LISTS_MOST, &rows, &n, why))
		return false;
	struct jsonw w = reply_json(c, 200);
	list_begin(&w);
	for (size_t i = 0; i < n; i++) {
		if (!own_hits(c, &rows[i], why))
			return false;
		jsonw_open(&w, '{');
		list_row_put(&w, &rows[i], actor_name(c, rows[i].imported_by));
		write_fault(c, a, &w, str_of(rows[i].id));
		jsonw_close(&w, '}');
	}
	list_end(&w, (struct str){ NULL, 0 });
	return true;
}

bool lists_list(struct call *c, struct err *why)
{
	struct arena a;

	if (!arena_reserve(&a, LIST_ARENA))
		return err_set(why, ERR_IO, 0, "no memory");
	struct arena whole = a;
	bool ok = write_all(c, &a, why);
	arena_release(whole);
	return ok;
}

bool lists_get(struct call *c, struct err *why)
{
	struct list_row row;
	struct list_fault *faults;
	size_t n;

	if (!list_row_get(call_db(c), &c->a, c->args[0], &row, why) ||
	    !list_row_faults(call_db(c), &c->a, c->args[0], &faults, &n, why) ||
	    !own_hits(c, &row, why))
		return false;
	struct jsonw w = reply_json(c, 200);
	jsonw_open(&w, '{');
	list_row_put(&w, &row, actor_name(c, row.imported_by));
	write_fault(c, &c->a, &w, str_of(row.id));
	jsonw_key(&w, "bad");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < n; i++) {
		jsonw_open(&w, '{');
		jsonw_kv_int(&w, "line", faults[i].line);
		jsonw_kv_str(&w, "reason",
			     c->lang == LANG_EN ? faults[i].reason_en : faults[i].reason_vi);
		jsonw_close(&w, '}');
	}
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	return true;
}

bool lists_delete(struct call *c, struct err *why)
{
	if (!list_row_remove(call_db(c), c->args[0], c->who.actor, why) || !backend_reload(c, why))
		return false;
	web_publish(c->web, "list", STR("{}"));
	reply_empty(c, 204);
	return true;
}

void write_actor(struct call *c, struct jsonw *w)
{
	jsonw_key(w, "actor");
	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", str_of(c->who.actor));
	jsonw_kv_str(w, "name", str_of(c->who.name));
	jsonw_close(w, '}');
	jsonw_kv_str(w, "lang", c->lang == LANG_EN ? STR("en") : STR("vi"));
}

bool answer_in_language(struct call *c, const struct buf *answer, int status, struct err *why)
{
	struct json *j = NULL;

	if (!json_parse(buf_str(answer), ANSWER_MAX, &j, why))
		return err_set(why, ERR_IO, 0, "a process gave an unreadable answer");
	struct jsonw w = reply_json(c, status);
	write_json_in(c, &w, j);
	json_free(j);
	return true;
}

bool clerk_answer(struct call *c, const struct buf *request, struct buf *answer, struct err *why)
{
	const struct web_backend *b = &c->web->backend;

	if (request->full)
		return err_set(why, ERR_LIMIT, 0, "request too large");
	if (c->body_fd == -1)
		return err_set(why, ERR_INPUT, 0, "the file is empty");
	if (lseek(c->body_fd, 0, SEEK_SET) == -1)
		return err_set(why, ERR_IO, 0, "cannot read the body");
	return b->clerk(b->ctx, buf_str(request), c->body_fd, answer, why) ||
	       backend_failed(c, why);
}

bool ask_clerk(struct call *c, const struct buf *request, int status, struct err *why)
{
	struct buf answer = BUF(ANSWER_MAX);
	bool ok = clerk_answer(c, request, &answer, why) &&
		  answer_in_language(c, &answer, status, why);

	buf_free(&answer);
	return ok;
}

bool backend_reload(struct call *c, struct err *why)
{
	const struct web_backend *b = &c->web->backend;
	struct buf answer = BUF(ANSWER_MAX);
	bool ok = b->reload(b->ctx, &answer, why) || backend_failed(c, why);

	buf_free(&answer);
	return ok;
}

static bool one_of_kinds(struct str kind)
{
	static const struct str kinds[] = { STR("infected"), STR("c2"),         STR("attacker"),
					    STR("phishing"), STR("known-good"), STR("unknown") };

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (str_eq(kind, kinds[i]))
			return true;
	return false;
}

static bool param_day(struct call *c, const char *name, bool end, int64_t *out, struct err *why)
{
	struct str text = request_param(&c->params, name);

	return text.n == 0 || list_day_parse(text, end, out) ||
	       err_set(why, ERR_INPUT, 0, "'%.*s' is no date: expected like 2023-12-31",
		       STR_ARG(text));
}

/* What the reader says about the file goes to the clerk as it is; times as numbers. */
static bool compose(struct call *c, struct jsonw *w, bool preview, struct err *why)
{
	static const char *const texts[] = { "name", "kind", "letter", "issuer", "month", "map" };
	int64_t from = TIME_NONE, until = TIME_NONE;
	struct str tlp = request_param(&c->params, "tlp");

	if (!param_day(c, "from", false, &from, why) || !param_day(c, "until", true, &until, why) ||
	    !list_about_check(request_param(&c->params, "month"), &tlp, why))
		return false;
	if (!preview && str_trim(request_param(&c->params, "name")).n == 0)
		return err_set(why, ERR_INPUT, 0, "the list needs a name");
	if (!preview && !one_of_kinds(request_param(&c->params, "kind")))
		return err_set(
			why, ERR_INPUT, 0,
			"the list needs a kind: infected, c2, attacker, phishing, known-good "
			"or unknown");
	jsonw_open(w, '{');
	jsonw_kv_str(w, "op", preview ? STR("list-preview") : STR("list-import"));
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct str value = request_param(&c->params, texts[i]);

		if (value.n > 0)
			jsonw_kv_str(w, texts[i], value);
	}
	if (tlp.n > 0)
		jsonw_kv_str(w, "tlp", tlp);
	if (from != TIME_NONE)
		jsonw_kv_int(w, "from", from);
	if (until != TIME_NONE)
		jsonw_kv_int(w, "to", until);
	write_actor(c, w);
	jsonw_close(w, '}');
	return true;
}

bool lists_post(struct call *c, struct err *why)
{
	bool preview = str_eq(request_param(&c->params, "preview"), STR("1"));
	struct buf request = BUF(ASK_MAX);
	struct jsonw w = { .out = &request };
	bool ok = compose(c, &w, preview, why) && ask_clerk(c, &request, preview ? 200 : 201, why);

	buf_free(&request);
	if (ok && !preview)
		web_publish(c->web, "list", STR("{}"));
	return ok;
}
