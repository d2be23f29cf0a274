/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aside.c - the parent's part of poison.h: keep the record that killed watch, so that a person can
 * look at it, and let the next watch pass it by.
 */
#include "base/file.h"
#include "base/log.h"
#include "base/time.h"
#include "proc/parent_int.h"
#include "proc/poison.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static struct poison_page *page; /* the parent's own view; the parent has one thread */

bool poison_open(struct parent *p, struct err *why)
{
	p->poison = memfd_create("canh-poison", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (p->poison == -1 || ftruncate(p->poison, sizeof(struct poison_page)) == -1)
		return err_set(why, ERR_IO, 0, "cannot make shared memory: %s", strerror(errno));
	/* a watch that could shrink it would kill the parent by SIGBUS */
	fcntl(p->poison, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
	page = poison_map(p->poison, why);
	return page != NULL;
}

/* What a process that has crashed left as a name goes into the log as letters only. */
static void printable(char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || (unsigned char)*s > 0x7E)
			*s = '?';
}

void poison_note(struct parent *p, bool by_itself)
{
	char path[4096], date[TIME_TEXT_MAX], source[POISON_SOURCE];
	struct err why = { 0 };

	if (__atomic_load_n(&page->busy, __ATOMIC_ACQUIRE) != 1)
		return;
	poison_leave(page); /* the next watch has not read it */
	if (!by_itself)
		return;
	size_t n = page->copied < POISON_COPY ? page->copied : POISON_COPY;
	struct str record = { page->bytes, n };
	uint64_t hash = poison_hash(record, page->len);
	uint32_t at = page->n_skips < POISON_SKIPS ? page->n_skips : 0;

	memcpy(source, page->source, sizeof source);
	source[sizeof source - 1] = '\0';
	printable(source);

	page->skips[at] = hash;
	__atomic_store_n(&page->n_skips, at + 1, __ATOMIC_RELEASE);
	snprintf(path, sizeof path, "%.*s/aside/%s-%016llx.record", STR_ARG(p->config->data),
		 time_date(time_now(), date), (unsigned long long)hash);
	if (!file_save(AT_FDCWD, path, record, 0600, &why)) {
		log_error("a record that ended watch could not be kept: %s", why.text);
		return;
	}
	log_error("a record of %llu bytes from '%s' ended watch: kept in '%s', stored unread from "
		  "now on",
		  (unsigned long long)page->len, source, path);
}
