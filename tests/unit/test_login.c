// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "login.h"
#include "text.h"
#include "unit.h"

/* Does a request for that URL get them, if these are the provisioning servers? */
static const struct {
	const char *setting_server;
	const char *firmware_status;
	const char *url;
	bool gets;
} cases[] = {
	{ "", "", "http://pbx/a.bin", false },
	{ "http://pbx/a.xml", "", "http://pbx/b.xml", true },
	{ "", "http://pbx/a.xml", "http://PBX:8080/a.bin", true },
	{ "http://other/", "http://pbx/", "http://pbx/", true },
	{ "http://pbx/", "", "https://pbx/", true },
	{ "https://pbx/", "", "https://pbx:8443/", true },
	/* Nobody on the way gets to know what https has kept so far. */
	{ "https://pbx/", "", "http://pbx/", false },
	{ "https://pbx/", "http://pbx/", "http://pbx/", true },
	{ "http://pbx/", "", "http://pbx.evil/", false },
	{ "http://pbx/", "", "http://pbx@evil/", false },
	{ "http://pbx/", "", "http://evil/?http://pbx/", false },
	{ "http://u:p@pbx/", "", "http://pbx/", true },
	{ "http://{mac}.pbx/", "", "http://000413922D24.pbx/", true },
	{ "http://[::1]:80/", "", "http://[::1]/", true },
};

static void test_cases(void **state)
{
	static struct settings settings;
	struct fetchwire_request request;
	const char *user, *password;
	struct config config;
	size_t i;

	(void)state;
	config_defaults(&config);
	strcpy(config.phone_mac, "000413922D24");
	settings.configured[SETTING_HTTP_CLIENT_USER] = "phone";
	settings.configured[SETTING_HTTP_CLIENT_PASS] = "s3cr3t";
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		settings.configured[SETTING_SETTING_SERVER] =
			cases[i].setting_server;
		settings.configured[SETTING_FIRMWARE_STATUS] =
			cases[i].firmware_status;
		memset(&request, 0, sizeof(request));
		strcpy(request.url, cases[i].url);
		login_fill(&request, &config, &settings);
		user = "";
		password = "";
		if (cases[i].gets) {
			user = "phone";
			password = "s3cr3t";
		}
		if (strcmp(request.user, user) ||
		    strcmp(request.password, password))
			fail_msg("case %zu, %s: %s", i, cases[i].url,
				 request.user);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
