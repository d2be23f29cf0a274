/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inet.h - addresses and MAC addresses of machines, each written in one way. Input is hostile.
 */
#ifndef BASE_INET_H
#define BASE_INET_H

#include "base/str.h"

enum { INET_TEXT_MAX = 46, MAC_TEXT_MAX = 18 };

enum inet_is {
	INET_NONE, /* none, or one that no machine has: 0.0.0.0, loopback, multicast */
	INET_LINK, /* of the link only: 169.254.0.0/16, fe80::/10 */
	INET_HOST,
};
/* As inet_ntop() writes it in out, for INET_LINK and INET_HOST; IPv4 in IPv6 becomes IPv4. */
enum inet_is inet_text(struct str s, char out[INET_TEXT_MAX]);

/* 00:11:22:33:44:55 from that, 00-11-..., 0011.2233.4455, 001122334455, and a DHCP client id of Ethernet
 * (01-00-11-...). Not one of a group, nor zero. */
bool mac_text(struct str s, char out[MAC_TEXT_MAX]);

#endif
