/* SPDX-License-Identifier: Apache-2.0 */
#define FUZZ_FORMAT "xml"
#include "event/reader_fuzz.h"
