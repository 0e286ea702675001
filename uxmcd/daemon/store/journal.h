/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The journal: the update in hand, written before each of its steps, so that it can
 * be picked up after a crash or a power cut.
 */
#ifndef UXMC_JOURNAL_H
#define UXMC_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "attempts.h"
#include "boot.h"
#include "imagename.h"
#include "pin.h"
#include "url.h"

/* The step that was about to be taken. */
enum journal_step {
	JOURNAL_COPY,	/* take over the file that was handed in */
	JOURNAL_FETCH,
	JOURNAL_FLASH,
	JOURNAL_DONE,
	JOURNAL_FAILED,
};

/**
 * struct journal - what is kept of an update
 * @step: the step it was at
 * @file: a file was handed in; @url is then its path
 * @url: as asked for, {mac} not expanded
 * @name: of the image
 * @expect: version that the module must run afterwards
 * @from: version that it ran before
 * @port: of the module
 * @serial: of the module; empty if it has none
 * @size: of the image; 0 if not known
 * @etag: of the image on the server; empty if not known
 * @modified: likewise, its Last-Modified
 * @boot: the boot in which the part of the image that is there was written
 * @announced: 1 once the driver knows of it; a failure that the driver shows
 *	before that is an older one
 * @resumed: how often the update was picked up
 * @provisioned: 1 if no person asked for it
 * @sha256: that the image has to have; empty: any
 * @trust: what vouches for it (trust_words()), once it has been checked
 * @signer: the key that it is signed with (keys_name()), likewise; empty: none
 */
struct journal {
	enum journal_step step;
	bool file;
	char url[URL_MAX + 1];
	char name[IMAGENAME_MAX + 1];
	char expect[IMAGENAME_VERSION_MAX + 1];
	char from[IMAGENAME_VERSION_MAX + 1];
	char port[32];
	char serial[128];
	uint64_t size;
	char etag[128];
	char modified[64];
	char boot[BOOT_SIZE];
	uint64_t announced;
	uint64_t resumed;
	uint64_t provisioned;
	char sha256[PIN_SIZE];
	char trust[32];
	char signer[17];
};

const char *journal_step_name(enum journal_step step);

/* What it is aimed at. */
struct attempts_target journal_target(const struct journal *journal);

int journal_write(const struct journal *journal, int dir);

/*
 * -ENOENT: no update. -EINVAL: the file is damaged, and has been set aside as
 * journal.damaged.
 */
int journal_load(struct journal *journal, int dir);

int journal_clear(int dir);

#endif
