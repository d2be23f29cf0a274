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

/* The file over the defaults; every mistake is told. Returns their number. */
static size_t read_file(struct arena *a, const struct serve *s, struct config *c)
{
	static struct mistake mistakes[CONFIG_MAX_MISTAKES];
	struct str text;
	struct err why = { 0 };

	if (s->config == NULL)
		return 0;
	if (!file_load_given(a, s->config, CONFIG_MAX, &text, &why)) {
		complain(s->config, 0, &why);
		return 1;
	}
	size_t n = config_read(a, text, c, mistakes);
	for (size_t i = 0; i < n; i++)
		complain(s->config, mistakes[i].line, &mistakes[i].why);
	return n;
}

static bool listen_all(struct arena *a, struct config *c, const struct opt_list *list,
		       enum listener_kind kind)
{
	struct err why = { 0 };

	for (size_t i = 0; i < list->n; i++) {
		if (config_listen(a, c, kind, str_of(list->v[i]), &why))
			continue;
		complain("", 0, &why);
		return false;
	}
	return true;
}

/* The page and the API have one address: the option's, else the file's, else the default. */
static bool listen_http(struct arena *a, const struct serve *s, struct config *c)
{
	struct err why = { 0 };

	if (s->http == NULL && config_has_http(c))
		return true;
	config_drop_http(c);
	if (config_listen(a, c, LISTEN_HTTP, str_of(s->http != NULL ? s->http : default_http),
			  &why))
		return true;
	complain("", 0, &why);
	return false;
}

/* Options win over the file; a syslog listener of the command line comes beside those of the file.
 * An option that says nothing usable, or is missing, is wrong usage; the rest is what the settings say
 * together. */
static int apply(struct arena *a, const struct serve *s, struct config *c)
{
	struct err why = { 0 };

	if (s->data != NULL)
		c->data = str_of(s->data);
	if (s->content != NULL)
		c->content = str_of(s->content);
	if (s->page != NULL)
		c->page = str_of(s->page);
	if (!listen_http(a, s, c) || !listen_all(a, c, &s->syslog, LISTEN_UDP) ||
	    !listen_all(a, c, &s->syslog, LISTEN_TCP) ||
	    !listen_all(a, c, &s->syslog_tls, LISTEN_TLS))
		return EXIT_USAGE;
	if (c->data.n == 0) {
		err_set(&why, ERR_INPUT, 0, "where to keep the data? give --data DIR");
		complain("", 0, &why);
		return EXIT_USAGE;
	}
	if (config_check(c, &why) && (s->check || folder_absolute(a, &c->data, true, &why)) &&
	    folder_absolute(a, &c->content, false, &why))
		return EXIT_DONE;
	complain("", 0, &why);
	return s->check ? EXIT_NOT : EXIT_INPUT;
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
	struct arena a;
	struct err why = { 0 };
	size_t n;

	switch (opts_parse(&o, argc, argv, &n)) {
	case OPTS_HELPED:
		return EXIT_DONE;
	case OPTS_WRONG:
		return EXIT_USAGE;
	case OPTS_GO:
		break;
	}
	if (!arena_reserve(&a, ROOM))
		return EXIT_FAULT;
	config_defaults(&c, STR(""), folder_content(&a), folder_page(&a));
	if (read_file(&a, &s, &c) > 0)
		return s.check ? EXIT_NOT : EXIT_INPUT;
	int status = apply(&a, &s, &c);
	if (status != EXIT_DONE)
		return status;
	if (s.check) {
		printf("%s\n", msg(MSG_ID("the settings hold")));
		return EXIT_DONE;
	}
	if (config_own_ca(&c) && !own_certificate(&a, &c))
		return EXIT_INPUT;
	if (s.clock != NULL && !simclock_open(s.clock, &why)) {
		complain("", 0, &why);
		return EXIT_INPUT;
	}
	return parent_run(&c, true);
}
