/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sandbox.c - the rights of a process, taken away from outside in: limits, files, system calls.
 *
 * Landlock's later rights are defined here, since Debian 12's headers know ABI 2, and masked by what
 * the running kernel says. The seccomp filter lists what is allowed; all else fails with EPERM, and
 * clone3 with ENOSYS so that glibc falls back to clone (EPERM would break pthread_create).
 */
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LL_TRUNCATE (UINT64_C(1) << 14)  /* ABI 3 */
#define LL_IOCTL_DEV (UINT64_C(1) << 15) /* ABI 5 */
#define LL_NET_BIND_TCP (UINT64_C(1) << 0)
#define LL_NET_CONNECT_TCP (UINT64_C(1) << 1) /* ABI 4 */
#define LL_SCOPE_ALL UINT64_C(3)              /* ABI 6: abstract sockets, signals */

/* The later forms of struct landlock_ruleset_attr. */
struct ruleset {
	uint64_t fs, net, scoped;
};

enum { LL_READ = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR };
#define LL_WRITE                                                         \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | \
	 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |  \
	 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_REFER)
#define LL_FILE_ONLY                                                    \
	(LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | \
	 LANDLOCK_ACCESS_FS_EXECUTE | LL_TRUNCATE)

int sandbox_landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	return abi < 0 ? 0 : (int)abi;
}

static uint64_t all_fs(int abi)
{
	uint64_t fs = (UINT64_C(1) << 13) - 1;

	if (abi >= 2)
		fs |= LANDLOCK_ACCESS_FS_REFER;
	if (abi >= 3)
		fs |= LL_TRUNCATE;
	if (abi >= 5)
		fs |= LL_IOCTL_DEV;
	return fs;
}

static bool allow_path(int rules, const char *path, uint64_t access, struct err *why)
{
	struct landlock_path_beneath_attr beneath = { .allowed_access = access };
	struct stat st;
	bool ok;

	beneath.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (beneath.parent_fd == -1)
		return errno == ENOENT ||
		       err_set(why, ERR_IO, 0, "cannot open '%s': %s", path, strerror(errno));
	if (fstat(beneath.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
		beneath.allowed_access &= LL_FILE_ONLY;
	ok = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0;
	/* what lies in no file system (a pipe, /dev/fd/63) Landlock neither names nor walls off */
	ok = ok || errno == EBADFD;
	close(beneath.parent_fd);
	return ok || err_set(why, ERR_IO, 0, "cannot allow '%s': %s", path, strerror(errno));
}

static bool allow_paths(int rules, const struct rights *r, int abi, struct err *why)
{
	uint64_t known = all_fs(abi);

	for (size_t i = 0; i < r->n_paths; i++) {
		uint64_t access = LL_READ;

		if (r->paths[i].write)
			access |= LL_WRITE | LL_TRUNCATE;
		if ((r->may & MAY_EXEC) != 0)
			access |= LANDLOCK_ACCESS_FS_EXECUTE;
		if (!allow_path(rules, r->paths[i].path, access & known, why))
			return false;
	}
	return true;
}

static bool landlock(const struct rights *r, struct sandbox_state *got, struct err *why)
{
	int abi = sandbox_landlock_abi();
	struct ruleset rs = { .fs = all_fs(abi) };
	size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
	int rules;

	got->landlock_abi = abi;
	if (abi == 0)
		return true;
	if (abi >= 4)
		rs.net = LL_NET_BIND_TCP | ((r->may & MAY_CONNECT) != 0 ? 0 : LL_NET_CONNECT_TCP);
	if (abi >= 6)
		rs.scoped = (r->may & MAY_EXEC) != 0 ? 0 : LL_SCOPE_ALL;
	rules = (int)syscall(SYS_landlock_create_ruleset, &rs, size, 0);
	if (rules == -1)
		return err_set(why, ERR_IO, 0, "cannot make a Landlock rule set: %s",
			       strerror(errno));
	bool ok = allow_paths(rules, r, abi, why);
	if (ok && syscall(SYS_landlock_restrict_self, rules, 0) == -1)
		ok = err_set(why, ERR_IO, 0, "cannot enter Landlock: %s", strerror(errno));
	close(rules);
	got->files = ok;
	got->network = ok && abi >= 4;
	return ok;
}

/* clang-format off */
static const int common[] = {
	SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev), SCMP_SYS(pread64),
	SCMP_SYS(pwrite64), SCMP_SYS(close), SCMP_SYS(lseek), SCMP_SYS(fstat), SCMP_SYS(newfstatat),
	SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(statx), SCMP_SYS(access), SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2), SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(getdents64), SCMP_SYS(fcntl),
	SCMP_SYS(flock), SCMP_SYS(fsync), SCMP_SYS(fdatasync), SCMP_SYS(ftruncate), SCMP_SYS(fallocate),
	SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2),
	SCMP_SYS(mkdir), SCMP_SYS(mkdirat), SCMP_SYS(rmdir), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
	SCMP_SYS(fchmod), SCMP_SYS(umask), SCMP_SYS(getcwd), SCMP_SYS(statfs), SCMP_SYS(fstatfs),
	SCMP_SYS(copy_file_range), SCMP_SYS(sync_file_range), SCMP_SYS(fadvise64), SCMP_SYS(readahead),
	SCMP_SYS(dup), SCMP_SYS(dup2), SCMP_SYS(dup3), SCMP_SYS(pipe2), SCMP_SYS(eventfd2),
	SCMP_SYS(memfd_create), SCMP_SYS(inotify_init1), SCMP_SYS(inotify_add_watch),
	SCMP_SYS(inotify_rm_watch), SCMP_SYS(timerfd_create), SCMP_SYS(timerfd_settime),
	SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mprotect), SCMP_SYS(mremap), SCMP_SYS(madvise),
	SCMP_SYS(msync), SCMP_SYS(brk), SCMP_SYS(mlock), SCMP_SYS(munlock),
	SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(select), SCMP_SYS(pselect6), SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait),
	SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(recvmmsg), SCMP_SYS(sendto), SCMP_SYS(sendmsg),
	SCMP_SYS(sendmmsg), SCMP_SYS(shutdown), SCMP_SYS(getsockopt), SCMP_SYS(setsockopt),
	SCMP_SYS(getsockname), SCMP_SYS(getpeername), SCMP_SYS(sendfile), SCMP_SYS(ioctl),
	SCMP_SYS(futex), SCMP_SYS(clone), SCMP_SYS(set_robust_list), SCMP_SYS(get_robust_list),
	SCMP_SYS(rseq), SCMP_SYS(set_tid_address), SCMP_SYS(gettid), SCMP_SYS(getpid), SCMP_SYS(getppid),
	SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity),
	SCMP_SYS(setpriority), SCMP_SYS(membarrier), SCMP_SYS(restart_syscall),
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack),
	SCMP_SYS(rt_sigtimedwait), SCMP_SYS(signalfd4), SCMP_SYS(tgkill), SCMP_SYS(kill),
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep), SCMP_SYS(gettimeofday),
	SCMP_SYS(time), SCMP_SYS(clock_getres),
	SCMP_SYS(getrandom), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid),
	SCMP_SYS(getrlimit), SCMP_SYS(prlimit64), SCMP_SYS(getrusage), SCMP_SYS(sysinfo), SCMP_SYS(uname),
	SCMP_SYS(prctl), SCMP_SYS(arch_prctl),
};
static const int accepting[] = { SCMP_SYS(accept), SCMP_SYS(accept4) };
static const int socketing[] = { SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(bind), SCMP_SYS(listen) };
/* socketpair: by which libcurl wakes its threads */
static const int connecting[] = { SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect), SCMP_SYS(bind) };
static const int executing[] = {
	SCMP_SYS(execve), SCMP_SYS(vfork), SCMP_SYS(fork), SCMP_SYS(wait4), SCMP_SYS(waitid), SCMP_SYS(chdir),
};
static const int narrowing[] = {
	SCMP_SYS(landlock_create_ruleset), SCMP_SYS(landlock_add_rule), SCMP_SYS(landlock_restrict_self),
};
/* clang-format on */

static bool allow(scmp_filter_ctx f, const int *calls, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (seccomp_rule_add(f, SCMP_ACT_ALLOW, calls[i], 0) < 0)
			return false;
	return true;
}

static bool fill(scmp_filter_ctx f, const struct rights *r)
{
	bool ok = allow(f, common, COUNT(common)) &&
		  seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) >= 0;

	if ((r->may & MAY_ACCEPT) != 0)
		ok = ok && allow(f, accepting, COUNT(accepting));
	if ((r->may & MAY_SOCKET) != 0)
		ok = ok && allow(f, socketing, COUNT(socketing));
	if ((r->may & MAY_CONNECT) != 0)
		ok = ok && allow(f, connecting, COUNT(connecting));
	if ((r->may & MAY_EXEC) != 0)
		ok = ok && allow(f, executing, COUNT(executing));
	if ((r->may & MAY_NARROW) != 0)
		ok = ok && allow(f, narrowing, COUNT(narrowing));
	return ok && seccomp_load(f) == 0;
}

static bool filter(const struct rights *r, struct err *why)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ERRNO(EPERM));

	if (f == NULL)
		return err_set(why, ERR_IO, 0, "cannot make a system call filter");
	bool ok = fill(f, r);
	seccomp_release(f);
	return ok ||
	       err_set(why, ERR_IO, 0, "cannot load the system call filter: %s", strerror(errno));
}

static bool limit(int what, uint64_t value, struct err *why)
{
	struct rlimit now, want = { value, value };

	if (value == 0)
		return true;
	if (getrlimit((__rlimit_resource_t)what, &now) == 0 && now.rlim_max < value)
		want.rlim_cur = want.rlim_max = now.rlim_max;
	return setrlimit((__rlimit_resource_t)what, &want) == 0 ||
	       err_set(why, ERR_IO, 0, "cannot set a limit: %s", strerror(errno));
}

bool sandbox_enter(const struct rights *r, struct sandbox_state *got, struct err *why)
{
	*got = (struct sandbox_state){ 0 };
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return err_set(why, ERR_IO, 0, "cannot give up privileges: %s", strerror(errno));
	if (!limit(RLIMIT_CORE, 1, why) || !limit(RLIMIT_NOFILE, r->max_files, why) ||
	    !limit(RLIMIT_AS, r->max_memory, why))
		return false;
	if (!landlock(r, got, why) || !filter(r, why))
		return false;
	got->syscalls = true;
	return true;
}

bool sandbox_narrow(const struct rights *r, struct err *why)
{
	struct sandbox_state got = { 0 };

	return landlock(r, &got, why);
}
