/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backend_int.h - asking the process we run in.
 */
#ifndef WEB_BACKEND_INT_H
#define WEB_BACKEND_INT_H

#include "web/backend.h"
#include "web/web_int.h"

/* After a backend function returned false: ERR_STATE means "not now" there, 429. Returns false. */
bool backend_failed(struct call *c, const struct err *why);
/* The answer of live(), parsed; NULL when it gave none. The caller frees it. */
struct json *live_state(struct call *c);

#endif
