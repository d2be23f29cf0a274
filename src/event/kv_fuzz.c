/* SPDX-License-Identifier: Apache-2.0 */
/* kv_fuzz.c - hostile bytes as kv. */
#define FUZZ_FORMAT "kv"
#include "event/reader_fuzz.h"
