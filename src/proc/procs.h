/* SPDX-License-Identifier: Apache-2.0 */
/*
 * procs.h - the table of processes of `canh serve`: what each runs, and what it may.
 */
#ifndef PROC_PROCS_H
#define PROC_PROCS_H

#include "base/sandbox.h"
#include "proc/config.h"
#include "proc/wire.h"

/* The link to the parent, in every process that it started. */
enum { PARENT_LINK = 3 };

struct process {
	const char *name;
	/* Runs the process until it is told to stop; `c` is whole. Returns its exit status. */
	int (*run)(const struct config *c, int parent_link);
	unsigned may;                                  /* MAY_* of base/sandbox.h */
	bool store, state, lists, content, page, keys; /* folders it may read */
	bool outside; /* names, and whom the system trusts: for connections to others */
	bool store_write, state_write, lists_write; /* ... and write */
	bool tls;                                   /* is handed the private key */
	bool restart;                               /* started again when it ends */
};

extern const struct process processes[PROC_COUNT];

/* The folders of a data folder, made where they are missing. Parent only. */
MUST_USE bool data_folders(const struct config *c, struct err *why);

/* What this process was walled off from when it began; inside, the kernel cannot be asked any more. */
const struct sandbox_state *process_sandbox(void);

/* `canh --process NAME`: what the parent executes. */
int process_main(const char *name);

/* The settings once more, as the command line and the file tell them by now. */
struct settings_again {
	void *ctx;
	const char *file; /* its name; NULL: there is none */
	/* Checked whole, strings in `a`. Returns the number of mistakes, at most
	 * CONFIG_MAX_MISTAKES. */
	size_t (*read)(void *ctx, struct arena *a, struct config *out, struct mistake *mistakes);
	/* A certificate of the own CA that still holds for a while: its files into *c. */
	bool (*own)(void *ctx, struct arena *a, struct config *c, struct err *why);
};

/* The parent itself: returns the exit status of `canh serve`. `again` outlives it; NULL: nothing is
 * read anew. */
int parent_run(struct config *c, const struct settings_again *again);

int watch_run(const struct config *c, int parent_link);
int desk_run(const struct config *c, int parent_link);
int seek_run(const struct config *c, int parent_link);
int clerk_run(const struct config *c, int parent_link);
int courier_run(const struct config *c, int parent_link);

#endif
