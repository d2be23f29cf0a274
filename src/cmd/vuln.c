/* SPDX-License-Identifier: Apache-2.0 */
/* vuln.c - `canh vuln`: the packages of this host, of lists and of SBOMs; `vuln cmp` is in a file of its own. */
#include "base/msg.h"
#include "cmd/cmd.h"
#include "cmd/lock_up.h"
#include "cmd/vuln_int.h"

#include <errno.h>
#include <stdio.h>

#define ROOM ((size_t)8 << 30) /* reserved, not used: lists and what is made of them */

/* What may be read from here on is what was named. */
static bool lock_up(const struct vuln_cmd *c)
{
	char *path[2 * OPT_MANY_MAX + VULN_HOST_LISTS + 1];
	size_t n = 0;

	for (size_t i = 0; i < c->packages.n; i++)
		path[n++] = (char *)c->packages.v[i];
	for (size_t i = 0; i < c->sboms.n; i++)
		path[n++] = (char *)c->sboms.v[i];
	for (size_t i = 0; i < VULN_HOST_LISTS && c->host; i++)
		path[n++] = (char *)vuln_host_lists[i];
	if (c->host)
		path[n++] = (char *)VULN_OS_RELEASE;
	return command_lock_up(path, n);
}

static int run(struct vuln_cmd *c)
{
	if (!arena_reserve(&c->a, ROOM)) {
		fprintf(stderr, "%s", msg(MSG_ID("the system has no memory\n")));
		return EXIT_FAULT;
	}
	if (!lock_up(c))
		return EXIT_FAULT;
	vuln_packages_read(c);
	if (!vuln_packages_list(c)) {
		fprintf(stderr, msg("cannot write: %s\n"), strerror(errno));
		return EXIT_FAULT;
	}
	size_t bad = c->failed, n = 0;
	for (const struct vuln_asset *x = c->first; x != NULL; x = x->next) {
		bad += x->inventory.bad;
		n += x->inventory.n;
	}
	if (n == 0 && bad > 0)
		return EXIT_INPUT;
	return bad > 0 ? EXIT_PART : EXIT_DONE;
}

int cmd_vuln(int argc, char **argv)
{
	static struct vuln_cmd c = { .format = "text" };
	const struct opt table[] = {
		{ "host", OPT_FLAG, &c.host, NULL, MSG_ID("the packages of this host") },
		{ "packages", OPT_MANY, &c.packages, "FILE",
		  MSG_ID("a list of packages: dpkg's status file or status.d, apk's installed") },
		{ "sbom", OPT_MANY, &c.sboms, "FILE",
		  MSG_ID("a bill of materials: CycloneDX or SPDX 2, in JSON") },
		{ "distro", OPT_TEXT, &c.distro, "Debian:12",
		  MSG_ID("the system they are of, where the list does not tell") },
		{ "format", OPT_CHOICE, &c.format, "text|jsonl|csv", MSG_ID("form of the output") },
	};
	const struct opts o = {
		"vuln",
		"| cmp [FILE...|-]",
		MSG_ID("List the packages of this host, of package lists and of bills of materials: "
		       "name, version, architecture, the source they were built from. \"canh vuln cmp\" "
		       "compares versions."),
		table,
		COUNT(table),
		0,
		0
	};
	size_t n;

	if (argc > 1 && strcmp(argv[1], "cmp") == 0)
		return vuln_cmp(argc - 1, argv + 1);
	enum opts_result got = opts_parse(&o, argc, argv, &n);

	if (got != OPTS_GO)
		return opts_exit(got);
	if (c.packages.n + c.sboms.n == 0 && !c.host) {
		fprintf(stderr, "%s",
			msg(MSG_ID("canh: vuln wants --host, --packages or --sbom, or cmp\n")));
		return EXIT_USAGE;
	}
	c.form = strcmp(c.format, "jsonl") == 0 ? VULN_JSONL
		 : strcmp(c.format, "csv") == 0 ? VULN_CSV
						: VULN_TEXT;
	return run(&c);
}
