/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reload.c - the settings read anew while everything runs: by SIGHUP, from the page, or because the
 * own certificate is about to end.
 *
 * Invariant: the configuration that runs changes only after all of the new one was read, its sockets
 * are bound and its certificate fits; until then nothing was touched. What was taken in through a
 * listener that goes is read to its end.
 */
#include "base/file.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "net/tls.h"
#include "proc/config_change.h"
#include "proc/parent_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	ROOM = 8 << 20,
	CERT_ROOM = 1 << 20,
	CERT_MAX = 1 << 18,
	LAST_LOOKS = 64,
	FOLDER_MAX = 4096
};

/* What was read, and what came of it. */
struct reload {
	struct arena room, cert_room;
	struct config config;
	struct config_change change;
	struct mistake mistakes[CONFIG_MAX_MISTAKES];
	size_t n_mistakes;
	bool watch_anew;
	/* the sockets of the new listeners; of the old ones, those that stay */
	int fd[CONFIG_MAX_LISTENERS];
	bool fresh[CONFIG_MAX_LISTENERS], stays[CONFIG_MAX_LISTENERS];
};

/* --- the certificate --- */

static bool load(struct arena *a, struct str path, struct str *out, struct err *why)
{
	char name[FOLDER_MAX];

	snprintf(name, sizeof name, "%.*s", STR_ARG(path));
	return file_load_given(a, name, CERT_MAX, out, why);
}

bool certificate_read(struct config *c, struct arena *room, struct err *why)
{
	struct arena whole, a;
	struct tls_context *fits;
	struct str cert, key;

	if (c->certificate.n == 0)
		return true;
	if (!arena_reserve(&whole, CERT_ROOM))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	a = whole;
	fits = load(&a, c->certificate, &cert, why) && load(&a, c->key, &key, why)
		       ? tls_context_new(cert, key, why)
		       : NULL;
	if (fits == NULL) {
		arena_release(whole);
		return false;
	}
	tls_context_free(fits);
	c->cert_pem = cert;
	c->key_pem = key;
	*room = whole;
	return true;
}

static void adopt_certificate(struct parent *p, struct arena room)
{
	arena_release(p->cert_room);
	p->cert_room = room;
}

/* --- reading --- */

static void wrong(struct reload *r, uint32_t line, const struct err *why)
{
	if (r->n_mistakes < CONFIG_MAX_MISTAKES)
		r->mistakes[r->n_mistakes++] = (struct mistake){ line, *why };
}

static bool bind_all(const struct parent *p, struct reload *r)
{
	struct config *next = &r->config;
	struct err why = { 0 };

	for (size_t i = 0; i < next->n_listen; i++) {
		size_t at = config_same_listener(p->config, r->stays, &next->listen[i]);

		if (at < CONFIG_MAX_LISTENERS) {
			r->stays[at] = true;
			r->fd[i] = p->listeners[at];
		} else if (listener_bind(&next->listen[i], &r->fd[i], &why)) {
			r->fresh[i] = true;
		} else {
			wrong(r, next->listen[i].line, &why);
			return false;
		}
	}
	return true;
}

static void unbind(struct reload *r)
{
	for (size_t i = 0; i < r->config.n_listen; i++)
		if (r->fresh[i])
			close(r->fd[i]);
}

/* `certificate: own`, in the data folder that is used: another one waits for the restart. */
static bool own(const struct parent *p, struct arena *a, struct config *next, struct err *why)
{
	struct str data = next->data;

	if (!config_own_ca(next))
		return true;
	next->data = p->config->data;
	bool ok = p->again->own(p->again->ctx, a, next, why);
	next->data = data;
	return ok;
}

static bool read_anew(struct parent *p, struct reload *r)
{
	struct arena a;
	struct err why = { 0 };

	if (!arena_reserve(&r->room, ROOM)) {
		err_set(&why, ERR_LIMIT, 0, "no memory");
		wrong(r, 0, &why);
		return false;
	}
	a = r->room;
	r->n_mistakes = p->again->read(p->again->ctx, &a, &r->config, r->mistakes);
	if (r->n_mistakes > 0)
		return false;
	if (!own(p, &a, &r->config, &why) || !certificate_read(&r->config, &r->cert_room, &why) ||
	    !config_change(&a, p->config, &r->config, &r->change, &why)) {
		wrong(r, 0, &why);
		return false;
	}
	if (bind_all(p, r))
		return true;
	unbind(r);
	return false;
}

/* --- the walls of watch --- */

/* The folder of a followed file, as procs.c opens it to watch. */
static struct str folder_of(struct str path)
{
	while (path.n > 1 && path.p[path.n - 1] != '/')
		path.n--;
	return path;
}

void walls_note(struct parent *p)
{
	buf_clear(&p->walls);
	for (size_t i = 0; i < p->config->n_follow; i++) {
		buf_add(&p->walls, folder_of(p->config->follow[i].path));
		buf_char(&p->walls, '\0');
	}
}

/* watch was walled off with a folder that holds this one. */
static bool within(const struct parent *p, struct str folder)
{
	struct str rest = buf_str(&p->walls), one;

	while (rest.n > 0 && str_split(&rest, '\0', &one))
		if (one.n > 0 && str_starts(folder, one))
			return true;
	return false;
}

static bool all_within(const struct parent *p, const struct config *c)
{
	for (size_t i = 0; i < c->n_follow; i++)
		if (!within(p, folder_of(c->follow[i].path)))
			return false;
	return true;
}

/* --- telling --- */

static void tell_config(struct parent *p, enum proc role)
{
	struct buf b = BUF(1 << 20);

	config_write(p->config, processes[role].tls, &b);
	parent_tell(p, role, WIRE_CONFIG, 0, &b, -1);
	buf_free(&b);
}

static void write_names(struct jsonw *w, const char *key, const char *const *names, size_t n)
{
	jsonw_key(w, key);
	jsonw_open(w, '[');
	for (size_t i = 0; i < n; i++)
		jsonw_str(w, str_of(names[i]));
	jsonw_close(w, ']');
}

static void write_mistake(struct jsonw *w, const struct mistake *m)
{
	static const struct {
		const char *key;
		enum lang lang;
	} langs[] = { { "vi", LANG_VI }, { "en", LANG_EN } };
	char text[ERR_TEXT_MAX];

	jsonw_open(w, '{');
	jsonw_key(w, "line");
	if (m->line > 0)
		jsonw_int(w, m->line);
	else
		jsonw_null(w);
	jsonw_key(w, "reason");
	jsonw_open(w, '{');
	for (size_t i = 0; i < COUNT(langs); i++)
		jsonw_kv_str(w, langs[i].key,
			     str_of(err_text(&m->why, langs[i].lang, text, sizeof text)));
	jsonw_close(w, '}');
	jsonw_close(w, '}');
}

static const char *file_name(const struct parent *p)
{
	return p->again == NULL || p->again->file == NULL ? "" : p->again->file;
}

static void tell_outcome(struct parent *p, const struct reload *r, uint64_t number)
{
	struct buf b = BUF(1 << 20);
	struct jsonw w = { .out = &b };

	jsonw_open(&w, '{');
	jsonw_kv_bool(&w, "ok", r->n_mistakes == 0);
	jsonw_kv_str(&w, "file", str_of(file_name(p)));
	write_names(&w, "changed", r->change.live, r->change.n_live);
	write_names(&w, "restart", r->change.restart, r->change.n_restart);
	jsonw_kv_bool(&w, "watch_anew", r->watch_anew);
	jsonw_key(&w, "mistakes");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < r->n_mistakes; i++)
		write_mistake(&w, &r->mistakes[i]);
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	parent_tell(p, PROC_DESK, WIRE_CONFIGURED, number, &b, -1);
	buf_free(&b);
}

static void log_outcome(const struct parent *p, const struct reload *r)
{
	for (size_t i = 0; i < r->n_mistakes; i++)
		log_error("%s:%u: %s", file_name(p), r->mistakes[i].line, r->mistakes[i].why.text);
	if (r->n_mistakes > 0) {
		log_error("the settings were not changed");
		return;
	}
	log_info("the settings were read anew, %zu of them changed", r->change.n_live);
	for (size_t i = 0; i < r->change.n_restart; i++)
		log_warn("'%s' needs a restart of canh", r->change.restart[i]);
}

/* --- using it --- */

/* Nothing more comes in by it: those who wait at the door are let in, the rest is watch's to read. */
static void let_go(struct parent *p, size_t i)
{
	const struct listener *l = &p->config->listen[i];
	struct pollfd at = { .fd = p->listeners[i], .events = POLLIN };

	if (l->kind == LISTEN_UDP) {
		char address[ADDRESS_PORT_TEXT_MAX];
		struct buf b = BUF(512);
		struct jsonw w = { .out = &b };

		listener_address(p, i, address);
		jsonw_open(&w, '{');
		jsonw_kv_str(&w, "kind", str_of(listener_name(l->kind)));
		jsonw_kv_str(&w, "address", str_of(address));
		jsonw_close(&w, '}');
		parent_tell(p, PROC_WATCH, WIRE_UNLISTEN, 0, &b, -1);
		buf_free(&b);
	}
	for (int k = 0; l->kind != LISTEN_UDP && k < LAST_LOOKS && poll(&at, 1, 0) > 0; k++)
		listeners_accept(p, &at, 1);
	close(p->listeners[i]);
}

static void adopt(struct parent *p, struct reload *r)
{
	struct arena *room = &r->room;

	for (size_t i = 0; i < p->config->n_listen; i++)
		if (!r->stays[i])
			let_go(p, i);
	memcpy(p->listeners, r->fd, sizeof p->listeners);
	p->kept = r->config;
	p->config = &p->kept;
	arena_release(p->room); /* of the one before */
	p->room = *room;
	adopt_certificate(p, r->cert_room);
}

/* Those that run are told; one that starts later is handed all of it anyway. */
static void tell_all(struct parent *p, struct reload *r)
{
	r->watch_anew = !all_within(p, p->config);
	tell_config(p, PROC_DESK);
	if (r->watch_anew) {
		log_info("files outside the folders of before are followed: watch starts anew");
		process_leave(p, PROC_WATCH);
		return;
	}
	tell_config(p, PROC_WATCH);
	for (size_t i = 0; i < p->config->n_listen; i++)
		if (r->fresh[i])
			listener_hand_out(p, PROC_WATCH, i);
}

void parent_reload(struct parent *p, uint64_t number)
{
	struct reload *r = calloc(1, sizeof *r);

	if (r == NULL)
		die("no memory");
	if (p->again == NULL) {
		struct err why = { 0 };

		err_set(&why, ERR_STATE, 0, "this server has no settings to read anew");
		wrong(r, 0, &why);
	} else if (read_anew(p, r)) {
		adopt(p, r);
		tell_all(p, r);
	} else {
		arena_release(r->room);
		arena_release(r->cert_room);
	}
	log_outcome(p, r);
	tell_outcome(p, r, number);
	free(r);
}

void parent_renew(struct parent *p)
{
	struct arena whole, a, room = { NULL, NULL };
	struct config c = *p->config;
	struct err why = { 0 };

	if (!c.own_ca || p->again == NULL)
		return;
	if (!arena_reserve(&whole, ROOM))
		die("no memory");
	a = whole;
	if (p->again->own(p->again->ctx, &a, &c, &why) && certificate_read(&c, &room, &why)) {
		p->config->cert_pem = c.cert_pem;
		p->config->key_pem = c.key_pem;
		adopt_certificate(p, room);
		log_info("the certificate of the own CA was made anew");
		tell_config(p, PROC_DESK);
		tell_config(p, PROC_WATCH);
	} else {
		log_error("the certificate could not be renewed: %s", why.text);
	}
	arena_release(whole);
}
