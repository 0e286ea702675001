// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mkimage - make a firmware image for the simulated module
 *
 * The same options always give the same bytes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "image.h"
#include "options.h"

#define VENDOR_SNOM	0x251c
#define DFU_1_1		0x0110

static const char *model = "D7C";
static const char *version = "1.6.1";
static unsigned int size = 35708675;
static bool with_suffix;
static unsigned int suffix_vendor = VENDOR_SNOM;
static unsigned int suffix_product = 0x10000;	/* the model's own */
static unsigned int suffix_dfu = DFU_1_1;
static bool bad_crc;
static bool corrupt;
static bool headerless;

static const struct option_row options[] = {
	TEXT_OPTION("model", "MODEL", &model,
		    "the module that it is for, D7C or D8C (D7C)"),
	TEXT_OPTION("version", "V", &version,
		    "of the firmware in it (1.6.1)"),
	NUMBER_OPTION("size", "BYTES", &size, 1, 0x7fffffff,
		      "of the whole file (35708675, as of D7C 1.1.1)"),
	SET_OPTION("suffix", &with_suffix,
		   "end it with a DFU file suffix, within the size"),
	HEX_OPTION("suffix-vendor", "HEX", &suffix_vendor, 0xffff,
		   "idVendor of the suffix (251c)"),
	HEX_OPTION("suffix-product", "HEX", &suffix_product, 0xffff,
		   "idProduct of the suffix (d7c0 or d8c0)"),
	HEX_OPTION("suffix-bcddfu", "HEX", &suffix_dfu, 0xffff,
		   "bcdDFU of the suffix (110)"),
	SET_OPTION("bad-crc", &bad_crc,
		   "the CRC of the suffix is wrong"),
	SET_OPTION("corrupt", &corrupt,
		   "the payload is not that of the header's checksum"),
	SET_OPTION("no-header", &headerless,
		   "payload only: no module takes it without --no-verify"),
	END_OPTIONS
};

static const struct command_line line = {
	.program = "mkimage",
	.usage = "[OPTION]... OUTFILE",
	.about = "Make a firmware image for the simulated module uxmc-sim.",
	.options = options,
};

/* xorshift64*, for bytes that do not compress and are always the same */
static uint64_t random_next(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1dull;
}

static void fill_payload(uint8_t *payload, size_t length)
{
	uint64_t word, state = 0x9e3779b97f4a7c15ull;
	size_t at, part;

	state ^= crc32(0, (const Bytef *)version, (uInt)strlen(version));
	state ^= (uint64_t)crc32(0, (const Bytef *)model,
				 (uInt)strlen(model)) << 32;

	for (at = 0; at < length; at += part) {
		word = random_next(&state);
		part = length - at < sizeof(word) ? length - at : sizeof(word);
		memcpy(payload + at, &word, part);
	}
}

static uint16_t product(void)
{
	if (suffix_product <= 0xffff)
		return (uint16_t)suffix_product;
	return strcmp(model, "D8C") ? 0xd7c0 : 0xd8c0;
}

static void put_suffix(uint8_t *file, size_t length)
{
	struct image_suffix suffix = {
		.device = 0xffff,
		.product = product(),
		.vendor = (uint16_t)suffix_vendor,
		.dfu = (uint16_t)suffix_dfu,
	};
	uint8_t *raw = file + length;

	image_suffix_encode(&suffix, (uint32_t)crc32(0, file, (uInt)length), raw);
	if (bad_crc)
		raw[IMAGE_SUFFIX_SIZE - 1] ^= 0xff;
}

static void fill(uint8_t *file)
{
	const size_t sent = size - (with_suffix ? IMAGE_SUFFIX_SIZE : 0);
	const size_t start = headerless ? 0 : IMAGE_HEADER_SIZE;
	struct image_header header = {
		.payload_length = (uint32_t)(sent - start),
	};

	fill_payload(file + start, sent - start);
	header.payload_crc = (uint32_t)crc32(0, file + start,
					     (uInt)(sent - start));
	if (!headerless) {
		memcpy(header.model, model, strlen(model));
		memcpy(header.version, version, strlen(version));
		image_header_encode(&header, file);
	}
	if (corrupt)
		file[start + (sent - start) / 2] ^= 0xff;
	if (with_suffix)
		put_suffix(file, sent);
}

static int write_file(const char *path, const uint8_t *bytes)
{
	FILE *file = fopen(path, "we");

	if (!file)
		return -errno;

	if (fwrite(bytes, 1, size, file) != size) {
		(void)fclose(file);
		return -EIO;
	}

	return fclose(file) ? -errno : 0;
}

static void check_options(void)
{
	unsigned int least = 1;

	if (strlen(model) > IMAGE_MODEL_MAX)
		options_fail(&line, "the model's name is longer than %d characters",
			     IMAGE_MODEL_MAX);
	if (strlen(version) > IMAGE_VERSION_MAX)
		options_fail(&line, "the version is longer than %d characters",
			     IMAGE_VERSION_MAX);
	if (bad_crc && !with_suffix)
		options_fail(&line, "--bad-crc is about the suffix, so it needs --suffix");

	least += headerless ? 0 : IMAGE_HEADER_SIZE;
	least += with_suffix ? IMAGE_SUFFIX_SIZE : 0;
	if (size < least)
		options_fail(&line, "--size: an image of this kind has at least %u bytes",
			     least);
}

int main(int argc, char **argv)
{
	int first = options_parse(&line, argc, argv);
	uint8_t *file;
	int ret;

	if (argc - first != 1)
		options_fail(&line, "give one output file");
	check_options();

	file = malloc(size);
	if (!file) {
		(void)fprintf(stderr, "mkimage: no memory for %u bytes\n", size);
		return 1;
	}

	fill(file);
	ret = write_file(argv[first], file);
	free(file);
	if (ret) {
		(void)fprintf(stderr, "mkimage: %s: %s\n", argv[first],
			      strerror(-ret));
		return 1;
	}

	return 0;
}
