/* SPDX-License-Identifier: Apache-2.0 */
/* json_read.c - a document as a record: its fields, and the line of another format that it may carry. */
#include "event/json.h"

#include "event/reader_int.h"

int json_probe(struct str record)
{
	size_t i = 0;

	while (i < record.n && ascii_space(record.p[i]))
		i++;
	if (i == record.n || (record.p[i] != '{' && record.p[i] != '['))
		return 0;
	for (char open = record.p[i++]; i < record.n; i++)
		if (!ascii_space(record.p[i]))
			return record.p[i] == '"' || record.p[i] == '}' ||
					       (open == '[' && record.p[i] == '{')
				       ? 95
				       : 5;
	return 0;
}

/* A collector's envelope around a line of another format. */
static struct str payload_of(const struct build *b, uint32_t from)
{
	static const struct str names[] = { STR("message"), STR("MESSAGE"), STR("log"),
					    STR("SyslogMessage"), STR("event.original") };

	for (size_t k = 0; k < COUNT(names); k++)
		for (uint32_t i = from; i < b->n; i++)
			if (b->f[i].type == FIELD_STRING && str_eq(b->f[i].name, names[k]))
				return str_trim(b->f[i].val);
	return (struct str){ NULL, 0 };
}

/* Log Analytics carries the data of a Windows event as JSON in a string. */
static void event_data(struct build *b, uint32_t from)
{
	uint32_t n = b->n;

	for (uint32_t i = from; i < n; i++)
		if (str_eq(b->f[i].name, STR("EventData")) && b->f[i].val.n >= 2 &&
		    b->f[i].val.p[0] == '{') {
			(void)json_fields_below(b, STR("EventData."), b->f[i].val);
			return;
		}
}

bool json_read(struct build *b, struct str record, struct err *why)
{
	uint32_t from = b->n;
	struct str inner;

	if (!json_fields(b, record, why))
		return false;
	event_data(b, from);
	inner = payload_of(b, from);
	if (inner.n > 0 && build_raw(b, STR("EventID")).p == NULL &&
	    build_raw(b, STR("winlog.event_id")).p == NULL)
		b->wrapped = reader_inner(b, inner, 80);
	return true;
}
