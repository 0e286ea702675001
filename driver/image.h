/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _UXMC_IMAGE_H
#define _UXMC_IMAGE_H

#include <linux/types.h>

#include "uapi/uxmc.h"

struct device;

/**
 * struct uxmc_image - a firmware file, read in pieces
 * @dev: for whom the firmware loader reads
 * @path: name below the firmware directory
 * @piece: the piece in memory, fit for DMA
 * @capacity: bytes allocated at @piece
 * @start: offset of @piece in the file
 * @len: bytes of the file in @piece
 * @file_size: bytes in the file, known once checked
 * @size: bytes for the module: @file_size without a DFU suffix
 * @crc: of the whole file as checked
 * @read_crc: of what has been read since uxmc_image_rewind()
 * @why: a sentence about the last error
 */
struct uxmc_image {
	struct device *dev;
	char path[sizeof("uxmc/") + UXMC_FILE_MAX];
	u8 *piece;
	size_t capacity;
	size_t start;
	size_t len;
	size_t file_size;
	size_t size;
	u32 crc;
	u32 read_crc;
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
void uxmc_image_rewind(struct uxmc_image *image);
int uxmc_image_block(struct uxmc_image *image, size_t offset, size_t block,
		     u8 **data);
int uxmc_image_unchanged(struct uxmc_image *image);

#endif /* _UXMC_IMAGE_H */
