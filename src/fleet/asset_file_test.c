/* SPDX-License-Identifier: Apache-2.0 */
/* Files of each form: which machines they tell of, and which lines have faults. */
#include "fleet/asset_file.h"

#include "base/crypt.h"
#include "base/test.h"

/* The facts of the row `at` as "fact=value;...", in order. */
static const struct {
	const char *name;
	struct str text, map;
	enum asset_origin asked, origin; /* origin ORIGINS: cannot be read */
	size_t rows, at;
	uint64_t bad, first_bad, others;
	const char *says; /* "NAME KIND STATE fact=value;..." */
} cases[] = {
	{ "a Vietnamese book below its title",
	  STR("SỔ TÀI SẢN;;;\nSTT;Tên máy;Địa chỉ IP;Địa chỉ MAC;Đơn vị;Cấp độ;Loại;Trạng thái\n"
	      "1;PC-01;192.0.2.1;00-11-22-33-44-01;Phòng Kế toán;Cấp độ 2;Máy trạm;Đang sử dụng\n"),
	  STR(""), ORIGINS, ORIGIN_BOOK, 1, 0, 0, 0, 0,
	  "PC-01 workstation in_use address=192.0.2.1;mac=00:11:22:33:44:01;level=2;"
	  "department=Phòng Kế toán;" },
	{ "a title that hides the tabs",
	  STR("SỔ TÀI SẢN, NĂM 2023\nTên máy\tĐịa chỉ IP\npc\t192.0.2.1\n"), STR(""), ORIGINS,
	  ORIGIN_BOOK, 1, 0, 0, 0, 0, "pc - - address=192.0.2.1;" },
	{ "one column", STR("Tên máy\npc-1\npc-2\n"), STR(""), ORIGINS, ORIGIN_BOOK, 2, 1, 0, 0, 0,
	  "pc-2 - - " },
	{ "marks in NFD, capitals", STR("TE\xcc\x82N MA\xcc\x81Y,DIA CHI IP\nPC-01,192.0.2.1\n"),
	  STR(""), ORIGINS, ORIGIN_BOOK, 1, 0, 0, 0, 0, "PC-01 - - address=192.0.2.1;" },
	{ "several addresses, prefixes, link addresses",
	  STR("name\tip\nsrv\t192.0.2.1/24, 2001:db8::1; 169.254.1.1\n"), STR(""), ORIGINS,
	  ORIGIN_BOOK, 1, 0, 0, 0, 0, "srv - - address=192.0.2.1;address=2001:db8::1;" },
	{ "cells that cannot be read leave the machine",
	  STR("name,ip,mac,level,support end\npc,192.0.2.999,zz,9,soon\n"), STR(""), ORIGINS,
	  ORIGIN_BOOK, 1, 0, 1, 2, 0, "pc - - " },
	{ "off, and by whom",
	  STR("Tên máy,Trạng thái,Người xác nhận,Ngày xác nhận\npc,Tắt,Lê Chi,20/11/2023\n"),
	  STR(""), ORIGINS, ORIGIN_BOOK, 1, 0, 0, 0, 0, "pc - off " },
	{ "off, nobody says so", STR("Tên máy,Trạng thái\npc,Tắt\n"), STR(""), ORIGINS, ORIGIN_BOOK,
	  1, 0, 1, 2, 0, "pc - - " },
	{ "nameless", STR("name,mac,ip\n,00:11:22:33:44:01,192.0.2.1\n,,192.0.2.2\n,,\n-,-,-\n"),
	  STR(""), ORIGINS, ORIGIN_BOOK, 2, 0, 1, 5, 0,
	  "00:11:22:33:44:01 - - mac=00:11:22:33:44:01;address=192.0.2.1;" },
	{ "an address for a name", STR("name,ip\n192.0.2.2,\n"), STR(""), ORIGINS, ORIGIN_BOOK, 1,
	  0, 0, 0, 0, "192.0.2.2 - - address=192.0.2.2;" },
	{ "by a map", STR("a,b,c\nx,pc,192.0.2.1\n"), STR("b=name,3=address"), ORIGINS, ORIGIN_BOOK,
	  1, 0, 0, 0, 0, "pc - - address=192.0.2.1;" },
	{ "a map takes a column away", STR("name,ip\npc,192.0.2.1\n"), STR("ip=ignore,name=name"),
	  ORIGIN_BOOK, ORIGINS, 0, 0, 0, 0, 0, "" },
	{ "Get-ADComputer",
	  STR("#TYPE Selected.ADComputer\n\"Name\",\"DNSHostName\",\"OperatingSystem\","
	      "\"OperatingSystemVersion\",\"LastLogonDate\",\"Enabled\"\n"
	      "\"PC-01\",\"pc-01.example.vn\",\"Windows 10 Pro\",\"10.0 (19045)\","
	      "\"11/20/2023 8:15:32 AM\",\"True\"\n"
	      "\"SRV\",\"\",\"Windows Server 2019\",\"\",\"\",\"False\"\n"),
	  STR(""), ORIGINS, ORIGIN_AD, 2, 0, 0, 0, 0,
	  "pc-01.example.vn workstation - account=enabled;os=Windows 10 Pro 10.0 (19045);" },
	{ "leases of Windows",
	  STR("\"IPAddress\",\"ScopeId\",\"ClientId\",\"HostName\",\"AddressState\","
	      "\"LeaseExpiryTime\"\n\"192.0.2.5\",\"192.0.2.0\",\"00-11-22-33-44-05\","
	      "\"pc-05.example.vn\",\"Active\",\"11/28/2023 8:00:00 AM\"\n"),
	  STR(""), ORIGINS, ORIGIN_DHCP, 1, 0, 0, 0, 0,
	  "pc-05.example.vn - - address=192.0.2.5;mac=00:11:22:33:44:05;" },
	{ "a console's own states are none of ours",
	  STR("Computer name,IP address,Status,Last connected\npc,192.0.2.1,OK,2023-11-20 "
	      "08:00\n"),
	  STR(""), ORIGIN_AV, ORIGIN_AV, 1, 0, 0, 0, 0, "pc - - address=192.0.2.1;" },
	{ "LDIF",
	  STR("version: 1\n\n# a remark\ndn: CN=PC-01,DC=example,DC=vn\nobjectClass: top\n"
	      "objectClass: computer\ncn: PC-01\ndNSHostName: pc-01.exam\n ple.vn\n"
	      "operatingSystem:: V2luZG93cyAxMQ==\nuserAccountControl: 4098\n"
	      "managedBy: CN=An\\, Le,OU=x\nlastLogonTimestamp: 133449264000000000\n\n"
	      "dn: CN=An,DC=example,DC=vn\nobjectClass: user\n"),
	  STR(""), ORIGINS, ORIGIN_AD, 1, 0, 0, 0, 1,
	  "pc-01.example.vn workstation - account=disabled;owner=An\\, Le;os=Windows 11;" },
	{ "LDIF with entries that cannot be read",
	  STR("dn: cn=a\nobjectClass: computer\ncn:: ****\n\ndn: cn=b\nchangetype: delete\n\n"
	      "dn: cn=c\nobjectClass: computer\ncn:< file:///etc/passwd\n\n"
	      "dn: cn=d\nobjectClass: computer\ncn: d\n"),
	  STR(""), ORIGINS, ORIGIN_AD, 1, 0, 3, 1, 0, "d - - " },
	{ "leases of ISC dhcpd",
	  STR("# a remark\nauthoring-byte-order little-endian;\nlease 192.0.2.7 {\n"
	      "  starts 1 2023/11/20 01:00:00;\n  binding state active;\n"
	      "  hardware ethernet 00:11:22:33:44:06;\n  client-hostname \"old\";\n}\n"
	      "lease 192.0.2.7 {\n  starts 2 2023/11/21 01:00:00;\n  binding state active;\n"
	      "  next binding state free;\n  hardware ethernet 00:11:22:33:44:07;\n"
	      "  client-hostname \"pc-07\";\n}\n"
	      "lease 192.0.2.8 {\n  binding state free;\n  hardware ethernet 00:11:22:33:44:08;\n}\n"
	      "lease 192.0.2.9 {\n  binding state free;\n}\n"),
	  STR(""), ORIGINS, ORIGIN_DHCP, 2, 0, 0, 0, 0,
	  "pc-07 - - mac=00:11:22:33:44:07;address=192.0.2.7;" },
	{ "a lease that is over has no address",
	  STR("lease 192.0.2.8 {\n  binding state free;\n  hardware ethernet 00:11:22:33:44:08;\n}\n"),
	  STR(""), ORIGINS, ORIGIN_DHCP, 1, 0, 0, 0, 0,
	  "00:11:22:33:44:08 - - mac=00:11:22:33:44:08;" },
	{ "a lease without an end",
	  STR("lease 192.0.2.8 {\n  hardware ethernet 00:11:22:33:44:08;\n"), STR(""), ORIGINS,
	  ORIGIN_DHCP, 0, 0, 1, 1, 0, "" },
	{ "what says that nothing is known", STR("name,Hệ thống,Số seri\npc,Chưa xác định,KHÔNG\n"),
	  STR(""), ORIGINS, ORIGIN_BOOK, 1, 0, 0, 0, 0, "pc - - " },
	{ "neither units of measure nor suppliers are departments",
	  STR("Tên máy,Đơn vị tính,Đơn vị cung cấp\npc,Chiếc,FPT\n"), STR(""), ORIGIN_BOOK, ORIGINS,
	  0, 0, 0, 0, 0, "" },
	{ "a name before what it is called", STR("Tên máy,Tên tài sản\nPC-01,Máy tính để bàn\n"),
	  STR(""), ORIGINS, ORIGIN_BOOK, 1, 0, 0, 0, 0, "PC-01 - - " },
	{ "a name behind what it is called", STR("Tên tài sản,Tên máy\nMáy tính để bàn,PC-01\n"),
	  STR(""), ORIGINS, ORIGIN_BOOK, 1, 0, 0, 0, 0, "PC-01 - - " },
	{ "a console's levels and systems are none of ours",
	  STR("Computer name,IP address,Risk level,System\npc,192.0.2.1,3,x\n"), STR(""), ORIGIN_AV,
	  ORIGIN_AV, 1, 0, 0, 0, 0, "pc - - address=192.0.2.1;" },
	{ "no control characters",
	  STR("name,place\na\x1b"
	      "Đ,x\xc2\x9b"
	      "y\xc2\xa0z\n"),
	  STR(""), ORIGINS, ORIGIN_BOOK, 1, 0, 0, 0, 0, "a Đ - - place=x  y\xc2\xa0z;" },
	{ "base64 of what is no text",
	  STR("dn: cn=a\nobjectClass: computer\ncn: a\ndescription:: /w==\n"), STR(""), ORIGINS,
	  ORIGIN_AD, 1, 0, 1, 1, 0, "a - - " },
	{ "seen in a time to come", STR("name,last seen\npc,31/12/2999\n"), STR(""), ORIGINS,
	  ORIGIN_BOOK, 1, 0, 1, 2, 0, "pc - - " },
	{ "another kind than was asked for", STR("dn: cn=a\n"), STR(""), ORIGIN_DHCP, ORIGINS, 0, 0,
	  0, 0, 0, "" },
	{ "no columns", STR("a,b\n1,2\n"), STR(""), ORIGINS, ORIGINS, 0, 0, 0, 0, 0, "" },
	{ "not text", STR("name,ip\n\xff,\n"), STR(""), ORIGINS, ORIGINS, 0, 0, 0, 0, 0, "" },
	{ "nothing", STR(""), STR(""), ORIGINS, ORIGINS, 0, 0, 0, 0, 0, "" },
};

static void say(const struct asset_told *t, char *out, size_t cap)
{
	const char *kind = asset_kind_name(t->kind), *state = asset_state_name(t->state);
	size_t n = (size_t)snprintf(out, cap, "%.*s %s %s ", STR_ARG(t->name),
				    kind == NULL ? "-" : kind, state == NULL ? "-" : state);

	for (size_t i = 0; i < t->n && n < cap; i++)
		n += (size_t)snprintf(out + n, cap - n, "%s=%.*s;",
				      asset_fact_name(t->fact[i].fact), STR_ARG(t->fact[i].value));
}

static void files(struct arena whole)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = whole;
		struct asset_read how = { .origin = cases[i].asked };
		struct asset_rows rows = { .n = 0 };
		struct err why = { 0 };
		char says[1024] = "";

		CHECK(cases[i].name,
		      cases[i].map.n == 0 || asset_map_parse(cases[i].map, &how.map, &why));
		bool ok = asset_file_read(&a, cases[i].text, &how, &rows, &why);
		if (!CHECK(cases[i].name, ok == (cases[i].origin != ORIGINS)) || !ok) {
			CHECK(cases[i].name, ok || (why.kind == ERR_INPUT && rows.n == 0));
			continue;
		}
		CHECK(cases[i].name, rows.file.origin == cases[i].origin);
		CHECK(cases[i].name, rows.n == cases[i].rows && rows.bad == cases[i].bad);
		CHECK(cases[i].name, rows.file.others == cases[i].others);
		CHECK(cases[i].name,
		      rows.n_faults == 0 || rows.fault[0].line == cases[i].first_bad);
		if (rows.n > cases[i].at)
			say(&rows.row[cases[i].at], says, sizeof says);
		if (!CHECK(cases[i].name, strcmp(says, cases[i].says) == 0))
			printf("%s\n", says);
	}
}

static void seen(struct arena a)
{
	struct asset_read how = { .origin = ORIGINS };
	struct asset_rows rows = { .n = 0 };
	const int64_t day = INT64_C(1700438400) * TIME_SECOND; /* 2023-11-20 UTC */

	CHECK("seen", asset_file_read(&a, STR("name,last seen\na,20/11/2023 07:00\nb,never\n"),
				      &how, &rows, NULL) &&
			      rows.n == 2 && rows.row[0].seen == day &&
			      rows.row[1].seen == TIME_NONE);
	CHECK("seen by DHCP",
	      asset_file_read(&a,
			      STR("lease 192.0.2.1 {\n starts epoch 1700438400; # x\n"
				  " hardware ethernet 00:11:22:33:44:01;\n}\n"),
			      &how, &rows, NULL) &&
		      rows.n == 1 && rows.row[0].seen == day);
	CHECK("seen by a directory",
	      asset_file_read(&a,
			      STR("dn: cn=a\ncn: a\noperatingSystem: x\n"
				  "lastLogonTimestamp: 133449120000000000\n"),
			      &how, &rows, NULL) &&
		      rows.n == 1 && rows.row[0].seen == day);
	CHECK("unused columns",
	      asset_file_read(&a, STR("name,ip,colour\na,192.0.2.1,red\n"), &how, &rows, NULL) &&
		      rows.file.n_unused == 1 && str_eq(rows.file.unused[0], STR("colour")));
}

static void maps(void)
{
	static const struct {
		struct str text;
		bool ok;
	} all[] = { { STR("a=name"), true },   { STR("1=name, b=ip"), false },
		    { STR("name"), false },    { STR("=name"), false },
		    { STR("a=name,"), false }, { STR("Tên máy=name,3=address"), true } };

	for (size_t i = 0; i < COUNT(all); i++) {
		struct asset_map map = { .n = 0 };

		CHECK(all[i].text.p, asset_map_parse(all[i].text, &map, NULL) == all[i].ok);
		CHECK(all[i].text.p, (map.n > 0) == all[i].ok);
	}
}

int main(void)
{
	struct arena whole;

	if (!crypt_init(NULL) || !arena_reserve(&whole, (size_t)64 << 20))
		return 1;
	files(whole);
	seen(whole);
	maps();
	arena_release(whole);
	return TEST_REPORT();
}
