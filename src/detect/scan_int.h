/* SPDX-License-Identifier: Apache-2.0 */
/* scan_int.h - the scalar finders, which the AVX2 ones use at both ends of a text. */
#ifndef DETECT_SCAN_INT_H
#define DETECT_SCAN_INT_H

#include "detect/scan.h"

scan_fn scan_find_quad, scan_find_name, scan_find_colon, scan_find_at, scan_find_hex,
	scan_find_mark;

#if defined(__x86_64__)
extern const struct scan_ops scan_avx2;
#endif

#endif
