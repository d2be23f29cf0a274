/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evtx_value.c - values as text, in the form that Windows gives them in XML.
 *
 * A value whose length is not that of its type is read by its length where that makes sense, else shown
 * as hexadecimal: nothing is lost, nothing is read beyond it.
 */
#include "base/ansi.h"
#include "base/num.h"
#include "base/time.h"
#include "base/utf8.h"
#include "event/evtx_int.h"

#include <stdio.h>

enum { TEXT_MAX = 256, SID_MAX = 15, SID_HEAD = 8, GUID_LEN = 16, SYSTEMTIME_LEN = 16 };
/* 100 ns since 1601: 1970, and the end of the year 9999 */
#define FILETIME_1970 UINT64_C(116444736000000000)
#define FILETIME_LAST UINT64_C(2650467743999999999)

static const char digits[] = "0123456789abcdef";

/* Decimal, behind a minus where `minus`; returns where it begins in room[0..n). */
static char *put_decimal(char *end, uint64_t v)
{
	do
		*--end = (char)('0' + v % 10);
	while ((v /= 10) > 0);
	return end;
}

static struct str text_decimal(struct arena *a, uint64_t v, bool minus)
{
	char room[24], *p = put_decimal(room + sizeof room, v);

	if (minus)
		*--p = '-';
	return arena_str(a, (struct str){ p, (size_t)(room + sizeof room - p) });
}

static struct str text_hex(struct arena *a, uint64_t v)
{
	char room[24], *p = room + sizeof room;

	do
		*--p = digits[v & 15];
	while ((v >>= 4) > 0);
	*--p = 'x';
	*--p = '0';
	return arena_str(a, (struct str){ p, (size_t)(room + sizeof room - p) });
}

static struct str text_binary(struct arena *a, const unsigned char *p, uint32_t len)
{
	char *out = arena_bytes(a, 2 * (size_t)len + 1);

	for (uint32_t i = 0; out != NULL && i < len; i++) {
		out[2 * (size_t)i] = "0123456789ABCDEF"[p[i] >> 4];
		out[2 * (size_t)i + 1] = "0123456789ABCDEF"[p[i] & 15];
	}
	return (struct str){ out, out == NULL ? 0 : 2 * (size_t)len };
}

/* Of 1, 2, 4 or 8 bytes. */
static uint64_t number(const unsigned char *p, uint32_t len)
{
	switch (len) {
	case 1:
		return p[0];
	case 2:
		return load_le16(p);
	case 4:
		return load_le32(p);
	default:
		return load_le64(p);
	}
}

static bool is_number(uint32_t len)
{
	return len == 1 || len == 2 || len == 4 || len == 8;
}

static struct str text_signed(struct arena *a, const unsigned char *p, uint32_t len)
{
	uint64_t v = number(p, len), sign = UINT64_C(1) << (8 * len - 1);

	if ((v & sign) == 0)
		return text_decimal(a, v, false);
	/* the magnitude, of the lowest number too */
	return text_decimal(a, (~v & (sign - 1)) + 1, true);
}

/* As short as it can be and still be the same number. */
static struct str text_float(struct arena *a, const unsigned char *p, uint32_t len)
{
	char room[40];
	double d = 0, back = 0;
	float f = 0;
	uint32_t bits = (uint32_t)number(p, len);
	uint64_t wide = number(p, len), again = 0;

	if (len == 4) {
		memcpy(&f, &bits, sizeof f);
		d = (double)f;
	} else {
		memcpy(&d, &wide, sizeof d);
	}
	memcpy(&wide, &d, sizeof wide);
	for (int n = 6; n <= (len == 4 ? 9 : 17); n++) {
		snprintf(room, sizeof room, "%.*g", n, d);
		if (!num_parse_double(str_of(room), &back))
			break;
		memcpy(&again, &back, sizeof again);
		if (again == wide)
			break;
	}
	return arena_str(a, str_of(room));
}

static struct str text_guid(struct arena *a, const unsigned char *p)
{
	/* where the bytes stand in the text; the first three numbers are little-endian */
	static const unsigned char order[GUID_LEN] = { 3, 2, 1,  0,  5,  4,  7,  6,
						       8, 9, 10, 11, 12, 13, 14, 15 };
	char room[2 * GUID_LEN + 6], *out = room;

	*out++ = '{';
	for (size_t i = 0; i < GUID_LEN; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*out++ = '-';
		*out++ = digits[p[order[i]] >> 4];
		*out++ = digits[p[order[i]] & 15];
	}
	*out++ = '}';
	return arena_str(a, (struct str){ room, (size_t)(out - room) });
}

/* `width` digits with zeros before; the number must fit. */
static char *put_padded(char *out, unsigned v, int width)
{
	for (int i = width - 1; i >= 0; i--, v /= 10)
		out[i] = (char)('0' + v % 10);
	return out + width;
}

/* "2026-11-22T03:04:05." */
static char *put_civil(char *out, const struct civil *c)
{
	out = put_padded(out, (unsigned)c->year, 4);
	*out++ = '-';
	out = put_padded(out, (unsigned)c->month, 2);
	*out++ = '-';
	out = put_padded(out, (unsigned)c->day, 2);
	*out++ = 'T';
	out = put_padded(out, (unsigned)c->hour, 2);
	*out++ = ':';
	out = put_padded(out, (unsigned)c->minute, 2);
	*out++ = ':';
	out = put_padded(out, (unsigned)c->second, 2);
	*out++ = '.';
	return out;
}

int64_t evtx_filetime(uint64_t ft)
{
	if (ft > FILETIME_LAST)
		return TIME_NONE;
	return ft >= FILETIME_1970 ? (int64_t)((ft - FILETIME_1970) / 10)
				   : -(int64_t)((FILETIME_1970 - ft + 9) / 10);
}

static struct str text_filetime(struct arena *a, uint64_t ft)
{
	char room[TIME_TEXT_MAX], *out = room;

	if (ft > FILETIME_LAST)
		return text_hex(a, ft);
	struct civil c = civil_from_time(evtx_filetime(ft));

	out = put_civil(out, &c);
	out = put_padded(out, (unsigned)c.usec, 6);
	*out++ = (char)('0' + ft % 10);
	*out++ = 'Z';
	return arena_str(a, (struct str){ room, (size_t)(out - room) });
}

static struct str text_systemtime(struct arena *a, const unsigned char *p)
{
	struct civil c = { .year = load_le16(p),
			   .month = load_le16(p + 2),
			   .day = load_le16(p + 6),
			   .hour = load_le16(p + 8),
			   .minute = load_le16(p + 10),
			   .second = load_le16(p + 12) };
	unsigned ms = load_le16(p + 14);
	char room[TIME_TEXT_MAX], *out = room;

	if (!civil_valid(&c) || ms > 999)
		return text_binary(a, p, SYSTEMTIME_LEN);
	out = put_civil(out, &c);
	out = put_padded(out, ms, 3);
	*out++ = 'Z';
	return arena_str(a, (struct str){ room, (size_t)(out - room) });
}

static char *put_number(char *out, uint64_t v)
{
	char room[24], *end = room + sizeof room, *beg = put_decimal(end, v);

	memcpy(out, beg, (size_t)(end - beg));
	return out + (end - beg);
}

static struct str text_sid(struct arena *a, const unsigned char *p, uint32_t len)
{
	char room[TEXT_MAX], *out = room;

	if (len < SID_HEAD || p[1] > SID_MAX || len < SID_HEAD + 4u * p[1])
		return text_binary(a, p, len);
	uint64_t authority = (uint64_t)load_be16(p + 2) << 32 | load_be32(p + 4);

	*out++ = 'S';
	*out++ = '-';
	out = put_number(out, p[0]);
	*out++ = '-';
	if (authority >> 32 > 0)
		out += snprintf(out, 24, "0x%llx", (unsigned long long)authority);
	else
		out = put_number(out, authority);
	for (unsigned i = 0; i < p[1]; i++) {
		*out++ = '-';
		out = put_number(out, load_le32(p + SID_HEAD + 4 * i));
	}
	return arena_str(a, (struct str){ room, (size_t)(out - room) });
}

/* Without the NULs that some writers count in. */
struct str evtx_wide_text(struct arena *a, struct wide_str s)
{
	while (s.n > 0 && s.p[2 * s.n - 2] == 0 && s.p[2 * s.n - 1] == 0)
		s.n--;
	if (s.n == 0)
		return STR("");
	return utf8_from_utf16(a, (struct str){ (const char *)s.p, 2 * (size_t)s.n }, false);
}

static struct str text_ansi(const struct evtx *e, struct arena *a, const unsigned char *p,
			    uint32_t len)
{
	while (len > 0 && p[len - 1] == 0)
		len--;
	struct str s = { (const char *)p, len };

	return len == 0 ? STR("") : ansi_to_utf8(a, s, e->ansi);
}

static struct str text_bool(const unsigned char *p, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++)
		if (p[i] != 0)
			return STR("true");
	return STR("false");
}

/* What has one length and another is not that. */
static struct str text_fixed(struct arena *a, const struct evtx_slot *s)
{
	if (s->type == EVTX_GUID && s->len == GUID_LEN)
		return text_guid(a, s->p);
	if (s->type == EVTX_FILETIME && s->len == 8)
		return text_filetime(a, load_le64(s->p));
	if (s->type == EVTX_SYSTEMTIME && s->len == SYSTEMTIME_LEN)
		return text_systemtime(a, s->p);
	if ((s->type == EVTX_FLOAT || s->type == EVTX_DOUBLE) && (s->len == 4 || s->len == 8))
		return text_float(a, s->p, s->len);
	return text_binary(a, s->p, s->len);
}

struct str evtx_text(const struct evtx *e, const struct evtx_slot *s, struct arena *a)
{
	if (s->len == 0 || s->type == EVTX_NULL)
		return STR("");
	switch (s->type) {
	case EVTX_UTF16:
	case EVTX_XML:
		return evtx_wide_text(a, (struct wide_str){ s->p, s->len / 2 });
	case EVTX_UTF8:
		return (struct str){ (const char *)s->p, s->len };
	case EVTX_ANSI:
		return text_ansi(e, a, s->p, s->len);
	case EVTX_BOOL:
		return text_bool(s->p, s->len);
	case EVTX_SID:
		return text_sid(a, s->p, s->len);
	case EVTX_BINARY:
		return text_binary(a, s->p, s->len);
	default:
		break;
	}
	if (!is_number(s->len))
		return text_fixed(a, s);
	switch (s->type) {
	case EVTX_INT8:
	case EVTX_INT16:
	case EVTX_INT32:
	case EVTX_INT64:
		return text_signed(a, s->p, s->len);
	case EVTX_UINT8:
	case EVTX_UINT16:
	case EVTX_UINT32:
	case EVTX_UINT64:
		return text_decimal(a, number(s->p, s->len), false);
	case EVTX_SIZE:
	case EVTX_HEX32:
	case EVTX_HEX64:
	case EVTX_HANDLE:
		return text_hex(a, number(s->p, s->len));
	default:
		return text_fixed(a, s);
	}
}

enum field_type evtx_field_type(const struct evtx_slot *s)
{
	/* as text it could not be told from nothing */
	if (s->type == EVTX_NULL || s->len == 0)
		return s->name != NULL && s->name->data ? FIELD_STRING : FIELD_NULL;
	if (s->type >= EVTX_INT8 && s->type <= EVTX_UINT64)
		return is_number(s->len) ? FIELD_INT : FIELD_STRING;
	if (s->type == EVTX_FLOAT || s->type == EVTX_DOUBLE)
		return FIELD_FLOAT;
	return s->type == EVTX_BOOL ? FIELD_BOOL : FIELD_STRING;
}

/* Bytes of an item; 0: up to a NUL, or all. */
static uint32_t item_len(const struct evtx_slot *array, unsigned type)
{
	static const uint8_t lens[] = {
		[EVTX_INT8] = 1,  [EVTX_UINT8] = 1,    [EVTX_INT16] = 2,       [EVTX_UINT16] = 2,
		[EVTX_INT32] = 4, [EVTX_UINT32] = 4,   [EVTX_INT64] = 8,       [EVTX_UINT64] = 8,
		[EVTX_FLOAT] = 4, [EVTX_DOUBLE] = 8,   [EVTX_BOOL] = 4,        [EVTX_GUID] = 16,
		[EVTX_SIZE] = 8,  [EVTX_FILETIME] = 8, [EVTX_SYSTEMTIME] = 16, [EVTX_HEX32] = 4,
		[EVTX_HEX64] = 8,
	};

	if (type == EVTX_SID && array->len >= SID_HEAD)
		return SID_HEAD + 4u * array->p[1];
	return type < COUNT(lens) ? lens[type] : 0;
}

/* Up to the next NUL, of one byte or two; *skip: the NUL. */
static uint32_t text_item(const struct evtx_slot *array, uint32_t unit, uint32_t *skip)
{
	uint32_t n = 0;

	while (n + unit <= array->len && (array->p[n] != 0 || (unit == 2 && array->p[n + 1] != 0)))
		n += unit;
	*skip = n + unit <= array->len ? unit : array->len - n;
	return n;
}

bool evtx_item(struct evtx_slot *array, struct evtx_slot *out)
{
	unsigned type = array->type & ~(unsigned)EVTX_ARRAY;
	uint32_t n, skip = 0;

	if (array->len == 0)
		return false;
	*out = *array;
	out->type = (uint8_t)type;
	if (type == EVTX_UTF16 || type == EVTX_ANSI)
		n = text_item(array, type == EVTX_UTF16 ? 2 : 1, &skip);
	else
		n = item_len(array, type);
	if (n == 0 && skip == 0)
		n = array->len;
	if (n > array->len) {
		n = array->len;
		out->type = EVTX_BINARY;
	}
	out->len = n;
	array->p += n + skip;
	array->len -= n + skip;
	return true;
}

static struct str part_text(const struct evtx *e, const struct evtx_part *p,
			    const struct evtx_values *v, struct arena *a)
{
	unsigned char unit[2] = { (unsigned char)(p->number & 0xff),
				  (unsigned char)(p->number >> 8) };

	if (p->kind == PART_TEXT)
		return evtx_wide_text(a, (struct wide_str){ p->p, p->len / 2 });
	if (p->kind == PART_CHAR)
		return evtx_wide_text(a, (struct wide_str){ unit, 1 });
	struct evtx_slot s = evtx_value(e, v, p->number);

	if ((s.type & EVTX_ARRAY) != 0 || s.type == EVTX_BINXML)
		s.type = EVTX_BINARY; /* what cannot stand within a text */
	return evtx_text(e, &s, a);
}

struct str evtx_join(const struct evtx *e, const struct evtx_part *part, size_t n,
		     const struct evtx_values *v, struct arena *a)
{
	struct str text[EVTX_PARTS_MAX];
	size_t len = 0;
	struct arena scratch = *a;
	char *out;

	if (n > COUNT(text))
		return (struct str){ NULL, 0 };
	for (size_t i = 0; i < n; i++) {
		text[i] = part_text(e, &part[i], v, &scratch);
		if (text[i].p == NULL)
			return text[i];
		len += text[i].n;
	}
	out = arena_bytes(&scratch, len + 1);
	if (out == NULL)
		return (struct str){ NULL, 0 };
	*a = scratch;
	len = 0;
	for (size_t i = 0; i < n; i++) {
		memcpy(out + len, text[i].p, text[i].n);
		len += text[i].n;
	}
	return (struct str){ out, len };
}
