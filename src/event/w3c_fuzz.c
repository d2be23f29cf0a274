/* SPDX-License-Identifier: Apache-2.0 */
/* w3c_fuzz.c - hostile bytes as w3c. */
#define FUZZ_FORMAT "w3c"
#include "event/reader_fuzz.h"
