/* SPDX-License-Identifier: Apache-2.0 */
/* csv_fuzz.c - hostile bytes as csv. */
#define FUZZ_FORMAT "csv"
#include "event/reader_fuzz.h"
