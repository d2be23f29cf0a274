/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doors.c - where senders reach us, and who was not let in: for whoever looks why nothing comes.
 *
 * The refused are kept in memory only, one row an address and door; of too many the oldest go.
 */
#include "base/file.h"
#include "base/time.h"
#include "web/backend_int.h"
#include "web/handlers_int.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

enum { REFUSED_ROWS = 64, CA_MAX = 64 << 10 };

struct refusal {
	char door[8], peer[64];
	int64_t n, at;
	struct err why; /* the last one */
};
struct refusals {
	pthread_mutex_t lock;
	struct refusal row[REFUSED_ROWS];
	size_t n;
};

struct refusals *refusals_new(void)
{
	struct refusals *r = calloc(1, sizeof *r);

	if (r != NULL)
		pthread_mutex_init(&r->lock, NULL);
	return r;
}

void refusals_free(struct refusals *r)
{
	if (r != NULL)
		pthread_mutex_destroy(&r->lock);
	free(r);
}

/* The row of door and peer, a free one, or the oldest. */
static struct refusal *row_for(struct refusals *r, const char *door, struct str peer)
{
	struct refusal *oldest = &r->row[0];

	for (size_t i = 0; i < r->n; i++) {
		struct refusal *row = &r->row[i];

		if (strcmp(row->door, door) == 0 && str_eq(str_of(row->peer), peer))
			return row;
		if (row->at < oldest->at)
			oldest = row;
	}
	if (r->n < REFUSED_ROWS)
		oldest = &r->row[r->n++];
	*oldest = (struct refusal){ 0 };
	snprintf(oldest->door, sizeof oldest->door, "%s", door);
	snprintf(oldest->peer, sizeof oldest->peer, "%.*s", STR_ARG(peer));
	return oldest;
}

void web_refused(struct web *web, const char *door, struct str peer, const struct err *why)
{
	struct refusals *r = web->refusals;

	peer = str_sub(peer, 0, sizeof r->row[0].peer - 1);
	pthread_mutex_lock(&r->lock);
	struct refusal *row = row_for(r, door, peer);

	row->n++;
	row->at = time_now();
	row->why = *why;
	pthread_mutex_unlock(&r->lock);
}

static void write_both(struct jsonw *w, const char *key, const struct err *why)
{
	char text[ERR_TEXT_MAX];

	jsonw_key(w, key);
	jsonw_open(w, '{');
	jsonw_kv_str(w, "vi", str_of(err_text(why, LANG_VI, text, sizeof text)));
	jsonw_kv_str(w, "en", str_of(err_text(why, LANG_EN, text, sizeof text)));
	jsonw_close(w, '}');
}

/* Addresses of other units are not for a role over a part. */
static void write_refused(struct call *c, struct jsonw *w)
{
	struct refusals *r = c->web->refusals;

	jsonw_key(w, "refused");
	jsonw_open(w, '[');
	pthread_mutex_lock(&r->lock);
	for (size_t i = 0; scope_is_whole(&c->who.scope) && i < r->n; i++) {
		jsonw_open(w, '{');
		jsonw_kv_str(w, "door", str_of(r->row[i].door));
		jsonw_kv_str(w, "peer", str_of(r->row[i].peer));
		jsonw_kv_int(w, "count", r->row[i].n);
		jsonw_kv_time(w, "at", r->row[i].at);
		write_both(w, "reason", &r->row[i].why);
		jsonw_close(w, '}');
	}
	pthread_mutex_unlock(&r->lock);
	jsonw_close(w, ']');
}

/* What senders check us by: the certificate of the own CA, where there is one. */
static void write_ca(struct call *c, struct jsonw *w)
{
	char path[4200];
	struct str pem = { NULL, 0 };
	struct arena file;
	struct err none = { 0 };

	if (c->web->cfg.keys_dir == NULL || !arena_reserve(&file, 2 * CA_MAX)) {
		jsonw_kv_str(w, "ca", pem);
		return;
	}
	struct arena whole = file;
	snprintf(path, sizeof path, "%s/ca.pem", c->web->cfg.keys_dir);
	if (!file_load(&file, AT_FDCWD, path, CA_MAX, &pem, &none))
		pem = (struct str){ NULL, 0 };
	jsonw_kv_str(w, "ca", pem);
	arena_release(whole);
}

static void write_list(struct jsonw *w, const char *key, const struct json *list)
{
	jsonw_key(w, key);
	if (list != NULL)
		write_json(w, list);
	else
		jsonw_raw(w, STR("[]"));
}

bool doors_get(struct call *c, struct err *why)
{
	struct json *live = live_state(c);
	const struct json *open = json_get(live, "open");
	struct jsonw w = reply_json(c, 200);

	(void)why;
	jsonw_open(&w, '{');
	write_list(&w, "addresses", json_get(open, "addresses"));
	write_list(&w, "items", json_get(open, "doors"));
	jsonw_kv_bool(&w, "secure", c->web->tls);
	write_ca(c, &w);
	write_refused(c, &w);
	jsonw_close(&w, '}');
	json_free(live);
	return true;
}
