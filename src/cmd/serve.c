/* SPDX-License-Identifier: Apache-2.0 */
/* serve.c - `canh serve`: read the configuration, check it whole, become the parent of the processes. */
#include "base/file.h"
#include "base/msg.h"
#include "cmd/cmd.h"
#include "cmd/folders.h"
#include "cmd/opts.h"
#include "cmd/own_certificate.h"
#include "proc/procs.h"
#include "proc/simclock.h"

#include <fcntl.h>
#include <stdio.h>

enum { CONFIG_MAX = 1 << 20, ROOM = 8 << 20 };

static const char default_http[] = "127.0.0.1:8088";

struct serve {
	const char *config, *data, *content, *page, *http, *clock;
	struct opt_list syslog, syslog_tls;
	bool check;
};

static void complain(const char *where, uint32_t line, const struct err *why)
{
	char text[ERR_TEXT_MAX];

	err_text(why, msg_lang(), text, sizeof text);
	if (line > 0)
		fprintf(stderr, "canh: %s:%u: %s\n", where, line, text);
	else
		fprintf(stderr, "canh: %s\n", text);
}

/* Once: before anything is there; ANEW: beside the server that runs; CHECK: nothing is made. */
enum reading { READ_CHECK, READ_ONCE, READ_ANEW };

/* The file over the defaults. Returns the number of mistakes. */
static size_t read_file(struct arena *a, const struct serve *s, struct config *c,
			struct mistake *mistakes)
{
	struct str text;
	struct err why = { 0 };

	if (s->config == NULL)
		return 0;
	if (file_load_given(a, s->config, CONFIG_MAX, &text, &why))
		return config_read(a, text, c, mistakes);
	mistakes[0] = (struct mistake){ 0, why };
	return 1;
}

static bool listen_all(struct arena *a, struct config *c, const struct opt_list *list,
		       enum listener_kind kind, struct err *why)
{
	for (size_t i = 0; i < list->n; i++)
		if (!config_listen(a, c, kind, str_of(list->v[i]), why))
			return false;
	return true;
}

/* The page and the API have one address: the option's, else the file's, else the default. */
static bool listen_http(struct arena *a, const struct serve *s, struct config *c, struct err *why)
{
	if (s->http == NULL && config_has_http(c))
		return true;
	config_drop_http(c);
	return config_listen(a, c, LISTEN_HTTP, str_of(s->http != NULL ? s->http : default_http),
			     why);
}

/* Options win over the file; a syslog listener of the command line comes beside those of the file. What
 * an option says that is unusable, or one that is missing, is wrong usage. */
static bool take_options(struct arena *a, const struct serve *s, struct config *c, struct err *why)
{
	if (s->data != NULL)
		c->data = str_of(s->data);
	if (s->content != NULL)
		c->content = str_of(s->content);
	if (s->page != NULL)
		c->page = str_of(s->page);
	if (!listen_http(a, s, c, why) || !listen_all(a, c, &s->syslog, LISTEN_UDP, why) ||
	    !listen_all(a, c, &s->syslog, LISTEN_TCP, why) ||
	    !listen_all(a, c, &s->syslog_tls, LISTEN_TLS, why))
		return false;
	return c->data.n > 0 ||
	       err_set(why, ERR_INPUT, 0, "where to keep the data? give --data DIR");
}

/* What the settings say together. */
static bool check_all(struct arena *a, struct config *c, enum reading how, struct err *why)
{
	return config_check(c, why) &&
	       (how == READ_CHECK || folder_absolute(a, &c->data, how == READ_ONCE, why)) &&
	       folder_absolute(a, &c->content, false, why);
}

/* The exit status that the mistakes make; EXIT_DONE: there are none. */
static int settings(const struct serve *s, enum reading how, struct arena *a, struct config *c,
		    struct mistake *mistakes, size_t *n)
{
	int bad = how == READ_CHECK ? EXIT_NOT : EXIT_INPUT;
	struct err why = { 0 };

	config_defaults(c, STR(""), folder_content(a), folder_page(a));
	*n = read_file(a, s, c, mistakes);
	if (*n > 0)
		return bad;
	if (!take_options(a, s, c, &why))
		bad = EXIT_USAGE;
	else if (check_all(a, c, how, &why))
		return EXIT_DONE;
	mistakes[0] = (struct mistake){ 0, why };
	*n = 1;
	return bad;
}

/* For the parent (proc/procs.h, settings_again). */
static size_t read_again(void *ctx, struct arena *a, struct config *out, struct mistake *mistakes)
{
	size_t n = 0;

	(void)settings(ctx, READ_ANEW, a, out, mistakes, &n);
	return n;
}

static bool own_again(void *ctx, struct arena *a, struct config *c, struct err *why)
{
	(void)ctx;
	return own_certificate(a, c, false, why);
}

/* With settings that hold. */
static int run(struct serve *s, struct arena *a, struct config *c)
{
	static struct settings_again again;
	struct err why = { 0 };

	if ((s->clock != NULL && !simclock_open(s->clock, &why)) ||
	    (config_own_ca(c) && !own_certificate(a, c, true, &why))) {
		complain("", 0, &why);
		return EXIT_INPUT;
	}
	again = (struct settings_again){ s, s->config, read_again, own_again };
	return parent_run(c, &again);
}

int cmd_serve(int argc, char **argv)
{
	static struct serve s;
	static struct config c;
	const struct opt table[] = {
		{ "config", OPT_TEXT, &s.config, "FILE",
		  MSG_ID("settings (canh.yaml); options win over it") },
		{ "data", OPT_TEXT, &s.data, "DIR",
		  MSG_ID("where everything is kept; made when missing") },
		{ "http", OPT_TEXT, &s.http, "A:P",
		  MSG_ID("page and API, one address (the last given; 0.0.0.0:P or [::]:P for every "
			 "one); 127.0.0.1:8088 when none is given") },
		{ "syslog", OPT_MANY, &s.syslog, "A:P", MSG_ID("syslog over UDP and TCP") },
		{ "syslog-tls", OPT_MANY, &s.syslog_tls, "A:P",
		  MSG_ID("syslog over TLS (RFC 5425)") },
		{ "content", OPT_TEXT, &s.content, "DIR",
		  MSG_ID("shipped rules, dispatches and decoders") },
		{ "page", OPT_TEXT, &s.page, "DIR", MSG_ID("the built page") },
		{ "clock", OPT_TEXT, &s.clock, "FILE",
		  MSG_ID("for exercises and tests: microseconds to add to the clock, 8 bytes") },
		{ "check", OPT_FLAG, &s.check, NULL,
		  MSG_ID("check the settings, name every mistake, and end") },
	};
	struct opts o = { "serve",
			  "",
			  MSG_ID("Stand watch: take logs in, detect, store, serve the page."),
			  table,
			  COUNT(table),
			  0,
			  0 };
	static struct mistake mistakes[CONFIG_MAX_MISTAKES];
	struct arena a;
	size_t n;
	enum opts_result got = opts_parse(&o, argc, argv, &n);

	if (got != OPTS_GO)
		return opts_exit(got);
	if (!arena_reserve(&a, ROOM))
		return EXIT_FAULT;
	int status = settings(&s, s.check ? READ_CHECK : READ_ONCE, &a, &c, mistakes, &n);
	for (size_t i = 0; i < n; i++)
		complain(s.config, mistakes[i].line, &mistakes[i].why);
	if (status != EXIT_DONE)
		return status;
	if (!s.check)
		return run(&s, &a, &c);
	printf("%s\n", msg(MSG_ID("the settings hold")));
	return EXIT_DONE;
}
