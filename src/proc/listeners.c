/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listeners.c - the parent's sockets: bound once, handed to whoever serves them, and the accepted
 * TCP connections, which outlive a watch.
 */
#include "base/crypt.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "base/time.h"
#include "proc/local.h"
#include "proc/parent_int.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { ACCEPT_AT_ONCE = 64, ACCEPT_REST_MS = 200 };
/* What waits in the kernel is lost with watch (gaps.c): enough for a second of a busy sender. */
enum { TLS_BUFFER = 1 << 20 };

bool listener_bind(const struct listener *l, int *out, struct err *why)
{
	struct address a;

	return address_parse(l->address, &a, why) &&
	       address_bind(&a, l->kind == LISTEN_UDP ? SOCK_DGRAM : SOCK_STREAM, out, why);
}

bool listeners_open(struct parent *p, struct err *why)
{
	p->connections = calloc(MAX_CONNECTIONS, sizeof *p->connections);
	if (p->connections == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	for (size_t i = 0; i < MAX_CONNECTIONS; i++)
		p->connections[i].fd = -1;
	for (size_t i = 0; i < p->config->n_listen; i++)
		if (!listener_bind(&p->config->listen[i], &p->listeners[i], why))
			return false;
	return local_bind(p->config->data, &p->local, why);
}

/* The address that a listener really has: port 0 becomes the one the system chose. */
void listener_address(const struct parent *p, size_t i, char out[ADDRESS_PORT_TEXT_MAX])
{
	struct sockaddr_storage sa = { 0 };
	socklen_t len = sizeof sa;

	getsockname(p->listeners[i], (struct sockaddr *)&sa, &len);
	address_text(&sa, out);
}

static bool is_stream(enum listener_kind kind)
{
	return kind == LISTEN_TCP || kind == LISTEN_TLS;
}

/* TCP is accepted here; the rest by the process that reads it. */
void listener_hand_out(struct parent *p, enum proc role, size_t i)
{
	enum listener_kind kind = p->config->listen[i].kind;
	char address[ADDRESS_PORT_TEXT_MAX];
	struct buf b = BUF(512);
	struct jsonw w = { .out = &b };

	if (is_stream(kind) || (kind == LISTEN_HTTP) != (role == PROC_DESK) || role == PROC_SEEK)
		return;
	listener_address(p, i, address);
	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "kind", str_of(listener_name(kind)));
	jsonw_kv_str(&w, "address", str_of(address));
	jsonw_close(&w, '}');
	parent_tell(p, role, WIRE_LISTENER, i, &b, p->listeners[i]);
	buf_free(&b);
}

void listeners_hand_out(struct parent *p, enum proc role)
{
	if (role == PROC_WATCH) {
		struct buf b = BUF(64);

		buf_add(&b, STR("{\"kind\":\"shared\"}"));
		parent_tell(p, role, WIRE_LISTENER, 0, &b, p->shared_fd);
		buf_free(&b);
	}
	if (role == PROC_DESK) {
		struct buf b = BUF(64);

		buf_add(&b, STR("{\"kind\":\"local\"}"));
		parent_tell(p, role, WIRE_LISTENER, 0, &b, p->local);
		buf_free(&b);
	}
	for (size_t i = 0; i < p->config->n_listen; i++)
		listener_hand_out(p, role, i);
}

size_t listeners_poll(const struct parent *p, struct pollfd *fds)
{
	size_t n = 0;

	for (size_t i = 0; i < p->config->n_listen; i++)
		if (is_stream(p->config->listen[i].kind) && !p->stopping &&
		    p->accept_at <= time_monotonic())
			fds[n++] = (struct pollfd){ .fd = p->listeners[i], .events = POLLIN };
	return n;
}

static void hand_over(struct parent *p, struct connection *c)
{
	struct buf b = BUF(512);
	struct jsonw w = { .out = &b };

	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "id", str_of(c->id));
	jsonw_kv_str(&w, "peer", str_of(c->peer));
	jsonw_kv_str(&w, "door", c->tls ? STR("tls") : STR("tcp"));
	jsonw_kv_int(&w, "place", c - p->connections);
	jsonw_close(&w, '}');
	c->handed = parent_tell(p, PROC_WATCH, WIRE_CONNECTION, 0, &b, c->fd);
	buf_free(&b);
}

void connections_hand_over(struct parent *p)
{
	for (size_t i = 0; i < MAX_CONNECTIONS; i++)
		if (p->connections[i].fd != -1)
			hand_over(p, &p->connections[i]);
}

static struct connection *free_slot(struct parent *p, bool tls)
{
	if (tls ? p->n_tls == MAX_TLS : p->n_tcp == MAX_TCP)
		return NULL;
	for (size_t i = 0; i < MAX_CONNECTIONS; i++)
		if (p->connections[i].fd == -1)
			return &p->connections[i];
	return NULL;
}

static void take_connection(struct parent *p, int fd, bool tls, const struct sockaddr_storage *sa)
{
	struct connection *c = free_slot(p, tls);
	unsigned char random[16];
	int size = TLS_BUFFER;

	if (c == NULL) {
		log_warn("more than %d connections over %s: one refused", tls ? MAX_TLS : MAX_TCP,
			 tls ? "TLS" : "TCP");
		close(fd);
		return;
	}
	/* over plain TCP the buffer is that of the listener */
	if (tls)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	crypt_random(random, sizeof random);
	hash_hex(random, sizeof random, c->id);
	address_host(sa, c->peer);
	c->fd = fd;
	c->tls = tls;
	c->accepted = time_now();
	p->shared->tls[c - p->connections] = (struct tls_mark){ 0 };
	p->n_tls += tls;
	p->n_tcp += !tls;
	hand_over(p, c);
}

/* Out of descriptors poll() would tell of the waiting connection again and again. */
static void accept_failed(struct parent *p, int code)
{
	if (code != EMFILE && code != ENFILE && code != ENOBUFS && code != ENOMEM)
		return;
	log_error("TCP connections wait: %s", strerror(code));
	p->accept_at = time_monotonic() + ACCEPT_REST_MS * 1000;
}

static bool over_tls(const struct parent *p, int listener)
{
	for (size_t i = 0; i < p->config->n_listen; i++)
		if (p->listeners[i] == listener)
			return p->config->listen[i].kind == LISTEN_TLS;
	return false;
}

void listeners_accept(struct parent *p, const struct pollfd *fds, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool tls = over_tls(p, fds[i].fd);

		for (int k = 0; (fds[i].revents & POLLIN) != 0 && k < ACCEPT_AT_ONCE; k++) {
			struct sockaddr_storage sa;
			socklen_t len = sizeof sa;
			int fd = accept4(fds[i].fd, (struct sockaddr *)&sa, &len,
					 SOCK_CLOEXEC | SOCK_NONBLOCK);

			if (fd == -1) {
				accept_failed(p, errno);
				break;
			}
			take_connection(p, fd, tls, &sa);
		}
	}
}

void connection_end(struct parent *p, struct connection *c)
{
	close(c->fd);
	c->fd = -1;
	p->n_tls -= c->tls;
	p->n_tcp -= !c->tls;
}

void connection_closed(struct parent *p, struct str json)
{
	struct json *j = NULL;

	if (!json_parse(json, 4096, &j, NULL)) {
		log_error("watch told of a closed connection in no JSON");
		return;
	}
	for (size_t i = 0; i < MAX_CONNECTIONS; i++) {
		struct connection *c = &p->connections[i];

		if (c->fd == -1 || !str_eq(json_get_str(j, "id"), str_of(c->id)))
			continue;
		connection_end(p, c);
	}
	json_free(j);
}
