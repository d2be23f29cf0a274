/* SPDX-License-Identifier: Apache-2.0 */
/*
 * walk.c - one struct walking; a level of recursion a folder, which holds its descriptor.
 *
 * Invariant: `path` names what is at hand and is as before when a function returns. A folder is read
 * in chunks, so that one of millions of files needs no more memory than one of CHUNK; of its folders
 * the names are kept until its files are done.
 */
#include "sweep/walk.h"

#include "base/buf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { CHUNK = 1 << 16, FLAGS = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY };
#define NAMES_MAX ((size_t)1 << 30)
#define PATH_ROOM ((size_t)1 << 20)

/* Not in every <linux/magic.h>. */
#define MAGIC_MQUEUE 0x19800202
#define MAGIC_FUSECTL 0x65735543
#define MAGIC_CONFIGFS 0x62656570
#define MAGIC_RPC_PIPEFS 0x67596969

static const struct {
	const char *name;
	bool harmless;
} skips[WALK_SKIP_N] = {
	[WALK_LINK] = { "link", true },        [WALK_PIPE] = { "pipe", true },
	[WALK_SOCKET] = { "socket", true },    [WALK_DEVICE] = { "device", true },
	[WALK_PSEUDO] = { "pseudo_fs", true }, [WALK_CYCLE] = { "cycle", true },
	[WALK_DEEP] = { "too_deep", false },   [WALK_VANISHED] = { "vanished", false },
};

const char *walk_skip_name(enum walk_skip s)
{
	return skips[s].name;
}

bool walk_skip_harmless(enum walk_skip s)
{
	return skips[s].harmless;
}

/* A name as a folder lists it; it stands at `at` in the names. */
struct listed {
	uint64_t inode;
	size_t at;
	unsigned char type;
};
struct listing {
	struct buf entries, names; /* entries: struct listed */
};

/* A folder being walked. */
struct level {
	dev_t dev;
	ino_t ino;
	unsigned depth;
	const struct level *up; /* NULL: the one that was given */
	DIR *dir;
};

struct walking {
	const struct walk_with *with;
	struct walk_counts *n;
	struct buf path;
	struct listing chunk; /* of the folder at hand, before any other is entered */
};

static void fail(struct walking *w, const char *what, int number)
{
	struct err why;

	err_set(&why, ERR_IO, 0, "%s: %s", what, strerror(number));
	w->with->fail(w->with->ctx, buf_str(&w->path), &why);
}

static void skip(struct walking *w, enum walk_skip why)
{
	w->with->skip(w->with->ctx, buf_str(&w->path), why);
}

static bool pseudo(int fd)
{
	static const unsigned long kinds[] = {
		PROC_SUPER_MAGIC,   SYSFS_MAGIC,   CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC,
		DEBUGFS_MAGIC,      TRACEFS_MAGIC, SECURITYFS_MAGIC,   SELINUX_MAGIC,
		PSTOREFS_MAGIC,     BPF_FS_MAGIC,  EFIVARFS_MAGIC,     DEVPTS_SUPER_MAGIC,
		BINFMTFS_MAGIC,     MAGIC_MQUEUE,  MAGIC_FUSECTL,      MAGIC_CONFIGFS,
		AUTOFS_SUPER_MAGIC, NSFS_MAGIC,    MAGIC_RPC_PIPEFS,
	};
	struct statfs fs;

	if (fstatfs(fd, &fs) == -1)
		return false;
	for (size_t i = 0; i < COUNT(kinds); i++)
		if ((unsigned long)fs.f_type == kinds[i])
			return true;
	return false;
}

static void note_system(struct walking *w, dev_t dev)
{
	struct walk_counts *n = w->n;

	for (size_t i = 0; i < n->file_systems; i++)
		if (n->file_system[i] == dev)
			return;
	if (n->file_systems < WALK_MAX_SYSTEMS)
		n->file_system[n->file_systems++] = dev;
}

/* Reading leaves no trace where that is allowed: to the owner and to root. */
static int open_quietly(int dirfd, const char *name, int flags)
{
	int fd = openat(dirfd, name, flags | O_NOATIME);

	return fd == -1 && errno == EPERM ? openat(dirfd, name, flags) : fd;
}

static bool special(mode_t mode, enum walk_skip *out)
{
	switch (mode & S_IFMT) {
	case S_IFLNK:
		*out = WALK_LINK;
		return true;
	case S_IFIFO:
		*out = WALK_PIPE;
		return true;
	case S_IFSOCK:
		*out = WALK_SOCKET;
		return true;
	case S_IFCHR:
	case S_IFBLK:
		*out = WALK_DEVICE;
		return true;
	default:
		return false;
	}
}

/* Gone or exchanged for a link since it was listed is no failure of the machine, but a gap. */
static void not_opened(struct walking *w, int number)
{
	if (number == ENOENT || number == ENOTDIR || number == ELOOP)
		skip(w, WALK_VANISHED);
	else
		fail(w, "cannot open", number);
}

static bool walk_file(struct walking *w, int fd)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		fail(w, "cannot open", errno);
	else if (!S_ISREG(st.st_mode))
		skip(w, WALK_VANISHED); /* it became something else */
	else
		return w->with->file(w->with->ctx, buf_str(&w->path), fd, &st);
	close(fd);
	return true;
}

static bool list_add(struct listing *l, const char *name, uint64_t inode, unsigned char type)
{
	struct listed x = { inode, l->names.n, type };

	buf_add(&l->names, (struct str){ name, strlen(name) + 1 });
	if (!l->names.full) /* no entry without a name */
		buf_add(&l->entries, (struct str){ (const char *)&x, sizeof x });
	return !l->names.full && !l->entries.full;
}

static size_t list_count(const struct listing *l)
{
	return l->entries.n / sizeof(struct listed);
}

static struct listed *list_at(const struct listing *l, size_t i)
{
	return (struct listed *)(void *)l->entries.p + i;
}

static int by_inode(const void *a, const void *b)
{
	const struct listed *x = a, *y = b;

	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static void list_sort(struct listing *l)
{
	if (l->entries.n > 0)
		qsort(l->entries.p, list_count(l), sizeof(struct listed), by_inode);
}

static size_t push(struct walking *w, const char *name)
{
	size_t before = w->path.n;

	if (before > 0 && w->path.p[before - 1] != '/')
		buf_char(&w->path, '/');
	buf_add(&w->path, str_of(name));
	return before;
}

static bool walk_folder(struct walking *w, int fd, const struct level *up);

static bool walk_named_folder(struct walking *w, const struct level *in, const char *name)
{
	int fd = open_quietly(dirfd(in->dir), name, FLAGS | O_DIRECTORY | O_NOFOLLOW);

	if (fd != -1)
		return walk_folder(w, fd, in);
	not_opened(w, errno);
	return true;
}

/* What a folder lists as no folder. */
static bool walk_named_file(struct walking *w, const struct level *in, const char *name,
			    unsigned char type)
{
	enum walk_skip why;
	int fd;

	if (special((mode_t)DTTOIF(type), &why)) {
		skip(w, why);
		return true;
	}
	fd = open_quietly(dirfd(in->dir), name, FLAGS | O_NOFOLLOW);
	if (fd != -1)
		return walk_file(w, fd);
	not_opened(w, errno);
	return true;
}

/* The type, asked for where the folder does not list it. */
static unsigned char type_of(const struct level *in, const char *name, unsigned char listed)
{
	struct stat st;

	if (listed != DT_UNKNOWN)
		return listed;
	if (fstatat(dirfd(in->dir), name, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return DT_REG; /* opening it tells why */
	return (unsigned char)IFTODT(st.st_mode);
}

/* The files of the chunk now, its folders to *folders. */
static bool walk_chunk(struct walking *w, const struct level *in, struct listing *folders)
{
	bool go = true;

	list_sort(&w->chunk);
	for (size_t i = 0; go && i < list_count(&w->chunk); i++) {
		struct listed *x = list_at(&w->chunk, i);
		const char *name = w->chunk.names.p + x->at;
		unsigned char type = type_of(in, name, x->type);
		size_t before = push(w, name);

		if (type != DT_DIR)
			go = walk_named_file(w, in, name, type);
		else if (!list_add(folders, name, x->inode, type))
			fail(w, "cannot list", ENOMEM);
		w->path.n = before;
	}
	buf_clear(&w->chunk.entries);
	buf_clear(&w->chunk.names);
	return go;
}

static bool dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static bool walk_listing(struct walking *w, const struct level *in, struct listing *folders)
{
	bool go = true;

	while (go) {
		struct dirent *e;

		errno = 0;
		e = readdir(in->dir);
		if (e == NULL) {
			if (errno != 0)
				fail(w, "cannot list", errno);
			break;
		}
		if (dots(e->d_name))
			continue;
		if (!list_add(&w->chunk, e->d_name, e->d_ino, e->d_type))
			fail(w, "cannot list", ENOMEM);
		if (list_count(&w->chunk) >= CHUNK)
			go = walk_chunk(w, in, folders);
	}
	return go && walk_chunk(w, in, folders);
}

static bool walk_entries(struct walking *w, const struct level *in)
{
	struct listing folders = { { .max = NAMES_MAX }, { .max = NAMES_MAX } };
	bool go = walk_listing(w, in, &folders);

	list_sort(&folders);
	for (size_t i = 0; go && i < list_count(&folders); i++) {
		const char *name = folders.names.p + list_at(&folders, i)->at;
		size_t before = push(w, name);

		go = walk_named_folder(w, in, name);
		w->path.n = before;
	}
	buf_free(&folders.entries);
	buf_free(&folders.names);
	return go;
}

static bool inside_itself(const struct level *up, const struct stat *st)
{
	for (; up != NULL; up = up->up)
		if (up->dev == st->st_dev && up->ino == st->st_ino)
			return true;
	return false;
}

/* May it be entered? Otherwise that is told. */
static bool enter(struct walking *w, int fd, const struct level *up, const struct stat *st)
{
	if (up != NULL && up->depth == WALK_MAX_DEPTH)
		skip(w, WALK_DEEP);
	else if (inside_itself(up, st))
		skip(w, WALK_CYCLE);
	else if ((up == NULL || up->dev != st->st_dev) && pseudo(fd))
		skip(w, WALK_PSEUDO);
	else
		return true;
	return false;
}

static bool walk_folder(struct walking *w, int fd, const struct level *up)
{
	struct level here = { .depth = up == NULL ? 1 : up->depth + 1, .up = up };
	struct stat st;

	bool known = fstat(fd, &st) == 0;

	if (!known)
		fail(w, "cannot open", errno);
	if (!known || !enter(w, fd, up, &st)) {
		close(fd);
		return true;
	}
	here.dev = st.st_dev;
	here.ino = st.st_ino;
	here.dir = fdopendir(fd);
	if (here.dir == NULL) {
		fail(w, "cannot list", errno);
		close(fd);
		return true;
	}
	w->n->folders++;
	note_system(w, st.st_dev);
	bool go = walk_entries(w, &here);
	closedir(here.dir);
	return go;
}

/* A path that a person gave: links in it are his. */
static bool walk_given(struct walking *w, const char *path)
{
	enum walk_skip why;
	struct stat st;
	int fd;

	if (stat(path, &st) == -1) {
		fail(w, "cannot open", errno);
		return true;
	}
	if (special(st.st_mode, &why)) {
		skip(w, why);
		return true;
	}
	fd = open_quietly(AT_FDCWD, path, FLAGS | (S_ISDIR(st.st_mode) ? O_DIRECTORY : 0));
	if (fd == -1) {
		fail(w, "cannot open", errno);
		return true;
	}
	if (S_ISDIR(st.st_mode))
		return walk_folder(w, fd, NULL);
	note_system(w, st.st_dev);
	return walk_file(w, fd);
}

bool walk_tree(const char *path, const struct walk_with *with, struct walk_counts *n)
{
	struct walking w = { .with = with,
			     .n = n,
			     .path = BUF(PATH_ROOM),
			     .chunk = { { .max = NAMES_MAX }, { .max = NAMES_MAX } } };

	buf_add(&w.path, str_of(path));
	bool go = walk_given(&w, path);
	buf_free(&w.path);
	buf_free(&w.chunk.entries);
	buf_free(&w.chunk.names);
	return go;
}
