/* SPDX-License-Identifier: Apache-2.0 */
/* What the kinds of lists make of events, and what they say of the organisation's own addresses. */
#include "detect/lists.h"

#include "base/test.h"
#include "base/time.h"
#include "event/event.h"
#include "event/formats.h"

static unsigned char mem[1 << 20];

static const struct {
	enum list_kind kind;
	const char *lines[12];
} lists[] = {
	{ LIST_C2,
	  { "198.51.100.7", "c2.example.com", "203.0.113.0/28", "http://drop.example.net/a",
	    "44d88612fea8a8f36de82e1278abb02f", "2001:db8:bad::/48", "198.51.100.200",
	    "svch0st.exe", "/tmp/kdevtmpfsi" } },
	{ LIST_ATTACKER, { "198.51.100.66" } },
	{ LIST_PHISHING,
	  { "login.example.org", "lure@example.org", "http://example.net/vn/bank",
	    "198.51.100.77" } },
	{ LIST_UNKNOWN, { "198.51.100.88", "192.0.2.10" } },
	{ LIST_INFECTED, { "192.0.2.10", "192.0.2.64/26", "198.51.100.99", "10.0.0.9" } },
	{ LIST_KNOWN_GOOD, { "198.51.100.200", "203.0.113.0/24", "example.com" } },
};

static struct list_set *build(void)
{
	struct list_builder *b = list_builder_new(42);
	struct err why = { 0 };

	for (size_t i = 0; i < COUNT(lists); i++) {
		struct list_info info = { .name = str_of(list_kind_name(lists[i].kind)),
					  .kind = (uint8_t)lists[i].kind,
					  .valid_from = TIME_NONE,
					  .valid_until = 1000 };

		CHECK("begin", list_builder_begin(b, &info, &why));
		for (size_t k = 0; k < 12 && lists[i].lines[k] != NULL; k++) {
			struct arena a = { mem, mem + sizeof mem };
			struct indicator x;
			struct str line = str_of(lists[i].lines[k]);

			CHECK(line.p, indicator_parse(&a, line, &x, &why) &&
					      list_builder_add(b, &x, STR("note"), k + 1, &why));
		}
	}
	return list_builder_done(b, &why);
}

#define MAX_FIELDS 5
static const struct {
	const char *name;
	struct {
		enum ecs id;
		const char *val;
	} f[MAX_FIELDS];
	enum direction direction;
	enum outcome outcome;
	const char *want; /* "kind severity use" of each hit, in order */
} events[] = {
	{ "c2 allowed",
	  { { ECS_SOURCE_IP, "10.0.0.5" }, { ECS_DESTINATION_IP, "198.51.100.7" } },
	  DIR_OUT,
	  OUTCOME_ALLOWED,
	  "c2 high alert;" },
	{ "c2, outcome not told",
	  { { ECS_DESTINATION_IP, "198.51.100.7" } },
	  DIR_OUT,
	  OUTCOME_UNKNOWN,
	  "c2 high alert;" },
	{ "c2, nothing told",
	  { { ECS_DESTINATION_IP, "198.51.100.7" } },
	  DIR_UNKNOWN,
	  OUTCOME_UNKNOWN,
	  "c2 high alert;" },
	{ "c2 denied",
	  { { ECS_DESTINATION_IP, "198.51.100.7" } },
	  DIR_OUT,
	  OUTCOME_DENIED,
	  "c2 informational count;" },
	{ "c2 inbound",
	  { { ECS_SOURCE_IP, "198.51.100.7" } },
	  DIR_IN,
	  OUTCOME_ALLOWED,
	  "c2 informational count;" },
	{ "c2 name, subdomain asked of DNS",
	  { { ECS_DNS_QUESTION_NAME, "A.C2.example.com." } },
	  DIR_UNKNOWN,
	  OUTCOME_UNKNOWN,
	  "c2 high alert good;" },
	{ "c2 name, a longer one",
	  { { ECS_DNS_QUESTION_NAME, "xc2.example.com" } },
	  DIR_UNKNOWN,
	  OUTCOME_UNKNOWN,
	  "" },
	{ "c2 URL",
	  { { ECS_URL_FULL, "https://drop.example.net:8443/a/b.exe?x" } },
	  DIR_OUT,
	  OUTCOME_SUCCESS,
	  "c2 high alert;" },
	{ "another path of that host",
	  { { ECS_URL_FULL, "https://drop.example.net/ab" } },
	  DIR_OUT,
	  OUTCOME_SUCCESS,
	  "" },
	{ "c2 file",
	  { { ECS_FILE_HASH_MD5, "44D88612FEA8A8F36DE82E1278ABB02F" } },
	  DIR_UNKNOWN,
	  OUTCOME_UNKNOWN,
	  "c2 high alert;" },
	{ "a listed program",
	  { { ECS_PROCESS_EXECUTABLE, "C:\\Windows\\Temp\\SVCH0ST.exe" } },
	  DIR_UNKNOWN,
	  OUTCOME_UNKNOWN,
	  "c2 high alert;" },
	{ "a listed path, a longer one",
	  { { ECS_FILE_PATH, "/tmp/kdevtmpfsi" },
	    { ECS_PROCESS_EXECUTABLE, "/var/tmp/kdevtmpfsi" } },
	  DIR_UNKNOWN,
	  OUTCOME_UNKNOWN,
	  "c2 high alert;" },
	{ "another place of that name",
	  { { ECS_FILE_PATH, "/var/tmp/kdevtmpfsi" } },
	  DIR_UNKNOWN,
	  OUTCOME_UNKNOWN,
	  "" },
	{ "c2 in a command line",
	  { { ECS_PROCESS_COMMAND_LINE, "curl hxxp://c2[.]example[.]com/x" } },
	  DIR_UNKNOWN,
	  OUTCOME_UNKNOWN,
	  "c2 high alert good;" },
	{ "c2 IPv6 range",
	  { { ECS_DESTINATION_IP, "2001:DB8:BAD:0::5" } },
	  DIR_OUT,
	  OUTCOME_ALLOWED,
	  "c2 high alert;" },
	{ "own translated address",
	  { { ECS_SOURCE_IP, "10.0.0.5" },
	    { ECS_SOURCE_NAT_IP, "192.0.2.10" },
	    { ECS_DESTINATION_IP, "198.51.100.1" } },
	  DIR_OUT,
	  OUTCOME_ALLOWED,
	  "" },
	{ "own public address",
	  { { ECS_DESTINATION_IP, "192.0.2.10" } },
	  DIR_IN,
	  OUTCOME_ALLOWED,
	  "" },
	{ "infected visitor of the portal",
	  { { ECS_SOURCE_IP, "198.51.100.99" } },
	  DIR_IN,
	  OUTCOME_ALLOWED,
	  "" },
	{ "infected host called",
	  { { ECS_DESTINATION_IP, "198.51.100.99" } },
	  DIR_OUT,
	  OUTCOME_ALLOWED,
	  "" },
	{ "attacker knocks",
	  { { ECS_SOURCE_IP, "198.51.100.66" } },
	  DIR_IN,
	  OUTCOME_FAILURE,
	  "attacker informational count;" },
	{ "attacker let through by the firewall",
	  { { ECS_SOURCE_IP, "198.51.100.66" } },
	  DIR_IN,
	  OUTCOME_ALLOWED,
	  "attacker informational count;" },
	{ "attacker signs in",
	  { { ECS_SOURCE_IP, "198.51.100.66" }, { ECS_USER_NAME, "root" } },
	  DIR_IN,
	  OUTCOME_SUCCESS,
	  "attacker high alert;" },
	{ "attacker gets a page",
	  { { ECS_SOURCE_IP, "198.51.100.66" }, { ECS_HTTP_METHOD, "GET" } },
	  DIR_IN,
	  OUTCOME_SUCCESS,
	  "attacker informational count;" },
	{ "phishing asked of DNS",
	  { { ECS_DNS_QUESTION_NAME, "login.example.org" } },
	  DIR_OUT,
	  OUTCOME_UNKNOWN,
	  "phishing high alert;" },
	{ "phishing blocked",
	  { { ECS_URL_DOMAIN, "login.example.org" } },
	  DIR_OUT,
	  OUTCOME_DENIED,
	  "phishing informational count;" },
	{ "phishing mail",
	  { { ECS_EMAIL_FROM, "Bank <Lure@Example.org>" } },
	  DIR_IN,
	  OUTCOME_SUCCESS,
	  "phishing medium group;" },
	{ "phishing URL",
	  { { ECS_URL_FULL, "http://example.net/vn/bank/?id=1" } },
	  DIR_OUT,
	  OUTCOME_ALLOWED,
	  "phishing high alert;" },
	{ "address of a phishing list",
	  { { ECS_DESTINATION_IP, "198.51.100.77" } },
	  DIR_OUT,
	  OUTCOME_ALLOWED,
	  "phishing informational count;" },
	{ "unknown",
	  { { ECS_SOURCE_IP, "198.51.100.88" } },
	  DIR_IN,
	  OUTCOME_DENIED,
	  "unknown medium group;" },
	{ "known good holds the same address",
	  { { ECS_DESTINATION_IP, "198.51.100.200" } },
	  DIR_OUT,
	  OUTCOME_ALLOWED,
	  "c2 informational count good;" },
	{ "known good is wider",
	  { { ECS_DESTINATION_IP, "203.0.113.5" } },
	  DIR_OUT,
	  OUTCOME_ALLOWED,
	  "c2 high alert good;" },
	{ "one line named twice, the louder counts",
	  { { ECS_SOURCE_IP, "198.51.100.7" }, { ECS_DESTINATION_IP, "198.51.100.7" } },
	  DIR_OUT,
	  OUTCOME_ALLOWED,
	  "c2 high alert;" },
};

static struct own_ranges own_of(struct range *r)
{
	CHECK("own range", range_parse(STR("192.0.2.0/24"), r, NULL));
	return (struct own_ranges){ .public = r, .n_public = 1 };
}

static void describe(const struct hits *hits, char *out, size_t cap)
{
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < hits->n; i++) {
		const struct hit *h = &hits->hit[i];

		n += (size_t)snprintf(out + n, cap - n, "%s %s %s%s;",
				      list_kind_name(h->list->kind), severity_name(h->severity),
				      hit_use_name(h->use), h->known_good != NULL ? " good" : "");
	}
}

static void test_events(const struct list_set *set)
{
	struct range r;
	struct own_ranges own = own_of(&r);

	for (size_t i = 0; i < COUNT(events); i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct field f[MAX_FIELDS];
		struct event ev = { .format = 1,
				    .direction = (uint8_t)events[i].direction,
				    .outcome = (uint8_t)events[i].outcome,
				    .fields = f,
				    .time = 500 };
		struct hits hits;
		char got[256];

		for (; ev.n_fields < MAX_FIELDS && events[i].f[ev.n_fields].val != NULL;
		     ev.n_fields++)
			f[ev.n_fields] = (struct field){
				.name = str_of(ecs_name(events[i].f[ev.n_fields].id)),
				.val = str_of(events[i].f[ev.n_fields].val),
				.id = (uint16_t)events[i].f[ev.n_fields].id,
			};
		CHECK(events[i].name, list_set_match_event(set, &own, &ev, &a, &hits));
		describe(&hits, got, sizeof got);
		if (!CHECK(events[i].name, strcmp(got, events[i].want) == 0))
			printf("  got '%s', want '%s'\n", got, events[i].want);
		ev.time = 1001;
		CHECK(events[i].name,
		      list_set_match_event(set, &own, &ev, &a, &hits) && hits.n == 0);
	}
}

static void test_raw(const struct list_set *set)
{
	struct arena a = { mem, mem + sizeof mem };
	struct field f = { .name = STR("winlog.event_data.Hashes"),
			   .bare = 18,
			   .val = STR("MD5=44D88612FEA8A8F36DE82E1278ABB02F,IMPHASH=00") };
	struct event ev = { .format = 1, .fields = &f, .n_raw = 1, .n_fields = 1 };
	struct event text = { .format = FORMAT_UNPARSED,
			      .raw = STR("foo 198.51.100.7 192.0.2.10 198.51.100.88") };
	struct hits hits;
	struct range r;
	struct own_ranges own = own_of(&r);

	CHECK("Hashes", list_set_match_event(set, NULL, &ev, &a, &hits) && hits.n == 1 &&
				hits.hit[0].severity == SEV_HIGH &&
				str_eq(hits.hit[0].note, STR("note")) && hits.hit[0].line == 5);
	CHECK("unparsed", list_set_match_event(set, &own, &text, &a, &hits) && hits.n == 2 &&
				  hits.hit[0].severity == SEV_MEDIUM &&
				  str_eq(hits.hit[0].indicator, STR("198.51.100.7")));
	struct arena none = { mem, mem };

	CHECK("no room", !list_set_match_event(set, NULL, &ev, &none, &hits) && hits.n == 0);
}

/* A record whose frame or shape was read, but nothing in it that lists are about. */
static void test_untold(const struct list_set *set)
{
	static const struct {
		const char *name, *field, *val, *want;
		enum ecs id; /* an ECS field beside it, or ECS_NONE */
		const char *ecs;
	} cases[] = {
		{ "a sentence nobody knows", "message", "connecting to 198.51.100.7",
		  "c2 medium group;", ECS_USER_NAME, "an" },
		{ "a field nobody knows", "x.target", "hxxp://login[.]example[.]org/",
		  "phishing medium group;", ECS_NONE, NULL },
		{ "own address", "message", "from 192.0.2.10", "", ECS_NONE, NULL },
		{ "infected", "message", "from 198.51.100.99", "", ECS_NONE, NULL },
		{ "attacker", "message", "from 198.51.100.66", "attacker informational count;",
		  ECS_NONE, NULL },
		{ "the host itself", "hostname", "198.51.100.7", "", ECS_NONE, NULL },
		{ "what the reader told counts alone", "message", "nat 198.51.100.7", "",
		  ECS_SOURCE_IP, "10.0.0.5" },
	};
	struct range r;
	struct own_ranges own = own_of(&r);

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct field f[2] = {
			{ .name = str_of(cases[i].field), .val = str_of(cases[i].val) },
			{ .name = str_of(ecs_name(cases[i].id)), .id = (uint16_t)cases[i].id }
		};
		struct event ev = { .format = 1, .fields = f, .n_raw = 1, .n_fields = 1 };
		struct hits hits;
		char got[256];

		if (cases[i].ecs != NULL) {
			f[1].val = str_of(cases[i].ecs);
			ev.n_fields = 2;
		}
		CHECK(cases[i].name, list_set_match_event(set, &own, &ev, &a, &hits));
		describe(&hits, got, sizeof got);
		if (!CHECK(cases[i].name, strcmp(got, cases[i].want) == 0))
			printf("  got '%s', want '%s'\n", got, cases[i].want);
	}
}

static bool count(void *ctx, const struct list_finding *f)
{
	size_t *n = ctx;

	n[0]++;
	n[1] += f->expired;
	return true;
}

/* Known-good lists hold down while they are valid, and are not lost behind many others. */
static void test_known_good(void)
{
	enum { OTHERS = 100, UNTIL = 700 };
	struct list_builder *b = list_builder_new(5);
	struct list_info info = { .kind = LIST_C2,
				  .valid_from = TIME_NONE,
				  .valid_until = TIME_NONE };
	struct arena a = { mem, mem + sizeof mem };
	struct indicator x;
	bool ok = indicator_parse(&a, STR("198.51.100.9"), &x, NULL);

	for (size_t i = 0; ok && i <= OTHERS; i++) {
		info.kind = i == 1 ? LIST_KNOWN_GOOD : LIST_C2; /* the end of the chain */
		info.valid_until = i == 1 ? UNTIL : TIME_NONE;
		ok = list_builder_begin(b, &info, NULL) &&
		     list_builder_add(b, &x, STR(""), 1, NULL);
	}
	struct list_set *set = list_builder_done(b, NULL);

	if (!CHECK("known good among many", ok && set != NULL))
		return;
	for (int64_t at = UNTIL; at <= UNTIL + 1; at++) {
		struct field f = { .name = STR("destination.ip"),
				   .val = STR("198.51.100.9"),
				   .id = ECS_DESTINATION_IP };
		struct event ev = { .format = 1, .fields = &f, .n_fields = 1, .time = at };
		struct event raw = { .format = FORMAT_UNPARSED, .raw = f.val, .time = at };
		enum hit_use want = at == UNTIL ? HIT_COUNT : HIT_ALERT;
		struct hits hits;

		list_set_match_event(set, NULL, &ev, &a, &hits);
		CHECK("a field", hits.n > 1 && hits.hit[0].use == want &&
					 (hits.hit[0].known_good != NULL) == (at == UNTIL));
		list_set_match_event(set, NULL, &raw, &a, &hits);
		CHECK("text",
		      hits.n > 1 && hits.hit[0].use == (at == UNTIL ? HIT_COUNT : HIT_GROUP));
	}
	list_set_free(set);
}

/* Many lists that are no longer valid take no place from one that is, nor lines that are not. */
static void test_expired_places(void)
{
	enum { DEAD = 300, DIES = 700 };
	struct arena a = { mem, mem + sizeof mem };

	for (unsigned turn = 0; turn < 8; turn++) {
		bool good = turn & 1, by_line = turn & 2, last = turn & 4;
		struct list_builder *b = list_builder_new(5);
		struct indicator x;
		bool ok = indicator_parse(&a, STR("198.51.100.9"), &x, NULL);

		for (unsigned i = 0; ok && i <= DEAD + (unsigned)good; i++) {
			bool lives = i == (last ? DEAD : 0) || i > DEAD;
			struct list_info info = {
				.kind = (uint8_t)(good && i <= DEAD ? LIST_KNOWN_GOOD : LIST_C2),
				.valid_from = TIME_NONE,
				.valid_until = by_line || lives ? TIME_NONE : DIES
			};

			x.dated = by_line && !lives;
			x.valid_from = TIME_NONE;
			x.valid_until = DIES;
			ok = list_builder_begin(b, &info, NULL) &&
			     list_builder_add(b, &x, STR(""), i + 1, NULL);
		}
		struct list_set *set = list_builder_done(b, NULL);
		struct field f = { .name = STR("destination.ip"),
				   .val = STR("198.51.100.9"),
				   .id = ECS_DESTINATION_IP };
		struct event ev = { .format = 1, .fields = &f, .n_fields = 1, .time = DIES + 1 };
		struct event raw = { .format = FORMAT_UNPARSED, .raw = f.val, .time = DIES + 1 };
		struct hits hits;

		if (!CHECK("expired lists", ok && set != NULL))
			return;
		list_set_match_event(set, NULL, &ev, &a, &hits);
		CHECK("a field", hits.n == 1 && hits.hit[0].use == (good ? HIT_COUNT : HIT_ALERT));
		list_set_match_event(set, NULL, &raw, &a, &hits);
		CHECK("text", hits.n == 1 && hits.hit[0].use == (good ? HIT_COUNT : HIT_GROUP));
		list_set_free(set);
	}
}

struct told {
	char text[256];
	size_t n;
};

static bool tell_file(void *ctx, const struct hit *h, size_t at)
{
	struct told *t = ctx;
	int n = snprintf(t->text + t->n, sizeof t->text - t->n, "%s %.*s %s;",
			 indicator_type_name((enum indicator_type)h->type), STR_ARG(h->indicator),
			 hit_use_name((enum hit_use)h->use));

	t->n += n > 0 ? (size_t)n : 0;
	return at == 0;
}

/* A file in hand: by name, by the end of its path, by digest, and not when the list has run out. */
static void test_file(const struct list_set *set)
{
	static const struct {
		const char *name, *path, *md5;
		int64_t at;
		const char *want;
	} cases[] = {
		{ "name", "/srv/x/SVCH0ST.exe", NULL, 500, "file svch0st.exe alert;" },
		{ "path from the root", "/tmp/kdevtmpfsi", NULL, 500,
		  "file /tmp/kdevtmpfsi alert;" },
		{ "another folder", "/srv/tmp2/kdevtmpfsi", NULL, 500, "" },
		{ "another name", "/srv/nosvch0st.exe", NULL, 500, "" },
		{ "digest", "/srv/a", "44d88612fea8a8f36de82e1278abb02f", 500,
		  "md5 44d88612fea8a8f36de82e1278abb02f alert;" },
		{ "both", "a/svch0st.exe", "44d88612fea8a8f36de82e1278abb02f", 500,
		  "md5 44d88612fea8a8f36de82e1278abb02f alert;file svch0st.exe alert;" },
		{ "another digest", "/srv/a", "44d88612fea8a8f36de82e1278abb02e", 500, "" },
		{ "the list is old", "/srv/svch0st.exe", NULL, 2000, "" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct told got = { 0 };
		unsigned char md5[HASH_MD5_LEN];
		const struct list_info *good = NULL;
		struct list_file_facts f = { .path = str_of(cases[i].path), .at = cases[i].at };

		if (cases[i].md5 != NULL &&
		    CHECK(cases[i].name, hash_hex_parse(str_of(cases[i].md5), md5, sizeof md5)))
			f.sum[HASH_MD5] = md5;
		CHECK(cases[i].name, list_set_match_file(set, &f, a, tell_file, &got, &good));
		CHECK(cases[i].name, good == NULL);
		if (!CHECK(cases[i].name, strcmp(got.text, cases[i].want) == 0))
			printf("  got '%s', want '%s'\n", got.text, cases[i].want);
	}
	CHECK("counted", list_set_count(set, IND_MD5) == 1 &&
				 list_set_count(set, IND_SHA256) == 0 &&
				 list_set_count(set, IND_FILE) == 2);
	CHECK("that can be told", list_set_count_told(set, IND_MD5, 500) == 1 &&
					  list_set_count_told(set, IND_FILE, 500) == 2 &&
					  list_set_count_told(set, IND_FILE, 2000) == 0);
}

/* A digest on a known-good list holds the other list's hit down. */
static void test_good_file(void)
{
	struct list_builder *b = list_builder_new(5);
	unsigned char sum[HASH_MD5_LEN];
	struct arena a = { mem, mem + sizeof mem };
	struct indicator x;
	bool ok = indicator_parse(&a, STR("44d88612fea8a8f36de82e1278abb02f"), &x, NULL) &&
		  hash_hex_parse(STR("44d88612fea8a8f36de82e1278abb02f"), sum, sizeof sum);

	for (int i = 0; ok && i < 2; i++) {
		struct list_info info = { .kind = i == 0 ? LIST_C2 : LIST_KNOWN_GOOD,
					  .valid_from = TIME_NONE,
					  .valid_until = TIME_NONE };

		ok = list_builder_begin(b, &info, NULL) &&
		     list_builder_add(b, &x, STR(""), 1, NULL);
	}
	struct list_set *set = list_builder_done(b, NULL);
	const struct list_info *good = NULL;
	struct told got = { 0 };

	if (!CHECK("known-good file", ok && set != NULL))
		return;
	struct list_file_facts f = { .path = STR("/x"), .at = 1, .sum[HASH_MD5] = sum };

	CHECK("known-good file", list_set_match_file(set, &f, a, tell_file, &got, &good));
	CHECK("known-good is not told",
	      list_set_count(set, IND_MD5) == 2 && list_set_count_told(set, IND_MD5, 1) == 1);
	CHECK("known-good file", good != NULL && good->kind == LIST_KNOWN_GOOD);
	CHECK("known-good file",
	      strcmp(got.text, "md5 44d88612fea8a8f36de82e1278abb02f count;") == 0);
	list_set_free(set);
}

int main(void)
{
	struct list_set *set = build();
	struct range r;
	struct own_ranges own = own_of(&r);
	size_t n[2] = { 0 };

	if (!CHECK("built", set != NULL))
		return TEST_REPORT();
	CHECK("lists", list_set_lists(set) == COUNT(lists) && list_set_list(set, 99) == NULL &&
			       list_set_list(set, 0)->entries == 9 && list_set_bytes(set) > 0);
	test_events(set);
	test_raw(set);
	test_untold(set);
	test_known_good();
	test_expired_places();
	test_file(set);
	test_good_file();
	list_set_own_findings(set, &own, 500, count, n);
	CHECK("own addresses found infected", n[0] == 2 && n[1] == 0);
	list_set_own_findings(set, &own, 2000, count, n);
	CHECK("of an old list", n[0] == 4 && n[1] == 2);
	list_set_free(set);
	return TEST_REPORT();
}
