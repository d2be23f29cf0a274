/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/witness_look.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/time.h"
#include "net/client.h"

#include <stdio.h>

enum { ANSWER_MAX = 64 << 10, TIMEOUT_S = 10, OK = 200, UNAUTHENTICATED = 401, FORBIDDEN = 403 };

static bool read_proof(const struct json *growth, struct merkle_proof *out)
{
	*out = (struct merkle_proof){ .n = json_count(growth) };
	if (out->n > COUNT(out->hash))
		return false;
	for (size_t i = 0; i < out->n; i++) {
		struct str hex = json_str(json_at(growth, i));

		if (!hash_hex_parse(hex, out->hash[i].b, sizeof out->hash[i].b))
			return false;
	}
	return true;
}

/* WITNESS_WELL when the head is the one held or grew out of it. */
static enum witness_state judge_head(const struct json *answer, const struct head *held,
				     struct witness_seen *out)
{
	struct str text = json_get_str(answer, "head");
	struct merkle_proof proof;
	struct head h;

	if (text.p == NULL) /* nothing was signed yet */
		return held == NULL ? WITNESS_WELL : WITNESS_REWRITTEN;
	if (!head_parse(text, &h, &out->why) || !head_valid(&h))
		return WITNESS_FOREIGN;
	if (held != NULL) {
		if (memcmp(h.key, held->key, sizeof h.key) != 0)
			return WITNESS_FOREIGN;
		if (h.size < held->size || !read_proof(json_get(answer, "growth"), &proof) ||
		    !merkle_check_growth(&proof, (uint64_t)held->size, &held->root,
					 (uint64_t)h.size, &h.root))
			return WITNESS_REWRITTEN;
	}
	out->grown = held == NULL || h.size > held->size;
	out->head = h;
	return WITNESS_WELL;
}

static enum witness_state judge_self(const struct json *answer)
{
	int64_t left, least;

	if (json_count(json_get(answer, "down")) > 0)
		return WITNESS_DOWN;
	if (json_int(json_get(answer, "disk_free_bytes"), &left) &&
	    json_int(json_get(answer, "disk_least_bytes"), &least) && left < least)
		return WITNESS_DISK;
	return WITNESS_WELL;
}

void witness_judge(struct str body, const struct head *held, int64_t now, int64_t skew,
		   struct witness_seen *out)
{
	struct json *j = NULL;
	int64_t theirs;
	bool zone;

	*out = (struct witness_seen){ .state = WITNESS_FOREIGN };
	if (!json_parse(body, ANSWER_MAX, &j, &out->why))
		return;
	if (time_parse_rfc3339(json_get_str(j, "now"), &theirs, &zone)) {
		out->skew = theirs - now;
		out->state = judge_head(j, held, out);
		/* the worst first: a changed past, then a wrong clock, then what is only ill */
		if (out->state == WITNESS_WELL && (out->skew > skew || out->skew < -skew))
			out->state = WITNESS_CLOCK;
		if (out->state == WITNESS_WELL)
			out->state = judge_self(j);
	}
	json_free(j);
}

static enum witness_state no_answer(enum client_fault fault)
{
	return fault == CLIENT_REFUSED ? WITNESS_STOPPED
	       : fault == CLIENT_TLS   ? WITNESS_FOREIGN
				       : WITNESS_CUT;
}

void witness_look(const struct witness_ask *ask, const struct head *held, struct witness_seen *out)
{
	struct buf body = BUF(ANSWER_MAX);
	enum client_fault fault = CLIENT_NONE;
	char url[1024];
	unsigned status = 0;

	*out = (struct witness_seen){ .state = WITNESS_WELL };
	snprintf(url, sizeof url, "%s/api/v1/witness?from=%lld", ask->url,
		 held == NULL ? 0LL : (long long)held->size);
	struct http_ask http = { .method = "GET",
				 .url = url,
				 .token = ask->token,
				 .ca_file = ask->ca_file,
				 .timeout_s = TIMEOUT_S };
	int64_t asked = time_now();
	bool answered = http_ask(&http, &status, &body, &fault, &out->why);
	int64_t half = asked + (time_now() - asked) / 2;

	if (!answered)
		out->state = no_answer(fault);
	else if (status == UNAUTHENTICATED || status == FORBIDDEN)
		out->state = WITNESS_DENIED;
	else if (status != OK || body.full)
		out->state = status >= 500 ? WITNESS_DOWN : WITNESS_FOREIGN;
	else
		witness_judge(buf_str(&body), held, half, ask->skew, out);
	buf_free(&body);
}
