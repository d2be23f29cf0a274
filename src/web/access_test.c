/* SPDX-License-Identifier: Apache-2.0 */
/* Signing in and out over HTTP, links, CSRF, accounts, tokens, and what each act leaves behind. */
#include "web/house_test.h"

static struct house house;
static char cookie[200];

static struct answer ask(const char *what, const char *headers, const char *body)
{
	return client_ask(house.port, what, headers, str_of(body));
}

/* As the signed-in admin, as the page does it. */
static struct answer ask_admin(const char *what, const char *body)
{
	char headers[300];

	snprintf(headers, sizeof headers, "Cookie: canh_session=%s\r\nX-Canh: 1\r\n", cookie);
	return ask(what, headers, body);
}

static bool has(const struct answer *a, const char *text)
{
	return str_find(a->body, str_of(text)) < a->body.n;
}

static int status_of(struct answer a)
{
	int status = a.status;

	buf_free(&a.bytes);
	return status;
}

/* The text member `name` of a JSON answer into out[cap]. */
static bool member(const struct answer *a, const char *name, char *out, size_t cap)
{
	struct json *j = NULL;
	struct str s;

	if (!json_parse(a->body, 1 << 20, &j, NULL))
		return false;
	s = json_get_str(j, name);
	fake_keep(out, cap, s);
	json_free(j);
	return s.n > 0;
}

static void take_cookie(const struct answer *a)
{
	struct str set = client_header(a, "Set-Cookie");

	CHECK("cookie", str_starts(set, STR("canh_session=")) &&
				str_find(set, STR("HttpOnly")) < set.n &&
				str_find(set, STR("SameSite=Strict")) < set.n &&
				str_find(set, STR("Secure")) == set.n);
	set = str_skip(set, 13);
	fake_keep(cookie, sizeof cookie, str_sub(set, 0, str_find_char(set, ';')));
}

/* The next code of the admin: a step that was not used before. */
static void fresh_code(char out[8])
{
	static int64_t step;

	step++;
	house_code(&house, time_now() + step * TOTP_STEP_S * TIME_SECOND, out);
}

static void sign_in_body(char *out, size_t cap, const char *name, const char *password,
			 const char *code)
{
	snprintf(out, cap, "{\"name\":\"%s\",\"password\":\"%s\",\"code\":\"%s\"}", name, password,
		 code);
}

static void test_sign_in(void)
{
	char body[400], code[8];
	struct answer a;

	fresh_code(code);
	sign_in_body(body, sizeof body, "truong", "not the password", code);
	a = ask("POST /api/v1/session", "", body);
	CHECK("wrong password", a.status == 401 && has(&a, "bad_credentials"));
	struct str first = a.body;
	sign_in_body(body, sizeof body, "nobody", HOUSE_PASSWORD, code);
	struct answer b = ask("POST /api/v1/session", "", body);
	CHECK("wrong name looks the same", b.status == 401 && str_eq(b.body, first));
	buf_free(&a.bytes);
	buf_free(&b.bytes);
	CHECK("no JSON", status_of(ask("POST /api/v1/session", "", "name=truong")) == 400);
	CHECK("no object", status_of(ask("POST /api/v1/session", "", "[1]")) == 400);
	sign_in_body(body, sizeof body, "truong", HOUSE_PASSWORD, code);
	a = ask("POST /api/v1/session", "User-Agent: Firefox\r\n", body);
	CHECK("signed in", a.status == 200 && has(&a, "\"name\":\"truong\"") &&
				   has(&a, "\"role\":\"admin\"") && has(&a, "\"lang\":\"vi\"") &&
				   has(&a, "\"expires\":\"20"));
	take_cookie(&a);
	buf_free(&a.bytes);
	a = ask_admin("GET /api/v1/session", "");
	CHECK("session", a.status == 200 && has(&a, "\"display_name\":\"Trưởng ca\""));
	buf_free(&a.bytes);
	a = ask_admin("GET /api/v1/sessions", "");
	CHECK("two sessions", a.status == 200 && has(&a, "\"agent\":\"Firefox\"") &&
				      has(&a, "\"current\":true") && has(&a, "\"current\":false"));
	buf_free(&a.bytes);
}

static void test_csrf(void)
{
	char headers[300];

	snprintf(headers, sizeof headers, "Cookie: canh_session=%s\r\n", cookie);
	struct answer a = ask("PATCH /api/v1/session", headers, "{\"lang\":\"en\"}");
	CHECK("no X-Canh", a.status == 403 && has(&a, "csrf"));
	buf_free(&a.bytes);
	CHECK("reading needs none", status_of(ask("GET /api/v1/session", headers, "")) == 200);
	CHECK("with X-Canh",
	      status_of(ask_admin("PATCH /api/v1/session", "{\"lang\":\"en\"}")) == 200);
	CHECK("no such language",
	      status_of(ask_admin("PATCH /api/v1/session", "{\"lang\":\"fr\"}")) == 422);
	a = ask_admin("GET /api/v1/session", "");
	CHECK("language kept", has(&a, "\"lang\":\"en\""));
	buf_free(&a.bytes);
	snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\n", house.token[ROLE_ADMIN]);
	a = ask("GET /api/v1/session", headers, "");
	CHECK("a token has none", a.status == 403);
	buf_free(&a.bytes);
}

/* From the invitation by an admin to the guest's own session. */
static void test_invite(void)
{
	char link[200], path[300], secret[64], body[300], code[8], mem[256];
	struct arena arena = { (unsigned char *)mem, (unsigned char *)mem + sizeof mem };
	struct str seed;
	struct answer a = ask_admin("POST /api/v1/users",
				    "{\"name\":\"lan\",\"display_name\":\"Lan\","
				    "\"role\":\"analyst\"}");

	CHECK("invited", a.status == 201 && has(&a, "\"totp\":false") &&
				 member(&a, "link", link, sizeof link));
	buf_free(&a.bytes);
	struct str token = str_skip(str_of(link), 10); /* "/#/invite/" */
	snprintf(path, sizeof path, "GET /api/v1/invite/%.*s", STR_ARG(token));
	a = ask(path, "", "");
	CHECK("looked at", a.status == 200 && has(&a, "\"name\":\"lan\"") &&
				   has(&a, "\"first\":false") && has(&a, "\"role\":\"analyst\""));
	buf_free(&a.bytes);
	snprintf(path, sizeof path, "POST /api/v1/invite/%.*s", STR_ARG(token));
	a = ask(path, "Accept-Language: en\r\n",
		"{\"display_name\":\"Lan\",\"password\":\"short\"}");
	CHECK("short password", a.status == 422 && has(&a, "\"errors\":{\"password\":\""));
	buf_free(&a.bytes);
	a = ask(path, "", "{\"display_name\":\"Lan\",\"password\":\"mot mat khau rat dai\"}");
	CHECK("accepted", a.status == 200 && has(&a, "otpauth://totp/") &&
				  member(&a, "totp_secret", secret, sizeof secret));
	buf_free(&a.bytes);
	snprintf(path, sizeof path, "POST /api/v1/invite/%.*s/confirm", STR_ARG(token));
	a = ask(path, "", "{\"code\":\"000000\"}");
	CHECK("bad code", a.status == 401 && has(&a, "bad_code"));
	buf_free(&a.bytes);
	CHECK("seed", crypt_base32_parse(&arena, str_of(secret), &seed, NULL));
	uint64_t step = (uint64_t)(time_now() / TIME_SECOND) / TOTP_STEP_S;
	snprintf(code, sizeof code, "%06u", totp_code(seed, step));
	snprintf(body, sizeof body, "{\"code\":\"%s\"}", code);
	a = ask(path, "", body);
	CHECK("confirmed", a.status == 200 && has(&a, "\"name\":\"lan\"") &&
				   client_header(&a, "Set-Cookie").p != NULL);
	buf_free(&a.bytes);
	a = ask(path, "", body);
	CHECK("used up", a.status == 404);
	buf_free(&a.bytes);
	CHECK("no such link", status_of(ask("GET /api/v1/invite/nonsense", "", "")) == 404);
}

static void test_users(void)
{
	char id[UUID_MAX] = "", path[200];
	struct answer a = ask_admin("GET /api/v1/users", "");
	struct json *j = NULL;

	CHECK("users", a.status == 200 && has(&a, "\"next\":null") && has(&a, "\"totp\":true"));
	if (CHECK("users JSON", json_parse(a.body, 1 << 20, &j, NULL))) {
		const struct json *items = json_get(j, "items");

		CHECK("two", json_count(items) == 2);
		fake_keep(id, sizeof id, json_get_str(json_at(items, 0), "id"));
		json_free(j);
	}
	buf_free(&a.bytes);
	a = ask_admin("POST /api/v1/users",
		      "{\"name\":\"lan\",\"display_name\":\"x\",\"role\":\"viewer\"}");
	CHECK("name taken", a.status == 409);
	buf_free(&a.bytes);
	a = ask_admin("POST /api/v1/users",
		      "{\"name\":\"x\",\"display_name\":\"x\",\"role\":\"boss\"}");
	CHECK("no such role", a.status == 422 && has(&a, "\"errors\":{\"role\""));
	buf_free(&a.bytes);
	snprintf(path, sizeof path, "PATCH /api/v1/users/%s", id); /* lan: the list is by name */
	a = ask_admin(path, "{\"role\":\"lead\",\"display_name\":\"Chị Lan\"}");
	CHECK("changed", a.status == 200 && has(&a, "\"role\":\"lead\"") && has(&a, "Chị Lan"));
	buf_free(&a.bytes);
	a = ask_admin(path, "{\"disabled\":true}");
	CHECK("disabled", a.status == 200 && has(&a, "\"disabled\":true"));
	buf_free(&a.bytes);
	CHECK("nobody",
	      status_of(ask_admin("PATCH /api/v1/users/none", "{\"disabled\":true}")) == 404);
	snprintf(path, sizeof path, "POST /api/v1/users/%s/invite", id);
	a = ask_admin(path, "");
	CHECK("invited anew", a.status == 200 && has(&a, "/#/invite/"));
	buf_free(&a.bytes);
}

static void test_tokens(void)
{
	char secret[ACCESS_SECRET_MAX] = "", id[UUID_MAX] = "", headers[200], path[200];
	struct answer a = ask_admin("POST /api/v1/tokens", "{\"name\":\"fw\",\"role\":\"viewer\"}");

	CHECK("made", a.status == 201 && member(&a, "token", secret, sizeof secret) &&
			      member(&a, "id", id, sizeof id));
	buf_free(&a.bytes);
	a = ask_admin("GET /api/v1/tokens", "");
	CHECK("listed, without its secret",
	      a.status == 200 && has(&a, id) && !has(&a, secret) && has(&a, "\"last_used\":null"));
	buf_free(&a.bytes);
	snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\n", secret);
	CHECK("works", status_of(ask("GET /api/v1/sources", headers, "")) == 200);
	CHECK("no more than its role",
	      status_of(ask("POST /api/v1/tokens", headers,
			    "{\"name\":\"x\",\"role\":\"viewer\"}")) == 403);
	snprintf(path, sizeof path, "DELETE /api/v1/tokens/%s", id);
	CHECK("revoked", status_of(ask_admin(path, "")) == 204);
	CHECK("dead", status_of(ask("GET /api/v1/sources", headers, "")) == 401);
	CHECK("once", status_of(ask_admin(path, "")) == 404);
	a = ask_admin("POST /api/v1/tokens", "{\"name\":\"\",\"role\":\"viewer\"}");
	CHECK("no name", a.status == 422 && has(&a, "\"errors\":{\"name\""));
	buf_free(&a.bytes);
}

static void test_settings(void)
{
	char tag[100], headers[400];
	struct answer a = ask_admin("GET /api/v1/settings", "");

	CHECK("empty",
	      a.status == 200 &&
		      str_eq(a.body,
			     STR("{\"unit_name\":\"\",\"unit_kind\":\"\",\"public_ranges\":[],"
				 "\"inside_ranges\":[],\"nat_pools\":[]}")));
	fake_keep(tag, sizeof tag, client_header(&a, "ETag"));
	buf_free(&a.bytes);
	unsigned reloads = house.fake.reloads;
	snprintf(headers, sizeof headers,
		 "Cookie: canh_session=%s\r\nX-Canh: 1\r\nIf-Match: %s\r\n", cookie, tag);
	a = ask("PUT /api/v1/settings", headers,
		"{\"unit_name\":\"Sở Nội vụ\",\"public_ranges\":[\"203.0.113.0/24\",\"2001:db8::/32\"]}");
	CHECK("set", a.status == 200 && has(&a, "Sở Nội vụ") && has(&a, "203.0.113.0/24"));
	CHECK("compiled anew", house.fake.reloads == reloads + 1);
	buf_free(&a.bytes);
	a = ask("PUT /api/v1/settings", headers, "{\"unit_name\":\"x\"}");
	CHECK("changed meanwhile", a.status == 412 && has(&a, "conflict"));
	buf_free(&a.bytes);
	a = ask_admin("PUT /api/v1/settings", "{\"nat_pools\":[\"198.51.100.0/99\"]}");
	CHECK("bad range", a.status == 422 && has(&a, "\"errors\":{\"nat_pools\"") &&
				   has(&a, "198.51.100.0/99"));
	buf_free(&a.bytes);
	a = ask_admin("PUT /api/v1/settings", "{\"unit_kind\":\"ministry\"}");
	CHECK("bad kind", a.status == 422 && has(&a, "\"errors\":{\"unit_kind\""));
	buf_free(&a.bytes);
	a = ask_admin("PUT /api/v1/settings", "{\"unit_kind\":\"agency\"}");
	CHECK("kind set", a.status == 200 && has(&a, "\"unit_kind\":\"agency\""));
	buf_free(&a.bytes);
	a = ask_admin("GET /api/v1/settings", "");
	CHECK("kept", has(&a, "\"unit_kind\":\"agency\"") && has(&a, "Sở Nội vụ") &&
			      has(&a, "\"nat_pools\":[]"));
	buf_free(&a.bytes);
}

static void test_ledger(void)
{
	struct answer a = ask_admin("GET /api/v1/ledger?limit=2", "");
	char next[40] = "", path[100];

	CHECK("ledger", a.status == 200 && has(&a, "\"head\":{\"size\":") &&
				member(&a, "next", next, sizeof next));
	buf_free(&a.bytes);
	snprintf(path, sizeof path, "GET /api/v1/ledger?limit=2&cursor=%s", next);
	a = ask_admin(path, "");
	CHECK("older ones", a.status == 200 && has(&a, "\"n\":"));
	buf_free(&a.bytes);
	a = ask_admin("GET /api/v1/ledger?kind=settings.changed", "");
	CHECK("settings are in it", has(&a, "203.0.113.0/24") && has(&a, "\"actor\":\"user:"));
	buf_free(&a.bytes);
	a = ask_admin("GET /api/v1/ledger?kind=token.", "");
	CHECK("tokens are in it", has(&a, "\"kind\":\"token."));
	buf_free(&a.bytes);
	CHECK("bad cursor", status_of(ask_admin("GET /api/v1/ledger?cursor=x", "")) == 422);
}

static void test_sign_out(void)
{
	char body[300], code[8];
	struct answer a;

	fresh_code(code);
	snprintf(body, sizeof body, "{\"old\":\"%s\",\"new\":\"short\",\"code\":\"%s\"}",
		 HOUSE_PASSWORD, code);
	a = ask_admin("POST /api/v1/session/password", body);
	CHECK("new one too short", a.status == 422 && has(&a, "\"errors\":{\"new\""));
	buf_free(&a.bytes);
	CHECK("sign out", status_of(ask_admin("DELETE /api/v1/session", "")) == 204);
	CHECK("signed out", status_of(ask_admin("GET /api/v1/session", "")) == 401);
}

static bool once(const struct answer *a, const char *word)
{
	struct str text = buf_str(&a->bytes), find = str_of(word);
	size_t at = str_find(text, find);

	return at < text.n && str_find(str_skip(text, at + 1), find) == text.n - at - 1;
}

/* Last: it locks the account. */
static void test_lockout(void)
{
	char body[300];
	struct answer a = { 0 };

	sign_in_body(body, sizeof body, "truong", "wrong wrong wrong", "123456");
	for (int i = 0; i < 7 && a.status != 429; i++) {
		buf_free(&a.bytes);
		a = ask("POST /api/v1/session", "", body);
	}
	CHECK("locked",
	      a.status == 429 && has(&a, "locked") && client_header(&a, "Retry-After").n > 1);
	CHECK("told once, in seconds", once(&a, "Retry-After:"));
	buf_free(&a.bytes);
}

int main(void)
{
	house_open(&house);
	house_serve(&house, (struct web_config){ 0 });
	test_sign_in();
	test_csrf();
	test_invite();
	test_users();
	test_tokens();
	test_settings();
	test_ledger();
	test_sign_out();
	test_lockout();
	house_close(&house);
	return TEST_REPORT();
}
