/* SPDX-License-Identifier: Apache-2.0 */
/* plan_int.h - shared by plan.c (what is due), plan_people.c (whom it reaches), plan_slots.c (what is said). */
#ifndef EXCHANGE_PLAN_INT_H
#define EXCHANGE_PLAN_INT_H

#include "exchange/outbox.h"
#include "exchange/plan.h"

enum { PEOPLE_MAX = 128, SLOTS_MAX = 64 };

struct whom {
	struct str address, name, lang;
	char contact[UUID_MAX]; /* "": an address */
	int64_t held;           /* until then; 0: at once */
};
struct people {
	struct whom who[PEOPLE_MAX];
	size_t n;
};

/* A notice that takes in alerts during one call. */
struct slot {
	enum channel channel;
	struct str target, name, lang;
	char contact[UUID_MAX];
	bool exercise;
	int64_t held;
	char id[UUID_MAX];
	bool fresh; /* made by this call */
	int kind, severity;
	int64_t added, due;
};

struct plan {
	struct db *db;
	const struct notify *n;
	int64_t now;
	char unit[UUID_MAX];
	struct arena a;
	struct people people;
	struct slot slots[SLOTS_MAX];
	size_t n_slots;
	struct planned told;
	struct err *why;
};

/* What is said of an alert, from weak to strong. */
enum said { SAID_REPEAT, SAID_LADDER, SAID_ALERT };
struct due_alert {
	char id[UUID_MAX], unit[UUID_MAX], site[UUID_MAX];
	int64_t number, opened, told;
	int severity;
	bool exercise, climbed;
};

/* Add those whom `to` reaches now about the alert. */
MUST_USE bool people_add(struct plan *p, const struct due_alert *al, const struct recipient *to,
			 size_t n);
/* The alert goes into the notice for the target, which is found or made. */
MUST_USE bool slot_add(struct plan *p, const struct slot *is, const struct due_alert *al);
/* Write what the slots gathered. */
MUST_USE bool slots_flush(struct plan *p);

#endif
