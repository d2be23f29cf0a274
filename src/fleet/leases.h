/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leases.h - machines out of dhcpd.leases, the journal of an ISC DHCP server.
 *
 * Input is hostile. The last entry of an address counts; one that is not bound any more still tells that
 * the machine was there, but no address. Entries without a MAC address or a name are of nobody. Times are
 * UTC, as dhcpd.leases(5) says. Never logs.
 */
#ifndef FLEET_LEASES_H
#define FLEET_LEASES_H

#include "fleet/asset.h"

/* False: nothing in it can be read. */
MUST_USE bool leases_read(struct arena *a, struct str text, const struct told_sink *sink,
			  struct err *why);

#endif
