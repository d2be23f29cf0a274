/* SPDX-License-Identifier: Apache-2.0 */
/* report_words.c - words that the text and the page of a hunt share. */
#include "cmd/hunt_report.h"

const char *report_severity(uint8_t severity, enum lang lang)
{
	static const char *const word[SEV_N] = { MSG_ID("informational"), MSG_ID("low"),
						 MSG_ID("medium"), MSG_ID("high"),
						 MSG_ID("critical") };

	return msg_in(lang, word[severity]);
}

static const struct {
	const char *field, *word;
} labels[] = {
	{ "process.command_line", MSG_ID("command line") },
	{ "process.executable", MSG_ID("program") },
	{ "Image", MSG_ID("program") },
	{ "process.parent.command_line", MSG_ID("started by") },
	{ "process.parent.executable", MSG_ID("started by") },
	{ "user.name", MSG_ID("user") },
	{ "user.target.name", MSG_ID("target user") },
	{ "source.ip", MSG_ID("from address") },
	{ "source.domain", MSG_ID("from machine") },
	{ "destination.ip", MSG_ID("to address") },
	{ "destination.domain", MSG_ID("to machine") },
	{ "destination.port", MSG_ID("to port") },
	{ "dns.question.name", MSG_ID("name asked for") },
	{ "url.full", MSG_ID("web address") },
	{ "url.path", MSG_ID("web path") },
	{ "file.path", MSG_ID("file") },
	{ "registry.path", MSG_ID("registry key") },
	{ "threat.name", MSG_ID("malware") },
	{ "email.from.address", MSG_ID("sender") },
	{ "email.subject", MSG_ID("subject") },
	{ "ScriptBlockText", MSG_ID("script") },
	{ "ServiceName", MSG_ID("service") },
	{ "ServiceFileName", MSG_ID("program of the service") },
	{ "TaskName", MSG_ID("scheduled task") },
};

struct str report_field(size_t i)
{
	return i < COUNT(labels) ? str_of(labels[i].field) : STR("");
}

struct str report_label(struct str field, enum lang lang)
{
	for (size_t i = 0; i < COUNT(labels); i++)
		if (str_eq(field, str_of(labels[i].field)))
			return str_of(msg_in(lang, labels[i].word));
	return field;
}

struct str report_title(const struct fold_group *g, enum lang lang)
{
	if (g->rule == NULL)
		return g->list->name;
	return lang == LANG_VI && g->rule->title_vi.n > 0 ? g->rule->title_vi : g->rule->title;
}
