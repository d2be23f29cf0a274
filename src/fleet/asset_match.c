/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/asset_match.h"

#include "base/utf8.h"

/* A dot parts host and domain, unless the name is an address or words. */
static size_t host_end(struct str name)
{
	size_t dot = str_find_char(name, '.');
	bool digits = true;

	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == ' ' || name.p[i] == ':')
			return name.n;
		digits = digits && (ascii_digit(name.p[i]) || name.p[i] == '.');
	}
	return digits || dot == 0 || dot + 1 >= name.n ? name.n : dot;
}

void asset_key_name(struct arena *a, struct str name, struct str *host, struct str *domain)
{
	struct str folded = utf8_fold_case(a, name);
	size_t end = host_end(folded);

	*host = str_sub(folded, 0, end);
	*domain = str_skip(folded, end + 1);
}

/* The nearest so far. */
struct best {
	char id[UUID_MAX];
	int score;
	bool tie;
};

/* Both have a name, and these are two. A domain that only one of them tells parts nothing. */
static bool names_differ(const struct asset_key *key, struct str host, struct str domain,
			 bool named)
{
	if (!key->named || !named)
		return false;
	return !str_eq(key->host, host) ||
	       (key->domain.n > 0 && domain.n > 0 && !str_eq(key->domain, domain));
}

static void weigh(struct best *best, struct db_rows *r, const struct asset_key *key, bool by_name)
{
	struct str host = db_text(r, 1), domain = db_text(r, 2), unit = db_text(r, 4);
	bool named = db_int(r, 3), unit_told = db_int(r, 5);
	bool same_name = by_name && str_eq(domain, key->domain);
	/* one that no unit was told for is the nearest to a row of none, where the names are the same */
	bool same_unit = key->unit == NULL ? same_name && !unit_told
					   : str_eq(unit, str_of(key->unit));
	int score = (same_name ? 2 : 0) + (same_unit ? 1 : 0);

	if (names_differ(key, host, domain, named) || (by_name && named != key->named))
		return;
	if (key->unit != NULL && unit_told && !same_unit)
		return;
	if (score == best->score && best->id[0] != '\0' && !str_eq(str_of(best->id), db_text(r, 0)))
		best->tie = true;
	if (score <= best->score && best->id[0] != '\0')
		return;
	best->score = score;
	best->tie = false;
	db_put(r, 0, best->id, sizeof best->id);
}

static bool by_name(struct db *db, const struct scope *scope, const struct asset_key *key,
		    struct best *best, struct err *why)
{
	struct db_rows *r = db_query(db,
				     "SELECT id, host, domain, named, unit, unit_told FROM assets"
				     " WHERE host = $1 AND " IN_SCOPE("unit", "site", "$2", "$3"),
				     DB_VALS(V_TEXT(key->host), SCOPE_VALS(scope)), why);

	while (db_next(r))
		weigh(best, r, key, true);
	return db_end(r, why);
}

/* More have one: it is a placeholder, or that of a dock, and tells nothing. */
enum { MAC_OWNERS_MAX = 32 };

static bool by_mac(struct db *db, const struct scope *scope, const struct asset_key *key,
		   struct str mac, struct best *best, struct err *why)
{
	int n = 0;
	struct db_rows *r = db_query(
		db,
		"SELECT DISTINCT a.id, a.host, a.domain, a.named, a.unit, a.unit_told FROM assets a"
		" JOIN asset_facts f ON f.asset = a.id WHERE f.fact = 'mac' AND f.value = $1"
		" AND f.ended IS NULL AND " IN_SCOPE("a.unit", "a.site", "$2", "$3") " LIMIT $4",
		DB_VALS(V_TEXT(mac), SCOPE_VALS(scope), V_INT(MAC_OWNERS_MAX + 1)), why);

	for (; db_next(r); n++)
		weigh(best, r, key, false);
	best->tie = best->tie || n > MAC_OWNERS_MAX;
	return db_end(r, why);
}

static bool by_macs(struct db *db, const struct scope *scope, const struct asset_key *key,
		    const struct asset_told *told, struct best *best, struct err *why)
{
	for (size_t i = 0; i < told->n; i++)
		if (told->fact[i].fact == FACT_MAC &&
		    !by_mac(db, scope, key, told->fact[i].value, best, why))
			return false;
	return true;
}

bool asset_match(struct db *db, const struct scope *scope, const struct asset_key *key,
		 const struct asset_told *told, char id[UUID_MAX], struct err *why)
{
	/* the second way where the first leaves none, or several: else each import would add another */
	for (int way = 0; way < 2; way++) {
		struct best best = { .score = -1 };

		if (!(key->named == (way == 0) ? by_name(db, scope, key, &best, why)
					       : by_macs(db, scope, key, told, &best, why)))
			return false;
		memcpy(id, best.tie ? "" : best.id, best.tie ? 1 : UUID_MAX);
		if (id[0] != '\0')
			break;
	}
	return true;
}
