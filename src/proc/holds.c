/* SPDX-License-Identifier: Apache-2.0 */
/*
 * holds.c - watch is told which days of the store must not go: when it is new, when a hold was placed or
 * released, when one has come to its end. What could not be told is told again.
 */
#include "base/hash.h"
#include "base/log.h"
#include "proc/held.h"
#include "proc/jobs_int.h"
#include "state/hold_row.h"

enum { HOLD_WAIT_MS = 5000 };
#define ROOM ((size_t)64 << 20)

static bool put_days(struct desk *d, struct jsonw *w, struct err *why)
{
	int64_t now = time_now();
	struct hold_row *rows;
	struct arena whole;
	size_t n = 0;

	if (!arena_reserve(&whole, ROOM))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct arena a = whole;
	pthread_mutex_lock(&d->lock);
	bool ok = hold_row_all(d->db, &a, now, &rows, &n, why);
	pthread_mutex_unlock(&d->lock);
	jsonw_open(w, '{');
	jsonw_key(w, "days");
	jsonw_open(w, '[');
	/* those in force stand first */
	for (size_t i = 0; ok && i < n && hold_in_force(&rows[i], now); i++)
		jsonw_str(w, arena_printf(&a, "%.*s/%.*s", STR_ARG(rows[i].day),
					  STR_ARG(rows[i].last)));
	jsonw_close(w, ']');
	jsonw_close(w, '}');
	arena_release(whole);
	return ok;
}

static bool tell(struct desk *d, struct str days, struct err *why)
{
	struct buf answer = BUF(4096);
	const struct rpc_call call = { .type = WIRE_HOLD,
				       .payload = days,
				       .fd = -1,
				       .timeout_ms = HOLD_WAIT_MS,
				       .again = true };
	bool ok = rpc_call(d->watch, &call, &answer, NULL, why);

	buf_free(&answer);
	return ok;
}

bool desk_hold(struct desk *d, bool anew, struct err *why)
{
	struct buf days = BUF(HELD_BYTES);
	struct jsonw w = { .out = &days };

	pthread_mutex_lock(&d->holding);
	bool ok = put_days(d, &w, why);
	uint64_t sum = ok ? hash_quick(buf_str(&days), 1) : 0;

	if (ok && (anew || sum != d->held_sum)) {
		d->held_sum = 0;
		ok = tell(d, buf_str(&days), why);
		if (ok)
			d->held_sum = sum;
	}
	pthread_mutex_unlock(&d->holding);
	buf_free(&days);
	return ok;
}
