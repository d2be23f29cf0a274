/* SPDX-License-Identifier: Apache-2.0 */
/* lock_up.h - the sandbox of a command that reads what it was given and writes to its output. */
#ifndef CMD_LOCK_UP_H
#define CMD_LOCK_UP_H

#include "base/str.h"

/* From here on the process can read these paths ("-" is none) and write to what is open, nothing
 * more. False after saying why. */
MUST_USE bool command_lock_up(char **paths, size_t n);

#endif
