/* SPDX-License-Identifier: Apache-2.0 */
/*
 * controls_send.c - a control event through a door of this server, by the door's own protocol: a
 * datagram, a line over TCP, a frame over TLS, a push, a _bulk, a line of a followed file, a dropped file.
 */
#include "base/file.h"
#include "base/json.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "net/tls_client.h"
#include "proc/controls_int.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

enum { STEP_S = 5, ANSWER_MAX = 8192, FILE_MOST = 64 << 10, PARENT_WAIT_S = 5 };

/* --- what the parent gives --- */

/* A connection to that listener (-1: none) in *fd, and what the parent says in `told`. */
static bool ask_alone(struct desk *d, int listener, int *fd, struct buf *told, struct err *why)
{
	struct door_wait *w = &d->door_wait;
	struct timespec until;
	char json[64];
	int n = snprintf(json, sizeof json, "{\"listener\":%d}", listener);

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += PARENT_WAIT_S;
	pthread_mutex_lock(&d->told);
	w->number = ++d->door_last;
	w->fd = -1;
	w->came = false;
	buf_clear(&w->json);
	bool ok = wire_send(d->parent, WIRE_NEED_DOOR, w->number, (struct str){ json, (size_t)n },
			    -1, why);
	while (ok && !w->came && !d->stop &&
	       pthread_cond_timedwait(&d->told_changed, &d->told, &until) == 0)
		;
	if (ok && !w->came)
		ok = err_set(why, ERR_STATE, 0, "process %s does not answer",
			     proc_name(PROC_PARENT));
	w->number = 0;
	*fd = w->fd;
	buf_add(told, buf_str(&w->json));
	pthread_mutex_unlock(&d->told);
	return ok;
}

static bool ask_parent(struct desk *d, int listener, int *fd, struct buf *told, struct err *why)
{
	pthread_mutex_lock(&d->door_lock);
	bool ok = ask_alone(d, listener, fd, told, why);
	pthread_mutex_unlock(&d->door_lock);
	return ok;
}

void door_came(struct desk *d, struct wire_msg *m)
{
	struct door_wait *w = &d->door_wait;

	pthread_mutex_lock(&d->told);
	if (w->number != 0 && m->number == w->number) {
		buf_add(&w->json, m->payload);
		w->fd = m->fd;
		w->came = true;
		m->fd = -1;
		pthread_cond_broadcast(&d->told_changed);
	}
	pthread_mutex_unlock(&d->told);
}

static void add_door(struct door_seen *doors, size_t *n, int listener, const char *kind,
		     struct str address)
{
	if (*n == DOORS_MAX)
		return;
	doors[*n].listener = listener;
	snprintf(doors[*n].subject, sizeof doors[*n].subject, "%s%s%.*s", kind,
		 address.n > 0 ? " " : "", STR_ARG(address));
	++*n;
}

static void add_listeners(struct door_seen *doors, size_t *n, const struct json *all)
{
	bool http = false;

	for (size_t i = 0; i < json_count(all); i++) {
		struct str kind = json_get_str(json_at(all, i), "kind");
		struct str address = json_get_str(json_at(all, i), "address");
		char word[8];

		snprintf(word, sizeof word, "%.*s", STR_ARG(kind));
		if (!str_eq(kind, STR("http"))) {
			add_door(doors, n, (int)i, word, address);
		} else if (!http) {
			http = true; /* one HTTP listener is served: desk.c */
			add_door(doors, n, (int)i, "push", STR(""));
			add_door(doors, n, (int)i, "bulk", STR(""));
		}
	}
}

bool control_doors(struct desk *d, struct err *why)
{
	struct door_seen doors[DOORS_MAX] = { 0 };
	struct buf told = BUF(64 << 10);
	struct json *j = NULL;
	size_t n = 0;
	int fd = -1;
	bool ok = ask_parent(d, -1, &fd, &told, why) &&
		  json_parse(buf_str(&told), 64 << 10, &j, why);

	if (ok) {
		add_listeners(doors, &n, json_get(j, "doors"));
		if (d->config->n_follow > 0)
			add_door(doors, &n, -1, "file", STR(""));
		add_door(doors, &n, -1, "drop", STR(""));
		pthread_mutex_lock(&d->told);
		memcpy(d->doors, doors, sizeof doors);
		d->n_doors = n;
		buf_free(&d->open);
		d->open = BUF(64 << 10);
		buf_add(&d->open, buf_str(&told));
		pthread_mutex_unlock(&d->told);
	}
	json_free(j);
	buf_free(&told);
	return ok;
}

/* --- a connection --- */

static bool connected(int fd, struct err *why)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	struct timeval step = { .tv_sec = STEP_S };
	int code = 0;
	socklen_t len = sizeof code;

	if (poll(&p, 1, STEP_S * 1000) != 1)
		return err_set(why, ERR_IO, 0, "nobody answers");
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &len) == -1 || code != 0)
		return err_set(why, ERR_IO, 0, "%s", strerror(code));
	if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK) == -1 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &step, sizeof step) == -1 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &step, sizeof step) == -1)
		return err_set(why, ERR_IO, 0, "%s", strerror(errno));
	return true;
}

static int connect_door(struct desk *d, const struct door_seen *door, struct err *why)
{
	struct buf told = BUF(64 << 10);
	struct json *j = NULL;
	int fd = -1;

	if (ask_parent(d, door->listener, &fd, &told, why)) {
		bool ok = json_parse(buf_str(&told), 64 << 10, &j, why);
		struct str error = json_get_str(j, "error");

		if (ok && fd == -1)
			err_set(why, ERR_IO, 0, "%.*s", error.n > 0 ? (int)error.n : 9,
				error.n > 0 ? error.p : "no answer");
	}
	json_free(j);
	buf_free(&told);
	if (fd != -1 && !connected(fd, why)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static size_t read_plain(int fd, char *into, size_t room)
{
	ssize_t n;

	do
		n = read(fd, into, room);
	while (n == -1 && errno == EINTR);
	return n > 0 ? (size_t)n : 0;
}

/* Say it and hear the answer, NUL-terminated in answer[ANSWER_MAX]; NULL: none is wanted. */
static bool talk(struct desk *d, int fd, bool tls, struct str words, char *answer, struct err *why)
{
	struct tls_client *t = NULL;
	size_t n = 0, got = 1;

	if (tls && (t = tls_client_open(fd, d->config->cert_pem, STEP_S * 1000, why)) == NULL)
		return false;
	bool ok = tls ? tls_client_write(t, words, why) : fd_write_all(fd, words, why);
	while (ok && answer != NULL && got > 0 && n < ANSWER_MAX - 1) {
		got = tls ? tls_client_read(t, answer + n, ANSWER_MAX - 1 - n)
			  : read_plain(fd, answer + n, ANSWER_MAX - 1 - n);
		n += got;
	}
	if (answer != NULL)
		answer[n] = '\0';
	tls_client_close(t);
	return ok;
}

/* --- by each protocol --- */

static void put_event(const char *id, struct buf *out)
{
	struct jsonw w = { .out = out };

	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "canh.canary", str_of(id));
	jsonw_kv_time(&w, "@timestamp", time_now());
	jsonw_kv_str(&w, "message", STR("control event of canh"));
	jsonw_close(&w, '}');
}

/* RFC 5424 */
static void put_syslog(const char *id, struct buf *out)
{
	char now[TIME_TEXT_MAX];

	buf_printf(out, "<134>1 %s canh canh - control - ", time_rfc3339(time_now(), now));
	put_event(id, out);
}

static bool send_syslog(struct desk *d, const struct door_seen *door, const char *id,
			struct err *why)
{
	struct buf b = BUF(4096), framed = BUF(4096);
	bool udp = str_starts(str_of(door->subject), STR("udp ")),
	     tls = str_starts(str_of(door->subject), STR("tls "));
	int fd = connect_door(d, door, why);

	if (fd == -1)
		return false;
	put_syslog(id, &b);
	if (tls)
		buf_printf(&framed, "%zu ", b.n); /* RFC 5425 */
	buf_add(&framed, buf_str(&b));
	if (!udp && !tls)
		buf_char(&framed, '\n');
	bool ok = talk(d, fd, tls, buf_str(&framed), NULL, why);
	close(fd);
	buf_free(&b);
	buf_free(&framed);
	return ok;
}

static bool taken(char *answer, bool bulk, struct err *why)
{
	bool fine = strncmp(answer, "HTTP/1.1 200", 12) == 0;

	if (fine && (!bulk || strstr(answer, "\"errors\":false") != NULL))
		return true;
	if (!fine)
		answer[strcspn(answer, "\r\n")] = '\0';
	return err_set(why, ERR_IO, 0, "the server did not take the events: %s",
		       fine ? "_bulk" : answer);
}

static bool post(struct desk *d, const struct door_seen *door, const char *path, struct str body,
		 struct err *why)
{
	struct buf request = BUF(body.n + 4096);
	char answer[ANSWER_MAX] = "";
	int fd = connect_door(d, door, why);

	if (fd == -1)
		return false;
	buf_printf(&request,
		   "POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
		   "Authorization: Bearer %s\r\nContent-Type: application/x-ndjson\r\n"
		   "Content-Length: %zu\r\n\r\n",
		   path, d->control_secret, body.n);
	buf_add(&request, body);
	bool ok = talk(d, fd, d->config->cert_pem.n > 0, buf_str(&request), answer, why) &&
		  taken(answer, strcmp(path, "/_bulk") == 0, why);
	close(fd);
	buf_free(&request);
	return ok;
}

static bool send_http(struct desk *d, const struct door_seen *door, const char *id, struct err *why)
{
	bool bulk = strcmp(door->subject, "bulk") == 0;
	struct buf body = BUF(4096);

	if (bulk)
		buf_add(&body, STR("{\"index\":{\"_index\":\"canh\"}}\n"));
	put_event(id, &body);
	buf_char(&body, '\n');
	bool ok = post(d, door, bulk ? "/_bulk" : "/api/v1/ingest?source=canh", buf_str(&body),
		       why);
	buf_free(&body);
	return ok;
}

bool control_push(struct desk *d, struct str body, struct err *why)
{
	struct door_seen door = { .listener = -1 };

	pthread_mutex_lock(&d->told);
	for (size_t i = 0; i < d->n_doors; i++)
		if (strcmp(d->doors[i].subject, "push") == 0)
			door = d->doors[i];
	pthread_mutex_unlock(&d->told);
	if (door.listener == -1)
		return err_set(why, ERR_STATE, 0, "the doors are not known yet");
	return post(d, &door, "/api/v1/ingest?source=di%E1%BB%85n%20t%E1%BA%ADp", body, why);
}

/* A line behind the others; a long file begins anew, as a rotation by truncation does. */
static bool send_line(struct desk *d, const struct door_seen *door, const char *id, struct err *why)
{
	struct buf b = BUF(4096);
	char path[4096];
	struct stat st;

	(void)door;
	snprintf(path, sizeof path, "%.*s/control/follow.log", STR_ARG(d->config->data));
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd == -1)
		return err_set(why, ERR_IO, 0, "cannot open '%s': %s", path, strerror(errno));
	put_syslog(id, &b);
	buf_char(&b, '\n');
	bool ok = (fstat(fd, &st) == 0 && st.st_size < FILE_MOST) || ftruncate(fd, 0) == 0 ||
		  err_set(why, ERR_IO, 0, "cannot write '%s': %s", path, strerror(errno));
	ok = ok && fd_write_all(fd, buf_str(&b), why);
	close(fd);
	buf_free(&b);
	return ok;
}

static void dropped_path(const struct desk *d, const char *folder, char out[4096])
{
	snprintf(out, 4096, "%.*s/%s/canh-control.json", STR_ARG(d->config->data), folder);
}

void controls_withdraw(const struct desk *d)
{
	char path[4096];

	dropped_path(d, "drop", path);
	if (unlink(path) == -1 && errno != ENOENT)
		log_error("'%s' could not be taken away: %s", path, strerror(errno));
}

static bool send_file(struct desk *d, const struct door_seen *door, const char *id, struct err *why)
{
	struct buf b = BUF(4096);
	char path[4096];

	(void)door;
	/* the one of the last time is done with */
	dropped_path(d, "drop/done", path);
	unlink(path);
	dropped_path(d, "drop", path);
	put_event(id, &b);
	buf_char(&b, '\n');
	bool ok = file_save(AT_FDCWD, path, buf_str(&b), 0600, why);
	buf_free(&b);
	return ok;
}

static const struct {
	const char *kind;
	bool (*send)(struct desk *d, const struct door_seen *door, const char *id, struct err *why);
} ways[] = {
	{ "udp ", send_syslog }, { "tcp ", send_syslog }, { "tls ", send_syslog },
	{ "push", send_http },   { "bulk", send_http },   { "file", send_line },
	{ "drop", send_file },
};

bool control_send(struct desk *d, const struct door_seen *door, const char *id, struct err *why)
{
	for (size_t i = 0; i < COUNT(ways); i++)
		if (str_starts(str_of(door->subject), str_of(ways[i].kind)))
			return ways[i].send(d, door, id, why);
	return err_set(why, ERR_INPUT, 0, "no door of kind '%s'", door->subject);
}
