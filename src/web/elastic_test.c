/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Elasticsearch face, by the requests that Winlogbeat and Filebeat (7.17, 8.x), Fluent Bit, Vector
 * and omelasticsearch make, in their order, as their documentation and sources describe them.
 */
#include "web/house_test.h"

static struct house house;

#define BEAT8 \
	"User-Agent: Elastic-Winlogbeat/8.11.0 (Windows; amd64)\r\nAccept: application/json\r\n"
#define BEAT7 "User-Agent: Elastic-Filebeat/7.17.9 (linux; amd64)\r\nAccept: application/json\r\n"
#define VECTOR "User-Agent: Vector/0.34.1 (x86_64-unknown-linux-gnu)\r\nAccept: */*\r\n"
#define FLUENT "User-Agent: Fluent-Bit\r\n"
#define RSYSLOG "Accept: */*\r\n"
#define NDJSON "Content-Type: application/x-ndjson\r\n"
#define BULK8 \
	"{\"create\":{\"_index\":\"winlogbeat-8.11.0\"}}\n{\"@timestamp\":\"2026-11-22T10:00:00Z\"}\n"
#define BULK7                                                                                     \
	"{\"index\":{\"_index\":\"filebeat-7.17.9-2026.11.22\",\"_type\":\"_doc\"}}\n{\"m\":1}\n" \
	"{\"create\":{\"_index\":\"filebeat-7.17.9\",\"_id\":\"AbC\"}}\n{\"m\":2}\n"
#define BULKR "{\"index\":{\"_index\": \"system\",\"_type\":\"events\"}}\n{\"msg\":\"a\"}\n"

/* How the sender signs in. */
enum auth { BASIC, API_KEY, BEARER, NO_AUTH };

static const struct {
	const char *name, *what, *headers;
	enum auth auth;
	const char *body; /* NULL: none */
	int status;
	const char *in; /* stands in the answer */
} cases[] = {
	/* Winlogbeat 8: version, then policy and template (there already), then data */
	{ "winlogbeat 8 info", "GET /", BEAT8, API_KEY, NULL, 200, "\"number\":\"8." },
	{ "winlogbeat 8 tagline", "GET /", BEAT8, API_KEY, NULL, 200, "You Know, for Search" },
	{ "winlogbeat 8 license", "GET /_license?human=false", BEAT8, API_KEY, NULL, 200,
	  "\"status\":\"active\"" },
	{ "winlogbeat 8 policy", "GET /_ilm/policy/winlogbeat", BEAT8, API_KEY, NULL, 200,
	  "winlogbeat" },
	{ "winlogbeat 8 template", "HEAD /_index_template/winlogbeat-8.11.0", BEAT8, API_KEY, NULL,
	  200, "" },
	{ "winlogbeat 8 overwrites", "PUT /_index_template/winlogbeat-8.11.0", BEAT8, API_KEY,
	  "{\"index_patterns\":[]}", 200, "\"acknowledged\":true" },
	{ "winlogbeat 8 stream", "GET /_data_stream/winlogbeat-8.11.0", BEAT8, API_KEY, NULL, 200,
	  "" },
	{ "winlogbeat 8 pipeline", "PUT /_ingest/pipeline/winlogbeat-8.11.0-routing", BEAT8,
	  API_KEY, "{}", 200, "\"acknowledged\":true" },
	{ "winlogbeat 8 bulk",
	  "POST /_bulk?filter_path=errors%2Citems.%2A.error%2Citems.%2A.status", BEAT8 NDJSON,
	  API_KEY, BULK8, 200,
	  "\"errors\":false,\"items\":[{\"create\":{\"_index\":\"winlogbeat-8.11.0\"" },
	/* Filebeat 7 OSS */
	{ "filebeat 7 info", "GET /", BEAT7, BASIC, NULL, 200, "\"number\":\"8." },
	{ "filebeat 7 x-pack", "GET /_xpack", BEAT7, BASIC, NULL, 200,
	  "\"ilm\":{\"available\":false,\"enabled\":false}" },
	{ "filebeat 7 template", "GET /_cat/templates/filebeat-7.17.9", BEAT7, BASIC, NULL, 200,
	  "filebeat-7.17.9 " },
	{ "filebeat 7 legacy template", "HEAD /_template/filebeat-7.17.9", BEAT7, BASIC, NULL, 200,
	  "" },
	{ "filebeat 7 alias", "HEAD /_alias/filebeat-7.17.9", BEAT7, BASIC, NULL, 200, "" },
	{ "filebeat 7 bulk", "POST /_bulk", BEAT7 NDJSON, BASIC, BULK7, 200,
	  "{\"create\":{\"_index\":\"filebeat-7.17.9\",\"_id\":\"AbC\",\"status\":201" },
	/* Fluent Bit asks nothing before */
	{ "fluent bit bulk", "POST /_bulk", FLUENT NDJSON, BASIC, BULK7, 200, "\"errors\":false" },
	/* Vector: health, version, data */
	{ "vector health", "GET /_cluster/health", VECTOR, BEARER, NULL, 200,
	  "\"status\":\"green\"" },
	{ "vector version", "GET /", VECTOR, BEARER, NULL, 200, "\"number\":\"8." },
	{ "vector bulk", "POST /_bulk", VECTOR NDJSON, BEARER, BULK8, 200, "\"status\":201" },
	/* omelasticsearch */
	{ "rsyslog health", "HEAD /_cat/health", RSYSLOG, BASIC, NULL, 200, "" },
	{ "rsyslog bulk", "POST /_bulk?timeout=1m", RSYSLOG "Content-Type: application/json\r\n",
	  BASIC, BULKR, 200, "\"errors\":false" },
	{ "index in the path", "POST /logs/_bulk", RSYSLOG NDJSON, BASIC,
	  "{\"index\":{}}\n{\"a\":1}\n", 200, "\"_index\":\"logs\"" },
	{ "PUT is fine", "PUT /logs/_bulk", RSYSLOG NDJSON, BASIC, "{\"index\":{}}\n{\"a\":1}\n",
	  200, "\"status\":201" },
	/* refusals in the shape that they read */
	{ "nobody", "POST /_bulk", RSYSLOG NDJSON, NO_AUTH, BULKR, 401, "\"status\":401" },
	{ "nobody asks for the version", "GET /", BEAT8, NO_AUTH, NULL, 401, "security_exception" },
	{ "not an action", "POST /_bulk", RSYSLOG NDJSON, BASIC, "{\"m\":1}\n", 400,
	  "illegal_argument_exception" },
	{ "empty", "POST /_bulk", RSYSLOG NDJSON, BASIC, "", 400, "illegal_argument_exception" },
	{ "update and delete", "POST /_bulk", RSYSLOG NDJSON, BASIC,
	  "{\"delete\":{\"_index\":\"a\",\"_id\":\"1\"}}\n{\"index\":{\"_index\":\"a\"}}\n{}\n",
	  200,
	  "\"errors\":true,\"items\":[{\"delete\":{\"_index\":\"a\",\"_id\":\"1\",\"status\":400,\"error\"" },
	{ "other pages of Elasticsearch", "GET /_search", RSYSLOG, BASIC, NULL, 404,
	  "\"status\":404" },
};

static void sign(enum auth auth, char *out, size_t cap)
{
	char pair[200], mem[512];
	struct arena a = { (unsigned char *)mem, (unsigned char *)mem + sizeof mem };
	const char *secret = house.token[ROLE_SOURCE];
	static const char *const names[] = { "Basic", "ApiKey" };

	out[0] = '\0';
	if (auth == BEARER)
		snprintf(out, cap, "Authorization: Bearer %s\r\n", secret);
	if (auth != BASIC && auth != API_KEY)
		return;
	snprintf(pair, sizeof pair, "source:%s", secret);
	struct str text = crypt_base64(&a, str_of(pair));
	snprintf(out, cap, "Authorization: %s %.*s\r\n", names[auth], STR_ARG(text));
}

static void test_cases(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		char auth[300], headers[700];
		struct json *j = NULL;

		sign(cases[i].auth, auth, sizeof auth);
		snprintf(headers, sizeof headers, "%s%s", cases[i].headers, auth);
		struct answer a = client_ask(house.port, cases[i].what, headers,
					     str_of(cases[i].body));
		CHECK(cases[i].name, a.status == cases[i].status);
		CHECK(cases[i].name,
		      cases[i].in[0] == '\0' || str_find(a.body, str_of(cases[i].in)) < a.body.n);
		CHECK(cases[i].name,
		      str_eq(client_header(&a, "X-Elastic-Product"), STR("Elasticsearch")));
		if (str_eq(client_header(&a, "Content-Type"), STR("application/json")) &&
		    a.body.n > 0)
			CHECK(cases[i].name, json_parse(a.body, 1 << 20, &j, NULL));
		json_free(j);
		buf_free(&a.bytes);
	}
}

/* What the sender says reaches the backend; what the backend says reaches the sender. */
static void test_through(void)
{
	char auth[300], headers[600];
	struct answer a;

	sign(BASIC, auth, sizeof auth);
	snprintf(headers, sizeof headers, "%s" NDJSON "Content-Encoding: gzip\r\n", auth);
	a = client_ask(house.port, "POST /win/_bulk?source=collector", headers, STR("packed"));
	struct fake *f = &house.fake;
	CHECK("as sent", f->last.kind == PUSH_BULK && f->last.encoding == ENC_GZIP &&
				 strcmp(f->index, "win") == 0 &&
				 strcmp(f->source, "collector") == 0 &&
				 strcmp(f->token, "source") == 0);
	buf_free(&a.bytes);
	f->exists = true;
	snprintf(headers, sizeof headers, "%s" NDJSON, auth);
	a = client_ask(house.port, "POST /_bulk", headers, STR(BULK7));
	CHECK("stored before",
	      a.status == 200 && str_find(a.body, STR("\"status\":409")) < a.body.n);
	CHECK("why", str_find(a.body, STR("version_conflict_engine_exception")) < a.body.n);
	buf_free(&a.bytes);
	f->exists = false;
	f->fail = ERR_STATE;
	a = client_ask(house.port, "POST /_bulk", headers, STR(BULK7));
	CHECK("busy", a.status == 429 && client_header(&a, "Retry-After").p != NULL);
	CHECK("busy in its shape",
	      str_find(a.body, STR("es_rejected_execution_exception")) < a.body.n);
	buf_free(&a.bytes);
	f->fail = ERR_NONE;
}

/* At "/" the page stands too: a browser gets it, a sender does not. */
static void test_page_or_face(void)
{
	struct answer a = client_ask(house.port, "GET /", "Accept: text/html,*/*;q=0.8\r\n",
				     (struct str){ NULL, 0 });

	CHECK("browser", a.status == 200 && str_find(a.body, STR("<html>")) < a.body.n);
	CHECK("no product for it", client_header(&a, "X-Elastic-Product").p == NULL);
	buf_free(&a.bytes);
}

int main(void)
{
	char page[300];
	struct err why;

	house_open(&house);
	snprintf(page, sizeof page, "%s/page", house.dir);
	CHECK("page", dir_make(page, 0700, &why));
	snprintf(page, sizeof page, "%s/page/index.html", house.dir);
	CHECK("page", file_save(AT_FDCWD, page, STR("<html></html>"), 0600, &why));
	snprintf(page, sizeof page, "%s/page", house.dir);
	house_serve(&house, (struct web_config){ .page_dir = page });
	test_cases();
	test_through();
	test_page_or_face();
	house_close(&house);
	return TEST_REPORT();
}
