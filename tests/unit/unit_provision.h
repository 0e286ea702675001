/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of settings files share.
 */
#ifndef UXMC_UNIT_PROVISION_H
#define UXMC_UNIT_PROVISION_H

#include <stdbool.h>
#include <stddef.h>

#include "provision_parse.h"
#include "unit.h"

#define URL	"http://h/snomD7C-1.6.1-r.bin"
#define IN(text)	"<settings>" text "</settings>"
#define UXM(perm, url)	"firmware_uxm(" perm ")=" url ";"

#define SHA256	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define OTHER	"0000000000000000000000000000000000000000000000000000000000000000"

#define ERROR_SIZE	256

/* Of the last file that was parsed */
extern char error[ERROR_SIZE];
/* The next one is named by another one. */
extern bool listed;

/* Adds to a text, of @size bytes in all. */
void add(char *text, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

int parse(const char *data, size_t size, struct provision *provision);

/* "firmware_uxm(R)=URL SHA256 10%;file=URL;line 2: SENTENCE;" and so on, all that it says. */
const char *said(const char *data);

/* A file, and what it says */
struct shape {
	const char *name;
	const char *data;
	const char *says;
};

void check(const struct shape *shapes, size_t count);

#endif
