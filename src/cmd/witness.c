/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness.c - `canh witness`: on a second machine, keep the heads of canh's ledger and call when canh is
 * silent or not what it was.
 *
 * DIR/heads is a witness file as `canh verify --witness` reads it. A call says what and when, no more.
 */
#include "state/witness.h"
#include "base/file.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "base/msg.h"
#include "base/time.h"
#include "cmd/cmd.h"
#include "cmd/open_state.h"
#include "cmd/opts.h"
#include "cmd/witness_look.h"
#include "net/client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { SECRET_MAX = 512, HEADS_MAX = 256 << 20, PATH_CAP = 4096, CALL_TIMEOUT_S = 10 };

struct witness {
	const char *data, *server, *token_file, *ca, *key, *format;
	struct opt_list hooks;
	uint64_t every, within, skew, repeat; /* seconds; repeat: minutes */
	bool once;
	char token[SECRET_MAX];
	bool holds; /* a head */
	struct head head;

	enum witness_state told; /* what the last call said */
	enum witness_state now;
	int64_t since;   /* wall clock: since when it is as it is now */
	int64_t well_at; /* the last answer that was well */
	int64_t called;  /* when it last called */
};

static const struct {
	const char *name; /* for programs */
	const char *text;
	bool lasts; /* told only when it lasts */
} states[WITNESS_STATES] = {
	[WITNESS_WELL] = { "well", MSG_ID("canh answers, its ledger only grew"), false },
	[WITNESS_STOPPED] = { "stopped",
			      MSG_ID("canh does not run: its machine answers, it does not"), true },
	[WITNESS_CUT] = { "cut",
			  MSG_ID("no word from canh's machine: the link or the machine is down"),
			  true },
	[WITNESS_FOREIGN] = { "foreign", MSG_ID("what answers there is not canh"), false },
	[WITNESS_DENIED] = { "denied", MSG_ID("canh does not take this witness' token any more"),
			     false },
	[WITNESS_DOWN] = { "down", MSG_ID("a process of canh does not run"), true },
	[WITNESS_DISK] = { "disk", MSG_ID("canh's disk is nearly full: the oldest days go"),
			   false },
	[WITNESS_CLOCK] = { "clock", MSG_ID("canh's clock is wrong"), false },
	[WITNESS_REWRITTEN] = { "rewritten",
				MSG_ID("canh's ledger was rewritten: it did not grow out of the "
				       "head that is held here"),
				false },
};

static void path_in(const struct witness *w, const char *name, char out[PATH_CAP])
{
	snprintf(out, PATH_CAP, "%s/%s", w->data, name);
}

/* The newest head that is held, if there is one. */
static bool load_head(struct witness *w, struct err *why)
{
	struct arena a;
	struct head *heads;
	size_t n, skipped;
	struct str text;
	char path[PATH_CAP];

	path_in(w, "heads", path);
	if (access(path, F_OK) == -1)
		return true;
	if (!arena_reserve(&a, 2 * (size_t)HEADS_MAX))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	bool ok = file_load(&a, AT_FDCWD, path, HEADS_MAX, &text, why) &&
		  witness_parse(&a, text, &heads, &n, &skipped, why);
	if (ok && n > 0) {
		w->head = heads[n - 1];
		w->holds = true;
	}
	arena_release(a);
	return ok;
}

static bool load_token(struct witness *w, struct err *why)
{
	unsigned char mem[SECRET_MAX + 64];
	struct arena a = { mem, mem + sizeof mem };
	struct str text;

	if (!file_load(&a, AT_FDCWD, w->token_file, SECRET_MAX - 1, &text, why))
		return false;
	snprintf(w->token, sizeof w->token, "%.*s", STR_ARG(str_trim(text)));
	return true;
}

static void put_state(const struct witness *w, const struct witness_seen *seen, struct buf *out)
{
	struct jsonw j = { .out = out };

	jsonw_open(&j, '{');
	jsonw_kv_time(&j, "time", time_now());
	jsonw_kv_str(&j, "state", str_of(states[w->now].name));
	jsonw_kv_time(&j, "since", w->since);
	jsonw_kv_time(&j, "last_well", w->well_at);
	jsonw_kv_str(&j, "text", str_of(msg(states[w->now].text)));
	if (seen->skew != 0)
		jsonw_kv_int(&j, "clock_off_s", seen->skew / TIME_SECOND);
	jsonw_kv_int(&j, "size", w->holds ? w->head.size : 0);
	jsonw_close(&j, '}');
}

static void say(const struct witness *w, const struct witness_seen *seen)
{
	struct buf line = BUF(4096);
	char time[TIME_TEXT_MAX], reason[ERR_TEXT_MAX] = "";

	if (strcmp(w->format, "jsonl") == 0) {
		put_state(w, seen, &line);
		fwrite(line.p, 1, line.n, stdout);
		putchar('\n');
	} else {
		if (seen->why.kind != ERR_NONE)
			err_text(&seen->why, msg_lang(), reason, sizeof reason);
		printf("%s  %s%s%s%s", time_rfc3339(time_now(), time), msg(states[w->now].text),
		       reason[0] != '\0' ? " (" : "", reason, reason[0] != '\0' ? ")" : "");
		if (w->now == WITNESS_CLOCK)
			printf(msg(MSG_ID(" by %lld s")), (long long)(seen->skew / TIME_SECOND));
		putchar('\n');
	}
	fflush(stdout);
	buf_free(&line);
}

/* Every hook is called; one that does not answer is told of and tried again with the next call. */
static void call(const struct witness *w, const struct witness_seen *seen)
{
	struct buf body = BUF(4096), answer = BUF(4096);
	struct err why = { 0 };
	unsigned status = 0;

	put_state(w, seen, &body);
	for (size_t i = 0; i < w->hooks.n; i++) {
		struct http_ask ask = { .method = "POST",
					.url = w->hooks.v[i],
					.type = "application/json",
					.body = buf_str(&body),
					.timeout_s = CALL_TIMEOUT_S };

		buf_clear(&answer);
		if (!http_ask(&ask, &status, &answer, NULL, &why))
			command_complain(&why);
		else if (status >= 300)
			log_warn("%s: %u", w->hooks.v[i], status);
	}
	buf_free(&body);
	buf_free(&answer);
}

static bool keep_head(struct witness *w, const struct head *h, struct err *why)
{
	char path[PATH_CAP];

	path_in(w, "heads", path);
	if (!witness_append(path, h, why))
		return false;
	w->head = *h;
	w->holds = true;
	return true;
}

/* Is what is seen now worth a call: something else than the last call said, or the same for long? */
static bool worth_a_call(const struct witness *w, int64_t now)
{
	bool lasted = !states[w->now].lasts || now - w->since >= (int64_t)w->within * TIME_SECOND;

	if (w->now != w->told)
		return lasted;
	return w->now != WITNESS_WELL && w->repeat > 0 &&
	       now - w->called >= (int64_t)w->repeat * TIME_MINUTE;
}

static bool look(struct witness *w, struct err *why)
{
	const struct witness_ask ask = { w->server, w->token, w->ca,
					 (int64_t)w->skew * TIME_SECOND };
	struct witness_seen seen;

	witness_look(&ask, w->holds ? &w->head : NULL, &seen);
	if (seen.grown && !w->holds && w->key != NULL &&
	    !head_fingerprint_fits(str_of(w->key), seen.head.key)) {
		seen.state = WITNESS_FOREIGN;
		seen.grown = false;
	}
	if (seen.grown && !keep_head(w, &seen.head, why))
		return false;
	int64_t now = time_now();
	if (seen.state != w->now || w->since == TIME_NONE) {
		w->now = seen.state;
		w->since = now;
		say(w, &seen);
	}
	if (seen.state == WITNESS_WELL)
		w->well_at = now;
	if (worth_a_call(w, now)) {
		call(w, &seen);
		w->told = w->now;
		w->called = now;
	}
	return true;
}

static bool usable(const struct witness *w)
{
	const char *missing = w->data == NULL         ? "--data"
			      : w->server == NULL     ? "--server"
			      : w->token_file == NULL ? "--token-file"
						      : NULL;

	if (missing == NULL && w->every > 0)
		return true;
	fprintf(stderr, msg(MSG_ID("canh witness: %s is missing\n")),
		missing != NULL ? missing : "--every");
	return false;
}

static int watch(struct witness *w)
{
	struct err why = { 0 };

	w->since = w->well_at = w->called = TIME_NONE;
	if (!load_token(w, &why) || !dir_make(w->data, 0700, &why) || !load_head(w, &why)) {
		command_complain(&why);
		return EXIT_INPUT;
	}
	for (;;) {
		if (!look(w, &why)) {
			command_complain(&why);
			return EXIT_FAULT;
		}
		if (w->once)
			return w->now == WITNESS_WELL ? EXIT_DONE : EXIT_NOT;
		sleep((unsigned)w->every);
	}
}

int cmd_witness(int argc, char **argv)
{
	static struct witness w = {
		.format = "text", .every = 30, .within = 120, .skew = 10, .repeat = 15
	};
	const struct opt table[] = {
		{ "data", OPT_TEXT, &w.data, "DIR", MSG_ID("where the heads are kept") },
		{ "server", OPT_TEXT, &w.server, "URL", MSG_ID("canh: https://HOST:PORT") },
		{ "token-file", OPT_TEXT, &w.token_file, "FILE",
		  MSG_ID("holds a token of role viewer") },
		{ "ca", OPT_TEXT, &w.ca, "FILE",
		  MSG_ID("certificate of canh's CA (keys/ca.pem there)") },
		{ "key", OPT_TEXT, &w.key, "FINGERPRINT",
		  MSG_ID("of the ledger's key; else the first one is believed") },
		{ "call", OPT_MANY, &w.hooks, "URL",
		  MSG_ID("where to POST what is wrong, and that it is well again") },
		{ "every", OPT_NUMBER, &w.every, "SECONDS", MSG_ID("between two looks: 30") },
		{ "within", OPT_NUMBER, &w.within, "SECONDS",
		  MSG_ID("how long silence may last before a call: 120") },
		{ "skew", OPT_NUMBER, &w.skew, "SECONDS",
		  MSG_ID("how far the clocks may differ: 10") },
		{ "repeat", OPT_NUMBER, &w.repeat, "MINUTES",
		  MSG_ID("call again while it lasts: 15; 0: never") },
		{ "once", OPT_FLAG, &w.once, NULL,
		  MSG_ID("look once: 0 all is well, 1 it is not") },
		{ "format", OPT_CHOICE, &w.format, "text|jsonl", MSG_ID("form of the output") },
	};
	const struct opts o = {
		"witness",
		"",
		MSG_ID("Stand beside canh on a second machine: keep the heads of its ledger, "
		       "check that it only grows, call when canh is silent, when its disk "
		       "is full or its clock is wrong."),
		table,
		COUNT(table),
		0,
		0
	};
	size_t n;
	enum opts_result got = opts_parse(&o, argc, argv, &n);

	if (got != OPTS_GO)
		return opts_exit(got);
	return usable(&w) ? watch(&w) : EXIT_USAGE;
}
