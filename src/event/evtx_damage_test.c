/* SPDX-License-Identifier: Apache-2.0 */
/* evtx_damage_test.c - what forged, damaged and oversized event logs come to, and logs in pieces. */
#include "event/evtx_feed.h"
#include "event/evtx_test.h"

static struct buf line = BUF(1 << 20);

/* --- forgery --- */

/* A template of one field, which bears that name, under the same GUID and of the same size. */
static void one_field(struct str name)
{
	static const struct make_value v[] = { { EVTX_UINT8, STR("\x01") } };

	make_begin(&m);
	make_record(&m);
	make_instance(&m, 0, 9);
	event_open();
	part_open(STR("EventData"));
	data(name, 0, EVTX_UINT8, false);
	close_all();
	make_values(&m, v, 1);
	make_record_end(&m);
	make_end(&m);
}

/* The first field of the first record; "" where there is none. */
static struct str first_name(void)
{
	struct evtx_record r;
	struct evtx_slots s;

	if (!evtx_chunk(evtx, chunk_of(&m), NULL) || !evtx_next(evtx, false, &r) ||
	    !evtx_slots(evtx, r.bytes, &s, NULL) || s.n == 0)
		return STR("");
	return s.slot[0].name->path;
}

static void check_forged(void)
{
	uint64_t before;
	uint32_t epoch = evtx_names_epoch(evtx);

	one_field(STR("good"));
	CHECK("first", str_eq(first_name(), STR("Event.EventData.good")));
	before = evtx_counts(evtx).templates;
	CHECK("again", str_eq(first_name(), STR("Event.EventData.good")));
	CHECK("a template is compiled once", evtx_counts(evtx).templates == before);
	one_field(STR("evil"));
	CHECK("one that bears its GUID", str_eq(first_name(), STR("Event.EventData.evil")));
	CHECK("is another", evtx_counts(evtx).templates == before + 1);
	one_field(STR("good"));
	/* the name of the element itself, which stands outside the body by its offset only */
	CHECK("and the first is still known", str_eq(first_name(), STR("Event.EventData.good")) &&
						      evtx_counts(evtx).templates == before + 1);
	CHECK("no name was forgotten", evtx_names_epoch(evtx) == epoch);
}

/* --- damage --- */

static void three(void)
{
	make_begin(&m);
	for (int i = 0; i < 3; i++) {
		plain();
		m.names = 0; /* each on its own */
	}
	make_end(&m);
}

enum damage { WHOLE, BAD_CRC, NO_CRC, TORN, SIZE_ZERO, SIZE_HUGE, STALE_HEADER, CUT, OLD_SLACK };

static const struct {
	const char *name;
	enum damage how;
	bool carve;
	unsigned records, unverified, partial, damaged;
} damages[] = {
	{ "whole", WHOLE, false, 3, 0, 0, 0 },
	{ "wrong checksum", BAD_CRC, false, 3, 3, 0, 0 },
	{ "no checksum", NO_CRC, false, 3, 0, 0, 0 },
	{ "an end that was not written", TORN, false, 3, 3, 1, 1 },
	{ "a size of 0", SIZE_ZERO, false, 2, 2, 0, 1 },
	{ "a size beyond the chunk", SIZE_HUGE, false, 2, 2, 0, 1 },
	{ "a header that was not brought up to date", STALE_HEADER, false, 3, 3, 0, 0 },
	{ "a chunk that is cut off", CUT, false, 2, 2, 0, 1 },
	{ "records of an older use", OLD_SLACK, false, 2, 0, 0, 0 },
	{ "and those carved", OLD_SLACK, true, 3, 1, 0, 0 },
};

static size_t damage(enum damage how)
{
	uint32_t size = load_le32(m.b + 512 + 4), second = 512 + size;

	switch (how) {
	case WHOLE:
		break;
	case BAD_CRC:
		m.b[520]++;
		m.b[520]--;
		m.b[52]++;
		break;
	case NO_CRC:
		m.b[52]++;
		m.b[120] = 4;
		break;
	case TORN:
		store_le32(m.b + second + size - 4, 0);
		break;
	case SIZE_ZERO:
		store_le32(m.b + second + 4, 0);
		break;
	case SIZE_HUGE:
		store_le32(m.b + second + 4, 0x7fffffff);
		break;
	case STALE_HEADER:
		store_le32(m.b + 48, second);
		break;
	case CUT:
		return m.n - 8;
	case OLD_SLACK:
		m.n = second + size;
		store_le64(m.b + m.n + 8, 77777);
		m.id--;
		make_end(&m);
		break;
	}
	return sizeof m.b;
}

static void check_damage(void)
{
	for (size_t i = 0; i < COUNT(damages); i++) {
		const char *name = damages[i].name;
		uint64_t before = evtx_counts(evtx).damaged;
		unsigned n = 0, unverified = 0, partial = 0;
		struct evtx_record r;

		three();
		size_t len = damage(damages[i].how);
		seed("evtx", name, (struct str){ (char *)m.b, len < m.n ? len : m.n });
		CHECK(name, evtx_chunk(evtx, str_sub(chunk_of(&m), 0, len), NULL));
		while (evtx_next(evtx, damages[i].carve, &r)) {
			struct arena a = memory;
			struct event ev;

			reader_read(reader, &a, r.bytes, &ev);
			n++;
			unverified += ev.unverified;
			partial += ev.partial;
			CHECK(name, str_eq(event_raw(&ev, STR("EventID"))->val, STR("42")));
		}
		uint64_t places = evtx_counts(evtx).damaged - before;
		if (!CHECK(name, n == damages[i].records && unverified == damages[i].unverified &&
					 partial == damages[i].partial &&
					 places == damages[i].damaged))
			printf("  %u records, %u unverified, %u partial, %u places\n", n,
			       unverified, partial, (unsigned)places);
	}
}

/* --- bombs --- */

static void deep(void)
{
	make_record(&m);
	event_open();
	for (int i = 0; i < 70; i++)
		part_open(STR("x"));
	close_all();
	make_record_end(&m);
}

/* Binary XML whose value is the record that it stands in. */
static void itself(void)
{
	struct make_value v[] = { { EVTX_BINXML, STR("........................") } };
	uint32_t def;

	make_record(&m);
	def = make_instance(&m, 0, 6);
	event_open();
	for (int i = 0; i < 20; i++)
		make_subst(&m, 0, EVTX_BINXML, true);
	close_all();
	make_values(&m, v, 1);
	/* the value: an instance of the same template, whose value is the same again */
	uint32_t at = m.n - (uint32_t)v[0].bytes.n;
	memcpy(m.b + at, "\x0c\x01\x06\0\0\0", 6);
	store_le32(m.b + at + 6, def);
	store_le32(m.b + at + 10, 1);
	store_le32(m.b + at + 14, 0x210006);
	make_record_end(&m);
}

/* A thousand values for each of a thousand places. */
static void wide(void)
{
	static unsigned char bytes[4096];
	struct make_value v[] = { { EVTX_ARRAY | EVTX_UINT8, { (char *)bytes, sizeof bytes } } };

	make_record(&m);
	make_instance(&m, 0, 7);
	event_open();
	part_open(STR("EventData"));
	for (int i = 0; i < 200; i++)
		data(STR("x"), 0, EVTX_ARRAY | EVTX_UINT8, false);
	close_all();
	make_values(&m, v, 1);
	make_record_end(&m);
}

static void many_values(void)
{
	make_record(&m);
	make_instance(&m, 0, 8);
	event_open();
	data(STR("x"), 0, EVTX_UINT8, false);
	close_all();
	make_values(&m, NULL, 0);
	store_le32(m.b + m.n - 4, 100000);
	make_record_end(&m);
}

static const struct {
	const char *name;
	void (*make)(void);
} bombs[] = {
	{ "elements in elements", deep },
	{ "a value that holds itself", itself },
	{ "more values than an event has fields", wide },
	{ "more values than a record may have", many_values },
};

static void check_bombs(void)
{
	for (size_t i = 0; i < COUNT(bombs); i++) {
		struct arena a = memory;
		struct evtx_record r = { 0 };
		struct event ev = { 0 };

		make_begin(&m);
		bombs[i].make();
		make_end(&m);
		seed("evtx", bombs[i].name, (struct str){ (char *)m.b, m.n });
		if (!CHECK(bombs[i].name,
			   evtx_chunk(evtx, chunk_of(&m), NULL) && evtx_next(evtx, false, &r)))
			continue;
		reader_read(reader, &a, r.bytes, &ev);
		if (!CHECK(bombs[i].name, ev.partial && ev.time == INT64_C(1655526400000000)))
			printf("  partial %d, %u fields, time %lld\n", ev.partial, ev.n_raw,
			       (long long)ev.time);
		buf_clear(&xml);
		(void)!evtx_xml(evtx, r.bytes, &xml, NULL);
		CHECK(bombs[i].name, xml.n < xml.max);
	}
}

/* A template that is not in the chunk. */
static void check_missing(void)
{
	static const struct make_value v[] = { { EVTX_UTF16, STR("h\0i\0") },
					       { EVTX_NULL, STR("") },
					       { EVTX_ARRAY | EVTX_UINT8, STR("\x07\x08") } };
	struct arena a = memory;
	struct evtx_record r = { 0 };
	struct event ev = { 0 };

	make_begin(&m);
	make_record(&m);
	make_instance(&m, 0xfffffff0, 1);
	make_values(&m, v, COUNT(v));
	make_record_end(&m);
	make_end(&m);
	if (!CHECK("missing", evtx_chunk(evtx, chunk_of(&m), NULL) && evtx_next(evtx, false, &r)))
		return;
	reader_read(reader, &a, r.bytes, &ev);
	buf_clear(&line);
	evtx_line(&ev, &line);
	CHECK("missing",
	      ev.partial && str_eq(buf_str(&line), STR("{\"evtx.value\":[\"hi\",7,8]}\n")));
	buf_clear(&xml);
	CHECK("missing", !evtx_xml(evtx, r.bytes, &xml, NULL));
}

/* --- files --- */

static void check_lines(void)
{
	static unsigned char file[EVTX_HEAD_BYTES + 3 * EVTX_CHUNK_BYTES];
	struct evtx_lines *l = evtx_lines_new();
	struct err why = { 0 };
	unsigned n = 0;

	three();
	make_file(file, 1);
	memcpy(file + EVTX_HEAD_BYTES, m.b, sizeof m.b);
	memcpy(file + EVTX_HEAD_BYTES + 2 * sizeof m.b, m.b, sizeof m.b);
	struct str all = { (char *)file, sizeof file };
	seed("evtx_lines", "two-chunks", str_sub(all, 0, EVTX_HEAD_BYTES + m.n));
	if (!CHECK("lines", l != NULL))
		return;
	for (int damaged = 0; damaged < 2; damaged++) {
		evtx_lines_begin(l);
		n = 0;
		for (size_t at = 0; at < all.n; at += 5000) { /* in pieces that fit nothing */
			struct str piece = str_sub(all, at, at + 5000);

			while (evtx_lines_next(l, &piece, at + 5000 >= all.n, &line))
				for (size_t i = 0; i < line.n; i++)
					n += line.p[i] == '\n';
		}
		CHECK("lines", n == 6);
		CHECK("damage is told", evtx_lines_damage(l, &why) == (damaged > 0));
		memcpy(file + EVTX_HEAD_BYTES + sizeof m.b, "junk", 4); /* not empty, no chunk */
	}
	CHECK("damage is told", strcmp(why.text, "damaged in 1 places; the rest was read") == 0);
	evtx_lines_free(l);
}

static void check_carved(void)
{
	static unsigned char blob[3 * EVTX_CHUNK_BYTES];
	struct evtx_feed feed = { 0 };
	struct evtx_record r;
	struct str chunk, rest = { (char *)blob, sizeof blob };
	unsigned n = 0;

	three();
	memset(blob, 'x', sizeof blob);
	memcpy(blob + 12345, m.b, sizeof m.b);
	memcpy(blob + 12345 + sizeof m.b + 777, m.b, 8192); /* a piece of one */
	memcpy(blob + 12345 + sizeof m.b + 777 + 8192, m.b, sizeof m.b);
	evtx_feed_begin(&feed, true);
	while (rest.n > 0) {
		struct str some = str_sub(rest, 0, 9999);

		rest = str_skip(rest, some.n);
		CHECK("carve", evtx_feed_add(&feed, some));
		while (evtx_feed_next(&feed, rest.n == 0, &chunk))
			if (CHECK("carve", evtx_chunk(evtx, chunk, NULL)))
				while (evtx_next(evtx, true, &r))
					n++;
	}
	if (!CHECK("carve", n == 9))
		printf("  %u records\n", n);
	evtx_feed_free(&feed);
}

int main(int argc, char **argv)
{
	if (!test_begin(argc, argv))
		return TEST_REPORT();
	check_forged();
	check_damage();
	check_bombs();
	check_missing();
	check_lines();
	check_carved();
	buf_free(&line);
	return test_end();
}
