/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/refused.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/time.h"
#include "proc/desk_int.h"

enum { TOLD_A_SECOND = 20, PEER_MAX = 64 };

void refused_tell(struct links *links, struct refused *r, const char *peer, const struct err *why)
{
	int64_t now = time_monotonic();
	struct buf b = BUF(WIRE_INLINE);

	if (now - r->since >= TIME_SECOND)
		*r = (struct refused){ .since = now };
	if (r->told++ >= TOLD_A_SECOND)
		return;
	buf_add(&b, str_of(peer));
	buf_char(&b, '\0');
	rpc_write_failure(why, &b);
	if (b.full || !links_tell(links, WIRE_REFUSED, buf_str(&b)))
		log_warn("desk was not told that %s was refused", peer);
	buf_free(&b);
}

static bool is_address(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_digit(s.p[i]) && !ascii_alpha(s.p[i]) && s.p[i] != '.' &&
		    s.p[i] != ':' && s.p[i] != '%')
			return false;
	return s.n > 0 && s.n < PEER_MAX;
}

void refused_take(struct desk *d, struct str payload)
{
	size_t nul = str_find_char(payload, '\0');
	struct str peer = str_sub(payload, 0, nul);
	struct err why = { 0 };

	if (nul == payload.n || !is_address(peer)) {
		log_error("watch told of a refused sender in no way known");
		return;
	}
	rpc_read_failure(str_skip(payload, nul + 1), &why);
	if (d->web != NULL)
		web_refused(d->web, "tls", peer, &why);
}
