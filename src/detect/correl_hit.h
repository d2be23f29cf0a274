/* SPDX-License-Identifier: Apache-2.0 */
/* correl_hit.h - what a correlation found, as a hit. */
#ifndef DETECT_CORREL_HIT_H
#define DETECT_CORREL_HIT_H

#include "detect/correl.h"

/* Made in `a`; group values are borrowed from the fire. False: `a` is full. */
MUST_USE bool correl_hit(struct arena *a, const struct rule_set *rs, const struct correl_fire *f,
			 struct hit *out);

#endif
