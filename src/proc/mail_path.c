/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mail_path.c - a mail server that is itself watched is the first thing an attacker silences: whether the
 * way of the notices leads over it, by its name and by its addresses as the courier finds them.
 */
#include "proc/mail_path.h"

#include "base/json.h"
#include "event/ranges.h"
#include "exchange/notify.h"
#include "proc/desk_int.h"
#include "store/source.h"

#include <stdio.h>

enum { QUESTION_MAX = 1024, ANSWER_MAX = 1 << 16, WAIT_MS = 30000 };
static const int64_t every = 10 * TIME_MINUTE, again = TIME_MINUTE;

static bool load(struct desk *d, struct arena *a, struct notify *n)
{
	struct err why;

	pthread_mutex_lock(&d->lock);
	bool ok = notify_load(d->db, a, d->keys, n, &why);
	pthread_mutex_unlock(&d->lock);
	return ok;
}

/* --- looking it up --- */

static bool ask(struct desk *d, struct str host, struct mail_path *out)
{
	struct buf question = BUF(QUESTION_MAX), answer = BUF(ANSWER_MAX);
	struct jsonw w = { .out = &question };
	struct json *j = NULL;
	struct err why;

	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "op", STR("resolve"));
	jsonw_kv_str(&w, "host", host);
	jsonw_close(&w, '}');
	const struct rpc_call call = {
		.type = WIRE_SEND, .payload = buf_str(&question), .fd = -1, .timeout_ms = WAIT_MS
	};
	bool ok = rpc_call(d->courier, &call, &answer, NULL, &why) &&
		  json_parse(buf_str(&answer), ANSWER_MAX, &j, &why);
	const struct json *list = json_get(j, "addresses");
	ok = ok && json_is_array(list);
	for (size_t i = 0; ok && i < json_count(list) && out->n < COUNT(out->address); i++)
		snprintf(out->address[out->n++], sizeof out->address[0], "%.*s",
			 STR_ARG(json_str(json_at(list, i))));
	json_free(j);
	buf_free(&question);
	buf_free(&answer);
	return ok;
}

void mail_path_look(struct desk *d)
{
	static struct arena whole; /* of the one thread that looks */
	struct mail_path now = { .known = false };
	int64_t mono = time_monotonic();

	pthread_mutex_lock(&d->told);
	bool due = d->mail_path.due || mono >= d->mail_path.next;
	d->mail_path.due = false;
	pthread_mutex_unlock(&d->told);
	if (!due || (whole.beg == NULL && !arena_reserve(&whole, 1 << 20)))
		return;
	struct arena a = whole;
	struct notify *n = NEW(&a, struct notify, 1);
	if (n == NULL || !load(d, &a, n))
		return;
	snprintf(now.host, sizeof now.host, "%.*s", n->smtp ? (int)n->host.n : 0, n->host.p);
	now.known = !n->smtp || ask(d, n->host, &now);
	now.next = time_monotonic() + (now.known ? every : again);
	pthread_mutex_lock(&d->told);
	now.due = d->mail_path.due;
	d->mail_path = now;
	pthread_mutex_unlock(&d->told);
}

/* --- what it means --- */

static struct str first_label(struct str host)
{
	struct addr literal;

	return addr_parse(host, &literal) ? STR("") : str_sub(host, 0, str_find_char(host, '.'));
}

static bool same_address(struct str a, struct str b)
{
	struct addr x, y;

	return addr_parse(a, &x) && addr_parse(b, &y) && addr_cmp(&x, &y) == 0;
}

/* The source is the mail server, by name or address. */
static bool is_server(const struct mail_path *p, const struct source_info *s)
{
	struct str host = str_of(p->host), label = first_label(host);

	if (host.n == 0)
		return false;
	if (str_eq_nocase(s->name, host) || str_eq_nocase(s->peer, host) ||
	    (label.n > 0 && str_eq_nocase(s->name, label)))
		return true;
	for (size_t i = 0; i < p->n; i++)
		if (same_address(str_of(p->address[i]), s->peer))
			return true;
	return false;
}

/* Whatever goes by mail goes by a webhook, too. */
static bool second_way(const struct notify *n)
{
	for (size_t i = 0; i < NOTIFY_SEVERITIES; i++)
		if (n->rules[i].is_set && n->rules[i].mail && n->rules[i].n_hooks == 0)
			return false;
	return true;
}

static void put_reason(struct jsonw *w, const struct err *reason)
{
	char vi[ERR_TEXT_MAX];

	jsonw_open(w, '{');
	jsonw_kv_str(w, "vi", str_of(err_text(reason, LANG_VI, vi, sizeof vi)));
	jsonw_kv_str(w, "en", str_of(reason->text));
	jsonw_close(w, '}');
}

static bool put_reasons(struct jsonw *w, const struct mail_path *p,
			const struct source_info *sources, size_t n)
{
	struct err reason;
	bool depends = false;

	jsonw_key(w, "reasons");
	jsonw_open(w, '[');
	for (size_t i = 0; i < n && !depends; i++) {
		if (!is_server(p, &sources[i]))
			continue;
		depends = true;
		(void)err_set(
			&reason, ERR_STATE, 0,
			"the mail server %s is the source '%.*s' that canh watches: when it is "
			"attacked no mail may come; set a webhook that goes another way",
			p->host, STR_ARG(source_shown(&sources[i])));
		put_reason(w, &reason);
	}
	if (!depends && p->host[0] != '\0' && !p->known) {
		(void)err_set(&reason, ERR_STATE, 0,
			      "the name of the mail server %s cannot be resolved now", p->host);
		put_reason(w, &reason);
	}
	jsonw_close(w, ']');
	return depends;
}

void mail_path_put(struct desk *d, struct arena a, const struct source_info *sources, size_t n,
		   struct jsonw *w)
{
	struct notify *is = NEW(&a, struct notify, 1);
	struct mail_path p;

	pthread_mutex_lock(&d->told);
	p = d->mail_path;
	pthread_mutex_unlock(&d->told);
	jsonw_key(w, "notify");
	if (is == NULL || !load(d, &a, is)) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	jsonw_kv_bool(w, "set", notify_any(is));
	jsonw_kv_bool(w, "second", second_way(is));
	bool depends = put_reasons(w, &p, sources, n);
	jsonw_key(w, "depends");
	if (depends || (p.known && strlen(p.host) == (is->smtp ? is->host.n : 0)))
		jsonw_bool(w, depends);
	else
		jsonw_null(w);
	jsonw_close(w, '}');
}
