/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/lock_up.h"

#include "base/sandbox.h"
#include "cmd/open_state.h"

bool command_lock_up(char **paths, size_t n)
{
	struct rights r = { 0 };
	struct sandbox_state got;
	struct err why = { 0 };
	bool too_many = n > RIGHTS_MAX_PATHS; /* to name: then all, to read only */

	for (size_t i = 0; i < n && r.n_paths < RIGHTS_MAX_PATHS; i++)
		if (strcmp(paths[i], "-") != 0)
			r.paths[r.n_paths++].path = too_many ? "/" : paths[i];
	if (sandbox_enter(&r, &got, &why))
		return true;
	command_complain(&why);
	return false;
}
