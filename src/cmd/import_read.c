/* SPDX-License-Identifier: Apache-2.0 */
/*
 * import_read.c - files as they are, archives file by file, binary ones by name. Memory does not grow
 * with what is read, but for an archive that comes by a pipe.
 */
#include "base/buf.h"
#include "base/file.h"
#include "base/unpack.h"
#include "cmd/import_int.h"
#include "cmd/lock_up.h"
#include "event/binary.h"
#include "proc/members.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STEP = 1 << 20, HEAD_BYTES = 512 };
#define SCRATCH ((size_t)2 << 30)
#define PIPED_ARCHIVE_MAX ((size_t)1 << 30)

struct reading {
	struct members out;
	struct arena scratch;
	struct buf in;
	const char *named; /* the operand at hand */
};

static ssize_t more(struct reading *r, int fd)
{
	char *room = buf_room(&r->in, STEP);
	ssize_t n;

	if (room == NULL) {
		errno = EFBIG;
		return -1;
	}
	do
		n = read(fd, room, STEP);
	while (n == -1 && errno == EINTR);
	r->in.n += n > 0 ? (size_t)n : 0;
	return n;
}

/* All of an archive: mapped where it is a file, else read to its end. */
static bool unpack(struct reading *r, struct str name, int fd, struct err *lost)
{
	struct members out = { .link = r->out.link, .prefix = name, .why = r->out.why };
	struct stat st;
	struct str all;
	void *map = MAP_FAILED;
	ssize_t n = 1;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	while (map == MAP_FAILED && n > 0)
		n = more(r, fd);
	if (n < 0)
		return err_set(lost, ERR_IO, 0, "%s", strerror(errno));
	all = map == MAP_FAILED ? buf_str(&r->in) : (struct str){ map, (size_t)st.st_size };
	bool ok = members_unpack(&out, r->scratch, all, lost);
	members_fini(&out);
	if (map != MAP_FAILED)
		munmap(map, (size_t)st.st_size);
	return ok || lost->kind == ERR_NONE; /* it could not be sent */
}

/* The rest of a text, what is held of it first. */
static void send_text(struct reading *r, struct str name, int fd)
{
	struct err lost;
	ssize_t n = 1;

	if (!members_begin(&r->out, name))
		return;
	while (n > 0) {
		if (!members_bytes(&r->out, buf_str(&r->in)))
			return;
		buf_clear(&r->in);
		n = more(r, fd);
	}
	if (n < 0)
		err_set(&lost, ERR_IO, 0, "%s", strerror(errno));
	(void)!members_end(&r->out, n < 0 ? &lost : NULL);
}

static void read_fd(struct reading *r, struct str name, int fd)
{
	struct err lost = { 0 };
	ssize_t n = 1;

	buf_clear(&r->in);
	while (n > 0 && r->in.n < HEAD_BYTES)
		n = more(r, fd);
	if (n < 0)
		err_set(&lost, ERR_IO, 0, "%s", strerror(errno));
	else if (unpack_knows(buf_str(&r->in)))
		(void)!unpack(r, name, fd, &lost);
	else if (!binary_known(buf_str(&r->in), &lost))
		send_text(r, name, fd);
	if (lost.kind != ERR_NONE)
		(void)!members_bad(&r->out, name, &lost);
}

static bool read_file(void *ctx, const char *path, const char *name)
{
	struct reading *r = ctx;
	bool named = strcmp(path, r->named) == 0; /* itself: a pipe is waited for */
	int fd = open(path, O_RDONLY | O_CLOEXEC | (named ? 0 : O_NONBLOCK));
	struct err why;

	(void)name;
	if (fd == -1) {
		err_set(&why, ERR_IO, 0, "cannot open '%s': %s", path, strerror(errno));
		return members_bad(&r->out, str_of(path), &why);
	}
	read_fd(r, str_of(path), fd);
	close(fd);
	return true;
}

static void unreadable(void *ctx, const char *path, const struct err *why)
{
	struct reading *r = ctx;

	(void)!members_bad(&r->out, str_of(path), why);
}

_Noreturn void import_read(char **paths, size_t n, int link)
{
	struct err why = { 0 };
	struct reading r = { .out = { .link = link, .prefix = STR(""), .why = &why },
			     .in = BUF(PIPED_ARCHIVE_MAX) };

	if (!arena_reserve(&r.scratch, SCRATCH) || !command_lock_up(paths, n))
		_exit(70);
	for (size_t i = 0; i < n; i++) {
		r.named = paths[i];
		if (strcmp(paths[i], "-") == 0)
			read_fd(&r, STR("-"), STDIN_FILENO);
		else
			file_walk(paths[i], &(struct walk){ read_file, unreadable, &r });
	}
	_exit(wire_send(link, WIRE_DONE, 1, STR("{}"), -1, &why) ? 0 : 70);
}
