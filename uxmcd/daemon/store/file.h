/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small files that are replaced as a whole, and survive a power cut.
 */
#ifndef UXMC_FILE_H
#define UXMC_FILE_H

#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Writes a file aside, syncs it, renames it, syncs the directory. */
int file_replace(int dir, const char *name, const char *text, size_t length);

/* The same, unless that is what the file says already: flash wears out. */
int file_update(int dir, const char *name, const char *text, size_t length);

/* Fills the buffer, from that byte of a file on; gives how many were there, or -errno. */
ssize_t file_fill(int fd, uint64_t from, void *data, size_t size);

/* The whole file as a string, to be freed. -EFBIG if it is over @max bytes. */
int file_read(int dir, const char *name, size_t max, char **text);

/* 0 too if there was none. */
int file_remove(int dir, const char *name);

/* The files of a directory, from the first on; NULL: see errno. */
DIR *file_list(int dir);

/* Keeps a damaged file as NAME.damaged. */
int file_set_aside(int dir, const char *name);

#endif
