/* SPDX-License-Identifier: Apache-2.0 */
/* feed_kev.c - CISA's catalogue of vulnerabilities known to be exploited. */
#include "vuln/feed_int.h"

bool kev_read(struct reading *r, const struct json *root, struct err *why)
{
	const struct json *list = json_get(root, "vulnerabilities");
	size_t n = json_count(list);
	int64_t told;

	if (!json_is_array(list))
		return err_set(why, ERR_INPUT, 0, "a catalogue without vulnerabilities");
	for (size_t i = 0; i < n; i++) {
		struct str cve = json_get_str(json_at(list, i), "cveID");

		if (cve.n == 0)
			return err_set(why, ERR_INPUT, i, "entry %zu has no cveID", i + 1);
		if (!matcher_exploited(r->m, cve))
			return no_room(why);
		r->feed->records++;
	}
	feed_dated(r->feed, json_get_str(root, "dateReleased"));
	if (json_int(json_get(root, "count"), &told) && told != (int64_t)n)
		return err_set(why, ERR_INPUT, 0, "it tells of %jd entries and holds %zu",
			       (intmax_t)told, n);
	return true;
}
