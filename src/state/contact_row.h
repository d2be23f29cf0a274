/* SPDX-License-Identifier: Apache-2.0 */
/*
 * contact_row.h - how people are reached: telephone, e-mail, language. Every account is one, with the
 * account's id and name; beside them people without an account.
 *
 * Each change is a transaction of its own with its ledger entry, names and numbers as personal data;
 * those with `_in` are made inside the caller's.
 */
#ifndef STATE_CONTACT_ROW_H
#define STATE_CONTACT_ROW_H

#include "base/uuid.h"
#include "state/db.h"

enum {
	CONTACTS_MAX = 4096,
	CONTACT_NAME_MAX = 128,
	CONTACT_PHONE_MAX = 64,
	CONTACT_EMAIL_MAX = 254
};

struct person {
	char id[UUID_MAX];
	bool user;                           /* has an account that may sign in */
	struct str name, role, phone, email; /* p == NULL: none */
	struct str lang;                     /* "vi", "en" */
};

/* By name, in `a`; accounts that were disabled are left out. */
MUST_USE bool contact_list(struct db *db, struct arena *a, struct person **out, size_t *n,
			   struct err *why);
/* ERR_ABSENT: no such person. */
MUST_USE bool contact_get(struct db *db, struct arena *a, struct str id, struct person *out,
			  struct err *why);

/* p == NULL: as it is; empty: none. */
struct contact_patch {
	struct str name, phone, email, lang;
};
/* One field as a person may have typed it: ERR_INPUT. An empty one is fine but for the name. */
MUST_USE bool contact_name_check(struct str s, struct err *why);
MUST_USE bool contact_phone_check(struct str s, struct err *why);
/* One address: ASCII, no blanks, no controls. */
MUST_USE bool contact_email_check(struct str s, struct err *why);

/* The fields were checked. */
MUST_USE bool contact_add(struct db *db, const struct contact_patch *is, const char *actor,
			  char id[UUID_MAX], struct err *why);
MUST_USE bool contact_add_in(struct db *db, const struct contact_patch *is, const char *actor,
			     char id[UUID_MAX], struct err *why);
/* ERR_ABSENT; ERR_INPUT: the name of an account. */
MUST_USE bool contact_change(struct db *db, struct str id, const struct contact_patch *p,
			     const char *actor, struct err *why);
/* ERR_ABSENT; ERR_STATE: an account, or one who has a shift still to come. */
MUST_USE bool contact_remove(struct db *db, struct str id, int64_t now, const char *actor,
			     struct err *why);
/* Whom a roster calls so: sign-in name, display name, name of a contact. id "": nobody; ERR_INPUT:
 * more than one. */
MUST_USE bool contact_named(struct db *db, struct str name, char id[UUID_MAX], struct err *why);
/* The row of a person who may have none yet; in the caller's transaction. ERR_ABSENT. */
MUST_USE bool contact_need_in(struct db *db, struct str id, const char *actor, struct err *why);

#endif
