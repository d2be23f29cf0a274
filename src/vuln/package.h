/* SPDX-License-Identifier: Apache-2.0 */
/*
 * package.h - one installed package, and how the readers of package lists hand them out.
 *
 * `type` is that of package URLs ("deb", "rpm", "apk", "golang", "npm", ...), empty where the list does not
 * tell; `distro` is written as OSV calls it ("Debian:12"), empty where it is not known.
 */
#ifndef VULN_PACKAGE_H
#define VULN_PACKAGE_H

#include "base/arena.h"
#include "base/err.h"

struct package {
	struct str type, distro;
	struct str name, version, arch;
	struct str source,
		source_version; /* what it was built from: itself where nothing is told */
	bool partial;           /* its files are there, but it was not installed to the end */
	struct package *next;
};

struct package_sink {
	/* Views live as long as the call says that made them. False ends the reading. */
	bool (*package)(void *ctx, const struct package *p);
	void (*bad)(void *ctx, uint64_t line, const struct err *why);
	void *ctx;
};

#endif
