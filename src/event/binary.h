/* SPDX-License-Identifier: Apache-2.0 */
/* binary.h - files that hold no text, told by how they begin: they are named, not read as lines. */
#ifndef EVENT_BINARY_H
#define EVENT_BINARY_H

#include "base/err.h"

/* What begins so is no text that a reader knows; then *why says what it is. */
bool binary_known(struct str head, struct err *why);

#endif
