/* SPDX-License-Identifier: Apache-2.0 */
/* notify_int.h - shared by notify.c (kept, shown) and notify_change.c (read from a body). */
#ifndef EXCHANGE_NOTIFY_INT_H
#define EXCHANGE_NOTIFY_INT_H

#include "exchange/notify.h"

extern const char *const mail_tls_names[3];
extern const char *const recipient_kinds[4];

/* One field of what is read. */
struct reading {
	struct arena *a;
	const struct notify_sink *sink; /* NULL: what is kept; mistakes are left out in silence */
	bool ok;
};
void notify_read_all(struct reading *r, const struct json *body, struct notify *n);

#endif
