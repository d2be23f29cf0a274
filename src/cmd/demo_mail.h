/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo_mail.h - the mail server of an agency that does not exist: takes on loopback what people who do
 * not exist are told, so that each notice has a true receipt; keeps nothing, sends nothing on.
 */
#ifndef CMD_DEMO_MAIL_H
#define CMD_DEMO_MAIL_H

#include "base/err.h"

/* In a thread, until the process ends. *port: the one to listen on, or 0 for a free one, which it
 * then is. */
MUST_USE bool demo_mail_begin(unsigned *port, struct err *why);

#endif
