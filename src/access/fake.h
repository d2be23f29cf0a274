/* SPDX-License-Identifier: Apache-2.0 */
/* fake.h - a data folder, a clock and a first admin for the tests of this room. */
#ifndef ACCESS_FAKE_H
#define ACCESS_FAKE_H

#include "access/invite.h"
#include "access/totp.h"
#include "access/unit.h"
#include "base/crypt.h"
#include "base/test.h"
#include "base/time.h"
#include "state/ledger.h"
#include "state/state.h"
#include "state/verify.h"

#include <unistd.h>

#define PASSWORD STR("một mật khẩu dài")
#define ADDRESS STR("192.0.2.7")

static int64_t fake_time = INT64_C(1700000000) * TIME_SECOND;

static int64_t fake_now(void)
{
	return fake_time;
}

struct fake {
	char dir[64], keys[96];
	struct db *db;
	struct ledger_key *key;
	struct access *ac;
};

UNUSED static bool fake_open(struct fake *f)
{
	struct err why = { 0 };

	snprintf(f->dir, sizeof f->dir, "/tmp/canh-access-XXXXXX");
	if (!crypt_init(&why) || mkdtemp(f->dir) == NULL)
		return false;
	snprintf(f->keys, sizeof f->keys, "%s/keys", f->dir);
	f->key = ledger_key_load(f->keys, &why);
	f->db = state_open(f->dir, DB_CREATE, &why);
	if (f->key == NULL || f->db == NULL || !ledger_attach(f->db, f->key, &why))
		return false;
	f->ac = access_new(f->db, f->keys, &why);
	if (f->ac == NULL)
		return false;
	access_clock(f->ac, fake_now);
	return true;
}

/* The ledger holds, then all is closed. */
UNUSED static void fake_close(struct fake *f)
{
	struct verify_wish wish = { .nwitness = 0 };
	struct verify_report report;
	struct err why = { 0 };

	if (!CHECK("the ledger holds", verify_ledger(f->db, &wish, &report, &why)))
		printf("%s\n", why.text);
	access_free(f->ac);
	db_close(f->db);
	ledger_key_free(f->key);
	CHECK("clean up", test_remove(f->dir));
}

/* The code of the secret now; the clock goes on by one step, so that each code is new. */
UNUSED static const char *fake_code(const char *base32, char out[8])
{
	unsigned char mem[128];
	struct arena a = { mem, mem + sizeof mem };
	struct str secret = { NULL, 0 };

	fake_time += TOTP_STEP_S * TIME_SECOND;
	if (!crypt_base32_parse(&a, str_of(base32), &secret, NULL))
		return "";
	uint64_t step = (uint64_t)(fake_time / TIME_SECOND) / TOTP_STEP_S;

	snprintf(out, 8, "%06u", totp_code(secret, step) % 1000000);
	return out;
}

/* An account from a link: accept, confirm. */
UNUSED static bool fake_join(struct fake *f, const char *secret, const char *name,
			     struct totp_seed *seed, struct opened *out)
{
	struct accept in = { str_of(name), str_of(name), PASSWORD };
	struct access_faults faults;
	struct err why = { 0 };
	char code[8];
	int64_t retry;

	bool ok = invite_accept(f->ac, str_of(secret), &in, seed, &faults, &why);
	struct sign_in sign = { .address = ADDRESS, .agent = STR("test") };

	sign.code = str_of(ok ? fake_code(seed->secret, code) : "");
	ok = ok && invite_confirm(f->ac, str_of(secret), &sign, out, &retry, &why);
	if (!ok)
		printf("%s\n", why.text);
	return ok;
}

UNUSED static bool fake_admin(struct fake *f, struct totp_seed *seed, struct opened *out)
{
	char secret[ACCESS_SECRET_MAX];

	return invite_first(f->ac, secret, NULL) && fake_join(f, secret, "admin", seed, out);
}

/* A role for a part, as session_find() would give it. */
UNUSED static struct who fake_part(struct fake *f, const struct who *whole, const char *unit,
				   const char *site)
{
	struct who w = *whole;

	snprintf(w.home.unit, sizeof w.home.unit, "%s", unit);
	snprintf(w.home.site, sizeof w.home.site, "%s", site);
	CHECK("a part", scope_of_home(f->db, &w.home, &w.scope, NULL));
	return w;
}

UNUSED static int64_t fake_count(struct fake *f, const char *sql)
{
	int64_t n = -1;

	CHECK(sql, db_number(f->db, sql, NULL, 0, &n, NULL));
	return n;
}

#endif
