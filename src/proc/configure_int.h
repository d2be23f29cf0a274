/* SPDX-License-Identifier: Apache-2.0 */
/* configure_int.h - desk's part when the settings are read anew, and its certificate. */
#ifndef PROC_CONFIGURE_INT_H
#define PROC_CONFIGURE_INT_H

#include "base/buf.h"
#include "base/err.h"

#include <pthread.h>

struct config;
struct desk;
struct json;
struct jsonw;
struct wire_msg;

/* Under `told` of desk but for `one`. */
struct configure {
	pthread_mutex_t one;    /* held by who asks the parent to read the settings */
	uint64_t asked, number; /* number: of the question that waits; 0: none */
	char actor[80];
	struct buf last; /* {"at", "by", "outcome"} of the last reading; empty: none yet */
	bool own_ca;
	int64_t expires;      /* of the certificate; 0: there is none; TIME_NONE: unknown */
	int64_t looked;       /* monotonic: when it was last found to end soon */
	uint64_t min_free_mb; /* atomic */
	unsigned changes; /* atomic: how often settings changed; listeners may be others since */
};

/* Have the parent read the settings anew, in the name of `actor`; what came of it last (web/backend.h). */
bool desk_configure(void *desk, struct str actor, struct buf *answer, struct err *why);
bool desk_configured(void *desk, struct buf *answer);
/* The parent's answer; another configuration of it. */
void configure_came(struct desk *d, const struct wire_msg *m, const struct json *j);
void configure_take(struct desk *d, struct str json);
/* Note when the certificate of `c` ends. */
void configure_certificate(struct desk *d, const struct config *c);
/* Name the own unit as `c` does where the settings have no name for it. */
void configure_unit(struct desk *d, const struct config *c);
/* Have it renewed, or say that it ends soon. */
void configure_look(struct desk *d);
/* The member "certificate" of the house as it is now. */
void configure_live(struct desk *d, struct jsonw *w);

#endif
