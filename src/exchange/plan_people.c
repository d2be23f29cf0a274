/* SPDX-License-Identifier: Apache-2.0 */
/* plan_people.c - posts, roles, contacts and addresses to mail addresses, each once; whose hours are quiet. */
#include "exchange/plan_int.h"
#include "state/duty_row.h"
#include "state/scope.h"

#define VIETNAM (7 * TIME_HOUR)

int64_t quiet_until(const struct quiet_hours *q, int64_t now)
{
	int64_t local = now + VIETNAM, day = local - local % TIME_DAY;
	int64_t from = day + q->from * TIME_MINUTE, to = day + q->to * TIME_MINUTE;

	if (q->from == q->to)
		return 0;
	if (q->from < q->to)
		return local >= from && local < to ? to - VIETNAM : 0;
	/* over midnight */
	if (local < to)
		return to - VIETNAM;
	return local >= from ? to + TIME_DAY - VIETNAM : 0;
}

static int64_t held_until(const struct plan *p, const struct due_alert *al, struct str role,
			  bool on_duty)
{
	int64_t until = 0;

	if (on_duty || (al->severity == NOTIFY_SEVERITIES - 1 && p->n->critical_always))
		return 0;
	for (size_t i = 0; i < p->n->n_quiet; i++) {
		int64_t t = str_eq(p->n->quiet[i].role, role) ? quiet_until(&p->n->quiet[i], p->now)
							      : 0;

		until = t > until ? t : until;
	}
	return until;
}

static bool add(struct plan *p, const struct whom *w)
{
	struct people *all = &p->people;

	for (size_t i = 0; i < all->n; i++) {
		if (!str_eq_nocase(all->who[i].address, w->address))
			continue;
		if (w->held < all->who[i].held) /* found anew where his hours are not quiet */
			all->who[i].held = w->held;
		return true;
	}
	if (all->n == PEOPLE_MAX)
		return true;
	all->who[all->n++] = *w;
	return true;
}

/* $1: now. An account's address counts while the account is in use. */
#define REACHED                                                                                   \
	"SELECT c.email, coalesce(u.display_name, c.name), c.id, coalesce(c.lang, u.lang, 'vi')," \
	" coalesce(g.role, ''), EXISTS (SELECT 1 FROM shifts d WHERE d.person = c.id AND"         \
	" d.removed IS NULL AND d.begins <= $1 AND d.ends > $1) FROM contacts c"                  \
	" LEFT JOIN users u ON u.id = c.user_id LEFT JOIN grants g ON g.user_id = u.id"           \
	" WHERE c.removed IS NULL AND c.email IS NOT NULL AND coalesce(u.disabled, 0) = 0 AND "

static struct db_rows *find(struct plan *p, const struct due_alert *al, const struct recipient *to)
{
	if (to->kind == TO_DUTY)
		return db_query(p->db,
				REACHED "EXISTS (SELECT 1 FROM shifts s WHERE s.person = c.id"
					" AND s.removed IS NULL AND s.begins <= $1 AND s.ends > $1"
					" AND s.post = $2) ORDER BY c.id",
				DB_VALS(V_INT(p->now), V_TEXT(to->value)), p->why);
	if (to->kind == TO_ROLE)
		return db_query(
			p->db,
			REACHED
			"g.role = $2 AND " REACHES("g.unit", "g.site", "$3", "$4") " ORDER BY c.id",
			DB_VALS(V_INT(p->now), V_TEXT(to->value), V_Z(al->unit), V_Z(al->site)),
			p->why);
	return db_query(p->db, REACHED "c.id = $2", DB_VALS(V_INT(p->now), V_TEXT(to->value)),
			p->why);
}

static bool add_found(struct plan *p, const struct due_alert *al, const struct recipient *to)
{
	struct db_rows *r = find(p, al, to);

	while (db_next(r)) {
		struct whom w = { .address = db_keep(r, 0, &p->a),
				  .name = db_keep(r, 1, &p->a),
				  .lang = str_eq(db_text(r, 3), STR("en")) ? STR("en") : STR("vi"),
				  .held = held_until(p, al, db_text(r, 4), db_int(r, 5) != 0) };

		db_put(r, 2, w.contact, sizeof w.contact);
		if (w.address.p != NULL && w.name.p != NULL)
			add(p, &w);
	}
	return db_end(r, p->why);
}

bool people_add(struct plan *p, const struct due_alert *al, const struct recipient *to, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (to[i].kind != TO_ADDRESS && !add_found(p, al, &to[i]))
			return false;
		const struct whom w = { .address = to[i].value,
					.name = to[i].value,
					.lang = to[i].lang };
		if (to[i].kind == TO_ADDRESS)
			add(p, &w);
	}
	return true;
}
