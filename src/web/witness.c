/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness.c - what a second machine asks every half minute: the newest head of the ledger, the proof
 * that it grew out of the one that machine holds, our clock, and how we are.
 *
 * That it asked is remembered, at most once a minute: the board shows the age of the last witness.
 */
#include "state/witness.h"

#include "base/time.h"
#include "web/backend_int.h"
#include "web/handlers_int.h"

#include <stdio.h>

enum { TARGET_MAX = 160 };

static void write_growth(struct jsonw *w, const struct merkle_proof *p)
{
	char hex[HASH_HEX_MAX];

	jsonw_key(w, "growth");
	jsonw_open(w, '[');
	for (size_t i = 0; i < p->n; i++)
		jsonw_str(w, str_of(hash_hex(p->hash[i].b, sizeof p->hash[i].b, hex)));
	jsonw_close(w, ']');
}

/* The head, and how it grew from the entry `from` (0: the other side holds none). */
static bool write_head(struct call *c, struct jsonw *w, int64_t from, struct err *why)
{
	struct merkle_proof proof = { 0 };
	char text[HEAD_TEXT_MAX];
	struct head h;
	struct err none = { 0 };

	if (!ledger_head(call_db(c), &h, &none)) {
		jsonw_key(w, "head");
		jsonw_null(w);
		return none.kind == ERR_ABSENT || err_set(why, none.kind, 0, "%s", none.text);
	}
	/* a witness that holds more than we do is answered without a proof: it will say what that means */
	if (from > 0 && from <= h.size &&
	    !ledger_prove_growth(call_db(c), from, h.size, &proof, why))
		return false;
	jsonw_kv_str(w, "head", str_of(head_text(&h, text)));
	write_growth(w, &proof);
	return true;
}

static void write_self(struct jsonw *w, const struct json *live)
{
	const struct json *self = json_get(live, "self"), *processes = json_get(live, "processes");
	static const char *const numbers[] = { "disk_free_bytes", "disk_least_bytes" };
	const struct json *value;
	const void *at = NULL;
	struct str name;
	int64_t n;

	for (size_t i = 0; i < COUNT(numbers); i++) {
		jsonw_key(w, numbers[i]);
		if (json_int(json_get(self, numbers[i]), &n))
			jsonw_int(w, n);
		else
			jsonw_null(w);
	}
	jsonw_key(w, "down");
	jsonw_open(w, '[');
	while ((at = json_next(processes, at, &name, &value)) != NULL)
		if (!str_eq(json_str(value), STR("running")))
			jsonw_str(w, name);
	jsonw_close(w, ']');
}

bool witness_get(struct call *c, struct err *why)
{
	char target[TARGET_MAX];
	int64_t from = 0;

	if (!param_int(c, "from", 0, INT64_MAX, &from, why))
		return false;
	struct json *live = live_state(c);
	struct jsonw w = reply_json(c, 200);
	jsonw_open(&w, '{');
	jsonw_kv_time(&w, "now", time_now());
	bool ok = write_head(c, &w, from, why);
	write_self(&w, live);
	jsonw_close(&w, '}');
	json_free(live);
	snprintf(target, sizeof target, "%s", c->who.actor);
	return ok && witness_heard(call_db(c), target, from, why);
}
