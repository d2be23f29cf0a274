/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules_coverage.c - `canh rules coverage`: techniques by their tags "attack.t1059.001", scored by how many
 * rules there are, as a layer that the ATT&CK Navigator opens.
 */
#include "base/jsonw.h"
#include "cmd/attack.h"
#include "cmd/rules_int.h"

#include <stdio.h>
#include <stdlib.h>

enum { NAMED_MAX = 8 };

struct scored {
	char id[ATTACK_ID_MAX + 1];
	uint32_t rules;
	uint32_t named[NAMED_MAX]; /* the first of them */
};

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct scored *)a)->id, ((const struct scored *)b)->id);
}

static void count(struct scored *all, size_t *n, const char *id, uint32_t rule)
{
	size_t i = 0;

	while (i < *n && strcmp(all[i].id, id) != 0)
		i++;
	if (i == *n) {
		memset(&all[i], 0, sizeof all[i]);
		memcpy(all[i].id, id, strlen(id) + 1);
		++*n;
	}
	if (all[i].rules < NAMED_MAX)
		all[i].named[all[i].rules] = rule;
	all[i].rules++;
}

static void put_technique(const struct rule_set *rs, const struct scored *t, struct jsonw *w)
{
	char more[32];

	jsonw_open(w, '{');
	jsonw_kv_str(w, "techniqueID", str_of(t->id));
	jsonw_kv_int(w, "score", t->rules);
	jsonw_kv_bool(w, "enabled", true);
	jsonw_key(w, "metadata");
	jsonw_open(w, '[');
	for (uint32_t i = 0; i < t->rules && i < NAMED_MAX; i++) {
		jsonw_open(w, '{');
		jsonw_kv_str(w, "name", str_of(msg(MSG_ID("rule"))));
		jsonw_kv_str(w, "value", rule_set_at(rs, t->named[i])->title);
		jsonw_close(w, '}');
	}
	if (t->rules > NAMED_MAX) {
		int n = snprintf(more, sizeof more, "+%u", t->rules - NAMED_MAX);

		jsonw_open(w, '{');
		jsonw_kv_str(w, "name", str_of(msg(MSG_ID("rule"))));
		jsonw_kv_str(w, "value", (struct str){ more, (size_t)n });
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

static void put_head(struct jsonw *w)
{
	jsonw_kv_str(w, "name", STR("canh"));
	jsonw_key(w, "versions");
	jsonw_open(w, '{');
	jsonw_kv_str(w, "layer", STR("4.5"));
	jsonw_kv_str(w, "navigator", STR("5.1.0"));
	jsonw_close(w, '}');
	jsonw_kv_str(w, "domain", STR("enterprise-attack"));
	jsonw_kv_str(
		w, "description",
		str_of(msg(MSG_ID(
			"rules that canh loads, by technique; a technique without a rule is not "
			"covered"))));
}

void rules_coverage(const struct rule_set *rs, struct buf *out)
{
	struct jsonw w = { .out = out };
	size_t n = 0, room = 0;
	uint32_t most = 1;
	char id[ATTACK_ID_MAX + 1];

	for (size_t i = 0; i < rule_set_count(rs); i++)
		room += rule_set_at(rs, i)->n_tags;
	struct scored *all = calloc(room + 1, sizeof *all);
	if (all == NULL)
		return;
	for (size_t i = 0; i < rule_set_count(rs); i++)
		for (size_t k = 0; k < rule_set_at(rs, i)->n_tags; k++)
			if (attack_id(rule_set_at(rs, i)->tags[k], id))
				count(all, &n, id, (uint32_t)i);
	qsort(all, n, sizeof *all, by_id);
	jsonw_open(&w, '{');
	put_head(&w);
	jsonw_key(&w, "techniques");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < n; i++) {
		most = all[i].rules > most ? all[i].rules : most;
		put_technique(rs, &all[i], &w);
	}
	jsonw_close(&w, ']');
	jsonw_key(&w, "gradient");
	jsonw_open(&w, '{');
	jsonw_key(&w, "colors");
	jsonw_open(&w, '[');
	jsonw_str(&w, STR("#dbeafe"));
	jsonw_str(&w, STR("#1d4ed8"));
	jsonw_close(&w, ']');
	jsonw_kv_int(&w, "minValue", 0);
	jsonw_kv_int(&w, "maxValue", most);
	jsonw_close(&w, '}');
	jsonw_close(&w, '}');
	buf_char(out, '\n');
	free(all);
}
