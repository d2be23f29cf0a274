/* SPDX-License-Identifier: Apache-2.0 */
/* procs.c - the processes of `canh serve` and the rights of each, one row a process. */
#include "proc/procs.h"

#include "base/crypt.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/msg.h"
#include "proc/address.h"
#include "proc/parent_int.h"
#include "proc/simclock.h"
#include "proc/stop.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { ANNOUNCED_MAX = 8 };

/* clang-format off */
const struct process processes[PROC_COUNT] = {
	[PROC_PARENT] = { .name = "parent" },
	[PROC_WATCH]  = { .name = "watch", .run = watch_run, .may = MAY_ACCEPT, .restart = true, .tls = true,
			  .store = true, .store_write = true, .lists = true, .content = true },
	[PROC_DESK]   = { .name = "desk", .run = desk_run, .may = MAY_ACCEPT, .restart = true, .tls = true,
			  .store = true, .state = true, .state_write = true, .lists = true,
			  .lists_write = true, .content = true, .page = true, .keys = true },
	[PROC_SEEK]   = { .name = "seek", .run = seek_run, .restart = true,
			  .store = true, .content = true },
	[PROC_COURIER] = { .name = "courier", .run = courier_run, .may = MAY_CONNECT, .restart = true,
			  .outside = true },
	[PROC_CLERK]  = { .name = "clerk", .run = clerk_run, .may = MAY_NARROW, .lists = true, .content = true },
};
/* clang-format on */

/* The folders of a data folder. */
static const struct {
	const char *name;
	unsigned mode;
} folders[] = {
	{ "store", 0700 },     { "state", 0700 },       { "keys", 0700 },     { "lists", 0700 },
	{ "rules", 0700 },     { "aside", 0700 },       { "drop", 0750 },     { "drop/done", 0750 },
	{ "run", 0700 },       { "drop/failed", 0750 }, { "exchange", 0700 }, { "control", 0700 },
	{ "run/notes", 0700 },
};

bool data_folders(const struct config *c, struct err *why)
{
	char path[4096];

	for (size_t i = 0; i < COUNT(folders); i++) {
		snprintf(path, sizeof path, "%.*s/%s", STR_ARG(c->data), folders[i].name);
		if (!dir_make(path, folders[i].mode, why))
			return false;
	}
	return true;
}

static bool add_path(struct arena *a, struct rights *r, struct str folder, const char *sub,
		     bool write, struct err *why)
{
	struct str path;

	if (folder.n == 0 || folder.p == NULL)
		return true;
	path = arena_printf(a, "%.*s%s%s", STR_ARG(folder), sub[0] == '\0' ? "" : "/", sub);
	if (path.p == NULL || r->n_paths == RIGHTS_MAX_PATHS)
		return err_set(why, ERR_LIMIT, 0, "too many folders");
	r->paths[r->n_paths].path = path.p;
	r->paths[r->n_paths++].write = write;
	return true;
}

/* The folders of the files that watch follows: a rotated file comes back as another one. */
static bool add_followed(struct arena *a, const struct config *c, struct rights *r, struct err *why)
{
	for (size_t i = 0; i < c->n_follow; i++) {
		struct str path = c->follow[i].path;
		size_t n = path.n;

		while (n > 1 && path.p[n - 1] != '/')
			n--;
		if (!add_path(a, r, str_sub(path, 0, n), "", false, why))
			return false;
	}
	return true;
}

/* What the system's resolver and TLS read. */
static bool add_outside(struct arena *a, const struct process *p, struct rights *r, struct err *why)
{
	static const struct str files[] = {
		STR("/etc/resolv.conf"),
		STR("/etc/hosts"),
		STR("/etc/nsswitch.conf"),
		STR("/etc/gai.conf"),
		STR("/etc/host.conf"),
		STR("/etc/ssl/certs"),
		STR("/usr/share/ca-certificates"),
		STR("/usr/local/share/ca-certificates"),
		STR("/run/systemd/resolve"),
	};

	for (size_t i = 0; p->outside && i < COUNT(files); i++)
		if (!add_path(a, r, files[i], "", false, why))
			return false;
	return true;
}

/* Fill *r with the rights of `role` over the folders of `c`; paths live in `a`. */
static bool process_rights(struct arena *a, enum proc role, const struct config *c,
			   struct rights *r, struct err *why)
{
	const struct process *p = &processes[role];
	const struct {
		bool wanted, write;
		struct str folder;
		const char *sub;
	} rows[] = {
		{ p->store, p->store_write, c->data, "store" },
		{ p->state, p->state_write, c->data, "state" },
		{ p->keys, p->keys, c->data, "keys" },
		{ p->state, p->state_write, c->data, "run" },
		{ p->state, false, c->data, "aside" },
		{ p->lists, p->lists_write, c->data, "lists" },
		{ p->lists, p->lists_write, c->data, "rules" },
		{ p->store_write || p->state_write, true, c->data, "drop" },
		{ p->store_write || p->state_write, p->state_write, c->data, "control" },
		{ p->state_write, true, c->witness, "" },
		{ p->content, false, c->content, "" },
		{ p->page, false, c->page, "" },
		{ true, false, STR("/usr/share/zoneinfo"), "" },
	};

	*r = (struct rights){ .may = p->may, .max_files = 8192 };
	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].wanted &&
		    !add_path(a, r, rows[i].folder, rows[i].sub, rows[i].write, why))
			return false;
	return add_outside(a, p, r, why) && (role != PROC_WATCH || add_followed(a, c, r, why));
}

void announce(struct str json)
{
	struct json *j = NULL;

	if (!json_parse(json, 1 << 16, &j, NULL))
		return;
	struct str scheme = json_get_str(j, "scheme"), invite = json_get_str(j, "invite");
	struct sockaddr_storage at[ANNOUNCED_MAX];
	char text[ADDRESS_PORT_TEXT_MAX];
	struct address bound;
	size_t n = address_parse(json_get_str(j, "address"), &bound, NULL)
			   ? address_reachable(&bound, at, COUNT(at))
			   : 0;

	for (size_t i = 0; i < n; i++)
		printf(msg(i == 0 ? MSG_ID("canh is on watch at %.*s://%s/\n")
				  : MSG_ID("             and at %.*s://%s/\n")),
		       STR_ARG(scheme), address_text(&at[i], text));
	if (invite.n > 0 && n > 0)
		printf(msg("First sign-in, once and within 24 hours: %.*s://%s/#/invite/%.*s\n"),
		       STR_ARG(scheme), address_text(&at[0], text), STR_ARG(invite));
	fflush(stdout);
	json_free(j);
}

static enum proc find_proc(const char *name)
{
	for (size_t i = 0; i < PROC_COUNT; i++)
		if (processes[i].run != NULL && strcmp(name, processes[i].name) == 0)
			return (enum proc)i;
	die("no process '%s'", name);
}

static struct sandbox_state entered; /* set once, before threads start */

const struct sandbox_state *process_sandbox(void)
{
	return &entered;
}

/* Give up all rights but those of the row; what this kernel cannot enforce is told on the board. */
static void enter(struct arena *kept, enum proc role, const struct config *c)
{
	struct rights r;
	struct err why = { 0 };

	if (!crypt_init(&why))
		die("%s", why.text);
	if (!process_rights(kept, role, c, &r, &why) || !sandbox_enter(&r, &entered, &why))
		die("the sandbox cannot be entered: %s", why.text);
	if (!entered.files)
		log_warn("this kernel has no Landlock: files are not walled off");
}

int process_main(const char *name)
{
	enum proc role = find_proc(name);
	static struct config c;
	struct arena kept, scratch;
	struct wire_msg m;
	struct err why = { 0 };

	log_name(processes[role].name);
	if (!simclock_inherit(&why))
		die("%s", why.text);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN); /* the parent's */
	if (!arena_reserve(&kept, 1 << 20) || !arena_reserve(&scratch, 1 << 20))
		die("no memory");
	if (!wire_recv(PARENT_LINK, PROC_PARENT, &scratch, &m, &why) || m.type != WIRE_CONFIG ||
	    !config_parse(&kept, m.payload, &c, &why))
		die("no configuration from the parent: %s", why.text);
	wire_drop(&m);
	stop_prepare();
	enter(&kept, role, &c);
	return processes[role].run(&c, PARENT_LINK);
}
