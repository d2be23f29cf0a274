/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/witness_look.h"

#include "base/buf.h"
#include "base/jsonw.h"
#include "base/test.h"
#include "base/time.h"

#include <stdio.h>

static struct merkle_hash nodes[8][64];

static bool node(void *ctx, int level, uint64_t place, struct merkle_hash *out, struct err *why)
{
	(void)ctx, (void)why;
	*out = nodes[level][place];
	return true;
}

static const struct merkle_store store = { node, NULL };

/* A ledger of 40 entries; `other` differs in entry 3. */
static void grow(bool other)
{
	for (size_t i = 0; i < 64; i++) {
		char text[16];

		snprintf(text, sizeof text, "%zu%s", i, other && i == 3 ? "x" : "");
		merkle_leaf(str_of(text), &nodes[0][i]);
	}
	for (int level = 1; level < 7; level++)
		for (size_t i = 0; i < 64U >> level; i++)
			merkle_node(&nodes[level - 1][2 * i], &nodes[level - 1][2 * i + 1],
				    &nodes[level][i]);
}

static struct crypt_pair ours, theirs;

static struct head head_of(uint64_t size, const struct crypt_pair *pair)
{
	struct head h = { .size = (int64_t)size, .signed_at = 1700000000 * TIME_SECOND };

	CHECK("root", merkle_root(&store, size, &h.root, NULL));
	head_sign(&h, pair);
	return h;
}

struct answer {
	uint64_t from, size; /* size 0: no head */
	int64_t skew_s, disk, least;
	const struct crypt_pair *pair;
	bool down, broken;
};

static enum witness_state judged(const struct answer *a, const struct head *held, bool *grown)
{
	struct buf b = BUF(1 << 16);
	struct jsonw w = { .out = &b };
	struct merkle_proof p = { 0 };
	int64_t now = 1700000000 * TIME_SECOND;
	char text[HEAD_TEXT_MAX], hex[HASH_HEX_MAX];
	struct witness_seen seen;

	jsonw_open(&w, '{');
	jsonw_kv_time(&w, "now", now + a->skew_s * TIME_SECOND);
	if (a->size > 0) {
		struct head h = head_of(a->size, a->pair);

		if (a->broken)
			h.signature[3] ^= 1;
		jsonw_kv_str(&w, "head", str_of(head_text(&h, text)));
		if (a->from > 0 && a->from <= a->size)
			CHECK("proof", merkle_prove_growth(&store, a->from, a->size, &p, NULL));
		jsonw_key(&w, "growth");
		jsonw_open(&w, '[');
		for (size_t i = 0; i < p.n; i++)
			jsonw_str(&w, str_of(hash_hex(p.hash[i].b, sizeof p.hash[i].b, hex)));
		jsonw_close(&w, ']');
	}
	jsonw_kv_int(&w, "disk_free_bytes", a->disk);
	jsonw_kv_int(&w, "disk_least_bytes", a->least);
	jsonw_key(&w, "down");
	jsonw_open(&w, '[');
	if (a->down)
		jsonw_str(&w, STR("watch"));
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	witness_judge(buf_str(&b), held, now, 10 * TIME_SECOND, &seen);
	*grown = seen.grown;
	buf_free(&b);
	return seen.state;
}

static const struct {
	const char *name;
	struct answer a;
	bool rewrite; /* between the head held and the answer */
	enum witness_state state;
	bool grown;
} cases[] = {
	{ "grown", { .from = 20, .size = 33, .pair = &ours }, false, WITNESS_WELL, true },
	{ "the same", { .from = 20, .size = 20, .pair = &ours }, false, WITNESS_WELL, false },
	{ "another past",
	  { .from = 20, .size = 33, .pair = &ours },
	  true,
	  WITNESS_REWRITTEN,
	  false },
	{ "another past, same size",
	  { .from = 20, .size = 20, .pair = &ours },
	  true,
	  WITNESS_REWRITTEN,
	  false },
	{ "cut", { .from = 20, .size = 19, .pair = &ours }, false, WITNESS_REWRITTEN, false },
	{ "no proof", { .from = 0, .size = 33, .pair = &ours }, false, WITNESS_REWRITTEN, false },
	{ "no head any more", { .size = 0 }, false, WITNESS_REWRITTEN, false },
	{ "another key",
	  { .from = 20, .size = 33, .pair = &theirs },
	  false,
	  WITNESS_FOREIGN,
	  false },
	{ "a broken signature",
	  { .from = 20, .size = 33, .pair = &ours, .broken = true },
	  false,
	  WITNESS_FOREIGN,
	  false },
	{ "fast",
	  { .from = 20, .size = 20, .pair = &ours, .skew_s = 11 },
	  false,
	  WITNESS_CLOCK,
	  false },
	{ "slow",
	  { .from = 20, .size = 20, .pair = &ours, .skew_s = -11 },
	  false,
	  WITNESS_CLOCK,
	  false },
	{ "a little fast",
	  { .from = 20, .size = 20, .pair = &ours, .skew_s = 10 },
	  false,
	  WITNESS_WELL,
	  false },
	{ "no room",
	  { .from = 20, .size = 20, .pair = &ours, .disk = 9, .least = 10 },
	  false,
	  WITNESS_DISK,
	  false },
	{ "a process down",
	  { .from = 20, .size = 20, .pair = &ours, .down = true },
	  false,
	  WITNESS_DOWN,
	  false },
	{ "the past goes before the clock",
	  { .from = 20, .size = 33, .pair = &ours, .skew_s = 99 },
	  true,
	  WITNESS_REWRITTEN,
	  false },
};

static void first_look(void)
{
	struct answer a = { .size = 5, .pair = &ours };
	bool grown;

	CHECK("the first head is taken", judged(&a, NULL, &grown) == WITNESS_WELL && grown);
	a.size = 0;
	CHECK("none yet", judged(&a, NULL, &grown) == WITNESS_WELL && !grown);
}

static void nonsense(void)
{
	static const char *const bodies[] = { "",
					      "{}",
					      "[]",
					      "{\"now\":1}",
					      "{\"now\":\"x\"}",
					      "{\"now\":\"2023-11-14T22:13:20Z\",\"head\":\"x\"}",
					      "<html>" };
	struct witness_seen seen;

	for (size_t i = 0; i < COUNT(bodies); i++) {
		witness_judge(str_of(bodies[i]), NULL, 1700000000 * TIME_SECOND, TIME_SECOND,
			      &seen);
		CHECK(bodies[i], seen.state == WITNESS_FOREIGN && !seen.grown);
	}
}

int main(void)
{
	if (!crypt_init(NULL))
		return 1;
	crypt_pair_new(&ours);
	crypt_pair_new(&theirs);
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool grown;

		grow(false);
		struct head held = head_of(20, &ours);

		grow(cases[i].rewrite);
		CHECK(cases[i].name, judged(&cases[i].a, &held, &grown) == cases[i].state);
		CHECK(cases[i].name, grown == cases[i].grown);
	}
	grow(false);
	first_look();
	nonsense();
	return TEST_REPORT();
}
