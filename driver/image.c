// SPDX-License-Identifier: GPL-2.0-only
/*
 * The firmware file. It may be 67 MB and is never in memory whole: the firmware
 * loader reads one piece of it at a time, into one of two buffers that USB
 * transfers are then made from directly; the other one is read while they are
 * under way. The file is read twice, once to check it before the module is
 * disturbed and once to send it, with a fingerprint of each.
 */
#include <linux/crc32.h>
#include <linux/firmware.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "firmware_path.h"
#include "image.h"
#include "power.h"

/*
 * Size of the largest possible block. Memory of this size is aligned to it, so no
 * block crosses a 64 KiB boundary, which xHCI does not allow of a control
 * transfer's data (xHCI 1.2 section 6.4.1).
 */
#define IMAGE_PIECE_MAX	(64 * 1024)
/* Order-0 allocations practically never fail; a smaller one is no help. */
#define IMAGE_PIECE_MIN	4096
/* Fifteen times the largest image that there is */
#define IMAGE_SIZE_MAX	(1024 * 1024 * 1024)

/* DFU 1.1 appendix B, counted from the end of the file */
#define SUFFIX_MIN	16
#define SUFFIX_MAX	255	/* bLength is a byte */
#define SUFFIX_LENGTH	5
#define SUFFIX_SIGNATURE	8
#define SUFFIX_BCD_DFU	10
#define SUFFIX_VENDOR	12
#define SUFFIX_PRODUCT	14
#define SUFFIX_ANY	0xffff

static __printf(3, 4)
int image_fail(struct uxmc_image *image, int err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vscnprintf(image->why, sizeof(image->why), fmt, args);
	va_end(args);
	return err;
}

/**
 * uxmc_image_open - prepare for reading a file
 * @image: to be filled; uxmc_image_close() it in any case
 * @dev: for the firmware loader
 * @file: name below uxmc/ in the firmware directory
 *
 * Return: 0 or -ENOMEM.
 */
int uxmc_image_open(struct uxmc_image *image, struct device *dev,
		    const char *file)
{
	size_t capacity;
	gfp_t gfp;

	memset(image, 0, sizeof(*image));
	image->dev = dev;
	snprintf(image->path, sizeof(image->path), "uxmc/%s", file);

	/* A smaller piece only costs time, so do not make anybody reclaim. */
	for (capacity = IMAGE_PIECE_MAX; capacity >= IMAGE_PIECE_MIN;
	     capacity /= 2) {
		gfp = GFP_KERNEL | __GFP_NOWARN |
			(capacity > PAGE_SIZE ? __GFP_NORETRY : 0);
		image->capacity = capacity;
		image->pieces[0].data = kmalloc(capacity, gfp);
		image->pieces[1].data = kmalloc(capacity, gfp);
		if (image->pieces[0].data && image->pieces[1].data)
			return 0;
		uxmc_image_close(image);
	}
	return image_fail(image, -ENOMEM, "not enough memory to read the image");
}

void uxmc_image_close(struct uxmc_image *image)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(image->pieces); i++) {
		kfree(image->pieces[i].data);
		image->pieces[i].data = NULL;
	}
}

/* Up to @len bytes at @offset: how many there are, or the loader's error */
static int image_load(struct uxmc_image *image, u8 *data, size_t offset,
		      size_t len)
{
	const struct firmware *fw;
	int ret;

	uxmc_power_begin_read();
	ret = request_partial_firmware_into_buf(&fw, image->path, image->dev,
						data, len, offset);
	uxmc_power_end_read();
	if (ret)
		return ret;
	ret = fw->size;
	release_firmware(fw);
	return ret;
}

/*
 * The firmware loader says -ENOENT of the end of a file, but also of a place
 * that it cannot read. It is the end if the byte before it is the last one.
 */
static bool image_ends_at(struct uxmc_image *image, u8 *data, size_t offset)
{
	return offset && image_load(image, data, offset - 1, 2) == 1;
}

/* Up to @len bytes at @offset; at the file's end it is shorter, or empty. */
static int image_read_at(struct uxmc_image *image, struct uxmc_piece *piece,
			 size_t offset, size_t len)
{
	int ret = image_load(image, piece->data, offset, len);

	if (ret == -ENOENT && image_ends_at(image, piece->data, offset))
		ret = 0;
	if (ret < 0)
		return image_fail(image, ret,
				  "the firmware file %s cannot be read (error %d); is it in the firmware directory, not empty and not compressed?",
				  image->path, ret);
	piece->start = offset;
	piece->len = ret;
	return 0;
}

/* The next up to @len bytes, all of which are in the fingerprint */
static int image_read(struct uxmc_image *image, struct uxmc_piece *piece,
		      size_t len)
{
	int err = image_read_at(image, piece, image->position, len);

	if (err)
		return err;
	image->position += piece->len;
	uxmc_fingerprint_add(&image->read, piece->data, piece->len);
	return 0;
}

/* Is it what the loader can be let open? */
static int image_check_file(struct uxmc_image *image)
{
	const char *kind;

	uxmc_power_begin_read();
	kind = uxmc_firmware_path_check(image->path);
	uxmc_power_end_read();
	return kind ? image_fail(image, -EINVAL,
				 "the firmware file %s is %s, not a regular file",
				 image->path, kind) : 0;
}

static int image_changed(struct uxmc_image *image)
{
	return image_fail(image, -EBADMSG,
			  "the firmware file changed while it was sent; repeat the update");
}

static u16 get_le16(const u8 *from)
{
	return from[0] | from[1] << 8;
}

/**
 * uxmc_image_read_all - read the file once, for its size, CRC and fingerprint
 * @image: an open image
 * @progress: called with @context after each piece; non-zero stops
 * @context: for @progress
 *
 * Return: 0; -EINVAL where it is no regular file; -EFBIG; an error of reading; or
 * what @progress returned.
 */
int uxmc_image_read_all(struct uxmc_image *image,
			int (*progress)(void *context, size_t done),
			void *context)
{
	struct uxmc_piece *piece = &image->pieces[0];
	int err = image_check_file(image);

	if (err)
		return err;
	image->crc = ~0;
	image->position = 0;
	uxmc_fingerprint_begin(&image->read);
	do {
		err = image_read(image, piece, image->capacity);
		if (err)
			return err;
		if (image->position > IMAGE_SIZE_MAX)
			return image_fail(image, -EFBIG,
					  "the firmware file has more than %d bytes",
					  IMAGE_SIZE_MAX);
		image->crc = crc32_le(image->crc, piece->data, piece->len);
		err = progress(context, image->position);
		if (err)
			return err;
	} while (piece->len == image->capacity);

	image->checked = uxmc_fingerprint_of(&image->read);
	image->file_size = image->position;
	image->size = image->file_size;
	return 0;
}

static bool suffix_has_product(u16 product, const u16 *products, int count)
{
	while (count--)
		if (products[count] == product)
			return true;
	return product == SUFFIX_ANY;
}

/**
 * uxmc_image_check_suffix - find, check and cut off a DFU suffix
 * @image: an image that was read once through
 * @vendor: idVendor of the module
 * @products: idProduct of the module, in each mode
 * @count: how many @products
 *
 * The CRC of the file that uxmc_image_read_all() left covers the suffix
 * and its own dwCRC, so it is zero if and only if dwCRC is right.
 *
 * Return: 0, with or without a suffix; -EBADMSG for one that does not fit or
 * an image with nothing else in it; or an error of reading.
 */
int uxmc_image_check_suffix(struct uxmc_image *image, u16 vendor,
			    const u16 *products, int count)
{
	size_t tail = min_t(size_t, image->file_size, SUFFIX_MAX);
	struct uxmc_piece *piece = &image->pieces[0];
	const u8 *end;
	u16 bcd, id;

	if (tail < SUFFIX_MIN)
		return 0;
	if (image_read_at(image, piece, image->file_size - tail, tail))
		return -EIO;
	if (piece->len != tail)
		return image_fail(image, -EBADMSG,
				  "the firmware file changed while it was read; repeat the update");
	end = piece->data + tail;
	if (memcmp(end - SUFFIX_SIGNATURE, "UFD", 3))
		return 0;

	if (end[-SUFFIX_LENGTH] < SUFFIX_MIN ||
	    end[-SUFFIX_LENGTH] >= image->file_size)
		return image_fail(image, -EBADMSG,
				  "the image's DFU suffix has an impossible length of %u bytes",
				  end[-SUFFIX_LENGTH]);
	if (image->crc)
		return image_fail(image, -EBADMSG,
				  "the image is damaged: the CRC in its DFU suffix does not fit; fetch it again");
	bcd = get_le16(end - SUFFIX_BCD_DFU);
	if (bcd != 0x0100 && bcd != 0x0110)
		return image_fail(image, -EBADMSG,
				  "the image's DFU suffix is of version %x.%02x, not 1.0 or 1.1",
				  bcd >> 8, bcd & 0xff);
	id = get_le16(end - SUFFIX_VENDOR);
	if (id != vendor && id != SUFFIX_ANY)
		return image_fail(image, -EBADMSG,
				  "the image is for vendor %04x, the module is of %04x",
				  id, vendor);
	id = get_le16(end - SUFFIX_PRODUCT);
	if (!suffix_has_product(id, products, count))
		return image_fail(image, -EBADMSG,
				  "the image is for product %04x, the module is %04x",
				  id, products[0]);
	image->size -= end[-SUFFIX_LENGTH];
	return 0;
}

/**
 * uxmc_image_rewind - begin to read the file again
 * @image: a checked image
 * @block: the most that a block may have, in bytes
 *
 * Return: 0, or -EINVAL where it is no regular file any more.
 */
int uxmc_image_rewind(struct uxmc_image *image, size_t block)
{
	image->block = min(block, image->capacity);
	image->now = &image->pieces[0];
	image->now->start = 0;
	image->now->len = 0;
	image->ahead = false;
	image->position = 0;
	uxmc_fingerprint_begin(&image->read);
	return image_check_file(image);
}

static struct uxmc_piece *image_other_piece(struct uxmc_image *image)
{
	return &image->pieces[image->now == &image->pieces[0]];
}

/**
 * uxmc_image_read_ahead - have what comes next ready when it is asked for
 * @image: a checked, rewound image
 *
 * To be called while blocks are under way: it takes as long as reading takes.
 * An error is told by uxmc_image_blocks(), when it is that one's turn.
 */
void uxmc_image_read_ahead(struct uxmc_image *image)
{
	if (image->ahead || image->position >= image->file_size)
		return;
	/* Whole blocks, so that none begins in one piece and ends in another */
	image->ahead_err = image_read(image, image_other_piece(image),
				      rounddown(image->capacity, image->block));
	image->ahead = true;
}

static int image_turn_to_next(struct uxmc_image *image)
{
	uxmc_image_read_ahead(image);
	if (!image->ahead)
		return image_changed(image);
	if (image->ahead_err)
		return image->ahead_err;
	image->now = image_other_piece(image);
	image->ahead = false;
	return image->now->len ? 0 : image_changed(image);
}

/**
 * uxmc_image_blocks - the next blocks to send
 * @image: a checked, rewound image
 * @offset: where the last ones ended
 * @data: where they are, until the next call
 *
 * Return: their length, at least 1; -EBADMSG where the file has become shorter; or
 * an error of reading.
 */
int uxmc_image_blocks(struct uxmc_image *image, size_t offset, u8 **data)
{
	int err = image_turn_to_next(image);

	if (err)
		return err;
	*data = image->now->data;
	return min(image->now->len, image->size - offset);
}

/**
 * uxmc_image_unchanged - was what was sent what had been checked?
 * @image: an image of which all blocks have been read
 *
 * Return: 0; -EBADMSG if not; or an error of reading.
 */
int uxmc_image_unchanged(struct uxmc_image *image)
{
	int err;

	/* What is left is a suffix. */
	while (image->position < image->file_size) {
		err = image_read(image, image->now, image->capacity);
		if (err)
			return err;
		if (!image->now->len)
			break;
	}
	if (uxmc_fingerprint_of(&image->read) != image->checked ||
	    image->position != image->file_size)
		return image_changed(image);
	return 0;
}
