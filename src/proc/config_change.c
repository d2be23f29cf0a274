/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/config_change.h"

#include <stddef.h>

/* Settings that are one text. */
static const struct {
	const char *key;
	size_t at;
	bool live;
} texts[] = {
	{ "data", offsetof(struct config, data), false },
	{ "content", offsetof(struct config, content), false },
	{ "page", offsetof(struct config, page), false },
	{ "witness", offsetof(struct config, witness), false },
	{ "zone", offsetof(struct config, zone), true },
	{ "unit", offsetof(struct config, unit), true },
};

/* By kind; syslog is UDP and TCP, and named once. */
static const struct {
	const char *key;
	enum listener_kind kind;
	bool live;
} listeners[] = {
	{ "listen.http", LISTEN_HTTP, false },
	{ "listen.syslog", LISTEN_UDP, true },
	{ "listen.syslog", LISTEN_TCP, true },
	{ "listen.syslog_tls", LISTEN_TLS, true },
};

static void name(const char **names, size_t *n, const char *key)
{
	for (size_t i = 0; i < *n; i++)
		if (strcmp(names[i], key) == 0)
			return;
	if (*n < CONFIG_CHANGES_MAX)
		names[(*n)++] = key;
}

static void live(struct config_change *out, const char *key)
{
	name(out->live, &out->n_live, key);
}

static void held(struct config_change *out, const char *key)
{
	name(out->restart, &out->n_restart, key);
}

static bool keep(struct arena *a, struct str from, struct str *to, struct err *why)
{
	struct str kept = arena_str(a, from);

	if (kept.p == NULL)
		return err_set(why, ERR_LIMIT, 0, "the configuration is too long");
	*to = kept;
	return true;
}

static bool change_texts(struct arena *a, const struct config *now, struct config *next,
			 struct config_change *out, struct err *why)
{
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct str was, is;

		memcpy(&was, (const char *)now + texts[i].at, sizeof was);
		memcpy(&is, (const char *)next + texts[i].at, sizeof is);
		if (str_eq(was, is))
			continue;
		if (texts[i].live) {
			live(out, texts[i].key);
			continue;
		}
		held(out, texts[i].key);
		if (!keep(a, was, &is, why))
			return false;
		memcpy((char *)next + texts[i].at, &is, sizeof is);
	}
	return true;
}

size_t config_same_listener(const struct config *from, const bool used[CONFIG_MAX_LISTENERS],
			    const struct listener *l)
{
	for (size_t i = 0; i < from->n_listen; i++)
		if (!used[i] && from->listen[i].kind == l->kind &&
		    str_eq(from->listen[i].address, l->address))
			return i;
	return CONFIG_MAX_LISTENERS;
}

static bool same_of_kind(const struct config *now, const struct config *next,
			 enum listener_kind kind)
{
	bool used[CONFIG_MAX_LISTENERS] = { false };
	size_t left = 0;

	for (size_t i = 0; i < now->n_listen; i++)
		left += now->listen[i].kind == kind;
	for (size_t i = 0; i < next->n_listen; i++) {
		if (next->listen[i].kind != kind)
			continue;
		size_t at = config_same_listener(now, used, &next->listen[i]);
		if (at == CONFIG_MAX_LISTENERS)
			return false;
		used[at] = true;
		left--;
	}
	return left == 0;
}

/* The listeners of that kind as they are now, in place of those that were read. */
static bool put_back(struct arena *a, const struct config *now, struct config *next,
		     enum listener_kind kind, struct err *why)
{
	size_t kept = 0;

	for (size_t i = 0; i < next->n_listen; i++)
		if (next->listen[i].kind != kind)
			next->listen[kept++] = next->listen[i];
	next->n_listen = kept;
	for (size_t i = 0; i < now->n_listen; i++) {
		if (now->listen[i].kind != kind)
			continue;
		if (next->n_listen == CONFIG_MAX_LISTENERS)
			return err_set(why, ERR_LIMIT, 0, "more than %d listeners",
				       CONFIG_MAX_LISTENERS);
		struct listener l = now->listen[i];
		if (!keep(a, l.address, &l.address, why))
			return false;
		next->listen[next->n_listen++] = l;
	}
	return true;
}

static bool change_listeners(struct arena *a, const struct config *now, struct config *next,
			     struct config_change *out, struct err *why)
{
	bool tls = now->cert_pem.n > 0;

	for (size_t i = 0; i < COUNT(listeners); i++) {
		enum listener_kind kind = listeners[i].kind;

		if (same_of_kind(now, next, kind))
			continue;
		/* without a certificate, nobody speaks TLS before the restart */
		if (listeners[i].live && (tls || kind != LISTEN_TLS)) {
			live(out, listeners[i].key);
			continue;
		}
		held(out, listeners[i].key);
		if (!put_back(a, now, next, kind, why))
			return false;
	}
	return true;
}

/* The page is served over TLS or not for as long as it is served. */
static bool change_certificate(struct arena *a, const struct config *now, struct config *next,
			       struct config_change *out, struct err *why)
{
	if (str_eq(now->cert_pem, next->cert_pem) && str_eq(now->key_pem, next->key_pem))
		return true;
	if ((now->cert_pem.n > 0) == (next->cert_pem.n > 0)) {
		live(out, "certificate");
		return true;
	}
	held(out, "certificate");
	next->own_ca = now->own_ca;
	return keep(a, now->certificate, &next->certificate, why) &&
	       keep(a, now->key, &next->key, why) && keep(a, now->cert_pem, &next->cert_pem, why) &&
	       keep(a, now->key_pem, &next->key_pem, why);
}

static bool same_follow(const struct config *x, const struct config *y)
{
	if (x->n_follow != y->n_follow)
		return false;
	for (size_t i = 0; i < x->n_follow; i++)
		if (!str_eq(x->follow[i].path, y->follow[i].path) ||
		    !str_eq(x->follow[i].name, y->follow[i].name))
			return false;
	return true;
}

static bool same_ways(const struct config *x, const struct config *y)
{
	if (x->n_way != y->n_way)
		return false;
	for (size_t i = 0; i < x->n_way; i++)
		if (!str_eq(x->way[i].from, y->way[i].from) ||
		    !str_eq(x->way[i].format, y->way[i].format) ||
		    !str_eq(x->way[i].zone, y->way[i].zone))
			return false;
	return true;
}

bool config_reads_alike(const struct config *x, const struct config *y)
{
	return str_eq(x->zone, y->zone) && same_ways(x, y);
}

bool config_change(struct arena *a, const struct config *now, struct config *next,
		   struct config_change *out, struct err *why)
{
	struct config_change found = { .n_live = 0 };

	if (!change_texts(a, now, next, &found, why) ||
	    !change_listeners(a, now, next, &found, why) ||
	    !change_certificate(a, now, next, &found, why))
		return false;
	if (now->retention_days != next->retention_days)
		live(&found, "retention_days");
	if (now->min_free_mb != next->min_free_mb)
		live(&found, "min_free_mb");
	if (!same_follow(now, next))
		live(&found, "follow");
	if (!same_ways(now, next))
		live(&found, "sources");
	*out = found;
	return true;
}
