/* SPDX-License-Identifier: Apache-2.0 */
/* demo_int.h - the demonstration that is being made, and what its files ask of each other. */
#ifndef CMD_DEMO_INT_H
#define CMD_DEMO_INT_H

#include "access/token.h"
#include "base/time.h"
#include "base/uuid.h"
#include "cmd/demo_world.h"
#include "cmd/open_state.h"
#include "cmd/own_server.h"
#include "cmd/server_ask.h"

enum { DEMO_PEOPLE = 3, DEMO_STEP_MS = 10, DEMO_WAIT_MS = 60000, DEMO_BEAT_MAX = 64 };

struct demo {
	const char *data;
	uint64_t seed, days;
	int64_t now;    /* the end, a whole hour */
	int64_t *shift; /* the clock's page */
	struct own_server server;
	bool play;
	struct opened_state state;
	char token[DEMO_SOURCES][ACCESS_SECRET_MAX], admin[ACCESS_SECRET_MAX];
	char beat[DEMO_SOURCES]
		 [DEMO_BEAT_MAX]; /* the line that each sender logs every hour; "": none yet */
	unsigned mail_port;
	char person[DEMO_PEOPLE][UUID_MAX];
	struct buf body;
	int64_t sent;
};

/* One request, answered below 300; `answer` may be NULL. The call's folder is filled in. */
MUST_USE bool demo_ask(struct demo *d, const struct server_call *c, struct buf *answer,
		       struct err *why);
/* A moment of real time, in which the clock runs as it does elsewhere. */
void demo_nap(void);

/* demo_house.c: who the people are, what the house declares, who is on duty and who is woken. */
MUST_USE bool demo_house(struct demo *d, struct err *why);
/* Once they have sent: which senders must be heard, and their heartbeats. */
MUST_USE bool demo_house_senders(struct demo *d, struct err *why);
/* At the end: from now on it is said again until somebody acknowledges it. */
MUST_USE bool demo_house_insist(struct demo *d, struct err *why);
/* A list of one address, as a letter brings it. */
MUST_USE bool demo_list(struct demo *d, const char *query, const char *address, struct err *why);
/* Who of the people has the watch at `t`. */
size_t demo_on_watch(int64_t t);
/* Until of each alert that stands there he was told who had to be. */
MUST_USE bool demo_told(struct demo *d, struct err *why);

#endif
