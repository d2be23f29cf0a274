/* SPDX-License-Identifier: Apache-2.0 */
/* sandbox_test.c - each case in a child of its own, since there is no way back. */
#include "base/sandbox.h"

#include "base/file.h"
#include "base/test.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/canh-sandbox-XXXXXX";
static char inside[64], readonly[64];

static bool can_open(const char *path, int flags)
{
	int fd = open(path, flags, 0600);

	if (fd == -1)
		return false;
	close(fd);
	return true;
}

static void *nothing(void *arg)
{
	return arg;
}

/* What must hold inside; the number of the first that does not. */
static int inside_rules(void)
{
	char path[128];
	pthread_t t;

	snprintf(path, sizeof path, "%s/new", inside);
	if (!can_open(path, O_CREAT | O_WRONLY))
		return 1;
	snprintf(path, sizeof path, "%s/x", readonly);
	if (!can_open(path, O_RDONLY) || can_open(path, O_WRONLY) ||
	    can_open(path, O_RDWR | O_TRUNC))
		return 2;
	if (can_open("/etc/passwd", O_RDONLY))
		return 3;
	if (socket(AF_INET, SOCK_STREAM, 0) != -1 || errno != EPERM)
		return 4;
	if (execl("/bin/true", "true", NULL) != -1)
		return 5;
	if (pthread_create(&t, NULL, nothing, NULL) != 0 || pthread_join(t, NULL) != 0)
		return 6;
	return 0;
}

static int child(void)
{
	struct rights r = {
		.max_files = 64,
		.paths = { { inside, true }, { readonly, false }, { "/no/such/place", true } },
		.n_paths = 3,
	};
	struct sandbox_state got;
	struct err why = { 0 };

	if (!sandbox_enter(&r, &got, &why)) {
		fprintf(stderr, "%s\n", why.text);
		return 100;
	}
	if (!got.syscalls || got.files != (got.landlock_abi > 0))
		return 101;
	return got.files ? inside_rules() : 0;
}

/* One that may narrow what it reads, and does; 0, or the number of what is wrong. */
static int narrowed(void)
{
	struct rights all = { .may = MAY_NARROW,
			      .paths = { { inside, true }, { readonly, false } },
			      .n_paths = 2 };
	const struct rights left = { .paths = { { inside, false }, { "/etc", false } },
				     .n_paths = 2 };
	char path[128];
	struct sandbox_state got;
	struct err why = { 0 };

	snprintf(path, sizeof path, "%s/x", readonly);
	if (!sandbox_enter(&all, &got, &why) || !can_open(path, O_RDONLY))
		return 1;
	if (!sandbox_narrow(&left, &why))
		return 2;
	if (sandbox_landlock_abi() == 0)
		return 0;
	if (can_open(path, O_RDONLY))
		return 3; /* it was given up */
	if (!can_open(inside, O_RDONLY | O_DIRECTORY))
		return 4;
	return can_open("/etc/passwd", O_RDONLY) ? 5 : 0; /* nothing is given back */
}

static int child_says(int (*fn)(void))
{
	int status = -1;

	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0)
		_exit(fn());
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(void)
{
	char path[128];

	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(inside, sizeof inside, "%s/in", dir);
	snprintf(readonly, sizeof readonly, "%s/ro", dir);
	snprintf(path, sizeof path, "%s/x", readonly);
	CHECK("prepared", dir_make(inside, 0700, NULL) && dir_make(readonly, 0700, NULL) &&
				  file_save(AT_FDCWD, path, STR("x"), 0600, NULL));
	int said = child_says(child);
	if (!CHECK("the rules hold inside", said == 0))
		printf("child said %d\n", said);
	said = child_says(narrowed);
	if (!CHECK("what is given up later is gone", said == 0))
		printf("child said %d\n", said);
	CHECK("and the parent is free", can_open("/etc/passwd", O_RDONLY));
	if (sandbox_landlock_abi() == 0)
		test_skip("files", "this kernel has no Landlock");
	CHECK("clean up", test_remove(dir));
	return TEST_REPORT();
}
