/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd.h - the subcommands: each is one function in a file of its own and one row in main.c.
 *
 * argv[0] is the name of the subcommand. The result is the exit status.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

enum {
	EXIT_DONE = 0,   /* all that was given was looked at */
	EXIT_NOT = 1,    /* looked, and it does not hold */
	EXIT_PART = 3,   /* done, but part of the input could not be used (named on stderr) */
	EXIT_USAGE = 64, /* the command line is wrong */
	EXIT_INPUT = 65, /* nothing of the input could be used */
	EXIT_FAULT = 70, /* our own fault, or the machine's */
};

int cmd_asset(int argc, char **argv);
int cmd_demo(int argc, char **argv);
int cmd_drill(int argc, char **argv);
int cmd_dump(int argc, char **argv);
int cmd_duty(int argc, char **argv);
int cmd_hold(int argc, char **argv);
int cmd_hunt(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_list_check(int argc, char **argv); /* called by cmd_list */
int cmd_match(int argc, char **argv);
int cmd_rules(int argc, char **argv);
int cmd_rules_kept(int argc, char **argv); /* called by cmd_rules */
int cmd_search(int argc, char **argv);
int cmd_serve(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_sweep(int argc, char **argv);
int cmd_token(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_vuln(int argc, char **argv);
int cmd_witness(int argc, char **argv);

#endif
