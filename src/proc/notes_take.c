/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notes_take.c - desk's part of notes.h: from the parent's note to the state and its ledger.
 *
 * A note that cannot be read would come again for ever: it is told in the log and removed.
 */
#include "base/json.h"
#include "base/log.h"
#include "proc/jobs_int.h"
#include "proc/notes.h"
#include "state/aside_row.h"
#include "state/gap_row.h"

#include <stdlib.h>

enum { SENDERS_MAX = 4096 };

static bool number(const struct json *j, const char *key, int64_t *out)
{
	return json_int(json_get(j, key), out) && *out >= 0;
}

static bool read_gaps(struct arena *a, const struct json *j, struct gap_note *note, struct err *why)
{
	const struct json *items = json_get(j, "items");
	size_t n = json_count(items);
	struct gap_row *rows = NEW(a, struct gap_row, n + 1);
	int64_t to;

	if (rows == NULL || n > SENDERS_MAX)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	bool ok = number(j, "to", &to);
	for (size_t i = 0; ok && i < n; i++) {
		const struct json *item = json_at(items, i);

		rows[i].peer = json_get_str(item, "peer");
		rows[i].to = to;
		ok = rows[i].peer.n > 0 && number(item, "from", &rows[i].from) &&
		     number(item, "bytes", &rows[i].bytes) &&
		     number(item, "connections", &rows[i].connections);
	}
	if (!ok)
		return err_set(why, ERR_INPUT, 0, "a note of the parent cannot be read");
	note->kind = json_get_str(j, "kind");
	note->reason = json_get_str(j, "reason");
	note->rows = rows;
	note->n = n;
	return true;
}

static bool take_gap(struct desk *d, struct arena *a, struct str name, const struct json *j,
		     struct err *why)
{
	struct gap_note note = { .id = name };

	if (!read_gaps(a, j, &note, why))
		return false;
	pthread_mutex_lock(&d->lock);
	bool ok = gap_row_add(d->db, &note, why);
	pthread_mutex_unlock(&d->lock);
	return ok;
}

static bool take_aside(struct desk *d, const struct json *j, struct err *why)
{
	struct aside_row row = {
		.id = json_get_str(j, "id"),
		.source = json_get_str(j, "source"),
		.reason = json_get_str(j, "reason"),
		.how = json_get_str(j, "how"),
	};

	if (row.id.n == 0 || row.source.p == NULL || row.how.p == NULL ||
	    !number(j, "at", &row.at) || !number(j, "bytes", &row.bytes) ||
	    !number(j, "kept", &row.kept))
		return err_set(why, ERR_INPUT, 0, "a note of the parent cannot be read");
	pthread_mutex_lock(&d->lock);
	bool ok = aside_row_add(d->db, &row, why);
	pthread_mutex_unlock(&d->lock);
	return ok;
}

static bool take(struct desk *d, struct arena *a, struct str name, struct str text, struct err *why)
{
	struct json *j = NULL;

	if (!json_parse(text, NOTE_BYTES, &j, why))
		return false;
	struct str what = json_get_str(j, "note");
	bool ok = str_eq(what, STR("gap")) ? take_gap(d, a, name, j, why)
		  : str_eq(what, STR("aside"))
			  ? take_aside(d, j, why)
			  : err_set(why, ERR_INPUT, 0, "a note of the parent cannot be read");
	json_free(j);
	return ok;
}

bool notes_take(struct desk *d, struct arena whole, size_t *n, struct err *why)
{
	struct str name, text, data = d->config->data;

	for (*n = 0;; (*n)++) {
		struct arena a = whole;

		if (!note_first(&a, data, &name, &text, why))
			return why->kind == ERR_ABSENT;
		if (!take(d, &a, name, text, why)) {
			if (why->kind != ERR_INPUT && why->kind != ERR_STATE)
				return false; /* it is tried again */
			log_error("note '%.*s': %s", STR_ARG(name), why->text);
		}
		if (!note_remove(data, name, why))
			return false;
	}
}
