/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Images in the firmware directory. One that is on its way in has a name with a
 * dot before it and .part behind it; it gets its own name once it is whole.
 */
#ifndef UXMC_IMAGE_H
#define UXMC_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "imagename.h"

struct image {
	int dir;
	int fd;		/* of the part; -1 if there is none open */
	uint64_t size;	/* of the part */
	bool whole;	/* it is no part, but has its own name already */
	char name[IMAGENAME_MAX + 1];
};

/* Starts an empty part. */
int image_create(struct image *image, int dir, const char *name);

/* Opens the part that is there and goes on at its end; -ENOENT. */
int image_reopen(struct image *image, int dir, const char *name);

/* Opens the whole image that is there, to be read; -ENOENT. */
int image_open(struct image *image, int dir, const char *name);

/* Empties the part. */
int image_rewind(struct image *image);

/* Up to that many bytes from there on; how many there are, or -errno. */
ssize_t image_peek(const struct image *image, uint64_t from, void *data,
		   size_t size);

int image_write(struct image *image, const void *data, size_t length);

/* How many bytes can still be stored. */
int image_room(const struct image *image, uint64_t *room);

/* Syncs the part and gives it its own name, which a whole image has. */
int image_finish(struct image *image);

/* Closes the part, but leaves it there. */
void image_close(struct image *image);

/* The size of a whole image; -ENOENT. */
int image_stat(int dir, const char *name, uint64_t *size);

/* Removes a whole image and its part, if there. */
void image_remove(int dir, const char *name);

/* Removes all images and parts but those of @keep (NULL: none); counts them. */
int image_sweep(int dir, const char *keep);

#endif
