/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * firmware_uxm of each module, by serial number (or "@port" if it has none), for
 * "match = module": the URL of the last update of it that went well.
 */
#ifndef UXMC_PERSERIAL_H
#define UXMC_PERSERIAL_H

#include <stddef.h>

#define PERSERIAL_MAX	64	/* modules */

/**
 * struct perserial - the modules, the one updated last at the end
 * @count: how many there are
 * @list: see above
 */
struct perserial {
	size_t count;
	struct perserial_entry {
		char *serial;
		char *url;
	} list[PERSERIAL_MAX];
};

/*
 * What @perserial was before is lost. 0 too if nothing is stored yet. -EINVAL if
 * the file is damaged: it has been set aside then as modules.damaged, and there is
 * no module.
 */
int perserial_load(struct perserial *perserial, int dir);

/* Frees all; nothing is changed on the disk. */
void perserial_clear(struct perserial *perserial);

/* Empty if none is known. */
const char *perserial_get(const struct perserial *perserial,
			  const char *serial);

/*
 * Stores a module's URL; when there are too many, the one whose update is longest
 * ago is dropped. An empty @url forgets the module, no @serial (NULL) all of them.
 * -EINVAL: not a URL, or control characters; what else: not stored. Nothing has
 * changed then.
 */
int perserial_set(struct perserial *perserial, int dir, const char *serial,
		  const char *url);

/*
 * The same in memory alone, which perserial_save() stores, if anything has changed.
 * -EINVAL, -ENOMEM.
 */
int perserial_updated(struct perserial *perserial, const char *serial,
		      const char *url);
int perserial_save(const struct perserial *perserial, int dir);

#endif
