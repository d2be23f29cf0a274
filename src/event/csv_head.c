/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csv_head.c - what the names in a header line mean, in Vietnamese and English, with and without marks.
 *
 * Invariant: names stand folded as utf8_fold_search() folds, their words parted by one blank; a name
 * matches whole, and stands once in the table (csv_test.c).
 */
#include "event/cells.h"
#include "event/csv_int.h"

#include "base/utf8.h"

// clang-format off
const struct csv_name csv_names[] = {
#define N(text, role) { STR(text), role }
#define E(text, id) { STR(text), ECS_##id }
	/* when */
	N("time", CSV_CLOCK), N("gio", CSV_CLOCK), N("date", CSV_DATE), N("ngay", CSV_DATE),
	N("date and time", CSV_TIME), N("date time", CSV_TIME), N("datetime", CSV_TIME), N("timestamp", CSV_TIME),
	N("event time", CSV_TIME), N("eventtime", CSV_TIME), N("time generated", CSV_TIME), N("timegenerated", CSV_TIME),
	N("timecreated", CSV_TIME), N("time created", CSV_TIME), N("generated", CSV_TIME), N("log time", CSV_TIME),
	N("occurred", CSV_TIME), N("occurred on", CSV_TIME), N("time occurred", CSV_TIME), N("time of occurrence", CSV_TIME),
	N("detected", CSV_TIME), N("detected on", CSV_TIME), N("detection time", CSV_TIME), N("event date", CSV_TIME),
	N("receive time", CSV_RECEIVED), N("received", CSV_RECEIVED), N("received time", CSV_RECEIVED), N("generate time", CSV_TIME), N("time logged", CSV_TIME),
	N("start time", CSV_TIME), N("utc time", CSV_TIME), N("creation date", CSV_TIME), N("creationdate", CSV_TIME),
	N("thoi gian", CSV_TIME), N("thoi diem", CSV_TIME), N("ngay gio", CSV_TIME), N("ngay va gio", CSV_TIME),
	N("thoi gian phat hien", CSV_TIME), N("ngay phat hien", CSV_TIME), N("thoi gian xay ra", CSV_TIME),
	N("thoi gian ghi nhan", CSV_TIME), N("thoi gian su kien", CSV_TIME), N("ngay gio su kien", CSV_TIME),
	N("thoi gian nhan", CSV_RECEIVED), N("thoi diem phat hien", CSV_TIME), N("epoch", CSV_EPOCH),
	N("timezone", CSV_ZONE), N("time zone", CSV_ZONE), N("mui gio", CSV_ZONE),
	/* which machine */
	E("computer", HOST_NAME), E("computer name", HOST_NAME), E("computername", HOST_NAME), E("host", HOST_NAME),
	E("host name", HOST_NAME), E("hostname", HOST_NAME), E("machine", HOST_NAME), E("machine name", HOST_NAME),
	E("machinename", HOST_NAME), E("device", HOST_NAME), E("device name", HOST_NAME), E("devicename", HOST_NAME),
	E("endpoint", HOST_NAME), E("endpoint name", HOST_NAME), E("workstation", HOST_NAME), E("client name", HOST_NAME),
	E("netbios name", HOST_NAME), E("ten may", HOST_NAME), E("ten may tinh", HOST_NAME), E("may tinh", HOST_NAME),
	E("may tram", HOST_NAME), E("ten may tram", HOST_NAME), E("may chu", HOST_NAME), E("ten may chu", HOST_NAME),
	E("thiet bi", HOST_NAME), E("ten thiet bi", HOST_NAME), E("diem cuoi", HOST_NAME),
	N("ip", CSV_IP), N("ip address", CSV_IP), N("ipaddress", CSV_IP), N("ipv4", CSV_IP), N("dia chi ip", CSV_IP),
	N("dia chi", CSV_IP), N("address", CSV_IP), N("ip may", CSV_IP), N("ip addresses", CSV_IP),
	E("computer ip", HOST_IP), E("host ip", HOST_IP), E("endpoint ip", HOST_IP), E("device ip", HOST_IP), E("local ip", HOST_IP),
	E("ip may tram", HOST_IP), E("ip may tinh", HOST_IP), E("dia chi ip may tram", HOST_IP), E("dia chi ip may", HOST_IP),
	E("local host", HOST_IP), E("local host ip", HOST_IP),
	/* between whom */
	N("source", CSV_SOURCE), N("nguon", CSV_SOURCE),
	E("source ip", SOURCE_IP), E("src ip", SOURCE_IP), E("srcip", SOURCE_IP), E("src", SOURCE_IP), E("source address", SOURCE_IP),
	E("source ip address", SOURCE_IP), E("sourceip", SOURCE_IP), E("client ip", SOURCE_IP), E("clientip", SOURCE_IP),
	E("client address", SOURCE_IP), E("remote ip", SOURCE_IP), E("remote host", SOURCE_IP), E("remote host ip", SOURCE_IP),
	E("remote address", SOURCE_IP), E("attacker", SOURCE_IP), E("attacker ip", SOURCE_IP), E("infection source", SOURCE_IP),
	E("source host", SOURCE_IP), E("source computer", SOURCE_IP), E("product entity endpoint", OBSERVER_NAME), E("ip nguon", SOURCE_IP), E("dia chi nguon", SOURCE_IP), E("dia chi ip nguon", SOURCE_IP),
	E("may nguon", SOURCE_IP), E("ip tan cong", SOURCE_IP), E("dia chi tan cong", SOURCE_IP), E("nguon tan cong", SOURCE_IP),
	E("source port", SOURCE_PORT), E("src port", SOURCE_PORT), E("srcport", SOURCE_PORT), E("sport", SOURCE_PORT),
	E("cong nguon", SOURCE_PORT), E("mac", SOURCE_MAC), E("mac address", SOURCE_MAC), E("dia chi mac", SOURCE_MAC),
	E("destination", DESTINATION_IP), E("destination ip", DESTINATION_IP), E("dst ip", DESTINATION_IP), E("dstip", DESTINATION_IP),
	E("dst", DESTINATION_IP), E("dest ip", DESTINATION_IP), E("destination address", DESTINATION_IP),
	E("destination ip address", DESTINATION_IP), E("target", DESTINATION_IP), E("target ip", DESTINATION_IP),
	E("target address", DESTINATION_IP), E("server ip", DESTINATION_IP), E("dich", DESTINATION_IP), E("ip dich", DESTINATION_IP),
	E("dia chi dich", DESTINATION_IP), E("dia chi ip dich", DESTINATION_IP), E("may dich", DESTINATION_IP),
	E("destination port", DESTINATION_PORT), E("dst port", DESTINATION_PORT), E("dstport", DESTINATION_PORT),
	E("dest port", DESTINATION_PORT), E("dport", DESTINATION_PORT), E("cong dich", DESTINATION_PORT), E("port", DESTINATION_PORT),
	E("cong", DESTINATION_PORT), E("protocol", NETWORK_TRANSPORT), E("proto", NETWORK_TRANSPORT), E("giao thuc", NETWORK_TRANSPORT),
	E("service", NETWORK_PROTOCOL), E("dich vu", NETWORK_PROTOCOL), E("nat source ip", SOURCE_NAT_IP),
	E("nat destination ip", DESTINATION_NAT_IP), E("sent bytes", SOURCE_BYTES), E("bytes sent", SOURCE_BYTES),
	E("received bytes", DESTINATION_BYTES), E("bytes received", DESTINATION_BYTES),
	E("url", URL_FULL), E("uri", URL_FULL), E("website", URL_FULL), E("link", URL_FULL), E("lien ket", URL_FULL),
	E("dia chi web", URL_FULL), E("trang web", URL_FULL), E("domain name", DESTINATION_DOMAIN), E("ten mien", DESTINATION_DOMAIN),
	E("query name", DNS_QUESTION_NAME), E("dns query", DNS_QUESTION_NAME), E("method", HTTP_METHOD), E("phuong thuc", HTTP_METHOD),
	E("status code", HTTP_STATUS), E("http status", HTTP_STATUS), E("user agent", USER_AGENT), E("useragent", USER_AGENT),
	/* who */
	E("user", USER_NAME), E("user name", USER_NAME), E("username", USER_NAME), E("account", USER_NAME), E("account name", USER_NAME),
	E("logon user", USER_NAME), E("logged on user", USER_NAME), E("user account", USER_NAME), E("userid", USER_NAME), E("user id", USER_NAME),
	E("current user", USER_NAME), E("tai khoan", USER_NAME), E("nguoi dung", USER_NAME), E("ten nguoi dung", USER_NAME),
	E("ten dang nhap", USER_NAME), E("ten tai khoan", USER_NAME), E("target user", TARGET_USER_NAME),
	E("sender", EMAIL_FROM), E("from", EMAIL_FROM), E("sender address", EMAIL_FROM), E("senderaddress", EMAIL_FROM),
	E("nguoi gui", EMAIL_FROM), E("recipient", EMAIL_TO), E("recipients", EMAIL_TO), E("recipient address", EMAIL_TO), E("to", EMAIL_TO),
	E("recipientaddress", EMAIL_TO), E("nguoi nhan", EMAIL_TO), E("subject", EMAIL_SUBJECT), E("message subject", EMAIL_SUBJECT),
	E("messagesubject", EMAIL_SUBJECT), E("tieu de", EMAIL_SUBJECT), E("chu de", EMAIL_SUBJECT),
	/* what */
	E("threat", THREAT_NAME), E("threat name", THREAT_NAME), E("malware", THREAT_NAME), E("malware name", THREAT_NAME),
	E("virus", THREAT_NAME), E("virus name", THREAT_NAME), E("virus malware", THREAT_NAME), E("virus malware name", THREAT_NAME),
	E("detection", THREAT_NAME), E("detection name", THREAT_NAME), E("security threat", THREAT_NAME), E("risk name", THREAT_NAME),
	E("infection", THREAT_NAME), E("infection name", THREAT_NAME), E("spyware grayware", THREAT_NAME), E("ma doc", THREAT_NAME),
	E("ten ma doc", THREAT_NAME), E("moi de doa", THREAT_NAME), E("ten moi de doa", THREAT_NAME), E("ten virus", THREAT_NAME),
	E("vi rut", THREAT_NAME), E("ten vi rut", THREAT_NAME), E("phan mem doc hai", THREAT_NAME),
	E("object", FILE_PATH), E("object name", FILE_PATH), E("file", FILE_PATH), E("file path", FILE_PATH), E("path", FILE_PATH),
	E("file name", FILE_PATH), E("filename", FILE_PATH), E("infected file", FILE_PATH), E("infected object", FILE_PATH),
	E("path to file", FILE_PATH), E("doi tuong", FILE_PATH), E("duong dan", FILE_PATH), E("tep", FILE_PATH), E("ten tep", FILE_PATH),
	E("tap tin", FILE_PATH), E("ten tap tin", FILE_PATH), E("duong dan tep", FILE_PATH), E("duong dan tap tin", FILE_PATH),
	E("ten file", FILE_PATH), E("duong dan file", FILE_PATH), E("tep nhiem", FILE_PATH),
	E("md5", FILE_HASH_MD5), E("sha1", FILE_HASH_SHA1), E("sha 1", FILE_HASH_SHA1), E("sha256", FILE_HASH_SHA256),
	E("sha 256", FILE_HASH_SHA256), E("hash", FILE_HASH_SHA256), E("file hash", FILE_HASH_SHA256), E("ma bam", FILE_HASH_SHA256),
	E("gia tri bam", FILE_HASH_SHA256), E("application hash", FILE_HASH_SHA256),
	E("process", PROCESS_EXECUTABLE), E("process name", PROCESS_EXECUTABLE), E("application name", PROCESS_EXECUTABLE),
	E("tien trinh", PROCESS_EXECUTABLE), E("ten tien trinh", PROCESS_EXECUTABLE), E("command line", PROCESS_COMMAND_LINE),
	E("commandline", PROCESS_COMMAND_LINE), E("dong lenh", PROCESS_COMMAND_LINE), E("pid", PROCESS_PID), E("process id", PROCESS_PID),
	E("action", EVENT_ACTION), E("action taken", EVENT_ACTION), E("actual action", EVENT_ACTION), E("result", EVENT_ACTION),
	E("results", EVENT_ACTION), E("scan action", EVENT_ACTION), E("disposition", EVENT_ACTION), E("operation", EVENT_ACTION),
	E("operations", EVENT_ACTION), E("hanh dong", EVENT_ACTION), E("xu ly", EVENT_ACTION), E("ket qua", EVENT_ACTION),
	E("ket qua xu ly", EVENT_ACTION), E("bien phap", EVENT_ACTION), E("bien phap xu ly", EVENT_ACTION), E("thao tac", EVENT_ACTION),
	E("event", EVENT_ACTION), E("event name", EVENT_ACTION), E("event type", EVENT_ACTION), E("su kien", EVENT_ACTION),
	E("ten su kien", EVENT_ACTION), E("loai su kien", EVENT_ACTION),
	E("event id", EVENT_CODE), E("eventid", EVENT_CODE), E("event code", EVENT_CODE), E("ma su kien", EVENT_CODE),
	E("id su kien", EVENT_CODE), N("id", CSV_ID), E("category", EVENT_CATEGORY), E("task category", EVENT_CATEGORY),
	E("phan loai", EVENT_CATEGORY), E("the loai", EVENT_CATEGORY), E("rule", RULE_NAME), E("rule name", RULE_NAME),
	E("policy", RULE_NAME), E("policy name", RULE_NAME), E("signature", RULE_NAME), E("signature name", RULE_NAME),
	E("attack name", RULE_NAME), E("luat", RULE_NAME), E("ten luat", RULE_NAME), E("chinh sach", RULE_NAME), E("dau hieu", RULE_NAME),
	E("kieu tan cong", RULE_NAME), E("loai tan cong", RULE_NAME),
	E("level", LOG_LEVEL), E("severity", LOG_LEVEL), E("leveldisplayname", LOG_LEVEL), E("risk level", LOG_LEVEL), E("muc", LOG_LEVEL),
	E("muc do", LOG_LEVEL), E("muc do nghiem trong", LOG_LEVEL), E("muc canh bao", LOG_LEVEL), E("muc do rui ro", LOG_LEVEL),
	E("log name", LOG_CHANNEL), E("logname", LOG_CHANNEL), E("channel", LOG_CHANNEL), E("ten nhat ky", LOG_CHANNEL),
	E("provider", EVENT_PROVIDER), E("provider name", EVENT_PROVIDER), E("providername", EVENT_PROVIDER),
	E("product", OBSERVER_PRODUCT), E("application", OBSERVER_PRODUCT), E("san pham", OBSERVER_PRODUCT), E("ung dung", OBSERVER_PRODUCT),
	E("message", MESSAGE), E("description", MESSAGE), E("event description", MESSAGE), E("details", MESSAGE), E("detail", MESSAGE),
	E("information", MESSAGE), E("noi dung", MESSAGE), E("mo ta", MESSAGE), E("mo ta su kien", MESSAGE), E("chi tiet", MESSAGE),
	E("thong bao", MESSAGE), E("thong tin", MESSAGE), E("dien giai", MESSAGE),
#undef N
#undef E
};
// clang-format on
const size_t csv_names_n = COUNT(csv_names);

/* " Địa chỉ IP (nguồn):" to "dia chi ip nguon". */
struct str csv_fold(struct arena *a, struct str name)
{
	struct str s = utf8_fold_search(a, str_trim(str_sub(name, 0, CSV_NAME_MAX)));
	char *p = s.p == NULL ? NULL : arena_bytes(a, s.n);
	size_t n = 0;

	if (p == NULL)
		return (struct str){ NULL, 0 };
	for (size_t i = 0; i < s.n; i++) {
		bool word = ascii_alpha(s.p[i]) || ascii_digit(s.p[i]) ||
			    (unsigned char)s.p[i] >= 0x80;

		if (word || (n > 0 && p[n - 1] != ' '))
			p[n++] = word ? s.p[i] : ' ';
	}
	return str_trim((struct str){ p, n });
}

static uint8_t role_of(struct arena a, struct str name)
{
	struct str folded = csv_fold(&a, name);
	size_t open = str_find_char(name, '(');

	for (size_t i = 0; folded.n > 0 && i < COUNT(csv_names); i++)
		if (str_eq(folded, csv_names[i].name))
			return csv_names[i].role;
	/* "Time (UTC+07:00)" */
	return open > 0 && open < name.n ? role_of(a, str_sub(name, 0, open)) : ECS_NONE;
}

/* The byte that parts the most cells. */
static char separator(struct str record, size_t *n)
{
	static const char candidates[] = { ',', ';', '\t', '|' };
	char best = ',';

	*n = 0;
	for (size_t i = 0; i < COUNT(candidates); i++) {
		size_t cells = cells_count(record, candidates[i], CSV_MAX_COLUMNS + 1);

		if (cells > *n) {
			*n = cells;
			best = candidates[i];
		}
	}
	return best;
}

static bool has_role(const struct csv *c, uint8_t role)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->column[i].role == role)
			return true;
	return false;
}

static void settle(struct csv *c, uint8_t from, uint8_t to)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->column[i].role == from)
			c->column[i].role = to;
}

/* What a name means beside the others. */
static void settle_all(struct csv *c)
{
	bool provider = has_role(c, ECS_EVENT_PROVIDER) || has_role(c, ECS_LOG_CHANNEL);

	settle(c, CSV_ID, provider ? ECS_EVENT_CODE : ECS_NONE);
	if (has_role(c, ECS_EVENT_CODE) && !provider && has_role(c, CSV_SOURCE)) {
		settle(c, CSV_SOURCE, ECS_EVENT_PROVIDER);
		provider = true;
	}
	c->windows = provider && has_role(c, ECS_EVENT_CODE);
	settle(c, CSV_SOURCE, ECS_SOURCE_IP);
	settle(c, CSV_IP, has_role(c, ECS_HOST_NAME) ? ECS_HOST_IP : ECS_SOURCE_IP);
	if (!has_role(c, CSV_DATE))
		settle(c, CSV_CLOCK, CSV_TIME);
	else if (!has_role(c, CSV_CLOCK))
		settle(c, CSV_DATE, CSV_TIME);
	if (c->windows)
		settle(c, ECS_MESSAGE, CSV_TEXT);
}

/* A name of a column: short, of letters, not empty but at the end. */
static bool may_be_name(struct str s)
{
	bool letter = false;

	for (size_t i = 0; i < s.n; i++) {
		letter = letter || ascii_alpha(s.p[i]) || (unsigned char)s.p[i] >= 0x80;
		if (s.p[i] == '=' || s.p[i] == '\n' || s.p[i] == '\r')
			return false;
	}
	return letter && s.n <= CSV_NAME_MAX;
}

static bool take_names(struct csv *c, struct arena a, struct str record, size_t *known)
{
	struct str rest = record, name;
	struct cell cell;
	size_t used = 0;

	*known = 0;
	while (cells_next(&rest, c->sep, &cell)) {
		struct arena scratch = a;

		name = str_trim(cell_text(&scratch, &cell));
		if (name.n == 0 && rest.p == NULL && c->n > 0)
			break; /* a separator at the end */
		if (!may_be_name(name) || c->n == CSV_MAX_COLUMNS || name.n > sizeof c->text - used)
			return false;
		struct csv_column *to = &c->column[c->n++];

		memcpy(c->text + used, name.p, name.n);
		to->name = (struct str){ c->text + used, name.n };
		to->role = role_of(scratch, name);
		used += name.n;
		*known += to->role != ECS_NONE;
	}
	return true;
}

bool csv_header(struct csv *out, struct arena scratch, struct str record, bool sure)
{
	size_t cells, known = 0;
	struct csv *c;

	if (record.n > CSV_TEXT_MAX || memchr(record.p, '\n', record.n) != NULL)
		return false;
	c = NEW(&scratch, struct csv, 1);
	if (c == NULL)
		return false;
	c->sep = separator(record, &cells);
	if (cells < 2 || !take_names(c, scratch, record, &known) || c->n < 2 || (sure && known < 2))
		return false;
	settle_all(c);
	*out = *c;
	/* names pointed into the copy */
	for (size_t i = 0; i < out->n; i++)
		out->column[i].name.p = out->text + (c->column[i].name.p - c->text);
	return true;
}
