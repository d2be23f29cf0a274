/* SPDX-License-Identifier: Apache-2.0 */
/* local.c - sun_path holds 107 bytes, a data folder's name may be longer: /proc/self/fd/N/desk.sock. */
#include "proc/local.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const char name[] = "desk.sock";
enum { WAITING = 64 };

static bool open_folder(const char *data, struct local *l, struct err *why)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/run", data);
	l->folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (l->folder == -1)
		return err_set(why, errno == ENOENT ? ERR_ABSENT : ERR_IO, 0,
			       "cannot open '%s': %s", path, strerror(errno));
	snprintf(l->path, sizeof l->path, "/proc/self/fd/%d/%s", l->folder, name);
	return true;
}

void local_close(struct local *l)
{
	close(l->folder);
}

bool local_open(const char *data, struct local *l, struct err *why)
{
	if (!open_folder(data, l, why))
		return false;
	if (faccessat(l->folder, name, F_OK, 0) == 0)
		return true;
	local_close(l);
	return err_set(why, ERR_ABSENT, 0, "no server runs on '%s'", data);
}

static bool bind_at(const struct local *l, int fd, struct err *why)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };

	snprintf(to.sun_path, sizeof to.sun_path, "%s", l->path);
	if (unlinkat(l->folder, name, 0) == -1 && errno != ENOENT)
		return err_set(why, ERR_IO, 0, "cannot remove '%s': %s", name, strerror(errno));
	/* the folder is 0700 already; no moment in which another user could connect */
	mode_t mask = umask(0177);
	bool ok = bind(fd, (struct sockaddr *)&to, sizeof to) == 0 && listen(fd, WAITING) == 0;
	umask(mask);
	return ok || err_set(why, ERR_IO, 0, "cannot listen on '%s': %s", name, strerror(errno));
}

bool local_bind(struct str data, int *out, struct err *why)
{
	char path[4096];
	struct local l;

	snprintf(path, sizeof path, "%.*s", STR_ARG(data));
	if (!open_folder(path, &l, why))
		return false;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool ok = fd != -1 ? bind_at(&l, fd, why)
			   : err_set(why, ERR_IO, 0, "cannot make a socket: %s", strerror(errno));
	local_close(&l);
	if (ok)
		*out = fd;
	else if (fd != -1)
		close(fd);
	return ok;
}
