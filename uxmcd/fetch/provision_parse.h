/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads a provisioning file.
 */
#ifndef UXMC_PROVISION_PARSE_H
#define UXMC_PROVISION_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "provision.h"

/*
 * @listed: it is one of the files that another one names, and may be of no interest
 * then. URLs of files are as they stand there. 0; -EINVAL: it cannot be understood, and
 * @error (256 bytes) says "line N: what is wrong"; -ENOMEM; -ELIBACC if xml_load()
 * cannot. What @provision said before
 * is replaced only when 0 is returned.
 */
int provision_parse(const char *data, size_t size, bool listed,
		    struct provision *provision, char *error,
		    size_t error_size);

/* Is a file that begins so of no interest, whatever follows? */
bool provision_is_idle(const char *data, size_t size, bool listed);

#endif
