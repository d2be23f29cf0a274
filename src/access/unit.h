/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unit.h - the units below our own, and the sites of each: what sources are assigned to and roles are
 * held for (state/scope.h). They are added and renamed; one goes only while nothing belongs to it.
 */
#ifndef ACCESS_UNIT_H
#define ACCESS_UNIT_H

#include "access/access.h"

enum { UNITS_MAX = 2000, SITES_MAX = 10000 };

struct unit {
	char id[UUID_MAX], parent[UUID_MAX]; /* parent "": out of the scope, or there is none */
	struct str name;                     /* our own: as the settings say */
	bool own;
};
struct site {
	char id[UUID_MAX], unit[UUID_MAX];
	struct str name;
};
struct units {
	struct unit *units; /* by name, our own first */
	struct site *sites; /* by name */
	size_t n_units, n_sites;
};
/* What our own is called while the settings say nothing: becomes the setting, with its entry of the
 * ledger. Empty: nothing. ERR_LIMIT: too long for a name. */
MUST_USE bool unit_own_name(struct db *db, struct str name, struct err *why);
/* What the scope reaches, in `a`; for a role at one site: that site and its unit. */
MUST_USE bool unit_list(struct access *ac, const struct scope *scope, struct arena *a,
			struct units *out, struct err *why);

/* Each needs ACT_UNITS and a role that reaches the parent, the unit, the unit of the site as a whole
 * (ERR_ABSENT: no such one in it). ERR_INPUT: a bad name; ERR_STATE: it is taken there. */
MUST_USE bool unit_new(struct access *ac, const struct who *who, struct str parent, struct str name,
		       char id[UUID_MAX], struct err *why);
MUST_USE bool unit_rename(struct access *ac, const struct who *who, struct str id, struct str name,
			  struct err *why);
MUST_USE bool site_new(struct access *ac, const struct who *who, struct str unit, struct str name,
		       char id[UUID_MAX], struct err *why);
MUST_USE bool site_rename(struct access *ac, const struct who *who, struct str id, struct str name,
			  struct err *why);
/* ERR_STATE: something belongs to it, by name; or it is our own. */
MUST_USE bool unit_remove(struct access *ac, const struct who *who, struct str id, struct err *why);
MUST_USE bool site_remove(struct access *ac, const struct who *who, struct str id, struct err *why);

#endif
