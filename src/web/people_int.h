/* SPDX-License-Identifier: Apache-2.0 */
/* people_int.h - handlers about people: who is on duty, how he is reached, what he was told. */
#ifndef WEB_PEOPLE_INT_H
#define WEB_PEOPLE_INT_H

#include "web/call_int.h"

/* duty.c */
bool duty_list(struct call *c, struct err *why);
bool duty_post(struct call *c, struct err *why);
bool duty_delete(struct call *c, struct err *why);
bool duty_now(struct call *c, struct err *why);
bool duty_import_post(struct call *c, struct err *why);

/* contacts.c */
bool contacts_list(struct call *c, struct err *why);
bool contacts_post(struct call *c, struct err *why);
bool contacts_patch(struct call *c, struct err *why);
bool contacts_delete(struct call *c, struct err *why);

/* notify.c */
bool notify_get(struct call *c, struct err *why);
bool notify_put_settings(struct call *c, struct err *why);
bool notify_test(struct call *c, struct err *why);
bool notices_list(struct call *c, struct err *why);
bool notices_get(struct call *c, struct err *why);

#endif
