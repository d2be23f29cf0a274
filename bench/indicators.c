/* SPDX-License-Identifier: Apache-2.0 */
/*
 * indicators.c - makes a mixed list of any size, and log lines of which some hold one of its entries. Both
 * follow from the number of the entry, so the text needs no list. Names are below reserved ones, IPv6
 * addresses in the range for documentation; IPv4 addresses and digests are random. Nothing of it is meant
 * for anybody. Built and run by bench/indicators.sh.
 *
 * usage: indicators list ENTRIES >LIST        indicators text ENTRIES MEGABYTES [SHARE] >TEXT
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRY_CAP = 256, LINE_ROOM = 4 };

static uint64_t mix(uint64_t x)
{
	x += UINT64_C(0x9E3779B97F4A7C15);
	x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
	return x ^ x >> 31;
}

static uint64_t state;

static uint32_t dice(uint32_t below)
{
	state = mix(state);
	return (uint32_t)((state >> 32) * below >> 32);
}

static uint32_t any_v4(void)
{
	return (1 + dice(223)) << 24 | dice(1 << 24);
}

static int put_v4(char *out, uint32_t a)
{
	return sprintf(out, "%u.%u.%u.%u", a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255);
}

static int put_word(char *out, uint32_t least, uint32_t most)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	uint32_t n = least + dice(most - least + 1);

	for (uint32_t i = 0; i < n; i++)
		out[i] = letters[dice(i == 0 ? 26 : 36)];
	return (int)n;
}

static int put_name(char *out)
{
	static const char *const below[] = { "example",     "test",        "invalid",
					     "example.com", "example.net", "example.org",
					     "example.vn" };
	int n = 0;

	if (dice(3) == 0) {
		n += put_word(out, 2, 6);
		out[n++] = '.';
	}
	n += put_word(out + n, 8, 14);
	return n + sprintf(out + n, ".%s", below[dice(7)]);
}

static int put_url(char *out)
{
	int n = sprintf(out, dice(2) == 0 ? "http://" : "https://");

	n += dice(4) == 0 ? put_v4(out + n, any_v4()) : put_name(out + n);
	for (uint32_t i = 1 + dice(3); i > 0; i--) {
		out[n++] = '/';
		n += put_word(out + n, 3, 10);
	}
	return n + (dice(2) == 0 ? sprintf(out + n, ".php") : 0);
}

static int put_digest(char *out)
{
	static const int lengths[] = { 32, 32, 40, 64, 64 };
	int n = lengths[dice(5)];

	for (int i = 0; i < n; i++)
		out[i] = "0123456789abcdef"[dice(16)];
	return n;
}

static int put_v6(char *out)
{
	return sprintf(out, "2001:db8:%x:%x:%x:%x:%x:%x", dice(65536), dice(65536), dice(65536),
		       dice(65536), dice(65536), dice(65535) + 1);
}

static int put_range(char *out)
{
	uint32_t a = any_v4() & ~255u;
	int n = put_v4(out, a);

	if (dice(3) > 0)
		return n + sprintf(out + n, "/%u", 24 + dice(5));
	out[n++] = '-';
	return n + put_v4(out + n, a + 1 + dice(254));
}

/* Entry number k: 40 % IPv4, 3 % IPv6, 1.5 % ranges, 25 % names, 8 % URLs, 20 % digests, 1 % files, 1.5 % mail. */
static int put_entry(char *out, uint64_t k)
{
	uint32_t kind;
	int n;

	state = mix(k);
	kind = dice(1000);
	if (kind < 400)
		return put_v4(out, any_v4());
	if (kind < 430)
		return put_v6(out);
	if (kind < 445)
		return put_range(out);
	if (kind < 695)
		return put_name(out);
	if (kind < 775)
		return put_url(out);
	if (kind < 975)
		return put_digest(out);
	if (kind < 985) {
		n = dice(2) == 0 ? sprintf(out, "C:\\Users\\Public\\") : 0;
		n += put_word(out + n, 6, 12);
		return n + sprintf(out + n, dice(2) == 0 ? ".exe" : ".dll");
	}
	n = put_word(out, 4, 10);
	out[n++] = '@';
	return n + put_name(out + n);
}

static void make_list(uint64_t entries)
{
	char line[ENTRY_CAP];

	for (uint64_t k = 0; k < entries; k++) {
		int n = put_entry(line, k);

		line[n++] = '\n';
		fwrite(line, 1, (size_t)n, stdout);
	}
}

/* One of the list in one of `share`, else one that looks alike: of the same kinds, beyond the list. */
static void put_value(char *out, uint64_t entries, uint64_t round, uint32_t share)
{
	uint64_t pick = mix(round ^ UINT64_C(0x1234567));

	out[put_entry(out, pick % share == 0 ? (pick >> 8) % entries : entries + (pick >> 8))] =
		'\0';
}

static void make_text(uint64_t entries, uint64_t bytes, uint32_t share)
{
	for (uint64_t round = 0, done = 0; done < bytes; round++) {
		char v[ENTRY_CAP], near[ENTRY_CAP];
		int n = 0;

		put_value(v, entries, round, share);
		put_value(near, UINT64_C(1) << 40, round + (UINT64_C(1) << 41), 1u << 30);
		state = mix(round);
		uint32_t s = dice(86400);
		uint32_t h = s / 3600, m = s / 60 % 60;

		switch (dice(LINE_ROOM)) {
		case 0:
			n = printf(
				"Nov 22 %02u:%02u:%02u fw01 kernel: [%llu.%06u] DROP IN=eth0 OUT= SRC=%s "
				"DST=10.%u.%u.9 LEN=60 TTL=%u PROTO=TCP SPT=%u DPT=443 SYN\n",
				h, m, s % 60, (unsigned long long)round, dice(1000000), v,
				dice(256), dice(256), dice(256), dice(65536));
			break;
		case 1:
			n = printf(
				"Nov 22 %02u:%02u:%02u ns1 named[%u]: client @0x7f 10.1.%u.%u#%u (%s): "
				"query: %s IN A +E(0)K (10.0.0.53)\n",
				h, m, s % 60, dice(65536), dice(256), dice(256), dice(65536), near,
				v);
			break;
		case 2:
			n = printf(
				"10.2.%u.%u - - [22/Nov/2026:%02u:%02u:%02u +0700] \"GET %s HTTP/1.1\" 200 %u "
				"\"-\" \"Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/118.0.5993.118\"\n",
				dice(256), dice(256), h, m, s % 60, v, dice(99999));
			break;
		default:
			n = printf(
				"date=2026-11-22 time=%02u:%02u:%02u devname=\"FG100\" type=traffic "
				"srcip=10.1.%u.%u dstip=%s hostname=\"%s\" dstport=443 action=accept\n",
				h, m, s % 60, dice(256), dice(256), v, near);
		}
		done += (uint64_t)n;
	}
}

int main(int argc, char **argv)
{
	uint64_t entries = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
	static char out[1 << 20];

	setvbuf(stdout, out, _IOFBF, sizeof out);
	if (argc == 3 && strcmp(argv[1], "list") == 0 && entries > 0) {
		make_list(entries);
	} else if (argc >= 4 && strcmp(argv[1], "text") == 0 && entries > 0) {
		uint32_t share = argc > 4 ? (uint32_t)strtoul(argv[4], NULL, 10) : 200;

		make_text(entries, strtoull(argv[3], NULL, 10) * 1000000, share > 0 ? share : 1);
	} else {
		fputs("usage: indicators list ENTRIES | text ENTRIES MEGABYTES [SHARE]\n", stderr);
		return 64;
	}
	return fflush(stdout) != 0;
}
