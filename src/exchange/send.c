/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/send.h"

#include "base/arena.h"
#include "base/jsonw.h"
#include "net/client.h"
#include "net/resolve.h"

#include <stdio.h>

enum { RECEIPT_MAX = 1000, HOOK_ANSWER_MAX = 4096, ADDRESSES_MAX = 32, TIMEOUT_S = 30 };

static const char *text(struct arena *a, const struct json *ask, const char *key)
{
	struct str s = json_get_str(ask, key);

	return s.n == 0 ? NULL : arena_str(a, s).p;
}

static void put_receipt(struct buf *answer, struct str receipt)
{
	struct jsonw w = { .out = answer };

	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "receipt", receipt);
	jsonw_close(&w, '}');
}

static bool send_mail(struct arena *a, const struct json *ask, struct buf *answer, bool *doubt,
		      struct err *why)
{
	struct buf receipt = BUF(RECEIPT_MAX);
	enum client_fault fault = CLIENT_NONE;
	const char *to = text(a, ask, "to");
	struct mail m = {
		.server = text(a, ask, "server"),
		.user = text(a, ask, "user"),
		.password = text(a, ask, "password"),
		.ca_pem = json_get_str(ask, "ca_pem"),
		.plain = !json_bool(json_get(ask, "starttls"), true),
		.from = text(a, ask, "from"),
		.to = &to,
		.n = 1,
		.message = json_get_str(ask, "message"),
		.timeout_s = TIMEOUT_S,
	};

	if (m.server == NULL || m.from == NULL || to == NULL)
		return err_set(why, ERR_INPUT, 0, "the mail names no server or no address");
	if (m.user != NULL && m.password == NULL)
		m.password = "";
	bool ok = mail_send(&m, &receipt, &fault, why);
	if (ok)
		put_receipt(answer, buf_str(&receipt));
	*doubt = fault == CLIENT_DOUBT;
	buf_free(&receipt);
	return ok;
}

static bool call_hook(struct arena *a, const struct json *ask, struct buf *answer, bool *doubt,
		      struct err *why)
{
	struct buf body = BUF(HOOK_ANSWER_MAX);
	enum client_fault fault = CLIENT_NONE;
	unsigned status = 0;
	const struct http_ask http = {
		.method = "POST",
		.url = text(a, ask, "url"),
		.ca_pem = json_get_str(ask, "ca_pem"),
		.key = text(a, ask, "key"),
		.signature = text(a, ask, "signature"),
		.type = "application/json",
		.body = json_get_str(ask, "body"),
		.timeout_s = TIMEOUT_S,
	};

	if (http.url == NULL)
		return err_set(why, ERR_INPUT, 0, "the webhook has no address");
	bool ok = http_ask(&http, &status, &body, &fault, why);
	*doubt = fault == CLIENT_DOUBT;
	buf_free(&body);
	if (ok && (status < 200 || status >= 300))
		return err_set(why, ERR_IO, 0, "the webhook answered HTTP %u", status);
	if (ok) {
		char receipt[32];

		snprintf(receipt, sizeof receipt, "HTTP %u", status);
		put_receipt(answer, str_of(receipt));
	}
	return ok;
}

static bool resolve(struct arena *a, const struct json *ask, struct buf *answer, bool *doubt,
		    struct err *why)
{
	struct jsonw w = { .out = answer };
	char found[ADDRESSES_MAX][RESOLVED_MAX];
	const char *host = text(a, ask, "host");
	size_t n = 0;

	*doubt = false;
	if (host == NULL || !resolve_host(host, found, ADDRESSES_MAX, &n, why))
		return host != NULL ? false : err_set(why, ERR_INPUT, 0, "no host is named");
	jsonw_open(&w, '{');
	jsonw_key(&w, "addresses");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < n; i++)
		jsonw_str(&w, str_of(found[i]));
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	return true;
}

bool send_one(const struct json *ask, struct buf *answer, bool *doubt, struct err *why)
{
	static const struct {
		const char *op;
		bool (*run)(struct arena *a, const struct json *ask, struct buf *answer,
			    bool *doubt, struct err *why);
	} ops[] = { { "mail", send_mail }, { "webhook", call_hook }, { "resolve", resolve } };
	struct str op = json_get_str(ask, "op");
	struct arena whole;

	*doubt = false;
	for (size_t i = 0; i < COUNT(ops); i++) {
		if (!str_eq(op, str_of(ops[i].op)))
			continue;
		if (!arena_reserve(&whole, 1 << 20))
			return err_set(why, ERR_LIMIT, 0, "no memory");
		struct arena a = whole;
		bool ok = ops[i].run(&a, ask, answer, doubt, why);

		arena_release(whole);
		return ok;
	}
	return err_set(why, ERR_INPUT, 0, "unknown question '%.*s'", STR_ARG(op));
}
