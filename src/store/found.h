/* SPDX-License-Identifier: Apache-2.0 */
/*
 * found.h - an event of the store as JSON, the same for the API, alerts and the command line
 * (docs/openapi.yaml, Event).
 */
#ifndef STORE_FOUND_H
#define STORE_FOUND_H

#include "base/jsonw.h"
#include "store/reader.h"

void found_write(struct jsonw *w, const struct store_found *f);
/* The same, `{` and all members before "fields": with at most `most` bytes of the record, and said to be
 * partial when that cuts it, or anyway. */
void found_begin(struct jsonw *w, const struct store_found *f, size_t most, bool partial);

#endif
