/* SPDX-License-Identifier: Apache-2.0 */
/* drill_int.h - the one request that the exercise makes of the server. */
#ifndef CMD_DRILL_INT_H
#define CMD_DRILL_INT_H

#include "base/err.h"

/* POST the JSON lines to the server of the data folder, as desk wrote its address into run/address. */
MUST_USE bool drill_push(const char *data, const char *token, struct str body, struct err *why);

#endif
