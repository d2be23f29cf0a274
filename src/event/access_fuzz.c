/* SPDX-License-Identifier: Apache-2.0 */
/* access_fuzz.c - hostile bytes as access. */
#define FUZZ_FORMAT "access"
#include "event/reader_fuzz.h"
