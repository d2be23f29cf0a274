/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doors.c - the parent's part in control tests: no other process may make a socket, so it connects to
 * its own listener, as a sender would, and hands the connection to desk. It neither sends nor reads.
 */
#include "base/json.h"
#include "base/jsonw.h"
#include "proc/parent_int.h"

#include <errno.h>
#include <netinet/in.h>
#include <unistd.h>

enum { ADDRESSES_MAX = 16 };

/* Where a sender of this machine finds a listener: one for every address is found on loopback. */
static bool reach(int listener, struct address *out)
{
	struct sockaddr_in6 v6;
	struct sockaddr_in v4;

	*out = (struct address){ .len = sizeof out->sa };
	if (getsockname(listener, (struct sockaddr *)&out->sa, &out->len) == -1)
		return false;
	if (out->sa.ss_family == AF_INET) {
		memcpy(&v4, &out->sa, sizeof v4);
		if (v4.sin_addr.s_addr == htonl(INADDR_ANY))
			v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		memcpy(&out->sa, &v4, sizeof v4);
	} else {
		memcpy(&v6, &out->sa, sizeof v6);
		if (IN6_IS_ADDR_UNSPECIFIED(&v6.sin6_addr))
			v6.sin6_addr = in6addr_loopback;
		memcpy(&out->sa, &v6, sizeof v6);
	}
	return true;
}

/* A connection, or -1 with the reason in errno. */
static int door_connect(const struct parent *p, size_t i)
{
	bool udp = p->config->listen[i].kind == LISTEN_UDP;
	struct address to;
	int fd;

	if (!reach(p->listeners[i], &to))
		return -1;
	fd = socket(to.sa.ss_family,
		    (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -1;
	if (connect(fd, (struct sockaddr *)&to.sa, to.len) == 0 || errno == EINPROGRESS)
		return fd;
	int code = errno;

	close(fd);
	errno = code;
	return -1;
}

static void write_doors(const struct parent *p, struct jsonw *w)
{
	jsonw_key(w, "doors");
	jsonw_open(w, '[');
	for (size_t i = 0; i < p->config->n_listen; i++) {
		char address[ADDRESS_PORT_TEXT_MAX];

		listener_address(p, i, address);
		jsonw_open(w, '{');
		jsonw_kv_str(w, "kind", str_of(listener_name(p->config->listen[i].kind)));
		jsonw_kv_str(w, "address", str_of(address));
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

/* Where senders reach this machine. */
static void write_addresses(struct jsonw *w)
{
	struct sockaddr_storage at[ADDRESSES_MAX];
	size_t n = address_interfaces(at, ADDRESSES_MAX);

	jsonw_key(w, "addresses");
	jsonw_open(w, '[');
	for (size_t i = 0; i < n; i++) {
		char text[ADDRESS_TEXT_MAX];

		jsonw_str(w, str_of(address_host(&at[i], text)));
	}
	jsonw_close(w, ']');
}

void door_give(struct parent *p, uint64_t number, struct str json)
{
	struct buf b = BUF(16 << 10);
	struct jsonw w = { .out = &b };
	struct json *j = NULL;
	int64_t which = -1;
	int fd = -1;

	if (json_parse(json, 4096, &j, NULL) && !json_int(json_get(j, "listener"), &which))
		which = -1;
	json_free(j);
	jsonw_open(&w, '{');
	write_doors(p, &w);
	write_addresses(&w);
	if (which >= 0 && (uint64_t)which < p->config->n_listen) {
		fd = door_connect(p, (size_t)which);
		if (fd == -1)
			jsonw_kv_str(&w, "error", str_of(strerror(errno)));
	}
	jsonw_close(&w, '}');
	parent_tell(p, PROC_DESK, WIRE_DOOR, number, &b, fd);
	if (fd != -1)
		close(fd);
	buf_free(&b);
}
