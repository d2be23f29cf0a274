/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger.c - reading the ledger, newest entry first, with the newest signed head.
 */
#include "state/ledger.h"

#include "base/crypt.h"
#include "base/num.h"
#include "web/backend_int.h"
#include "web/handlers_int.h"

enum { LEDGER_ARENA = 64 << 20, KIND_MAX = 64 };

static bool write_head(struct call *c, struct jsonw *w, struct err *why)
{
	char hex[HASH_HEX_MAX], text[HEAD_TEXT_MAX];
	struct head h;
	struct err none = { 0 };

	jsonw_key(w, "head");
	if (!ledger_head(call_db(c), &h, &none)) {
		jsonw_null(w);
		return none.kind == ERR_ABSENT || err_set(why, none.kind, 0, "%s", none.text);
	}
	jsonw_open(w, '{');
	jsonw_kv_int(w, "size", h.size);
	jsonw_kv_str(w, "root", str_of(hash_hex(h.root.b, sizeof h.root.b, hex)));
	jsonw_kv_time(w, "signed_at", h.signed_at);
	jsonw_kv_str(w, "key", str_of(head_fingerprint(h.key, hex)));
	jsonw_kv_str(w, "text", str_of(head_text(&h, text)));
	jsonw_close(w, '}');
	return true;
}

static void write_entry(struct call *c, struct jsonw *w, const struct ledger_entry *e)
{
	char hex[HASH_HEX_MAX];

	jsonw_open(w, '{');
	jsonw_kv_int(w, "n", e->n);
	jsonw_kv_time(w, "recorded", e->recorded);
	jsonw_kv_time(w, "observed", e->observed);
	jsonw_kv_str(w, "actor", e->actor);
	jsonw_kv_str(w, "actor_name", actor_name(c, e->actor));
	jsonw_kv_str(w, "kind", e->kind);
	jsonw_kv_str(w, "subject", e->subject);
	jsonw_key(w, "body");
	jsonw_raw(w, e->body);
	jsonw_kv_str(w, "hash", str_of(hash_hex(e->hash.b, sizeof e->hash.b, hex)));
	jsonw_close(w, '}');
}

/* The wish in the parameters; one more than `limit` is asked for, to see whether more follows. */
static bool take_wish(struct call *c, struct ledger_wish *out, int64_t *limit, struct err *why)
{
	struct ledger_wish wish = { .from = TIME_NONE, .to = TIME_NONE };

	*limit = 100;
	wish.scope = c->who.scope;
	wish.kind = request_param(&c->params, "kind");
	if (wish.kind.n > KIND_MAX)
		return err_set(why, ERR_INPUT, 0, "'%s' is longer than %d characters", "kind",
			       KIND_MAX);
	if (!param_int(c, "limit", 1, 1000, limit, why) ||
	    !param_int(c, "cursor", 1, INT64_MAX, &wish.below, why) ||
	    !param_time(c, "from", &wish.from, why) || !param_time(c, "to", &wish.to, why))
		return false;
	wish.most = (size_t)*limit + 1;
	*out = wish;
	return true;
}

static bool list(struct call *c, struct arena *a, struct err *why)
{
	struct ledger_wish wish;
	struct ledger_entry *entries;
	int64_t limit;
	size_t n;

	if (!take_wish(c, &wish, &limit, why) ||
	    !ledger_list(call_db(c), a, &wish, &entries, &n, why))
		return false;
	bool more = n > (size_t)limit;
	struct jsonw w = reply_json(c, 200);
	jsonw_open(&w, '{');
	jsonw_key(&w, "items");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < n - more; i++)
		write_entry(c, &w, &entries[i]);
	jsonw_close(&w, ']');
	jsonw_kv_str(&w, "next",
		     more ? arena_printf(&c->a, "%lld", (long long)entries[n - 2].n)
			  : (struct str){ NULL, 0 });
	bool ok = write_head(c, &w, why);
	jsonw_close(&w, '}');
	return ok;
}

bool ledger_get(struct call *c, struct err *why)
{
	struct arena a;

	if (!arena_reserve(&a, LEDGER_ARENA))
		return err_set(why, ERR_IO, 0, "no memory");
	struct arena whole = a;
	bool ok = list(c, &a, why);
	arena_release(whole);
	return ok;
}
