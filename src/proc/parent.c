/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parent.c - opens sockets, starts the processes, starts them again, keeps TCP connections.
 *
 * It parses nothing that came from outside: accepted connections go to watch unread, and while watch
 * is being restarted their bytes wait in the kernel. One thread, one poll loop.
 * Invariant: kids[r].link is open exactly while kids[r].pid > 0.
 */
#include "proc/parent_int.h"

#include "base/buf.h"
#include "base/crypt.h"
#include "base/hash.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "base/time.h"
#include "proc/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	STOP_WAIT_S = 15,
	RESTART_MIN_MS = 50,
	RESTART_MAX_MS = 2000,
	RECV_ARENA = 1 << 20,
	MAX_FILES = 8192,
	YOUNG = 5, /* so many in a row that died young are more than bad luck */
	LOOK_MS = 1000
};

static const enum proc order[] = { PROC_DESK, PROC_WATCH, PROC_SEEK, PROC_COURIER };

bool parent_tell(struct parent *p, enum proc role, enum wire_type type, uint64_t number,
		 const struct buf *json, int fd)
{
	struct err why = { 0 };

	if (p->kids[role].pid <= 0 || p->kids[role].leaving)
		return false;
	if (wire_send(p->kids[role].link, type, number, json == NULL ? STR("") : buf_str(json), fd,
		      &why))
		return true;
	log_warn("%s: %s", proc_name(role), why.text);
	return false;
}

/* Give `to` one end of a new link to `other`, and `other` the other end. */
static void introduce(struct parent *p, enum proc to, enum proc other)
{
	struct err why = { 0 };
	int ends[2];

	if (p->kids[to].pid <= 0 || p->kids[other].pid <= 0)
		return;
	if (!wire_pair(ends, &why)) {
		log_error("%s", why.text);
		return;
	}
	for (int i = 0; i < 2; i++) {
		struct buf b = BUF(256);
		struct jsonw w = { .out = &b };

		jsonw_open(&w, '{');
		jsonw_kv_str(&w, "role", str_of(proc_name(i == 0 ? other : to)));
		jsonw_close(&w, '}');
		parent_tell(p, i == 0 ? to : other, WIRE_PEER, 0, &b, ends[i]);
		buf_free(&b);
		close(ends[i]);
	}
}

static const char *state_of(const struct kid *k)
{
	if (k->pid > 0 && k->ready)
		return "running";
	if (k->young >= YOUNG)
		return "failing";
	return k->pid > 0 ? "starting" : "restarting";
}

static void tell_status(struct parent *p)
{
	struct buf b = BUF(4096);
	struct jsonw w = { .out = &b };

	jsonw_open(&w, '{');
	jsonw_key(&w, "processes");
	jsonw_open(&w, '{');
	for (size_t i = 0; i < COUNT(order); i++) {
		const struct kid *k = &p->kids[order[i]];

		jsonw_key(&w, proc_name(order[i]));
		jsonw_open(&w, '{');
		jsonw_kv_str(&w, "state", str_of(state_of(k)));
		jsonw_kv_int(&w, "restarts", k->restarts);
		jsonw_kv_time(&w, "down_since", k->pid > 0 && k->ready ? TIME_NONE : k->down_since);
		jsonw_kv_time(&w, "last_ended", k->last_ended);
		jsonw_kv_str(&w, "how", str_of(k->how));
		jsonw_close(&w, '}');
	}
	jsonw_close(&w, '}');
	jsonw_close(&w, '}');
	parent_tell(p, PROC_DESK, WIRE_STATUS, 0, &b, -1);
	buf_free(&b);
}

/* In the child: nothing but the link, then the same program again. */
_Noreturn static void become(enum proc role, int link)
{
	sigset_t none;
	char name[16];

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (link == PARENT_LINK || dup2(link, PARENT_LINK) == -1)
		_exit(71);
	snprintf(name, sizeof name, "%s", proc_name(role));
	execl("/proc/self/exe", "canh", "--process", name, (char *)NULL);
	_exit(71);
}

/* Fork and execute `role`; its link in *link, -1 on failure. */
static pid_t fork_process(enum proc role, int *link)
{
	struct err why = { 0 };
	int ends[2];
	pid_t pid;

	if (!wire_pair(ends, &why)) {
		log_error("%s", why.text);
		return -1;
	}
	pid = fork();
	if (pid == 0)
		become(role, ends[1]);
	close(ends[1]);
	if (pid == -1) {
		log_error("cannot start process %s: %s", proc_name(role), strerror(errno));
		close(ends[0]);
		return -1;
	}
	*link = ends[0];
	return pid;
}

static void start(struct parent *p, enum proc role)
{
	struct kid *k = &p->kids[role];
	struct buf config = BUF(1 << 20);

	k->pid = fork_process(role, &k->link);
	if (k->pid == -1) {
		k->start_at = time_monotonic() + RESTART_MAX_MS * 1000;
		return;
	}
	k->ready = false;
	k->started = time_monotonic();
	if (role == PROC_WATCH)
		walls_note(p);
	config_write(p->config, processes[role].tls, &config);
	parent_tell(p, role, WIRE_CONFIG, 0, &config, -1);
	buf_free(&config);
	listeners_hand_out(p, role);
	for (size_t i = 0; i < COUNT(order); i++)
		if (order[i] != role && (role == PROC_DESK || order[i] == PROC_DESK))
			introduce(p, role, order[i]);
	if (role == PROC_WATCH)
		connections_hand_over(p);
	tell_status(p);
}

/* At once the first time; a process that dies young waits longer each time. */
static void wait_longer(struct kid *k)
{
	int64_t lived_ms = (time_monotonic() - k->started) / 1000;

	if (lived_ms > RESTART_MAX_MS || k->young == 0)
		k->backoff_ms = RESTART_MIN_MS;
	else
		k->backoff_ms *= 2;
	if (k->backoff_ms > RESTART_MAX_MS)
		k->backoff_ms = RESTART_MAX_MS;
	k->young = lived_ms > RESTART_MAX_MS ? 0 : k->young + 1;
	k->start_at = time_monotonic() + k->backoff_ms * 1000;
	k->restarts++;
}

static enum ending how_ended(struct kid *k, int status)
{
	bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;

	if (k->stalled)
		snprintf(k->how, sizeof k->how, "stall");
	else if (WIFSIGNALED(status))
		snprintf(k->how, sizeof k->how, "signal %d (%s)", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
	else
		snprintf(k->how, sizeof k->how, "status %d", WEXITSTATUS(status));
	k->last_ended = time_now();
	return k->stalled ? ENDED_STALLED : killed ? ENDED_FROM_OUTSIDE : ENDED_BY_ITSELF;
}

static void ended(struct parent *p, enum proc role, int status)
{
	struct kid *k = &p->kids[role];
	enum ending ending = how_ended(k, status);

	close(k->link);
	k->pid = 0;
	k->stalled = false;
	if (k->ready || k->down_since == TIME_NONE)
		k->down_since = time_now();
	if (role == PROC_WATCH)
		gaps_note(p);
	if (p->stopping)
		return;
	if (k->leaving) {
		k->leaving = false;
		k->start_at = 0;
		tell_status(p);
		return;
	}
	log_error("process %s ended: %s", proc_name(role), k->how);
	if (role == PROC_WATCH)
		poison_note(p, ending, k->how);
	wait_longer(k);
	tell_status(p);
}

static void reap(struct parent *p)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (size_t i = 0; i < COUNT(order); i++)
			if (p->kids[order[i]].pid == pid)
				ended(p, order[i], status);
}

/* `role` wants an upload parsed: a clerk of its own, which ends after it. */
static void start_clerk(struct parent *p, enum proc role, uint64_t number)
{
	struct buf config = BUF(1 << 20), none = BUF(16);
	struct err why = { 0 };
	int link = -1;

	if (fork_process(PROC_CLERK, &link) == -1)
		return;
	config_write(p->config, processes[PROC_CLERK].tls, &config);
	if (wire_send(link, WIRE_CONFIG, 0, buf_str(&config), -1, &why))
		parent_tell(p, role, WIRE_PEER, number, &none, link);
	else
		log_error("clerk: %s", why.text);
	buf_free(&config);
	close(link);
}

static void kid_ready(struct parent *p, enum proc role, struct str payload)
{
	struct kid *k = &p->kids[role];

	k->ready = true;
	k->down_since = TIME_NONE;
	if (role == PROC_DESK && !p->announced) {
		p->announced = true;
		announce(payload);
		supervisor_tell("READY=1");
	}
	tell_status(p);
}

static void message(struct parent *p, enum proc role)
{
	struct arena a = p->scratch;
	struct wire_msg m;
	struct err why = { 0 };

	if (!wire_recv(p->kids[role].link, role, &a, &m, &why)) {
		if (why.kind != ERR_ABSENT)
			log_error("%s", why.text);
		/* Its end comes with SIGCHLD; a process that lies is ended here. */
		if (p->kids[role].pid > 0)
			kill(p->kids[role].pid, why.kind == ERR_ABSENT ? SIGTERM : SIGKILL);
		p->kids[role].mute = true;
		return;
	}
	if (m.type == WIRE_READY)
		kid_ready(p, role, m.payload);
	else if (m.type == WIRE_CLOSED)
		connection_closed(p, m.payload);
	else if (m.type == WIRE_NEED_CLERK)
		start_clerk(p, role, m.number);
	else if (m.type == WIRE_NEED_DOOR)
		door_give(p, m.number, m.payload);
	else if (m.type == WIRE_CONFIGURE)
		parent_reload(p, m.number);
	else if (m.type == WIRE_RENEW)
		parent_renew(p);
	wire_drop(&m);
}

void process_leave(struct parent *p, enum proc role)
{
	struct kid *k = &p->kids[role];

	if (k->pid <= 0 || k->leaving)
		return;
	/* it reads what was sent before, then finds the end */
	shutdown(k->link, SHUT_WR);
	k->leaving = true;
}

static void stop_all(struct parent *p)
{
	supervisor_tell("STOPPING=1");
	p->stopping = true;
	p->stop_by = time_monotonic() + STOP_WAIT_S * TIME_SECOND;
	for (size_t i = 0; i < COUNT(order); i++)
		if (p->kids[order[i]].pid > 0)
			kill(p->kids[order[i]].pid, SIGTERM);
}

static void take_signals(struct parent *p)
{
	struct signalfd_siginfo s;

	while (read(p->signals, &s, sizeof s) == (ssize_t)sizeof s) {
		if (s.ssi_signo == SIGCHLD)
			reap(p);
		else if (p->stopping)
			continue;
		else if (s.ssi_signo == SIGHUP && s.ssi_code != SI_KERNEL)
			parent_reload(p, 0);
		else
			stop_all(p); /* also when the terminal is gone */
	}
}

/* A watch that reads on and on at one record takes nothing in any more: end it, the record is set
 * aside. */
static void look_at_watch(struct parent *p)
{
	struct kid *k = &p->kids[PROC_WATCH];
	int64_t now = time_monotonic();

	if (k->pid <= 0 || p->stopping) {
		memset(p->stall, 0, sizeof p->stall);
		return;
	}
	if (now < p->look_at)
		return;
	p->look_at = now + LOOK_MS * 1000;
	if (k->stalled || !poison_stalled(p))
		return;
	log_error("process watch has been reading one record or body for too long: it is ended");
	k->stalled = true;
	kill(k->pid, SIGKILL);
}

/* Start what is due; the time to wait for the next, or for the next look at watch, in ms. */
static int due(struct parent *p)
{
	int64_t now = time_monotonic();
	int wait = p->accept_at > now ? (int)((p->accept_at - now) / 1000) + 1 : -1;

	for (size_t i = 0; i < COUNT(order) && !p->stopping; i++) {
		struct kid *k = &p->kids[order[i]];

		if (k->pid > 0)
			continue;
		if (k->start_at <= now) {
			k->mute = false;
			start(p, order[i]);
			continue;
		}
		int ms = (int)((k->start_at - now) / 1000) + 1;
		wait = wait == -1 || ms < wait ? ms : wait;
	}
	if (p->stopping)
		return 200;
	return wait == -1 || wait > LOOK_MS ? LOOK_MS : wait;
}

static bool all_ended(struct parent *p)
{
	bool over = time_monotonic() > p->stop_by;
	bool none = true;

	for (size_t i = 0; i < COUNT(order); i++) {
		if (p->kids[order[i]].pid <= 0)
			continue;
		none = false;
		if (over)
			kill(p->kids[order[i]].pid, SIGKILL);
	}
	return none;
}

static void turn(struct parent *p)
{
	struct pollfd fds[1 + PROC_COUNT + CONFIG_MAX_LISTENERS];
	size_t n = 0, roles[PROC_COUNT], n_roles = 0;
	int wait;

	look_at_watch(p);
	wait = supervisor_alive(due(p));
	fds[n++] = (struct pollfd){ .fd = p->signals, .events = POLLIN };
	for (size_t i = 0; i < COUNT(order); i++) {
		const struct kid *k = &p->kids[order[i]];

		if (k->pid <= 0 || k->mute)
			continue;
		roles[n_roles++] = order[i];
		fds[n++] = (struct pollfd){ .fd = k->link, .events = POLLIN };
	}
	n += listeners_poll(p, fds + n);
	if (poll(fds, n, wait) == -1 && errno != EINTR)
		die("cannot wait: %s", strerror(errno));
	for (size_t i = 0; i < n_roles; i++)
		if (fds[1 + i].revents != 0)
			message(p, (enum proc)roles[i]);
	listeners_accept(p, fds + 1 + n_roles, n - 1 - n_roles);
	if (fds[0].revents != 0)
		take_signals(p);
}

/* desk may write to the file of the witness only if it is there. */
static bool make_witness(const struct config *c, struct err *why)
{
	char path[4096];
	int fd;

	if (c->witness.n == 0)
		return true;
	snprintf(path, sizeof path, "%.*s", STR_ARG(c->witness));
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644);
	if (fd == -1)
		return err_set(why, ERR_IO, 0, "cannot open '%s': %s", path, strerror(errno));
	close(fd);
	return true;
}

static bool open_shared(struct parent *p, struct err *why)
{
	p->shared_fd = shared_make(why);
	return p->shared_fd != -1 && (p->shared = shared_map(p->shared_fd, why)) != NULL;
}

static bool prepare(struct parent *p, struct err *why)
{
	struct rlimit files;
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGCHLD);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGHUP);
	signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &mask, NULL) == -1 ||
	    (p->signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK)) == -1)
		return err_set(why, ERR_IO, 0, "cannot take signals: %s", strerror(errno));
	/* the connections it keeps, and what is under way to watch: more than the usual 1024 */
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
		files.rlim_cur = files.rlim_max < MAX_FILES ? files.rlim_max : MAX_FILES;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	if (!arena_reserve(&p->scratch, RECV_ARENA))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	return certificate_read(p->config, &p->cert_room, why) && data_folders(p->config, why) &&
	       make_witness(p->config, why) && open_shared(p, why) && listeners_open(p, why);
}

int parent_run(struct config *c, const struct settings_again *again)
{
	static struct parent p;
	struct err why = { 0 };
	char text[ERR_TEXT_MAX];

	supervisor_open();
	p.config = c;
	p.again = again;
	p.walls = BUF(CONFIG_MAX_FOLLOW * (size_t)4096);
	for (size_t i = 0; i < PROC_COUNT; i++)
		p.kids[i].down_since = p.kids[i].last_ended = TIME_NONE;
	if (!prepare(&p, &why)) {
		fprintf(stderr, "canh: %s\n", err_text(&why, msg_lang(), text, sizeof text));
		return why.kind == ERR_IO ? 65 : 70;
	}
	while (!p.stopping || !all_ended(&p))
		turn(&p);
	return 0;
}
