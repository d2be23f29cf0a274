/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unpacker.h - archives that watch has unpacked by a clerk: asks the parent for one, hands it the
 * file, gives what comes of it as ingest/drop.h wants it.
 */
#ifndef PROC_UNPACKER_H
#define PROC_UNPACKER_H

#include "ingest/drop.h"

struct unpacker;
/* `parent`: the link to it. NULL when out of memory. */
struct unpacker *unpacker_new(int parent);
/* A clerk that the parent started for request `number`; the link is taken, or closed. */
void unpacker_clerk(struct unpacker *u, uint64_t number, int link);

/* For struct drop_calls; the context is the unpacker. */
void *unpacker_open(void *unpacker, int fd, struct err *why);
enum unpacked unpacker_next(void *archive, struct unpacked_piece *out);
void unpacker_close(void *archive);

#endif
