// SPDX-License-Identifier: GPL-2.0-or-later
#include "denials.h"
#include "target.h"

bool denials_have(const struct denials *denials, const char *url,
		  const char *port, const char *serial)
{
	uint64_t hash = target_hash(url, port, serial);
	size_t i;

	for (i = 0; i < denials->count && i < DENIALS_MAX; i++)
		if (denials->list[i] == hash)
			return true;
	return false;
}

void denials_add(struct denials *denials, const char *url, const char *port,
		 const char *serial)
{
	if (!denials_have(denials, url, port, serial))
		denials->list[denials->count++ % DENIALS_MAX] =
			target_hash(url, port, serial);
}
