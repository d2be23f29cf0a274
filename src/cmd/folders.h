/* SPDX-License-Identifier: Apache-2.0 */
/*
 * folders.h - where the program finds what it is shipped with, seen from where it lies itself.
 */
#ifndef CMD_FOLDERS_H
#define CMD_FOLDERS_H

#include "base/arena.h"
#include "base/err.h"

/* content/: beside the build folder of a checkout, else PREFIX/share/canh/content. In `a`; empty when
 * there is none. */
struct str folder_content(struct arena *a);
/* The built page: ui/dist of a checkout, else PREFIX/share/canh/page. */
struct str folder_page(struct arena *a);
/* Make *path absolute, in `a`; with `make` the folder is made (0700) when it is missing. An empty path
 * stays empty. */
MUST_USE bool folder_absolute(struct arena *a, struct str *path, bool make, struct err *why);

#endif
