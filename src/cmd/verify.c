/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify.c - `canh verify`: does the ledger hold, and does the store hold what the ledger was told?
 *
 * Works on a copy, on another machine, without keys and without a server. Exit 0 only when everything
 * holds, 1 when something does not, 65 when it could not look.
 */
#include "state/verify.h"
#include "base/file.h"
#include "cmd/cmd.h"
#include "cmd/open_state.h"
#include "cmd/opts.h"
#include "proc/seals.h"
#include "state/witness.h"
#include "store/day.h"

#include <stdio.h>

enum { WITNESS_MAX = 64 << 20 };
#define ROOM ((size_t)512 << 20)

struct verify {
	const char *folder, *key;
	struct opt_list witness;
	struct arena a;
	bool holds;
};

static bool read_witnesses(struct verify *v, struct verify_wish *wish, struct err *why)
{
	struct head *all = NEW(&v->a, struct head, 4096);
	size_t n = 0;

	if (all == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	for (size_t i = 0; i < v->witness.n; i++) {
		struct head *heads;
		size_t got, skipped;
		struct str text;

		if (!file_load_given(&v->a, v->witness.v[i], WITNESS_MAX, &text, why) ||
		    !witness_parse(&v->a, text, &heads, &got, &skipped, why))
			return false;
		for (size_t k = 0; k < got && n < 4096; k++)
			all[n++] = heads[k];
	}
	wish->witness = all;
	wish->nwitness = n;
	return true;
}

static void say_ledger(struct verify *v, bool ok, const struct verify_report *r,
		       const struct err *why)
{
	char text[1024];

	if (ok) {
		printf("%s\n", verify_text(r, msg_lang(), text, sizeof text));
		return;
	}
	v->holds = false;
	err_text(why, msg_lang(), text, sizeof text);
	printf(msg(MSG_ID("ledger: entry %zu: %s\n")), why->at, text);
}

static void say_fault(void *ctx, const struct store_fault *f)
{
	struct verify *v = ctx;
	char text[ERR_TEXT_MAX];

	v->holds = false;
	err_text(&f->why, msg_lang(), text, sizeof text);
	if (f->file == NULL)
		printf(msg(MSG_ID("store: %s\n")), text);
	else if (f->block == 0)
		printf(msg(MSG_ID("store: %s: %s\n")), f->file, text);
	else
		printf(msg(MSG_ID("store: %s, block %lld: %s\n")), f->file, (long long)f->block,
		       text);
}

static bool verify_store(struct verify *v, struct db *db, struct err *why)
{
	char store[4096];
	struct store_verify what = { .folder = store, .fault = say_fault, .ctx = v };
	struct store_verdict verdict = { 0 };
	struct store_seen *seen = NULL;
	struct store_hold *holds = NULL;

	snprintf(store, sizeof store, "%s/store", v->folder);
	if (!seals_read(db, &v->a, &seen, &what.n_seen, why))
		return false;
	if (!holds_read(db, &v->a, &holds, &what.n_holds, why))
		return false;
	what.seen = seen;
	what.holds = holds;
	what.now = time_now();
	what.told = true;
	if (!store_verify(&what, &verdict, why))
		return why->kind == ERR_ABSENT;
	printf(msg(MSG_ID(
		       "store: %llu days, %llu blocks, %llu records checked; %llu seals of the ledger "
		       "agree, %llu faults\n")),
	       (unsigned long long)verdict.days, (unsigned long long)verdict.blocks,
	       (unsigned long long)verdict.records, (unsigned long long)verdict.seen,
	       (unsigned long long)verdict.faults);
	if (what.n_holds > 0)
		printf(msg(MSG_ID("store: the ledger knows %zu holds; %llu days are held now\n")),
		       what.n_holds, (unsigned long long)verdict.held);
	return true;
}

static bool verify(struct verify *v, struct err *why)
{
	struct verify_wish wish = { .fingerprint = str_of(v->key) };
	struct verify_report report = { 0 };
	struct err fault = { 0 };
	char state[4096];
	struct db *db;

	snprintf(state, sizeof state, "%s/state", v->folder);
	if (!read_witnesses(v, &wish, why))
		return false;
	db = command_state_read(state, why);
	if (db == NULL)
		return false;
	say_ledger(v, verify_ledger(db, &wish, &report, &fault), &report, &fault);
	bool ok = verify_store(v, db, why);
	db_close(db);
	return ok;
}

int cmd_verify(int argc, char **argv)
{
	static struct verify v;
	const struct opt table[] = {
		{ "key", OPT_TEXT, &v.key, "FINGERPRINT",
		  MSG_ID("the key that must have signed the ledger") },
		{ "witness", OPT_MANY, &v.witness, "FILE",
		  MSG_ID("heads of the ledger that were kept elsewhere") },
	};
	struct opts o = {
		"verify",
		"DIR",
		MSG_ID("Say whether ledger and store of a data folder hold, offline, on any machine."),
		table,
		COUNT(table),
		1,
		1
	};
	struct err why = { 0 };
	size_t n;
	enum opts_result got = opts_parse(&o, argc, argv, &n);

	if (got != OPTS_GO)
		return opts_exit(got);
	if (!arena_reserve(&v.a, ROOM))
		return EXIT_FAULT;
	v.folder = argv[0];
	v.holds = true;
	if (!verify(&v, &why)) {
		command_complain(&why);
		/* a fault that keeps one from looking at all is a fault, too */
		return v.holds && why.kind != ERR_INPUT ? EXIT_INPUT : EXIT_NOT;
	}
	puts(v.holds ? msg(MSG_ID("all of it holds")) : msg(MSG_ID("it does not hold")));
	return v.holds ? EXIT_DONE : EXIT_NOT;
}
