/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether what is read twice is the same both times. No protection against
 * somebody who wants it to look the same: who may change the file may have the
 * module updated as well.
 *
 * That is all CRC-32 would do here, and xxHash takes a quarter of its time. It
 * is optional in the kernel, and for processors of 64 bits.
 */
#ifndef _UXMC_FINGERPRINT_H
#define _UXMC_FINGERPRINT_H

#include <linux/types.h>

#if IS_BUILTIN(CONFIG_XXHASH) && BITS_PER_LONG == 64

#include <linux/xxhash.h>

struct uxmc_fingerprint {
	struct xxh64_state state;
};

static inline void uxmc_fingerprint_begin(struct uxmc_fingerprint *fingerprint)
{
	xxh64_reset(&fingerprint->state, 0);
}

static inline void uxmc_fingerprint_add(struct uxmc_fingerprint *fingerprint,
					const void *data, size_t len)
{
	xxh64_update(&fingerprint->state, data, len);
}

static inline u64
uxmc_fingerprint_of(const struct uxmc_fingerprint *fingerprint)
{
	return xxh64_digest(&fingerprint->state);
}

#else

#include <linux/crc32.h>

struct uxmc_fingerprint {
	u32 crc;
};

static inline void uxmc_fingerprint_begin(struct uxmc_fingerprint *fingerprint)
{
	fingerprint->crc = ~0;
}

static inline void uxmc_fingerprint_add(struct uxmc_fingerprint *fingerprint,
					const void *data, size_t len)
{
	fingerprint->crc = crc32_le(fingerprint->crc, data, len);
}

static inline u64
uxmc_fingerprint_of(const struct uxmc_fingerprint *fingerprint)
{
	return fingerprint->crc;
}

#endif

#endif /* _UXMC_FINGERPRINT_H */
