/* SPDX-License-Identifier: Apache-2.0 */
/* map_test.c - every row is found, under any case, and stands once in its table. */
#include "event/map.h"

#include "base/test.h"

int main(void)
{
	map_init();
	map_init();
	for (size_t m = 0; m < MAP_COUNT; m++) {
		for (size_t i = 0; i < map_tables[m].n; i++) {
			struct str name = map_tables[m].rows[i].name;
			char upper[64];
			size_t twice = 0;

			for (size_t k = 0; k < map_tables[m].n; k++)
				twice += str_eq_nocase(name, map_tables[m].rows[k].name);
			for (size_t k = 0; k < name.n; k++)
				upper[k] = (char)(name.p[k] >= 'a' && name.p[k] <= 'z'
							  ? name.p[k] - 32
							  : name.p[k]);
			CHECK(name.p, twice == 1);
			CHECK(name.p, map_find((enum map)m, name) == map_tables[m].rows[i].to);
			CHECK(name.p, map_find((enum map)m, (struct str){ upper, name.n }) ==
					      map_tables[m].rows[i].to);
		}
		CHECK("unknown", map_find((enum map)m, STR("no such name")) == ECS_NONE);
		CHECK("empty", map_find((enum map)m, STR("")) == ECS_NONE);
	}
	return TEST_REPORT();
}
