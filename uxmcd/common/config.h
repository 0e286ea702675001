/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uxmcd.conf: what the integrator fixes.
 */
#ifndef UXMC_CONFIG_H
#define UXMC_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "setting.h"

#define CONFIG_FILE	"/etc/uxmcd.conf"

/*
 * The default of first_look_spread, in seconds. With half of it the most requests
 * in ten seconds are near 1/20 of those without spreading, above it or below by
 * chance; with this, 1/30. See tests/unit/test_fleet.c.
 */
#define CONFIG_SPREAD	3600

/**
 * struct config - what is in the file
 * @settings: in their normal form, empty if not given; never firmware_uxm
 * @fetch_socket: of uxmc-fetch's starter; NULL if that is uxmcd itself. It is not in
 *	the file, since it comes from the unit that has it, too
 * @proxy: URL, url_check_proxy() found nothing wrong with it; empty: none
 * @rate_min: bytes a second
 * @allow_http: else https URLs alone are good
 * @match_module: firmware_uxm is one for each module, not one for the phone
 * @chain: several modules are updated, one after another; @match_module is set too
 * @web_listen: addresses and paths, with blanks or commas between them
 * @web_hosts: names, likewise
 * @web_public: what only shows something may be read without a password
 *
 * Times are in milliseconds here, in seconds in the file.
 */
struct config {
	char phone_model[32];
	char phone_firmware[64];
	char phone_boot[64];
	char phone_mac[13];
	char user_agent[512];
	char state_dir[256];
	char control[108];
	char control_group[64];
	char ca_file[256];
	char client_cert[256];
	char client_key[256];
	char proxy[256];
	char no_proxy[256];
	char fetch_program[256];
	char fetch_user[64];
	const char *fetch_socket;
	char image_keys[256];
	uint64_t image_size_min;
	char minimum_version[32];
	bool allow_downgrade;
	uint64_t image_size_max;
	uint64_t retries;
	uint64_t retry_delay;
	uint64_t flash_pause;
	uint64_t connect_timeout;
	uint64_t stall_timeout;
	uint64_t rate_min;
	uint64_t exit_delay;
	char settings[SETTINGS_COUNT][URL_MAX + 1];
	uint64_t settings_size_max;
	uint64_t first_look_spread;
	uint64_t plug_delay;
	bool allow_http;
	bool match_module;
	bool chain;
	char web_listen[256];
	char web_hosts[256];
	char web_user[64];
	char web_group[64];
	char web_cert[256];
	char web_key[256];
	uint64_t web_idle;
	bool web_public;
};

void config_defaults(struct config *config);

/*
 * Reads the file over what @config holds. -errno if it cannot be read, -EINVAL
 * if a line is wrong: then @error says where and why. @config is then undefined.
 */
int config_read(struct config *config, const char *file, char *error,
		unsigned long size);

#endif
