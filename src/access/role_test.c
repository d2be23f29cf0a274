/* SPDX-License-Identifier: Apache-2.0 */
#include "access/role.h"

#include "base/test.h"

/* What DESIGN says in words, cell by cell where it matters. */
static const struct {
	const char *name;
	enum role role;
	enum act act;
	bool may;
} cases[] = {
	{ "a source pushes", ROLE_SOURCE, ACT_PUSH, true },
	{ "a source reads nothing", ROLE_SOURCE, ACT_READ, false },
	{ "a source has no session", ROLE_SOURCE, ACT_OWN, false },
	{ "a viewer reads", ROLE_VIEWER, ACT_READ, true },
	{ "a viewer does not triage", ROLE_VIEWER, ACT_TRIAGE, false },
	{ "an analyst triages", ROLE_ANALYST, ACT_TRIAGE, true },
	{ "an analyst does not attest", ROLE_ANALYST, ACT_ATTEST, false },
	{ "a lead attests", ROLE_LEAD, ACT_ATTEST, true },
	{ "a lead holds days", ROLE_LEAD, ACT_HOLD, true },
	{ "an analyst holds none", ROLE_ANALYST, ACT_HOLD, false },
	{ "a lead makes no users", ROLE_LEAD, ACT_USERS, false },
	{ "an auditor reads users", ROLE_AUDITOR, ACT_READ_ACCESS, true },
	{ "an auditor reads the ledger", ROLE_AUDITOR, ACT_READ_LEDGER, true },
	{ "an admin changes settings", ROLE_ADMIN, ACT_SETTINGS, true },
};

int main(void)
{
	enum role role = ROLE_LEAD;

	for (size_t i = 0; i < COUNT(cases); i++)
		CHECK(cases[i].name, role_may(cases[i].role, cases[i].act) == cases[i].may);
	for (int act = 0; act < ACTS; act++) {
		bool reads = act == ACT_READ || act == ACT_READ_LEDGER || act == ACT_READ_ACCESS ||
			     act == ACT_READ_HOUSE || act == ACT_READ_CONTACTS ||
			     act == ACT_READ_NOTICES || act == ACT_OWN;

		CHECK("an auditor writes nothing and reads all",
		      role_may(ROLE_AUDITOR, (enum act)act) == reads);
		CHECK("an admin may all", role_may(ROLE_ADMIN, (enum act)act));
		CHECK("what the house shares",
		      act_is_whole((enum act)act) ==
			      (act == ACT_READ_HOUSE || act == ACT_READ_CONTACTS ||
			       act == ACT_READ_NOTICES || act == ACT_READ_NOTICES ||
			       act == ACT_DUTY || act == ACT_LISTS || act == ACT_IMPORT ||
			       act == ACT_RULES || act == ACT_ATTEST || act == ACT_DRILL ||
			       act == ACT_HOLD || act == ACT_SETTINGS));
		CHECK("a source only pushes",
		      role_may(ROLE_SOURCE, (enum act)act) == (act == ACT_PUSH));
		CHECK("no role of the watch loses what a weaker one has",
		      role_may(ROLE_LEAD, (enum act)act) >= role_may(ROLE_ANALYST, (enum act)act));
	}
	for (int i = 0; i < ROLES; i++)
		CHECK(role_name((enum role)i),
		      role_parse(str_of(role_name((enum role)i)), &role) && role == (enum role)i);
	role = ROLE_LEAD;
	CHECK("no role", !role_parse(STR("root"), &role) && role == ROLE_LEAD);
	CHECK("no role", !role_parse(STR("Admin"), &role) && !role_parse(STR(""), &role));
	return TEST_REPORT();
}
