// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "text.h"
#include "useragent.h"
#include "unit.h"

/* Reads a text as a file, over the defaults. */
static int read_text(const char *text, struct config *config, char *error,
		     size_t size)
{
	char path[] = "/tmp/uxmc-config-XXXXXX";
	int fd = mkstemp(path), ret;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	config_defaults(config);
	ret = config_read(config, path, error, size);
	unlink(path);
	return ret;
}

static void test_defaults(void **state)
{
	struct config config;

	(void)state;
	config_defaults(&config);
	assert_string_equal(config.phone_firmware, "");
	assert_string_equal(config.state_dir, "/var/lib/uxmcd");
	assert_int_equal(config.image_size_min, 1048576);
	assert_int_equal(config.image_size_max, 134217728);
	assert_int_equal(config.retries, 3);
	assert_int_equal(config.rate_min, 2000);
	assert_true(config.allow_http);
	assert_string_equal(config.proxy, "");
	assert_int_equal(config.settings_size_max, 1048576);
	assert_int_equal(config.first_look_spread, 3600000);
	assert_false(config.match_module);
	assert_false(config.chain);
	assert_string_equal(config.web_user, "uxmc-web");
	assert_int_equal(config.web_idle, 60000);
	assert_false(config.web_public);
	assert_true(config.allow_downgrade);
	assert_string_equal(config.minimum_version, "");
}

static void test_values(void **state)
{
	char error[256];
	struct config config;
	int ret;

	(void)state;
	ret = read_text("# a comment\n"
			"\n"
			"phone_model = D735\n"
			"phone_firmware=10.1.64.14\t\n"
			"  phone_mac = 00:04:13:92:2d:24\n"
			"user_agent = Mozilla/4.0 (compatible; x)\n"
			"image_size_min = 0\n"
			"image_size_max = 1000\n"
			"retry_delay = 0.25\n"
			"stall_timeout = 2\n"
			"rate_min = 1\n"
			"allow_http = no\n"
			"client_cert = /etc/client.pem\n"
			"client_key = /etc/key.pem\n"
			"proxy = socks5h://u:p@proxy:1080\n"
			"no_proxy = pbx, .example.org\n"
			"connect_timeout = 1.5\n"
			"minimum_version = 1.6.1\n"
			"allow_downgrade = no\n"
			"ca_file = /etc/x.pem\n", &config, error,
			sizeof(error));
	assert_string_equal(error, "");
	assert_int_equal(ret, 0);
	assert_string_equal(config.phone_model, "D735");
	assert_string_equal(config.phone_firmware, "10.1.64.14");
	assert_string_equal(config.phone_mac, "000413922D24");
	assert_string_equal(config.user_agent, "Mozilla/4.0 (compatible; x)");
	assert_int_equal(config.image_size_max, 1000);
	assert_int_equal(config.retry_delay, 250);
	assert_int_equal(config.stall_timeout, 2000);
	assert_int_equal(config.rate_min, 1);
	assert_false(config.allow_http);
	assert_string_equal(config.client_cert, "/etc/client.pem");
	assert_string_equal(config.client_key, "/etc/key.pem");
	assert_string_equal(config.proxy, "socks5h://u:p@proxy:1080");
	assert_string_equal(config.no_proxy, "pbx, .example.org");
	assert_int_equal(config.connect_timeout, 1500);
	assert_string_equal(config.minimum_version, "1.6.1");
	assert_false(config.allow_downgrade);
	assert_string_equal(config.ca_file, "/etc/x.pem");
	assert_string_equal(config.control, "/run/uxmcd/control");
}

static void test_settings(void **state)
{
	char error[256];
	struct config config;
	enum setting_id id;
	int ret;

	(void)state;
	config_defaults(&config);
	for (id = 0; id < SETTINGS_COUNT; id++)
		assert_string_equal(config.settings[id], "");

	ret = read_text("firmware_status = http://h/s.xml?m={mac}&x\n"
			"firmware_interval = 0060\n"
			"update_policy = never_update_boot\n"
			"setting_server = https://h/{mac}.xml\n"
			"settings_refresh_timer=86400\n", &config, error,
			sizeof(error));
	assert_string_equal(error, "");
	assert_int_equal(ret, 0);
	assert_string_equal(config.settings[SETTING_FIRMWARE_UXM], "");
	assert_string_equal(config.settings[SETTING_FIRMWARE_STATUS],
			    "http://h/s.xml?m={mac}&x");
	assert_string_equal(config.settings[SETTING_FIRMWARE_INTERVAL], "60");
	assert_string_equal(config.settings[SETTING_UPDATE_POLICY],
			    "settings_only");
	assert_string_equal(config.settings[SETTING_SETTING_SERVER],
			    "https://h/{mac}.xml");
	assert_string_equal(config.settings[SETTING_SETTINGS_REFRESH_TIMER],
			    "86400");
}

static void test_provisioning(void **state)
{
	static const struct {
		const char *text;
		bool match_module;
		bool chain;
	} cases[] = {
		{ "match = phone\n", false, false },
		{ "match = module\n", true, false },
		{ "match = module\nmatch = phone\n", false, false },
		{ "chain = no\n", false, false },
		{ "chain = no\nmatch = module\n", true, false },
		{ "chain = sequential\n", true, true },
		{ "chain = sequential\nmatch = phone\n", true, true },
		{ "match = phone\nchain = sequential\n", true, true },
		{ "chain = sequential\nchain = no\n", false, false },
	};
	char error[256];
	struct config config;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(read_text(cases[i].text, &config, error,
					   sizeof(error)), 0);
		if (config.match_module != cases[i].match_module ||
		    config.chain != cases[i].chain)
			fail_msg("%s", cases[i].text);
	}
	assert_int_equal(read_text("settings_size_max = 5000\n"
				   "first_look_spread = 0\n", &config, error,
				   sizeof(error)), 0);
	assert_int_equal(config.settings_size_max, 5000);
	assert_int_equal(config.first_look_spread, 0);
}

static void test_mac_forms(void **state)
{
	static const char * const forms[] = {
		"000413922d24", "000413922D24", "00-04-13-92-2D-24",
		"00:04:13:92:2d:24",
	};
	char text[64], error[256];
	struct config config;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		snprintf(text, sizeof(text), "phone_mac = %s\n", forms[i]);
		assert_int_equal(read_text(text, &config, error,
					   sizeof(error)), 0);
		assert_string_equal(config.phone_mac, "000413922D24");
	}
}

static void test_mistakes(void **state)
{
	static const struct {
		const char *text;
		const char *says;
	} mistakes[] = {
		{ "phone_colour = red\n", "line 1: phone_colour: there is no such key" },
		{ "\n\nphone_mac = 12\n", "line 3: phone_mac: twelve" },
		{ "phone_mac = 0004:13922d24x\n", "phone_mac" },
		{ "phone_mac = 000413922d2400\n", "phone_mac" },
		{ "retries = 0\n", "retries" },
		{ "retries = three\n", "retries" },
		{ "image_size_max = -1\n", "image_size_max" },
		{ "image_size_min = -1\n", "image_size_min: a number" },
		{ "image_size_max = 1048575\n",
		  "image_size_min is more than image_size_max" },
		{ "stall_timeout = 1.2345\n", "stall_timeout" },
		{ "rate_min = 0\n", "rate_min: a number" },
		{ "allow_http = maybe\n", "allow_http: yes or no" },
		{ "client_cert = cert.pem\n", "client_cert: an absolute path" },
		{ "client_key = /key.pem\n", "client_key is there, but no client_cert" },
		{ "proxy = proxy:3128\n", "proxy: http://HOST:PORT or socks5h" },
		{ "http_client_user = a:b\n", "http_client_user: at most 127" },
		{ "http_client_pass = secret\n", "http_client_pass: everybody may" },
		{ "stall_timeout = 1.\n", "stall_timeout" },
		{ "stall_timeout = 0\n", "stall_timeout" },
		{ "connect_timeout = 0.000\n", "connect_timeout" },
		{ "stall_timeout = .5\n", "stall_timeout" },
		{ "stall_timeout = 000000000000000000000000000001.5\n",
		  "stall_timeout" },
		{ "state_dir = relative\n", "line 1: state_dir: an absolute path" },
		{ "state_dir =\n", "state_dir" },
		{ "phone_model = D 785\n", "phone_model: one word" },
		{ "phone_model\n", "line 1: not a line" },
		{ "[uxmcd]\nretries = 3\n", "there are no sections" },
		{ "retries = 3\n[x\n", "line 2" },
		{ "\nfirmware_interval = 525601\n",
		  "line 2: firmware_interval: a number of minutes, 0 to 525600" },
		{ "firmware_interval =\n", "firmware_interval" },
		{ "settings_refresh_timer = 0.5\n", "settings_refresh_timer" },
		{ "update_policy = sometimes\n", "update_policy: auto_update," },
		{ "firmware_status = ftp://h/x\n", "firmware_status" },
		{ "setting_server = pbx\n", "setting_server: a complete" },
		{ "firmware_uxm = http://h/snomD7C-1.6.1-r.bin\n",
		  "firmware_uxm: there is no such key" },
		{ "http_pass = x\n", "line 1: http_pass: everybody may read this file" },
		{ "http_user = x\n", "http_user" },
		{ "restrict_uri_queries = yes\n", "restrict_uri_queries: on or off" },
		{ "web_info = all\n", "web_info: password or public" },
		{ "web_key = key.pem\n", "web_key: an absolute path" },
		{ "match = both\n", "match: phone or module" },
		{ "minimum_version = newest\n", "minimum_version: a version, such as 1.6.1" },
		{ "minimum_version = 1.6.1-r\n", "minimum_version: a version" },
		{ "allow_downgrade = maybe\n", "allow_downgrade: yes or no" },
		{ "match =\n", "match" },
		{ "chain = yes\n", "chain: no or sequential" },
		{ "settings_size_max = 0\n", "settings_size_max" },
		{ "settings_size_max = 2147483648\n", "settings_size_max" },
		{ "first_look_spread = 86401\n", "first_look_spread" },
		{ "phone_model = 0123456789012345678901234567890123456789\n",
		  "phone_model" },
	};
	char error[256];
	struct config config;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(mistakes); i++) {
		int ret = read_text(mistakes[i].text, &config, error,
				    sizeof(error));

		if (ret != -EINVAL || !strstr(error, mistakes[i].says))
			fail_msg("%s: %d: %s", mistakes[i].text, ret, error);
	}
}

static void test_long_line(void **state)
{
	char text[600] = "user_agent = ", error[256];
	struct config config;

	(void)state;
	memset(text + 13, 'x', 500);
	strcpy(text + 513, "\n");
	assert_int_equal(read_text(text, &config, error, sizeof(error)),
			 -EINVAL);
	assert_non_null(strstr(error, "too long"));
}

static void test_no_file(void **state)
{
	struct config config;
	char error[256];

	(void)state;
	config_defaults(&config);
	assert_int_equal(config_read(&config, "/nonexistent", error,
				     sizeof(error)), -ENOENT);
}

/* Everything in the file that is installed is commented out, and all of it valid. */
static void test_installed_file(void **state)
{
	char text[16384], *line, error[256];
	struct config defaults, config;
	enum setting_id id;
	FILE *file;
	size_t length;

	(void)state;
	file = fopen("uxmcd/uxmcd.conf", "r");
	if (!file)
		skip();
	length = fread(text, 1, sizeof(text) - 1, file);
	text[length] = '\0';
	fclose(file);
	config_defaults(&defaults);
	assert_int_equal(read_text(text, &config, error, sizeof(error)), 0);
	assert_memory_equal(&config, &defaults, sizeof(config));

	for (line = text; line; line = strchr(line + 1, '\n'))
		if (line[1] == '#' && line[2] != ' ' && line[2] != '\n')
			line[1] = ' ';
	assert_int_equal(read_text(text, &config, error, sizeof(error)), 0);
	assert_string_equal(config.phone_firmware, "10.1.64.14");
	assert_string_equal(config.phone_boot, defaults.phone_boot);
	assert_int_equal(config.image_size_min, defaults.image_size_min);
	assert_int_equal(config.image_size_max, defaults.image_size_max);
	assert_int_equal(config.retry_delay, defaults.retry_delay);
	assert_int_equal(config.connect_timeout, defaults.connect_timeout);
	assert_int_equal(config.stall_timeout, defaults.stall_timeout);
	assert_int_equal(config.rate_min, defaults.rate_min);
	assert_true(config.allow_http);
	assert_int_equal(config.exit_delay, defaults.exit_delay);
	assert_string_equal(config.control, defaults.control);
	assert_int_equal(config.settings_size_max, defaults.settings_size_max);
	assert_int_equal(config.first_look_spread, defaults.first_look_spread);
	assert_false(config.match_module);
	assert_false(config.chain);
	for (id = 0; id < SETTINGS_COUNT; id++)
		if (*config.settings[id])
			assert_string_equal(config.settings[id],
					    setting_default(id));
	assert_string_equal(config.settings[SETTING_FIRMWARE_INTERVAL], "2880");
	assert_string_equal(config.settings[SETTING_UPDATE_POLICY],
			    "auto_update");
	assert_string_equal(config.settings[SETTING_SETTINGS_REFRESH_TIMER],
			    "0");
}

static void test_user_agent(void **state)
{
	char agent[USERAGENT_MAX + 1];
	struct config config;

	(void)state;
	config_defaults(&config);
	strcpy(config.phone_model, "D785");
	strcpy(config.phone_firmware, "10.1.33.33");
	strcpy(config.phone_mac, "000413922D24");
	assert_int_equal(useragent_make(&config, 1, agent, sizeof(agent)), 0);
	assert_string_equal(agent,
			    "Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 2010.12-00004-g9ba52f5 000413922D24 SXM:0 UXM:1)");

	strcpy(config.phone_mac, "");
	assert_int_equal(useragent_make(&config, 3, agent, sizeof(agent)), 0);
	assert_non_null(strstr(agent, " 000000000000 SXM:0 UXM:3)"));

	strcpy(config.user_agent, "as it is");
	assert_int_equal(useragent_make(&config, 1, agent, sizeof(agent)), 0);
	assert_string_equal(agent, "as it is");
	assert_int_equal(useragent_make(&config, 1, agent, 4), -E2BIG);
	assert_string_equal(agent, "as it is");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_provisioning),
		cmocka_unit_test(test_mac_forms),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_installed_file),
		cmocka_unit_test(test_user_agent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
