/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apk.h - the packages of Alpine's lib/apk/db/installed.
 *
 * Input is hostile. Never logs, never allocates. Views point into `text`.
 */
#ifndef VULN_APK_H
#define VULN_APK_H

#include "vuln/package.h"

/* What cannot be used is named by the first line of its record. False when the sink ended it. */
MUST_USE bool apk_read(struct str text, const struct package_sink *sink);

#endif
