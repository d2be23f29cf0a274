/* SPDX-License-Identifier: Apache-2.0 */
/* live_sources.c - who sends, with counters, and how each source stands. */
#include "base/jsonw.h"
#include "govern/source_judge.h"
#include "proc/live_int.h"
#include "proc/mail_path.h"
#include "state/gap_row.h"
#include "state/source_row.h"

#include <stdio.h>
#include <stdlib.h>

enum { FORMATS = 64 };

static const struct source_row *row_of(const struct live *l, const char *id)
{
	for (size_t i = 0; i < l->n_rows; i++)
		if (str_eq(l->rows[i].source, str_of(id)))
			return &l->rows[i];
	return NULL;
}

static void write_counts(struct jsonw *w, const char *key, const struct source_count *c, size_t n)
{
	jsonw_key(w, key);
	jsonw_open(w, '{');
	for (size_t i = 0; i < n; i++) {
		jsonw_key_str(w, c[i].name);
		jsonw_int(w, (int64_t)c[i].n);
	}
	jsonw_close(w, '}');
}

/* Doors whose sender learns that its data is safe. */
static bool acknowledged(enum source_kind k)
{
	return k != SOURCE_UDP && k != SOURCE_TCP && k != SOURCE_TLS;
}

/* --- how it stands --- */

static bool loopback(struct str peer)
{
	return str_starts(peer, STR("127.")) || str_eq(peer, STR("::1"));
}

/* Does the source's data come through that door? Only UDP tells through which of several. */
static bool comes_by(const struct source_info *s, const struct door_seen *door)
{
	const char *kind = source_kind_name((enum source_kind)s->kind);
	size_t n = strlen(kind);

	if (strncmp(door->subject, kind, n) != 0)
		return false;
	return s->kind == SOURCE_UDP
		       ? door->subject[n] == ' ' && str_eq(s->name, str_of(door->subject + n + 1))
		       : door->subject[n] == ' ' || door->subject[n] == '\0';
}

/* Of several doors that may be the one, the worse: no proof is made up. */
static bool worse(const struct control_past *a, const struct control_past *b)
{
	if (control_failed(a) != control_failed(b))
		return control_failed(a);
	return a->passed < b->passed;
}

static void look_at_doors(struct live *l, const struct source_info *s, struct source_facts *f)
{
	struct err why = { 0 };

	f->door = f->beat = control_never;
	f->no_door = l->n_doors > 0;
	for (size_t i = 0; i < l->n_doors; i++) {
		struct control_past past;

		if (!comes_by(s, &l->doors[i]))
			continue;
		if (!control_last(l->d->db, CONTROL_DOOR, str_of(l->doors[i].subject), &past, &why))
			past = control_never;
		if (f->no_door || worse(&past, &f->door))
			f->door = past;
		f->no_door = false;
	}
}

static enum source_class class_of(const struct live *l, const struct source_info *s,
				  const struct source_row *row, bool *said)
{
	enum source_class c = row == NULL ? CLASS_UNKNOWN : source_class_find(row->class);
	struct str formats[FORMATS];
	size_t n = 0;

	*said = c != CLASS_UNKNOWN && c != SOURCE_CLASSES;
	if (*said || l->policy == NULL)
		return *said ? c : CLASS_UNKNOWN;
	for (; n < s->n_formats && n < FORMATS; n++)
		formats[n] = s->formats[n].name;
	return silence_infer(l->policy, formats, n);
}

static void gather(struct live *l, const struct source_info *s, const struct source_row *row,
		   struct source_facts *f)
{
	char id[24];
	struct err why = { 0 };
	bool once = s->kind == SOURCE_DROP || s->kind == SOURCE_IMPORT ||
		    s->kind == SOURCE_CANARY || str_eq(s->name, STR("diễn tập"));
	bool wire = s->kind == SOURCE_UDP || s->kind == SOURCE_TCP || s->kind == SOURCE_TLS;

	look_at_doors(l, s, f);
	f->expected = !once || (row != NULL && row->required);
	f->whole = s->kind == SOURCE_DROP || (wire && loopback(s->peer));
	f->last_seen = s->stored == 0 ? TIME_NONE : s->last_seen;
	f->off_until = row == NULL ? TIME_NONE : row->off_until;
	f->beat_since = row == NULL ? TIME_NONE : row->beat_since;
	if (row == NULL)
		return;
	f->off_by = row->off_by;
	snprintf(id, sizeof id, "%u", s->id);
	if (!control_last(l->d->db, CONTROL_SOURCE, str_of(id), &f->beat, &why))
		f->beat = control_never;
}

/* --- as JSON --- */

void live_sentence(struct jsonw *w, const char *key, const struct err *e,
		   const struct control_past *more)
{
	static const enum lang langs[] = { LANG_VI, LANG_EN };

	jsonw_key(w, key);
	if (e->id == NULL) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	for (size_t i = 0; i < COUNT(langs); i++) {
		const char *told = more == NULL ? "" : i == 0 ? more->vi : more->en;
		char text[ERR_TEXT_MAX], both[2 * ERR_TEXT_MAX];

		err_text(e, langs[i], text, sizeof text);
		snprintf(both, sizeof both, "%s%s%s", text, told[0] != '\0' ? ": " : "", told);
		jsonw_kv_str(w, i == 0 ? "vi" : "en", str_of(both));
	}
	jsonw_close(w, '}');
}

static void write_part(struct jsonw *w, const char *key, bool there, const struct control_past *p)
{
	jsonw_key(w, key);
	if (!there) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	jsonw_kv_time(w, "last_passed", p->passed);
	jsonw_kv_time(w, "last_failed", p->failed);
	jsonw_close(w, '}');
}

static void write_control(struct jsonw *w, const struct source_info *s,
			  const struct source_facts *f, const struct source_judged *j)
{
	jsonw_key(w, "control");
	if (s->kind == SOURCE_IMPORT || s->kind == SOURCE_CANARY) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	jsonw_kv_str(w, "state", str_of(proof_names[j->proof]));
	live_sentence(w, "reason", &j->proof_reason, j->part);
	live_sentence(w, "next", &j->proof_next, NULL);
	jsonw_kv_time(w, "last_passed", j->passed);
	jsonw_kv_time(w, "last_failed", j->failed);
	write_part(w, "door", !f->no_door, &f->door);
	write_part(w, "heartbeat", f->beat_since != TIME_NONE, &f->beat);
	jsonw_close(w, '}');
}

static void write_state(struct live *l, const struct source_info *s, const struct source_row *row)
{
	struct source_facts f = { .class = CLASS_UNKNOWN };
	struct source_judged j;
	struct jsonw *w = &l->w;
	bool said;

	f.class = class_of(l, s, row, &said);
	gather(l, s, row, &f);
	source_judge(l->policy, l->zone, &f, l->now, &j);
	jsonw_kv_str(w, "class", str_of(source_class_names[f.class]));
	jsonw_kv_str(w, "class_from",
		     said                       ? STR("user")
		     : f.class != CLASS_UNKNOWN ? STR("records")
						: (struct str){ NULL, 0 });
	jsonw_kv_str(w, "state", str_of(source_state_names[j.state]));
	live_sentence(w, "reason", &j.reason, j.state == SOURCE_LOST ? j.part : NULL);
	live_sentence(w, "next", &j.next, NULL);
	jsonw_key(w, "silence");
	if (l->policy == NULL || !f.expected) {
		jsonw_null(w);
	} else {
		jsonw_open(w, '{');
		jsonw_kv_int(w, "quiet_s", l->policy->class[f.class].quiet / TIME_SECOND);
		jsonw_kv_bool(w, "working_hours", l->policy->class[f.class].working);
		jsonw_close(w, '}');
	}
	jsonw_kv_time(w, "off_until", f.off_until);
	jsonw_kv_str(w, "off_reason", row == NULL ? (struct str){ NULL, 0 } : row->off_reason);
	write_control(w, s, &f, &j);
}

static struct str name_of(const struct source_info *s, const struct source_row *row)
{
	struct source_info named = *s;

	if (row != NULL)
		named.given = row->name;
	return source_shown(&named);
}

/* Connections that broke with the process that read them; null for doors that lose nothing so. */
static void write_gaps(struct live *l, const struct source_info *s)
{
	struct jsonw *w = &l->w;
	struct arena a = l->a;
	struct gap_sum sum;
	struct err why = { 0 };

	jsonw_key(w, "gaps");
	if (s->kind != SOURCE_TLS || !gap_row_of(l->d->db, &a, STR("tls"), s->peer, &sum, &why)) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	jsonw_kv_int(w, "count", sum.count);
	jsonw_kv_int(w, "bytes", sum.bytes);
	jsonw_key(w, "items");
	jsonw_open(w, '[');
	for (size_t i = 0; i < sum.n; i++) {
		jsonw_open(w, '{');
		jsonw_kv_time(w, "from", sum.rows[i].from);
		jsonw_kv_time(w, "to", sum.rows[i].to);
		jsonw_kv_int(w, "bytes", sum.rows[i].bytes);
		jsonw_kv_int(w, "connections", sum.rows[i].connections);
		jsonw_kv_str(w, "reason", sum.reasons[i]);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

static void write_source(struct live *l, const struct source_info *s)
{
	char id[24];

	snprintf(id, sizeof id, "%u", s->id);
	const struct source_row *row = row_of(l, id);
	struct str name = name_of(s, row);
	jsonw_open(&l->w, '{');
	jsonw_kv_str(&l->w, "id", str_of(id));
	jsonw_kv_str(&l->w, "name", name.p == NULL ? STR("") : name);
	jsonw_kv_str(&l->w, "kind", str_of(source_kind_name((enum source_kind)s->kind)));
	jsonw_kv_str(&l->w, "peer", s->peer);
	int64_t durable = (int64_t)(s->stored + s->dropped),
		pending = pending_of(l->d->pending, s->id, durable);

	jsonw_kv_int(&l->w, "received", durable + pending);
	jsonw_kv_int(&l->w, "stored", (int64_t)s->stored);
	jsonw_kv_int(&l->w, "pending", pending);
	write_counts(&l->w, "dropped", s->drops, s->n_drops);
	jsonw_kv_int(&l->w, "dropped_today", (int64_t)(s->dropped - s->before_dropped));
	jsonw_kv_int(&l->w, "unparsed", (int64_t)s->unparsed);
	jsonw_kv_int(&l->w, "unparsed_today", (int64_t)(s->unparsed - s->before_unparsed));
	jsonw_kv_int(&l->w, "stored_today", (int64_t)(s->stored - s->before_stored));
	write_counts(&l->w, "formats", s->formats, s->n_formats);
	jsonw_kv_int(&l->w, "hosts", (int64_t)s->hosts);
	jsonw_kv_time(&l->w, "first_seen", s->first_seen);
	jsonw_kv_time(&l->w, "last_seen", s->last_seen);
	write_state(l, s, row);
	jsonw_kv_bool(&l->w, "acknowledged_delivery", acknowledged((enum source_kind)s->kind));
	write_gaps(l, s);
	jsonw_kv_bool(&l->w, "overflow", s->overflow);
	jsonw_close(&l->w, '}');
}

static void write_all(struct live *l, const struct source_info *sources, size_t n)
{
	struct source_row *rows = NULL;
	struct err why = { 0 };

	pthread_mutex_lock(&l->d->lock);
	if (!source_row_all(l->d->db, &l->a, &rows, &l->n_rows, &why))
		l->n_rows = 0;
	l->rows = rows;
	for (size_t i = 0; i < n; i++)
		write_source(l, &sources[i]);
	pthread_mutex_unlock(&l->d->lock);
}

void live_sources(struct live *l)
{
	char folder[4096];
	const struct source_info *sources = NULL;
	struct err why = { 0 };
	size_t n = 0;

	snprintf(folder, sizeof folder, "%.*s/store", STR_ARG(l->d->config->data));
	struct store_reader *store = store_reader_new(folder, NULL);
	if (store == NULL || !store_sources(store, &l->a, &sources, &n, &why))
		n = 0; /* nothing stored yet, or unreadable: no source is claimed */
	pthread_mutex_lock(&l->d->told);
	l->n_doors = l->d->n_doors;
	memcpy(l->doors, l->d->doors, sizeof l->doors);
	pthread_mutex_unlock(&l->d->told);
	jsonw_key(&l->w, "sources");
	jsonw_open(&l->w, '[');
	pthread_mutex_lock(&l->d->quiet.lock);
	l->policy = l->d->quiet.known ? &l->d->quiet.policy : NULL;
	l->zone = l->d->quiet.zone;
	write_all(l, sources, n);
	jsonw_close(&l->w, ']');
	live_controls(l);
	pthread_mutex_unlock(&l->d->quiet.lock);
	mail_path_put(l->d, l->a, sources, n, &l->w);
	store_reader_free(store);
}
