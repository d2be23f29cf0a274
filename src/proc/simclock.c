/* SPDX-License-Identifier: Apache-2.0 */
/* simclock.c - a shared page; the number of its descriptor goes to the children in $CANH_CLOCK. */
#include "proc/simclock.h"

#include "base/num.h"
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_FD = 10 };
static const char variable[] = "CANH_CLOCK";
static bool used, skips;

static bool map(int fd, struct err *why)
{
	struct stat st;

	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) || st.st_size < (off_t)sizeof(int64_t))
		return err_set(why, ERR_INPUT, 0, "the clock's file holds no number of 8 bytes");
	const void *page = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED)
		return err_set(why, ERR_IO, 0, "cannot map shared memory: %s", strerror(errno));
	if (st.st_size >= (off_t)(2 * sizeof(int64_t))) {
		int64_t second = 0;

		skips = pread(fd, &second, sizeof second, sizeof second) == sizeof second &&
			second != 0;
	}
	time_shifted_by(page);
	used = true;
	return true;
}

bool simclock_open(const char *path, struct err *why)
{
	char number[16];
	int file = open(path, O_RDONLY | O_CLOEXEC);
	/* stays open over exec, out of the way of the link to the parent */
	int fd = file == -1 ? -1 : fcntl(file, F_DUPFD, FIRST_FD);

	if (fd == -1)
		return err_set(why, ERR_IO, 0, "cannot open '%s': %s", path, strerror(errno));
	close(file);
	snprintf(number, sizeof number, "%d", fd);
	setenv(variable, number, 1);
	return map(fd, why);
}

bool simclock_inherit(struct err *why)
{
	const char *number = getenv(variable);
	uint64_t fd;

	if (number == NULL)
		return true;
	if (!num_parse(str_of(number), 0, INT32_MAX, &fd))
		return err_set(why, ERR_INPUT, 0, "the clock's file holds no number of 8 bytes");
	bool ok = map((int)fd, why);
	close((int)fd);
	return ok;
}

bool simclock_skips(void)
{
	return skips;
}

bool simclock_used(void)
{
	return used;
}
