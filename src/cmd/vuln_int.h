/* SPDX-License-Identifier: Apache-2.0 */
/* vuln_int.h - what the files of `canh vuln` share. */
#ifndef CMD_VULN_INT_H
#define CMD_VULN_INT_H

#include "cmd/opts.h"
#include "vuln/matcher.h"

enum vuln_form { VULN_TEXT, VULN_JSONL, VULN_CSV };

struct vuln_asset {
	struct str name; /* the file that lists its packages, or the name of this host */
	struct inventory inventory;
	struct vuln_asset *next;
};

struct vuln_cmd {
	struct opt_list packages, sboms, feeds;
	const char *distro, *format, *max_age_text;
	bool host;

	struct arena a;             /* kept */
	struct arena scratch, work; /* of a file of a feed; of a record */
	enum vuln_form form;
	struct vuln_asset *first, *last; /* in `a` */
	struct vuln_asset *at_hand;
	const char *path;          /* at hand */
	bool in_folder;            /* `path` is one file of a folder */
	struct str distro_now;     /* of the asset at hand */
	size_t files, failed, bad; /* of the lists; entries that could not be used */

	int64_t now, max_age;
	struct matcher *matcher;
	struct feed *first_feed, *last_feed; /* in `a` */
};

/* Read what lists packages; what cannot be used is named and counted. */
void vuln_packages_read(struct vuln_cmd *c);
/* Each package of each asset, then what was looked at. False: it could not be written. */
MUST_USE bool vuln_packages_list(const struct vuln_cmd *c);

/* Hold the assets against the feeds. False: there was no room. */
MUST_USE bool vuln_feeds_read(struct vuln_cmd *c);
/* Each finding, then what was looked at. False: it could not be written. */
MUST_USE bool vuln_rows_put(const struct vuln_cmd *c, const struct finding *first,
			    const struct matcher_sum *sum);

/* Where a host lists its packages, and what system it is. */
enum { VULN_HOST_LISTS = 3 };
extern const char *const vuln_host_lists[VULN_HOST_LISTS];
#define VULN_OS_RELEASE "/etc/os-release"

int vuln_cmp(int argc, char **argv);

#endif
