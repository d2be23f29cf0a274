/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hit_out.c - values are hostile: control characters never reach a terminal, quotes never end a cell.
 */
#include "cmd/hit_out.h"

#include "base/jsonw.h"
#include "base/msg.h"
#include "cmd/csv.h"
#include "cmd/hit_note.h"
#include "cmd/plain.h"
#include "cmd/times.h"
#include "event/write.h"

#include <stdio.h>

enum { TEXT_SHOWN = 200 };

static struct str title_of(const struct hit *h)
{
	if (h->kind == HIT_INDICATOR)
		return h->list->name;
	return msg_lang() == LANG_VI && h->rule->title_vi.n > 0 ? h->rule->title_vi
								: h->rule->title;
}

static struct str id_of(const struct hit *h)
{
	return h->kind == HIT_INDICATOR ? (struct str){ NULL, 0 } : h->rule->id;
}

struct str hit_host(const struct event *ev)
{
	struct str host = event_ecs(ev, ECS_HOST_NAME);

	return host.p != NULL ? host : event_ecs(ev, ECS_HOST_IP);
}

static void put_text(const struct hit_place *p, struct buf *out)
{
	char when[TIME_TEXT_MAX];
	struct str host = hit_host(p->ev);

	buf_printf(out, "%s %-8s ",
		   p->ev->time_told ? times_text(p->times, p->ev->time, when) : "-",
		   severity_name((enum severity)p->hit->severity));
	plain_put(out, title_of(p->hit), TEXT_SHOWN);
	if (p->hit->kind == HIT_INDICATOR) {
		buf_printf(out, " (%s) ", list_kind_name((enum list_kind)p->hit->list->kind));
		plain_put(out, p->hit->indicator, TEXT_SHOWN);
	}
	buf_add(out, STR(" | "));
	plain_put(out, p->path, TEXT_SHOWN);
	buf_printf(out, ":%llu", (unsigned long long)p->ev->seq);
	if (host.n > 0) {
		buf_add(out, STR(" | "));
		plain_put(out, host, TEXT_SHOWN);
	}
	if (p->hit->text.n > 0) {
		buf_add(out, STR(" | "));
		plain_put(out, p->hit->field, TEXT_SHOWN);
		buf_char(out, '=');
		plain_put(out, p->hit->text, TEXT_SHOWN);
	}
	buf_char(out, '\n');
}

static void put_indicator(struct jsonw *w, const struct hit *h)
{
	jsonw_key(w, "indicator");
	if (h->kind != HIT_INDICATOR) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	jsonw_kv_str(w, "value", h->indicator);
	jsonw_kv_str(w, "type", str_of(indicator_type_name((enum indicator_type)h->type)));
	jsonw_kv_str(w, "list", h->list->name);
	jsonw_kv_str(w, "kind", str_of(list_kind_name((enum list_kind)h->list->kind)));
	jsonw_kv_int(w, "line", (int64_t)h->line);
	jsonw_kv_str(w, "note", h->note.n > 0 ? h->note : (struct str){ NULL, 0 });
	jsonw_kv_str(w, "known_good",
		     h->known_good != NULL ? h->known_good->name : (struct str){ NULL, 0 });
	jsonw_close(w, '}');
}

static void put_window(struct jsonw *w, const struct hit_window *x)
{
	jsonw_key(w, "correlation");
	if (x == NULL) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	jsonw_kv_time(w, "from", x->from);
	jsonw_kv_time(w, "to", x->to);
	jsonw_kv_int(w, "events", (int64_t)x->events);
	jsonw_key(w, "value");
	jsonw_double(w, x->value);
	jsonw_key(w, "group");
	jsonw_open(w, '{');
	for (size_t i = 0; i < x->n; i++) {
		jsonw_key_str(w, x->name[i]);
		jsonw_str(w, x->group[i]);
	}
	jsonw_close(w, '}');
	jsonw_close(w, '}');
}

static void put_json(const struct hit_place *p, struct buf *out)
{
	const struct hit *h = p->hit;
	struct jsonw w = { .out = out };

	jsonw_open(&w, '{');
	jsonw_kv_time(&w, "time", p->ev->time_told ? p->ev->time : TIME_NONE);
	jsonw_kv_str(&w, "rule_id", id_of(h));
	jsonw_kv_str(&w, "rule_title",
		     h->kind == HIT_RULE ? h->rule->title : (struct str){ NULL, 0 });
	jsonw_kv_str(&w, "level", str_of(severity_name((enum severity)h->severity)));
	jsonw_key(&w, "tags");
	jsonw_open(&w, '[');
	for (size_t i = 0; h->kind == HIT_RULE && i < h->rule->n_tags; i++)
		jsonw_str(&w, h->rule->tags[i]);
	jsonw_close(&w, ']');
	jsonw_kv_str(&w, "path", p->path);
	jsonw_kv_int(&w, "record", (int64_t)p->ev->seq);
	put_indicator(&w, h);
	put_window(&w, h->window);
	jsonw_kv_str(&w, "use", str_of(hit_use_name((enum hit_use)h->use)));
	jsonw_kv_str(&w, "field", h->field.n > 0 ? h->field : (struct str){ NULL, 0 });
	jsonw_kv_str(&w, "matched", h->text);
	jsonw_key(&w, "event");
	event_write_fields(&w, p->ev);
	jsonw_close(&w, '}');
	buf_char(out, '\n');
}

static void put_csv(const struct hit_place *p, struct buf *out)
{
	const struct hit *h = p->hit;
	bool indicator = h->kind == HIT_INDICATOR;
	char when[TIME_TEXT_MAX], number[24];
	int n = snprintf(number, sizeof number, "%llu", (unsigned long long)p->ev->seq);

	csv_cell(out, p->ev->time_told ? str_of(time_rfc3339(p->ev->time, when)) : STR(""), ',');
	csv_cell(out, str_of(severity_name((enum severity)h->severity)), ',');
	csv_cell(out, id_of(h), ',');
	csv_cell(out, indicator ? STR("") : title_of(h), ',');
	csv_cell(out, p->path, ',');
	csv_cell(out, (struct str){ number, (size_t)n }, ',');
	csv_cell(out, hit_host(p->ev), ',');
	csv_cell(out, h->field, ',');
	csv_cell(out, h->text, ',');
	csv_cell(out, h->indicator, ',');
	csv_cell(out, indicator ? h->list->name : STR(""), ',');
	csv_cell(out, indicator ? str_of(list_kind_name((enum list_kind)h->list->kind)) : STR(""),
		 '\n');
}

void hit_out_head(enum hit_form form, struct buf *out)
{
	if (form == HIT_CSV)
		buf_add(out, STR("time,level,rule_id,rule_title,path,record,host,field,matched,"
				 "indicator,list,list_kind\n"));
}

void hit_out(enum hit_form form, const struct hit_place *p, struct buf *out)
{
	if (form == HIT_JSONL)
		put_json(p, out);
	else if (form == HIT_CSV)
		put_csv(p, out);
	else if (form == HIT_NOTE)
		hit_note_put(p, out);
	else
		put_text(p, out);
}

void hit_out_framed(enum hit_form form, const struct hit_place *p, struct buf *out)
{
	struct hit_frame f = { p->ev->time_told ? p->ev->time : INT64_MAX, 0 };
	size_t at = out->n;

	buf_add(out, (struct str){ (const char *)&f, sizeof f });
	hit_out(form, p, out);
	if (out->full)
		return;
	f.len = out->n - at - sizeof f;
	memcpy(out->p + at, &f, sizeof f);
}

bool hit_frame_next(struct str *rest, struct hit_frame *out, struct str *bytes)
{
	if (rest->n == 0)
		return false;
	assert(rest->n >= sizeof *out);
	memcpy(out, rest->p, sizeof *out);
	assert(out->len <= rest->n - sizeof *out);
	*bytes = str_sub(*rest, sizeof *out, sizeof *out + out->len);
	*rest = str_skip(*rest, sizeof *out + out->len);
	return true;
}
