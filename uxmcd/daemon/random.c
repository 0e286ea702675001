// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/random.h>

#include "random.h"
#include "loop.h"

uint64_t random_bits(void)
{
	uint64_t bits;

	/* Early in a boot there may be none yet; that must not hold us up. */
	if (getrandom(&bits, sizeof(bits), GRND_INSECURE) != sizeof(bits))
		bits = loop_now() * UINT64_C(0x9e3779b97f4a7c15);
	return bits;
}
