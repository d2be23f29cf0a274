/* SPDX-License-Identifier: Apache-2.0 */
/* evtx_make.h - event logs of our own making, for tests and as seeds of fuzzers. */
#ifndef EVENT_EVTX_MAKE_H
#define EVENT_EVTX_MAKE_H

#include "base/inflate.h"
#include "base/num.h"
#include "base/str.h"
#include "event/evtx.h"

enum { MAKE_NAMES = 64, MAKE_VALUES = 64, MAKE_DEPTH = 80 };
#define MAKE_TIME UINT64_C(133000000000000001) /* 2022-06-18T04:26:40.0000001Z */

struct make_value {
	uint8_t type;
	struct str bytes;
};

/* A chunk that is being written. */
struct make {
	unsigned char b[EVTX_CHUNK_BYTES];
	uint32_t n, record, last, id;
	uint32_t body;   /* where the size of the template's body is put */
	bool dependency; /* within a template */
	bool start;      /* of an element: its tag is open */
	uint32_t attrs;  /* where the size of the attributes is put, 0 without */
	uint32_t element[MAKE_DEPTH], depth;
	struct {
		struct str name;
		uint32_t at;
	} name[MAKE_NAMES];
	uint32_t names;
};

UNUSED static void make_bytes(struct make *m, struct str s)
{
	memcpy(m->b + m->n, s.p, s.n);
	m->n += (uint32_t)s.n;
}

UNUSED static void make_int(struct make *m, uint64_t v, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes; i++)
		m->b[m->n++] = (unsigned char)(v >> (8 * i));
}

/* ASCII as UTF-16. */
UNUSED static void make_wide(struct make *m, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		make_int(m, (unsigned char)s.p[i], 2);
}

/* The offset of a name, and the name itself the first time. */
UNUSED static void make_name(struct make *m, struct str name)
{
	for (uint32_t i = 0; i < m->names; i++)
		if (str_eq(m->name[i].name, name)) {
			make_int(m, m->name[i].at, 4);
			return;
		}
	m->name[m->names].name = name;
	m->name[m->names++].at = m->n + 4;
	make_int(m, m->n + 4, 4);
	make_int(m, 0, 4);
	make_int(m, 0, 2);
	make_int(m, name.n, 2);
	make_wide(m, name);
	make_int(m, 0, 2);
}

UNUSED static void make_begin(struct make *m)
{
	memset(m, 0, sizeof *m);
	m->n = 512;
	m->id = 1;
}

UNUSED static void make_record(struct make *m)
{
	m->record = m->last = m->n;
	make_bytes(m, STR("**\0\0\0\0\0\0"));
	make_int(m, m->id++, 8);
	make_int(m, MAKE_TIME, 8);
	make_bytes(m, STR("\x0f\x01\x01\x00"));
}

UNUSED static void make_record_end(struct make *m)
{
	make_int(m, 0, 1);
	while (m->n % 8 != 4)
		make_int(m, 0, 1);
	store_le32(m->b + m->record + 4, m->n + 4 - m->record);
	make_int(m, m->n + 4 - m->record, 4);
}

/* The header, with its checksums. */
UNUSED static void make_end(struct make *m)
{
	memcpy(m->b, "ElfChnk", 8);
	store_le64(m->b + 8, 1);
	store_le64(m->b + 16, m->id - 1);
	store_le64(m->b + 24, 1);
	store_le64(m->b + 32, m->id - 1);
	store_le32(m->b + 40, 128);
	store_le32(m->b + 44, m->last);
	store_le32(m->b + 48, m->n);
	store_le32(m->b + 52, inflate_crc32(0, (struct str){ (char *)m->b + 512, m->n - 512 }));
	uint32_t crc = inflate_crc32(0, (struct str){ (char *)m->b, 120 });

	store_le32(m->b + 124, inflate_crc32(crc, (struct str){ (char *)m->b + 128, 384 }));
}

/* The header of a file. */
UNUSED static void make_file(unsigned char out[EVTX_HEAD_BYTES], uint16_t chunks)
{
	memset(out, 0, EVTX_HEAD_BYTES);
	memcpy(out, "ElfFile", 8);
	store_le32(out + 32, 128);
	out[36] = 1;
	out[38] = 3;
	out[41] = 0x10;
	out[42] = (unsigned char)(chunks & 0xff);
	store_le32(out + 124, inflate_crc32(0, (struct str){ (char *)out, 120 }));
}

#endif
