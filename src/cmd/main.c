/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - the table of subcommands. */
#include "base/buf.h"
#include "base/crypt.h"
#include "base/err.h"
#include "base/jsonw.h"
#include "base/msg.h"
#include "cmd/cmd.h"
#include "cmd/opts.h"
#include "proc/procs.h"

#include <locale.h>
#include <stdio.h>

extern const struct msg_entry msg_vi[];
extern const size_t msg_vi_n;

// clang-format off
static const struct cmd {
	const char *name, *args, *help;
	int (*run)(int argc, char **argv); /* the exit status */
} cmds[] = {
	{ "asset", "import|ls|show ...",     MSG_ID("machines and appliances of a data folder"), cmd_asset },
	{ "demo", "[options]",               MSG_ID("make a data folder of an agency that does not exist"), cmd_demo },
	{ "drill", "[SCENARIO]",             MSG_ID("play a marked exercise through the real path"), cmd_drill },
	{ "dump",  "[options] PATH...|-",    MSG_ID("print the records of Windows event logs"), cmd_dump },
	{ "duty",  "ls|import FILE",         MSG_ID("the duty roster of a data folder"), cmd_duty },
	{ "hold",  "ls|place|release ...",   MSG_ID("days of the store that must not go"), cmd_hold },
	{ "hunt",  "[options] PATH...|-",    MSG_ID("run rules and lists over files, nothing is kept"), cmd_hunt },
	{ "import", "--data DIR PATH...|-",  MSG_ID("bring old logs into the store by hand"), cmd_import },
	{ "list",  "import|ls|rm|check ...", MSG_ID("indicator lists of a data folder"), cmd_list },
	{ "match", "--list FILE... [FILE...]", MSG_ID("print the lines that hold an indicator, as grep does"), cmd_match },
	{ "rules", "check|import|ls|rm ...",   MSG_ID("say which Sigma rules load, and why others do not"), cmd_rules },
	{ "search", "--data DIR QUERY...",   MSG_ID("find events in the store"), cmd_search },
	{ "serve", "[options]",              MSG_ID("stand watch: take logs in, detect, store, serve the page"), cmd_serve },
	{ "status", "[--data DIR]",           MSG_ID("one screen: what runs, what arrives, what is open"), cmd_status },
	{ "sweep", "[options] PATH...",       MSG_ID("search files for malware: YARA rules, digests, names"), cmd_sweep },
	{ "token", "new",                    MSG_ID("make a token for a program"), cmd_token },
	{ "verify", "DIR",                   MSG_ID("say whether ledger and store hold"), cmd_verify },
	{ "vuln",  "[options] | cmp ...",    MSG_ID("what advisories say of the packages of hosts and bills of materials"), cmd_vuln },
	{ "witness", "[options]",             MSG_ID("on a second machine: keep the heads, call when canh is silent"), cmd_witness },
};
// clang-format on

static int help(FILE *to)
{
	fprintf(to, msg(MSG_ID("canh %s: stand watch over the logs of an organisation\n\n")),
		CANH_VERSION);
	for (size_t i = 0; i < COUNT(cmds); i++)
		fprintf(to, "  %-8s %-22s %s\n", cmds[i].name, cmds[i].args, msg(cmds[i].help));
	fprintf(to, "%s", msg(MSG_ID("\ncanh COMMAND --help tells more\n")));
	return to == stdout ? EXIT_DONE : EXIT_USAGE;
}

/* The table as JSON lines, for tools/make-manual. */
static int describe(void)
{
	for (size_t i = 0; i < COUNT(cmds); i++) {
		struct buf b = BUF(4096);
		struct jsonw w = { .out = &b };

		jsonw_open(&w, '{');
		jsonw_kv_str(&w, "name", str_of(cmds[i].name));
		jsonw_kv_str(&w, "args", str_of(cmds[i].args));
		jsonw_kv_str(&w, "help", str_of(msg(cmds[i].help)));
		jsonw_close(&w, '}');
		fwrite(b.p, 1, b.n, stdout);
		putchar('\n');
		buf_free(&b);
	}
	return EXIT_DONE;
}

int main(int argc, char **argv)
{
	int first = 1;
	struct err why = { 0 };

	setlocale(LC_CTYPE, "C.UTF-8"); /* for libarchive: names of files in archives */
	msg_catalogue(msg_vi, msg_vi_n);
	opts_language(argc, argv);
	while (first < argc && strncmp(argv[first], "--lang", 6) == 0)
		first += argv[first][6] == '=' ? 1 : 2;
	if (first >= argc)
		return help(stderr);
	const char *want = argv[first];
	if (strcmp(want, "--process") == 0 && first + 1 < argc)
		return process_main(argv[first + 1]); /* started by the parent of serve */
	if (strcmp(want, "--version") == 0)
		return printf("canh %s\n", CANH_VERSION) > 0 ? EXIT_DONE : EXIT_FAULT;
	if (strcmp(want, "--describe") == 0)
		return describe();
	if (strcmp(want, "help") == 0 || strcmp(want, "--help") == 0 || strcmp(want, "-h") == 0)
		return help(stdout);
	for (size_t i = 0; i < COUNT(cmds); i++) {
		if (strcmp(want, cmds[i].name) != 0)
			continue;
		if (!crypt_init(&why)) {
			fprintf(stderr, "%s\n", why.text);
			return EXIT_FAULT;
		}
		return cmds[i].run(argc - first, argv + first);
	}
	fprintf(stderr, msg(MSG_ID("there is no command '%s'\n\n")), want);
	return help(stderr);
}
