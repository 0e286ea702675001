/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _UXMC_IMAGE_H
#define _UXMC_IMAGE_H

#include <linux/types.h>

#include "fingerprint.h"
#include "uapi/uxmc.h"

struct device;

/**
 * struct uxmc_piece - a piece of a file in memory
 * @data: allocated, fit for DMA
 * @start: its offset in the file
 * @len: its length
 */
struct uxmc_piece {
	u8 *data;
	size_t start;
	size_t len;
};

/**
 * struct uxmc_image - a firmware file, read in pieces
 * @dev: for whom the firmware loader reads
 * @path: name below the firmware directory
 * @pieces: one that blocks are sent from, one to read ahead into
 * @capacity: bytes allocated for each
 * @now: the piece that blocks are sent from
 * @ahead: whether the other one has been read, and is the next
 * @ahead_err: what came of it
 * @block: the most that a block has
 * @position: where reading goes on
 * @file_size: bytes in the file, known once checked
 * @size: bytes for the module: @file_size without a DFU suffix
 * @crc: CRC-32 of the whole file as checked, as in a DFU suffix
 * @checked: fingerprint of the same
 * @read: the one of what has been read up to @position
 * @why: a sentence about the last error
 */
struct uxmc_image {
	struct device *dev;
	char path[sizeof("uxmc/") + UXMC_FILE_MAX];
	struct uxmc_piece pieces[2];
	size_t capacity;
	struct uxmc_piece *now;
	bool ahead;
	int ahead_err;
	size_t block;
	size_t position;
	size_t file_size;
	size_t size;
	u32 crc;
	u64 checked;
	struct uxmc_fingerprint read;
	char why[UXMC_MESSAGE_MAX + 1];
};

int uxmc_image_open(struct uxmc_image *image, struct device *dev,
		    const char *file);
void uxmc_image_close(struct uxmc_image *image);
int uxmc_image_read_all(struct uxmc_image *image,
			int (*progress)(void *context, size_t done),
			void *context);
int uxmc_image_check_suffix(struct uxmc_image *image, u16 vendor,
			    const u16 *products, int count);
int uxmc_image_rewind(struct uxmc_image *image, size_t block);
int uxmc_image_blocks(struct uxmc_image *image, size_t offset, u8 **data);
void uxmc_image_read_ahead(struct uxmc_image *image);
int uxmc_image_unchanged(struct uxmc_image *image);

#endif /* _UXMC_IMAGE_H */
