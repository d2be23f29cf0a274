/* SPDX-License-Identifier: Apache-2.0 */
/*
 * err.h - why something could not be done, as a value.
 *
 * A fallible function returns bool and takes `struct err *why` last; on failure it returns
 * `err_set(why, ...)`, which is always false, and leaves its outputs untouched. The English format
 * is the message id (base/msg.h); the arguments are kept as text so that a door can render the
 * error in the reader's language later. `why` may be NULL where the caller does not care.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/msg.h"
#include "base/str.h"

enum err_kind {
	ERR_NONE,
	ERR_INPUT,  /* the bytes are not what they claim to be */
	ERR_LIMIT,  /* a cap was reached */
	ERR_IO,     /* the system refused or failed */
	ERR_ABSENT, /* no such thing */
	ERR_DENIED, /* not allowed to this caller */
	ERR_STATE,  /* not now: busy, changed by another, newer version */
};

enum { ERR_TEXT_MAX = 480 };

struct err {
	enum err_kind kind;
	size_t at;      /* byte offset, line or record number: the function's header says which */
	const char *id; /* the English format, static */
	char text[ERR_TEXT_MAX]; /* rendered in English */
	char args[ERR_TEXT_MAX]; /* the arguments as text, each NUL-terminated */
};

/* Set *why and return false. Conversions: %s %.*s %c %d %i %u %x with l, ll, z, j; %%. */
bool err_set(struct err *why, enum err_kind kind, size_t at, const char *fmt, ...)
	PRINTF_LIKE(4, 5);
/* Write the error in `lang` into out[cap], NUL-terminated; returns out. */
const char *err_text(const struct err *why, enum lang lang, char *out, size_t cap);

#endif
