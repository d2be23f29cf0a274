/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/server_ask.h"

#include "net/client.h"
#include "proc/local.h"

#include <stdio.h>

bool server_ask(const struct server_call *call, unsigned *status, struct buf *answer,
		struct err *why)
{
	enum client_fault fault = CLIENT_NONE;
	struct local l;
	char url[1024];

	if (!local_open(call->data, &l, NULL))
		return err_set(why, ERR_ABSENT, 0, "no server runs on '%s'", call->data);
	snprintf(url, sizeof url, "http://localhost%s", call->path);
	struct http_ask ask = { .method = call->method,
				.url = url,
				.socket = l.path,
				.token = call->token,
				.type = call->type,
				.body = call->body };
	bool ok = http_ask(&ask, status, answer, &fault, why);
	local_close(&l);
	if (!ok && fault == CLIENT_REFUSED)
		return err_set(why, ERR_ABSENT, 0, "no server runs on '%s'", call->data);
	return ok;
}
