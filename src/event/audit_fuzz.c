/* SPDX-License-Identifier: Apache-2.0 */
/* audit_fuzz.c - hostile bytes as audit. */
#define FUZZ_FORMAT "audit"
#include "event/reader_fuzz.h"
