/* SPDX-License-Identifier: Apache-2.0 */
/*
 * purl.h - package URLs ("pkg:deb/debian/curl@7.88.1-10?arch=amd64&distro=debian-12"), and the names
 * that releases of distributions have in OSV.
 *
 * Input is hostile. Never logs.
 */
#ifndef VULN_PURL_H
#define VULN_PURL_H

#include "vuln/package.h"

/* `out` in `a`: the name as OSV writes it for that type ("group:name" of Maven, the path of Go). */
MUST_USE bool purl_parse(struct arena *a, struct str text, struct package *out, struct err *why);

/* "debian", "12.5" to "Debian:12"; empty for what OSV does not know, p == NULL when `a` is full. */
struct str distro_name(struct arena *a, struct str id, struct str version);
/* The same of the text of an os-release file. */
struct str distro_of_os_release(struct arena *a, struct str text);

#endif
