/* SPDX-License-Identifier: Apache-2.0 */
/*
 * configure.c - desk's part when the settings are read anew: ask the parent, keep what came of it with
 * its ledger entry, show another certificate, have one renewed before it ends.
 *
 * What holds of the new settings in desk is the certificate and the least free disk; all else of them
 * is watch's, or waits for a restart (config_change.h).
 */
#include "access/ca.h"
#include "access/unit.h"
#include "base/json.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "proc/jobs_int.h"

#include <stdio.h>

enum { PARENT_WAIT_S = 60, OUTCOME_MAX = 1 << 20, ASK_AGAIN_S = 600, WARN_AGAIN_S = 86400 };

/* --- settings --- */

static bool note(struct desk *d, const char *actor, bool ok, struct str file, struct str outcome,
		 struct err *why)
{
	const struct ledger_note n = { actor, ok ? "settings.read" : "settings.refused", file,
				       TIME_NONE };

	return db_begin(d->db, why) &&
	       db_leave(d->db,
			ledger_append(d->db, &n, LEDGER_FIELDS(F_JSON("outcome", outcome)), NULL,
				      why),
			why);
}

/* {"at", "by", "outcome"}. With `told` held. */
static void keep(struct desk *d, const char *actor, struct str outcome)
{
	struct jsonw w = { .out = &d->configure.last };

	buf_clear(&d->configure.last);
	jsonw_open(&w, '{');
	jsonw_kv_time(&w, "at", time_now());
	jsonw_kv_str(&w, "by", str_of(actor));
	jsonw_key(&w, "outcome");
	jsonw_raw(&w, outcome);
	jsonw_close(&w, '}');
}

void configure_came(struct desk *d, const struct wire_msg *m, const struct json *j)
{
	struct configure *c = &d->configure;
	char actor[sizeof c->actor] = "canh";
	struct err why = { 0 };

	pthread_mutex_lock(&d->told);
	bool asked = m->number != 0 && m->number == c->number;
	if (asked)
		snprintf(actor, sizeof actor, "%s", c->actor);
	pthread_mutex_unlock(&d->told);

	/* before anybody is answered: who asked may look there next */
	pthread_mutex_lock(&d->lock);
	bool ok = note(d, actor, json_bool(json_get(j, "ok"), false), json_get_str(j, "file"),
		       m->payload, &why);
	pthread_mutex_unlock(&d->lock);
	if (!ok)
		log_error("that the settings were read is not in the ledger: %s", why.text);

	pthread_mutex_lock(&d->told);
	keep(d, actor, m->payload);
	if (asked && m->number == c->number)
		c->number = 0;
	pthread_cond_broadcast(&d->told_changed);
	pthread_mutex_unlock(&d->told);
	if (d->web != NULL)
		web_publish(d->web, "board", STR("{}"));
}

static bool ask(struct desk *d, struct str actor, struct buf *answer, struct err *why)
{
	struct configure *c = &d->configure;
	struct timespec until;
	uint64_t mine;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += PARENT_WAIT_S;
	pthread_mutex_lock(&d->told);
	mine = c->number = ++c->asked;
	snprintf(c->actor, sizeof c->actor, "%.*s", STR_ARG(actor));
	bool ok = wire_send(d->parent, WIRE_CONFIGURE, mine, STR(""), -1, why);
	while (ok && c->number == mine && !d->stop &&
	       pthread_cond_timedwait(&d->told_changed, &d->told, &until) == 0)
		;
	if (ok && c->number == mine)
		ok = err_set(why, ERR_STATE, 0, "process %s does not answer",
			     proc_name(PROC_PARENT));
	c->number = 0;
	if (ok)
		buf_add(answer, buf_str(&c->last));
	pthread_mutex_unlock(&d->told);
	return ok;
}

bool desk_configure(void *desk, struct str actor, struct buf *answer, struct err *why)
{
	struct desk *d = desk;

	pthread_mutex_lock(&d->configure.one);
	bool ok = ask(d, actor, answer, why);
	pthread_mutex_unlock(&d->configure.one);
	return ok;
}

bool desk_configured(void *desk, struct buf *answer)
{
	struct desk *d = desk;

	pthread_mutex_lock(&d->told);
	if (d->configure.last.n > 0)
		buf_add(answer, buf_str(&d->configure.last));
	else
		buf_add(answer, STR("null"));
	pthread_mutex_unlock(&d->told);
	return !answer->full;
}

/* --- the certificate --- */

void configure_certificate(struct desk *d, const struct config *c)
{
	struct ca_about about = { .expires = TIME_NONE };
	struct arena whole;
	struct err why = { 0 };

	if (c->cert_pem.n == 0)
		return;
	if (!arena_reserve(&whole, 1 << 20))
		die("no memory");
	struct arena a = whole;
	if (!ca_about(&a, c->cert_pem, &about, &why))
		log_error("the certificate cannot be read: %s", why.text);
	arena_release(whole);
	pthread_mutex_lock(&d->told);
	d->configure.own_ca = c->own_ca;
	d->configure.expires = about.expires;
	d->configure.looked = 0;
	pthread_mutex_unlock(&d->told);
}

void configure_unit(struct desk *d, const struct config *c)
{
	struct err why = { 0 };

	pthread_mutex_lock(&d->lock);
	bool ok = unit_own_name(d->db, c->unit, &why);
	pthread_mutex_unlock(&d->lock);
	if (!ok)
		log_error("the unit was not named as the configuration says: %s", why.text);
}

void configure_take(struct desk *d, struct str json)
{
	struct config c;
	struct arena whole;
	struct err why = { 0 };

	if (!arena_reserve(&whole, 4 << 20))
		die("no memory");
	struct arena a = whole;
	if (!config_parse(&a, json, &c, &why))
		die("parent: %s", why.text);
	__atomic_store_n(&d->configure.min_free_mb, c.min_free_mb, __ATOMIC_RELAXED);
	if (c.cert_pem.n > 0 && d->web != NULL &&
	    !web_certificate(d->web, c.cert_pem, c.key_pem, c.own_ca, &why))
		log_error("the page keeps its certificate: %s", why.text);
	configure_certificate(d, &c);
	configure_unit(d, &c);
	arena_release(whole);
	__atomic_add_fetch(&d->configure.changes, 1, __ATOMIC_ACQ_REL);
}

void configure_look(struct desk *d)
{
	struct configure *c = &d->configure;
	int64_t now = time_monotonic();
	struct err why = { 0 };

	pthread_mutex_lock(&d->told);
	int64_t left = c->expires - time_now();
	bool own = c->own_ca;
	bool due = c->expires > 0 && left <= CA_RENEW_DAYS * TIME_DAY &&
		   (c->looked == 0 ||
		    now - c->looked >= (own ? ASK_AGAIN_S : WARN_AGAIN_S) * TIME_SECOND);
	if (due)
		c->looked = now;
	pthread_mutex_unlock(&d->told);
	if (!due)
		return;
	if (!own)
		log_warn("the certificate ends in %lld days: give a new one, then reload",
			 (long long)(left / TIME_DAY));
	else if (!wire_send(d->parent, WIRE_RENEW, 0, STR(""), -1, &why))
		log_error("the parent was not asked for a new certificate: %s", why.text);
}

void configure_live(struct desk *d, struct jsonw *w)
{
	struct configure *c = &d->configure;

	pthread_mutex_lock(&d->told);
	int64_t expires = c->expires;
	bool own = c->own_ca;
	pthread_mutex_unlock(&d->told);
	jsonw_key(w, "certificate");
	if (expires <= 0) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	jsonw_kv_bool(w, "own", own);
	jsonw_kv_time(w, "expires_at", expires);
	/* rounded down: on the day of its end none is left */
	int64_t left = expires - time_now();
	jsonw_kv_int(w, "days_left",
		     left < 0 ? -((-left + TIME_DAY - 1) / TIME_DAY) : left / TIME_DAY);
	jsonw_close(w, '}');
}
