/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan.h - from alerts that nobody has acknowledged to notices in the outbox: who is told, over what,
 * when again, when higher up.
 *
 * One recipient gets one notice a minute, which counts the alerts it stands for; only an alert of a
 * higher severity does not wait for the minute. Where nobody can be told the ladder is climbed at once, and
 * where nobody is there either a notice is given up, which the board tells.
 */
#ifndef EXCHANGE_PLAN_H
#define EXCHANGE_PLAN_H

#include "exchange/notify.h"

enum { PLAN_PER_CALL = 5000 };

struct planned {
	size_t alerts;  /* that were told of now */
	size_t notices; /* new ones */
	size_t nobody;  /* alerts for which there was nobody to tell */
};
/* A transaction of its own. Called often; does nothing where nothing is due. Alerts from before the first
 * call are left alone. */
MUST_USE bool plan_run(struct db *db, struct arena a, const struct notify *n, int64_t now,
		       struct planned *out, struct err *why);

/* When quiet hours that hold now end; 0: they do not hold. `from`, `to`: minutes of the day. */
int64_t quiet_until(const struct quiet_hours *q, int64_t now);

#endif
