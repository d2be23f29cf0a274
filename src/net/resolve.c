/* SPDX-License-Identifier: Apache-2.0 */
#include "net/resolve.h"

#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

static bool known(char out[][RESOLVED_MAX], size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(out[i], text) == 0)
			return true;
	return false;
}

bool resolve_host(const char *host, char out[][RESOLVED_MAX], size_t most, size_t *n,
		  struct err *why)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	size_t got = 0;
	int failed = getaddrinfo(host, NULL, &hints, &found);

	if (failed != 0)
		return err_set(why, ERR_IO, 0, "the name '%s' cannot be resolved: %s", host,
			       gai_strerror(failed));
	for (const struct addrinfo *a = found; a != NULL && got < most; a = a->ai_next) {
		char text[RESOLVED_MAX];

		if (getnameinfo(a->ai_addr, a->ai_addrlen, text, sizeof text, NULL, 0,
				NI_NUMERICHOST) != 0 ||
		    known(out, got, text))
			continue;
		memcpy(out[got++], text, sizeof text);
	}
	freeaddrinfo(found);
	*n = got;
	return true;
}
