/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evtx_test.c - event logs of our own making: what each shape of a record becomes as a line of JSON and as
 * XML.
 */
#include "event/evtx_test.h"

static struct buf line = BUF(1 << 20);

/* All types as values of one template, and again by its place. */
static void types(void)
{
	static const struct make_value v[] = {
		{ EVTX_UTF16, STR("h\0i\0\0\0") },
		{ EVTX_ANSI, STR("caf\xe9\0") },
		{ EVTX_INT8, STR("\xff") },
		{ EVTX_UINT8, STR("\xff") },
		{ EVTX_INT16, STR("\x00\x80") },
		{ EVTX_UINT16, STR("\x00\x80") },
		{ EVTX_INT32, STR("\xfe\xff\xff\xff") },
		{ EVTX_UINT32, STR("\xfe\xff\xff\xff") },
		{ EVTX_INT64, STR("\x00\x00\x00\x00\x00\x00\x00\x80") },
		{ EVTX_UINT64, STR("\xff\xff\xff\xff\xff\xff\xff\xff") },
		{ EVTX_FLOAT, STR("\x00\x00\x80\x3e") },
		{ EVTX_DOUBLE, STR("\x9a\x99\x99\x99\x99\x99\xb9\x3f") },
		{ EVTX_BOOL, STR("\x01\x00\x00\x00") },
		{ EVTX_BOOL, STR("\x00") },
		{ EVTX_BINARY, STR("\x00\xab") },
		{ EVTX_GUID,
		  STR("\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff") },
		{ EVTX_SIZE, STR("\x10\x00\x00\x00\x00\x00\x00\x00") },
		{ EVTX_FILETIME, STR("\x01\x80\x20\x9b\xcb\x82\xd8\x01") },
		{ EVTX_SYSTEMTIME,
		  STR("\xe6\x07\x06\x00\x06\x00\x12\x00\x04\x00\x1a\x00\x28\x00\x07\x00") },
		{ EVTX_SID,
		  STR("\x01\x02\x00\x00\x00\x00\x00\x05\x20\x00\x00\x00\x20\x02\x00\x00") },
		{ EVTX_HEX32, STR("\xef\xbe\x00\x00") },
		{ EVTX_HEX64, STR("\x00\x00\x00\x00\x00\x00\x00\x80") },
		{ EVTX_HANDLE, STR("\x0c\x00\x00\x00") },
		{ EVTX_NULL, STR("") },
		{ EVTX_INT32, STR("\x01\x02\x03") },
		{ EVTX_SID, STR("\x01\xff") },
	};
	static const char *names[] = { "text", "ansi",   "i8",   "u8",  "i16",   "u16", "i32",
				       "u32",  "i64",    "u64",  "f",   "d",     "yes", "no",
				       "bin",  "guid",   "size", "ft",  "st",    "sid", "h32",
				       "h64",  "handle", "null", "odd", "badsid" };
	uint32_t def = 0;

	for (int n = 0; n < 2; n++) {
		make_record(&m);
		uint32_t at = make_instance(&m, def, 1);

		if (def == 0) {
			event_open();
			part_open(STR("EventData"));
			for (unsigned i = 0; i < COUNT(names); i++)
				data(str_of(names[i]), i, v[i].type, false);
			close_all();
		}
		def = at;
		make_values(&m, v, COUNT(v));
		make_record_end(&m);
	}
}

static void optional(void)
{
	static const struct make_value v[] = { { EVTX_NULL, STR("") },
					       { EVTX_UINT8, STR("\x07") } };

	make_record(&m);
	make_instance(&m, 0, 2);
	event_open();
	part_open(STR("System"));
	make_leaf(&m, STR("Level"), (struct str){ NULL, 0 }, 0, EVTX_UINT8);
	make_leaf(&m, STR("Task"), (struct str){ NULL, 0 }, 1, EVTX_UINT8);
	make_open(&m, STR("Correlation"), false);
	make_attr(&m, STR("ActivityID"));
	make_subst(&m, 0, EVTX_GUID, true);
	make_close(&m);
	make_open(&m, STR("Security"), false);
	make_attr(&m, STR("UserID"));
	make_subst(&m, 0, EVTX_SID, true);
	make_opened(&m, 0x02);
	make_subst(&m, 0, EVTX_UTF16, true);
	make_close(&m);
	make_close(&m);
	part_open(STR("EventData"));
	data(STR("gone"), 0, EVTX_UTF16, true);
	data(STR("never"), 9, EVTX_UTF16, true);
	make_close(&m);
	part_open(STR("UserData"));
	data(STR(""), 0, EVTX_UTF16, false);
	close_all();
	make_values(&m, v, COUNT(v));
	make_record_end(&m);
}

static void arrays(void)
{
	static const struct make_value v[] = {
		{ EVTX_ARRAY | EVTX_UTF16, STR("a\0\0\0\0\0c\0d\0\0\0") },
		{ EVTX_ARRAY | EVTX_UINT16, STR("\x01\x00\x02\x00\x03") },
		{ EVTX_ARRAY | EVTX_UTF16, STR("") },
		{ EVTX_ARRAY | EVTX_ANSI, STR("x\0y") },
		{ EVTX_ARRAY | EVTX_SID, STR("\x01\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00"
					     "\x01\x01\x00\x00\x00\x00\x00\x05\x13\x00\x00\x00") },
	};
	static const char *names[] = { "", "numbers", "none", "ansi", "sids" };

	make_record(&m);
	make_instance(&m, 0, 3);
	event_open();
	part_open(STR("EventData"));
	for (unsigned i = 0; i < COUNT(v); i++)
		data(str_of(names[i]), i, v[i].type, false);
	close_all();
	make_values(&m, v, COUNT(v));
	make_record_end(&m);
}

/* Attributes of several pieces, names that are values, entities, references, CDATA. */
static void pieces(void)
{
	static const struct make_value v[] = { { EVTX_UTF16, STR("N\0 \0m\0") },
					       { EVTX_UINT16, STR("\x39\x30") } };

	make_record(&m);
	make_instance(&m, 0, 4);
	event_open();
	part_open(STR("EventData"));
	make_open(&m, STR("Data"), false);
	make_attr(&m, STR("Name"));
	make_subst(&m, 0, EVTX_UTF16, false);
	make_opened(&m, 0x02);
	make_text(&m, STR("n="));
	make_subst(&m, 1, EVTX_UINT16, false);
	make_int(&m, 0x08, 1); /* &#x41; */
	make_int(&m, 0x41, 2);
	make_int(&m, 0x09, 1);
	make_name(&m, STR("amp"));
	make_int(&m, 0x07, 1); /* CDATA */
	make_int(&m, 2, 2);
	make_wide(&m, STR("<x"));
	make_close(&m);
	make_open(&m, STR("ComplexData"), false);
	make_attr(&m, STR("Name"));
	make_text(&m, STR("whole"));
	make_opened(&m, 0x02);
	make_leaf(&m, STR("part"), STR("p"), 0, 0);
	make_close(&m);
	close_all();
	make_values(&m, v, COUNT(v));
	make_record_end(&m);
}

/* An event whose data are binary XML of their own: a template, and elements without one. */
static void nested(void)
{
	static unsigned char inner[1024];
	struct make_value v[2] = { { EVTX_BINXML, { (char *)inner, 0 } },
				   { EVTX_UINT32, STR("\x05\x00\x00\x00") } };
	uint32_t from, def;

	/* where it is written tells its offsets: a copy of what stands behind the definition */
	make_record(&m);
	def = make_instance(&m, 0, 5);
	event_open();
	part_open(STR("System"));
	make_leaf(&m, STR("EventID"), (struct str){ NULL, 0 }, 1, EVTX_UINT32);
	make_close(&m);
	part_open(STR("UserData"));
	make_subst(&m, 0, EVTX_BINXML, true);
	close_all();
	make_int(&m, 0, 1);
	store_le32(m.b + m.body, m.n - m.body - 4);
	m.dependency = false;
	(void)def;
	from = m.n + 4 + 2 * 4; /* behind count and descriptors */
	uint32_t back = m.n;
	m.n = from;
	make_bytes(&m, STR("\x0f\x01\x01\x00"));
	part_open(STR("LogFileCleared"));
	make_leaf(&m, STR("Channel"), STR("System"), 0, 0);
	close_all();
	make_int(&m, 0, 1);
	memcpy(inner, m.b + from, m.n - from);
	v[0].bytes.n = m.n - from;
	m.n = back;
	make_values(&m, v, 2);
	make_record_end(&m);
}

#define WIN "{\"Event\":{\"EventData\":{"

static const struct {
	const char *name;
	void (*make)(void);
	unsigned records;
	const char *line, *xml; /* of the last record; xml NULL: not compared */
} shapes[] = {
	{ "without a template", plain, 1,
	  "{\"Event\":{\"System\":{\"Provider_Name\":\"Made\",\"EventID_Qualifiers\":\"7\",\"EventID\":"
	  "\"42\",\"Correlation\":null},\"EventData\":{\"ThreatName\":\"a<b>\\\"&\\r\\n\",\"Data\":[\"\","
	  "\"two\"]}}}\n",
	  "<Event><System><Provider Name=\"Made\"/><EventID Qualifiers=\"7\">42</EventID>"
	  "<Correlation/></System><EventData><Data Name=\"Threat Name\">a&lt;b&gt;&quot;&amp;&#13;&#10;"
	  "</Data><Data/><Data>two</Data></EventData></Event>" },
	{ "types", types, 2,
	  WIN
	  "\"text\":\"hi\",\"ansi\":\"caf\xc3\xa9\",\"i8\":-1,\"u8\":255,\"i16\":-32768,\"u16\":32768,"
	  "\"i32\":-2,\"u32\":4294967294,\"i64\":-9223372036854775808,\"u64\":"
	  "\"18446744073709551615\",\"f\":0.25,\"d\":0.1,\"yes\":true,\"no\":false,\"bin\":\"00AB\","
	  "\"guid\":\"{33221100-5544-7766-8899-aabbccddeeff}\",\"size\":\"0x10\","
	  "\"ft\":\"2022-06-18T04:26:40.0000001Z\",\"st\":\"2022-06-18T04:26:40.007Z\","
	  "\"sid\":\"S-1-5-32-544\",\"h32\":\"0xbeef\",\"h64\":\"0x8000000000000000\","
	  "\"handle\":\"0xc\",\"null\":\"\",\"odd\":\"010203\",\"badsid\":\"01FF\"}}}\n",
	  NULL },
	{ "optional values", optional, 1,
	  "{\"Event\":{\"System\":{\"Task\":7,\"Correlation\":null},\"EventData\":null,\"UserData\":{"
	  "\"Data\":\"\"}}}\n",
	  "<Event><System><Task>7</Task><Correlation/></System><EventData/><UserData><Data/></UserData>"
	  "</Event>" },
	{ "arrays", arrays, 1,
	  WIN
	  "\"Data\":[\"a\",\"\",\"cd\"],\"numbers\":[1,2,\"03\"],\"none\":\"\",\"ansi\":[\"x\",\"y\"],"
	  "\"sids\":[\"S-1-5-18\",\"S-1-5-19\"]}}}\n",
	  "<Event><EventData><Data>a</Data><Data></Data><Data>cd</Data><Data Name=\"numbers\">1</Data>"
	  "<Data Name=\"numbers\">2</Data><Data Name=\"numbers\">03</Data><Data Name=\"none\"/>"
	  "<Data Name=\"ansi\">x</Data><Data Name=\"ansi\">y</Data><Data Name=\"sids\">S-1-5-18</Data>"
	  "<Data Name=\"sids\">S-1-5-19</Data></EventData></Event>" },
	{ "pieces", pieces, 1, WIN "\"Nm\":\"n=12345A&<x\",\"whole.part\":\"p\"}}}\n",
	  "<Event><EventData><Data Name=\"N m\">n=12345A&amp;&lt;x</Data><ComplexData Name=\"whole\">"
	  "<part>p</part></ComplexData></EventData></Event>" },
	{ "nested", nested, 1,
	  "{\"Event\":{\"System\":{\"EventID\":5},\"UserData\":{\"LogFileCleared\":{\"Channel\":"
	  "\"System\"}}}}\n",
	  "<Event><System><EventID>5</EventID></System><UserData><LogFileCleared><Channel>System"
	  "</Channel></LogFileCleared></UserData></Event>" },
};

static void is(const char *name, const struct buf *got, const char *want)
{
	if (!CHECK(name, str_eq(buf_str(got), str_of(want))))
		printf("  wanted %s\n  got    %.*s\n", want, STR_ARG(buf_str(got)));
}

static void check_shapes(void)
{
	for (size_t i = 0; i < COUNT(shapes); i++) {
		struct evtx_record r, last = { 0 };
		struct arena a = memory;
		struct event ev = { 0 };
		unsigned n = 0;

		make_begin(&m);
		shapes[i].make();
		make_end(&m);
		seed("evtx", shapes[i].name, (struct str){ (char *)m.b, m.n });
		CHECK(shapes[i].name, evtx_chunk(evtx, chunk_of(&m), NULL));
		for (; evtx_next(evtx, false, &r); n++) {
			last = r;
			reader_read(reader, &a, r.bytes, &ev);
			CHECK(shapes[i].name, !ev.partial && !ev.unverified);
		}
		CHECK(shapes[i].name, n == shapes[i].records);
		buf_clear(&line);
		buf_clear(&xml);
		evtx_line(&ev, &line);
		is(shapes[i].name, &line, shapes[i].line);
		CHECK(shapes[i].name, evtx_xml(evtx, last.bytes, &xml, NULL));
		if (shapes[i].xml != NULL)
			is(shapes[i].name, &xml, shapes[i].xml);
	}
}

static void check_head(void)
{
	unsigned char head[EVTX_HEAD_BYTES];
	struct str s = { (char *)head, sizeof head };
	struct evtx_head h;
	struct err why = { 0 };

	make_file(head, 2);
	CHECK("header", evtx_known(s) && evtx_head_parse(s, &h, &why) && h.chunks == 2 &&
				h.major == 3 && h.minor == 1 && !h.crc_wrong && !h.dirty);
	head[120] = 3;
	head[8]++;
	CHECK("header", evtx_head_parse(s, &h, &why) && h.crc_wrong && h.dirty && h.full);
	CHECK("no header", !evtx_head_parse(STR("ElfFile"), &h, &why) && why.kind == ERR_INPUT);
	CHECK("no chunk", !evtx_chunk(evtx, s, &why) && why.kind == ERR_INPUT);
}

static void check_code_page(void)
{
	static const unsigned char text[] = { 0xd4, 0xd2 }; /* O circumflex, hook above */
	const struct evtx_slot s = { .p = text, .len = 2, .type = EVTX_ANSI };
	struct arena a = memory;

	CHECK("1252", str_eq(evtx_text(evtx, &s, &a), STR("\xc3\x94\xc3\x92")));
	CHECK("1258", evtx_code_page(evtx, 1258) &&
			      str_eq(evtx_text(evtx, &s, &a), STR("\xc3\x94\xcc\x89")));
	CHECK("none", !evtx_code_page(evtx, 932));
}

int main(int argc, char **argv)
{
	if (!test_begin(argc, argv))
		return TEST_REPORT();
	check_shapes();
	check_head();
	check_code_page();
	buf_free(&line);
	return test_end();
}
