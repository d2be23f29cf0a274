/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/own_certificate.h"

#include "access/ca.h"
#include "cmd/open_state.h"
#include "proc/address.h"

#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

struct names {
	struct str name[CA_NAMES_MAX];
	size_t n;
};

static void add(struct arena *a, struct names *names, const char *text)
{
	struct str name = str_of(text);

	for (size_t i = 0; i < names->n; i++)
		if (str_eq(names->name[i], name))
			return;
	if (name.n == 0 || names->n == CA_NAMES_MAX)
		return;
	name = arena_str(a, name);
	if (name.p != NULL)
		names->name[names->n++] = name;
}

static void add_interfaces(struct arena *a, struct names *names)
{
	struct sockaddr_storage all[CA_NAMES_MAX];
	size_t n = address_interfaces(all, COUNT(all));
	char host[ADDRESS_TEXT_MAX];

	for (size_t i = 0; i < n; i++)
		add(a, names, address_host(&all[i], host));
}

/* Those that the listeners name: reached by them, whatever the interfaces tell. */
static void add_listeners(struct arena *a, const struct config *c, struct names *names)
{
	struct address at;
	char host[ADDRESS_TEXT_MAX];

	for (size_t i = 0; i < c->n_listen; i++)
		if ((c->listen[i].kind == LISTEN_HTTP || c->listen[i].kind == LISTEN_TLS) &&
		    address_parse(c->listen[i].address, &at, NULL) && !address_is_any(&at))
			add(a, names, address_host(&at.sa, host));
}

static void gather(struct arena *a, const struct config *c, struct names *names)
{
	char host[256] = "";

	add(a, names, "localhost");
	if (gethostname(host, sizeof host - 1) == 0)
		add(a, names, host);
	add_listeners(a, c, names);
	add_interfaces(a, names);
}

static bool take(struct arena *a, struct config *c, const struct ca_server *made, bool tell,
		 struct err *why)
{
	c->certificate = arena_str(a, str_of(made->cert));
	c->key = arena_str(a, str_of(made->key));
	c->own_ca = true;
	if (tell)
		printf(msg(MSG_ID(
			       "certificate of the own CA; hand %s to those who open the page (SHA-256 %s)\n")),
		       made->ca, made->fingerprint);
	fflush(stdout);
	return (c->certificate.p != NULL && c->key.p != NULL) ||
	       err_set(why, ERR_LIMIT, 0, "no memory");
}

bool own_certificate(struct arena *a, struct config *c, bool first, struct err *why)
{
	struct opened_state state;
	struct ca_server made;
	struct names names = { .n = 0 };

	if (!command_state_open(c->data.p, &state))
		return err_set(why, ERR_STATE, 0, "the state cannot be opened");
	gather(a, c, &names);
	bool ok = ca_server(state.access, names.name, names.n, &made, why) &&
		  take(a, c, &made, first || made.fresh, why);
	command_state_close(&state);
	return ok;
}
