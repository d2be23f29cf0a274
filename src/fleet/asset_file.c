/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/asset_file.h"

#include "base/table.h"
#include "fleet/asset_table.h"
#include "fleet/ldif.h"
#include "fleet/leases.h"

const char *asset_form_name(enum asset_form f)
{
	static const char *const names[] = {
		[FORM_TABLE] = "table", [FORM_LDIF] = "ldif", [FORM_LEASES] = "leases"
	};

	return names[f];
}

bool asset_map_parse(struct str s, struct asset_map *out, struct err *why)
{
	struct asset_map map = { .n = 0 };
	struct str item;

	while (str_split(&s, ',', &item)) {
		size_t sign = str_find_char(item, '=');
		struct str field = str_trim(str_skip(item, sign + 1));
		struct str column = str_trim(str_sub(item, 0, sign));

		if (map.n == ASSET_MAP_MAX)
			return err_set(why, ERR_LIMIT, 0, "more than %d columns in the map",
				       ASSET_MAP_MAX);
		if (sign == item.n || column.n == 0)
			return err_set(why, ERR_INPUT, 0,
				       "'%.*s' is not COLUMN=FIELD, like 'Tên máy=name'",
				       STR_ARG(item));
		if (!asset_field_find(field, &map.item[map.n].field))
			return err_set(why, ERR_INPUT, 0, "there is no field '%.*s'",
				       STR_ARG(field));
		map.item[map.n++].column = column;
	}
	*out = map;
	return true;
}

/* The first line that is no remark and not empty. */
static struct str first_line(struct str text)
{
	struct str line;

	while (str_line(&text, &line)) {
		line = str_trim(line);
		if (line.n > 0 && line.p[0] != '#')
			return line;
	}
	return STR("");
}

/* A lease or what else dhcpd writes into its file: words up to '{' or ';'. */
static bool is_leases(struct str line)
{
	static const struct str words[] = { STR("lease "),         STR("server-duid "),
					    STR("failover peer "), STR("authoring-byte-order "),
					    STR("host "),          STR("ia-na ") };

	for (size_t i = 0; i < COUNT(words); i++)
		if (str_starts(line, words[i]))
			return str_ends(line, STR("{")) || str_ends(line, STR(";"));
	return false;
}

static bool is_ldif(struct str line)
{
	return str_starts_nocase(line, STR("dn:")) || str_starts_nocase(line, STR("version:"));
}

/* --- rows are kept --- */

struct keeping {
	struct arena *a;
	struct asset_rows rows;
	size_t most;
	uint64_t last_bad;
	bool full;
};

static void keep_row(void *ctx, const struct asset_told *told)
{
	struct keeping *k = ctx;
	struct told_fact *facts = NEW(k->a, struct told_fact, told->n + 1);

	if (facts == NULL || k->rows.n == k->most) {
		k->full = true;
		return;
	}
	for (size_t i = 0; i < told->n; i++)
		facts[i] = told->fact[i];
	k->rows.row[k->rows.n] = *told;
	k->rows.row[k->rows.n++].fact = facts;
}

static void keep_bad(void *ctx, uint64_t line, const struct err *why)
{
	struct keeping *k = ctx;

	k->rows.bad += line != k->last_bad;
	k->last_bad = line;
	if (k->rows.n_faults < ASSET_FAULTS_KEPT)
		k->rows.fault[k->rows.n_faults++] = (struct asset_fault){ line, *why };
}

static size_t lines_of(struct str text)
{
	size_t n = 1;
	struct str line;

	while (n < ASSET_ROWS_MAX && str_line(&text, &line))
		n++;
	return n;
}

static bool read_form(struct arena *a, struct str text, const struct asset_read *how,
		      const struct told_sink *sink, struct asset_file *out, struct err *why)
{
	struct str line = first_line(text);

	*out = (struct asset_file){ .form = FORM_TABLE, .origin = how->origin };
	if (is_ldif(line)) {
		out->form = FORM_LDIF;
		out->origin = ORIGIN_AD;
		return ldif_read_machines(a, text, sink, &out->others, why);
	}
	if (is_leases(line)) {
		out->form = FORM_LEASES;
		out->origin = ORIGIN_DHCP;
		return leases_read(a, text, sink, why);
	}
	return asset_table_read(a, text, how, sink, out, why);
}

bool asset_file_read(struct arena *a, struct str text, const struct asset_read *how,
		     struct asset_rows *out, struct err *why)
{
	struct keeping k = { .a = a };
	const struct told_sink sink = { keep_row, keep_bad, &k };
	struct asset_file *file = &k.rows.file;

	if (!table_text(a, &text, why))
		return false;
	k.most = lines_of(text);
	k.rows.row = NEW(a, struct asset_told, k.most);
	k.rows.fault = NEW(a, struct asset_fault, ASSET_FAULTS_KEPT);
	if (k.rows.row == NULL || k.rows.fault == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	if (!read_form(a, text, how, &sink, file, why))
		return false;
	if (how->origin != ORIGINS && how->origin != file->origin)
		return err_set(why, ERR_INPUT, 0, "this file is of kind '%s', not '%s'",
			       asset_origin_name(file->origin), asset_origin_name(how->origin));
	if (k.full)
		return err_set(why, ERR_LIMIT, 0, "more than %d rows, or no memory",
			       ASSET_ROWS_MAX);
	*out = k.rows;
	return true;
}
