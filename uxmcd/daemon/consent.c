// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "consent.h"
#include "target.h"
#include "text.h"

void consent_ask(struct consent *consent, const char *url,
		 const struct module *module)
{
	consent->waits = true;
	text_copy(consent->url, sizeof(consent->url), url);
	text_copy(consent->port, sizeof(consent->port), module->port);
	text_copy(consent->serial, sizeof(consent->serial), module->serial);
}

void consent_stop_asking(struct consent *consent)
{
	consent->waits = false;
}

bool consent_asks(const struct consent *consent, const struct module *module,
		  const char *url)
{
	return consent->waits && !strcmp(consent->url, url) &&
	       module_is_at(module, consent->port, consent->serial);
}

const struct module *consent_module(const struct consent *consent,
				    const struct modules *modules)
{
	return !consent->waits ? NULL :
	       modules_find_at(modules, consent->port, consent->serial);
}

bool consent_is_denied(const struct consent *consent, const char *url,
		       const char *port, const char *serial)
{
	uint64_t hash = target_hash(url, port, serial);
	size_t i;

	for (i = 0; i < consent->count && i < CONSENT_DENIED_MAX; i++)
		if (consent->denied[i] == hash)
			return true;
	return false;
}

void consent_deny(struct consent *consent, const char *url, const char *port,
		  const char *serial)
{
	consent->waits = false;
	if (!consent_is_denied(consent, url, port, serial))
		consent->denied[consent->count++ % CONSENT_DENIED_MAX] =
			target_hash(url, port, serial);
}
