/* SPDX-License-Identifier: Apache-2.0 */
/*
 * board.h - the twelve things at a glance, as the JSON of GET /board.
 *
 * A tile without data is {"state":"unknown","reason":{vi,en}}; none is made up.
 */
#ifndef GOVERN_BOARD_H
#define GOVERN_BOARD_H

#include "govern/govern.h"

/* `d` is the directive that the board shows; NULL: none is loaded. */
MUST_USE bool board_put(const struct govern_view *v, const struct directive *d,
			const struct live_facts *live, struct jsonw *w, struct err *why);

#endif
