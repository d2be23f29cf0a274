/* SPDX-License-Identifier: Apache-2.0 */
/* result.c - results of measures: kept over time, given back, shown as unknown when they are old. */
#include "govern/result_int.h"

#include "base/hash.h"
#include "govern/look_int.h"
#include "state/ledger.h"

struct both reason_both(struct arena *a, const struct err *reason)
{
	char text[2 * ERR_TEXT_MAX];
	struct both b;

	b.vi = arena_str(a, str_of(err_text(reason, LANG_VI, text, sizeof text)));
	b.en = arena_str(a, str_of(err_text(reason, LANG_EN, text, sizeof text)));
	return b;
}

struct both both_of(const char *id)
{
	return (struct both){ str_of(msg_in(LANG_VI, id)), str_of(msg_in(LANG_EN, id)) };
}

void reason_attested(int64_t expires, struct err *out)
{
	char day[TIME_TEXT_MAX];

	(void)err_set(out, ERR_STATE, 0, "attested by a person until %s",
		      time_day(expires + 7 * TIME_HOUR, day));
}

/* --- kept --- */

bool result_get(const struct subject *s, struct arena *a, struct result *out, struct err *why)
{
	struct result x = { .verdict = V_UNKNOWN };
	struct db_rows *r = db_query(
		s->db,
		"SELECT state, n, total, age_s, reason_vi, reason_en, evidence_json, at,"
		" coalesce(checked, at), coalesce(ledger, 0) FROM measure_evaluations"
		" WHERE unit = $1 AND directive = $2 AND measure = $3 ORDER BY at DESC LIMIT 1",
		DB_VALS(V_Z(s->unit), V_TEXT(s->d->id), V_TEXT(s->m->id)), why);
	bool found = db_next(r);
	int verdict = found ? verdict_find(db_text(r, 0)) : 0;

	if (found) {
		x.verdict = verdict < 0 ? V_UNKNOWN : (enum verdict)verdict;
		x.n = db_int(r, 1);
		x.of = db_int(r, 2);
		x.age = db_is_null(r, 3) ? TIME_NONE : db_int(r, 3) * TIME_SECOND;
		x.reason.vi = db_keep(r, 4, a);
		x.reason.en = db_keep(r, 5, a);
		x.evidence = db_keep(r, 6, a);
		x.at = db_int(r, 7);
		x.checked = db_int(r, 8);
		x.ledger = db_int(r, 9);
	}
	if (!db_end(r, why))
		return false;
	if (!found)
		return err_set(why, ERR_ABSENT, 0, "the measure was never evaluated");
	*out = x;
	return true;
}

static struct db_val age_val(const struct result *r)
{
	return r->age == TIME_NONE ? V_NULL : V_INT(r->age / TIME_SECOND);
}

static bool refresh(const struct subject *s, const struct result *r, int64_t at, struct err *why)
{
	return db_run(s->db,
		      "UPDATE measure_evaluations SET checked = $1, age_s = $2, reason_vi = $3,"
		      " reason_en = $4, evidence_json = $5 WHERE unit = $6 AND directive = $7"
		      " AND measure = $8 AND at = $9",
		      DB_VALS(V_TIME(s->now), age_val(r), V_TEXT(r->reason.vi),
			      V_TEXT(r->reason.en), V_TEXT(r->evidence), V_Z(s->unit),
			      V_TEXT(s->d->id), V_TEXT(s->m->id), V_TIME(at)),
		      why);
}

static bool insert(const struct subject *s, const struct result *r, int64_t at, struct err *why)
{
	return db_run(s->db,
		      "INSERT INTO measure_evaluations (unit, directive, measure, at, state, n,"
		      " total, age_s, reason_vi, reason_en, evidence_json, ledger, checked)"
		      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
		      DB_VALS(V_Z(s->unit), V_TEXT(s->d->id), V_TEXT(s->m->id), V_TIME(at),
			      V_Z(verdict_names[r->verdict]), V_INT(r->n), V_INT(r->of), age_val(r),
			      V_TEXT(r->reason.vi), V_TEXT(r->reason.en), V_TEXT(r->evidence),
			      r->ledger > 0 ? V_INT(r->ledger) : V_NULL, V_TIME(s->now)),
		      why);
}

static bool say(const struct subject *s, struct arena scratch, const struct result *r,
		const char *from, int64_t *entry, struct err *why)
{
	struct str subject = arena_printf(&scratch, "%.*s/%.*s", STR_ARG(s->d->id),
					  STR_ARG(s->m->id));
	const struct ledger_note note = { "canh", "measure.changed", subject, s->now };
	unsigned char digest[HASH_SHA256_LEN];
	char hex[HASH_HEX_MAX];

	hash_sha256(r->evidence, digest);
	return ledger_append(
		s->db, &note,
		LEDGER_FIELDS(F_Z("from", from), F_Z("to", verdict_names[r->verdict]),
			      F_TEXT("reason", r->reason.en), F_INT("met", r->n),
			      F_INT("of", r->of), F_Z("directive_sha256", s->d->sha256),
			      F_Z("evidence_sha256", hash_hex(digest, sizeof digest, hex))),
		entry, why);
}

bool result_put(const struct subject *s, struct arena scratch, const struct result *r,
		bool *changed, struct err *why)
{
	struct result old = { .at = TIME_NONE }, new = *r;
	struct err none = { .kind = ERR_NONE };
	bool had = result_get(s, &scratch, &old, &none);

	if (!had && none.kind != ERR_ABSENT) {
		if (why != NULL)
			*why = none;
		return false;
	}
	new.ledger = old.ledger;
	*changed = !had || old.verdict != r->verdict;
	/* a look after minutes in which nobody looked begins anew: a hole stays a hole */
	bool goes_on = !*changed && old.n == r->n && old.of == r->of &&
		       s->now - old.checked <= RESULT_LASTS;
	if (goes_on)
		return refresh(s, r, old.at, why);
	if (*changed &&
	    !say(s, scratch, r, had ? verdict_names[old.verdict] : "", &new.ledger, why))
		return false;
	return insert(s, &new, had && old.at >= s->now ? old.at + 1 : s->now, why);
}

bool attestation_get(const struct subject *s, struct arena *a, struct attestation *out,
		     struct err *why)
{
	struct attestation x = { .at = TIME_NONE, .expires = TIME_NONE };
	struct db_rows *r = db_query(
		s->db,
		"SELECT t.statement, coalesce(u.display_name, t.actor), t.at, t.expires,"
		" coalesce(t.ledger, 0) FROM attestations t LEFT JOIN users u"
		" ON t.actor = 'user:' || u.id WHERE t.directive = $1 AND t.measure = $2"
		" AND t.unit = $3 AND t.withdrawn IS NULL AND t.at <= $4 AND t.expires > $4"
		" ORDER BY t.at DESC LIMIT 1",
		DB_VALS(V_TEXT(s->d->id), V_TEXT(s->m->id), V_Z(s->unit), V_TIME(s->now)), why);

	if (db_next(r)) {
		x.statement = db_keep(r, 0, a);
		x.by = db_keep(r, 1, a);
		x.at = db_time(r, 2);
		x.expires = db_time(r, 3);
		x.ledger = db_int(r, 4);
	}
	if (!db_end(r, why))
		return false;
	*out = x;
	return true;
}

/* --- shown --- */

static void forget(struct arena *a, struct result *r, const struct err *reason)
{
	r->verdict = V_UNKNOWN;
	r->n = 0;
	r->age = TIME_NONE;
	r->evidence = STR("[]");
	r->reason = reason_both(a, reason);
}

bool result_unit(struct db *db, const struct scope *scope, char unit[UUID_MAX], struct err *why)
{
	struct home home;

	if (!scope_home(db, scope, &home, why))
		return false;
	memcpy(unit, home.unit, sizeof home.unit);
	return true;
}

bool result_shown(const struct subject *s, struct arena *a, struct result *out,
		  struct attestation *by, struct err *why)
{
	struct err none = { .kind = ERR_NONE }, reason;
	struct result r = { .of = 0, .ledger = 0 };

	if (s->part != NULL) {
		/* people vouch for the whole only */
		*by = (struct attestation){ .at = TIME_NONE, .expires = TIME_NONE };
		return look_measure(s->part, a, s->m, by, out);
	}
	if (!result_get(s, a, &r, &none)) {
		if (none.kind != ERR_ABSENT) {
			if (why != NULL)
				*why = none;
			return false;
		}
		r.at = r.checked = s->now;
		forget(a, &r, &none);
	}
	if (!attestation_get(s, a, by, why))
		return false;
	if (s->now - r.checked > RESULT_LASTS) {
		(void)err_set(&reason, ERR_STATE, 0, "not evaluated for %jd minutes",
			      (intmax_t)((s->now - r.checked) / TIME_MINUTE));
		forget(a, &r, &reason);
	} else if (r.verdict == V_ATTESTED && by->expires == TIME_NONE) {
		(void)err_set(&reason, ERR_STATE, 0, "the attestation has ended");
		r.verdict = V_UNKNOWN;
		r.reason = reason_both(a, &reason);
	}
	*out = r;
	return true;
}

void both_put(struct jsonw *w, const char *key, struct both b)
{
	jsonw_key(w, key);
	jsonw_open(w, '{');
	jsonw_kv_str(w, "vi", b.vi);
	jsonw_kv_str(w, "en", b.en);
	jsonw_close(w, '}');
}

void unknown_put(struct jsonw *w, const char *key, const char *reason)
{
	jsonw_key(w, key);
	jsonw_open(w, '{');
	jsonw_kv_str(w, "state", STR("unknown"));
	both_put(w, "reason", both_of(reason));
	jsonw_close(w, '}');
}
