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

/* A dotted quad: t[at, end) is all of its run, or a colon follows. */
struct quad {
	uint32_t addr;
	int32_t at; /* from `from` on; it may begin a little before */
	uint32_t end;
};
struct quads {
	size_t done; /* the end of the last quad */
	size_t n;
	struct quad quad[SCAN_STEP / 2];
};

struct scan_ops {
	const char *name;
	scan_fn *find[SCAN_N];
	/*
	 * The quads whose first dots are at place[0..n) of SCAN_QUAD to out->quad[out->n...], those
	 * in front of out->done left out. Stops at a place where only the whole run can decide;
	 * returns how many places are settled.
	 */
	size_t (*quads)(struct str t, size_t from, const uint32_t *place, size_t n,
			struct quads *out);
};

extern const struct scan_ops scan_scalar;
/* The fastest that this machine runs. */
const struct scan_ops *scan_best(void);

#endif
