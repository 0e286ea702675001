/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A form with a file in it (RFC 7578), as it comes in. Pure.
 */
#ifndef UXMC_MULTIPART_H
#define UXMC_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MULTIPART_BOUNDARY_MAX	70	/* RFC 2046, 5.1.1 */
#define MULTIPART_HEADERS_MAX	1024
#define MULTIPART_CHUNK		4096

/**
 * struct multipart_part - one that begins
 * @name: of the field
 * @file: its name, without directories; empty: it is no file
 * @at: how many bytes of the form are before what is in it
 */
struct multipart_part {
	char name[64];
	char file[256];
	uint64_t at;
};

/**
 * struct multipart_ops - what is told; a negative errno ends it all
 * @begin: a part begins
 * @data: bytes of it, at most MULTIPART_CHUNK
 * @end: it has ended
 */
struct multipart_ops {
	int (*begin)(void *context, const struct multipart_part *part);
	int (*data)(void *context, const char *data, size_t count);
	int (*end)(void *context);
};

enum multipart_state {
	MULTIPART_PREAMBLE,
	MULTIPART_BOUNDARY,	/* it has come: is it the last one? */
	MULTIPART_HEADERS,
	MULTIPART_DATA,
	MULTIPART_END,
};

/**
 * struct multipart - see above; private but for:
 * @state: MULTIPART_END: it is complete
 */
struct multipart {
	enum multipart_state state;
	char delimiter[MULTIPART_BOUNDARY_MAX + 5];
	size_t matched;
	char after[3];
	char headers[MULTIPART_HEADERS_MAX];
	size_t length;
	char chunk[MULTIPART_CHUNK];
	size_t filled;
	uint64_t taken;
	const struct multipart_ops *ops;
	void *context;
};

/* @type: the Content-Type. -EINVAL: it is no such form. */
int multipart_open(struct multipart *multipart, const char *type,
		   const struct multipart_ops *ops, void *context);

/* Takes the next bytes; -EINVAL: they make no sense; or what @ops said. */
int multipart_take(struct multipart *multipart, const char *data, size_t count);

/* How many bytes come after a part that is the last one */
size_t multipart_tail(const struct multipart *multipart);

#endif
