/* SPDX-License-Identifier: Apache-2.0 */
#include "event/event.h"

#include "base/test.h"

int main(void)
{
	static const struct field fields[] = {
		{ STR("winlog.event_data.Image"), STR("C:\\a.exe"), ECS_NONE, FIELD_STRING, 18 },
		{ STR("process.executable"), STR("C:\\a.exe"), ECS_PROCESS_EXECUTABLE, FIELD_STRING,
		  0 },
	};
	struct event ev = { .fields = fields, .n_raw = 1, .n_fields = 2 };

	CHECK("raw by its bare name", event_raw(&ev, STR("image")) == &fields[0]);
	CHECK("an ECS name is no raw field", event_raw(&ev, STR("process.executable")) == NULL);
	CHECK("ecs", str_eq(event_ecs(&ev, ECS_PROCESS_EXECUTABLE), STR("C:\\a.exe")));
	CHECK("no such ecs", event_ecs(&ev, ECS_USER_NAME).p == NULL);
	for (size_t i = 1; i < ECS_COUNT; i++)
		CHECK(ecs_name((enum ecs)i), ecs_find(str_of(ecs_name((enum ecs)i))) == i);
	CHECK("unknown name", ecs_find(STR("no.such")) == ECS_NONE && ecs_name(ECS_COUNT) == NULL);
	return TEST_REPORT();
}
