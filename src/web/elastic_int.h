/* SPDX-License-Identifier: Apache-2.0 */
/*
 * elastic_int.h - answers in the shape that senders of Elasticsearch's _bulk expect.
 */
#ifndef WEB_ELASTIC_INT_H
#define WEB_ELASTIC_INT_H

#include "web/call_int.h"

/* Does this request speak to the Elasticsearch face, so that errors must be of its shape? At "/" the
 * page stands too: there who signs in by header, or wants JSON and no HTML, means this face. */
bool elastic_wants(const struct call *c);
/* {"error":{"type","reason"},"status"} out of *why. */
void elastic_problem(struct call *c, const struct err *why);
/* The answer to _bulk from items of ingest/bulk.h. */
void elastic_items(struct call *c, struct str items);

#endif
