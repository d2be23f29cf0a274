/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evtx_read.c - a record as an event: its values under their names.
 *
 * A record of which nothing can be read is an event all the same, with what its header tells, so that it
 * is seen where it stood.
 */
#include "event/evtx_read.h"

#include "base/num.h"
#include "event/evtx_int.h"

/* Bytes of text that the values of a record may make; a record has 64 KiB. */
enum { TEXT_CAP = 4 << 20 };

int evtx_probe(struct str record)
{
	(void)record;
	return 0; /* a record says nothing without its chunk: never tried on what comes as text */
}

static void add(struct build *b, const struct evtx_slot *s, size_t *left)
{
	struct str text = evtx_text(b->evtx, s, b->a);

	if (text.p == NULL || text.n > *left) {
		b->ev.partial = true;
		return;
	}
	*left -= text.n;
	if (s->type == EVTX_FILETIME && s->len == 8 && b->timed == UINT32_MAX) {
		b->timed_at = evtx_filetime(load_le64(s->p));
		b->timed = b->timed_at == TIME_NONE ? UINT32_MAX : b->n;
	}
	build_add_bare(b, s->name->path, s->name->bare, text, evtx_field_type(s));
}

/* What the header of a record tells, under the names that its XML would have. */
static void add_head(struct build *b, const struct evtx_record *r)
{
	char when[TIME_TEXT_MAX];

	build_add_bare(b, STR("Event.System.EventRecordID"), STR("Event.System.").n,
		       arena_printf(b->a, "%llu", (unsigned long long)r->id), FIELD_INT);
	if (r->written == TIME_NONE)
		return;
	build_add_bare(b, STR("Event.System.TimeCreated_SystemTime"), STR("Event.System.").n,
		       arena_str(b->a, str_of(time_rfc3339(r->written, when))), FIELD_STRING);
}

bool evtx_read(struct build *b, struct str record, struct err *why)
{
	struct evtx_slots s = { 0 };
	struct evtx_record r;
	size_t left = TEXT_CAP;

	if (b->evtx == NULL || !evtx_record_of(b->evtx, record, &r))
		return err_set(why, ERR_INPUT, 0, "a record of EVTX without its chunk");
	b->ev.raw = (struct str){ NULL, 0 };
	b->names = evtx_names_id(b->evtx);
	build_time(b, r.written); /* where its XML tells none */
	if (evtx_slots(b->evtx, record, &s, NULL)) {
		b->ev.partial = b->ev.partial || s.partial;
		for (size_t i = 0; i < s.n; i++)
			add(b, &s.slot[i], &left);
	} else {
		b->ev.partial = true;
		add_head(b, &r);
	}
	if (r.unverified)
		build_add_bare(b, STR("evtx.unverified"), 0, STR("true"), FIELD_BOOL);
	if (r.carved)
		build_add_bare(b, STR("evtx.carved"), 0, STR("true"), FIELD_BOOL);
	b->ev.unverified = r.unverified;
	b->ev.partial = b->ev.partial || r.torn;
	return true;
}
