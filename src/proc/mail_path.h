/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mail_path.h - does the mail server stand or fall with what is watched?
 */
#ifndef PROC_MAIL_PATH_H
#define PROC_MAIL_PATH_H

#include "base/arena.h"
#include "base/jsonw.h"

/* Addresses of the mail server as the courier found them last. */
struct mail_path {
	bool known, due; /* due: look them up now */
	char host[256], address[16][46];
	size_t n;
	int64_t next; /* monotonic */
};

struct desk;
struct source_info;
/* "notify": {"set","depends","second","reasons"} from what is known of the sources. */
void mail_path_put(struct desk *d, struct arena a, const struct source_info *sources, size_t n,
		   struct jsonw *w);
/* Look the addresses up where that is due; may wait for the courier. One thread. */
void mail_path_look(struct desk *d);

#endif
