/* SPDX-License-Identifier: Apache-2.0 */
/* expected.c - invariant: n_controls and n_beats are 0 whenever nothing is expected; both atomic. */
#include "proc/expected.h"

#include "base/json.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define CONTROL_MARK STR("\"canh.canary\":\"")
#define BEAT_MARK STR("canh.heartbeat=")

struct control {
	char id[UUID_MAX], door[160];
	bool came, told;
};

struct expected {
	pthread_mutex_t lock;
	struct control control[EXPECTED_CONTROLS];
	size_t n_controls;
	char (*beat)[BEAT_MAX]; /* EXPECTED_BEATS, owned */
	size_t n_beats;
};

struct expected *expected_new(void)
{
	struct expected *e = calloc(1, sizeof *e);

	if (e == NULL || (e->beat = calloc(EXPECTED_BEATS, sizeof *e->beat)) == NULL) {
		free(e);
		return NULL;
	}
	pthread_mutex_init(&e->lock, NULL);
	return e;
}

void expected_free(struct expected *e)
{
	if (e == NULL)
		return;
	pthread_mutex_destroy(&e->lock);
	free(e->beat);
	free(e);
}

/* What is known of it from before. */
static void carry_over(const struct expected *e, struct control *c)
{
	for (size_t i = 0; i < e->n_controls; i++)
		if (strcmp(e->control[i].id, c->id) == 0) {
			c->came = e->control[i].came;
			c->told = e->control[i].told;
		}
}

static void take_controls(struct expected *e, const struct json *all)
{
	struct control now[EXPECTED_CONTROLS] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < json_count(all) && n < EXPECTED_CONTROLS; i++) {
		struct str id = json_get_str(json_at(all, i), "id");
		struct str door = json_get_str(json_at(all, i), "door");

		if (!uuid_valid(id) || door.n >= sizeof now[0].door)
			continue;
		snprintf(now[n].id, sizeof now[n].id, "%.*s", STR_ARG(id));
		snprintf(now[n].door, sizeof now[n].door, "%.*s", STR_ARG(door));
		carry_over(e, &now[n++]);
	}
	memcpy(e->control, now, sizeof now);
	__atomic_store_n(&e->n_controls, n, __ATOMIC_RELEASE);
}

static void take_beats(struct expected *e, const struct json *all)
{
	size_t n = 0;

	for (size_t i = 0; i < json_count(all) && n < EXPECTED_BEATS; i++) {
		struct str word = json_str(json_at(all, i));

		if (word.n == 0 || word.n >= BEAT_MAX)
			continue;
		snprintf(e->beat[n++], BEAT_MAX, "%.*s", STR_ARG(word));
	}
	__atomic_store_n(&e->n_beats, n, __ATOMIC_RELEASE);
}

bool expected_set(struct expected *e, struct str json, struct err *why)
{
	struct json *j = NULL;

	if (!json_parse(json, 1 << 20, &j, why))
		return false;
	pthread_mutex_lock(&e->lock);
	take_controls(e, json_get(j, "controls"));
	take_beats(e, json_get(j, "heartbeats"));
	pthread_mutex_unlock(&e->lock);
	json_free(j);
	return true;
}

/* "udp 127.0.0.1:5514" is the door udp of that name; "tcp ..." is any door of TCP: the records of a
 * connection do not tell the listener. */
static bool through(const char *expected, const char *door, struct str name)
{
	size_t n = strlen(door);

	if (strncmp(expected, door, n) != 0)
		return false;
	if (strcmp(door, "udp") == 0)
		return expected[n] == ' ' && str_eq(name, str_of(expected + n + 1));
	return expected[n] == ' ' || expected[n] == '\0';
}

static bool claim(struct expected *e, struct str id, const char *door, struct str name)
{
	for (size_t i = 0; i < e->n_controls; i++) {
		struct control *c = &e->control[i];

		if (c->came || !str_eq(id, str_of(c->id)) || !through(c->door, door, name))
			continue;
		c->came = true;
		return true;
	}
	return false;
}

bool expected_control(struct expected *e, struct str record, const char *door, struct str name)
{
	if (__atomic_load_n(&e->n_controls, __ATOMIC_ACQUIRE) == 0)
		return false;
	size_t at = str_find(record, CONTROL_MARK);
	if (at == record.n)
		return false;
	struct str id = str_sub(record, at + CONTROL_MARK.n, at + CONTROL_MARK.n + UUID_LEN);

	pthread_mutex_lock(&e->lock);
	bool is = claim(e, id, door, name);
	pthread_mutex_unlock(&e->lock);
	return is;
}

static bool beat_known(const struct expected *e, struct str word)
{
	for (size_t i = 0; i < e->n_beats; i++)
		if (str_eq(word, str_of(e->beat[i])))
			return true;
	return false;
}

static bool word_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

bool expected_beat(struct expected *e, struct str record, struct str *word)
{
	if (__atomic_load_n(&e->n_beats, __ATOMIC_ACQUIRE) == 0)
		return false;
	size_t at = str_find(record, BEAT_MARK), n = 0;
	if (at == record.n)
		return false;
	struct str rest = str_skip(record, at + BEAT_MARK.n);

	while (n < rest.n && n < BEAT_MAX && word_char(rest.p[n]))
		n++;
	*word = str_sub(rest, 0, n);
	pthread_mutex_lock(&e->lock);
	bool known = beat_known(e, *word);
	pthread_mutex_unlock(&e->lock);
	return known;
}

bool expected_came(struct expected *e, struct jsonw *w)
{
	bool any = false;

	if (__atomic_load_n(&e->n_controls, __ATOMIC_ACQUIRE) == 0)
		return false;
	pthread_mutex_lock(&e->lock);
	for (size_t i = 0; i < e->n_controls; i++) {
		const struct control *c = &e->control[i];

		if (!c->came || c->told)
			continue;
		any = true;
		jsonw_str(w, str_of(c->id));
	}
	pthread_mutex_unlock(&e->lock);
	return any;
}

void expected_told(struct expected *e)
{
	pthread_mutex_lock(&e->lock);
	for (size_t i = 0; i < e->n_controls; i++)
		e->control[i].told |= e->control[i].came;
	pthread_mutex_unlock(&e->lock);
}
