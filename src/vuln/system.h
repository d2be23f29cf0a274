/* SPDX-License-Identifier: Apache-2.0 */
/*
 * system.h - the ecosystems of OSV ("Debian:12", "Go"): whose packages they speak of, by what name,
 * and in what order their versions are. Pure.
 */
#ifndef VULN_SYSTEM_H
#define VULN_SYSTEM_H

#include "vuln/package.h"
#include "vuln/version.h"

/* False: nobody here knows the order of its versions. */
MUST_USE bool system_order(struct str ecosystem, enum ecosystem *out);
/* What a record names; names of PyPI and NuGet are written in more than one way. `out` has room for all
 * of `name`. */
struct str system_fold_of(struct str ecosystem, struct str name, char *out);
/* The name by which records know a package, and the version that theirs are of. */
struct system_key {
	struct str name, version;
};
/* False: `a` is full. */
MUST_USE bool system_key(struct arena *a, const struct package *p, struct system_key *out);
/* Whether it is of this package's type and, where both tell one, of its release. */
bool system_speaks_of(struct str ecosystem, const struct package *p);
/* It is one release of a system, and the package does not tell of which it is. */
bool system_unsure(struct str ecosystem, const struct package *p);

#endif
