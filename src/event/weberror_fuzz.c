/* SPDX-License-Identifier: Apache-2.0 */
/* weberror_fuzz.c - hostile bytes as weberror. */
#define FUZZ_FORMAT "weberror"
#include "event/reader_fuzz.h"
