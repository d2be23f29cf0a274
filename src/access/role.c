/* SPDX-License-Identifier: Apache-2.0 */
#include "access/role.h"

static const char *const names[ROLES] = {
	[ROLE_SOURCE] = "source", [ROLE_VIEWER] = "viewer",   [ROLE_ANALYST] = "analyst",
	[ROLE_LEAD] = "lead",     [ROLE_AUDITOR] = "auditor", [ROLE_ADMIN] = "admin",
};

/* clang-format off */
static const struct {
	bool source, viewer, analyst, lead, auditor, admin, whole;
} table[ACTS] = {
	/*                     source viewer analyst lead auditor admin  whole house only */
	[ACT_PUSH]        = {  1,     1,     1,      1,   0,      1,    0 },
	[ACT_OWN]         = {  0,     1,     1,      1,   1,      1,    0 },
	[ACT_READ]        = {  0,     1,     1,      1,   1,      1,    0 },
	[ACT_READ_LEDGER] = {  0,     0,     1,      1,   1,      1,    0 },
	[ACT_READ_ACCESS] = {  0,     0,     0,      0,   1,      1,    0 },
	[ACT_READ_HOUSE]  = {  0,     0,     0,      0,   1,      1,    1 },
	[ACT_READ_CONTACTS] = {0,     0,     0,      1,   1,      1,    1 },
	[ACT_READ_NOTICES] = { 0,     0,     1,      1,   1,      1,    1 },
	[ACT_TRIAGE]      = {  0,     0,     1,      1,   0,      1,    0 },
	[ACT_SOURCES]     = {  0,     0,     0,      1,   0,      1,    0 },
	[ACT_LISTS]       = {  0,     0,     1,      1,   0,      1,    1 },
	[ACT_LOOK]        = {  0,     0,     1,      1,   0,      1,    0 },
	[ACT_IMPORT]      = {  0,     0,     1,      1,   0,      1,    1 },
	[ACT_RULES]       = {  0,     0,     0,      1,   0,      1,    1 },
	[ACT_EXCEPTIONS]  = {  0,     0,     1,      1,   0,      1,    0 },
	[ACT_ATTEST]      = {  0,     0,     0,      1,   0,      1,    1 },
	[ACT_DRILL]       = {  0,     0,     0,      1,   0,      1,    1 },
	[ACT_DUTY]        = {  0,     0,     0,      1,   0,      1,    1 },
	[ACT_HOLD]        = {  0,     0,     0,      1,   0,      1,    1 },
	[ACT_USERS]       = {  0,     0,     0,      0,   0,      1,    0 },
	[ACT_TOKENS]      = {  0,     0,     0,      0,   0,      1,    0 },
	[ACT_UNITS]       = {  0,     0,     0,      0,   0,      1,    0 },
	[ACT_SETTINGS]    = {  0,     0,     0,      0,   0,      1,    1 },
};
/* clang-format on */

bool role_may(enum role role, enum act act)
{
	switch (role) {
	case ROLE_SOURCE:
		return table[act].source;
	case ROLE_VIEWER:
		return table[act].viewer;
	case ROLE_ANALYST:
		return table[act].analyst;
	case ROLE_LEAD:
		return table[act].lead;
	case ROLE_AUDITOR:
		return table[act].auditor;
	case ROLE_ADMIN:
		return table[act].admin;
	}
	return false;
}

bool act_is_whole(enum act act)
{
	return table[act].whole;
}

const char *role_name(enum role role)
{
	return names[role];
}

bool role_parse(struct str name, enum role *out)
{
	for (size_t i = 0; i < COUNT(names); i++) {
		if (!str_eq(name, str_of(names[i])))
			continue;
		*out = (enum role)i;
		return true;
	}
	return false;
}
