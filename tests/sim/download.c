// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <nettle/sha2.h>
#include <string.h>
#include <zlib.h>

#include "download.h"
#include "log.h"
#include "loop.h"

static struct {
	uint64_t length;
	uint64_t begun;			/* loop_now() */
	unsigned int nr_blocks;
	uint64_t waits_ms;
	bool with_sha256;
	struct sha256_ctx hash;
	uint8_t header[IMAGE_HEADER_SIZE];
	uint32_t payload_crc;
} download;

/* Taken, but not looked at yet. */
static const uint8_t *waiting;
static size_t nr_waiting;

void download_begin(bool with_sha256)
{
	memset(&download, 0, sizeof(download));
	download.with_sha256 = with_sha256;
	sha256_init(&download.hash);
	download.begun = loop_now();
	nr_waiting = 0;
}

void download_add(const uint8_t *bytes, size_t length)
{
	download_digest();
	waiting = bytes;
	nr_waiting = length;
	download.nr_blocks++;
}

void download_wait(unsigned int ms)
{
	download.waits_ms += ms;
}

/* Keep the header; return how many of the bytes were part of it. */
static size_t keep_header(const uint8_t *bytes, size_t length)
{
	size_t missing;

	if (download.length >= IMAGE_HEADER_SIZE)
		return 0;

	missing = IMAGE_HEADER_SIZE - (size_t)download.length;
	if (missing > length)
		missing = length;
	memcpy(download.header + download.length, bytes, missing);
	return missing;
}

void download_digest(void)
{
	size_t skipped;

	if (!nr_waiting)
		return;

	if (download.with_sha256)
		sha256_update(&download.hash, nr_waiting, waiting);
	skipped = keep_header(waiting, nr_waiting);
	download.payload_crc = (uint32_t)crc32(download.payload_crc,
					       waiting + skipped,
					       (uInt)(nr_waiting - skipped));
	download.length += nr_waiting;
	nr_waiting = 0;
}

uint64_t download_length(void)
{
	return download.length + nr_waiting;
}

static bool read_header(struct image_header *header)
{
	download_digest();
	return download.length >= IMAGE_HEADER_SIZE &&
	       !image_header_decode(download.header, header);
}

static uint64_t announced(const struct image_header *header)
{
	return IMAGE_HEADER_SIZE + (uint64_t)header->payload_length;
}

bool download_incomplete(void)
{
	struct image_header header;

	return read_header(&header) && download.length < announced(&header);
}

static void put_hex(char *to, const uint8_t *bytes, size_t length)
{
	static const char digits[] = "0123456789abcdef";

	while (length--) {
		*to++ = digits[*bytes >> 4];
		*to++ = digits[*bytes++ & 0xf];
	}
	*to = '\0';
}

void download_log(void)
{
	const uint64_t took = loop_now() - download.begun;
	char hex[2 * SHA256_DIGEST_SIZE + 1] = "-";
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx hash;

	log_event("took %" PRIu64 " us, %u blocks, %" PRIu64 " ms of waits",
		  took / 1000, download.nr_blocks, download.waits_ms);
	download_digest();
	if (download.with_sha256) {
		hash = download.hash;
		sha256_digest(&hash, sizeof(digest), digest);
		put_hex(hex, digest, sizeof(digest));
	}
	log_event("received %" PRIu64 " %s", download.length, hex);
}

bool download_is_damaged(void)
{
	struct image_header header;

	return read_header(&header) &&
	       download.payload_crc != header.payload_crc;
}

const char *download_verify(const char *model,
			    char version[IMAGE_VERSION_MAX + 1])
{
	struct image_header header;

	if (!read_header(&header))
		return "it is no image for an expansion module";
	if (strcmp(header.model, model))
		return "it is for another model";
	if (download.length != announced(&header))
		return "its length is not the one that it says";
	if (download_is_damaged())
		return "its checksum is wrong";

	memcpy(version, header.version, sizeof(header.version));
	return NULL;
}
