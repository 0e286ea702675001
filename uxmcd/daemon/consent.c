// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "consent.h"
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
