/* SPDX-License-Identifier: Apache-2.0 */
/*
 * routes.h - the table of every URL: method, path, who may, how its body comes, who runs it.
 */
#ifndef WEB_ROUTES_H
#define WEB_ROUTES_H

#include "access/role.h"
#include "base/err.h"
#include "web/lanes.h"

struct call;
struct segments;
struct str;

enum method { M_GET, M_HEAD, M_POST, M_PUT, M_PATCH, M_DELETE, METHODS };

/* What a caller must be allowed to do (access/role.h says which role may), or nothing at all. */
enum { OPEN = -1 };

enum body {
	BODY_NONE,    /* what comes is dropped */
	BODY_JSON,    /* an object of at most 256 KiB */
	BODY_FILE,    /* a memfd; who asks is checked before the first byte is taken */
	BODY_DROPPED, /* large ones are taken and dropped */
};

struct route {
	enum method method;
	const char *path; /* "/api/v1/alerts/{id}" */
	int act;          /* enum act, or OPEN */
	enum body body;
	enum lane lane;
	bool (*run)(struct call *c, struct err *why); /* false: the problem is in *why */
	const char *query; /* its parameters, a blank between; NULL: none */
};

extern const struct route routes[];
extern const size_t routes_n;

enum { ROUTE_ARGS_MAX = 3 };
/*
 * The route of that method and path; what stands at its {names} goes to args. NULL when there is
 * none; then *allowed has a bit per method that another route has for the path. HEAD finds GET.
 */
const struct route *route_find(enum method method, const struct segments *path,
			       struct str args[ROUTE_ARGS_MAX], unsigned *allowed);

/* Is there such a parameter? Outside /api/v1 senders may add their own (Elasticsearch, Prometheus). */
bool route_takes(const struct route *r, struct str name);
const char *method_name(enum method m);
/* METHODS when it is none of ours. */
enum method method_of(const char *name);

#endif
