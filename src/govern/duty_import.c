/* SPDX-License-Identifier: Apache-2.0 */
/* duty_import.c - a row that cannot be kept is told and passed over; a database that fails ends it. */
#include "govern/duty_import.h"

#include "state/contact_row.h"

struct importing {
	struct db *db;
	const struct duty_import *in;
	struct str *people;
	struct duty_imported got;
};

static bool person_of(struct importing *im, const struct duty_row *row, char id[UUID_MAX],
		      struct err *why)
{
	const struct contact_patch new = { .name = row->name,
					   .phone = row->phone,
					   .email = row->email };

	if (!contact_named(im->db, row->name, id, why))
		return false;
	if (id[0] != '\0')
		return true;
	im->people[im->got.n_people++] = row->name;
	return contact_add_in(im->db, &new, im->in->actor, id, why);
}

static bool keep_row(struct importing *im, const struct duty_row *row, struct err *why)
{
	char person[UUID_MAX], id[UUID_MAX];
	struct shift_draft draft = {
		.post = row->post, .from = row->from, .to = row->to, .note = row->note
	};

	if (!person_of(im, row, person, why))
		return false;
	draft.person = str_of(person);
	if (shift_add_in(im->db, &draft, im->in->actor, id, why)) {
		im->got.kept++;
		return true;
	}
	if (why->kind != ERR_STATE)
		return false;
	im->got.twice++;
	*why = (struct err){ .kind = ERR_NONE };
	return true;
}

static void note_bad(struct importing *im, uint64_t line, const struct err *reason)
{
	if (im->got.n_bad < DUTY_FAULTS_MAX)
		im->got.bad[im->got.n_bad] = (struct duty_fault){ line, *reason };
	im->got.n_bad += im->got.n_bad < DUTY_FAULTS_MAX;
}

static bool keep_rows(struct importing *im, struct err *why)
{
	for (size_t i = 0; i < im->in->n; i++) {
		struct err reason = { 0 };

		if (keep_row(im, &im->in->rows[i], &reason))
			continue;
		if (reason.kind != ERR_INPUT) {
			if (why != NULL)
				*why = reason;
			return false;
		}
		note_bad(im, im->in->rows[i].line, &reason);
	}
	return true;
}

bool duty_import(struct db *db, struct arena *a, const struct duty_import *in,
		 struct duty_imported *out, struct err *why)
{
	struct importing im = { .db = db, .in = in, .people = NEW(a, struct str, in->n + 1) };

	im.got.people = im.people;
	im.got.bad = NEW(a, struct duty_fault, DUTY_FAULTS_MAX);
	if (im.people == NULL || im.got.bad == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	if (!db_begin(db, why))
		return false;
	bool ok = keep_rows(&im, why);
	if (!ok || in->preview)
		db_rollback(db);
	else if (!db_commit(db, why)) {
		db_rollback(db);
		return false;
	}
	if (ok)
		*out = im.got;
	return ok;
}
