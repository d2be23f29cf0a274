/* SPDX-License-Identifier: Apache-2.0 */
/*
 * docs/openapi.yaml against the running server: it names every route and no other; what it says can
 * be tried gives the status it says and the members it requires; each route refuses nobody and every
 * role that the document does not name.
 */
#include "access/unit.h"
#include "access/user.h"
#include "respond/alert.h"
#include "state/list_row.h"
#include "web/content_test.h"
#include "web/house_test.h"
#include "web/routes.h"
#include "web/schema_test.h"

static struct house house;
static struct arena mem;
static const struct yml *doc;
static struct directives dispatches;

/* What $name stands for in the document. */
static struct {
	const char *name;
	char value[ACCESS_SECRET_MAX];
} seeds[] = { { "$invite", "" }, { "$user", "" }, { "$list", "" },
	      { "$alert", "" },  { "$unit", "" }, { "$site", "" } };
/* Of an admin over the unit of the seeds. */
static char part_token[ACCESS_SECRET_MAX];

struct op {
	struct str path, method;
	const struct yml *yml;
	char name[200]; /* "get /api/v1/health" */
};

static void name_of(struct op *op)
{
	snprintf(op->name, sizeof op->name, "%.*s %.*s", STR_ARG(op->method), STR_ARG(op->path));
}

static bool is_method(struct str s)
{
	static const struct str methods[] = { STR("get"), STR("post"), STR("put"), STR("patch"),
					      STR("delete") };

	for (size_t i = 0; i < COUNT(methods); i++)
		if (str_eq(s, methods[i]))
			return true;
	return false;
}

static void each_op(void (*fn)(const struct op *))
{
	for (const struct yml *p = yml_first(yml_get(doc, "paths")); p != NULL; p = p->next) {
		for (const struct yml *m = yml_first(p); m != NULL; m = m->next) {
			struct op op = { p->key, m->key, m, "" };

			name_of(&op);
			CHECK(op.name, is_method(m->key));
			fn(&op);
		}
	}
}

static const struct route *route_of(const struct op *op)
{
	for (size_t i = 0; i < routes_n; i++)
		if (str_eq(str_of(routes[i].path), op->path) &&
		    str_eq_nocase(str_of(method_name(routes[i].method)), op->method))
			return &routes[i];
	return NULL;
}

/* The parameters of the document are those of the table, and no other. */
static void check_params(const struct op *op, const struct route *r)
{
	struct str rest = str_of(r->query != NULL ? r->query : ""), name;
	size_t in_doc = 0, in_table = 0;

	while (rest.n > 0 && str_split(&rest, ' ', &name))
		in_table++;
	for (const struct yml *p = yml_first(yml_get(op->yml, "parameters")); p != NULL;
	     p = p->next) {
		const struct yml *par = schema_resolve(doc, p);

		if (!str_eq(yml_get_str(par, "in"), STR("query")))
			continue;
		in_doc++;
		CHECK(op->name, route_takes(r, yml_get_str(par, "name")));
	}
	CHECK(op->name, in_doc == in_table || !str_starts(op->path, STR("/api/v1/")));
}

static size_t described;

static void check_routed(const struct op *op)
{
	described++;
	if (CHECK(op->name, route_of(op) != NULL))
		check_params(op, route_of(op));
	CHECK(op->name, yml_get_str(op->yml, "operationId").n > 0);
	CHECK(op->name, yml_first(yml_get(op->yml, "x-try")) != NULL);
}

static struct str seeded(struct str s)
{
	for (size_t i = 0; i < COUNT(seeds); i++)
		if (str_eq(s, str_of(seeds[i].name)))
			return str_of(seeds[i].value);
	return s;
}

/* "POST /path?query" with the arguments of the try filled in. */
static void fill_what(const struct op *op, const struct yml *try, char *out, size_t cap)
{
	struct str rest = str_skip(op->path, 1), part, query = yml_get_str(try, "query");
	struct buf b = BUF(cap - 1);

	for (size_t i = 0; i < op->method.n; i++)
		buf_char(&b, (char)(op->method.p[i] - 32));
	buf_char(&b, ' ');
	while (rest.p != NULL && str_split(&rest, '/', &part)) {
		char name[64];

		snprintf(name, sizeof name, "%.*s", part.n > 2 ? (int)part.n - 2 : 0,
			 part.n > 0 ? part.p + 1 : "");
		struct str arg = seeded(yml_get_str(yml_get(try, "args"), name));
		buf_char(&b, '/');
		buf_add(&b, part.n > 0 && part.p[0] == '{' ? arg : part);
	}
	if (query.n > 0)
		buf_printf(&b, "?%.*s", STR_ARG(query));
	fake_keep(out, cap, buf_str(&b));
	buf_free(&b);
}

/* The body of a try, a week from now in place of $soon. */
static struct str body_of(const struct yml *try, char *out, size_t cap)
{
	static const struct str mark = STR("$soon");
	struct str body = yml_get_str(try, "body");
	size_t at = str_find(body, mark);
	char soon[TIME_TEXT_MAX];

	if (body.p == NULL || at == body.n)
		return body;
	snprintf(out, cap, "%.*s%s%.*s", (int)at, body.p,
		 time_rfc3339(time_now() + 7 * TIME_DAY, soon),
		 STR_ARG(str_skip(body, at + mark.n)));
	return str_of(out);
}

static struct answer ask(const struct op *op, const struct yml *try, const char *auth)
{
	char what[600], headers[900], answer[2000], filled[1000];
	struct buf h = BUF(sizeof headers - 1);
	struct str body = body_of(try, filled, sizeof filled);
	bool json = yml_get(yml_get(yml_get(op->yml, "requestBody"), "content"),
			    "application/json") != NULL;

	fill_what(op, try, what, sizeof what);
	buf_add(&h, str_of(auth));
	if (json)
		buf_add(&h, STR("Content-Type: application/json\r\n"));
	for (const struct yml *e = yml_first(yml_get(try, "headers")); e != NULL; e = e->next)
		buf_printf(&h, "%.*s: %.*s\r\n", STR_ARG(e->key), STR_ARG(e->text));
	fake_keep(headers, sizeof headers, buf_str(&h));
	buf_free(&h);
	fake_keep(answer, sizeof answer, yml_get_str(try, "answer"));
	house.fake.answer = answer[0] == '\0' ? NULL : answer;
	struct answer a = client_ask(house.port, what, headers, body);
	house.fake.answer = NULL;
	return a;
}

/* The schema of the answer with this status, NULL for none; *described says whether it stands there. */
static const struct yml *schema_of(const struct op *op, const struct answer *a, bool *found)
{
	char status[8], type[64];
	const struct yml *responses = yml_get(op->yml, "responses");

	snprintf(status, sizeof status, "%d", a->status);
	fake_keep(type, sizeof type, client_header(a, "Content-Type"));
	const struct yml *r = yml_get(responses, status);
	if (r == NULL && a->status >= 400)
		r = yml_get(responses, "default");
	*found = r != NULL;
	r = schema_resolve(doc, r);
	const struct yml *content = yml_get(r, "content");
	if (content == NULL)
		return NULL;
	*found = yml_get(content, type) != NULL;
	return yml_get(yml_get(content, type), "schema");
}

static void check_answer(const struct op *op, const struct answer *a)
{
	struct schema_fault fault = { "" };
	struct json *j = NULL;
	bool found;
	const struct yml *schema = schema_of(op, a, &found);

	if (!CHECK(op->name, found))
		printf("  status %d, %.*s\n", a->status, STR_ARG(client_header(a, "Content-Type")));
	if (schema == NULL || str_starts(client_header(a, "Content-Type"), STR("text/")))
		return;
	if (CHECK(op->name, json_parse(a->body, 1 << 24, &j, NULL)) &&
	    !CHECK(op->name, schema_holds(doc, schema, j, "answer", &fault)))
		printf("  %s\n  %.*s\n", fault.text, STR_ARG(a->body));
	json_free(j);
}

static void session_header(char *out, size_t cap)
{
	snprintf(out, cap, "Cookie: canh_session=%s\r\nX-Canh: 1\r\n", house.session);
}

static void token_header(enum role role, char *out, size_t cap)
{
	snprintf(out, cap, "Authorization: Bearer %s\r\n", house.token[role]);
}

/* Streams do not end by themselves: their head is enough. */
static int stream_status(const char *auth)
{
	int fd = client_open(house.port), status = 0;
	struct buf request = BUF(2000);
	char head[64] = "";

	buf_printf(&request, "GET /api/v1/stream HTTP/1.1\r\nHost: x\r\n%s\r\n", auth);
	if (client_send(fd, buf_str(&request)) && recv(fd, head, 12, MSG_WAITALL) == 12)
		status = (head[9] - '0') * 100 + (head[10] - '0') * 10 + head[11] - '0';
	buf_free(&request);
	close(fd);
	return status;
}

static bool flag(const struct yml *try, const char *name)
{
	bool on = false;

	return yml_bool(yml_get(try, name), &on) && on;
}

static void try_one(const struct op *op, const struct yml *try)
{
	char auth[200];
	int64_t want = 0;

	if (str_eq(yml_get_str(try, "as"), STR("session")))
		session_header(auth, sizeof auth);
	else
		token_header(ROLE_ADMIN, auth, sizeof auth);
	CHECK(op->name, yml_int(yml_get(try, "status"), &want));
	if (flag(try, "stream")) {
		CHECK(op->name, stream_status(auth) == want);
		return;
	}
	struct answer a = ask(op, try, auth);
	if (!CHECK(op->name, a.status == want))
		printf("  %d instead of %d: %.*s\n", a.status, (int)want, STR_ARG(a.body));
	check_answer(op, &a);
	buf_free(&a.bytes);
}

static void try_all(const struct op *op)
{
	for (const struct yml *t = yml_first(yml_get(op->yml, "x-try")); t != NULL; t = t->next)
		if (!flag(t, "last"))
			try_one(op, t);
}

static void try_last(const struct op *op)
{
	for (const struct yml *t = yml_first(yml_get(op->yml, "x-try")); t != NULL; t = t->next)
		if (flag(t, "last"))
			try_one(op, t);
}

static bool named(const struct op *op, enum role role)
{
	for (const struct yml *r = yml_first(yml_get(op->yml, "x-roles")); r != NULL; r = r->next)
		if (str_eq(r->text, str_of(role_name(role))))
			return true;
	return false;
}

static int status_as(const struct op *op, const struct yml *try, const char *auth)
{
	if (flag(try, "stream"))
		return stream_status(auth);
	struct answer a = ask(op, try, auth);
	int status = a.status;

	buf_free(&a.bytes);
	return status;
}

static void walk_roles(const struct op *op)
{
	const struct yml *try = yml_first(yml_get(op->yml, "x-try"));
	bool open = yml_first(yml_get(op->yml, "x-roles")) == NULL;
	bool of_session = str_eq(yml_get_str(try, "as"), STR("session"));
	char auth[200];

	CHECK(op->name, open == (yml_get(op->yml, "security") != NULL));
	if (open)
		return;
	/* "/" without a token is the page's */
	CHECK(op->name, status_as(op, try, "") == 401);
	CHECK(op->name, status_as(op, try, "Authorization: Bearer canh_x\r\n") == 401);
	for (int role = 0; role < ROLES; role++) {
		token_header((enum role)role, auth, sizeof auth);
		int status = status_as(op, try, auth);
		bool may = named(op, (enum role)role) && !of_session;

		if (!CHECK(op->name, may == (status != 403) && status != 401))
			printf("  %s got %d\n", role_name((enum role)role), status);
	}
}

/* Somebody who may. */
static enum role role_for(const struct op *op)
{
	int role = ROLES - 1;

	while (role > 0 && !named(op, (enum role)role))
		role--;
	return (enum role)role;
}

/* What is for all units together is refused to a role over a part, and nothing else is. */
static void walk_scope(const struct op *op)
{
	const struct yml *try = yml_first(yml_get(op->yml, "x-try"));
	bool whole = str_eq(yml_get_str(op->yml, "x-scope"), STR("whole"));
	char auth[200];

	if (yml_first(yml_get(op->yml, "x-roles")) == NULL ||
	    str_eq(yml_get_str(try, "as"), STR("session")))
		return;
	snprintf(auth, sizeof auth, "Authorization: Bearer %s\r\n", part_token);
	int status = status_as(op, try, auth);
	if (!CHECK(op->name, whole == (status == 403) && status != 401 && status < 500))
		printf("  an admin of a part got %d\n", status);
}

/* A parameter that the document does not name is refused by name, before anything is done. */
static void walk_unknown(const struct op *op)
{
	const struct yml *try = yml_first(yml_get(op->yml, "x-try"));
	char what[600], auth[200];

	if (!str_starts(op->path, STR("/api/v1/")))
		return;
	fill_what(op, try, what, sizeof what - 20);
	size_t n = strlen(what);
	snprintf(what + n, sizeof what - n, "%csevertiy=x", strchr(what, '?') != NULL ? '&' : '?');
	if (str_eq(yml_get_str(try, "as"), STR("session")))
		session_header(auth, sizeof auth);
	else
		token_header(role_for(op), auth, sizeof auth);
	struct answer a = client_ask(house.port, what, auth, (struct str){ NULL, 0 });
	CHECK(op->name, a.status == 422);
	CHECK(op->name, str_find(a.body, STR("\"severtiy\":")) < a.body.n);
	check_answer(op, &a);
	buf_free(&a.bytes);
}

/* What changes something by cookie alone is refused. */
static void walk_csrf(const struct op *op)
{
	const struct yml *try = yml_first(yml_get(op->yml, "x-try"));
	char auth[200];

	if (str_eq(op->method, STR("get")) || yml_first(yml_get(op->yml, "x-roles")) == NULL)
		return;
	snprintf(auth, sizeof auth, "Cookie: canh_session=%s\r\n", house.session);
	CHECK(op->name, status_as(op, try, auth) == 403);
}

static void plant(struct arena *content)
{
	struct access_faults faults = { 0 };
	struct who admin;
	struct user_draft draft = { .name = STR("an"),
				    .display_name = STR("An"),
				    .role = ROLE_VIEWER };
	struct list_row row = { .name = STR("C2"),
				.kind = STR("c2"),
				.sha256 = STR("00"),
				.types_json = STR("{\"ipv4\":1}"),
				.valid_from = TIME_NONE,
				.valid_until = TIME_NONE,
				.entries = 1 };
	struct list_fault bad = { 2, STR("không phải địa chỉ"), STR("no address") };
	struct alert_draft alert = { .title = STR("x"),
				     .severity = STR("high"),
				     .channel = STR("soc"),
				     .host = STR("ws-1"),
				     .description = STR(""),
				     .observed = TIME_NONE };
	struct actor actor = { .actor = "canh" };
	struct invited invited;
	struct err why;

	house_must(session_find(house.access, str_of(house.session), &admin, &why), "admin", &why);
	house_must(user_invite(house.access, &admin, &draft, &invited, &faults, &why), "invite",
		   &why);
	memcpy(seeds[0].value, invited.secret, sizeof invited.secret);
	memcpy(seeds[1].value, invited.id, sizeof invited.id);
	uuid_new(row.id);
	house_must(list_row_add(house.db, &row, &bad, 1, "canh", &why), "list", &why);
	memcpy(seeds[2].value, row.id, sizeof row.id);
	struct token_draft part = { .name = STR("part"), .role = ROLE_ADMIN };
	struct token_made made;
	house_must(unit_new(house.access, &admin, str_of(admin.home.unit), STR("Phòng mẫu"),
			    seeds[4].value, &why) &&
			   site_new(house.access, &admin, str_of(seeds[4].value), STR("Phụ"),
				    seeds[5].value, &why),
		   "unit", &why);
	part.unit = str_of(seeds[4].value);
	house_must(token_new(house.access, NULL, &part, &made, &why), "token", &why);
	memcpy(part_token, made.secret, sizeof made.secret);
	house_clocks(&house);
	house_directives(&house, content, &dispatches);
	house_must(alert_make(house.db, &actor, &alert, seeds[3].value, &why), "alert", &why);
}

int main(void)
{
	const char *source = getenv("CANH_SOURCE");
	char path[512];
	struct str text;
	struct err why = { 0 };
	struct arena a, content;

	if (source == NULL || !arena_reserve(&mem, 64 << 20))
		return 1;
	a = mem;
	snprintf(path, sizeof path, "%s/docs/openapi.yaml", source);
	house_must(file_load(&a, AT_FDCWD, path, YML_MAX_BYTES, &text, &why) &&
			   yml_parse(&a, text, &doc, &why),
		   "docs/openapi.yaml", &why);
	house_open(&house);
	plant(&content);
	house_serve(&house, (struct web_config){ .directives = &dispatches });
	each_op(check_routed);
	CHECK("every route is described", described == routes_n);
	each_op(try_all);
	each_op(walk_roles);
	each_op(walk_scope);
	each_op(walk_csrf);
	each_op(walk_unknown);
	each_op(try_last);
	house_close(&house);
	arena_release(content);
	arena_release(mem);
	return TEST_REPORT();
}
