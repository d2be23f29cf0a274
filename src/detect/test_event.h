/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_event.h - events made by hand for the tests of this room, nothing else includes it.
 *
 * One field a line: "name=value"; "a.b.>c=v": the bare name begins at '>'; "name!" holds null;
 * "@name=v" is of the ECS run.
 */
#ifndef DETECT_TEST_EVENT_H
#define DETECT_TEST_EVENT_H

#include "event/event.h"

#include <assert.h>

enum { TEST_FIELDS_MAX = 64 };

struct test_event {
	struct field f[TEST_FIELDS_MAX];
	struct event ev;
	char text[8192];
};

/* One line to the next field; the text of its name goes to `to`, whose end is returned. */
UNUSED static char *test_field(struct test_event *t, struct str line, bool ecs, char *to)
{
	struct field *f = &t->f[t->ev.n_fields++];
	size_t eq = str_find_char(line, '=');
	bool null = eq == line.n;
	struct str name = str_sub(line, 0, null ? line.n - 1 : eq);
	size_t mark = str_find_char(name, '>');

	assert(t->ev.n_fields <= TEST_FIELDS_MAX &&
	       (size_t)(to - t->text) + name.n < sizeof t->text);
	f->name.p = to;
	for (size_t i = 0; i < name.n; i++)
		if (i != mark)
			*to++ = name.p[i];
	f->name.n = (size_t)(to - f->name.p);
	f->bare = (uint8_t)(mark < name.n ? mark : 0);
	f->type = null ? FIELD_NULL : FIELD_STRING;
	f->val = null ? STR("") : str_skip(line, eq + 1);
	f->id = ecs ? (uint16_t)ecs_find(f->name) : ECS_NONE;
	return to;
}

UNUSED static void test_event(struct test_event *t, struct str text, struct str raw)
{
	struct str rest = text, line;
	char *to = t->text;

	memset(t, 0, sizeof *t);
	while (str_line(&rest, &line))
		if (line.n > 0 && line.p[0] != '@')
			to = test_field(t, line, false, to);
	t->ev.n_raw = t->ev.n_fields;
	rest = text;
	while (str_line(&rest, &line))
		if (line.n > 0 && line.p[0] == '@')
			to = test_field(t, str_skip(line, 1), true, to);
	t->ev.fields = t->f;
	t->ev.raw = raw;
}

#endif
