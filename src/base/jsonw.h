/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jsonw.h - a JSON writer.
 *
 * The writer appends to a struct buf; it puts commas, quotes and escapes. Text that is not UTF-8
 * comes out with U+FFFD in place of each bad byte.
 *     jsonw_open(&w, '{'); jsonw_key(&w, "n"); jsonw_int(&w, 1); jsonw_close(&w, '}');
 * Keys are ASCII and written as they are.
 */
#ifndef BASE_JSONW_H
#define BASE_JSONW_H

#include "base/buf.h"

struct jsonw {
	struct buf *out;
	bool comma; /* a value stands before at this level */
};

void jsonw_open(struct jsonw *w, char bracket);  /* '{' or '[' */
void jsonw_close(struct jsonw *w, char bracket); /* '}' or ']' */
void jsonw_key(struct jsonw *w, const char *key);
void jsonw_key_str(struct jsonw *w, struct str key); /* escaped */
void jsonw_str(struct jsonw *w, struct str s);       /* p == NULL: null */
void jsonw_int(struct jsonw *w, int64_t v);
void jsonw_double(struct jsonw *w, double v);
void jsonw_bool(struct jsonw *w, bool v);
void jsonw_null(struct jsonw *w);
void jsonw_time(struct jsonw *w, int64_t t);      /* RFC 3339; TIME_NONE: null */
void jsonw_raw(struct jsonw *w, struct str json); /* a value that is JSON already */
/* key and value in one */
void jsonw_kv_str(struct jsonw *w, const char *key, struct str v);
void jsonw_kv_int(struct jsonw *w, const char *key, int64_t v);
void jsonw_kv_known(struct jsonw *w, const char *key, bool known, int64_t v); /* else null */
void jsonw_kv_bool(struct jsonw *w, const char *key, bool v);
void jsonw_kv_time(struct jsonw *w, const char *key, int64_t t);

#endif
