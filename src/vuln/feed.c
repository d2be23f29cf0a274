/* SPDX-License-Identifier: Apache-2.0 */
#include "vuln/feed.h"

#include "base/time.h"
#include "vuln/feed_int.h"

#define FIRST_DATE (INT64_C(631152000) * TIME_SECOND) /* 1990: "0001-01-01" is no date */

void feed_dated(struct feed *f, struct str date)
{
	int64_t t;
	bool had_zone;

	if (!time_parse_rfc3339(date, &t, &had_zone) && !time_parse_date(date, &t))
		return;
	if (f->latest != 0 && t > f->latest)
		return;
	if (t >= FIRST_DATE && (f->newest == TIME_NONE || t > f->newest))
		f->newest = t;
}

/* From where "CVE-" stands up to the end: digits, a dash, digits. */
static bool is_cve(struct str s)
{
	size_t dash = str_find_char(str_skip(s, 4), '-') + 4;

	for (size_t i = 4; i < s.n; i++)
		if (i != dash && !ascii_digit(s.p[i]))
			return false;
	return dash == 8 && s.n >= 13 && s.n <= 30;
}

void cve_names_add(struct cve_names *names, struct str name)
{
	struct str cve = str_skip(name, str_find(name, STR("CVE-")));

	if (names->n == MATCHER_MAX_CVES || !is_cve(cve))
		return;
	for (size_t i = 0; i < names->n; i++)
		if (str_eq(names->v[i], cve))
			return;
	names->v[names->n++] = cve;
}

bool no_room(struct err *why)
{
	return err_set(why, ERR_LIMIT, 0, "there is no room for more findings");
}

static bool read_document(struct reading *r, const struct json *root, struct err *why)
{
	if (json_get_str(root, "catalogVersion").p != NULL)
		return kev_read(r, root, why);
	if (str_eq(json_get_str(root, "dataType"), STR("CVE_RECORD")))
		return cve_record_read(r, root, why);
	if (json_get_str(root, "id").p != NULL && json_get_str(root, "modified").p != NULL)
		return osv_record_read(r, root, why);
	return err_set(why, ERR_INPUT, 0,
		       "neither OSV nor CVE JSON 5 nor the KEV catalogue nor OVAL");
}

bool feed_read(struct matcher *m, struct feed *f, struct arena scratch, struct str text,
	       struct err *why)
{
	struct reading r = { m, f, &scratch };
	struct json *root;

	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_skip(text, 3);
	if (str_starts(str_trim(text), STR("<")))
		return oval_feed_read(&r, text, why);
	if (!json_parse(text, FEED_MAX_BYTES, &root, why)) {
		if (why != NULL && why->kind == ERR_LIMIT)
			why->kind = ERR_INPUT; /* of this document, not of the findings */
		return false;
	}
	bool ok = read_document(&r, root, why);
	json_free(root);
	return ok;
}
