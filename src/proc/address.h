/* SPDX-License-Identifier: Apache-2.0 */
/*
 * address.h - "host:port" of our own listeners, and sockets bound to them.
 *
 * Hosts are IP addresses, never names: a listener must not depend on a resolver. Pure but for
 * address_bind(), which runs in the parent alone.
 */
#ifndef PROC_ADDRESS_H
#define PROC_ADDRESS_H

#include "base/err.h"
#include "base/str.h"

#include <sys/socket.h>

struct address {
	struct sockaddr_storage sa;
	socklen_t len;
};

enum { ADDRESS_TEXT_MAX = 64 };

/* "127.0.0.1:8088", "[::1]:8088", ":8088" (every address). Whole view or fail. */
MUST_USE bool address_parse(struct str s, struct address *out, struct err *why);
bool address_is_loopback(const struct address *a);
bool address_is_any(const struct address *a); /* every address of this machine */
/* The address alone, without port. */
const char *address_host(const struct sockaddr_storage *sa, char out[ADDRESS_TEXT_MAX]);
unsigned address_port(const struct sockaddr_storage *sa);
/* "192.0.2.7:8443", "[2001:db8::7]:8443": as one types it. */
enum { ADDRESS_PORT_TEXT_MAX = ADDRESS_TEXT_MAX + 8 };
const char *address_text(const struct sockaddr_storage *sa, char out[ADDRESS_PORT_TEXT_MAX]);
/* The addresses of this machine's interfaces, loopback last, link-local ones left out (nobody types
 * those); port 0. How many, at most `max`. */
size_t address_interfaces(struct sockaddr_storage *out, size_t max);
/* Those of version 4 alone, without netlink. */
size_t address_interfaces_v4(struct sockaddr_storage *out, size_t max);
/* Where one reaches what is bound to `a`: itself, or, for every address, those of the interfaces. */
size_t address_reachable(const struct address *a, struct sockaddr_storage *out, size_t max);
/* A non-blocking, close-on-exec socket bound (and listening, for SOCK_STREAM) to `a`. For UDP the
 * receive buffer is raised as far as the system allows. */
MUST_USE bool address_bind(const struct address *a, int type, int *out, struct err *why);

#endif
