/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dpkg.h - the packages of a dpkg (or opkg) status file, or of a file of a status.d folder.
 *
 * Input is hostile. Never logs, never allocates. Views point into `text`.
 */
#ifndef VULN_DPKG_H
#define VULN_DPKG_H

#include "vuln/package.h"

/*
 * What is not installed is passed over; a stanza that cannot be used is named by its first line.
 * `in_folder`: of a status.d folder, where what has no Status is installed. False when the sink ended it.
 */
MUST_USE bool dpkg_read(struct str text, bool in_folder, const struct package_sink *sink);

#endif
