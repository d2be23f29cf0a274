/* SPDX-License-Identifier: Apache-2.0 */
/* import_int.h - the process that reads what is imported. */
#ifndef CMD_IMPORT_INT_H
#define CMD_IMPORT_INT_H

#include <stddef.h>

/* Read all that is named ("-": the standard input), archives unpacked, and send it (proc/members.h); in
 * a process of its own that can do nothing else. Ends it. */
_Noreturn void import_read(char **paths, size_t n, int link);

#endif
