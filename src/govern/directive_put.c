/* SPDX-License-Identifier: Apache-2.0 */
/* directive_put.c - directives and their measures as the page reads them. */
#include "govern/directive.h"

#include "govern/look_int.h"

static void put_day(struct jsonw *w, const char *key, int64_t t)
{
	char text[TIME_TEXT_MAX];

	jsonw_kv_str(w, key, t == TIME_NONE ? (struct str){ NULL, 0 } : str_of(time_date(t, text)));
}

/* Empty text is null. */
static void put_text(struct jsonw *w, const char *key, struct str s)
{
	jsonw_kv_str(w, key, s.n > 0 ? s : (struct str){ NULL, 0 });
}

static void put_note(struct jsonw *w, const char *key, struct both b)
{
	if (b.vi.n > 0)
		both_put(w, key, b);
	else
		put_text(w, key, STR(""));
}

static void put_texts(struct jsonw *w, const char *key, const struct str *all, size_t n)
{
	jsonw_key(w, key);
	jsonw_open(w, '[');
	for (size_t i = 0; i < n; i++)
		jsonw_str(w, all[i]);
	jsonw_close(w, ']');
}

static void put_head(struct jsonw *w, const struct directive *d)
{
	jsonw_kv_str(w, "id", d->id);
	jsonw_kv_str(w, "number", d->number);
	jsonw_kv_str(w, "symbol", d->symbol);
	jsonw_kv_str(w, "issuer", d->issuer);
	put_day(w, "issued", d->issued);
	both_put(w, "subject", d->subject);
}

void directive_list_put(const struct directives *all, struct jsonw *w)
{
	jsonw_open(w, '{');
	jsonw_key(w, "items");
	jsonw_open(w, '[');
	for (size_t i = 0; i < all->n; i++) {
		jsonw_open(w, '{');
		put_head(w, &all->items[i]);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_key(w, "next");
	jsonw_null(w);
	jsonw_close(w, '}');
}

/* --- parts --- */

static void put_slip(struct jsonw *w, const struct directive *d)
{
	jsonw_key(w, "slip");
	if (d->n_slip == 0) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	for (size_t i = 0; i < d->n_slip; i++) {
		struct str value = d->slip[i].value;

		jsonw_key_str(w, d->slip[i].name);
		jsonw_str(w, value.n > 0 ? value : (struct str){ NULL, 0 });
	}
	jsonw_close(w, '}');
}

static void put_letters(struct jsonw *w, const struct directive *d)
{
	jsonw_key(w, "letters");
	jsonw_open(w, '[');
	for (size_t i = 0; i < d->n_letters; i++) {
		const struct letter *x = &d->letters[i];

		jsonw_open(w, '{');
		put_text(w, "number", x->number);
		put_text(w, "issuer", x->issuer);
		put_day(w, "issued", x->issued);
		put_note(w, "subject", x->subject);
		put_note(w, "note", x->note);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static void put_contacts(struct jsonw *w, const struct directive *d)
{
	jsonw_key(w, "contacts");
	jsonw_open(w, '[');
	for (size_t i = 0; i < d->n_contacts; i++) {
		const struct contact *c = &d->contacts[i];

		jsonw_open(w, '{');
		both_put(w, "name", c->name);
		put_text(w, "phone", c->phone);
		put_text(w, "hotline", c->hotline);
		put_text(w, "email", c->email);
		put_day(w, "verified_on", c->verified_on);
		jsonw_kv_bool(w, "dialable", c->dialable);
		put_note(w, "note", c->note);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

/* --- measures --- */

static void put_attestation(struct jsonw *w, const struct attestation *by)
{
	jsonw_key(w, "attestation");
	if (by->expires == TIME_NONE) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	jsonw_kv_str(w, "statement", by->statement);
	jsonw_kv_str(w, "by", by->by);
	jsonw_kv_time(w, "at", by->at);
	jsonw_kv_time(w, "expires", by->expires);
	jsonw_kv_known(w, "ledger", by->ledger > 0, by->ledger);
	jsonw_close(w, '}');
}

void measure_put(struct jsonw *w, const struct measure *m, const struct result *r,
		 const struct attestation *by, int64_t now, bool with_evidence)
{
	int64_t age = r->age == TIME_NONE ? 0 : (r->age + now - r->checked) / TIME_SECOND;

	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", m->id);
	both_put(w, "text", m->text);
	both_put(w, "brief", m->brief);
	jsonw_key(w, "binds");
	jsonw_open(w, '[');
	if ((m->binds & BIND_AGENCY) != 0)
		jsonw_str(w, STR("agency"));
	if ((m->binds & BIND_PROVIDER) != 0)
		jsonw_str(w, STR("provider"));
	jsonw_close(w, ']');
	jsonw_kv_str(w, "state", str_of(verdict_names[r->verdict]));
	both_put(w, "reason", r->reason);
	jsonw_kv_known(w, "n", r->of > 0, r->n);
	jsonw_kv_known(w, "of", r->of > 0, r->of);
	jsonw_kv_known(w, "age_s", r->age != TIME_NONE, age);
	jsonw_kv_time(w, "since", r->at);
	jsonw_kv_time(w, "checked", r->checked);
	jsonw_kv_known(w, "ledger", r->ledger > 0, r->ledger);
	put_attestation(w, by);
	if (with_evidence) {
		jsonw_key(w, "evidence");
		jsonw_raw(w, r->evidence.n > 0 ? r->evidence : STR("[]"));
	}
	jsonw_close(w, '}');
}

static bool put_one(const struct subject *s, struct arena a, struct jsonw *w, struct err *why)
{
	struct attestation by;
	struct result r;

	if (!result_shown(s, &a, &r, &by, why))
		return false;
	measure_put(w, s->m, &r, &by, s->now, true);
	return true;
}

bool directive_measure_put(const struct govern_view *v, const struct directive *d,
			   struct str measure, struct jsonw *w, struct err *why)
{
	const struct measure *m = measure_find(d, measure);
	struct view_look l;

	if (m == NULL)
		return err_set(why, ERR_ABSENT, 0, "no such measure");
	bool ok = view_look_begin(&l, v, d, why);
	const struct subject s = { v->db, l.unit, d, m, v->now, l.part };

	ok = ok && put_one(&s, v->a, w, why);
	view_look_end(&l);
	return ok;
}

bool directive_put(const struct govern_view *v, const struct directive *d, struct jsonw *w,
		   struct err *why)
{
	struct view_look l;
	bool ok = view_look_begin(&l, v, d, why);

	jsonw_open(w, '{');
	put_head(w, d);
	put_text(w, "type", d->type);
	put_text(w, "place", d->place);
	put_text(w, "number_read", d->number_read);
	put_note(w, "number_note", d->number_note);
	put_day(w, "arrived", d->arrived);
	put_text(w, "signer", d->signer);
	put_text(w, "signer_post", d->signer_post);
	put_texts(w, "addressees", d->addressees, d->n_addressees);
	put_texts(w, "copies", d->copies, d->n_copies);
	jsonw_kv_str(w, "sha256", str_of(d->sha256));
	put_slip(w, d);
	put_letters(w, d);
	put_contacts(w, d);
	jsonw_key(w, "measures");
	jsonw_open(w, '[');
	for (size_t i = 0; ok && i < d->n_measures; i++) {
		const struct subject s = { v->db, l.unit, d, &d->measures[i], v->now, l.part };

		ok = put_one(&s, v->a, w, why);
	}
	jsonw_close(w, ']');
	jsonw_close(w, '}');
	view_look_end(&l);
	return ok;
}
