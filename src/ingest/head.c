/* SPDX-License-Identifier: Apache-2.0 */
/* head.c - "LEN:HASH" */
#include "ingest/head.h"

#include "base/hash.h"
#include "base/num.h"

#include <stdio.h>
#include <unistd.h>

enum { HEAD_BYTES = 256 };

bool head_of(int fd, uint64_t len, char out[HEAD_TEXT])
{
	char bytes[HEAD_BYTES];
	size_t n = len < HEAD_BYTES ? (size_t)len : HEAD_BYTES;

	if (pread(fd, bytes, n, 0) != (ssize_t)n)
		return false;
	snprintf(out, HEAD_TEXT, "%zu:%016llx", n,
		 (unsigned long long)hash_quick((struct str){ bytes, n }, 0));
	return true;
}

bool head_same(int fd, struct str kept)
{
	struct str rest = kept, len;
	char now[HEAD_TEXT];
	uint64_t n;

	if (!str_split(&rest, ':', &len) || !num_parse(len, 0, HEAD_BYTES, &n))
		return true;
	return head_of(fd, n, now) && str_eq(kept, str_of(now));
}
