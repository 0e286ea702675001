// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <zlib.h>

#include "image.h"

/* Where things are in the header; the rest of its 64 bytes is 0. */
#define MODEL_AT	8
#define VERSION_AT	16
#define LENGTH_AT	32
#define PAYLOAD_CRC_AT	36
#define HEADER_CRC_AT	60

static const uint8_t magic[] = { 'U', 'X', 'M', 'C', 's', 'i', 'm', '1' };
static const uint8_t suffix_signature[] = { 'U', 'F', 'D' };

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, (uint16_t)value);
	put16(at + 2, (uint16_t)(value >> 16));
}

static uint32_t get32(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

static uint32_t header_crc(const uint8_t *raw)
{
	return (uint32_t)crc32(0, raw, HEADER_CRC_AT);
}

void image_header_encode(const struct image_header *header, uint8_t *raw)
{
	memset(raw, 0, IMAGE_HEADER_SIZE);
	memcpy(raw, magic, sizeof(magic));
	memcpy(raw + MODEL_AT, header->model, strlen(header->model));
	memcpy(raw + VERSION_AT, header->version, strlen(header->version));
	put32(raw + LENGTH_AT, header->payload_length);
	put32(raw + PAYLOAD_CRC_AT, header->payload_crc);
	put32(raw + HEADER_CRC_AT, header_crc(raw));
}

int image_header_decode(const uint8_t *raw, struct image_header *header)
{
	if (memcmp(raw, magic, sizeof(magic)))
		return -EBADMSG;
	if (get32(raw + HEADER_CRC_AT) != header_crc(raw))
		return -EBADMSG;

	memset(header, 0, sizeof(*header));
	memcpy(header->model, raw + MODEL_AT, IMAGE_MODEL_MAX);
	memcpy(header->version, raw + VERSION_AT, IMAGE_VERSION_MAX);
	header->payload_length = get32(raw + LENGTH_AT);
	header->payload_crc = get32(raw + PAYLOAD_CRC_AT);
	return 0;
}

void image_suffix_encode(const struct image_suffix *suffix, uint32_t crc,
			 uint8_t *raw)
{
	const size_t covered = IMAGE_SUFFIX_SIZE - 4;

	put16(raw, suffix->device);
	put16(raw + 2, suffix->product);
	put16(raw + 4, suffix->vendor);
	put16(raw + 6, suffix->dfu);
	memcpy(raw + 8, suffix_signature, sizeof(suffix_signature));
	raw[11] = IMAGE_SUFFIX_SIZE;
	/* The CRC of DFU lacks the inversion at the end that zlib's has. */
	crc = (uint32_t)crc32(crc, raw, (uInt)covered);
	put32(raw + covered, ~crc);
}
