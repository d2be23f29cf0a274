/* SPDX-License-Identifier: Apache-2.0 */
/* leef_fuzz.c - hostile bytes as leef. */
#define FUZZ_FORMAT "leef"
#include "event/reader_fuzz.h"
