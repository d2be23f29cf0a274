/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan.h - where in a text an indicator may stand: the places worth a closer look, found fast.
 *
 * Each kind has one predicate over a byte and its neighbours; the scalar finders are the definition,
 * the AVX2 ones give exactly the same places. Pure.
 */
#ifndef DETECT_SCAN_H
#define DETECT_SCAN_H

#include "base/str.h"

enum scan_kind {
	SCAN_QUAD,  /* a dot between digits, another dot 2 to 4 bytes on */
	SCAN_NAME,  /* a dot between bytes of names */
	SCAN_COLON, /* a colon between hexadecimal digits or colons, another within 5 bytes */
	SCAN_AT,    /* an at sign between bytes of names */
	SCAN_HEX, /* each place that is a multiple of 16 with 16 hexadecimal digits from there on */
	SCAN_MARK, /* an opening bracket in front of what a defanged mark begins with */
	SCAN_N,
};

enum { SCAN_STEP = 4096 };

/* The places of [from, to) in text t to out[to - from], ascending; `from` is a multiple of 64 and
 * to - from at most SCAN_STEP. Returns how many. */
typedef size_t scan_fn(struct str t, size_t from, size_t to, uint32_t *out);

struct scan_ops {
	const char *name;
	scan_fn *find[SCAN_N];
	/* The dotted quad whose first dot is at `dot`; see scan_quad. */
	enum quad {
		QUAD_NONE,
		QUAD_FOUND,
		QUAD_ASK
	} (*quad)(struct str t, size_t dot, uint32_t *addr, size_t *end);
};

extern const struct scan_ops scan_scalar;
/* The fastest that this machine runs. */
const struct scan_ops *scan_best(void);

#endif
