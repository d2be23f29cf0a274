/* SPDX-License-Identifier: Apache-2.0 */
/* indicator_int.h - the plain forms of indicators, read fast; for indicator*.c only. */
#ifndef DETECT_INDICATOR_INT_H
#define DETECT_INDICATOR_INT_H

#include "detect/indicator.h"

/*
 * An IPv4 address, a digest or an ASCII name with nothing around it, in one pass: exactly what
 * indicator_parse() makes of it. False, with *out untouched, for all else, also for what is none.
 */
bool indicator_plain(struct arena *a, struct str s, struct indicator *out);

#endif
