// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <strings.h>

#include "login.h"
#include "text.h"

/* Is the URL of the host that the setting names? */
static bool is_of(const char *url, enum setting_id id,
		  const struct config *config, const struct settings *settings)
{
	char named[URL_MAX + 1];
	char host[URL_HOST_MAX + 1], other[URL_HOST_MAX + 1];

	if (url_expand(settings_get(settings, id), config->phone_mac, named,
		       sizeof(named)) ||
	    url_host(named, host, sizeof(host)) ||
	    url_host(url, other, sizeof(other)) || strcasecmp(host, other))
		return false;
	return url_is_secure(url) || !url_is_secure(named);
}

void login_fill(struct fetchwire_request *request, const struct config *config,
		const struct settings *settings)
{
	const char *url = request->url;

	if (!is_of(url, SETTING_SETTING_SERVER, config, settings) &&
	    !is_of(url, SETTING_FIRMWARE_STATUS, config, settings))
		return;
	text_copy(request->user, sizeof(request->user),
		  settings_get(settings, SETTING_HTTP_CLIENT_USER));
	text_copy(request->password, sizeof(request->password),
		  settings_get(settings, SETTING_HTTP_CLIENT_PASS));
}
