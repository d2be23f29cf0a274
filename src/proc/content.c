/* SPDX-License-Identifier: Apache-2.0 */
/* content.c - the shipped data that desk works with. */
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "proc/jobs_int.h"
#include "proc/ranges.h"
#include "respond/respond.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

enum { CLOCKS_MAX = 1 << 16 };

bool clocks_load(struct desk *d, struct arena a, struct err *why)
{
	char path[4096];
	struct clocks clocks;
	struct str text;

	snprintf(path, sizeof path, "%.*s/clocks.yaml", STR_ARG(d->config->content));
	if (!file_load(&a, AT_FDCWD, path, CLOCKS_MAX, &text, why) ||
	    !clocks_parse(a, text, &clocks, why))
		return false;
	pthread_mutex_lock(&d->lock);
	bool ok = clocks_put(d->db, &clocks, "canh", why);
	pthread_mutex_unlock(&d->lock);
	return ok;
}
