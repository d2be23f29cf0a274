/* SPDX-License-Identifier: Apache-2.0 */
/*
 * house_test.h - a server for tests: a real state.db in a folder of its own, a token of every role, a
 * signed-in admin, and a backend that counts.
 */
#ifndef WEB_HOUSE_TEST_H
#define WEB_HOUSE_TEST_H

#include "access/access.h"
#include "access/invite.h"
#include "access/token.h"
#include "access/totp.h"
#include "base/crypt.h"
#include "base/file.h"
#include "base/json.h"
#include "base/time.h"
#include "state/ledger.h"
#include "state/state.h"
#include "web/client_test.h"
#include "web/fake_test.h"
#include "web/web.h"

#include <fcntl.h>

#define HOUSE_PASSWORD "Trực ban 24/7 không nghỉ"

struct house {
	char dir[256], state[300], keys[300];
	struct db *db;
	struct ledger_key *key;
	struct access *access;
	struct fake fake;
	struct web *web;
	unsigned port;
	char token[ROLES][ACCESS_SECRET_MAX];
	char session[ACCESS_SECRET_MAX]; /* of the admin "truong" */
	unsigned char totp[64];          /* his seed */
	size_t totp_len;
};

static void house_must(bool ok, const char *what, const struct err *why)
{
	if (ok)
		return;
	printf("FAILED the house: %s: %s\n", what, why->text);
	exit(1);
}

static void house_code(const struct house *h, int64_t at, char out[8])
{
	struct str seed = { (const char *)h->totp, h->totp_len };
	uint64_t step = (uint64_t)(at / TIME_SECOND) / TOTP_STEP_S;

	snprintf(out, 8, "%06u", totp_code(seed, step));
}

static void house_admin(struct house *h)
{
	struct accept in = { STR("truong"), STR("Trưởng ca"), STR(HOUSE_PASSWORD) };
	char link[ACCESS_SECRET_MAX], code[8], mem[256];
	struct access_faults faults = { 0 };
	struct totp_seed seed;
	struct opened opened;
	struct err why = { 0 };
	int64_t retry;
	struct arena a = { (unsigned char *)mem, (unsigned char *)mem + sizeof mem };
	struct str raw;

	house_must(invite_first(h->access, link, &why), "the first link", &why);
	house_must(invite_accept(h->access, str_of(link), &in, &seed, &faults, &why), "accept",
		   &why);
	house_must(crypt_base32_parse(&a, str_of(seed.secret), &raw, &why), "base32", &why);
	memcpy(h->totp, raw.p, raw.n);
	h->totp_len = raw.n;
	house_code(h, time_now(), code);
	struct sign_in first = { .code = str_of(code), .address = STR("127.0.0.1") };
	house_must(invite_confirm(h->access, str_of(link), &first, &opened, &retry, &why),
		   "confirm", &why);
	memcpy(h->session, opened.secret, sizeof h->session);
}

static int house_socket(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (const struct sockaddr *)&at, sizeof at) == -1 || listen(fd, 1024) == -1)
		return -1;
	return fd;
}

/* Open the state and make the accounts; then house_serve(). */
static void house_open(struct house *h)
{
	struct token_made made;
	struct err why = { 0 };

	*h = (struct house){ 0 };
	house_must(crypt_init(&why), "crypt", &why);
	snprintf(h->dir, sizeof h->dir, "%s/canh-web-XXXXXX", P_tmpdir);
	house_must(mkdtemp(h->dir) != NULL, "a folder", &why);
	snprintf(h->state, sizeof h->state, "%s/state", h->dir);
	snprintf(h->keys, sizeof h->keys, "%s/keys", h->dir);
	house_must(dir_make(h->state, 0700, &why) && dir_make(h->keys, 0700, &why), "folders",
		   &why);
	h->db = state_open(h->state, DB_CREATE, &why);
	house_must(h->db != NULL, "state", &why);
	h->key = ledger_key_load(h->keys, &why);
	house_must(h->key != NULL && ledger_attach(h->db, h->key, &why), "ledger", &why);
	h->access = access_new(h->db, h->keys, &why);
	house_must(h->access != NULL, "access", &why);
	for (int role = 0; role < ROLES; role++) {
		const char *name = role_name((enum role)role);

		const struct token_draft in = { .name = str_of(name), .role = (enum role)role };

		house_must(token_new(h->access, NULL, &in, &made, &why), "token", &why);
		memcpy(h->token[role], made.secret, sizeof made.secret);
	}
	house_admin(h);
}

static void house_serve(struct house *h, struct web_config cfg)
{
	struct web_backend backend = fake_backend(&h->fake);
	struct err why = { 0 };

	cfg.listen_fd = house_socket();
	cfg.state_dir = h->state;
	cfg.keys_dir = h->keys;
	cfg.ledger_key = h->key;
	h->web = web_start(&cfg, &backend, &why);
	house_must(h->web != NULL, "web_start", &why);
	h->port = web_port(h->web);
}

UNUSED static void house_close(struct house *h)
{
	char command[300];

	web_free(h->web);
	access_free(h->access);
	db_close(h->db);
	ledger_key_free(h->key);
	snprintf(command, sizeof command, "%s", h->dir);
	test_remove(command);
}

#endif
