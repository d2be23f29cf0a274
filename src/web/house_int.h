/* SPDX-License-Identifier: Apache-2.0 */
/* house_int.h - handlers about the server itself: its certificate, its settings file (house.c). */
#ifndef WEB_HOUSE_INT_H
#define WEB_HOUSE_INT_H

#include "web/call_int.h"

bool ca_get(struct call *c, struct err *why);
bool certificate_get(struct call *c, struct err *why);
bool reload_get(struct call *c, struct err *why);
bool reload_post(struct call *c, struct err *why);

#endif
