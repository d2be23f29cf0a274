/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evtx_chunk.c - the file header, a chunk, its records.
 *
 *   chunk   0 "ElfChnk\0"  8 first, last record number; first, last id  40 size of this header
 *          44 where the last record stands  48 where the free space begins  52 CRC32 of the records
 *         120 flags  124 CRC32 of bytes 0..119 and 128..511  128 name table  384 template table
 *         512 records
 *   record  0 "**\0\0"  4 size  8 id  16 FILETIME  24 binary XML  size-4 size again
 *
 * Records are told by their signature and their two sizes; the offsets of the header are believed only
 * where records stand there, and the tables not at all.
 */
#include "base/crypt.h"
#include "base/inflate.h"
#include "base/num.h"
#include "event/evtx_int.h"

#include "base/ansi.h"

#include <stdlib.h>

enum {
	CHUNK_HEAD = 512,
	RECORD_MIN = 28,
	FIRST_ID_AT = 24,
	FREE_AT = 48,
	RECORDS_CRC_AT = 52,
	FLAGS_AT = 120,
	HEAD_CRC_AT = 124,
	NO_CRC = 1 << 2,
	FILE_CRC_AT = 124,
	ALIGN = 8,
	RECORDS_MAX = (EVTX_CHUNK_BYTES - CHUNK_HEAD) / RECORD_MIN
};

static const struct str file_magic = STR("ElfFile\0"), chunk_magic = STR("ElfChnk\0"),
			record_magic = STR("**\0\0");

bool evtx_known(struct str head)
{
	return str_starts(head, file_magic);
}

bool evtx_head_parse(struct str bytes, struct evtx_head *out, struct err *why)
{
	const char *p = bytes.p;

	if (bytes.n < 128 || !evtx_known(bytes))
		return err_set(why, ERR_INPUT, 0, "no header of EVTX");
	*out = (struct evtx_head){
		.next_record = load_le64(p + 24),
		.minor = load_le16(p + 36),
		.major = load_le16(p + 38),
		.chunks = load_le16(p + 42),
		.dirty = (load_le32(p + 120) & 1) != 0,
		.full = (load_le32(p + 120) & 2) != 0,
		.crc_wrong = load_le32(p + FILE_CRC_AT) != inflate_crc32(0, (struct str){ p, 120 }),
	};
	return true;
}

struct evtx *evtx_new(void)
{
	struct evtx *e = calloc(1, sizeof *e);

	if (e == NULL)
		return NULL;
	if (!arena_reserve(&e->whole, EVTX_MEMORY) || !arena_reserve(&e->text_whole, EVTX_JOINED)) {
		evtx_free(e);
		return NULL;
	}
	e->mem = e->whole;
	e->ansi = ansi_page(1252);
	crypt_random(&e->seed, sizeof e->seed);
	return e;
}

void evtx_free(struct evtx *e)
{
	if (e == NULL)
		return;
	arena_release(e->whole);
	arena_release(e->text_whole);
	free(e);
}

bool evtx_code_page(struct evtx *e, unsigned page)
{
	const unsigned short *table = ansi_page(page);

	if (table != NULL)
		e->ansi = table;
	return table != NULL;
}

uint32_t evtx_names_epoch(const struct evtx *e)
{
	return e->names_epoch;
}

uint64_t evtx_names_id(const struct evtx *e)
{
	return e->seed + e->names_epoch;
}

struct evtx_counts evtx_counts(const struct evtx *e)
{
	return e->counts;
}

/* All names and templates; what a chunk needs must fit anew. */
static void forget(struct evtx *e)
{
	e->mem = e->whole;
	e->names = 0;
	e->names_epoch++;
	memset(e->bucket, 0, sizeof e->bucket);
	memset(e->name_bucket, 0, sizeof e->name_bucket);
}

static bool crc_holds(struct str c, uint32_t end)
{
	if ((load_le32(c.p + FLAGS_AT) & NO_CRC) != 0)
		return true;
	uint32_t head = inflate_crc32(0, str_sub(c, 0, 120));

	head = inflate_crc32(head, str_sub(c, 128, CHUNK_HEAD));
	return head == load_le32(c.p + HEAD_CRC_AT) &&
	       inflate_crc32(0, str_sub(c, CHUNK_HEAD, end)) == load_le32(c.p + RECORDS_CRC_AT);
}

bool evtx_chunk(struct evtx *e, struct str chunk, struct err *why)
{
	if (chunk.n < CHUNK_HEAD || !str_starts(chunk, chunk_magic))
		return err_set(why, ERR_INPUT, 0, "no chunk of EVTX");
	chunk = str_sub(chunk, 0, EVTX_CHUNK_BYTES);
	uint32_t end = load_le32(chunk.p + FREE_AT);
	bool cut = end < CHUNK_HEAD || end > chunk.n;

	if ((size_t)(e->mem.end - e->mem.beg) < EVTX_MEMORY_LOW)
		forget(e);
	e->chunk = chunk;
	e->epoch++;
	e->at = CHUNK_HEAD;
	e->end = cut ? (uint32_t)chunk.n : end;
	e->last_id = load_le64(chunk.p + FIRST_ID_AT);
	e->last_id -= e->last_id > 0;
	e->slack = false;
	e->bodies_left = EVTX_BODIES;
	e->unverified = cut || !crc_holds(chunk, end);
	e->counts.chunks++;
	e->counts.unverified += e->unverified;
	return true;
}

/* The record at `at` by its two sizes, whole within `end`; 0: there is none. */
static uint32_t record_at(const struct evtx *e, uint32_t at, uint32_t end)
{
	struct str rest = str_sub(e->chunk, at, end);

	if (rest.n < RECORD_MIN || !str_starts(rest, record_magic))
		return 0;
	uint32_t n = load_le32(rest.p + 4);

	return n >= RECORD_MIN && n <= rest.n && load_le32(rest.p + n - 4) == n ? n : 0;
}

/* The same of one whose second size is wrong: it was not written to its end. */
static uint32_t torn_at(const struct evtx *e, uint32_t at)
{
	struct str rest = str_sub(e->chunk, at, e->end);

	if (rest.n < RECORD_MIN || !str_starts(rest, record_magic))
		return 0;
	uint32_t n = load_le32(rest.p + 4);

	return n >= RECORD_MIN && n <= rest.n ? n : 0;
}

/* Does the record at `at` belong behind those before it, by its id? What an older use of the chunk left
 * there does not. */
static bool follows(const struct evtx *e, uint32_t at)
{
	uint64_t id = load_le64(e->chunk.p + at + 8);

	return id > e->last_id && id - e->last_id <= RECORDS_MAX;
}

/* Records go on behind what the header says where the next one by its id stands: it was not closed. */
static bool goes_on(const struct evtx *e)
{
	return record_at(e, e->at, (uint32_t)e->chunk.n) > 0 &&
	       load_le64(e->chunk.p + e->at + 8) == e->last_id + 1;
}

bool evtx_record_of(const struct evtx *e, struct str bytes, struct evtx_record *out)
{
	uint32_t at, end;

	if (!evtx_body(e, bytes, &at, &end))
		return false;
	*out = (struct evtx_record){ .bytes = bytes,
				     .id = load_le64(bytes.p + 8),
				     .written = evtx_filetime(load_le64(bytes.p + 16)),
				     .unverified = e->unverified || e->slack,
				     .carved = e->slack };
	out->torn = load_le32(bytes.p + bytes.n - 4) != bytes.n;
	return true;
}

void evtx_carved(struct evtx *e)
{
	e->slack = true;
}

static void take(struct evtx *e, uint32_t size, struct evtx_record *out)
{
	bool ok = evtx_record_of(e, str_sub(e->chunk, e->at, e->at + size), out);

	assert(ok);
	e->last_id = out->id;
	e->at += size;
}

/* The next place from `at` on where a whole record stands that belongs here, or `end`. */
static uint32_t seek(const struct evtx *e, uint32_t at, uint32_t end)
{
	for (at = (at + ALIGN - 1) & ~(uint32_t)(ALIGN - 1); at < end; at += ALIGN)
		if (record_at(e, at, end) > 0 && (e->slack || follows(e, at)))
			return at;
	return end;
}

/* What stands where no whole record does: one that is torn is given, else the next one is looked for. */
static bool next_damaged(struct evtx *e, struct evtx_record *out)
{
	uint32_t from = e->at, size = torn_at(e, from);

	e->counts.damaged++;
	if (size > 0 && follows(e, from)) {
		take(e, size, out);
		/* its size may be wrong as well */
		e->at = record_at(e, e->at, e->end) > 0 ? e->at : seek(e, from + ALIGN, e->end);
		return true;
	}
	e->at = seek(e, from + ALIGN, e->end);
	size = record_at(e, e->at, e->end);
	if (size > 0)
		take(e, size, out);
	return size > 0;
}

static bool next_carved(struct evtx *e, struct evtx_record *out)
{
	uint32_t end = (uint32_t)e->chunk.n, size;

	e->slack = true;
	e->at = seek(e, e->at, end);
	size = record_at(e, e->at, end);
	if (size > 0)
		take(e, size, out);
	return size > 0;
}

bool evtx_next(struct evtx *e, bool carve, struct evtx_record *out)
{
	uint32_t size = 0;

	if (!e->slack && e->at < e->end) {
		size = record_at(e, e->at, e->end);
		if (size == 0 && next_damaged(e, out))
			return true;
	} else if (!e->slack && goes_on(e)) {
		size = record_at(e, e->at, (uint32_t)e->chunk.n);
	}
	if (size > 0) {
		take(e, size, out);
		return true;
	}
	return carve && next_carved(e, out);
}
