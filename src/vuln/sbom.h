/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sbom.h - the packages of a CycloneDX or SPDX 2 document in JSON.
 *
 * Input is hostile. Never logs. What a package URL says of a package goes before its other fields.
 */
#ifndef VULN_SBOM_H
#define VULN_SBOM_H

#include "vuln/package.h"

enum { SBOM_MAX_BYTES = 256 << 20, SBOM_MAX_DEPTH = 32 };

/* Views live in `a`. What cannot be used is named by its number from 1. False: the document is none of these, or
 * the sink ended it (ERR_NONE). */
MUST_USE bool sbom_read(struct arena *a, struct str text, const struct package_sink *sink,
			struct err *why);

#endif
