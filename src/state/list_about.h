/* SPDX-License-Identifier: Apache-2.0 */
/*
 * list_about.h - what people tell about a list when they hand it in: days, month, TLP.
 *
 * One reading for the page and the command line. Pure; input is hostile.
 */
#ifndef STATE_LIST_ABOUT_H
#define STATE_LIST_ABOUT_H

#include "base/err.h"

/*
 * A day as letters name it ("2026-12-31") from its midnight in Viet Nam, or with `end` to its last
 * microsecond there; a full RFC 3339 time stands for itself.
 */
MUST_USE bool list_day_parse(struct str text, bool end, int64_t *out);
/* Month and TLP of a list, either may be empty; *tlp becomes its canonical form. */
MUST_USE bool list_about_check(struct str month, struct str *tlp, struct err *why);

#endif
