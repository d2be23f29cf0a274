/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/asset_table.h"

#include "base/num.h"
#include "base/phrase.h"
#include "base/table.h"
#include "fleet/asset_date.h"

enum { TITLE_ROWS = 20 };

/* A header that says just this; then one in which it stands. Folded; the first row that fits decides. */
struct header {
	struct str phrase;
	enum asset_field field;
};
// clang-format off
static const struct header exact[] = {
	{ STR("name"), FIELD_NAME }, { STR("ten"), FIELD_NAME }, { STR("computer"), FIELD_NAME },
	{ STR("host"), FIELD_NAME }, { STR("device"), FIELD_NAME }, { STR("ten tai san"), FIELD_NAME },
	{ STR("dnshostname"), FIELD_FQDN }, { STR("fqdn"), FIELD_FQDN }, { STR("dns name"), FIELD_FQDN },
	{ STR("dia chi"), FIELD_ADDRESS }, { STR("address"), FIELD_ADDRESS },
	{ STR("clientid"), FIELD_MAC }, { STR("unique id"), FIELD_MAC },
	{ STR("don vi"), FIELD_UNIT }, { STR("unit"), FIELD_UNIT }, { STR("phong"), FIELD_UNIT },
	{ STR("loai"), FIELD_KIND }, { STR("type"), FIELD_KIND }, { STR("kind"), FIELD_KIND },
	{ STR("operatingsystem"), FIELD_OS }, { STR("operatingsystemversion"), FIELD_OS_VERSION },
	{ STR("hdh"), FIELD_OS }, { STR("he thong"), FIELD_SYSTEM }, { STR("system"), FIELD_SYSTEM },
	{ STR("location"), FIELD_PLACE }, { STR("vi tri"), FIELD_PLACE }, { STR("enabled"), FIELD_ENABLED },
	{ STR("description"), FIELD_PURPOSE }, { STR("mo ta"), FIELD_PURPOSE },
	{ STR("lastlogondate"), FIELD_SEEN }, { STR("lastlogontimestamp"), FIELD_IGNORE },
	{ STR("status"), FIELD_STATE }, { STR("state"), FIELD_STATE },
	{ STR("lease expiration"), FIELD_IGNORE }, { STR("leaseexpirytime"), FIELD_IGNORE },
};
static const struct header within[] = {
	{ STR("mac"), FIELD_MAC }, { STR("physical address"), FIELD_MAC }, { STR("dia chi vat ly"), FIELD_MAC },
	{ STR("ip"), FIELD_ADDRESS }, { STR("ipv4"), FIELD_ADDRESS }, { STR("ipv6"), FIELD_ADDRESS },
	{ STR("ipaddress"), FIELD_ADDRESS }, { STR("ipv4address"), FIELD_ADDRESS }, { STR("ipv6address"), FIELD_ADDRESS },
	{ STR("phien ban he dieu hanh"), FIELD_OS_VERSION }, { STR("os version"), FIELD_OS_VERSION },
	{ STR("operating system version"), FIELD_OS_VERSION },
	{ STR("he dieu hanh"), FIELD_OS }, { STR("operating system"), FIELD_OS }, { STR("os"), FIELD_OS },
	{ STR("os name"), FIELD_OS },
	{ STR("cap do"), FIELD_LEVEL }, { STR("level"), FIELD_LEVEL },
	{ STR("nguoi xac nhan"), FIELD_CONFIRMED_BY }, { STR("xac nhan boi"), FIELD_CONFIRMED_BY },
	{ STR("confirmed by"), FIELD_CONFIRMED_BY },
	{ STR("ngay xac nhan"), FIELD_CONFIRMED }, { STR("confirmed"), FIELD_CONFIRMED },
	{ STR("nguoi quan ly"), FIELD_OWNER }, { STR("nguoi su dung"), FIELD_OWNER }, { STR("nguoi phu trach"), FIELD_OWNER },
	{ STR("phu trach"), FIELD_OWNER }, { STR("chu quan"), FIELD_OWNER }, { STR("can bo"), FIELD_OWNER },
	{ STR("owner"), FIELD_OWNER }, { STR("managedby"), FIELD_OWNER }, { STR("responsible"), FIELD_OWNER },
	{ STR("assigned to"), FIELD_OWNER },
	{ STR("ket thuc ho tro"), FIELD_SUPPORT_END }, { STR("het ho tro"), FIELD_SUPPORT_END },
	{ STR("het han ho tro"), FIELD_SUPPORT_END }, { STR("thoi han ho tro"), FIELD_SUPPORT_END },
	{ STR("support end"), FIELD_SUPPORT_END }, { STR("end of support"), FIELD_SUPPORT_END },
	{ STR("ten he thong"), FIELD_SYSTEM }, { STR("he thong thong tin"), FIELD_SYSTEM }, { STR("thuoc he thong"), FIELD_SYSTEM },
	{ STR("ten mien day du"), FIELD_FQDN },
	{ STR("ten may"), FIELD_NAME }, { STR("ten thiet bi"), FIELD_NAME }, { STR("ten may tinh"), FIELD_NAME },
	{ STR("hostname"), FIELD_NAME }, { STR("host name"), FIELD_NAME }, { STR("computer name"), FIELD_NAME },
	{ STR("computername"), FIELD_NAME }, { STR("device name"), FIELD_NAME }, { STR("machine name"), FIELD_NAME },
	{ STR("asset name"), FIELD_NAME },
	{ STR("co so"), FIELD_SITE }, { STR("tru so"), FIELD_SITE }, { STR("site"), FIELD_SITE },
	{ STR("don vi tinh"), FIELD_IGNORE }, { STR("don vi cung cap"), FIELD_IGNORE }, { STR("don vi bao hanh"), FIELD_IGNORE },
	{ STR("don vi"), FIELD_UNIT }, { STR("phong ban"), FIELD_UNIT }, { STR("bo phan"), FIELD_UNIT },
	{ STR("department"), FIELD_UNIT },
	{ STR("loai may"), FIELD_KIND }, { STR("loai thiet bi"), FIELD_KIND }, { STR("loai tai san"), FIELD_KIND },
	{ STR("device type"), FIELD_KIND }, { STR("asset type"), FIELD_KIND },
	{ STR("hang"), FIELD_VENDOR }, { STR("nha san xuat"), FIELD_VENDOR }, { STR("vendor"), FIELD_VENDOR },
	{ STR("manufacturer"), FIELD_VENDOR }, { STR("model"), FIELD_MODEL }, { STR("chung loai"), FIELD_MODEL },
	{ STR("so seri"), FIELD_SERIAL }, { STR("so serial"), FIELD_SERIAL }, { STR("serial"), FIELD_SERIAL },
	{ STR("serialnumber"), FIELD_SERIAL },
	{ STR("muc dich"), FIELD_PURPOSE }, { STR("chuc nang"), FIELD_PURPOSE }, { STR("purpose"), FIELD_PURPOSE },
	{ STR("vi tri"), FIELD_PLACE }, { STR("noi dat"), FIELD_PLACE }, { STR("noi lap dat"), FIELD_PLACE },
	{ STR("dia diem"), FIELD_PLACE }, { STR("place"), FIELD_PLACE },
	{ STR("trang thai"), FIELD_STATE }, { STR("tinh trang"), FIELD_STATE },
	{ STR("last seen"), FIELD_SEEN }, { STR("last connected"), FIELD_SEEN }, { STR("last visible"), FIELD_SEEN },
	{ STR("last contact"), FIELD_SEEN }, { STR("last logon"), FIELD_SEEN }, { STR("last communication"), FIELD_SEEN },
	{ STR("lan cuoi"), FIELD_SEEN }, { STR("ket noi gan nhat"), FIELD_SEEN },
	{ STR("hoat dong gan nhat"), FIELD_SEEN }, { STR("ket noi cuoi"), FIELD_SEEN },
};
/* Words of headers, by which a table is known for what it is. */
static const struct { struct str phrase; enum asset_origin of; } marks[] = {
	{ STR("operatingsystem"), ORIGIN_AD }, { STR("lastlogondate"), ORIGIN_AD }, { STR("distinguishedname"), ORIGIN_AD },
	{ STR("leaseexpirytime"), ORIGIN_DHCP }, { STR("lease expiration"), ORIGIN_DHCP }, { STR("addressstate"), ORIGIN_DHCP },
};
// clang-format on

struct reader {
	struct arena *a;
	struct table table;
	const struct asset_map *map;
	enum asset_field field[TABLE_CELLS];
	size_t columns;
	struct told_build build;
};

/* Only a book says what is in use, of which system and level; elsewhere columns of these names tell of the
 * console's own state, or of a risk. */
static enum asset_field by_header(struct arena a, struct str header, enum asset_origin origin)
{
	struct str words = phrase_words(&a, header), bare = str_trim(words);
	enum asset_field f = FIELD_IGNORE;
	bool found = false;

	for (size_t i = 0; !found && i < COUNT(exact); i++)
		if ((found = str_eq(bare, exact[i].phrase)))
			f = exact[i].field;
	for (size_t i = 0; !found && i < COUNT(within); i++)
		if ((found = phrase_in(words, within[i].phrase)))
			f = within[i].field;
	bool of_book = f == FIELD_STATE || f == FIELD_CONFIRMED || f == FIELD_CONFIRMED_BY ||
		       f == FIELD_KIND || f == FIELD_SYSTEM || f == FIELD_LEVEL;
	return of_book && origin != ORIGIN_BOOK ? FIELD_IGNORE : f;
}

static enum asset_origin origin_of(struct arena a, const struct table_row *r)
{
	for (size_t i = 0; i < r->n; i++) {
		struct arena scratch = a;
		struct str words = phrase_words(&scratch, r->cell[i]);

		for (size_t k = 0; k < COUNT(marks); k++)
			if (phrase_in(words, marks[k].phrase))
				return marks[k].of;
	}
	return ORIGIN_BOOK;
}

/* By number, from 1, or by the words of its header. */
static bool mapped(struct arena a, const struct asset_map *map, struct str header, size_t number,
		   enum asset_field *out)
{
	for (size_t i = 0; i < map->n; i++) {
		struct arena scratch = a;
		uint64_t n;
		bool is = num_parse(map->item[i].column, 1, TABLE_CELLS, &n)
				  ? n == number
				  : str_eq(phrase_words(&scratch, map->item[i].column),
					   phrase_words(&scratch, header));

		if (!is)
			continue;
		*out = map->item[i].field;
		return true;
	}
	return false;
}

static bool names_machines(const struct reader *r)
{
	for (size_t i = 0; i < r->columns; i++) {
		enum asset_field f = r->field[i];

		if (f == FIELD_NAME || f == FIELD_FQDN || f == FIELD_ADDRESS || f == FIELD_MAC)
			return true;
	}
	return false;
}

/* A table of one column: not one whose cells are apart by another sign. */
static bool lone_column(const struct table_row *row)
{
	return row->n == 1 && str_find_char(row->cell[0], ',') == row->cell[0].n &&
	       str_find_char(row->cell[0], ';') == row->cell[0].n &&
	       str_find_char(row->cell[0], '\t') == row->cell[0].n;
}

/* Is this the row of headers? Two columns that are known, one of them telling which machine. */
static bool take_headers(struct reader *r, const struct table_row *row, enum asset_origin asked,
			 struct asset_file *out)
{
	enum asset_origin origin = asked != ORIGINS ? asked : origin_of(*r->a, row);
	size_t known = 0;

	r->columns = row->n;
	for (size_t i = 0; i < row->n; i++) {
		if (!mapped(*r->a, r->map, row->cell[i], i + 1, &r->field[i]))
			r->field[i] = by_header(*r->a, row->cell[i], origin);
		known += r->field[i] != FIELD_IGNORE;
	}
	if (!names_machines(r) || (known < 2 && !lone_column(row)))
		return false;
	out->origin = origin;
	for (size_t i = 0; i < row->n; i++)
		if (r->field[i] == FIELD_IGNORE && row->cell[i].n > 0 &&
		    out->n_unused < ASSET_UNUSED_MAX)
			out->unused[out->n_unused++] = row->cell[i];
	return true;
}

static bool look_for_headers(struct reader *r, enum asset_origin asked, struct asset_file *out)
{
	struct table_row row;

	for (int i = 0; i < TITLE_ROWS && table_more(&r->table); i++) {
		if (!table_next(&r->table, r->a, &row, NULL) || table_row_empty(&row) ||
		    str_starts(row.cell[0], STR("#TYPE")))
			continue;
		if (take_headers(r, &row, asked, out))
			return true;
	}
	return false;
}

/* A title above may hide which sign parts the cells: then each is tried. */
static bool find_headers(struct reader *r, struct str text, enum asset_origin asked,
			 struct asset_file *out, struct err *why)
{
	static const char seps[] = { '\0', ',', ';', '\t' };

	for (size_t i = 0; i < COUNT(seps); i++) {
		table_begin(&r->table, text);
		if (seps[i] != '\0')
			r->table.sep = seps[i];
		if (look_for_headers(r, asked, out))
			return true;
	}
	return err_set(why, ERR_INPUT, 1,
		       "no line names the columns: expected headers like 'Tên máy', 'Địa chỉ IP', "
		       "'Địa chỉ MAC', or a map");
}

/* All dates of the table before its rows are read: they say whether the month is first. */
static bool months_first(struct reader *r)
{
	struct table t = r->table;
	struct date_clues clues = { .english = false };

	while (table_more(&t)) {
		struct arena scratch = *r->a;
		struct table_row row;

		if (!table_next(&t, &scratch, &row, NULL))
			continue;
		for (size_t i = 0; i < row.n && i < r->columns; i++)
			if (r->field[i] == FIELD_SEEN || r->field[i] == FIELD_CONFIRMED ||
			    r->field[i] == FIELD_SUPPORT_END)
				asset_date_look(row.cell[i], &clues);
	}
	return asset_date_month_first(&clues);
}

static void read_row(struct reader *r, const struct table_row *row)
{
	told_begin(&r->build, r->table.line);
	for (size_t i = 0; i < row->n && i < r->columns; i++)
		if (r->field[i] != FIELD_IGNORE)
			told_put(&r->build, r->field[i], row->cell[i]);
	told_end(&r->build);
}

bool asset_table_read(struct arena *a, struct str text, const struct asset_read *how,
		      const struct told_sink *sink, struct asset_file *out, struct err *why)
{
	struct reader r = { .a = a, .map = &how->map, .build = { .a = a, .sink = sink } };
	size_t rows = 0;

	if (!find_headers(&r, text, how->origin, out, why))
		return false;
	r.build.month_first = months_first(&r);
	while (table_more(&r.table)) {
		struct table_row row;
		struct err reason = { 0 };

		if (!table_next(&r.table, a, &row, &reason)) {
			sink->bad(sink->ctx, r.table.line, &reason);
			continue;
		}
		if (table_row_empty(&row))
			continue;
		if (rows++ == ASSET_ROWS_MAX)
			return err_set(why, ERR_LIMIT, r.table.line, "more than %d rows",
				       ASSET_ROWS_MAX);
		read_row(&r, &row);
	}
	return true;
}
