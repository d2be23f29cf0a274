/* SPDX-License-Identifier: Apache-2.0 */
/* xml_path.c - invariant: text[0..up->len) is never written by what is below `up`. */
#include "event/xml_path.h"

/* What <Event> is made of; what else stands in it is flat (NXLog). */
static const struct part {
	struct str name;
	bool bare;
} parts[] = {
	{ STR("System"), true },
	{ STR("EventData"), true },
	{ STR("UserData"), false },
	{ STR("RenderingInfo"), false },
	{ STR("ProcessingErrorData"), true },
	{ STR("DebugData"), false },
	{ STR("BinaryEventData"), false },
	{ STR("SubscriptionBookmarkEvent"), false },
};

static const struct part *part_of(struct str name)
{
	for (size_t i = 0; i < COUNT(parts); i++)
		if (str_eq(name, parts[i].name))
			return &parts[i];
	return NULL;
}

/* The path of `up` with `name` behind it, dot included; what does not fit stays `up`. */
static struct xml_at below(struct xml_path *p, const struct xml_at *up, struct str name)
{
	struct xml_at out = *up;

	if (up->len + name.n + 1 > sizeof p->text) {
		p->cut = true;
		return out;
	}
	if (name.n > 0)
		memcpy(p->text + up->len, name.p, name.n);
	p->text[up->len + name.n] = '.';
	out.len = up->len + name.n + 1;
	out.name_at = up->len;
	if (up->last_bare)
		out.bare = (uint8_t)(up->len <= UINT8_MAX ? up->len : 0);
	return out;
}

/* Sigma names the data of an event without the blanks in it ("Threat Name"). */
static struct str without_blanks(struct str name, char out[XML_PATH_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < name.n && n < XML_PATH_MAX; i++)
		if (name.p[i] != ' ')
			out[n++] = name.p[i];
	return (struct str){ out, n };
}

static struct xml_at enter_event(struct xml_path *p, struct str name)
{
	const struct xml_at root = { 0 }, flat = { .last_bare = true };
	const struct part *part = part_of(name);
	struct xml_at event, out;

	if (part == NULL)
		return below(p, &flat, name);
	event = below(p, &root, STR("Event"));
	out = below(p, &event, name);
	out.bare = part->bare ? (uint8_t)out.len : 0;
	out.last_bare = false;
	return out;
}

bool xml_path_is_data(const struct xml_path *p, size_t depth, struct str name)
{
	return p->windows && depth == 2 &&
	       (str_eq(name, STR("Data")) || str_eq(name, STR("ComplexData")));
}

struct xml_at xml_path_enter(struct xml_path *p, const struct xml_at *up, size_t depth,
			     struct str name, struct str data)
{
	const struct xml_at top = { .last_bare = true };
	struct str above = depth == 0 ? STR("") : xml_path_name(p, up);
	char text[XML_PATH_MAX];
	struct xml_at out;

	if (depth == 0)
		return p->windows ? top : below(p, &top, name);
	if (p->windows && depth == 1)
		return enter_event(p, name);
	if (data.n > 0)
		name = without_blanks(data, text);
	bool message = str_eq(above, STR("RenderingInfo")) && str_eq(name, STR("Message"));
	bool user = depth == 2 && str_eq(above, STR("UserData"));
	out = below(p, up, name);
	if (p->windows && user)
		out.bare = (uint8_t)(out.len <= UINT8_MAX ? out.len : 0);
	if (p->windows && message)
		out.bare = (uint8_t)up->len;
	return out;
}
