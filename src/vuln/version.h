/* SPDX-License-Identifier: Apache-2.0 */
/*
 * version.h - versions of packages, each compared as its ecosystem says: dpkg's order, rpm's, that of
 * apk-tools, and Semantic Versioning 2.0.0 as Go and OSV write it (a leading "v" is taken, parts that
 * are missing are 0, a fourth part is build metadata).
 *
 * Input is hostile. Pure: nothing is allocated, numbers have any length, safe from any thread. The
 * order is total: of three versions none contradicts the other two.
 */
#ifndef VULN_VERSION_H
#define VULN_VERSION_H

#include "base/err.h"

enum ecosystem { ECO_DEBIAN, ECO_RPM, ECO_APK, ECO_SEMVER, ECO_N };

const char *ecosystem_name(enum ecosystem e);
/* "debian", "rpm", "apk", "semver". */
MUST_USE bool ecosystem_find(struct str name, enum ecosystem *out);

/* Whether it can be compared; why->at is the byte. What only offends the letter of the ecosystem's
 * rules passes where its own tool compares it, too. */
MUST_USE bool version_check(enum ecosystem e, struct str v, struct err *why);
/* < 0, 0, > 0. What version_check() refuses has a place in the order, too, but one without meaning. */
int version_compare(enum ecosystem e, struct str a, struct str b);

#endif
