/* SPDX-License-Identifier: Apache-2.0 */
/* xml_fuzz.c - hostile bytes as xml. */
#define FUZZ_FORMAT "xml"
#include "event/reader_fuzz.h"
