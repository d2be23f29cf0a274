/* SPDX-License-Identifier: Apache-2.0 */
/*
 * normal.h - the ECS run of an event from its raw run.
 *
 * What each product's names mean stands in event/map.c; what takes more than a name (NAT, Windows
 * logons, outcome words, hashes in one field) in normal_*.c, one file a family. Values are views of
 * the raw ones wherever the text is the same. Pure.
 */
#ifndef EVENT_NORMAL_H
#define EVENT_NORMAL_H

#include "event/build.h"

/* Which family's names the raw run uses: a column of formats[]. */
enum family {
	FAMILY_NONE,
	FAMILY_JSON,
	FAMILY_KV,
	FAMILY_CEF,
	FAMILY_LEEF,
	FAMILY_AUDIT,
	FAMILY_WEB,
	/* raw names that are ECS names, or such as appliances use: content/decoders */
	FAMILY_TEXT,
	FAMILY_CSV,
	FAMILY_SYSLOG,
};

/* Closes the raw run (b->ev.n_raw) and adds the ECS run, direction and outcome. */
void normal_run(struct build *b, enum family family);

#endif
