/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo.c - `canh demo`: thirty days of an agency that does not exist, through the real path.
 *
 * A real `canh serve` runs under a clock that this command moves hour by hour; what the agency's
 * machines write is pushed to it as any sender would, and its people work the alerts. All stays marked
 * as simulated. The same seed and end give the same days.
 */
#include "cmd/demo_int.h"

#include "base/file.h"
#include "base/msg.h"
#include "base/num.h"
#include "cmd/cmd.h"
#include "cmd/demo_mail.h"
#include "cmd/opts.h"
#include "respond/alert.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	DAYS_MAX = 365,
	BODY_MAX = 8 << 20,
	ANSWER_MAX = 1 << 20,
	PATH_CAP = 4096,
	HITS_WAIT_MS = 5000,
	PLAY_EVERY_S = 10,
	PLAY_ALONE_S = 60
};

static void clock_to(struct demo *d, int64_t t)
{
	int64_t real = time_now() - *d->shift;

	__atomic_store_n(d->shift, t - real, __ATOMIC_RELAXED);
}

static bool clock_make(struct demo *d, char path[PATH_CAP], struct err *why)
{
	static const int64_t none[2] = { 0, 1 }; /* proc/simclock.h: not moved, skipping */

	snprintf(path, PATH_CAP, "%s/clock", d->data);
	if (!dir_make(d->data, 0700, why) ||
	    !file_save(AT_FDCWD, path, (struct str){ (const char *)none, sizeof none }, 0600, why))
		return false;
	int fd = open(path, O_RDWR | O_CLOEXEC);
	void *page = fd == -1 ? MAP_FAILED
			      : mmap(NULL, sizeof none, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (fd != -1)
		close(fd);
	if (page == MAP_FAILED)
		return err_set(why, ERR_IO, 0, "cannot open '%s': %s", path, strerror(errno));
	d->shift = page;
	time_shifted_by(d->shift);
	return true;
}

void demo_nap(void)
{
	usleep(DEMO_STEP_MS * 1000);
}

bool demo_ask(struct demo *d, const struct server_call *c, struct buf *answer, struct err *why)
{
	struct buf own = BUF(ANSWER_MAX), *into = answer != NULL ? answer : &own;
	struct server_call call = *c;
	unsigned status = 0;

	call.data = d->data;
	bool ok = server_ask(&call, &status, into, why);
	if (ok && status >= 300)
		ok = err_set(why, ERR_STATE, 0, "%s: %u %.*s", c->path, status,
			     STR_ARG(str_sub(buf_str(into), 0, 300)));
	buf_free(&own);
	return ok;
}

static bool start(struct demo *d, struct err *why)
{
	static char clock[PATH_CAP], log[PATH_CAP];

	if (!clock_make(d, clock, why))
		return false;
	clock_to(d, d->now - (int64_t)d->days * TIME_DAY);
	snprintf(log, sizeof log, "%s/demo.log", d->data);
	d->server = (struct own_server){ .data = d->data, .clock = clock, .log = log };
	return own_server_begin(&d->server, why);
}

/* All tests of canh's own ways in, and the clock stands until each came back: by an hour that is skipped
 * none could. The drop folder's is sent last. */
static bool controls(struct demo *d, struct err *why)
{
	int64_t begun = time_now(), left = 1, drop = 0;
	struct db_val since[] = { V_TIME(begun) };

	const struct server_call send = { .token = d->admin,
					  .method = "POST",
					  .path = "/api/v1/controls",
					  .type = "application/json",
					  .body = STR("") };
	if (!demo_ask(d, &send, NULL, why))
		return false;
	for (int ms = 0; left > 0 && ms < DEMO_WAIT_MS; ms += DEMO_STEP_MS) {
		demo_nap();
		if (!db_number(
			    d->state.db,
			    "SELECT count(*) FROM control_tests WHERE subject = 'drop' AND sent >= $1",
			    since, 1, &drop, why) ||
		    !db_number(
			    d->state.db,
			    "SELECT count(*) FROM control_tests WHERE passed IS NULL AND sent >= $1",
			    since, 1, &left, why))
			return false;
		left += drop == 0;
	}
	return left == 0 ||
	       err_set(why, ERR_STATE, 0, "%jd control tests did not come back", (intmax_t)left);
}

/* ---- what the people do: `when` is hours before the end */

enum { WHEN_STEP = 1, CONTROLS_EVERY = 20 };
static const struct planned {
	int64_t when;
	enum demo_act act;
} plan[] = {
	{ 650, DEMO_MALWARE }, { 590, DEMO_UPLOAD },    { 520, DEMO_PROTECTION },
	{ 430, DEMO_GUESSED }, { 290, DEMO_WEBSHELL },  { 200, DEMO_MALWARE },
	{ 130, DEMO_CLEARED }, { 52, DEMO_PROTECTION }, { 5, DEMO_CONTROL },
	{ 1, DEMO_MALWARE },
};
/* content/rules/linux/password_login_outside.yml */
static const char noisy_rule[] = "2f69542d-57cb-5f22-a93d-6d223f3573d7";
#define ACT_AT (40 * TIME_MINUTE) /* within the hour */
enum { NOISE_FROM = 130, NOISE_TO = 6, DEAD_SOURCE = 40, OWN_LISTED = 216, LETTER = 74 };

static bool push(struct demo *d, enum demo_source s, struct err *why)
{
	struct str body = buf_str(&d->body);

	if (body.n == 0)
		return true;
	for (size_t i = 0; i < body.n; i++)
		d->sent += body.p[i] == '\n';
	const struct server_call c = { .token = d->token[s],
				       .method = "POST",
				       .path = "/api/v1/ingest",
				       .type = demo_source_type(s),
				       .body = body };
	bool ok = demo_ask(d, &c, NULL, why);
	buf_clear(&d->body);
	return ok;
}

static bool hour_of_all(struct demo *d, int64_t hour, int64_t before_end, struct err *why)
{
	for (enum demo_source s = 0; s < DEMO_SOURCES; s++) {
		if (s == DEMO_PORTAL && before_end <= DEAD_SOURCE)
			continue; /* its sender died, and nobody noticed */
		demo_lines(d->seed, s, hour, hour + TIME_HOUR, &d->body);
		if (d->beat[s][0] != '\0')
			demo_beat(s, hour, d->beat[s], &d->body);
		if (d->body.full || !push(d, s, why))
			return false;
	}
	return true;
}

static bool open_alerts(struct demo *d, int64_t *n, struct err *why)
{
	return db_number(d->state.db, "SELECT COUNT(*) FROM alerts WHERE state = 'new'", NULL, 0, n,
			 why);
}

/* An act, and until its alert stands there: so that it is opened at its hour. */
static bool act_now(struct demo *d, const struct planned *p, bool wait, struct err *why)
{
	int64_t before = 0, after = 0;

	if (!open_alerts(d, &before, why))
		return false;
	demo_act(p->act, d->now - p->when * TIME_HOUR + ACT_AT, &d->body);
	if (!push(d, demo_act_source(p->act), why))
		return false;
	for (int ms = 0; wait && ms < HITS_WAIT_MS; ms += DEMO_STEP_MS) {
		demo_nap();
		if (!open_alerts(d, &after, why))
			return false;
		if (after > before)
			break;
	}
	return true;
}

struct taken {
	char alert[UUID_MAX];
	bool noise; /* of the contractor's rule, while he works */
};

/* The oldest alert that nobody took, by a rule or a list; that of the noisy rule only when `noisy`. */
static bool first_new(struct demo *d, bool noisy, struct taken *out, bool *any, struct err *why)
{
	struct db_rows *r = db_query(d->state.db,
				     "SELECT id, rule FROM alerts WHERE state = 'new' "
				     "AND channel = 'rule' AND (rule <> $1 OR $2) "
				     "ORDER BY opened LIMIT 1",
				     DB_VALS(V_Z(noisy_rule), V_INT(noisy)), why);

	*any = db_next(r);
	if (*any) {
		snprintf(out->alert, sizeof out->alert, "%.*s", STR_ARG(db_text(r, 0)));
		out->noise = str_eq(db_text(r, 1), str_of(noisy_rule));
	}
	return db_end(r, why);
}

/* By him who has the watch: acknowledged within minutes, judged within the hour; what is found false says why. */
static bool work(struct demo *d, const struct taken *t, size_t nth, struct err *why)
{
	static const char *const acts[] = {
		"Đã cách ly máy, đổi mật khẩu, báo cán bộ phụ trách",
		"Đã chặn địa chỉ trên tường lửa và kiểm tra máy liên quan",
	};
	const char *who = d->person[demo_on_watch(time_now())];
	char actor[UUID_MAX + 8];
	struct alert_changed changed;
	bool real = !t->noise;

	snprintf(actor, sizeof actor, "user:%s", who);
	const struct actor a = { .actor = actor, .user = str_of(who) };
	const struct alert_patch ack = { .state = STR("acknowledged"),
					 .has_assignee = true,
					 .assignee = str_of(who),
					 .if_version = -1 };
	const struct alert_patch judge = {
		.verdict = real ? STR("true") : STR("false"),
		.reason = real ? STR("Xác minh tại máy: đúng như cảnh báo")
			       : STR("Nhà thầu bảo trì, lịch đã báo trước"),
		.action = str_of(real ? acts[nth % COUNT(acts)] : "Không cần xử lý"),
		.if_version = -1
	};
	const struct alert_patch handled = { .state = STR("handled"), .if_version = -1 };

	clock_to(d, time_now() + (int64_t)(3 + nth * 7 % 11) * TIME_MINUTE);
	if (!alert_change(d->state.db, &a, str_of(t->alert), &ack, &changed, why))
		return false;
	clock_to(d, time_now() + 20 * TIME_MINUTE);
	if (!alert_change(d->state.db, &a, str_of(t->alert), &judge, &changed, why))
		return false;
	clock_to(d, time_now() + 5 * TIME_MINUTE);
	return alert_change(d->state.db, &a, str_of(t->alert), &handled, &changed, why);
}

/* The list of this month, on which an own address stands. */
static bool national_list(struct demo *d, struct err *why)
{
	struct civil c = civil_from_time(time_now());
	char query[128];

	snprintf(query, sizeof query,
		 "name=Danh-sach-IP-botnet&kind=infected&month=%04d-%02d&issuer=C%%E1%%BB%%A5c%%20"
		 "V%%C3%%AD%%20D%%E1%%BB%%A5",
		 c.year, c.month);
	return demo_list(d, query, demo_own_listed, why);
}

/* What stands in the plan for this hour; the last three days' alerts wait for whoever looks. */
static bool happenings(struct demo *d, int64_t before_end, size_t *worked, struct err *why)
{
	struct taken t;
	bool any = false;

	const struct planned knock = { before_end, DEMO_NOISE };
	bool noise = before_end <= NOISE_FROM && before_end > NOISE_TO;

	if (noise && !act_now(d, &knock, before_end == NOISE_FROM, why))
		return false;
	for (size_t i = 0; i < COUNT(plan); i++)
		if (plan[i].when == before_end && !act_now(d, &plan[i], true, why))
			return false;
	if (before_end == OWN_LISTED && !national_list(d, why))
		return false;
	if (!demo_told(d, why))
		return false;
	if (before_end <= DEAD_SOURCE)
		return true;
	if (!first_new(d, !noise || before_end % 24 == 0, &t, &any, why))
		return false;
	t.noise = t.noise && noise;
	return !any || work(d, &t, (*worked)++, why);
}

/* A letter that came late: seen by the ministry two days before, entered by hand. */
static bool late_letter(struct demo *d, struct err *why)
{
	const struct actor a = { .actor = "canh" };
	const struct alert_draft draft = {
		.title = STR("Công văn cảnh báo lỗ hổng thư điện tử đến muộn hai ngày (giả định)"),
		.severity = STR("high"),
		.channel = STR("letter"),
		.description =
			STR("Số 02/VIDU. Nhận qua văn thư, ngày ban hành trước đó hai ngày."),
		.observed = time_now() - 2 * TIME_DAY
	};
	char id[UUID_MAX];

	return alert_make(d->state.db, &a, &draft, id, why);
}

/* Up to when the machines have written. */
static bool keep_end(const struct demo *d, int64_t until, struct err *why)
{
	char path[PATH_CAP], text[32];

	snprintf(path, sizeof path, "%s/keys/demo.until", d->data);
	snprintf(text, sizeof text, "%jd\n", (intmax_t)until);
	return file_save(AT_FDCWD, path, str_of(text), 0600, why);
}

static bool days(struct demo *d, struct err *why)
{
	int64_t hours = (int64_t)d->days * 24;
	size_t worked = 0;

	for (int64_t left = hours; left > 0; left -= WHEN_STEP) {
		int64_t hour = d->now - left * TIME_HOUR;

		clock_to(d, hour + TIME_HOUR - TIME_MINUTE);
		if (left % CONTROLS_EVERY == 0 && !controls(d, why))
			return false;
		if (!hour_of_all(d, hour, left, why) ||
		    (left == hours && !demo_house_senders(d, why)) ||
		    !happenings(d, left, &worked, why) || (left == LETTER && !late_letter(d, why)))
			return false;
		if (isatty(STDERR_FILENO) && left % 24 == 0)
			fprintf(stderr, "\r%lld/%lld ", (long long)(hours - left) / 24,
				(long long)d->days);
	}
	clock_to(d, d->now);
	return demo_told(d, why) && controls(d, why) && demo_house_insist(d, why) &&
	       keep_end(d, d->now, why);
}

/* For `--play`: who the senders were, what they say every hour, where the mailbox was. */
static bool keep_tokens(const struct demo *d, struct err *why)
{
	struct buf b = BUF(BODY_MAX);
	char path[PATH_CAP];

	for (enum demo_source s = 0; s < DEMO_SOURCES; s++)
		buf_printf(&b, "%s\n", d->token[s]);
	for (enum demo_source s = 0; s < DEMO_SOURCES; s++)
		buf_printf(&b, "%s\n", d->beat[s]);
	buf_printf(&b, "%u\n", d->mail_port);
	snprintf(path, sizeof path, "%s/keys/demo.tokens", d->data);
	bool ok = file_save(AT_FDCWD, path, buf_str(&b), 0600, why);
	buf_free(&b);
	return ok;
}

static bool build(struct demo *d, struct err *why)
{
	return start(d, why) && command_state_open(d->data, &d->state) && demo_house(d, why) &&
	       days(d, why) && keep_tokens(d, why);
}

/* ---- while somebody looks at it: the machines go on writing, but the one that died */

static bool load_tokens(struct demo *d, struct err *why)
{
	unsigned char mem[4096];
	struct arena a = { mem, mem + sizeof mem };
	struct str text, line;
	char path[PATH_CAP];
	uint64_t port = 0;

	snprintf(path, sizeof path, "%s/keys/demo.tokens", d->data);
	if (!file_load(&a, AT_FDCWD, path, sizeof mem / 2, &text, why))
		return false;
	for (enum demo_source s = 0; s < DEMO_SOURCES && str_line(&text, &line); s++)
		snprintf(d->token[s], sizeof d->token[s], "%.*s", STR_ARG(line));
	for (enum demo_source s = 0; s < DEMO_SOURCES && str_line(&text, &line); s++)
		snprintf(d->beat[s], sizeof d->beat[s], "%.*s", STR_ARG(line));
	/* one that an older canh made has tokens only */
	if (str_line(&text, &line) && num_parse(line, 1, UINT16_MAX, &port))
		d->mail_port = (unsigned)port;
	return true;
}

/* What they could not hand in for longer than this is lost to them. */
#define PLAY_BEHIND TIME_HOUR

static int64_t load_end(const struct demo *d)
{
	unsigned char mem[128];
	struct arena a = { mem, mem + sizeof mem };
	int64_t now = time_now(), begin = now - PLAY_BEHIND;
	struct str text, line;
	char path[PATH_CAP];
	uint64_t until;

	snprintf(path, sizeof path, "%s/keys/demo.until", d->data);
	if (!file_load(&a, AT_FDCWD, path, sizeof mem / 2, &text, NULL) ||
	    !str_line(&text, &line) || !num_parse(line, 0, INT64_MAX, &until))
		return now;
	return (int64_t)until < begin ? begin : (int64_t)until > now ? now : (int64_t)until;
}

/* *taken: of how many sources. */
static bool push_span(struct demo *d, int64_t from, int64_t to, enum demo_source *taken,
		      struct err *why)
{
	for (enum demo_source s = 0; s < DEMO_SOURCES; s++) {
		if (s == DEMO_PORTAL)
			continue;
		demo_lines(d->seed, s, from, to, &d->body);
		if (d->beat[s][0] != '\0' && from / TIME_HOUR != to / TIME_HOUR)
			demo_beat(s, to, d->beat[s], &d->body);
		if (!push(d, s, why))
			return false;
		++*taken;
	}
	return true;
}

/* Until the server that it plays for is gone. */
static int play(struct demo *d)
{
	struct err why = { 0 };
	int64_t from = load_end(d);
	int missed = 0; /* s */
	bool up = false;

	if (!load_tokens(d, &why)) {
		command_complain(&why);
		return EXIT_INPUT;
	}
	/* where it cannot listen, the page tells the notices that do not go */
	if (d->mail_port != 0 && !demo_mail_begin(&d->mail_port, &why))
		command_complain(&why);
	while (missed < PLAY_ALONE_S) {
		unsigned wait = up ? PLAY_EVERY_S : 1;
		enum demo_source taken = 0;

		sleep(wait);
		int64_t to = time_now();
		up = push_span(d, from, to, &taken, &why);
		missed = up ? 0 : missed + (int)wait;
		buf_clear(&d->body);
		if (taken == 0)
			continue; /* the server is not there yet, or any more */
		from = to;
		if (!keep_end(d, to, &why))
			command_complain(&why);
	}
	return EXIT_DONE;
}

int cmd_demo(int argc, char **argv)
{
	static struct demo d = { .data = "var-demo", .seed = 1, .days = 30 };
	const struct opt table[] = {
		{ "data", OPT_TEXT, &d.data, "DIR", MSG_ID("a data folder of its own") },
		{ "seed", OPT_NUMBER, &d.seed, "N",
		  MSG_ID("the same number gives the same days: 1") },
		{ "days", OPT_NUMBER, &d.days, "N", MSG_ID("how many: 30") },
		{ "play", OPT_FLAG, &d.play, NULL,
		  MSG_ID("go on writing, in real time, to the server that runs on the folder") },
	};
	const struct opts o = {
		"demo",
		"",
		MSG_ID("Make a data folder of an agency that does not exist: thirty days of logs "
		       "through the real path under a simulated clock, marked as such for ever."),
		table,
		COUNT(table),
		0,
		0
	};
	struct err why = { 0 };
	char state[PATH_CAP];
	size_t n;
	enum opts_result got = opts_parse(&o, argc, argv, &n);

	if (got != OPTS_GO)
		return opts_exit(got);
	d.body = BUF(BODY_MAX);
	if (d.play)
		return play(&d);
	snprintf(state, sizeof state, "%s/state", d.data);
	if (d.days < 1 || d.days > DAYS_MAX || access(state, F_OK) == 0) {
		fprintf(stderr,
			msg(MSG_ID("canh demo: %s is there already, or --days is not 1 to %d\n")),
			d.data, DAYS_MAX);
		return EXIT_INPUT;
	}
	d.now = time_now() / TIME_HOUR * TIME_HOUR;
	bool ok = build(&d, &why);
	own_server_end(&d.server);
	if (!ok)
		command_complain(&why);
	else
		printf(msg(MSG_ID("%lld events of %llu days\n")), (long long)d.sent,
		       (unsigned long long)d.days);
	buf_free(&d.body);
	return ok ? EXIT_DONE : EXIT_FAULT;
}
