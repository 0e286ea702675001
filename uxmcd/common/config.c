// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "text.h"
#include "version.h"

#define LINE_MAX_TEXT	"lines have at most 190 characters"
#define SECONDS_MAX	86400
#define TIMEOUT_MAX	120000
#define MEBIBYTE	(1024UL * 1024UL)

static int set_text(void *field, size_t size, const char *value)
{
	if (!text_is_clean(value))
		return -EINVAL;
	return text_copy(field, size, value);
}

static int set_path(void *field, size_t size, const char *value)
{
	if (*value != '/')
		return -EINVAL;
	return set_text(field, size, value);
}

static int set_optional_path(void *field, size_t size, const char *value)
{
	return *value ? set_path(field, size, value) :
			set_text(field, size, value);
}

/* One word, since it becomes a part of the User-Agent. */
static int set_word(void *field, size_t size, const char *value)
{
	if (strpbrk(value, " ()"))
		return -EINVAL;
	return set_text(field, size, value);
}

/* 00:04:13:92:2d:24, 00-04-13-92-2D-24 or 000413922D24; none at all is fine */
static int set_mac(void *field, size_t size, const char *value)
{
	char mac[13] = "";
	size_t digits = 0;

	for (; *value; value++) {
		if ((*value == ':' || *value == '-') && digits && !(digits % 2))
			continue;
		if (!isxdigit((unsigned char)*value) || digits == 12)
			return -EINVAL;
		mac[digits++] = (char)toupper((unsigned char)*value);
	}
	if (digits && digits != 12)
		return -EINVAL;
	return text_copy(field, size, mac);
}

static int set_count(void *field, size_t size, const char *value)
{
	(void)size;
	if (text_number(value, INT32_MAX, field) || !*(uint64_t *)field)
		return -EINVAL;
	return 0;
}

static int set_number(void *field, size_t size, const char *value)
{
	(void)size;
	return text_number(value, INT32_MAX, field) ? -EINVAL : 0;
}

/* Seconds, with at most three digits after the point. */
static int set_time(void *field, size_t size, const char *value)
{
	uint64_t seconds, fraction = 0;
	size_t digits;
	char text[32];
	char *point;

	(void)size;
	if (text_copy(text, sizeof(text), value))
		return -EINVAL;
	point = strchr(text, '.');
	if (point) {
		*point++ = '\0';
		digits = strlen(point);
		if (digits > 3 || text_number(point, 999, &fraction))
			return -EINVAL;
		for (; digits < 3; digits++)
			fraction *= 10;
	}
	if (text_number(text, SECONDS_MAX, &seconds))
		return -EINVAL;
	*(uint64_t *)field = seconds * 1000 + fraction;
	return 0;
}

/* Together with a pause, less than the silence that the driver puts up with */
static int set_timeout(void *field, size_t size, const char *value)
{
	uint64_t time = 0;

	if (set_time(&time, size, value) || !time || time > TIMEOUT_MAX)
		return -EINVAL;
	*(uint64_t *)field = time;
	return 0;
}

static int set_choice(bool *field, const char *value, const char *no,
		      const char *yes)
{
	*field = !strcmp(value, yes);
	return *field || !strcmp(value, no) ? 0 : -EINVAL;
}

static int set_proxy(void *field, size_t size, const char *value)
{
	return *value && url_check_proxy(value) ? -EINVAL :
						  set_text(field, size, value);
}

static int set_match(void *field, size_t size, const char *value)
{
	(void)size;
	return set_choice(field, value, "phone", "module");
}

static int set_yes(void *field, size_t size, const char *value)
{
	(void)size;
	return set_choice(field, value, "no", "yes");
}

static int set_version(void *field, size_t size, const char *value)
{
	struct version version;

	if (*value && version_parse(value, &version))
		return -EINVAL;
	return text_copy(field, size, value);
}

static int set_chain(void *field, size_t size, const char *value)
{
	(void)size;
	return set_choice(field, value, "no", "sequential");
}

static int set_info(void *field, size_t size, const char *value)
{
	(void)size;
	return set_choice(field, value, "password", "public");
}

#define AT(name)	offsetof(struct config, name)

/* For the sizes of its members. */
#define SHAPE		(*(struct config *)NULL)

static const struct key {
	const char *name;
	size_t offset;
	size_t size;
	int (*set)(void *field, size_t size, const char *value);
	const char *wants;
} keys[] = {
	{ "phone_model", AT(phone_model), sizeof(SHAPE.phone_model), set_word,
	  "one word, such as D785" },
	{ "phone_firmware", AT(phone_firmware), sizeof(SHAPE.phone_firmware), set_word,
	  "a version, such as 10.1.64.14" },
	{ "phone_boot", AT(phone_boot), sizeof(SHAPE.phone_boot), set_word,
	  "one word" },
	{ "phone_mac", AT(phone_mac), sizeof(SHAPE.phone_mac), set_mac,
	  "twelve hexadecimal digits" },
	{ "user_agent", AT(user_agent), sizeof(SHAPE.user_agent), set_text,
	  "a line of text" },
	{ "state_dir", AT(state_dir), sizeof(SHAPE.state_dir), set_path,
	  "an absolute path" },
	{ "control", AT(control), sizeof(SHAPE.control), set_path,
	  "an absolute path of at most 107 characters" },
	{ "control_group", AT(control_group), sizeof(SHAPE.control_group), set_word,
	  "a group's name" },
	{ "ca_file", AT(ca_file), sizeof(SHAPE.ca_file), set_optional_path,
	  "an absolute path" },
	{ "client_cert", AT(client_cert), sizeof(SHAPE.client_cert), set_optional_path,
	  "an absolute path" },
	{ "client_key", AT(client_key), sizeof(SHAPE.client_key), set_optional_path,
	  "an absolute path" },
	{ "allow_http", AT(allow_http), sizeof(SHAPE.allow_http), set_yes,
	  "yes or no" },
	{ "proxy", AT(proxy), sizeof(SHAPE.proxy), set_proxy,
	  "http://HOST:PORT or socks5h://HOST:PORT" },
	{ "no_proxy", AT(no_proxy), sizeof(SHAPE.no_proxy), set_text,
	  "hosts with commas between them" },
	{ "fetch_program", AT(fetch_program), sizeof(SHAPE.fetch_program), set_path,
	  "an absolute path" },
	{ "fetch_user", AT(fetch_user), sizeof(SHAPE.fetch_user), set_word,
	  "a user's name" },
	{ "image_keys", AT(image_keys), sizeof(SHAPE.image_keys), set_optional_path,
	  "an absolute path" },
	{ "image_size_min", AT(image_size_min), sizeof(SHAPE.image_size_min), set_number,
	  "a number of bytes, 0 to 2147483647" },
	{ "minimum_version", AT(minimum_version), sizeof(SHAPE.minimum_version),
	  set_version, "a version, such as 1.6.1" },
	{ "allow_downgrade", AT(allow_downgrade), sizeof(SHAPE.allow_downgrade), set_yes,
	  "yes or no" },
	{ "image_size_max", AT(image_size_max), sizeof(SHAPE.image_size_max), set_count,
	  "a number of bytes, 1 to 2147483647" },
	{ "retries", AT(retries), sizeof(SHAPE.retries), set_count,
	  "a number, 1 or more" },
	{ "retry_delay", AT(retry_delay), sizeof(SHAPE.retry_delay), set_time,
	  "a time in seconds" },
	{ "flash_pause", AT(flash_pause), sizeof(SHAPE.flash_pause), set_time,
	  "a time in seconds" },
	{ "connect_timeout", AT(connect_timeout), sizeof(SHAPE.connect_timeout),
	  set_timeout, "a time in seconds, more than 0 and at most 120" },
	{ "stall_timeout", AT(stall_timeout), sizeof(SHAPE.stall_timeout), set_timeout,
	  "a time in seconds, more than 0 and at most 120" },
	{ "rate_min", AT(rate_min), sizeof(SHAPE.rate_min), set_count,
	  "a number of bytes a second, 1 or more" },
	{ "exit_delay", AT(exit_delay), sizeof(SHAPE.exit_delay), set_time,
	  "a time in seconds" },
	{ "settings_size_max", AT(settings_size_max),
	  sizeof(SHAPE.settings_size_max), set_count,
	  "a number of bytes, 1 to 2147483647" },
	{ "first_look_spread", AT(first_look_spread),
	  sizeof(SHAPE.first_look_spread), set_time, "a time in seconds" },
	{ "plug_delay", AT(plug_delay), sizeof(SHAPE.plug_delay), set_time,
	  "a time in seconds" },
	{ "match", AT(match_module), sizeof(SHAPE.match_module), set_match,
	  "phone or module" },
	{ "chain", AT(chain), sizeof(SHAPE.chain), set_chain,
	  "no or sequential" },
	{ "web_listen", AT(web_listen), sizeof(SHAPE.web_listen), set_text,
	  "addresses with ports, and paths" },
	{ "web_hosts", AT(web_hosts), sizeof(SHAPE.web_hosts), set_text,
	  "names with blanks between them" },
	{ "web_user", AT(web_user), sizeof(SHAPE.web_user), set_word,
	  "a user's name" },
	{ "web_group", AT(web_group), sizeof(SHAPE.web_group), set_word,
	  "a group's name" },
	{ "web_cert", AT(web_cert), sizeof(SHAPE.web_cert), set_optional_path,
	  "an absolute path" },
	{ "web_key", AT(web_key), sizeof(SHAPE.web_key), set_optional_path,
	  "an absolute path" },
	{ "web_idle", AT(web_idle), sizeof(SHAPE.web_idle), set_time,
	  "a time in seconds" },
	{ "web_info", AT(web_public), sizeof(SHAPE.web_public), set_info,
	  "password or public" },
};

/* What the callbacks of the INI reader share. */
struct reading {
	struct config *config;
	FILE *file;
	int line;
	char *error;
	size_t size;
};

/* Only the first complaint counts: the others may follow from it. */
static int complain(struct reading *reading, const char *name,
		    const char *what)
{
	if (!*reading->error)
		text_format(reading->error, reading->size, "line %d: %s: %s",
			    reading->line, name, what);
	return 0;
}

static int take_setting(struct reading *reading, enum setting_id id,
			const char *value)
{
	if (setting_is_secret(id))
		return complain(reading, setting_name(id),
				"everybody may read this file: use uxmcctl set, or provision it");
	if (setting_check(id, value, reading->config->settings[id]))
		return complain(reading, setting_name(id), setting_wants(id));
	return 1;
}

static int take(void *context, const char *section, const char *name,
		const char *value)
{
	struct reading *reading = context;
	const struct key *key;
	enum setting_id id;

	if (*section)
		return complain(reading, section, "there are no sections");
	/* firmware_uxm tells what has been done, not what is to be done. */
	if (!setting_find(name, &id) && id != SETTING_FIRMWARE_UXM)
		return take_setting(reading, id, value);
	for (key = keys; key < keys + ARRAY_SIZE(keys); key++)
		if (!strcmp(key->name, name))
			break;
	if (key == keys + ARRAY_SIZE(keys))
		return complain(reading, name, "there is no such key");
	if (key->set((char *)reading->config + key->offset, key->size, value))
		return complain(reading, name, key->wants);
	return 1;
}

/*
 * The INI reader takes an indented line for the continuation of the one above,
 * and the rest of an overlong line for a line of its own; neither is wanted.
 */
static char *read_line(char *text, int size, void *context)
{
	struct reading *reading = context;

	if (!fgets(text, size, reading->file))
		return NULL;
	reading->line++;
	if (!strchr(text, '\n') && !feof(reading->file))
		complain(reading, "too long", LINE_MAX_TEXT);
	if (isspace((unsigned char)*text))
		memmove(text, text + strspn(text, " \t"),
			strlen(text + strspn(text, " \t")) + 1);
	return text;
}

void config_defaults(struct config *config)
{
	*config = (struct config) {
		.phone_model = "D785",
		.phone_boot = "2010.12-00004-g9ba52f5",
		.state_dir = "/var/lib/uxmcd",
		.control = "/run/uxmcd/control",
		.fetch_program = LIBEXECDIR "/uxmc-fetch",
		.fetch_user = "uxmc-fetch",
		.image_size_min = MEBIBYTE,
		.allow_downgrade = true,
		.image_size_max = 128 * MEBIBYTE,
		.retries = 3,
		.retry_delay = 5000,
		.flash_pause = 3600000,
		.connect_timeout = 15000,
		.stall_timeout = 30000,
		.rate_min = 2000,
		.allow_http = true,
		.exit_delay = 10000,
		.settings_size_max = MEBIBYTE,
		.first_look_spread = CONFIG_SPREAD * 1000UL,
		.plug_delay = 3000,
		.web_listen = "127.0.0.1:8080 /run/uxmcweb/http",
		.web_user = "uxmc-web",
		.web_idle = 60000,
	};
}

/* What no single line is wrong about; NULL: nothing is. */
static const char *find_conflict(const struct config *config)
{
	if (config->image_size_min > config->image_size_max)
		return "image_size_min is more than image_size_max";
	if (*config->client_key && !*config->client_cert)
		return "client_key is there, but no client_cert";
	return NULL;
}

int config_read(struct config *config, const char *file, char *error,
		unsigned long size)
{
	struct reading reading = {
		.config = config,
		.error = error,
		.size = size,
	};
	int ret;

	*error = '\0';
	reading.file = fopen(file, "re");
	if (!reading.file)
		return -errno;

	ret = ini_parse_stream(read_line, &reading, take, &reading);
	if (ferror(reading.file))
		ret = -EIO;
	else if (ret > 0 && !*error)
		text_format(error, size, "line %d: not a line of the form key = value",
			    ret);
	fclose(reading.file);

	if (!ret && !*error && find_conflict(config))
		text_format(error, size, "%s", find_conflict(config));
	if (*error)
		return -EINVAL;
	/* In a chain each module needs a firmware_uxm of its own. */
	if (config->chain)
		config->match_module = true;
	return ret;
}
