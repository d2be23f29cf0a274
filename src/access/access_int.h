/* SPDX-License-Identifier: Apache-2.0 */
/* access_int.h - what the files of this room share. */
#ifndef ACCESS_ACCESS_INT_H
#define ACCESS_ACCESS_INT_H

#include "access/session.h"
#include "access/totp.h"
#include "base/crypt.h"
#include "base/hash.h"
#include "state/ledger.h"

struct access {
	struct db *db; /* borrowed */
	unsigned char key[CRYPT_KEY_LEN];
	int64_t (*clock)(void);
	char unit[UUID_MAX]; /* our own */
	char keys_dir[400];
};

enum { TOTP_BOX_LEN = TOTP_SECRET_LEN + CRYPT_BOX_EXTRA };
#define SEEN_EVERY TIME_MINUTE

/* `prefix` and 43 characters of base64url of 32 random bytes. */
void access_secret(const char *prefix, char out[ACCESS_SECRET_MAX]);
void access_secret_hash(struct str secret, unsigned char out[HASH_SHA256_LEN]);

struct ledger_fields {
	const struct ledger_field *list;
	size_t n;
};
#define NOTE(...)                                                                              \
	(&(const struct ledger_fields){ (const struct ledger_field[]){ __VA_ARGS__ },          \
					sizeof((const struct ledger_field[]){ __VA_ARGS__ }) / \
						sizeof(struct ledger_field) })
/* One entry of the ledger by `who` (NULL: canh). */
MUST_USE bool access_note(struct access *ac, const struct who *who, const char *kind,
			  struct str subject, const struct ledger_fields *f, struct err *why);

/* w->scope, of w->home. */
MUST_USE bool access_reach(struct access *ac, struct who *w, struct err *why);

/* Lower-case sign-in name: letters, digits and . _ - @, 2 to 64 of them. */
MUST_USE bool access_name(struct str in, char out[ACCESS_NAME_MAX + 1], struct err *why);
MUST_USE bool access_display_name(struct str in, struct err *why);
/* Add a fault for `field` when !ok; returns ok. */
bool access_fault(struct access_faults *faults, const char *field, bool ok, const struct err *why);

/* What failures are counted for. */
struct lock_subject {
	char account[96]; /* "user:NAME", "invite:ID"; "" for none */
	char address[96]; /* "address:A" */
};
struct lock_subject lock_subject(const char *kind, struct str account, struct str address);
/* ERR_LIMIT when either is locked; *retry_s is then above 0. */
MUST_USE bool lock_check(struct access *ac, const struct lock_subject *s, int64_t *retry_s,
			 struct err *why);
/* Count a failure of both / forget those of the account. In a transaction of the caller. */
MUST_USE bool lock_failure(struct access *ac, const struct lock_subject *s, struct err *why);
MUST_USE bool lock_clear(struct access *ac, const struct lock_subject *s, struct err *why);

/* A new session of the user, and its entry in the ledger; in a transaction of the caller. */
MUST_USE bool session_make(struct access *ac, const char *user, const struct sign_in *in,
			   struct opened *out, struct err *why);
#endif
