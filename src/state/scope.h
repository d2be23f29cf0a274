/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scope.h - whose a thing is, and what a role reaches.
 *
 * A thing (source, alert, exception, account, token) belongs to a unit, and to a site of it or to none.
 * A role is held for everything, for a unit with all below it, or for one site. What lies outside is,
 * to whoever asks, not there. Own unit of the installation: the one without a parent.
 */
#ifndef STATE_SCOPE_H
#define STATE_SCOPE_H

#include "base/uuid.h"
#include "state/db.h"

struct home {
	char unit[UUID_MAX];
	char site[UUID_MAX]; /* "": of no site */
};
struct scope {
	char unit[UUID_MAX]; /* "": everything */
	char site[UUID_MAX]; /* "": all of the unit and below */
};

static inline bool scope_is_whole(const struct scope *s)
{
	return s->unit[0] == '\0';
}

/* A role for `home`: the own unit without a site is everything. */
MUST_USE bool scope_of_home(struct db *db, const struct home *home, struct scope *out,
			    struct err *why);
/* Does the scope reach it? */
MUST_USE bool scope_has(struct db *db, const struct scope *s, const struct home *home, bool *out,
			struct err *why);
/* What a role for the scope makes belongs there; of the whole: to the own unit. */
MUST_USE bool scope_home(struct db *db, const struct scope *s, struct home *out, struct err *why);
/* The home that is asked for, which must lie in the scope: `unit` empty: that of scope_home();
 * ERR_INPUT: no such unit or site, or not in the scope. */
MUST_USE bool scope_pick(struct db *db, const struct scope *s, struct str unit, struct str site,
			 struct home *out, struct err *why);

/*
 * In SQL: a condition over two columns, with two numbered values, for which SCOPE_VALS stands. A
 * column of site may hold NULL or '' for none.
 */
#define UNITS_BELOW(u)                                                               \
	"(WITH RECURSIVE below(id) AS (SELECT id FROM units WHERE id = " u           \
	" UNION SELECT k.id FROM units k JOIN below b ON k.parent = b.id) SELECT id" \
	" FROM below)"
#define IN_SCOPE(unit, site, u, s)                                                              \
	"(" u " IS NULL OR (" unit " IN " UNITS_BELOW(u) " AND (" s " IS NULL OR " site " = " s \
							 ")))"
#define SCOPE_VALS(sc)                                  \
	V_Z((sc)->unit[0] != '\0' ? (sc)->unit : NULL), \
		V_Z((sc)->site[0] != '\0' ? (sc)->site : NULL)
/* The other way round: is what belongs to (u, s) reached by what is held for the columns? */
#define UNITS_ABOVE(u)                                                                   \
	"(WITH RECURSIVE above(id) AS (SELECT id FROM units WHERE id = " u               \
	" UNION SELECT k.parent FROM units k JOIN above a ON k.id = a.id WHERE k.parent" \
	" IS NOT NULL) SELECT id FROM above)"
#define REACHES(unit, site, u, s) \
	"(" unit " IN " UNITS_ABOVE(u) " AND (" site " IS NULL OR " site " = " s "))"
#define HOME_VALS(h) V_Z((h)->unit), V_Z((h)->site)

/* Where a source belongs: where somebody assigned it; else where its sender (a token or user, by id;
 * empty: none) does; else to the own unit. */
MUST_USE bool source_home(struct db *db, struct str source, struct str sender, struct home *out,
			  struct err *why);
/* Assign it; a transaction of its own, with its entry of the ledger. */
MUST_USE bool source_home_put(struct db *db, struct str source, const struct home *home,
			      const char *actor, struct err *why);

#endif
