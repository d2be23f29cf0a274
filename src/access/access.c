/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access.h"

#include "access/access_int.h"
#include "base/key_file.h"
#include "base/time.h"
#include "base/utf8.h"
#include "state/state.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

struct access *access_new(struct db *db, const char *keys_dir, struct err *why)
{
	struct access *ac = calloc(1, sizeof *ac);

	if (ac == NULL) {
		(void)err_set(why, ERR_LIMIT, 0, "no memory");
		return NULL;
	}
	ac->db = db;
	ac->clock = time_now;
	bool fits = snprintf(ac->keys_dir, sizeof ac->keys_dir, "%s", keys_dir) <
		    (int)sizeof ac->keys_dir;

	if (!fits)
		(void)err_set(why, ERR_LIMIT, 0, "name too long: '%s'", keys_dir);
	if (fits && key_file_load(keys_dir, "access.key", ac->key, why) &&
	    state_unit(db, ac->unit, why))
		return ac;
	access_free(ac);
	return NULL;
}

void access_free(struct access *ac)
{
	if (ac == NULL)
		return;
	crypt_wipe(ac, sizeof *ac);
	free(ac);
}

void access_clock(struct access *ac, int64_t (*clock)(void))
{
	ac->clock = clock;
}

bool who_may(const struct who *who, enum act act, struct err *why)
{
	if (!role_may(who->role, act))
		return err_set(why, ERR_DENIED, 0, "the role '%s' may not do this",
			       role_name(who->role));
	return !act_is_whole(act) || scope_is_whole(&who->scope) ||
	       err_set(why, ERR_DENIED, 0,
		       "this is for all units together; your role is for a part of them");
}

bool access_reach(struct access *ac, struct who *w, struct err *why)
{
	return scope_of_home(ac->db, &w->home, &w->scope, why);
}

void access_secret(const char *prefix, char out[ACCESS_SECRET_MAX])
{
	unsigned char raw[32], mem[128];
	struct arena a = { mem, mem + sizeof mem };

	crypt_random(raw, sizeof raw);
	struct str text = crypt_base64_url(&a, (struct str){ (const char *)raw, sizeof raw });
	int n = snprintf(out, ACCESS_SECRET_MAX, "%s%.*s", prefix, STR_ARG(text));

	assert(n > 40 && n < ACCESS_SECRET_MAX);
	crypt_wipe(raw, sizeof raw);
	crypt_wipe(mem, sizeof mem);
}

void access_secret_hash(struct str secret, unsigned char out[HASH_SHA256_LEN])
{
	hash_sha256(str_sub(secret, 0, ACCESS_SECRET_MAX), out);
}

bool access_note(struct access *ac, const struct who *who, const char *kind, struct str subject,
		 const struct ledger_fields *f, struct err *why)
{
	struct ledger_note note = { who == NULL ? "canh" : who->actor, kind, subject, ac->clock() };

	return ledger_append(ac->db, &note, f->list, f->n, NULL, why);
}

bool access_name(struct str in, char out[ACCESS_NAME_MAX + 1], struct err *why)
{
	if (in.n < 2 || in.n > ACCESS_NAME_MAX)
		return err_set(why, ERR_INPUT, 0, "a name has 2 to %d characters", ACCESS_NAME_MAX);
	for (size_t i = 0; i < in.n; i++) {
		char c = in.p[i];

		if (!ascii_alpha(c) && !ascii_digit(c) && (c == '\0' || strchr("._-@", c) == NULL))
			return err_set(why, ERR_INPUT, i,
				       "a name has letters without marks, digits and . _ - @ only");
	}
	for (size_t i = 0; i < in.n; i++)
		out[i] = ascii_lower(in.p[i]);
	out[in.n] = '\0';
	return true;
}

bool access_display_name(struct str in, struct err *why)
{
	if (str_trim(in).n == 0)
		return err_set(why, ERR_INPUT, 0, "a name is missing");
	if (utf8_count(in) > ACCESS_DISPLAY_CHARS)
		return err_set(why, ERR_INPUT, 0, "longer than %d characters",
			       ACCESS_DISPLAY_CHARS);
	for (size_t i = 0; i < in.n; i++)
		if ((unsigned char)in.p[i] < 0x20)
			return err_set(why, ERR_INPUT, i, "a name cannot have control characters");
	return utf8_valid(in) || err_set(why, ERR_INPUT, 0, "not UTF-8");
}

bool access_fault(struct access_faults *faults, const char *field, bool ok, const struct err *why)
{
	assert(ok || faults->n < ACCESS_FAULTS);
	if (!ok)
		faults->fault[faults->n++] = (struct access_fault){ field, *why };
	return ok;
}
