/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo_world.c - one generator a source; numbers from splitmix64, seeded by seed, source and hour.
 */
#include "cmd/demo_world.h"

#include "base/time.h"

#include <stdio.h>

enum { VN_HOURS = 7, PORTAL_ADDRESSES = 200, OUTSIDE = 203, NAME_MAX_LEN = 64 };

const char demo_guesser[] = "203.0.113.66", demo_control[] = "203.0.113.77";
const char demo_own_listed[] = "192.0.2.57";
const char demo_own_ranges[] = "[\"192.0.2.0/24\",\"2001:db8:20::/48\"]";

struct dice {
	uint64_t state;
};

static uint64_t roll(struct dice *d)
{
	uint64_t z = d->state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

static unsigned below(struct dice *d, unsigned n)
{
	return (unsigned)(roll(d) % n);
}

/* One line's moment, and the people and machines in it. */
struct line {
	struct buf *out;
	struct dice *d;
	struct civil c; /* in Viet Nam */
	int64_t at;
	unsigned ws, person;
};

static const char *const family[] = {
	"nguyen", "tran", "le", "pham", "hoang", "vu", "dang", "bui"
};
static const char *const given[] = { "an",    "binh", "chi",  "dung", "giang", "ha",
				     "khanh", "lan",  "minh", "nga",  "phuc",  "quang",
				     "son",   "thao", "tuan", "yen" };
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
				      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

static const char *person(unsigned n, char out[NAME_MAX_LEN])
{
	snprintf(out, NAME_MAX_LEN, "%s.%s%u", given[n % COUNT(given)],
		 family[n / COUNT(given) % COUNT(family)], n % 5 + 1);
	return out;
}

static const char *const browsers[] = {
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X)",
	"Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36",
};
static const char *const pages[] = { "/",          "/tin-tuc",         "/dich-vu-cong",
				     "/van-ban",   "/lien-he",         "/css/site.css",
				     "/js/app.js", "/tra-cuu-ho-so",   "/lich-cong-tac",
				     "/thong-bao", "/images/logo.png", "/gop-y" };

static void firewall(const struct line *l)
{
	static const struct {
		const char *service;
		unsigned port;
	} services[] = { { "HTTPS", 443 }, { "HTTPS", 443 }, { "DNS", 53 }, { "HTTP", 80 } };
	unsigned s = below(l->d, COUNT(services)), policy = below(l->d, 50);

	buf_printf(l->out,
		   "date=%04d-%02d-%02d time=%02d:%02d:%02d devname=\"FGT-BIEN\" "
		   "devid=\"FG100FTK00000001\" logid=\"0000000013\" type=\"traffic\" "
		   "subtype=\"forward\" level=\"notice\" vd=\"root\" tz=\"+0700\" "
		   "srcip=2001:db8:20::%x srcport=%u srcintf=\"lan\" srcintfrole=\"lan\" "
		   "dstip=198.51.100.%u dstport=%u dstintf=\"wan1\" dstintfrole=\"wan\" proto=6 "
		   "action=\"%s\" policyid=%u service=\"%s\" sentbyte=%u rcvdbyte=%u\n",
		   l->c.year, l->c.month, l->c.day, l->c.hour, l->c.minute, l->c.second,
		   l->ws + 0x100, 40000 + below(l->d, 20000), 1 + below(l->d, 250),
		   services[s].port, policy == 0 ? "deny" : "accept", policy == 0 ? 0 : 5,
		   services[s].service, 200 + below(l->d, 40000), 500 + below(l->d, 900000));
}

static void windows(const struct line *l)
{
	char time[TIME_TEXT_MAX], name[NAME_MAX_LEN];
	unsigned kind = below(l->d, 40);
	const char *id = kind == 0 ? "4625" : kind < 16 ? "4634" : "4624";

	buf_printf(l->out,
		   "{\"@timestamp\":\"%s\",\"winlog\":{\"channel\":\"Security\",\"event_id\":%s,"
		   "\"provider_name\":\"Microsoft-Windows-Security-Auditing\","
		   "\"computer_name\":\"WS-%03u.example.vn\",\"event_data\":{"
		   "\"TargetUserName\":\"%s\",\"TargetDomainName\":\"MAU\",\"LogonType\":\"2\"}},"
		   "\"host\":{\"name\":\"WS-%03u.example.vn\"}}\n",
		   time_rfc3339(l->at, time), id, l->ws + 1, person(l->person, name), l->ws + 1);
}

static void mail(const struct line *l)
{
	char name[NAME_MAX_LEN];
	bool wrong = below(l->d, 60) == 0;

	person(l->person, name);
	buf_printf(l->out,
		   "%04d-%02d-%02d %02d:%02d:%02d,%03u %s  [qtp-%u:"
		   "https://mail.example.vn/service/soap/AuthRequest] "
		   "[name=%s@example.vn;oip=2001:db8:20::%x;ua=ZimbraWebClient - FF100;] "
		   "security - cmd=Auth; account=%s@example.vn; protocol=soap;%s\n",
		   l->c.year, l->c.month, l->c.day, l->c.hour, l->c.minute, l->c.second,
		   below(l->d, 1000), wrong ? "WARN" : "INFO", below(l->d, 900), name,
		   l->ws + 0x100, name,
		   wrong ? " error=authentication failed, invalid password;" : "");
}

static void access_line(const struct line *l, const char *address, const char *request, int status)
{
	buf_printf(
		l->out,
		"%s - - [%02d/%s/%04d:%02d:%02d:%02d +0700] \"%s HTTP/1.1\" %d %u \"-\" \"%s\"\n",
		address, l->c.day, months[l->c.month - 1], l->c.year, l->c.hour, l->c.minute,
		l->c.second, request, status, 400 + below(l->d, 60000),
		browsers[below(l->d, COUNT(browsers))]);
}

static void portal(const struct line *l)
{
	char address[NAME_MAX_LEN], request[NAME_MAX_LEN];

	snprintf(address, sizeof address, "%u.0.113.%u", OUTSIDE,
		 below(l->d, PORTAL_ADDRESSES) / 4 + 1);
	snprintf(request, sizeof request, "GET %s", pages[below(l->d, COUNT(pages))]);
	access_line(l, address, request, below(l->d, 50) == 0 ? 404 : 200);
}

static void linux_line(const struct line *l, const char *host, const char *text)
{
	buf_printf(l->out, "<38>%s %2d %02d:%02d:%02d %s %s\n", months[l->c.month - 1], l->c.day,
		   l->c.hour, l->c.minute, l->c.second, host, text);
}

static void linux_host(const struct line *l)
{
	char host[NAME_MAX_LEN], text[256], name[NAME_MAX_LEN];
	unsigned kind = below(l->d, 10);

	snprintf(host, sizeof host, "srv-%02u", 1 + below(l->d, DEMO_SERVERS));
	person(l->person % 3, name);
	if (kind < 6)
		snprintf(text, sizeof text, "CRON[%u]: (root) CMD (run-parts /etc/cron.hourly)",
			 1000 + below(l->d, 30000));
	else
		snprintf(text, sizeof text,
			 "sshd[%u]: Accepted publickey for %s from 192.0.2.%u port %u ssh2: "
			 "ED25519 SHA256:vidu",
			 1000 + below(l->d, 30000), name, 10 + below(l->d, 5),
			 40000 + below(l->d, 20000));
	linux_line(l, host, text);
}

static const struct {
	const char *name, *type;
	void (*write)(const struct line *l);
	unsigned day, night; /* lines an hour, in working hours and outside */
} sources[DEMO_SOURCES] = {
	[DEMO_FIREWALL] = { "FortiGate biên", "text/plain", firewall, 300, 60 },
	[DEMO_WINDOWS] = { "Windows (máy thu gom WEF)", "application/x-ndjson", windows, 260, 15 },
	[DEMO_MAIL] = { "Zimbra mail", "text/plain", mail, 90, 10 },
	[DEMO_PORTAL] = { "Cổng thông tin điện tử", "text/plain", portal, 160, 40 },
	[DEMO_LINUX] = { "Máy chủ Linux", "text/plain", linux_host, 30, 20 },
};

const char *demo_source_name(enum demo_source s)
{
	return sources[s].name;
}

const char *demo_source_type(enum demo_source s)
{
	return sources[s].type;
}

static struct line line_at(struct dice *d, struct buf *out, int64_t at)
{
	struct line l = { .out = out,
			  .d = d,
			  .at = at,
			  .ws = below(d, DEMO_WORKSTATIONS),
			  .person = below(d, DEMO_STAFF) };

	l.c = civil_from_time(at + VN_HOURS * TIME_HOUR);
	return l;
}

/* Of the hour that begins at `hour`, what falls between `from` and `to`. */
static void one_hour(uint64_t seed, enum demo_source s, int64_t hour, const int64_t span[2],
		     struct buf *out)
{
	struct dice d = { seed * 1000003 + (uint64_t)(hour / TIME_HOUR) * DEMO_SOURCES + s };
	struct civil c = civil_from_time(hour + VN_HOURS * TIME_HOUR);
	int64_t day = (hour + VN_HOURS * TIME_HOUR) / TIME_DAY;
	int weekday = (int)((day + 4) % 7); /* 1970-01-01 was a Thursday; 0 is Sunday */
	bool works = weekday != 0 && weekday != 6 && c.hour >= 7 && c.hour < 18;
	unsigned n = works ? sources[s].day : sources[s].night;

	n += below(&d, n / 5 + 1);
	for (unsigned i = 0; i < n; i++) {
		int64_t at = hour + (int64_t)i * (TIME_HOUR / n);
		size_t before = out->n;
		struct line l = line_at(&d, out, at);

		sources[s].write(&l);
		if (at < span[0] || at >= span[1])
			out->n = before; /* written all the same: the dice must fall alike */
	}
}

void demo_lines(uint64_t seed, enum demo_source s, int64_t from, int64_t to, struct buf *out)
{
	const int64_t span[2] = { from, to };

	for (int64_t hour = from / TIME_HOUR * TIME_HOUR; hour < to; hour += TIME_HOUR)
		one_hour(seed, s, hour, span, out);
}

/* ---- what happens beside the every-day */

static const struct {
	enum demo_source source;
} acts[DEMO_ACTS] = {
	[DEMO_NOISE] = { DEMO_LINUX },        [DEMO_GUESSED] = { DEMO_LINUX },
	[DEMO_WEBSHELL] = { DEMO_PORTAL },    [DEMO_CONTROL] = { DEMO_FIREWALL },
	[DEMO_PROTECTION] = { DEMO_WINDOWS }, [DEMO_MALWARE] = { DEMO_WINDOWS },
	[DEMO_CLEARED] = { DEMO_WINDOWS },    [DEMO_UPLOAD] = { DEMO_FIREWALL },
};

enum demo_source demo_act_source(enum demo_act act)
{
	return acts[act].source;
}

static void defender(const struct line *l, const char *id, const char *host, const char *data)
{
	char time[TIME_TEXT_MAX];

	buf_printf(l->out,
		   "{\"@timestamp\":\"%s\",\"winlog\":{\"channel\":"
		   "\"Microsoft-Windows-Windows Defender/Operational\",\"event_id\":%s,"
		   "\"provider_name\":\"Microsoft-Windows-Windows Defender\","
		   "\"computer_name\":\"%s.example.vn\",\"event_data\":{%s}},"
		   "\"host\":{\"name\":\"%s.example.vn\"}}\n",
		   time_rfc3339(l->at, time), id, host, data, host);
}

static void cleared(const struct line *l)
{
	char time[TIME_TEXT_MAX];

	buf_printf(l->out,
		   "{\"@timestamp\":\"%s\",\"winlog\":{\"channel\":\"Security\",\"event_id\":1102,"
		   "\"provider_name\":\"Microsoft-Windows-Eventlog\","
		   "\"computer_name\":\"WS-117.example.vn\",\"user_data\":{\"SubjectUserName\":"
		   "\"quantri\"}},\"host\":{\"name\":\"WS-117.example.vn\"}}\n",
		   time_rfc3339(l->at, time));
}

static void traffic(const struct line *l, const char *source, const char *to,
		    unsigned long long sent)
{
	buf_printf(l->out,
		   "date=%04d-%02d-%02d time=%02d:%02d:%02d devname=\"FGT-BIEN\" "
		   "devid=\"FG100FTK00000001\" logid=\"0000000013\" type=\"traffic\" "
		   "subtype=\"forward\" level=\"notice\" vd=\"root\" tz=\"+0700\" srcip=%s "
		   "srcport=50122 srcintf=\"lan\" srcintfrole=\"lan\" dstip=%s dstport=443 "
		   "dstintf=\"wan1\" dstintfrole=\"wan\" proto=6 action=\"accept\" policyid=5 "
		   "service=\"HTTPS\" sentbyte=%llu rcvdbyte=4096\n",
		   l->c.year, l->c.month, l->c.day, l->c.hour, l->c.minute, l->c.second, source, to,
		   sent);
}

static size_t guessed(struct dice *d, int64_t at, struct buf *out)
{
	enum { WRONG = 40, EVERY_S = 4 };
	char text[256];

	for (int i = 0; i <= WRONG; i++) {
		struct line l = line_at(d, out, at + (int64_t)i * EVERY_S * TIME_SECOND);

		snprintf(text, sizeof text,
			 "sshd[4711]: %s password for quantri from %s port %d ssh2",
			 i < WRONG ? "Failed" : "Accepted", demo_guesser, 50000 + i);
		linux_line(&l, "srv-03", text);
	}
	return WRONG + 1;
}

void demo_beat(enum demo_source s, int64_t at, const char *word, struct buf *out)
{
	struct dice d = { 0 };
	struct line l = line_at(&d, out, at);
	char time[TIME_TEXT_MAX];

	if (s == DEMO_FIREWALL)
		buf_printf(out,
			   "date=%04d-%02d-%02d time=%02d:%02d:%02d devname=\"FGT-BIEN\" "
			   "devid=\"FG100FTK00000001\" logid=\"0100032003\" type=\"event\" "
			   "subtype=\"system\" level=\"information\" vd=\"root\" tz=\"+0700\" "
			   "logdesc=\"Automation stitch triggered\" msg=\"%s\"\n",
			   l.c.year, l.c.month, l.c.day, l.c.hour, l.c.minute, l.c.second, word);
	else if (s == DEMO_WINDOWS)
		buf_printf(out,
			   "{\"@timestamp\":\"%s\",\"winlog\":{\"channel\":\"Application\","
			   "\"event_id\":1,\"provider_name\":\"canh\",\"computer_name\":"
			   "\"WEF-01.example.vn\"},\"message\":\"%s\",\"host\":{\"name\":"
			   "\"WEF-01.example.vn\"}}\n",
			   time_rfc3339(at, time), word);
	else if (s == DEMO_MAIL)
		buf_printf(out, "%04d-%02d-%02d %02d:%02d:%02d,000 INFO  [canh] [] misc - %s\n",
			   l.c.year, l.c.month, l.c.day, l.c.hour, l.c.minute, l.c.second, word);
	else if (s == DEMO_PORTAL)
		buf_printf(
			out,
			"192.0.2.10 - - [%02d/%s/%04d:%02d:%02d:%02d +0700] \"GET /?%s HTTP/1.1\" "
			"200 2 \"-\" \"curl/7.88.1\"\n",
			l.c.day, months[l.c.month - 1], l.c.year, l.c.hour, l.c.minute, l.c.second,
			word);
	else
		linux_line(&l, "srv-01 canh:", word);
}

size_t demo_act(enum demo_act act, int64_t at, struct buf *out)
{
	struct dice d = { (uint64_t)act };
	struct line l = line_at(&d, out, at);

	switch (act) {
	case DEMO_NOISE:
		linux_line(
			&l, "srv-07",
			"sshd[812]: Accepted password for nhathau from 203.0.113.20 port 50122 ssh2");
		return 1;
	case DEMO_GUESSED:
		return guessed(&d, at, out);
	case DEMO_WEBSHELL:
		access_line(&l, "203.0.113.88", "POST /zimbraAdmin/public/jsp/zx7.jsp", 200);
		access_line(&l, "203.0.113.88", "POST /zimbraAdmin/public/jsp/zx7.jsp", 200);
		return 2;
	case DEMO_CONTROL:
		traffic(&l, "2001:db8:20::139", demo_control, 8192);
		return 1;
	case DEMO_PROTECTION:
		defender(&l, "5001", "WS-042", "\"Product Name\":\"Microsoft Defender Antivirus\"");
		return 1;
	case DEMO_MALWARE:
		defender(&l, "1116", "WS-305",
			 "\"Threat Name\":\"Trojan:Win32/ViDu\",\"Severity Name\":\"Severe\","
			 "\"Path\":\"file:_C:\\\\Users\\\\nga\\\\Downloads\\\\hoa-don.exe\"");
		return 1;
	case DEMO_CLEARED:
		cleared(&l);
		return 1;
	case DEMO_UPLOAD:
		traffic(&l, "2001:db8:20::1f4", "198.51.100.200", 9368709120ULL);
		return 1;
	default:
		return 0;
	}
}
