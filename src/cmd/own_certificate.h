/* SPDX-License-Identifier: Apache-2.0 */
/*
 * own_certificate.h - `certificate: own` in canh.yaml: a certificate of the own CA for the names and
 * addresses of this machine.
 */
#ifndef CMD_OWN_CERTIFICATE_H
#define CMD_OWN_CERTIFICATE_H

#include "proc/config.h"

/* Make or take what keys/ holds, put its files into *c; tell the CA's fingerprint when `first`, or when
 * the certificate was made just now. */
MUST_USE bool own_certificate(struct arena *a, struct config *c, bool first, struct err *why);

#endif
