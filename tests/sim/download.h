/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The image that a module is receiving: counted, hashed, checked, not kept. */
#ifndef SIM_DOWNLOAD_H
#define SIM_DOWNLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image.h"

/* A new image begins; with its SHA-256 to be logged, or without. */
void download_begin(bool with_sha256);

/**
 * download_add - take the next bytes
 *
 * They are looked at in download_digest() only, which must be called while
 * they are still where they are.
 */
void download_add(const uint8_t *bytes, size_t length);

/* The host is asked to wait so long for the block; for the log. */
void download_wait(unsigned int ms);

/* Look at the bytes taken last; best done while the host is busy. */
void download_digest(void);

uint64_t download_length(void);

/* Whether there is a header and fewer bytes than it announces. */
bool download_incomplete(void);

/*
 * Log what was received, as length and checksum, and how long it took from the
 * first block to the end of the image, of which the host was asked to wait how
 * long (each bwPollTimeout once).
 */
void download_log(void);

/**
 * download_verify - check the image
 * @model: the module that it must be for
 * @version: gets the version in its header
 *
 * Return: NULL, or what is wrong with it.
 */
const char *download_verify(const char *model,
			    char version[IMAGE_VERSION_MAX + 1]);

/* Whether the reason that download_verify() gave is the checksum. */
bool download_is_damaged(void);

#endif
