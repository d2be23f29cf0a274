/* SPDX-License-Identifier: Apache-2.0 */
/*
 * role.h - who may do what. One table in role.c; nothing else in the program decides it. Of whom and
 * what, for a role that is held for a part of the units: state/scope.h.
 */
#ifndef ACCESS_ROLE_H
#define ACCESS_ROLE_H

#include "base/str.h"

/* Weakest first. An auditor reads everything and writes nothing. */
enum role { ROLE_SOURCE, ROLE_VIEWER, ROLE_ANALYST, ROLE_LEAD, ROLE_AUDITOR, ROLE_ADMIN };
enum { ROLES = ROLE_ADMIN + 1 };

enum act {
	ACT_PUSH,          /* hand in events */
	ACT_OWN,           /* own session, language, password, session list */
	ACT_READ,          /* board, alerts, events, sources, lists, rules, directives */
	ACT_READ_LEDGER,   /* the ledger */
	ACT_READ_ACCESS,   /* users, tokens */
	ACT_READ_HOUSE,    /* settings */
	ACT_READ_CONTACTS, /* how people are reached */
	ACT_READ_NOTICES,  /* what was sent to whom */
	ACT_TRIAGE,        /* alerts: acknowledge, assign, comment, verdict, handle; new by hand */
	ACT_SOURCES,       /* name and class of a source */
	ACT_LISTS,         /* import and remove lists */
	ACT_LOOK,          /* have a file judged of which nothing is kept */
	ACT_IMPORT,        /* keep old logs by hand */
	ACT_RULES,         /* import rules */
	ACT_EXCEPTIONS,    /* make and remove exceptions */
	ACT_ATTEST,        /* attest a measure */
	ACT_DRILL,         /* play an exercise */
	ACT_DUTY,          /* the roster, and how people are reached */
	ACT_HOLD,          /* keep days of the store from leaving it */
	ACT_USERS,         /* invite, change, disable */
	ACT_TOKENS,        /* make and revoke */
	ACT_UNITS,         /* add and rename units and sites */
	ACT_SETTINGS,      /* change settings */
};
enum { ACTS = ACT_SETTINGS + 1 };

bool role_may(enum role role, enum act act);
/* Is it about the house as a whole, so that a role for a part of it does not suffice? */
bool act_is_whole(enum act act);
const char *role_name(enum role role);
/* "analyst"; on anything else false and *out untouched. */
MUST_USE bool role_parse(struct str name, enum role *out);

#endif
