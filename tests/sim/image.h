/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Test images: a header that the simulated module checks, a payload, and
 * maybe a DFU file suffix, which is for the host and never sent.
 */
#ifndef SIM_IMAGE_H
#define SIM_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#define IMAGE_HEADER_SIZE	64
#define IMAGE_SUFFIX_SIZE	16
#define IMAGE_MODEL_MAX		7
#define IMAGE_VERSION_MAX	15

/**
 * struct image_header - what a test image says of itself
 * @model: the module that it is for, such as "D7C"
 * @version: of the firmware in it
 * @payload_length: bytes after the header
 * @payload_crc: zlib's crc32() of those
 */
struct image_header {
	char model[IMAGE_MODEL_MAX + 1];
	char version[IMAGE_VERSION_MAX + 1];
	uint32_t payload_length;
	uint32_t payload_crc;
};

void image_header_encode(const struct image_header *header, uint8_t *raw);

/**
 * image_header_decode - read a header
 * @raw: IMAGE_HEADER_SIZE bytes
 * @header: filled in on success only
 *
 * Return: 0, or -EBADMSG if this is no header, or a damaged one.
 */
int image_header_decode(const uint8_t *raw, struct image_header *header);

/**
 * struct image_suffix - the DFU file suffix, DFU 1.1 appendix B
 */
struct image_suffix {
	uint16_t device;
	uint16_t product;
	uint16_t vendor;
	uint16_t dfu;
};

/**
 * image_suffix_encode - make a suffix
 * @suffix: what is in it
 * @crc: zlib's crc32() of the whole file before the suffix
 * @raw: IMAGE_SUFFIX_SIZE bytes
 */
void image_suffix_encode(const struct image_suffix *suffix, uint32_t crc,
			 uint8_t *raw);

#endif
