/* SPDX-License-Identifier: Apache-2.0 */
/*
 * given.h - what people call sources, for those who read the store without the state.
 */
#ifndef PROC_GIVEN_H
#define PROC_GIVEN_H

#include "base/json.h"
#include "base/jsonw.h"
#include "state/db.h"
#include "store/source.h"

/* From the state, in `a`. */
MUST_USE bool given_load(struct arena *a, struct db *db, struct source_given **out, size_t *n,
			 struct err *why);
/* [{"id", "name"}], and back in `a`; what is no such thing is left out. */
void given_write(struct jsonw *w, const struct source_given *given, size_t n);
MUST_USE bool given_read(struct arena *a, const struct json *list, struct source_given **out,
			 size_t *n, struct err *why);

#endif
