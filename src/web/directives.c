/* SPDX-License-Identifier: Apache-2.0 */
/*
 * directives.c - the dispatches with their measures, attesting one, and the board over them.
 */
#include "govern/board.h"

#include "govern/govern.h"
#include "web/backend_int.h"
#include "web/handlers_int.h"
#include "web/reach_int.h"

#define ROOM ((size_t)128 << 20)

static bool room(struct arena *out, struct err *why)
{
	return arena_reserve(out, ROOM) || err_set(why, ERR_IO, 0, "no memory");
}

static const struct directive *find(struct call *c, struct err *why)
{
	const struct directives *all = c->web->cfg.directives;
	const struct directive *d = all == NULL ? NULL : directive_find(all, c->args[0]);

	if (d == NULL)
		err_set(why, ERR_ABSENT, 0, "no such directive");
	return d;
}

bool directives_list(struct call *c, struct err *why)
{
	static const struct directives none = { NULL, 0 };
	const struct directives *all = c->web->cfg.directives;
	struct jsonw w = reply_json(c, 200);

	(void)why;
	directive_list_put(all == NULL ? &none : all, &w);
	return true;
}

bool directives_get(struct call *c, struct err *why)
{
	const struct directive *d = find(c, why);
	struct arena a;

	if (d == NULL || !room(&a, why))
		return false;
	struct buf live;
	bool ok = reach_live(c, &live, why);

	if (ok) {
		struct jsonw w = reply_json(c, 200);
		const struct govern_view view = {
			call_db(c), a, time_now(), c->who.scope, { buf_str(&live), time_now() }
		};

		ok = directive_put(&view, d, &w, why);
	}
	arena_release(a);
	buf_free(&live);
	return ok;
}

bool directives_history(struct call *c, struct err *why)
{
	const struct directive *d = find(c, why);
	int64_t now = time_now();
	struct span_wish wish = { .from = TIME_NONE, .to = now };
	struct arena a;

	if (d == NULL || !param_time(c, "from", &wish.from, why) ||
	    !param_time(c, "to", &wish.to, why) || !room(&a, why))
		return false;
	if (wish.from == TIME_NONE)
		wish.from = wish.to - 7 * TIME_DAY;
	struct jsonw w = reply_json(c, 200);
	const struct govern_view view = {
		call_db(c), a, now, c->who.scope, { { NULL, 0 }, TIME_NONE }
	};
	bool ok = directive_history_put(&view, d, &wish, &w, why);
	arena_release(a);
	return ok;
}

static bool attest(struct call *c, struct arena a, const struct directive *d, struct err *why)
{
	const struct govern_view view = {
		call_db(c), a, time_now(), c->who.scope, { { NULL, 0 }, TIME_NONE }
	};

	if (!govern_attest(&view, d, c->args[1], c->json, c->who.actor, why))
		return false;
	web_publish(c->web, "board", STR("{}"));
	struct jsonw w = reply_json(c, 200);
	return directive_measure_put(&view, d, c->args[1], &w, why);
}

bool directives_attest(struct call *c, struct err *why)
{
	const struct directive *d = find(c, why);
	struct arena a;

	if (d == NULL || !room(&a, why))
		return false;
	bool ok = attest(c, a, d, why);
	arena_release(a);
	return ok;
}

/* The one that arrived last. */
static const struct directive *in_force(const struct directives *all)
{
	const struct directive *newest = NULL;

	for (size_t i = 0; all != NULL && i < all->n; i++)
		if (newest == NULL || all->items[i].issued > newest->issued)
			newest = &all->items[i];
	return newest;
}

bool board_get(struct call *c, struct err *why)
{
	struct live_facts facts = { .at = time_now() };
	struct buf live;
	struct arena a;

	if (!room(&a, why))
		return false;
	bool ok = reach_live(c, &live, why);
	if (ok) {
		struct jsonw w = reply_json(c, 200);
		const struct govern_view view = {
			call_db(c), a, time_now(), c->who.scope, { { NULL, 0 }, TIME_NONE }
		};

		facts.json = buf_str(&live);
		ok = board_put(&view, in_force(c->web->cfg.directives), &facts, &w, why);
	}
	arena_release(a);
	buf_free(&live);
	return ok;
}
