/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hunt_page.h - the report of a hunt as one page for a browser, which asks nobody for anything.
 *
 * What logs hold stands in it as data of JSON without '<', '>' and '&', and the page's own script is the only
 * one that its policy lets run.
 */
#ifndef CMD_HUNT_PAGE_H
#define CMD_HUNT_PAGE_H

#include "cmd/hunt_report.h"

enum {
	PAGE_GROUPS = 20000
}; /* shown, the worst first; the page says how many hits it leaves out */

/* False: no memory, or the pen said so. */
MUST_USE bool hunt_page(const struct hunt_sum *sum, struct hunt_fold *f,
			const struct hunt_pen *pen);

/* Of hunt_page.css and hunt_page.js. */
extern const char hunt_page_css[], hunt_page_js[];

#endif
