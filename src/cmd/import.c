/* SPDX-License-Identifier: Apache-2.0 */
/*
 * import.c - `canh import`: old logs by hand, from files, folders, archives or the standard input, into
 * a server that runs or not.
 *
 * One process reads and unpacks, without rights; this one pushes what it sends over the socket of the
 * data folder, a body at a time, each with a key, so that one that must be sent again is stored once.
 */
#include "base/json.h"
#include "base/unpack.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "cmd/cmd.h"
#include "cmd/import_int.h"
#include "cmd/open_state.h"
#include "cmd/opts.h"
#include "cmd/own_server.h"
#include "cmd/own_token.h"
#include "cmd/tell.h"
#include "event/binary.h"
#include "event/formats.h"
#include "ingest/chunk.h"
#include "ingest/wide.h"
#include "net/client.h"
#include "proc/local.h"
#include "proc/rpc.h"

#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	BODY_BYTES = 8 << 20,
	LONG_BYTES =
		24 << 20, /* of a body for a record that is longer than that: the server cuts it */
	HOLD_MAX = LONG_BYTES + (1 << 20),
	NAME_MAX_BYTES = 512,
	ANSWER_MAX = 1 << 20,
	TRIES = 60,
	PUSH_TIMEOUT_S = 120,
	UNAUTHENTICATED = 401,
	REASONS_MAX = 16
};

struct import {
	const char *data, *format, *tz, *config;
	struct own_token mine;
	char secret[ACCESS_SECRET_MAX];
	char id[UUID_MAX];
	uint64_t bodies;
	/* the file at hand */
	char name[NAME_MAX_BYTES + 1];
	bool fresh, refused; /* no byte has come; it is none that is read */
	struct err binary;   /* then: what it is */
	size_t need;         /* bytes that make a body */
	enum wide wide;
	struct buf hold, text;
	/* what became of it */
	uint64_t files, unread, received, stored, bytes;
	struct {
		char reason[32];
		uint64_t n;
	} dropped[REASONS_MAX];
	struct tell_progress progress;
};

/* --- one body --- */

static void put_escaped(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		    c == '-' || c == '.' || c == '_' || c == '~')
			buf_char(out, (char)c);
		else
			buf_printf(out, "%%%02X", c);
	}
}

static void put_url(const struct import *m, struct buf *out)
{
	buf_add(out, STR("http://localhost/api/v1/ingest?import=1&source="));
	put_escaped(out, str_of(m->name));
	if (m->format != NULL) {
		buf_add(out, STR("&format="));
		put_escaped(out, str_of(m->format));
	}
	if (m->tz != NULL) {
		buf_add(out, STR("&tz="));
		put_escaped(out, str_of(m->tz));
	}
	buf_char(out, '\0');
}

static void count_drop(struct import *m, struct str reason, uint64_t n)
{
	for (size_t i = 0; i < REASONS_MAX; i++) {
		if (m->dropped[i].n > 0 && !str_eq(str_of(m->dropped[i].reason), reason))
			continue;
		snprintf(m->dropped[i].reason, sizeof m->dropped[i].reason, "%.*s",
			 STR_ARG(reason));
		m->dropped[i].n += n;
		return;
	}
}

static bool take_counts(struct import *m, struct str answer, struct err *why)
{
	struct json *j = NULL;
	const struct json *v;
	const void *it = NULL;
	int64_t received = 0, stored = 0, n;
	struct str key;

	if (!json_parse(answer, ANSWER_MAX, &j, why))
		return false;
	bool ok = json_int(json_get(j, "received"), &received) &&
		  json_int(json_get(j, "stored"), &stored);
	m->received += (uint64_t)received;
	m->stored += (uint64_t)stored;
	while (ok && (it = json_next(json_get(j, "dropped"), it, &key, &v)) != NULL)
		if (json_int(v, &n) && n > 0)
			count_drop(m, key, (uint64_t)n);
	json_free(j);
	return ok || err_set(why, ERR_IO, 0, "the server gave an unreadable answer");
}

/* 0: it did not answer. */
static unsigned push_once(struct import *m, const struct http_ask *ask, struct buf *answer,
			  struct err *why)
{
	struct http_ask to = *ask;
	struct local l;
	unsigned status = 0;

	buf_clear(answer);
	if (!local_open(m->data, &l, why))
		return 0;
	to.socket = l.path;
	to.token = m->secret;
	if (!http_ask(&to, &status, answer, NULL, why))
		status = 0;
	local_close(&l);
	return status;
}

/* The words of a problem that the server answers with. */
static bool refused(unsigned status, struct str answer, struct err *why)
{
	struct json *j = NULL;
	struct str detail = STR("");

	if (json_parse(answer, ANSWER_MAX, &j, NULL))
		detail = json_get_str(j, "detail");
	err_set(why, ERR_INPUT, 0, "the server answers %u: %.*s", status, STR_ARG(detail));
	json_free(j);
	return false;
}

/* Until it is durable. A server that is busy or starts anew is waited for: the key keeps it from being
 * stored twice. */
static bool push(struct import *m, struct str body, struct err *why)
{
	struct buf url = BUF(8192), answer = BUF(ANSWER_MAX);
	char key[UUID_MAX + 24];
	unsigned status = 0;

	put_url(m, &url);
	snprintf(key, sizeof key, "%s-%ju", m->id, (uintmax_t)m->bodies++);
	const struct http_ask ask = { .method = "POST",
				      .url = url.p,
				      .key = key,
				      .type = "text/plain",
				      .body = body,
				      .timeout_s = PUSH_TIMEOUT_S };
	for (int i = 0; i < TRIES; i++) {
		status = push_once(m, &ask, &answer, why);
		if (status == UNAUTHENTICATED && !own_token_make(&m->mine, m->secret, why))
			break;
		if (status != UNAUTHENTICATED && status != 0 && status != 429 && status < 500)
			break;
		if (status != UNAUTHENTICATED)
			sleep(1);
	}
	bool ok = status == 200 ? take_counts(m, buf_str(&answer), why)
		  : status == 0 ? err_set(why, ERR_IO, 0, "the server does not answer")
				: refused(status, buf_str(&answer), why);
	buf_free(&url);
	buf_free(&answer);
	return ok;
}

/* Whole records of what is held go; with `last` all of it. */
static bool pour(struct import *m, bool last, struct err *why)
{
	while (m->hold.n >= m->need || (last && m->hold.n > 0)) {
		struct str bytes = str_sub(buf_str(&m->hold), 0, m->need);
		bool end = last && bytes.n == m->hold.n;
		struct str text = wide_text(&m->text, bytes, m->wide, end);
		struct chunk *c = chunk_new(DOOR_IMPORT, STR(""), STR(""), PUSH_RECORDS, text.n);
		size_t used = c == NULL || m->text.full ? 0 : chunk_fill(c, text, end);
		bool ok = c != NULL && !m->text.full, any = ok && c->n > 0;
		chunk_free(c);
		if (!ok)
			return err_set(why, ERR_LIMIT, 0, "no memory");
		if (used == 0 && m->need < LONG_BYTES) {
			m->need = LONG_BYTES;
			continue;
		}
		m->need = BODY_BYTES;
		any = any || used == 0;
		used = used == 0 ? text.n : used; /* the server says that it is too long */
		if (any && !push(m, str_sub(text, 0, used), why))
			return false;
		buf_eat(&m->hold, wide_used(bytes, text, m->wide, used, end));
	}
	return true;
}

/* --- what the reader sends --- */

static void progress(struct import *m, bool last)
{
	if (tell_progress_due(&m->progress, last))
		fprintf(stderr, msg(MSG_ID("\r\033[K%llu files, %llu MiB, %llu records stored")),
			(unsigned long long)m->files, (unsigned long long)(m->bytes >> 20),
			(unsigned long long)m->stored);
}

static void begin_file(struct import *m, struct str name)
{
	size_t cut = name.n > NAME_MAX_BYTES ? name.n - NAME_MAX_BYTES : 0;

	m->files++;
	m->fresh = true;
	m->refused = false;
	m->need = BODY_BYTES;
	m->wide = WIDE_NONE;
	buf_clear(&m->hold);
	snprintf(m->name, sizeof m->name, "%.*s", STR_ARG(str_skip(name, cut)));
	for (char *c = m->name; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
}

static void end_file(struct import *m, struct str lost)
{
	struct err why = m->binary;

	if (lost.n == 0 && !m->refused)
		return;
	if (!m->refused)
		(void)rpc_read_failure(lost, &why);
	progress(m, true);
	tell_fault(m->name, &why);
	m->unread++;
}

static bool take_bytes(struct import *m, struct str bytes, struct err *why)
{
	if (m->fresh) {
		m->wide = utf16_told(bytes);
		m->refused = binary_known(bytes, &m->binary);
	}
	m->fresh = false;
	m->bytes += bytes.n;
	progress(m, false);
	if (m->refused)
		return true;
	buf_add(&m->hold, bytes);
	return (!m->hold.full || err_set(why, ERR_LIMIT, 0, "no memory")) && pour(m, false, why);
}

static bool take(struct import *m, const struct wire_msg *w, struct err *why)
{
	switch (w->type) {
	case WIRE_MEMBER:
		begin_file(m, w->payload);
		return true;
	case WIRE_BYTES:
		return take_bytes(m, w->payload, why);
	case WIRE_MEMBER_END:
		if (!pour(m, true, why))
			return false;
		end_file(m, w->payload);
		return true;
	default:
		return true;
	}
}

static bool take_all(struct import *m, int link, struct err *why)
{
	struct arena whole;
	struct wire_msg w = { .fd = -1 };
	bool ok = true;

	if (!arena_reserve(&whole, 1 << 20))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	do {
		struct arena a = whole;

		wire_drop(&w);
		ok = wire_recv(link, PROC_CLERK, &a, &w, why) && take(m, &w, why);
	} while (ok && w.type != WIRE_DONE);
	if (!ok && why->kind == ERR_ABSENT)
		err_set(why, ERR_INPUT, 0,
			"the process that read it was ended; '%s' may be made to do that", m->name);
	wire_drop(&w);
	arena_release(whole);
	return ok;
}

/* --- the command --- */

static uint64_t all_dropped(const struct import *m)
{
	uint64_t n = 0;

	for (size_t i = 0; i < REASONS_MAX; i++)
		n += m->dropped[i].n;
	return n;
}

static void report(struct import *m)
{
	progress(m, true);
	printf(msg(MSG_ID("%llu received, %llu stored, %llu dropped")),
	       (unsigned long long)m->received, (unsigned long long)m->stored,
	       (unsigned long long)all_dropped(m));
	for (size_t i = 0; i < REASONS_MAX && m->dropped[i].n > 0; i++)
		printf("%s%s %llu", i == 0 ? " (" : ", ", m->dropped[i].reason,
		       (unsigned long long)m->dropped[i].n);
	printf("%s\n", m->dropped[0].n > 0 ? ")" : "");
	fprintf(stderr, msg(MSG_ID("%llu files read, %llu not or not to their end\n")),
		(unsigned long long)(m->files - m->unread), (unsigned long long)m->unread);
}

/* What was brought in by hand is an act that a report may cite. */
static bool note(struct import *m, const char *what, struct err *why)
{
	struct opened_state s;
	struct ledger_note n = { "canh", "events.imported", str_of(what), TIME_NONE };

	if (!command_state_open(m->data, &s))
		return err_set(why, ERR_IO, 0, "the import is not in the ledger");
	bool ok = db_begin(s.db, why) &&
		  db_leave(s.db,
			   ledger_append(s.db, &n,
					 LEDGER_FIELDS(F_INT("files", m->files),
						       F_INT("unread", m->unread),
						       F_INT("bytes", m->bytes),
						       F_INT("received", m->received),
						       F_INT("stored", m->stored),
						       F_INT("dropped", all_dropped(m))),
					 NULL, why),
			   why);
	command_state_close(&s);
	return ok;
}

/* The process that reads; its link in *link. */
static pid_t start_reader(char **paths, size_t n, int *link, struct err *why)
{
	int ends[2];
	pid_t pid;

	if (!wire_pair(ends, why))
		return -1;
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		import_read(paths, n, ends[1]);
	}
	close(ends[1]);
	*link = ends[0];
	if (pid == -1) {
		close(ends[0]);
		err_set(why, ERR_IO, 0, "cannot start a process: %s", strerror(errno));
	}
	return pid;
}

static int status_of(const struct import *m, bool ok)
{
	if (!ok)
		return m->stored > 0 ? EXIT_PART : EXIT_INPUT;
	if (m->files == m->unread && m->stored == 0)
		return EXIT_INPUT;
	return m->unread > 0 || all_dropped(m) > 0 ? EXIT_PART : EXIT_DONE;
}

static int run(struct import *m, char **paths, size_t n)
{
	struct own_server server = { .data = m->data, .config = m->config };
	struct err why = { 0 };
	int link = -1;

	uuid_new(m->id);
	m->mine = (struct own_token){ m->data, "import", ROLE_SOURCE };
	m->hold = BUF(HOLD_MAX);
	m->text = BUF(4 * (size_t)HOLD_MAX);
	/* before anything is opened that it should not have */
	pid_t reader = start_reader(paths, n, &link, &why);
	bool ok = reader != -1 && own_server_begin(&server, &why);
	if (ok) {
		own_token_kept(&m->mine, m->secret);
		ok = take_all(m, link, &why);
	}
	if (reader != -1) {
		close(link); /* it ends, if it has not */
		waitpid(reader, NULL, 0);
	}
	progress(m, true);
	if (!ok)
		command_complain(&why);
	if (m->files > 0 && !note(m, n == 1 ? paths[0] : "...", &why))
		command_complain(&why);
	own_server_end(&server);
	report(m);
	buf_free(&m->hold);
	buf_free(&m->text);
	return status_of(m, ok);
}

int cmd_import(int argc, char **argv)
{
	static struct import m;
	const struct opt table[] = {
		{ "data", OPT_TEXT, &m.data, "DIR", MSG_ID("the data folder") },
		{ "format", OPT_TEXT, &m.format, "FORMAT",
		  MSG_ID("format of the records, where it is not told from them") },
		{ "tz", OPT_TEXT, &m.tz, "ZONE", MSG_ID("zone of times that tell none") },
		{ "config", OPT_TEXT, &m.config, "FILE",
		  MSG_ID("settings (canh.yaml), where no server runs") },
	};
	const struct opts o = {
		"import",
		"PATH...|-",
		MSG_ID("Bring old logs in by hand: files, folders, archives (zip, 7z, tar, gz, bz2, xz, "
		       "zst) or the standard input, into a canh that runs or not. Prints what was "
		       "received, stored and dropped when all of it is on disk."),
		table,
		COUNT(table),
		1,
		SIZE_MAX
	};
	struct err why = { 0 };
	struct zone *zone;
	size_t n;
	enum opts_result got = opts_parse(&o, argc, argv, &n);

	if (got != OPTS_GO)
		return opts_exit(got);
	if (m.data == NULL) {
		fprintf(stderr, "%s", msg(MSG_ID("canh import needs --data\n")));
		return EXIT_USAGE;
	}
	if (m.format != NULL && format_find(str_of(m.format)) == FORMAT_UNPARSED) {
		fprintf(stderr, msg(MSG_ID("there is no log format '%s'\n")), m.format);
		return EXIT_USAGE;
	}
	zone = m.tz == NULL ? NULL : zone_load(str_of(m.tz), &why);
	if (m.tz != NULL && zone == NULL) {
		tell_fault("--tz", &why);
		return EXIT_USAGE;
	}
	zone_free(zone);
	return run(&m, argv, n);
}
