/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/shared.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

int shared_make(struct err *why)
{
	int fd = memfd_create("canh-shared", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	/* a watch that could shrink it would kill the parent by SIGBUS */
	if (fd != -1 && ftruncate(fd, sizeof(struct shared)) == 0 &&
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
		return fd;
	err_set(why, ERR_IO, 0, "cannot make shared memory: %s", strerror(errno));
	if (fd != -1)
		close(fd);
	return -1;
}

struct shared *shared_map(int fd, struct err *why)
{
	void *p = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (p != MAP_FAILED)
		return p;
	err_set(why, ERR_IO, 0, "cannot map shared memory: %s", strerror(errno));
	return NULL;
}
