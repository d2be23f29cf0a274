/* SPDX-License-Identifier: Apache-2.0 */
/* vuln_packages.c - the assets of `canh vuln`: this host, package lists, SBOMs. */
#include "base/file.h"
#include "base/msg.h"
#include "cmd/tell.h"
#include "cmd/vuln_int.h"
#include "vuln/purl.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const vuln_host_lists[VULN_HOST_LISTS] = {
	"/var/lib/dpkg/status",
	"/var/lib/dpkg/status.d",
	"/lib/apk/db/installed",
};

#define LIST_MAX ((size_t)256 << 20)

static void bad_place(void *ctx, uint64_t place, const struct err *why)
{
	const struct vuln_cmd *c = ctx;
	char what[4096];

	snprintf(what, sizeof what, "%s:%llu", c->path, (unsigned long long)place);
	tell_fault(what, why);
}

static bool read_list(struct vuln_cmd *c, struct err *why)
{
	const struct inventory_ask ask = { c->in_folder, c->distro_now, bad_place, c };
	struct str text;

	return file_load_given(&c->a, c->path, LIST_MAX, &text, why) &&
	       inventory_read(&c->at_hand->inventory, &c->a, text, &ask, why);
}

static bool read_file(void *ctx, const char *path, const char *name)
{
	struct vuln_cmd *c = ctx;
	struct err why = { 0 };

	if (c->in_folder && str_ends(str_of(name), STR(".md5sums")))
		return true; /* of status.d: digests of what a package holds */
	c->path = path;
	c->files++;
	if (!read_list(c, &why)) {
		c->failed++;
		tell_fault(path, &why);
	}
	return true;
}

static void bad_file(void *ctx, const char *path, const struct err *why)
{
	struct vuln_cmd *c = ctx;

	c->files++;
	c->failed++;
	tell_fault(path, why);
}

static bool begin_asset(struct vuln_cmd *c, const char *name)
{
	struct vuln_asset *asset = NEW(&c->a, struct vuln_asset, 1);
	struct str kept = arena_str(&c->a, str_of(name));

	if (asset == NULL || kept.p == NULL)
		return false;
	asset->name = kept;
	if (c->last == NULL)
		c->first = asset;
	else
		c->last->next = asset;
	c->last = c->at_hand = asset;
	return true;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static void read_asset(struct vuln_cmd *c, const char *name, const char *path)
{
	c->in_folder = is_folder(path);
	if (c->in_folder)
		file_walk(path, &(struct walk){ read_file, bad_file, c });
	else
		read_file(c, path, name);
}

/* What this host has of these. */
static void read_host(struct vuln_cmd *c)
{
	char name[256] = "";
	struct str text;
	size_t before = c->files;

	if (gethostname(name, sizeof name - 1) != 0 || !begin_asset(c, name))
		return;
	if (c->distro == NULL && file_load_given(&c->a, VULN_OS_RELEASE, LIST_MAX, &text, NULL))
		c->distro_now = distro_of_os_release(&c->a, text);
	for (size_t i = 0; i < VULN_HOST_LISTS; i++)
		if (access(vuln_host_lists[i], F_OK) == 0)
			read_asset(c, vuln_host_lists[i], vuln_host_lists[i]);
	if (c->files > before)
		return;
	c->files++;
	c->failed++;
	fprintf(stderr, "%s", msg(MSG_ID("this host has no list of packages of dpkg or apk\n")));
}

static void read_given(struct vuln_cmd *c, const struct opt_list *given)
{
	for (size_t i = 0; i < given->n; i++)
		if (begin_asset(c, given->v[i]))
			read_asset(c, given->v[i], given->v[i]);
}

void vuln_packages_read(struct vuln_cmd *c)
{
	c->distro_now = str_of(c->distro == NULL ? "" : c->distro);
	read_given(c, &c->packages);
	read_given(c, &c->sboms);
	if (c->host)
		read_host(c);
}
