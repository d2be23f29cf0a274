/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone.c - time zones from TZif files (RFC 8536), 64-bit data block, and fixed offsets.
 *
 * After the last transition the last offset holds: POSIX footers are not read, since zone files
 * carry transitions to 2037. Invariant: at[] ascends; n_at <= ZONE_MAX.
 */
#include "base/time.h"

#include "base/file.h"
#include "base/num.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

enum { ZONE_MAX = 2000, ZONE_FILE_MAX = 1 << 16, TZIF_HEADER = 44 };

struct zone {
	size_t n_at;
	int first;            /* offset before the first transition */
	int64_t at[ZONE_MAX]; /* seconds UTC */
	int offset[ZONE_MAX]; /* seconds east from at[i] on */
};

struct tzif {
	uint32_t isutc, isstd, leap, times, types, chars;
};

static bool header(struct str f, struct tzif *out)
{
	if (f.n < TZIF_HEADER || memcmp(f.p, "TZif", 4) != 0)
		return false;
	*out = (struct tzif){ load_be32(f.p + 20), load_be32(f.p + 24), load_be32(f.p + 28),
			      load_be32(f.p + 32), load_be32(f.p + 36), load_be32(f.p + 40) };
	return out->times <= ZONE_MAX && out->types >= 1 && out->types <= 256 &&
	       out->chars < 4096 && out->leap < 4096 && out->isstd <= 256 && out->isutc <= 256;
}

/* The 64-bit block: times[8], indices[1], types[6]. */
static bool read_block(struct str body, const struct tzif *h, struct zone *z)
{
	size_t idx = (size_t)h->times * 8, types = idx + h->times;

	if (body.n < types + (size_t)h->types * 6)
		return false;
	z->first = (int32_t)load_be32(body.p + types);
	for (uint32_t i = 0; i < h->times; i++) {
		uint8_t type = (uint8_t)body.p[idx + i];

		z->at[i] = (int64_t)load_be64(body.p + (size_t)i * 8);
		if (type >= h->types || (i > 0 && z->at[i] <= z->at[i - 1]))
			return false;
		z->offset[i] = (int32_t)load_be32(body.p + types + (size_t)type * 6);
	}
	z->n_at = h->times;
	return true;
}

static bool read_tzif(struct str f, struct zone *z)
{
	struct tzif h;

	if (!header(f, &h) || f.p[4] < '2')
		return false;
	size_t skip = TZIF_HEADER + (size_t)h.times * 5 + (size_t)h.types * 6 + h.chars +
		      (size_t)h.leap * 8 + h.isstd + h.isutc;
	f = str_skip(f, skip);
	return header(f, &h) && read_block(str_skip(f, TZIF_HEADER), &h, z);
}

/* "+07:00" by way of the RFC 3339 reader. */
static bool fixed(struct str name, struct zone *z)
{
	char text[32];
	int64_t t;
	bool had;

	if (str_eq_nocase(name, STR("UTC")) || str_eq_nocase(name, STR("GMT")))
		return true;
	if (name.n < 3 || name.n > 6 || (name.p[0] != '+' && name.p[0] != '-'))
		return false;
	snprintf(text, sizeof text, "1970-01-01T00:00:00%.*s", STR_ARG(name));
	if (!time_parse_rfc3339(str_of(text), &t, &had) || !had)
		return false;
	z->first = (int)(-t / TIME_SECOND);
	return true;
}

static bool safe_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!ascii_alpha(name.p[i]) && !ascii_digit(name.p[i]) &&
		    strchr("_+-/", name.p[i]) == NULL)
			return false;
	return name.n > 0 && name.n < 64 && name.p[0] != '/';
}

static bool load(struct str name, struct zone *z, struct err *why)
{
	_Thread_local static unsigned char mem[ZONE_FILE_MAX + 4096];
	char path[128];
	struct str file;

	if (fixed(name, z))
		return true;
	if (!safe_name(name))
		return err_set(why, ERR_INPUT, 0, "'%.*s' is not a time zone", STR_ARG(name));
	snprintf(path, sizeof path, "/usr/share/zoneinfo/%.*s", STR_ARG(name));
	struct arena a = { mem, mem + sizeof mem };
	if (!file_load(&a, AT_FDCWD, path, ZONE_FILE_MAX, &file, NULL) || !read_tzif(file, z))
		return err_set(why, ERR_INPUT, 0, "no time zone '%.*s' on this machine",
			       STR_ARG(name));
	return true;
}

struct zone *zone_load(struct str name, struct err *why)
{
	struct zone *z = calloc(1, sizeof *z);

	if (z == NULL) {
		err_set(why, ERR_LIMIT, 0, "no memory");
		return NULL;
	}
	if (!load(name, z, why)) {
		free(z);
		return NULL;
	}
	return z;
}

void zone_free(struct zone *z)
{
	free(z);
}

int zone_offset(const struct zone *z, int64_t t)
{
	int64_t s = t >= 0 ? t / TIME_SECOND : -((-t + TIME_SECOND - 1) / TIME_SECOND);
	size_t lo = 0, hi;

	if (z == NULL)
		return 0;
	hi = z->n_at;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (z->at[mid] <= s)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo == 0 ? z->first : z->offset[lo - 1];
}

int64_t zone_to_utc(const struct zone *z, const struct civil *local)
{
	int64_t as_utc = time_from_civil(local);
	/* Try the offset in force a day earlier first: of two readings it gives the earlier. */
	int before = zone_offset(z, as_utc - TIME_DAY), after = zone_offset(z, as_utc + TIME_DAY);
	int64_t t = as_utc - before * TIME_SECOND;

	if (zone_offset(z, t) == before)
		return t;
	return as_utc - after * TIME_SECOND;
}
