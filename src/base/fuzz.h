/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz.h - what a *_fuzz.c defines: one run over one hostile input; returns 0, must not crash. */
#ifndef BASE_FUZZ_H
#define BASE_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
