/* SPDX-License-Identifier: Apache-2.0 */
/*
 * list_header.c - what the header of a column says, in Vietnamese and English, with and without
 * marks.
 *
 * Invariant: the first row whose phrase stands in the header decides.
 */
#include "base/phrase.h"
#include "detect/list_row_int.h"

enum { SIDE_FROM = 1, SIDE_TO = 2 };

// clang-format off
static const struct {
	struct str phrase;
	enum list_column says;
} phrases[] = {
	{ STR("hieu luc tu"), COL_FROM }, { STR("valid from"), COL_FROM }, { STR("ngay hieu luc"), COL_FROM },
	{ STR("not before"), COL_FROM },
	{ STR("hieu luc den"), COL_UNTIL }, { STR("het hieu luc"), COL_UNTIL }, { STR("het han"), COL_UNTIL },
	{ STR("valid until"), COL_UNTIL }, { STR("valid to"), COL_UNTIL }, { STR("valid till"), COL_UNTIL },
	{ STR("expires"), COL_UNTIL }, { STR("expires at"), COL_UNTIL }, { STR("expiry"), COL_UNTIL },
	{ STR("expiration"), COL_UNTIL }, { STR("not after"), COL_UNTIL },
	{ STR("ghi chu"), COL_NOTE }, { STR("note"), COL_NOTE }, { STR("notes"), COL_NOTE },
	{ STR("comment"), COL_NOTE }, { STR("mo ta"), COL_NOTE }, { STR("description"), COL_NOTE },
	{ STR("ten mien"), COL_DOMAIN }, { STR("domain"), COL_DOMAIN }, { STR("domains"), COL_DOMAIN },
	{ STR("hostname"), COL_DOMAIN }, { STR("fqdn"), COL_DOMAIN }, { STR("website"), COL_DOMAIN },
	{ STR("trang web"), COL_DOMAIN }, { STR("ten may chu"), COL_DOMAIN },
	{ STR("url"), COL_URL }, { STR("urls"), COL_URL }, { STR("duong dan"), COL_URL },
	{ STR("lien ket"), COL_URL }, { STR("link"), COL_URL }, { STR("uri"), COL_URL },
	{ STR("email"), COL_EMAIL }, { STR("e mail"), COL_EMAIL }, { STR("thu dien tu"), COL_EMAIL },
	{ STR("hom thu"), COL_EMAIL }, { STR("nguoi gui"), COL_EMAIL }, { STR("sender"), COL_EMAIL },
	{ STR("hash"), COL_HASH }, { STR("hashes"), COL_HASH }, { STR("md5"), COL_HASH },
	{ STR("sha1"), COL_HASH }, { STR("sha 1"), COL_HASH }, { STR("sha256"), COL_HASH },
	{ STR("sha 256"), COL_HASH }, { STR("ma bam"), COL_HASH }, { STR("gia tri bam"), COL_HASH },
	{ STR("checksum"), COL_HASH },
	{ STR("ipv4"), COL_IP }, { STR("ipv6"), COL_IP }, { STR("ip"), COL_IP }, { STR("ips"), COL_IP },
	{ STR("cidr"), COL_IP }, { STR("netblock"), COL_IP }, { STR("subnet"), COL_IP },
	{ STR("prefix"), COL_IP }, { STR("dai mang"), COL_IP }, { STR("dia chi mang"), COL_IP },
	{ STR("src ip"), COL_IP }, { STR("dst ip"), COL_IP }, { STR("srcip"), COL_IP }, { STR("dstip"), COL_IP },
	{ STR("ioc"), COL_ANY }, { STR("iocs"), COL_ANY }, { STR("indicator"), COL_ANY },
	{ STR("observable"), COL_ANY }, { STR("value"), COL_ANY }, { STR("gia tri"), COL_ANY },
	{ STR("dau hieu"), COL_ANY }, { STR("dia chi"), COL_ANY }, { STR("address"), COL_ANY },
	{ STR("may chu dieu khien"), COL_ANY }, { STR("c2"), COL_ANY }, { STR("c c"), COL_ANY },
	{ STR("host"), COL_ANY },
	{ STR("thoi gian"), COL_TIME }, { STR("thoi diem"), COL_TIME }, { STR("ngay"), COL_TIME },
	{ STR("gio"), COL_TIME }, { STR("time"), COL_TIME }, { STR("timestamp"), COL_TIME },
	{ STR("date"), COL_TIME }, { STR("first seen"), COL_TIME }, { STR("last seen"), COL_TIME },
	{ STR("firstseen"), COL_TIME }, { STR("lastseen"), COL_TIME }, { STR("thang"), COL_TIME },
	{ STR("lan dau"), COL_TIME }, { STR("lan cuoi"), COL_TIME }, { STR("updated"), COL_TIME },
	{ STR("stt"), COL_NUMBER }, { STR("so thu tu"), COL_NUMBER }, { STR("tt"), COL_NUMBER },
	{ STR("no"), COL_NUMBER }, { STR("id"), COL_NUMBER }, { STR("so luong"), COL_NUMBER },
	{ STR("so lan"), COL_NUMBER }, { STR("count"), COL_NUMBER }, { STR("score"), COL_NUMBER },
	{ STR("diem"), COL_NUMBER }, { STR("port"), COL_NUMBER }, { STR("cong"), COL_NUMBER },
	{ STR("asn"), COL_NUMBER },
	{ STR("ma doc"), COL_NOTE }, { STR("malware"), COL_NOTE }, { STR("botnet"), COL_NOTE },
	{ STR("family"), COL_NOTE }, { STR("loai"), COL_NOTE }, { STR("type"), COL_NOTE },
	{ STR("ten"), COL_NOTE }, { STR("name"), COL_NOTE }, { STR("don vi"), COL_NOTE },
	{ STR("co quan"), COL_NOTE }, { STR("to chuc"), COL_NOTE }, { STR("nha mang"), COL_NOTE },
	{ STR("isp"), COL_NOTE }, { STR("tinh"), COL_NOTE }, { STR("quoc gia"), COL_NOTE },
	{ STR("country"), COL_NOTE }, { STR("nguon"), COL_NOTE }, { STR("source"), COL_NOTE },
	{ STR("message"), COL_NOTE }, { STR("tag"), COL_NOTE }, { STR("tags"), COL_NOTE },
	{ STR("threat"), COL_NOTE }, { STR("campaign"), COL_NOTE }, { STR("chien dich"), COL_NOTE },
	{ STR("muc do"), COL_NOTE },
};

/* Which end of a connection a column is about. */
static const struct {
	struct str phrase;
	int side;
} sides[] = {
	{ STR("dieu khien"), SIDE_TO }, { STR("c2"), SIDE_TO }, { STR("c c"), SIDE_TO },
	{ STR("dich"), SIDE_TO }, { STR("dst"), SIDE_TO }, { STR("dest"), SIDE_TO },
	{ STR("dstip"), SIDE_TO }, { STR("destination"), SIDE_TO }, { STR("remote"), SIDE_TO },
	{ STR("control"), SIDE_TO }, { STR("server"), SIDE_TO },
	{ STR("nhiem"), SIDE_FROM }, { STR("nguon"), SIDE_FROM }, { STR("src"), SIDE_FROM },
	{ STR("srcip"), SIDE_FROM }, { STR("source"), SIDE_FROM }, { STR("infected"), SIDE_FROM },
	{ STR("victim"), SIDE_FROM }, { STR("nan nhan"), SIDE_FROM }, { STR("bot"), SIDE_FROM },
};
// clang-format on

enum list_column header_says(struct arena a, struct str header, bool *from, bool *to)
{
	struct str words = phrase_words(&a, header);

	*from = *to = false;
	for (size_t i = 0; i < COUNT(sides); i++)
		if (phrase_in(words, sides[i].phrase))
			*(sides[i].side == SIDE_TO ? to : from) = true;
	for (size_t i = 0; i < COUNT(phrases); i++)
		if (phrase_in(words, phrases[i].phrase))
			return phrases[i].says;
	return COL_N;
}

bool headers_range(struct arena a, struct str first, struct str last)
{
	static const struct str begin[] = { STR("bat dau"), STR("tu"),   STR("dau"),   STR("start"),
					    STR("begin"),   STR("from"), STR("first"), STR("low") };
	static const struct str end[] = { STR("ket thuc"), STR("den"),  STR("cuoi"), STR("end"),
					  STR("to"),       STR("last"), STR("high") };
	struct str a_words = phrase_words(&a, first), b_words = phrase_words(&a, last);
	bool from = false, to = false;

	for (size_t i = 0; i < COUNT(begin); i++)
		from = from || phrase_in(a_words, begin[i]);
	for (size_t i = 0; i < COUNT(end); i++)
		to = to || phrase_in(b_words, end[i]);
	return from && to;
}
