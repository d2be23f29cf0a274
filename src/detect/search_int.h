/* SPDX-License-Identifier: Apache-2.0 */
/* search_int.h - one search of text; shared by lists_text.c and lists_names.c only. */
#ifndef DETECT_SEARCH_INT_H
#define DETECT_SEARCH_INT_H

#include "detect/found_int.h"
#include "detect/scan.h"

struct search {
	const struct list_set *set;
	const struct scan_ops *ops;
	struct str t;
	int64_t at; /* when it was written */
	struct arena scratch;
	list_hit_fn *fn;
	void *ctx;
	size_t done[SCAN_N];
	const size_t *fixed; /* all hits are said to be here (a line made whole again), or NULL */
	bool stopped;
};

/* Tell what was found of t[from, to). */
void search_tell(struct search *s, const struct found *f, size_t from, size_t to);
/* A byte of names, or the dot between them. */
bool search_name_byte(char c);
/* Places of SCAN_NAME: names, hosts of URLs, names of files. */
void search_names(struct search *s, size_t from, const uint32_t *place, size_t n);

#endif
