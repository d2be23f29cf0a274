/* SPDX-License-Identifier: Apache-2.0 */
/*
 * post.c - a notice is marked as being sent, handed to the courier, and settled by his answer. No answer
 * because he, or desk, was killed, or an end that cannot be recorded: it is in doubt and goes once more.
 */
#include "proc/post.h"

#include "base/crypt.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/log.h"
#include "exchange/message.h"
#include "exchange/notify.h"
#include "exchange/outbox.h"
#include "exchange/plan.h"

#include <stdio.h>

enum { QUESTION_MAX = 1 << 20, ANSWER_MAX = 1 << 16, MESSAGE_MAX = 1 << 16, WAIT_MS = 90000 };
static_assert(WAIT_MS * (TIME_SECOND / 1000) < OUTBOX_LEASE, "what is taken back is not under way");
#define ROOM ((size_t)8 << 20)

struct poster {
	struct desk *d;
	enum channel channel;
	struct arena whole;
};

static void tell(struct desk *d, struct str id, const char *state)
{
	struct buf b = BUF(256);
	struct jsonw w = { .out = &b };

	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "id", id);
	jsonw_kv_str(&w, "state", str_of(state));
	jsonw_close(&w, '}');
	if (d->web != NULL)
		web_publish(d->web, "notice", buf_str(&b));
	buf_free(&b);
}

/* --- what is handed over --- */

static struct message message_of(const struct outgoing *o, int64_t now)
{
	return (struct message){
		.id = str_of(o->id),
		.number = o->number,
		.kind = o->kind,
		.severity = o->severity,
		.alert = o->alert,
		.count = o->count,
		.opened = o->opened,
		.now = now,
		.exercise = o->exercise,
		.lang = str_eq(o->lang, STR("en")) ? LANG_EN : LANG_VI,
	};
}

static bool ask_mail(const struct outgoing *o, const struct notify *n, struct jsonw *w,
		     struct err *why)
{
	struct buf text = BUF(MESSAGE_MAX);
	const struct message m = message_of(o, time_now());
	char server[320];
	bool v6 = str_find_char(n->host, ':') < n->host.n;

	if (!n->smtp)
		return err_set(why, ERR_STATE, 0, "no mail server is set");
	snprintf(server, sizeof server, "%s://%s%.*s%s:%jd", n->tls == MAIL_TLS ? "smtps" : "smtp",
		 v6 ? "[" : "", STR_ARG(n->host), v6 ? "]" : "", (intmax_t)n->port);
	message_mail(&m, n->from, o->target, &text);
	jsonw_kv_str(w, "op", STR("mail"));
	jsonw_kv_str(w, "server", str_of(server));
	jsonw_kv_bool(w, "starttls", n->tls != MAIL_NONE);
	jsonw_kv_str(w, "user", n->user);
	jsonw_kv_str(w, "password", n->password);
	jsonw_kv_str(w, "from", n->from);
	jsonw_kv_str(w, "to", o->target);
	jsonw_kv_str(w, "ca_pem", n->ca_pem);
	jsonw_kv_str(w, "message", buf_str(&text));
	buf_free(&text);
	return true;
}

static void put_signature(struct jsonw *w, struct str secret, struct str body)
{
	unsigned char sum[HASH_SHA256_LEN];
	char hex[HASH_HEX_MAX], text[HASH_HEX_MAX + 8];

	if (secret.n == 0)
		return;
	hash_hmac(HASH_SHA256, secret, body, sum);
	snprintf(text, sizeof text, "sha256=%s", hash_hex(sum, sizeof sum, hex));
	jsonw_kv_str(w, "signature", str_of(text));
}

static bool ask_hook(const struct outgoing *o, const struct notify *n, struct jsonw *w,
		     struct err *why)
{
	const struct webhook *h = notify_hook(n, o->target);
	const struct message m = message_of(o, time_now());
	struct buf body = BUF(MESSAGE_MAX);

	if (h == NULL)
		return err_set(why, ERR_STATE, 0, "the webhook is gone");
	message_hook(&m, &body);
	jsonw_kv_str(w, "op", STR("webhook"));
	jsonw_kv_str(w, "url", h->url);
	jsonw_kv_str(w, "key", str_of(o->id));
	jsonw_kv_str(w, "ca_pem", h->ca_pem);
	jsonw_kv_str(w, "body", buf_str(&body));
	put_signature(w, h->secret, buf_str(&body));
	buf_free(&body);
	return true;
}

/* --- one notice --- */

static void read_answer(struct str answer, struct arena *a, struct delivery *o)
{
	struct json *j = NULL;

	if (!json_parse(answer, ANSWER_MAX, &j, &o->why)) {
		o->doubt = true;
		return;
	}
	struct str failure = json_get_str(j, "failure");
	o->receipt = arena_str(a, json_get_str(j, "receipt"));
	o->sent = failure.p == NULL && o->receipt.p != NULL;
	o->doubt = json_bool(json_get(j, "doubt"), false);
	if (failure.p != NULL)
		(void)rpc_read_failure(failure, &o->why);
	json_free(j);
}

static void deliver(struct poster *p, const struct outgoing *out, const struct notify *n,
		    struct arena *a, struct delivery *o)
{
	struct buf question = BUF(QUESTION_MAX), answer = BUF(ANSWER_MAX);
	struct jsonw w = { .out = &question };

	*o = (struct delivery){ .sent = false };
	jsonw_open(&w, '{');
	bool ok = p->channel == BY_MAIL ? ask_mail(out, n, &w, &o->why)
					: ask_hook(out, n, &w, &o->why);
	jsonw_close(&w, '}');
	const struct rpc_call call = {
		.type = WIRE_SEND, .payload = buf_str(&question), .fd = -1, .timeout_ms = WAIT_MS
	};
	if (ok && rpc_call(p->d->courier, &call, &answer, NULL, &o->why))
		read_answer(buf_str(&answer), a, o);
	else if (ok) /* no answer: whether it went nobody knows */
		o->doubt = true;
	crypt_wipe(question.p, question.n);
	buf_free(&question);
	buf_free(&answer);
}

/* False: nothing is due, or it cannot be seen to now. */
static bool post_one(struct poster *p)
{
	struct arena a = p->whole;
	struct desk *d = p->d;
	struct notify *n = NEW(&a, struct notify, 1);
	struct outgoing out = { .found = false };
	struct delivery o;
	struct err why = { 0 };
	const char *state = "waiting";

	if (n == NULL || !rpc_up(d->courier))
		return false;
	pthread_mutex_lock(&d->lock);
	bool ok = outbox_take(d->db, &a, p->channel, time_now(), &out, &why);
	bool ready = ok && out.found && notify_load(d->db, &a, d->keys, n, &why);
	pthread_mutex_unlock(&d->lock);
	if (ok && !out.found)
		return false;
	if (ok) {
		if (ready)
			deliver(p, &out, n, &a, &o);
		else /* not sent: tried again like any other that was not */
			o = (struct delivery){ .why = why };
		pthread_mutex_lock(&d->lock);
		ok = outbox_settle(d->db, str_of(out.id), &o, time_now(), &state, &why);
		pthread_mutex_unlock(&d->lock);
	}
	if (!ok && out.found)
		log_error("what became of notice %jd could not be recorded, so it goes once more:"
			  " %s",
			  (intmax_t)out.number, why.text);
	else if (!ok)
		log_error("a notice could not be sent: %s", why.text);
	if (!ok)
		return false;
	if (!o.sent)
		log_warn("notice %jd was not sent: %s", (intmax_t)out.number, o.why.text);
	tell(d, str_of(out.id), state);
	return true;
}

/* Wait for a second, or until somebody says that there is something. True: go on. */
static bool rest(struct desk *d, uint64_t *seen)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec++;
	pthread_mutex_lock(&d->told);
	if (!d->stop && *seen == d->post_turn)
		pthread_cond_timedwait(&d->told_changed, &d->told, &until);
	*seen = d->post_turn;
	bool stop = d->stop;
	pthread_mutex_unlock(&d->told);
	return !stop;
}

static void *post(struct desk *d, enum channel channel)
{
	struct poster p = { .d = d, .channel = channel };
	uint64_t seen = 0;

	if (!arena_reserve(&p.whole, ROOM))
		die("no memory");
	while (rest(d, &seen)) {
		if (channel == BY_MAIL)
			mail_path_look(d);
		while (post_one(&p))
			;
	}
	arena_release(p.whole);
	return NULL;
}

void *desk_post_mail(void *desk)
{
	return post(desk, BY_MAIL);
}

void *desk_post_hooks(void *desk)
{
	return post(desk, BY_WEBHOOK);
}

bool post_begin(struct desk *d, struct err *why)
{
	int64_t n = 0;

	if (!outbox_restart(d->db, time_now(), &n, why))
		return false;
	if (n > 0)
		log_warn("%jd notices were on their way when desk ended: they go once more",
			 (intmax_t)n);
	return true;
}

void post_wake(void *desk)
{
	struct desk *d = desk;

	pthread_mutex_lock(&d->told);
	d->post_turn++;
	d->mail_path.due = true;
	pthread_cond_broadcast(&d->told_changed);
	pthread_mutex_unlock(&d->told);
}

void post_plan(struct desk *d, struct arena a)
{
	struct planned got = { .alerts = 0 };
	struct err why = { 0 };
	struct notify *n = NEW(&a, struct notify, 1);

	if (n == NULL)
		return;
	pthread_mutex_lock(&d->lock);
	bool ok = notify_load(d->db, &a, d->keys, n, &why) &&
		  plan_run(d->db, a, n, time_now(), &got, &why);
	pthread_mutex_unlock(&d->lock);
	if (!ok)
		log_error("alerts could not be told: %s", why.text);
	if (got.nobody > 0)
		log_error("%zu alerts, and nobody to tell", got.nobody);
	if (got.alerts == 0)
		return;
	pthread_mutex_lock(&d->told);
	d->post_turn++;
	pthread_cond_broadcast(&d->told_changed);
	pthread_mutex_unlock(&d->told);
}
