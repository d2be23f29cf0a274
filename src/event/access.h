/* SPDX-License-Identifier: Apache-2.0 */
/*
 * access.h - what web servers write: the common and combined log formats of Apache, nginx, Tomcat
 * and their kin (virtual host before, more fields behind), and the error logs of nginx and Apache.
 *
 * Requests stand under the W3C names that Sigma uses for web servers (c-ip, cs-method, cs-uri-stem,
 * sc-status ...). Input is hostile. Never logs, never allocates outside b->a. No state.
 */
#ifndef EVENT_ACCESS_H
#define EVENT_ACCESS_H

#include "event/build.h"

/* The rows of formats[]. */
int access_probe(struct str record);
MUST_USE bool access_read(struct build *b, struct str record, struct err *why);
/* "GET /path?query HTTP/1.1" as cs-method, cs-uri ...; what is no request line as `request`. */
void access_request(struct build *b, struct str line);
int weberror_probe(struct str record);
MUST_USE bool weberror_read(struct build *b, struct str record, struct err *why);

#endif
