/* SPDX-License-Identifier: Apache-2.0 */
/*
 * server.c - the socket side: the only file that sees libmicrohttpd.
 *
 * One thread of the library moves all bytes. It never waits: a request whose header (and body) is
 * there is suspended and given to a worker; the worker resumes it with its reply made. Invariant: a
 * call is touched by the socket thread only while it is not CALL_ADMITTING or CALL_RUNNING in a
 * worker's hands, and by a worker only before MHD_resume_connection().
 */
#include "web/certificate_int.h"
#include "web/server_int.h"

#include "base/log.h"
#include "base/num.h"
#include "base/time.h"

#include <microhttpd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	JSON_BODY_MAX = 256 << 10,
	DROPPED_BODY_MAX = 16 << 20,
	HEADER_MAX = 32 << 10,
	BODY_MIN_RATE = 8 << 10 /* bytes a second, after a time of grace */
};

static const char *const header_names[HEADERS] = {
	[H_ACCEPT] = "Accept",
	[H_ACCEPT_ENCODING] = "Accept-Encoding",
	[H_ACCEPT_LANGUAGE] = "Accept-Language",
	[H_AUTHORIZATION] = "Authorization",
	[H_CONTENT_ENCODING] = "Content-Encoding",
	[H_CONTENT_LENGTH] = "Content-Length",
	[H_CONTENT_TYPE] = "Content-Type",
	[H_COOKIE] = "Cookie",
	[H_CSRF] = "X-Canh",
	[H_EXPECT] = "Expect",
	[H_IDEMPOTENCY_KEY] = "Idempotency-Key",
	[H_IF_MATCH] = "If-Match",
	[H_IF_NONE_MATCH] = "If-None-Match",
	[H_LAST_EVENT_ID] = "Last-Event-ID",
	[H_SOURCE] = "X-Canh-Source",
	[H_USER_AGENT] = "User-Agent",
};

_Static_assert(STREAM_END == MHD_CONTENT_READER_END_OF_STREAM, "the library's word for the end");

static struct conn *conn_of(struct MHD_Connection *conn)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(conn, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info == NULL ? NULL : info->socket_context;
}

static const struct sockaddr *peer_of(struct MHD_Connection *conn)
{
	static const struct sockaddr none = { .sa_family = AF_UNSPEC };
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(conn, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	return info == NULL || info->client_addr == NULL ? &none : info->client_addr;
}

/* ---- answers ---- */

static void add(struct MHD_Response *r, const char *name, const char *value)
{
	if (MHD_add_response_header(r, name, value) != MHD_YES)
		log_warn("http: header %s left out", name);
}

/* What every answer carries; a handler's own header of the same name wins. */
static void add_common(const struct call *c, struct MHD_Response *r)
{
	static const char *const common[][2] = {
		{ "Cache-Control", "no-store" },
		{ "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'" },
		{ "X-Content-Type-Options", "nosniff" },
		{ "X-Frame-Options", "DENY" },
		{ "Referrer-Policy", "no-referrer" },
		{ "Permissions-Policy",
		  "camera=(), geolocation=(), microphone=(), payment=(), usb=()" },
		{ "Cross-Origin-Opener-Policy", "same-origin" },
		{ "Cross-Origin-Resource-Policy", "same-origin" },
	};

	for (size_t i = 0; i < c->reply.n_headers; i++)
		add(r, c->reply.headers[i].name, c->reply.headers[i].value.p);
	for (size_t i = 0; i < COUNT(common); i++)
		if (MHD_get_response_header(r, common[i][0]) == NULL)
			add(r, common[i][0], common[i][1]);
	if (c->reply.type != NULL)
		add(r, MHD_HTTP_HEADER_CONTENT_TYPE, c->reply.type);
	if (c->web->tls)
		add(r, "Strict-Transport-Security", "max-age=31536000");
}

static struct MHD_Response *response_of(struct call *c)
{
	struct reply *r = &c->reply;

	if (r->stream) {
		void *reader = stream_join(c);

		return reader == NULL ? NULL
				      : MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 8192,
									  stream_read, reader,
									  stream_leave);
	}
	if (r->fixed.p != NULL) {
		union {
			const char *c;
			void *v;
		} fixed = { r->fixed.p };

		return MHD_create_response_from_buffer(r->fixed.n, fixed.v, MHD_RESPMEM_PERSISTENT);
	}
	if (r->body.n == 0)
		return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	struct MHD_Response *made =
		MHD_create_response_from_buffer_with_free_callback(r->body.n, r->body.p, free);
	if (made != NULL)
		r->body = (struct buf){ 0 };
	return made;
}

static enum MHD_Result answer(struct call *c)
{
	if (c->reply.body.full) {
		struct err why;

		err_set(&why, ERR_LIMIT, 0, "the answer is too large; ask for less");
		reply_problem(c, &why);
	}
	struct MHD_Response *r = response_of(c);

	c->stage = CALL_ANSWERED;
	atomic_fetch_add(&c->web->answered[c->reply.status / 100 % STATUS_CLASSES], 1);
	if (r == NULL)
		return MHD_NO;
	add_common(c, r);
	enum MHD_Result ok = MHD_queue_response(c->conn, (unsigned)c->reply.status, r);
	MHD_destroy_response(r);
	return ok;
}

/* Answer at once, from the socket thread. */
static enum MHD_Result answer_busy(struct call *c)
{
	struct err why;

	refuse_as(c, 429, "busy");
	err_set(&why, ERR_STATE, 0, "too much is waiting here; try again in a moment");
	reply_problem(c, &why);
	return answer(c);
}

/* Give the call to a worker; it comes back through MHD_resume_connection(). */
static enum MHD_Result hand_over(struct call *c, enum stage stage, enum lane lane)
{
	if (atomic_load(&c->web->stopping))
		return MHD_NO;
	c->stage = stage;
	c->job.lane = lane;
	MHD_suspend_connection(c->conn);
	if (lanes_put(c->web->lanes, &c->job))
		return MHD_YES;
	MHD_resume_connection(c->conn);
	return answer_busy(c);
}

void server_resume(struct MHD_Connection *conn)
{
	MHD_resume_connection(conn);
}

void server_suspend(struct MHD_Connection *conn)
{
	MHD_suspend_connection(conn);
}

/* ---- bodies ---- */

static uint64_t body_cap(const struct call *c)
{
	switch (c->route == NULL ? BODY_NONE : c->route->body) {
	case BODY_FILE:
		return c->web->cfg.push_max;
	case BODY_DROPPED:
		return DROPPED_BODY_MAX;
	case BODY_JSON:
	case BODY_NONE:
		break;
	}
	return JSON_BODY_MAX;
}

static void refuse(struct call *c, int status, const char *code, const struct err *why)
{
	refuse_as(c, status, code);
	reply_problem(c, why);
}

static void refuse_too_large(struct call *c)
{
	struct err why;

	err_set(&why, ERR_LIMIT, 0, "the body is larger than %llu bytes",
		(unsigned long long)body_cap(c));
	refuse(c, 413, "too_large", &why);
}

static void refuse_full(struct call *c)
{
	struct err why;

	err_set(&why, ERR_STATE, 0, "too much is waiting here; try again in a moment");
	refuse(c, 429, "busy", &why);
}

/* Give up what was kept of the body; what still comes is dropped. */
static void body_forget(struct call *c)
{
	if (c->body_fd != -1)
		close(c->body_fd);
	c->body_fd = -1;
	buf_free(&c->body);
	c->web->bodies -= c->body_held;
	c->body_held = 0;
}

static bool body_keep(struct call *c, struct str bytes)
{
	struct err why;

	if (c->route->body == BODY_JSON) {
		if (c->body.max == 0)
			c->body = BUF(JSON_BODY_MAX);
		buf_add(&c->body, bytes);
		return !c->body.full;
	}
	if (c->body_fd == -1)
		c->body_fd = memfd_create("body", MFD_CLOEXEC);
	return c->body_fd != -1 && fd_write_all(c->body_fd, bytes, &why);
}

/* One piece of the body. False: give the connection up. */
static bool body_add(struct call *c, struct str bytes)
{
	struct web *web = c->web;
	int64_t took = time_monotonic() - c->begun;
	int64_t may_take = (int64_t)(c->body_len / BODY_MIN_RATE + web->cfg.body_grace_s) *
			   TIME_SECOND;

	c->body_len += bytes.n;
	if (took > may_take || c->body_len > 4 * body_cap(c))
		return false;
	if (c->reply.status != 0 || c->route->body == BODY_NONE || c->route->body == BODY_DROPPED) {
		if (c->reply.status == 0 && c->body_len > body_cap(c))
			refuse_too_large(c);
		return true;
	}
	if (c->body_len > body_cap(c)) {
		body_forget(c);
		refuse_too_large(c);
	} else if (web->bodies + bytes.n > web->cfg.bodies_max || !body_keep(c, bytes)) {
		body_forget(c);
		refuse_full(c);
	} else {
		web->bodies += bytes.n;
		c->body_held += bytes.n;
	}
	return true;
}

/* ---- the way of a request ---- */

static void take_headers(struct call *c)
{
	for (size_t i = 0; i < HEADERS; i++)
		c->header[i] = str_of(
			MHD_lookup_connection_value(c->conn, MHD_HEADER_KIND, header_names[i]));
	c->lang = request_lang(c->header[H_ACCEPT_LANGUAGE]);
}

/* May the reply that is already made go out before the body has come? Only when the sender waits for
 * leave; else the body is taken and dropped, since a reset would swallow the reply. */
static bool before_body(const struct call *c)
{
	return c->reply.status != 0 && c->header[H_EXPECT].n > 0;
}

static enum MHD_Result count_length(void *cls, enum MHD_ValueKind kind, const char *key,
				    const char *value)
{
	(void)kind, (void)value;
	*(int *)cls += strcasecmp(key, header_names[H_CONTENT_LENGTH]) == 0;
	return MHD_YES;
}

/* Two lengths: a proxy in front may have gone by the other one, and what follows would be a request of
 * somebody else's making (RFC 9112, 6.3). The connection is closed. */
static bool two_lengths(struct call *c)
{
	int n = 0;

	MHD_get_connection_values(c->conn, MHD_HEADER_KIND, count_length, &n);
	return n > 1;
}

/* The header is complete. */
static enum MHD_Result begin(struct call *c, const char *method)
{
	uint64_t len = 0;

	conns_busy(c->web->conns, conn_of(c->conn), true);
	c->begun = time_monotonic();
	take_headers(c);
	if (two_lengths(c))
		return MHD_NO;
	c->stage = CALL_BODY;
	c->method = method_of(method);
	call_route(c);
	struct str told = c->header[H_CONTENT_LENGTH];
	if (told.p != NULL && (!num_parse(told, 0, UINT64_MAX / 8, &len) || len > body_cap(c)))
		refuse_too_large(c);
	if (before_body(c))
		return answer(c);
	if (c->reply.status == 0 && c->route->body == BODY_FILE)
		return hand_over(c, CALL_ADMITTING, LANE_QUICK);
	return MHD_YES;
}

/* The library's signature, not ours. NOLINTNEXTLINE(readability-function-size) */
static enum MHD_Result on_request(void *cls, struct MHD_Connection *conn, const char *url,
				  const char *method, const char *version, const char *data,
				  size_t *len, void **ctx)
{
	struct call *c = *ctx;

	(void)cls, (void)conn, (void)url, (void)version;
	if (c == NULL)
		return MHD_NO;
	switch (c->stage) {
	case CALL_NEW:
		return begin(c, method);
	case CALL_ADMITTING: /* back from the worker; the body may come */
		c->stage = CALL_BODY;
		c->begun = time_monotonic();
		return before_body(c) ? answer(c) : MHD_YES;
	case CALL_BODY:
		if (*len > 0) {
			bool ok = body_add(c, (struct str){ data, *len });

			*len = 0;
			return ok ? MHD_YES : MHD_NO;
		}
		if (c->reply.status != 0)
			return answer(c);
		return hand_over(c, CALL_RUNNING, c->route->lane);
	case CALL_RUNNING:
		return answer(c);
	case CALL_ANSWERED:
		break;
	}
	return MHD_YES;
}

static void *on_uri(void *cls, const char *uri, struct MHD_Connection *conn)
{
	struct call *c = call_new(cls, conn, str_of(uri));

	if (c != NULL)
		conns_address(peer_of(conn), c->peer);
	return c;
}

static void on_completed(void *cls, struct MHD_Connection *conn, void **ctx,
			 enum MHD_RequestTerminationCode how)
{
	struct web *web = cls;
	struct call *c = *ctx;

	(void)how;
	conns_busy(web->conns, conn_of(conn), false);
	if (c == NULL)
		return;
	body_forget(c);
	call_free(c);
	*ctx = NULL;
}

static void on_connection(void *cls, struct MHD_Connection *conn, void **socket_context,
			  enum MHD_ConnectionNotificationCode what)
{
	struct web *web = cls;
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(conn, MHD_CONNECTION_INFO_CONNECTION_FD);

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		conns_close(web->conns, *socket_context);
		*socket_context = NULL;
	} else if (info != NULL) {
		*socket_context = conns_open(web->conns, info->connect_fd, peer_of(conn));
	}
}

static void on_log(void *cls, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

static void on_log(void *cls, const char *fmt, va_list ap)
{
	char text[256];

	(void)cls;
	vsnprintf(text, sizeof text, fmt, ap);
	/* Peers that go away or send nonsense are no news. */
	static const char *const no_news[] = { "Closing connection", "closing connection",
					       "connection closure", "remote side",
					       "Failed to send",     "handshake" };
	for (size_t i = 0; i < COUNT(no_news); i++)
		if (strstr(text, no_news[i]) != NULL)
			return;
	log_info("http: %.*s", STR_ARG(str_trim(str_of(text))));
}

/* Paths are unescaped by request.c, which knows what is refused. */
static size_t on_unescape(void *cls, struct MHD_Connection *conn, char *s)
{
	(void)cls, (void)conn;
	return strlen(s);
}

/* `tls` ends the options: those of TLS, or none. */
static struct MHD_Daemon *start_daemon(struct web *web, int fd, unsigned flags,
				       struct MHD_OptionItem *tls)
{
	struct web_config *cfg = &web->cfg;

	return MHD_start_daemon(
		flags | MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
			MHD_USE_ERROR_LOG,
		0, NULL, NULL, on_request, web, MHD_OPTION_EXTERNAL_LOGGER, on_log, web,
		MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_URI_LOG_CALLBACK, on_uri, web,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, web, MHD_OPTION_NOTIFY_CONNECTION,
		on_connection, web, MHD_OPTION_UNESCAPE_CALLBACK, on_unescape, web,
		MHD_OPTION_CONNECTION_LIMIT, cfg->connections + 64, MHD_OPTION_CONNECTION_TIMEOUT,
		cfg->idle_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADER_MAX,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
}

bool server_listen(struct web *web, struct err *why)
{
	static const char tls_only[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";
	union {
		const char *c;
		void *v;
	} priorities = { tls_only };
	struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };
	struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_CERT_CALLBACK, 0, certificate_callback() },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, priorities.v },
		{ MHD_OPTION_END, 0, NULL },
	};

	web->daemon = start_daemon(web, web->cfg.listen_fd, web->tls ? MHD_USE_TLS : 0,
				   web->tls ? tls : none);
	if (web->daemon == NULL)
		return err_set(
			why, ERR_IO, 0,
			web->tls ? "cannot start the web server: certificate and key do not fit"
				 : "cannot start the web server");
	if (web->cfg.local_fd > 0) {
		web->local = start_daemon(web, web->cfg.local_fd, 0, none);
		if (web->local == NULL)
			return err_set(why, ERR_IO, 0, "cannot start the web server");
	}
	return true;
}

void server_quiesce(struct web *web)
{
	if (web->daemon != NULL)
		MHD_quiesce_daemon(web->daemon);
	if (web->local != NULL)
		MHD_quiesce_daemon(web->local);
}

void server_close(struct web *web)
{
	if (web->daemon != NULL)
		MHD_stop_daemon(web->daemon);
	if (web->local != NULL)
		MHD_stop_daemon(web->local);
	web->daemon = web->local = NULL;
}
