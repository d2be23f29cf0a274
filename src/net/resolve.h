/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resolve.h - the addresses of a host name, as the system finds them. Blocks; from any thread.
 */
#ifndef NET_RESOLVE_H
#define NET_RESOLVE_H

#include "base/err.h"

enum { RESOLVED_MAX = 46 };

/* Each once, as text; at most `most`. An address gives itself. */
MUST_USE bool resolve_host(const char *host, char out[][RESOLVED_MAX], size_t most, size_t *n,
			   struct err *why);

#endif
