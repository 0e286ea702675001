/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of fetchwire share.
 */
#ifndef UXMC_UNIT_FETCHWIRE_H
#define UXMC_UNIT_FETCHWIRE_H

#include "fetchwire.h"
#include "unit.h"

/* A request that nothing is wrong with, for an image. */
extern const struct fetchwire_request image;

/* What is taken, made by what follows */
extern union fetchwire_packet packet;

#define SHA256	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

struct fetchwire_request make_rest(void);
struct fetchwire_request make_settings(const char *etag);
struct fetchwire begin(const struct fetchwire_request *request);
const char *take_asked(struct fetchwire *wire);
struct fetchwire_headers make_headers(uint32_t status, uint64_t length);
struct fetchwire_headers make_part(uint64_t first, uint64_t last, uint64_t total);
const char *take_headers(struct fetchwire *wire, struct fetchwire_headers headers);
const char *take_data(struct fetchwire *wire, size_t count);
struct fetchwire_entry make_entry(const char *name, const char *permission,
				  const char *value);
const char *take_entry(struct fetchwire *wire, struct fetchwire_entry entry);
struct fetchwire_file make_file(const char *url);
const char *take_file(struct fetchwire *wire, struct fetchwire_file file);
struct fetchwire_dropped make_dropped(const char *sentence, uint32_t spoils);
const char *take_dropped(struct fetchwire *wire, struct fetchwire_dropped dropped);
struct fetchwire_end make_end(uint32_t result, uint32_t error);
const char *take_end(struct fetchwire *wire, uint32_t result, uint32_t error);
/* A job as far as its headers. */
struct fetchwire answered(const struct fetchwire_request *request,
			  struct fetchwire_headers headers);

/* Something is wrong, and the sentence says that. */
void assert_wrong(const char *sentence, const char *wanted);

#endif
