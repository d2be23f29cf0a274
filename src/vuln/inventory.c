/* SPDX-License-Identifier: Apache-2.0 */
#include "vuln/inventory.h"

#include "vuln/apk.h"
#include "vuln/dpkg.h"
#include "vuln/sbom.h"

struct taking {
	struct inventory *inv;
	struct arena *a;
	const struct inventory_ask *ask;
	bool full;
};

static bool take(void *ctx, const struct package *p)
{
	struct taking *t = ctx;
	struct package *kept = t->inv->n < INVENTORY_MAX ? NEW(t->a, struct package, 1) : NULL;

	if (kept == NULL) {
		t->full = true;
		return false;
	}
	*kept = *p;
	kept->next = NULL;
	if (kept->distro.n == 0)
		kept->distro = t->ask->distro;
	if (t->inv->last == NULL)
		t->inv->first = kept;
	else
		t->inv->last->next = kept;
	t->inv->last = kept;
	t->inv->n++;
	t->inv->partial += kept->partial;
	return true;
}

static void pass_over(void *ctx, uint64_t place, const struct err *why)
{
	struct taking *t = ctx;

	t->inv->bad++;
	t->ask->bad(t->ask->ctx, place, why);
}

enum list { DPKG, APK, SBOM, OTHER };

static enum list list_of(struct str text)
{
	struct str head = str_trim(text), line;

	if (str_starts(head, STR("\xef\xbb\xbf")))
		head = str_skip(head, 3);
	if (str_starts(head, STR("{")))
		return SBOM;
	if (!str_line(&head, &line))
		return OTHER;
	if (line.n > 1 && line.p[1] == ':' && ascii_alpha(line.p[0]))
		return APK;
	size_t colon = str_find_char(line, ':');
	if (colon == 0 || colon == line.n)
		return OTHER;
	for (size_t i = 0; i < colon; i++)
		if (!ascii_alpha(line.p[i]) && !ascii_digit(line.p[i]) && line.p[i] != '-')
			return OTHER;
	return DPKG;
}

bool inventory_read(struct inventory *inv, struct arena *a, struct str text,
		    const struct inventory_ask *ask, struct err *why)
{
	struct taking t = { inv, a, ask, false };
	const struct package_sink sink = { take, pass_over, &t };
	bool ok = false;

	if (str_trim(text).n == 0)
		return err_set(why, ERR_INPUT, 0, "it is empty");
	switch (list_of(text)) {
	case DPKG:
		ok = dpkg_read(text, ask->in_folder, &sink);
		break;
	case APK:
		ok = apk_read(text, &sink);
		break;
	case SBOM:
		ok = sbom_read(a, text, &sink, why);
		break;
	case OTHER:
		return err_set(why, ERR_INPUT, 0,
			       "neither a list of dpkg or apk nor CycloneDX or SPDX in JSON");
	}
	if (t.full)
		return err_set(why, ERR_LIMIT, 0, "too many packages");
	return ok;
}
