/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One expansion module, as the driver shows it.
 */
#ifndef UXMC_MODULE_H
#define UXMC_MODULE_H

#include <stdbool.h>
#include <stdint.h>

#include "../../driver/uapi/uxmc.h"

/* The fields are those of enum uxmc_attr. */
struct module {
	uint32_t id;
	enum uxmc_mode mode;
	enum uxmc_state state;
	bool away;
	bool cleared;
	uint64_t done;
	uint64_t total;
	uint32_t timeout;
	uint32_t error;
	char port[32];
	char model[16];
	char version[UXMC_VERSION_MAX + 1];
	char serial[UXMC_SERIAL_MAX + 1];
	char message[UXMC_MESSAGE_MAX + 1];
	char url[UXMC_URL_MAX + 1];
	char file[UXMC_FILE_MAX + 1];
	char expect[UXMC_VERSION_MAX + 1];
	char firmware_uxm[UXMC_URL_MAX + 1];
};

const char *module_state_name(enum uxmc_state state);
const char *module_mode_name(enum uxmc_mode mode);

/* An update is under way: from requested to rebooting. */
bool module_is_busy(const struct module *module);

/* The driver itself is at work: from verifying to rebooting. */
bool module_is_flashing(const struct module *module);

/* Same port, and no two different serial numbers. */
bool module_is_at(const struct module *module, const char *port,
		  const char *serial);

#endif
