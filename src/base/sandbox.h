/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sandbox.h - give up rights for good, in one call: Landlock for files and network, seccomp for
 * system calls, no_new_privs, limits.
 *
 * To be entered before threads start and after everything that stays open is open. What the running
 * kernel cannot enforce is told in *got, never guessed: the board shows it. There is no way back.
 */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include "base/err.h"

enum { RIGHTS_MAX_PATHS = 300 };

enum {
	MAY_CONNECT = 1, /* outgoing TCP */
	MAY_ACCEPT = 2,  /* accept() on sockets it was handed */
	MAY_EXEC = 4,    /* start programs (fork, execve) */
	MAY_SOCKET = 8,  /* make new sockets */
	MAY_NARROW = 16, /* give up files later, by sandbox_narrow() */
};

struct rights {
	unsigned may;
	uint64_t max_files;  /* RLIMIT_NOFILE; 0: as it is */
	uint64_t max_memory; /* RLIMIT_AS in bytes; 0: as it is (ASan needs it so) */
	struct {
		const char *path; /* a folder or file; one that does not exist is left out */
		bool write;       /* else read only */
	} paths[RIGHTS_MAX_PATHS];
	size_t n_paths;
};

struct sandbox_state {
	int landlock_abi;              /* 0: this kernel has none */
	bool files, network, syscalls; /* what is enforced now */
};

MUST_USE bool sandbox_enter(const struct rights *r, struct sandbox_state *got, struct err *why);
/* Of the files that are left, keep those of `r` only. For one that may MAY_NARROW; threads that run keep theirs.
 * A kernel without Landlock walls nothing off, now as before. */
MUST_USE bool sandbox_narrow(const struct rights *r, struct err *why);
/* What this kernel offers, without entering. */
int sandbox_landlock_abi(void);

#endif
