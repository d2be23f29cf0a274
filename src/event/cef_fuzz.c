/* SPDX-License-Identifier: Apache-2.0 */
/* cef_fuzz.c - hostile bytes as cef. */
#define FUZZ_FORMAT "cef"
#include "event/reader_fuzz.h"
