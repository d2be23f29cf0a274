/* SPDX-License-Identifier: Apache-2.0 */
/* evtx_test.h - what the tests of the EVTX reader share: a chunk to write, a reader to read it, seeds. */
#ifndef EVENT_EVTX_TEST_H
#define EVENT_EVTX_TEST_H

#include "base/file.h"
#include "base/test.h"
#include "event/evtx_lines.h"
#include "event/evtx_make_xml.h"
#include "event/formats.h"

#include <fcntl.h>
#include <unistd.h>

static struct make m; /* the chunk at hand */
static struct reader *reader;
static struct evtx *evtx;
static struct arena memory;
static struct buf xml = BUF(1 << 20);
static const char *seeds; /* where they are written, or NULL */

UNUSED static void seed(const char *fuzzer, const char *name, struct str bytes)
{
	char path[4096];
	struct err why = { 0 };

	if (seeds == NULL)
		return;
	snprintf(path, sizeof path, "%s/event_%s", seeds, fuzzer);
	if (!CHECK(name, dir_make(path, 0777, &why)))
		return;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	snprintf(path, sizeof path, "%s", name);
	for (char *c = path; *c != '\0'; c++)
		*c = *c == ' ' || *c == '/' ? '-' : *c;
	CHECK(name, fd != -1 && file_save(fd, path, bytes, 0644, &why));
	close(fd);
}

UNUSED static void event_open(void)
{
	make_open(&m, STR("Event"), true);
	make_opened(&m, 0x02);
}

UNUSED static void part_open(struct str name)
{
	make_open(&m, name, true);
	make_opened(&m, 0x02);
}

UNUSED static void data_open(struct str name)
{
	make_open(&m, STR("Data"), name.n == 0);
	if (name.n > 0) {
		make_attr(&m, STR("Name"));
		make_text(&m, name);
	}
	make_opened(&m, 0x02);
}

UNUSED static void data(struct str name, unsigned i, uint8_t type, bool optional)
{
	data_open(name);
	make_subst(&m, i, type, optional);
	make_close(&m);
}

UNUSED static void close_all(void)
{
	while (m.depth > 0)
		make_close(&m);
}

UNUSED static void plain(void)
{
	make_record(&m);
	event_open();
	part_open(STR("System"));
	make_open(&m, STR("Provider"), false);
	make_attr(&m, STR("Name"));
	make_text(&m, STR("Made"));
	make_close(&m);
	make_open(&m, STR("EventID"), false);
	make_attr(&m, STR("Qualifiers"));
	make_text(&m, STR("7"));
	make_opened(&m, 0x02);
	make_text(&m, STR("42"));
	make_close(&m);
	make_open(&m, STR("Correlation"), true);
	make_close(&m);
	make_close(&m);
	part_open(STR("EventData"));
	data_open(STR("Threat Name"));
	make_text(&m, STR("a<b>\"&\r\n"));
	make_close(&m);
	data_open(STR(""));
	make_close(&m);
	data_open(STR(""));
	make_text(&m, STR("two"));
	close_all();
	make_record_end(&m);
}

UNUSED static struct str chunk_of(const struct make *made)
{
	return (struct str){ (const char *)made->b, sizeof made->b };
}

/* With a folder as its argument a test writes its logs there as seeds. */
static bool test_begin(int argc, char **argv)
{
	struct read_ctx ctx = { .format = format_find(STR("evtx")) };

	seeds = argc > 1 ? argv[1] : NULL;
	reader = reader_new(&ctx);
	evtx = reader == NULL ? NULL : reader_evtx(reader);
	return CHECK("reader", evtx != NULL && arena_reserve(&memory, (size_t)64 << 20));
}

static int test_end(void)
{
	reader_free(reader);
	arena_release(memory);
	buf_free(&xml);
	return TEST_REPORT();
}

#endif
