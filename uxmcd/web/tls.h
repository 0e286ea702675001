/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What https needs: web_cert and web_key.
 */
#ifndef UXMC_TLS_H
#define UXMC_TLS_H

#include <stddef.h>

#include "config.h"

/**
 * struct tls - both NULL: http is what there is
 * @certificate: PEM
 * @key: PEM
 */
struct tls {
	char *certificate;
	char *key;
};

/* Reads both files, as whoever may; -errno, and a sentence. */
int tls_read(struct tls *tls, const struct config *config, char *sentence,
	     size_t size);

#endif
