/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config_change.h - what differs in settings that were read anew: what holds at once, and what only
 * after a restart, by name.
 *
 * A process enters its sandbox with the folders it began with, and the page has one address for as
 * long as it is served: these settings stay as they are. Pure.
 */
#ifndef PROC_CONFIG_CHANGE_H
#define PROC_CONFIG_CHANGE_H

#include "proc/config.h"

enum { CONFIG_CHANGES_MAX = 24 };

/* Names as canh.yaml has them: "zone", "listen.syslog". Static. */
struct config_change {
	const char *live[CONFIG_CHANGES_MAX], *restart[CONFIG_CHANGES_MAX];
	size_t n_live, n_restart;
};

/* Compare what runs with what was read, and put back into *next what cannot change while it runs,
 * copied into `a`. */
MUST_USE bool config_change(struct arena *a, const struct config *now, struct config *next,
			    struct config_change *out, struct err *why);

/* Records are read alike under both: zones and ways of sources. */
bool config_reads_alike(const struct config *x, const struct config *y);

/* The place in `from` of a listener of that kind and address that is not `used` yet, or
 * CONFIG_MAX_LISTENERS. */
size_t config_same_listener(const struct config *from, const bool used[CONFIG_MAX_LISTENERS],
			    const struct listener *l);

#endif
