/* SPDX-License-Identifier: Apache-2.0 */
/*
 * elastic.c - enough of Elasticsearch's face that Winlogbeat, Filebeat, Fluent Bit, Vector and
 * rsyslog's omelasticsearch deliver here with acknowledgement.
 *
 * What a sender sets up before it sends (templates, policies, pipelines) is not kept: events are
 * stored as they come. It is told that these are there already, so that it does not send them.
 */
#include "web/elastic_int.h"

#include "base/time.h"
#include "ingest/bulk.h"
#include "web/handlers_int.h"

/* Beats refuse an Elasticsearch older than themselves; 8.x also serves 7.x. */
#define ELASTIC_VERSION "8.19.0"

bool elastic_wants(const struct call *c)
{
	if (str_eq(c->path, STR("/")))
		return c->header[H_AUTHORIZATION].n > 0 ||
		       (request_accepts(c->header[H_ACCEPT], STR("application/json")) &&
			!request_accepts(c->header[H_ACCEPT], STR("text/html")));
	return str_starts(c->path, STR("/_")) || str_ends(c->path, STR("/_bulk"));
}

static struct jsonw begin(struct call *c, int status)
{
	struct jsonw w = reply_json(c, status);

	reply_header(c, "X-Elastic-Product", STR("Elasticsearch"));
	jsonw_open(&w, '{');
	return w;
}

static struct str type_of(int status)
{
	switch (status) {
	case 401:
	case 403:
		return STR("security_exception");
	case 404:
		return STR("resource_not_found_exception");
	case 413:
		return STR("content_too_long_exception");
	case 429:
		return STR("es_rejected_execution_exception");
	case 500:
	case 503:
		return STR("unavailable_exception");
	default:
		return STR("illegal_argument_exception");
	}
}

void elastic_problem(struct call *c, const struct err *why)
{
	reply_problem(c, why); /* settles status and headers */
	int status = c->reply.status;
	struct jsonw w = begin(c, status);

	if (status == 401)
		reply_header(c, "WWW-Authenticate", STR("Basic realm=\"canh\", charset=\"UTF-8\""));
	jsonw_key(&w, "error");
	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "type", type_of(status));
	jsonw_kv_str(&w, "reason", str_of(why->text));
	jsonw_close(&w, '}');
	jsonw_kv_int(&w, "status", status);
	jsonw_close(&w, '}');
}

static struct str op_name(enum bulk_op op)
{
	static const struct str names[] = { [BULK_INDEX] = STR("index"),
					    [BULK_CREATE] = STR("create"),
					    [BULK_UPDATE] = STR("update"),
					    [BULK_DELETE] = STR("delete") };

	return names[op];
}

static struct str reason_of(enum bulk_fault fault)
{
	static const struct str reasons[BULK_FAULTS] = {
		[BULK_EXISTS] = STR("version conflict, document already exists"),
		[BULK_NO_DOCUMENT] = STR("no JSON object where the document should be"),
		[BULK_TOO_LONG] = STR("the document is too long"),
		[BULK_NOT_ADDING] = STR("only index and create are possible here"),
		[BULK_BUSY] = STR("too much is waiting here; send it again"),
	};

	return reasons[fault];
}

static struct str error_of(enum bulk_fault fault)
{
	if (fault == BULK_EXISTS)
		return STR("version_conflict_engine_exception");
	return fault == BULK_BUSY ? STR("es_rejected_execution_exception")
				  : STR("document_parsing_exception");
}

/* A text that is a JSON string already, without its quotes. */
static void raw_member(struct jsonw *w, const char *key, struct str inner)
{
	jsonw_key(w, key);
	jsonw_raw(w, STR("\""));
	buf_add(w->out, inner);
	buf_char(w->out, '"');
}

static void write_item(struct jsonw *w, const struct bulk_item *item, struct str index)
{
	int status = bulk_status(item->fault);

	jsonw_open(w, '{');
	jsonw_key_str(w, op_name(item->op));
	jsonw_open(w, '{');
	if (item->index.n > 0)
		raw_member(w, "_index", item->index);
	else
		jsonw_kv_str(w, "_index", index);
	if (item->id.n > 0)
		raw_member(w, "_id", item->id);
	else
		jsonw_kv_str(w, "_id", STR(""));
	jsonw_kv_int(w, "status", status);
	if (status < 300) {
		jsonw_kv_int(w, "_version", 1);
		jsonw_kv_str(w, "result", item->fault == BULK_SEEN ? STR("noop") : STR("created"));
	} else {
		jsonw_key(w, "error");
		jsonw_open(w, '{');
		jsonw_kv_str(w, "type", error_of(item->fault));
		jsonw_kv_str(w, "reason", reason_of(item->fault));
		jsonw_close(w, '}');
	}
	jsonw_close(w, '}');
	jsonw_close(w, '}');
}

static bool any_error(struct str items)
{
	struct bulk_item item;

	while (bulk_item_next(&items, &item))
		if (bulk_status(item.fault) >= 300)
			return true;
	return false;
}

void elastic_items(struct call *c, struct str items)
{
	struct jsonw w = begin(c, 200);
	struct str index = c->args[0].n > 0 ? c->args[0] : STR("canh");
	struct bulk_item item;

	/* `errors` before `items`: Fluent Bit looks no further when it is false. */
	jsonw_kv_int(&w, "took", (time_monotonic() - c->begun) / 1000);
	jsonw_kv_bool(&w, "errors", any_error(items));
	jsonw_key(&w, "items");
	jsonw_open(&w, '[');
	while (bulk_item_next(&items, &item))
		write_item(&w, &item, index);
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
}

bool elastic_info(struct call *c, struct err *why)
{
	struct jsonw w = begin(c, 200);

	(void)why;
	jsonw_kv_str(&w, "name", STR("canh"));
	jsonw_kv_str(&w, "cluster_name", STR("canh"));
	jsonw_kv_str(&w, "cluster_uuid", STR("canh"));
	jsonw_key(&w, "version");
	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "number", STR(ELASTIC_VERSION));
	jsonw_kv_str(&w, "build_flavor", STR("default"));
	jsonw_kv_str(&w, "build_type", STR("deb"));
	jsonw_kv_str(&w, "lucene_version", STR("9.12.1"));
	jsonw_kv_str(&w, "minimum_wire_compatibility_version", STR("7.17.0"));
	jsonw_kv_str(&w, "minimum_index_compatibility_version", STR("7.0.0"));
	jsonw_close(&w, '}');
	jsonw_kv_str(&w, "tagline", STR("You Know, for Search"));
	jsonw_close(&w, '}');
	return true;
}

bool elastic_license(struct call *c, struct err *why)
{
	struct jsonw w = begin(c, 200);

	(void)why;
	jsonw_key(&w, "license");
	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "status", STR("active"));
	jsonw_kv_str(&w, "uid", STR("canh"));
	jsonw_kv_str(&w, "type", STR("basic"));
	jsonw_kv_str(&w, "issued_to", STR("canh"));
	jsonw_close(&w, '}');
	jsonw_close(&w, '}');
	return true;
}

/* Nothing of X-Pack is there: Beats 7.x then leave lifecycle policies alone. */
bool elastic_xpack(struct call *c, struct err *why)
{
	static const struct str features[] = { STR("ilm"), STR("ml"), STR("security") };
	struct jsonw w = begin(c, 200);

	(void)why;
	jsonw_key(&w, "license");
	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "uid", STR("canh"));
	jsonw_kv_str(&w, "type", STR("basic"));
	jsonw_kv_str(&w, "mode", STR("basic"));
	jsonw_kv_str(&w, "status", STR("active"));
	jsonw_close(&w, '}');
	jsonw_key(&w, "features");
	jsonw_open(&w, '{');
	for (size_t i = 0; i < COUNT(features); i++) {
		jsonw_key_str(&w, features[i]);
		jsonw_open(&w, '{');
		jsonw_kv_bool(&w, "available", false);
		jsonw_kv_bool(&w, "enabled", false);
		jsonw_close(&w, '}');
	}
	jsonw_close(&w, '}');
	jsonw_close(&w, '}');
	return true;
}

/* No node is named, so that a client which sniffs keeps the address it was given. */
bool elastic_nodes(struct call *c, struct err *why)
{
	struct jsonw w = begin(c, 200);

	(void)why;
	jsonw_kv_str(&w, "cluster_name", STR("canh"));
	jsonw_key(&w, "nodes");
	jsonw_open(&w, '{');
	jsonw_close(&w, '}');
	jsonw_close(&w, '}');
	return true;
}

bool elastic_health(struct call *c, struct err *why)
{
	struct jsonw w = begin(c, 200);

	(void)why;
	jsonw_kv_str(&w, "cluster_name", STR("canh"));
	jsonw_kv_str(&w, "status", STR("green"));
	jsonw_kv_bool(&w, "timed_out", false);
	jsonw_kv_int(&w, "number_of_nodes", 1);
	jsonw_kv_int(&w, "number_of_data_nodes", 1);
	jsonw_close(&w, '}');
	return true;
}

static struct buf *begin_text(struct call *c)
{
	reply_json(c, 200);
	c->reply.type = "text/plain; charset=utf-8";
	reply_header(c, "X-Elastic-Product", STR("Elasticsearch"));
	return &c->reply.body;
}

bool elastic_cat_health(struct call *c, struct err *why)
{
	(void)why;
	buf_printf(begin_text(c), "%lld canh green 1 1\n", (long long)(time_now() / TIME_SECOND));
	return true;
}

/* Beats 7.x look for the template's name in the answer. */
bool elastic_cat_template(struct call *c, struct err *why)
{
	struct buf *out = begin_text(c);

	(void)why;
	buf_add(out, c->args[0]);
	buf_add(out, STR(" [*] 0 \n"));
	return true;
}

bool elastic_have(struct call *c, struct err *why)
{
	struct jsonw w = begin(c, 200);

	(void)why;
	jsonw_key_str(&w, c->args[0]);
	jsonw_open(&w, '{');
	jsonw_close(&w, '}');
	jsonw_close(&w, '}');
	return true;
}

bool elastic_taken(struct call *c, struct err *why)
{
	struct jsonw w = begin(c, 200);

	(void)why;
	jsonw_kv_bool(&w, "acknowledged", true);
	jsonw_close(&w, '}');
	return true;
}

bool elastic_alias(struct call *c, struct err *why)
{
	struct jsonw w = begin(c, 200);

	(void)why;
	jsonw_key_str(&w, arena_printf(&c->a, "%.*s-000001", STR_ARG(c->args[0])));
	jsonw_open(&w, '{');
	jsonw_key(&w, "aliases");
	jsonw_open(&w, '{');
	jsonw_key_str(&w, c->args[0]);
	jsonw_open(&w, '{');
	jsonw_kv_bool(&w, "is_write_index", true);
	for (int i = 0; i < 4; i++)
		jsonw_close(&w, '}');
	return true;
}
