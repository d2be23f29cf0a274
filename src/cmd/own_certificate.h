/* SPDX-License-Identifier: Apache-2.0 */
/*
 * own_certificate.h - `certificate: own` in canh.yaml: a certificate of the own CA for the names and
 * addresses of this machine.
 */
#ifndef CMD_OWN_CERTIFICATE_H
#define CMD_OWN_CERTIFICATE_H

#include "proc/config.h"

/* Make or take what keys/ holds, put its files into *c and tell the CA's fingerprint. False after the
 * reason was printed. */
MUST_USE bool own_certificate(struct arena *a, struct config *c);

#endif
