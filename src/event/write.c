/* SPDX-License-Identifier: Apache-2.0 */
/* write.c - quadratic in the number of fields, which the reader caps; events shown are few. */
#include "event/write.h"

#include "base/num.h"

bool event_write_repeats(const struct event *ev, uint32_t i)
{
	for (uint32_t k = 0; k < i; k++)
		if (str_eq(ev->fields[k].name, ev->fields[i].name))
			return true;
	return false;
}

/* Numbers and booleans as such where the text is one in JSON; else as text, which is always right. */
static void write_value(struct jsonw *w, const struct field *f)
{
	int64_t i;
	double d;

	if (f->type == FIELD_NULL)
		jsonw_null(w);
	else if (f->type == FIELD_BOOL &&
		 (str_eq(f->val, STR("true")) || str_eq(f->val, STR("false"))))
		jsonw_bool(w, f->val.n == 4);
	else if (f->type == FIELD_INT && num_parse_i64(f->val, INT64_MIN, INT64_MAX, &i))
		jsonw_int(w, i);
	else if (f->type == FIELD_FLOAT && num_parse_double(f->val, &d))
		jsonw_double(w, d);
	else
		jsonw_str(w, f->val.p == NULL ? STR("") : f->val);
}

/* Whether the value stands in the same run as fields[i]; a name of the raw run wins. */
static bool same_run(const struct event *ev, uint32_t i, uint32_t k)
{
	return (i < ev->n_raw) == (k < ev->n_raw);
}

void event_write_values(struct jsonw *w, const struct event *ev, uint32_t i)
{
	const struct field *f = &ev->fields[i];
	uint32_t more = 0;

	for (uint32_t k = i + 1; k < ev->n_fields; k++)
		more += same_run(ev, i, k) && str_eq(ev->fields[k].name, f->name);
	if (more == 0) {
		write_value(w, f);
		return;
	}
	jsonw_open(w, '[');
	for (uint32_t k = i; k < ev->n_fields; k++)
		if (same_run(ev, i, k) && str_eq(ev->fields[k].name, f->name))
			write_value(w, &ev->fields[k]);
	jsonw_close(w, ']');
}

void event_write_fields(struct jsonw *w, const struct event *ev)
{
	jsonw_open(w, '{');
	for (uint32_t i = 0; i < ev->n_fields; i++) {
		if (event_write_repeats(ev, i))
			continue;
		jsonw_key_str(w, ev->fields[i].name);
		event_write_values(w, ev, i);
	}
	jsonw_close(w, '}');
}
