/* SPDX-License-Identifier: Apache-2.0 */
/* vuln.c - `canh vuln`: the packages of this host, of lists and of SBOMs; `vuln cmp` is in a file of its own. */
#include "base/msg.h"
#include "base/time.h"
#include "cmd/cmd.h"
#include "cmd/lock_up.h"
#include "cmd/vuln_int.h"

#include <errno.h>
#include <stdio.h>

#define ROOM ((size_t)8 << 30) /* reserved, not used: lists and what is made of them */

/* What may be read from here on is what was named. */
static bool lock_up(const struct vuln_cmd *c)
{
	const struct opt_list *const named[] = { &c->packages, &c->sboms, &c->feeds };
	char *path[COUNT(named) * OPT_MANY_MAX + VULN_HOST_LISTS + 1];
	size_t n = 0;

	for (size_t k = 0; k < COUNT(named); k++)
		for (size_t i = 0; i < named[k]->n; i++)
			path[n++] = (char *)named[k]->v[i];
	for (size_t i = 0; i < VULN_HOST_LISTS && c->host; i++)
		path[n++] = (char *)vuln_host_lists[i];
	if (c->host)
		path[n++] = (char *)VULN_OS_RELEASE;
	return command_lock_up(path, n);
}

static int no_memory(void)
{
	fprintf(stderr, "%s", msg(MSG_ID("the system has no memory\n")));
	return EXIT_FAULT;
}

static int cannot_write(void)
{
	fprintf(stderr, msg("cannot write: %s\n"), strerror(errno));
	return EXIT_FAULT;
}

static int status_of(const struct vuln_cmd *c, const struct matcher_sum *sum)
{
	bool part = c->failed + c->bad > 0;

	for (const struct feed *f = c->first_feed; f != NULL; f = f->next)
		part |= f->bad > 0 || f->old;
	if (sum->with_feed == 0)
		return EXIT_INPUT; /* nothing could be said of anything */
	return part ? EXIT_PART : EXIT_DONE;
}

static int judge(struct vuln_cmd *c)
{
	const struct finding *first;
	struct matcher_sum sum;

	if (!vuln_feeds_read(c) || !matcher_finish(c->matcher, &sum, &first))
		return no_memory();
	return vuln_rows_put(c, first, &sum) ? status_of(c, &sum) : cannot_write();
}

static int run(struct vuln_cmd *c)
{
	size_t n = 0;

	if (!arena_reserve(&c->a, ROOM) || !arena_reserve(&c->scratch, ROOM) ||
	    !arena_reserve(&c->work, ROOM))
		return no_memory();
	if (!lock_up(c))
		return EXIT_FAULT;
	vuln_packages_read(c);
	for (const struct vuln_asset *x = c->first; x != NULL; x = x->next) {
		c->bad += x->inventory.bad;
		n += x->inventory.n;
	}
	if (n == 0 && c->failed + c->bad > 0)
		return EXIT_INPUT;
	if (c->feeds.n > 0)
		return judge(c);
	if (!vuln_packages_list(c))
		return cannot_write();
	return c->failed + c->bad > 0 ? EXIT_PART : EXIT_DONE;
}

int cmd_vuln(int argc, char **argv)
{
	static struct vuln_cmd c = { .format = "text", .max_age_text = "7d" };
	const struct opt table[] = {
		{ "host", OPT_FLAG, &c.host, NULL, MSG_ID("the packages of this host") },
		{ "packages", OPT_MANY, &c.packages, "FILE",
		  MSG_ID("a list of packages: dpkg's status file or status.d, apk's installed") },
		{ "sbom", OPT_MANY, &c.sboms, "FILE",
		  MSG_ID("a bill of materials: CycloneDX or SPDX 2, in JSON") },
		{ "distro", OPT_TEXT, &c.distro, "Debian:12",
		  MSG_ID("the system they are of, where the list does not tell") },
		{ "feed", OPT_MANY, &c.feeds, "PATH",
		  MSG_ID("advisories to hold them against: OSV, CVE JSON 5, KEV, OVAL; a file, a folder, an "
			 "archive") },
		{ "max-age", OPT_TEXT, &c.max_age_text, "7d",
		  MSG_ID("how old the newest date of a feed may be") },
		{ "format", OPT_CHOICE, &c.format, "text|jsonl|csv", MSG_ID("form of the output") },
	};
	const struct opts o = {
		"vuln",
		"| cmp [FILE...|-]",
		MSG_ID("List the packages of this host, of package lists and of bills of materials; "
		       "with --feed say what advisories say of them: a row a package and CVE, "
		       "affected, fixed or not assessed and why, and at the end what was looked at. "
		       "What old data calls fixed is not assessed. \"canh vuln cmp\" compares "
		       "versions."),
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
	c.now = time_now();
	if (!time_parse_span(str_of(c.max_age_text), &c.max_age)) {
		fprintf(stderr, "%s", msg(MSG_ID("canh: --max-age wants a time as 7d or 48h\n")));
		return EXIT_USAGE;
	}
	c.form = strcmp(c.format, "jsonl") == 0 ? VULN_JSONL
		 : strcmp(c.format, "csv") == 0 ? VULN_CSV
						: VULN_TEXT;
	return run(&c);
}
