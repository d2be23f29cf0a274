/* SPDX-License-Identifier: Apache-2.0 */
/* address.c - invariant: an address that leaves address_parse() is AF_INET or AF_INET6. */
#include "proc/address.h"

#include "base/num.h"
#include "event/ranges.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { UDP_BUFFER = 32 << 20, TCP_BUFFER = 4 << 20, BACKLOG = 512, IFREQS = 64 };

static bool fill(struct str host, uint16_t port, struct address *out)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	struct addr a = { 0 };

	if (host.n > 0 && !addr_parse(host, &a))
		return false;
	*out = (struct address){ 0 };
	if (host.n == 0 || !addr_is_v4(&a)) {
		memcpy(&v6.sin6_addr, a.b, sizeof a.b);
		memcpy(&out->sa, &v6, sizeof v6);
		out->len = sizeof v6;
		return true;
	}
	memcpy(&v4.sin_addr, a.b + 12, 4);
	memcpy(&out->sa, &v4, sizeof v4);
	out->len = sizeof v4;
	return true;
}

bool address_parse(struct str s, struct address *out, struct err *why)
{
	size_t colon = s.n;
	uint64_t port;

	while (colon > 0 && s.p[colon - 1] != ':')
		colon--;
	struct str host = str_sub(s, 0, colon == 0 ? 0 : colon - 1);
	if (host.n >= 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
		host = str_sub(host, 1, host.n - 1);
	else if (str_find_char(host, ':') < host.n)
		colon = 0;
	if (colon == 0 || !num_parse(str_skip(s, colon), 0, 65535, &port) ||
	    !fill(host, (uint16_t)port, out))
		return err_set(
			why, ERR_INPUT, 0,
			"'%.*s' is not an address: expected like 127.0.0.1:8088 or [::1]:8088",
			STR_ARG(s));
	return true;
}

bool address_is_loopback(const struct address *a)
{
	struct sockaddr_in6 v6;
	struct sockaddr_in v4;

	if (a->sa.ss_family == AF_INET) {
		memcpy(&v4, &a->sa, sizeof v4);
		return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
	}
	memcpy(&v6, &a->sa, sizeof v6);
	return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}

/* "0.0.0.0" takes IPv4 alone, "::" both. */
bool address_is_any(const struct address *a)
{
	struct sockaddr_in6 v6;
	struct sockaddr_in v4;

	if (a->sa.ss_family == AF_INET) {
		memcpy(&v4, &a->sa, sizeof v4);
		return v4.sin_addr.s_addr == htonl(INADDR_ANY);
	}
	memcpy(&v6, &a->sa, sizeof v6);
	return IN6_IS_ADDR_UNSPECIFIED(&v6.sin6_addr);
}

const char *address_host(const struct sockaddr_storage *sa, char out[ADDRESS_TEXT_MAX])
{
	struct sockaddr_in6 v6;
	struct sockaddr_in v4;
	struct addr a = { .b = { [10] = 0xFF, [11] = 0xFF } };

	if (sa->ss_family == AF_INET) {
		memcpy(&v4, sa, sizeof v4);
		memcpy(a.b + 12, &v4.sin_addr, 4);
	} else if (sa->ss_family == AF_INET6) {
		memcpy(&v6, sa, sizeof v6);
		memcpy(a.b, &v6.sin6_addr, 16);
	} else {
		snprintf(out, ADDRESS_TEXT_MAX, "local");
		return out;
	}
	return addr_text(&a, out);
}

unsigned address_port(const struct sockaddr_storage *sa)
{
	struct sockaddr_in v4; /* sin_port and sin6_port stand at the same place */

	memcpy(&v4, sa, sizeof v4);
	return ntohs(v4.sin_port);
}

const char *address_text(const struct sockaddr_storage *sa, char out[ADDRESS_PORT_TEXT_MAX])
{
	char host[ADDRESS_TEXT_MAX];

	address_host(sa, host);
	snprintf(out, ADDRESS_PORT_TEXT_MAX, strchr(host, ':') == NULL ? "%s:%u" : "[%s]:%u", host,
		 address_port(sa));
	return out;
}

/* By how likely somebody elsewhere can use it: IPv4, IPv6, loopback; -1: never. */
static int rank(const struct sockaddr_storage *sa)
{
	const struct address a = { .sa = *sa };
	struct sockaddr_in6 v6;

	if (address_is_loopback(&a))
		return 2;
	if (sa->ss_family == AF_INET)
		return 0;
	memcpy(&v6, sa, sizeof v6);
	return IN6_IS_ADDR_LINKLOCAL(&v6.sin6_addr) ? -1 : 1;
}

static bool interface_address(const struct ifaddrs *i, struct sockaddr_storage *out)
{
	sa_family_t family = i->ifa_addr == NULL ? AF_UNSPEC : i->ifa_addr->sa_family;

	*out = (struct sockaddr_storage){ 0 };
	if (family != AF_INET && family != AF_INET6)
		return false;
	memcpy(out, i->ifa_addr,
	       family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6));
	return true;
}

size_t address_interfaces_v4(struct sockaddr_storage *out, size_t max)
{
	struct ifreq all[IFREQS];
	struct ifconf told = { .ifc_len = sizeof all, .ifc_req = all };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	size_t n = 0;

	if (fd == -1)
		return 0;
	if (ioctl(fd, SIOCGIFCONF, &told) == -1)
		told.ifc_len = 0;
	close(fd);
	size_t count = (size_t)told.ifc_len / sizeof all[0];
	for (int want = 0; want <= 2; want++)
		for (size_t i = 0; i < count && n < max; i++) {
			out[n] = (struct sockaddr_storage){ 0 };
			memcpy(&out[n], &all[i].ifr_addr, sizeof(struct sockaddr_in));
			n += out[n].ss_family == AF_INET && rank(&out[n]) == want;
		}
	return n;
}

size_t address_interfaces(struct sockaddr_storage *out, size_t max)
{
	struct ifaddrs *all = NULL;
	size_t n = 0;

	/* as a service we have no netlink (RestrictAddressFamilies) */
	if (getifaddrs(&all) == -1)
		return address_interfaces_v4(out, max);
	for (int want = 0; want <= 2; want++)
		for (const struct ifaddrs *i = all; i != NULL && n < max; i = i->ifa_next)
			if (interface_address(i, &out[n]) && rank(&out[n]) == want)
				n++;
	freeifaddrs(all);
	return n;
}

size_t address_reachable(const struct address *a, struct sockaddr_storage *out, size_t max)
{
	struct sockaddr_in port;
	size_t n = address_is_any(a) ? address_interfaces(out, max) : 0, kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (a->sa.ss_family == AF_INET && out[i].ss_family != AF_INET)
			continue;
		memcpy(&port, &out[i], sizeof port);
		port.sin_port = htons((uint16_t)address_port(&a->sa));
		memcpy(&out[i], &port, sizeof port.sin_family + sizeof port.sin_port);
		out[kept++] = out[i];
	}
	if (kept == 0 && max > 0)
		out[kept++] = a->sa;
	return kept;
}

static void set_buffer(int fd, int size)
{
	/* FORCE needs CAP_NET_ADMIN; without it the system's maximum holds. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) == -1)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
}

static bool bind_to(int fd, const struct address *a, int type, struct err *why)
{
	struct sockaddr_storage sa = a->sa;
	char host[ADDRESS_TEXT_MAX];
	int on = 1, off = 0;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (sa.ss_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
	set_buffer(fd, type == SOCK_DGRAM ? UDP_BUFFER : TCP_BUFFER);
	if (bind(fd, (const struct sockaddr *)&sa, a->len) == -1 ||
	    (type == SOCK_STREAM && listen(fd, BACKLOG) == -1))
		return err_set(why, ERR_IO, 0, "cannot listen on %s port %u: %s",
			       address_host(&sa, host), address_port(&sa), strerror(errno));
	return true;
}

bool address_bind(const struct address *a, int type, int *out, struct err *why)
{
	int fd = socket(a->sa.ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd == -1)
		return err_set(why, ERR_IO, 0, "cannot make a socket: %s", strerror(errno));
	if (!bind_to(fd, a, type, why)) {
		close(fd);
		return false;
	}
	*out = fd;
	return true;
}
