/* SPDX-License-Identifier: Apache-2.0 */
/* clerk_duty.c - a roster file, as a spreadsheet writes it, into rows that desk can trust the form of. */
#include "govern/duty_csv.h"
#include "proc/clerk_int.h"

enum { BAD_MOST = 100 };

struct reading {
	struct jsonw w;
	struct buf bad; /* a JSON array, without its brackets */
	struct jsonw bw;
	size_t n_bad;
};

static void put_row(void *ctx, const struct duty_row *row)
{
	struct reading *r = ctx;
	struct jsonw *w = &r->w;

	jsonw_open(w, '{');
	jsonw_kv_int(w, "line", (int64_t)row->line);
	jsonw_kv_int(w, "from", row->from);
	jsonw_kv_int(w, "to", row->to);
	jsonw_kv_str(w, "post", str_of(post_name(row->post)));
	jsonw_kv_str(w, "name", row->name);
	jsonw_kv_str(w, "phone", row->phone);
	jsonw_kv_str(w, "email", row->email);
	jsonw_kv_str(w, "note", row->note);
	jsonw_close(w, '}');
}

static void put_bad(void *ctx, uint64_t line, const struct err *why)
{
	struct reading *r = ctx;
	char vi[ERR_TEXT_MAX];

	if (r->n_bad++ >= BAD_MOST)
		return;
	jsonw_open(&r->bw, '{');
	jsonw_kv_int(&r->bw, "line", (int64_t)line);
	jsonw_key(&r->bw, "reason");
	jsonw_open(&r->bw, '{');
	jsonw_kv_str(&r->bw, "vi", str_of(err_text(why, LANG_VI, vi, sizeof vi)));
	jsonw_kv_str(&r->bw, "en", str_of(why->text));
	jsonw_close(&r->bw, '}');
	jsonw_close(&r->bw, '}');
}

bool clerk_duty(struct job *job, struct err *why)
{
	struct reading r = { .w = { .out = job->w.out }, .bad = BUF(1 << 20) };
	const struct duty_sink sink = { put_row, put_bad, &r };

	r.bw.out = &r.bad;
	jsonw_open(&r.w, '{');
	jsonw_key(&r.w, "rows");
	jsonw_open(&r.w, '[');
	bool ok = duty_csv_read(&job->a, job->upload, &sink, why);
	jsonw_close(&r.w, ']');
	jsonw_key(&r.w, "bad");
	buf_char(r.w.out, '[');
	buf_add(r.w.out, buf_str(&r.bad));
	buf_char(r.w.out, ']');
	buf_char(r.w.out, '}');
	buf_free(&r.bad);
	return ok;
}
