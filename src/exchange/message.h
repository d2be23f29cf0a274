/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message.h - what a notice says: number, severity and time of alerts and nothing else of them, since mail
 * and webhooks go through hands of others. Pure.
 */
#ifndef EXCHANGE_MESSAGE_H
#define EXCHANGE_MESSAGE_H

#include "base/buf.h"
#include "base/msg.h"
#include "base/time.h"

struct message {
	struct str id;       /* of the notice */
	int64_t number;      /* of the notice */
	struct str kind;     /* "alert", "repeat", "ladder", "test" */
	struct str severity; /* the highest; empty: a test */
	int64_t alert;       /* number of the first alert, as it is kept */
	int64_t count;       /* of alerts */
	int64_t opened;      /* the first alert */
	int64_t now;
	bool exercise;
	enum lang lang;
};

/* One line: "Critical alert 12, 23/11/2026 02:15". */
void message_subject(const struct message *m, struct buf *out);
/* RFC 5322: ASCII, CRLF, headers encoded, text as base64. `from`, `to`: bare addresses, checked. The same notice has
 * the same Message-ID however often it is sent. */
void message_mail(const struct message *m, struct str from, struct str to, struct buf *out);
/* The JSON that a webhook gets; "text" for services that show just that. */
void message_hook(const struct message *m, struct buf *out);

#endif
