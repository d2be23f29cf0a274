/* SPDX-License-Identifier: Apache-2.0 */
/* vuln_list.c - the packages of the assets, as rows. */
#include "base/buf.h"
#include "base/jsonw.h"
#include "base/msg.h"
#include "cmd/csv.h"
#include "cmd/plain.h"
#include "cmd/vuln_int.h"

#include <stdio.h>

enum { ROW_MAX = 1 << 20, SHOWN = 200, COLUMNS = 8 };

static const char *const columns[COLUMNS] = { "asset",  "package",        "version", "arch",
					      "source", "source_version", "type",    "distro" };

static void cells(const struct vuln_asset *asset, const struct package *p, struct str out[COLUMNS])
{
	const struct str cell[COLUMNS] = { asset->name, p->name,           p->version, p->arch,
					   p->source,   p->source_version, p->type,    p->distro };

	memcpy(out, cell, sizeof cell);
}

static void put_row(struct buf *b, enum vuln_form form, const struct str cell[COLUMNS])
{
	struct jsonw w = { .out = b };

	if (form == VULN_JSONL) {
		jsonw_open(&w, '{');
		for (size_t i = 0; i < COLUMNS; i++)
			jsonw_kv_str(&w, columns[i], cell[i].p == NULL ? STR("") : cell[i]);
		jsonw_close(&w, '}');
		buf_char(b, '\n');
		return;
	}
	for (size_t i = 0; i < COLUMNS; i++) {
		char behind = i + 1 < COLUMNS ? '\t' : '\n';

		if (form == VULN_CSV) {
			csv_cell(b, cell[i], behind == '\t' ? ',' : '\n');
			continue;
		}
		plain_put(b, cell[i], SHOWN);
		buf_char(b, behind);
	}
}

static bool flush(struct buf *b)
{
	bool ok = !b->full && (b->n == 0 || fwrite(b->p, 1, b->n, stdout) == b->n);

	buf_clear(b);
	return ok;
}

static bool list_asset(const struct vuln_cmd *c, const struct vuln_asset *asset, struct buf *b)
{
	struct str cell[COLUMNS];

	for (const struct package *p = asset->inventory.first; p != NULL; p = p->next) {
		if (p->partial)
			continue; /* it is counted, not installed */
		cells(asset, p, cell);
		put_row(b, c->form, cell);
		if (!flush(b))
			return false;
	}
	return true;
}

static bool put_coverage(const struct vuln_cmd *c, struct buf *b)
{
	size_t assets = 0, packages = 0, partial = 0, bad = 0;
	struct jsonw w = { .out = b };

	for (const struct vuln_asset *x = c->first; x != NULL; x = x->next) {
		assets++;
		packages += x->inventory.n - x->inventory.partial;
		partial += x->inventory.partial;
		bad += x->inventory.bad;
	}
	if (c->form != VULN_JSONL) {
		fprintf(stderr,
			msg(MSG_ID("%zu packages of %zu assets, %zu more not installed to the end, "
				   "%zu entries could not be used; read %zu of %zu files\n")),
			packages, assets, partial, bad, c->files - c->failed, c->files);
		return true;
	}
	jsonw_open(&w, '{');
	jsonw_key(&w, "coverage");
	jsonw_open(&w, '{');
	jsonw_kv_int(&w, "assets", (int64_t)assets);
	jsonw_kv_int(&w, "packages", (int64_t)packages);
	jsonw_kv_int(&w, "partial", (int64_t)partial);
	jsonw_kv_int(&w, "bad", (int64_t)bad);
	jsonw_kv_int(&w, "files", (int64_t)c->files);
	jsonw_kv_int(&w, "failed", (int64_t)c->failed);
	jsonw_close(&w, '}');
	jsonw_close(&w, '}');
	buf_char(b, '\n');
	return flush(b);
}

bool vuln_packages_list(const struct vuln_cmd *c)
{
	struct buf b = BUF(ROW_MAX);
	bool ok = true;

	for (size_t i = 0; i < COLUMNS && c->form == VULN_CSV; i++)
		buf_printf(&b, "%s%s", columns[i], i + 1 < COLUMNS ? "," : "\n");
	for (const struct vuln_asset *x = c->first; x != NULL && ok; x = x->next)
		ok = list_asset(c, x, &b);
	ok = ok && put_coverage(c, &b) && fflush(stdout) == 0;
	buf_free(&b);
	return ok;
}
