/* SPDX-License-Identifier: Apache-2.0 */
/* plain.h - text of others on one line of a terminal. */
#ifndef CMD_PLAIN_H
#define CMD_PLAIN_H

#include "base/buf.h"

/* Append at most `max` bytes of `s`, "..." behind what was cut; control characters as \xNN, so that no
 * record can move the cursor or set colours. */
void plain_put(struct buf *out, struct str s, size_t max);

#endif
