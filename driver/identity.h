/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _UXMC_IDENTITY_H
#define _UXMC_IDENTITY_H

#include "device.h"

/**
 * struct uxmc_identity - who has appeared on the bus
 * @model: by its ids
 * @port: where
 * @serial: empty if it has none
 * @version: of its firmware, empty in DFU mode and if it cannot be read
 * @version_is_bcd: from bcdDevice
 */
struct uxmc_identity {
	const struct uxmc_model *model;
	const char *port;
	char serial[UXMC_SERIAL_MAX + 1];
	char version[UXMC_VERSION_MAX + 1];
	bool version_is_bcd;
};

int uxmc_identity_read(struct uxmc_identity *identity,
		       const struct uxmc_dfu *dfu,
		       const struct uxmc_model *model);

#endif /* _UXMC_IDENTITY_H */
