/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gather.h - one hit into an alert: an open one of its key, or a new one. In the caller's transaction.
 *
 * What comes from units or sites of their own is an alert of theirs. Keys: a rule; a rule and its day where medium gathers; a value of a kind of list; a list and its day
 * where it gathers. Exercises have keys of their own.
 */
#ifndef RESPOND_GATHER_H
#define RESPOND_GATHER_H

#include "base/json.h"
#include "respond/respond.h"

enum { GATHER_PLACES = 16 };

struct gather_hit {
	struct home home; /* where its event comes from */
	struct str day;   /* "2026-11-22", of the store */
	int64_t batch, n;
	struct str event; /* its id; empty: it could not be read */
	int64_t time;     /* of the event */
	bool indicator;   /* else a rule */
	bool group;       /* gathers by day */
	bool exercise;
	int severity;  /* rank */
	struct str id; /* of the rule or list */
	struct str indicator_value, type, matched;
	struct str about_json; /* what the rule or list said of itself */
	const struct json *about;
	struct str hosts[GATHER_PLACES], addresses[GATHER_PLACES];
	size_t n_hosts, n_addresses;
	struct str event_json, fields_json; /* empty: not at hand */
};

struct gathering {
	struct db *db;
	struct arena scratch;        /* copy it before use */
	const struct clocks *clocks; /* NULL: none are known, the alert has no clock */
	int64_t now;
};
/* id: of the alert. */
MUST_USE bool gather_put(const struct gathering *g, const struct gather_hit *hit, char id[UUID_MAX],
			 struct err *why);

#endif
