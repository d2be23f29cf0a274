/* SPDX-License-Identifier: Apache-2.0 */
/* feed_int.h - one kind of record a file, and what they share. */
#ifndef VULN_FEED_INT_H
#define VULN_FEED_INT_H

#include "base/json.h"
#include "vuln/feed.h"

struct reading {
	struct matcher *m;
	struct feed *feed;
	struct arena *a; /* scratch of this record */
};

/* Each counts what it reads; false: it cannot be used. */
MUST_USE bool osv_record_read(struct reading *r, const struct json *root, struct err *why);
MUST_USE bool cve_record_read(struct reading *r, const struct json *root, struct err *why);
MUST_USE bool kev_read(struct reading *r, const struct json *root, struct err *why);
MUST_USE bool oval_feed_read(struct reading *r, struct str text, struct err *why);

/* The feed is at least as new as `date`; what no calendar of these feeds can mean tells nothing. */
void feed_dated(struct feed *f, struct str date);

/* Names of CVEs, each once. */
struct cve_names {
	struct str v[MATCHER_MAX_CVES];
	size_t n;
};
/* "DEBIAN-CVE-2024-1234" is CVE-2024-1234; a name of others is passed over. */
void cve_names_add(struct cve_names *names, struct str name);

bool no_room(struct err *why); /* false, always */

#endif
