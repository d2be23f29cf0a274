/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key_file.h - a secret of 32 bytes in a file of its own: hexadecimal, mode 0600, made when missing.
 */
#ifndef BASE_KEY_FILE_H
#define BASE_KEY_FILE_H

#include "base/err.h"

enum { KEY_FILE_LEN = 32 };

/* The secret in DIR/NAME; the folder (0700) and the file are made when they are missing. ERR_DENIED:
 * others may read it; ERR_INPUT: it is no key. */
MUST_USE bool key_file_load(const char *dir, const char *name, unsigned char out[KEY_FILE_LEN],
			    struct err *why);

#endif
