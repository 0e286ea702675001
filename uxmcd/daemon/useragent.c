// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>

#include "text.h"
#include "useragent.h"

static const char *or_unknown(const char *text, const char *unknown)
{
	return *text ? text : unknown;
}

int useragent_make(const struct config *config, size_t modules, char *to,
		   size_t size)
{
	char agent[USERAGENT_MAX + 1];
	int length;

	if (*config->user_agent)
		return text_copy(to, size, config->user_agent);

	length = snprintf(agent, sizeof(agent),
			  "Mozilla/4.0 (compatible; snom%s-SIP %s %s %s SXM:0 UXM:%zu)",
			  config->phone_model,
			  or_unknown(config->phone_firmware, "0.0.0.0"),
			  config->phone_boot,
			  or_unknown(config->phone_mac, "000000000000"),
			  modules);
	if (length < 0 || (size_t)length >= sizeof(agent))
		return -E2BIG;
	return text_copy(to, size, agent);
}
