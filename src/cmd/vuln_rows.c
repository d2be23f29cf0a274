/* SPDX-License-Identifier: Apache-2.0 */
/* vuln_rows.c - findings as rows, and what was looked at and what was not. */
#include "base/buf.h"
#include "base/jsonw.h"
#include "base/msg.h"
#include "base/time.h"
#include "cmd/csv.h"
#include "cmd/plain.h"
#include "cmd/vuln_int.h"

#include <stdio.h>

/* CELL_MAX: a row of cells that are cut there fits, each byte escaped. */
enum { ROW_MAX = 1 << 20, CELL_MAX = 16 << 10, SHOWN = 200, COLUMNS = 10, SEVERITY_MAX = 256 };

static const char *const columns[COLUMNS] = { "asset",    "package", "version",  "cve",
					      "advisory", "state",   "fixed_in", "severity",
					      "letters",  "reason" };
enum { STATE = 5, LETTERS = 8 };

static const char *const states[] = {
	[FINDING_AFFECTED] = MSG_ID("affected"),
	[FINDING_FIXED] = MSG_ID("fixed"),
	[FINDING_UNKNOWN] = MSG_ID("not assessed"),
};

static const char *const reasons[] = {
	[REASON_NO_VERSION] = MSG_ID("its version is not known"),
	[REASON_BAD_VERSION] = MSG_ID("its version or the advisory's cannot be compared"),
	[REASON_NO_ORDER] = MSG_ID("versions of this ecosystem are not compared"),
	[REASON_NO_RANGE] = MSG_ID("the advisory tells no versions that can be compared"),
	[REASON_RELEASES] =
		MSG_ID("the advisory differs between releases and the package's is not known"),
	[REASON_PARTIAL] = MSG_ID("it is not installed to the end"),
	[REASON_OLD] = MSG_ID("the feed is older than it may be, or tells no date"),
	[REASON_ASSUMED] = MSG_ID(
		"the advisory also asks for what was not looked at: a signature, a file, the system"),
};

static struct str reason_of(const struct finding *f)
{
	return f->reason == REASON_NONE ? STR("") : str_of(msg(reasons[f->reason]));
}

static struct str severity_of(const struct finding *f, char out[SEVERITY_MAX])
{
	int n = 0;

	if (!f->exploited)
		return f->severity;
	n = snprintf(out, SEVERITY_MAX, "%s%s%.*s", "known exploited",
		     f->severity.n > 0 ? ", " : "", STR_ARG(str_sub(f->severity, 0, 200)));
	return (struct str){ out, (size_t)n };
}

static void put_json(struct buf *b, const struct str cell[COLUMNS], bool exploited)
{
	struct jsonw w = { .out = b };

	jsonw_open(&w, '{');
	for (size_t i = 0; i < COLUMNS; i++) {
		if (i == LETTERS) {
			jsonw_key(&w, columns[i]);
			jsonw_open(&w, '[');
			jsonw_close(&w, ']');
		} else {
			jsonw_kv_str(&w, columns[i], cell[i].p == NULL ? STR("") : cell[i]);
		}
	}
	jsonw_kv_bool(&w, "exploited", exploited);
	jsonw_close(&w, '}');
	buf_char(b, '\n');
}

static void put_row(struct buf *b, enum vuln_form form, const struct finding *f)
{
	char severity[SEVERITY_MAX];
	struct str cell[COLUMNS] = {
		f->asset,
		f->package->name,
		f->package->version,
		f->cve,
		f->advisory,
		str_of(states[f->state]),
		f->fixed_in,
		severity_of(f, severity),
		STR(""),
		reason_of(f),
	};

	for (size_t i = 0; i < COLUMNS; i++)
		cell[i] = str_sub(cell[i], 0, CELL_MAX);
	if (form == VULN_JSONL) {
		put_json(b, cell, f->exploited);
		return;
	}
	if (form == VULN_TEXT)
		cell[STATE] = str_of(msg(states[f->state]));
	for (size_t i = 0; i < COLUMNS; i++) {
		bool last = i + 1 == COLUMNS;

		if (form == VULN_CSV) {
			csv_cell(b, cell[i], last ? '\n' : ',');
			continue;
		}
		plain_put(b, cell[i], SHOWN);
		buf_char(b, last ? '\n' : '\t');
	}
}

static bool flush(struct buf *b)
{
	bool ok = !b->full && (b->n == 0 || fwrite(b->p, 1, b->n, stdout) == b->n);

	buf_clear(b);
	return ok;
}

/* --- what was looked at --- */

static void put_feed(struct jsonw *w, const struct vuln_cmd *c, const struct feed *f)
{
	bool dated = f->newest != TIME_NONE;

	jsonw_open(w, '{');
	jsonw_kv_str(w, "path", f->path);
	jsonw_kv_int(w, "files", (int64_t)f->files);
	jsonw_kv_int(w, "records", (int64_t)f->records);
	jsonw_kv_int(w, "bad", (int64_t)f->bad);
	jsonw_kv_int(w, "withdrawn", (int64_t)f->withdrawn);
	jsonw_kv_int(w, "other", (int64_t)f->other);
	jsonw_kv_time(w, "newest", f->newest);
	jsonw_kv_known(w, "age_days", dated, dated ? (c->now - f->newest) / TIME_DAY : 0);
	jsonw_kv_bool(w, "old", f->old);
	jsonw_close(w, '}');
}

static void put_coverage(struct buf *b, const struct vuln_cmd *c, const struct matcher_sum *sum)
{
	struct jsonw w = { .out = b };

	jsonw_open(&w, '{');
	jsonw_key(&w, "coverage");
	jsonw_open(&w, '{');
	jsonw_kv_int(&w, "packages", (int64_t)sum->packages);
	jsonw_kv_int(&w, "with_feed", (int64_t)sum->with_feed);
	jsonw_kv_int(&w, "without_feed", (int64_t)sum->without_feed);
	jsonw_kv_int(&w, "partial", (int64_t)sum->partial);
	jsonw_kv_int(&w, "affected", (int64_t)sum->affected);
	jsonw_kv_int(&w, "not_assessed", (int64_t)sum->not_assessed);
	jsonw_kv_int(&w, "nothing_known", (int64_t)sum->nothing_known);
	jsonw_kv_int(&w, "exploited", (int64_t)sum->exploited);
	jsonw_kv_int(&w, "bad", (int64_t)c->bad);
	jsonw_key(&w, "feeds");
	jsonw_open(&w, '[');
	for (const struct feed *f = c->first_feed; f != NULL; f = f->next)
		put_feed(&w, c, f);
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	jsonw_close(&w, '}');
	buf_char(b, '\n');
}

static void say_coverage(const struct vuln_cmd *c, const struct matcher_sum *sum)
{
	char day[TIME_TEXT_MAX];

	for (const struct feed *f = c->first_feed; f != NULL; f = f->next)
		fprintf(stderr,
			msg(MSG_ID("%.*s: %ju records, %ju withdrawn, %ju could not be used; data "
				   "of %s%s\n")),
			STR_ARG(f->path), (uintmax_t)f->records, (uintmax_t)f->withdrawn,
			(uintmax_t)f->bad,
			f->newest == TIME_NONE ? msg(MSG_ID("no date")) : time_date(f->newest, day),
			f->old ? msg(MSG_ID(": older than it may be")) : "");
	fprintf(stderr,
		msg(MSG_ID(
			"%zu packages: %zu affected, %zu not assessed, %zu of no feed given, %zu "
			"of which nothing is known; %zu findings of what is known to be "
			"exploited\n")),
		sum->packages, sum->affected, sum->not_assessed, sum->without_feed,
		sum->nothing_known, sum->exploited);
}

bool vuln_rows_put(const struct vuln_cmd *c, const struct finding *first,
		   const struct matcher_sum *sum)
{
	struct buf b = BUF(ROW_MAX);
	bool ok = true;

	for (size_t i = 0; i < COLUMNS && c->form == VULN_CSV; i++)
		buf_printf(&b, "%s%s", columns[i], i + 1 < COLUMNS ? "," : "\n");
	for (const struct finding *f = first; f != NULL && ok; f = f->next) {
		put_row(&b, c->form, f);
		ok = flush(&b);
	}
	if (c->form == VULN_JSONL)
		put_coverage(&b, c, sum);
	else
		say_coverage(c, sum);
	ok = ok && flush(&b) && fflush(stdout) == 0;
	buf_free(&b);
	return ok;
}
