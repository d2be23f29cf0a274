/* SPDX-License-Identifier: Apache-2.0 */
/*
 * own_server.c - no second way into the store: where no server runs, one is started as an operator
 * would, with its processes and their rights, and stopped when all is stored.
 */
#include "cmd/own_server.h"

#include "base/json.h"
#include "base/time.h"
#include "cmd/server_ask.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READY_WAIT_S = 60, STEP_US = 100000, ANSWER_MAX = 1 << 20 };

/* ERR_ABSENT: no server runs there. *ready: it has loaded its rules. */
static bool look(const char *data, bool *ready, struct err *why)
{
	struct buf answer = BUF(ANSWER_MAX);
	struct json *j = NULL;
	unsigned status = 0;
	bool ok = server_ask(
		&(const struct server_call){ data, NULL, "GET", "/api/v1/health", NULL, STR("") },
		&status, &answer, why);

	*ready = ok && status == 200 && json_parse(buf_str(&answer), ANSWER_MAX, &j, NULL) &&
		 json_bool(json_get(j, "ready"), false);
	json_free(j);
	buf_free(&answer);
	return ok;
}

_Noreturn static void become_server(const struct own_server *s)
{
	const char *const extra[][2] = { { "--config", s->config }, { "--clock", s->clock } };
	const char *argv[11] = { "canh", "serve", "--data", s->data, "--http", "127.0.0.1:0" };
	size_t n = 6;
	union {
		const char **c;
		char **v;
	} args = { argv };
	int null = open("/dev/null", O_RDWR);
	int log = s->log == NULL ? null
				 : open(s->log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	for (size_t i = 0; i < COUNT(extra); i++) {
		if (extra[i][1] == NULL)
			continue;
		argv[n++] = extra[i][0];
		argv[n++] = extra[i][1];
	}
	dup2(null, STDIN_FILENO);
	dup2(log, STDOUT_FILENO);
	dup2(log, STDERR_FILENO);
	setpgid(0, 0); /* Ctrl-C is for us, and its end follows ours */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	execv("/proc/self/exe", args.v);
	_exit(71);
}

bool own_server_begin(struct own_server *s, struct err *why)
{
	int64_t until = time_monotonic() + READY_WAIT_S * TIME_SECOND;
	bool ready = false;
	int status;

	if (!look(s->data, &ready, why)) {
		if (why->kind != ERR_ABSENT)
			return false;
		s->pid = fork();
		if (s->pid == 0)
			become_server(s);
		if (s->pid == -1) {
			s->pid = 0;
			return err_set(why, ERR_IO, 0, "cannot start a process: %s",
				       strerror(errno));
		}
	}
	while (!ready && time_monotonic() < until) {
		usleep(STEP_US);
		if (s->pid > 0 && waitpid(s->pid, &status, WNOHANG) == s->pid) {
			s->pid = 0;
			return err_set(why, ERR_IO, 0,
				       "canh cannot be started on '%s'; 'canh serve' says why",
				       s->data);
		}
		(void)!look(s->data, &ready, why);
	}
	if (ready)
		return true;
	own_server_end(s);
	return err_set(why, ERR_IO, 0, "the server on '%s' does not get ready", s->data);
}

void own_server_end(struct own_server *s)
{
	if (s->pid == 0)
		return;
	kill(s->pid, SIGTERM);
	while (waitpid(s->pid, NULL, 0) == -1 && errno == EINTR)
		;
	s->pid = 0;
}
