/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why the driver is not there, and what to do about it.
 */
#ifndef UXMC_NODRIVER_H
#define UXMC_NODRIVER_H

#include <stdbool.h>

#include "reply.h"

enum ctl_driver_file {
	CTL_DRIVER_ABSENT,	/* for the kernel that runs */
	CTL_DRIVER_UNLISTED,	/* modprobe does not know it: depmod does that */
	CTL_DRIVER_LISTED,
};

enum ctl_driver_signature {
	CTL_DRIVER_HIDDEN,	/* in a compressed file, or that may not be read */
	CTL_DRIVER_UNSIGNED,
	CTL_DRIVER_SIGNED,	/* whether its key is trusted is not known */
	CTL_DRIVER_TRUSTED,	/* as far as the signer's name tells */
	CTL_DRIVER_DISTRUSTED,
};

/**
 * struct ctl_driver - what is to be seen of it
 * @kernel: the release of the one that runs
 * @enforced: it takes signed modules only
 * @dkms: DKMS knows the driver
 * @headers: of that kernel are there, as DKMS needs them
 */
struct ctl_driver {
	char kernel[65];
	enum ctl_driver_file file;
	enum ctl_driver_signature signature;
	bool enforced;
	bool dkms;
	bool headers;
};

/* Looks at the files below the directory @root. */
void ctl_driver_look(struct ctl_driver *driver, int root, const char *kernel);

/* Those of this system, for the kernel that runs. */
void ctl_driver_look_here(struct ctl_driver *driver);

enum ctl_driver_cause {
	CTL_DRIVER_NOT_LOADED,
	CTL_DRIVER_NOT_LISTED,
	CTL_DRIVER_NOT_BUILT,
	CTL_DRIVER_NOT_SIGNED,
	CTL_DRIVER_KEY_UNKNOWN,
};

/* The rest is pure. */
enum ctl_driver_cause ctl_driver_cause(const struct ctl_driver *driver);

/* For scripts. */
const char *ctl_driver_word(enum ctl_driver_cause cause);
enum reply ctl_driver_reply(enum ctl_driver_cause cause);

/* For people. */
#define CTL_DRIVER_SENTENCE_MAX	320
void ctl_driver_sentence(const struct ctl_driver *driver, char *to);

#endif
