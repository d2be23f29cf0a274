/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feed.h - files of advisories as they are published: OSV, CVE JSON 5, the KEV catalogue, OVAL
 * definitions of patches and vulnerabilities.
 *
 * Input is hostile. Never logs. What a file is, is told by what it holds.
 */
#ifndef VULN_FEED_H
#define VULN_FEED_H

#include "vuln/matcher.h"

enum { FEED_MAX_BYTES = 512 << 20 };

/* Hold the records of `text` against the packages and count them in `f`. `scratch` is dropped. False: it
 * cannot be used, or there is no room for more findings (ERR_LIMIT). */
MUST_USE bool feed_read(struct matcher *m, struct feed *f, struct arena scratch, struct str text,
			struct err *why);

#endif
