/* SPDX-License-Identifier: Apache-2.0 */
#include "store/found.h"

#include "event/write.h"

#include <stdio.h>

static void write_source(struct jsonw *w, const struct store_found *f)
{
	char number[24];

	jsonw_open(w, '{');
	snprintf(number, sizeof number, "%u", f->event.source);
	jsonw_kv_str(w, "id", str_of(number));
	if (f->source != NULL) {
		jsonw_kv_str(w, "name", source_shown(f->source));
		jsonw_kv_str(w, "kind",
			     str_of(source_kind_name((enum source_kind)f->source->kind)));
		jsonw_kv_str(w, "peer", f->source->peer);
	} else {
		jsonw_kv_str(w, "name", STR(""));
	}
	jsonw_close(w, '}');
}

void found_begin(struct jsonw *w, const struct store_found *f, size_t most, bool partial)
{
	char id[STORE_ID_MAX];

	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", str_of(store_id_text(&f->id, id)));
	jsonw_kv_time(w, "time", f->event.time);
	jsonw_kv_time(w, "received", f->event.received);
	jsonw_key(w, "source");
	write_source(w, f);
	jsonw_kv_int(w, "seq", (int64_t)f->event.seq);
	jsonw_kv_str(w, "format", str_of(f->format));
	jsonw_kv_bool(w, "partial", f->event.partial || partial || f->event.raw.n > most);
	jsonw_kv_str(w, "raw", str_sub(f->event.raw, 0, most));
}

void found_write(struct jsonw *w, const struct store_found *f)
{
	found_begin(w, f, SIZE_MAX, false);
	jsonw_key(w, "fields");
	event_write_fields(w, &f->event);
	jsonw_close(w, '}');
}
