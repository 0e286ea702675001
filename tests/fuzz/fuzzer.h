/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What libFuzzer calls, or replay.c, with each input. */
#ifndef UXMC_FUZZER_H
#define UXMC_FUZZER_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
